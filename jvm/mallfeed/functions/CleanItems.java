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
 * `mallfeed.clean_items(cell, separators, words)`: like `items`, for cleaned text, in which only single spaces
 * have to be stripped. What is in a JSON array is cleaned here.
 */
public final class CleanItems extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int REMEMBERED = 10_000;
  // A mall has a few hundred categories: most cells have been split before.
  private static final PerLiteral<PerLiteral<Map<UTF8String, ArrayData>>> KNOWN =
      new PerLiteral<>(separators -> new PerLiteral<>(words -> new ConcurrentHashMap<>()));

  CleanItems() {
    super("clean_items", DataTypes.createArrayType(TEXT), TEXT, TEXT, TEXT);
  }

  /** Null for null, else an array, perhaps an empty one. */
  public static ArrayData invoke(UTF8String cell, UTF8String separators, UTF8String words) {
    if (cell == null) {
      return null;
    }
    Map<UTF8String, ArrayData> known = KNOWN.of(separators).of(words);
    ArrayData items = known.get(cell);
    if (items == null) {
      items = split(cell, separators, words);
      if (known.size() < REMEMBERED) {
        known.put(cell.copy(), items);
      }
    }
    return items;
  }

  private static ArrayData split(UTF8String cell, UTF8String separators, UTF8String words) {
    List<UTF8String> items = new ArrayList<>();
    JsonItems.Array array = JsonItems.array(cell);
    if (array != null) {
      array.plain().forEach(item -> addCleaned(item, words, items));
    } else if (!JsonItems.isObject(cell)) {
      for (String item : Items.split(cell.toString(), separators.toString())) {
        Items.add(Chars.trimmed(item, " "), words, items);
      }
    }
    return new GenericArrayData(items.toArray());
  }

  /** What JSON had escaped comes to light only now. */
  private static void addCleaned(String item, UTF8String words, List<UTF8String> items) {
    UTF8String cleaned = CleanText.invoke(UTF8String.fromString(item));
    if (cleaned != null) {
      Items.add(cleaned.toString(), words, items);
    }
  }
}
