package mallfeed.functions;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.items(cell, separators, words)`: the cell split at each separator, or the single values of a JSON array,
 * invisible characters stripped from the items; blank ones and those that are one of the words ({@link BlankWords})
 * left out. A JSON object has none.
 */
public final class Items extends ValueFunction {
  private static final long serialVersionUID = 1L;

  Items() {
    super("items", DataTypes.createArrayType(TEXT), TEXT, TEXT, TEXT);
  }

  /** Null for null, else an array, perhaps an empty one. */
  public static ArrayData invoke(UTF8String cell, UTF8String separators, UTF8String words) {
    if (cell == null) {
      return null;
    }
    List<UTF8String> items = new ArrayList<>();
    JsonItems.Array array = JsonItems.array(cell);
    if (array != null) {
      array.plain().forEach(item -> add(Stripped.of(item), words, items));
    } else if (!JsonItems.isObject(cell)) {
      for (String item : split(cell.toString(), separators.toString())) {
        add(Stripped.of(withoutControls(item)), words, items);
      }
    }
    return new GenericArrayData(items.toArray());
  }

  private static String withoutControls(String item) {
    StringBuilder out = new StringBuilder(item.length());
    for (int i = 0; i < item.length(); i++) {
      if (!Chars.isControl(item.charAt(i))) {
        out.append(item.charAt(i));
      }
    }
    return out.toString();
  }

  /** Adds what is neither blank nor one of the words. */
  static void add(String item, UTF8String words, List<UTF8String> items) {
    if (!item.isEmpty()) {
      UTF8String text = UTF8String.fromString(item);
      if (!NoValue.isWord(text, words)) {
        items.add(text);
      }
    }
  }

  /** The pieces between the separators, each of which is one character. */
  static List<String> split(String text, String separators) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (separators.indexOf(text.charAt(i)) >= 0) {
        pieces.add(text.substring(start, i));
        start = i + 1;
      }
    }
    pieces.add(text.substring(start));
    return pieces;
  }
}
