package mallfeed.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.clean_items(cell, separators)`: like `items`, for cleaned text, in which only single spaces have
 * to be stripped.
 */
public final class CleanItems extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int REMEMBERED = 10_000;
  // A mall has a few hundred categories: most cells have been split before.
  private static final PerLiteral<Map<UTF8String, ArrayData>> KNOWN =
      new PerLiteral<>(separators -> new ConcurrentHashMap<>());

  CleanItems() {
    super("clean_items", DataTypes.createArrayType(TEXT), TEXT, TEXT);
  }

  /** Null for null, else an array, perhaps an empty one. */
  public static ArrayData invoke(UTF8String cell, UTF8String separators) {
    if (cell == null) {
      return null;
    }
    Map<UTF8String, ArrayData> known = KNOWN.of(separators);
    ArrayData items = known.get(cell);
    if (items == null) {
      items = split(cell, separators);
      if (known.size() < REMEMBERED) {
        known.put(cell.copy(), items);
      }
    }
    return items;
  }

  private static ArrayData split(UTF8String cell, UTF8String separators) {
    List<UTF8String> items = new ArrayList<>();
    for (String item : Items.split(cell.toString(), separators.toString())) {
      String bare = Chars.trimmed(item, " ");
      if (!bare.isEmpty()) {
        items.add(UTF8String.fromString(bare));
      }
    }
    return new GenericArrayData(items.toArray());
  }
}
