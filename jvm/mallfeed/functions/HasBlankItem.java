package mallfeed.functions;

import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.has_blank_item(cell, separators, words)`: whether an item between the separators, or of a JSON array, is one of the
 * words that mean nothing ({@link BlankWords}); false for null.
 */
public final class HasBlankItem extends ValueFunction {
  private static final long serialVersionUID = 1L;

  HasBlankItem() {
    super("has_blank_item", DataTypes.BooleanType, TEXT, TEXT, TEXT);
  }

  /** Looks at each item. */
  public static boolean invoke(UTF8String cell, UTF8String separators, UTF8String words) {
    if (cell == null || words == null || words.numBytes() == 0) {
      return false;
    }
    JsonItems.Array array = JsonItems.array(cell);
    List<String> items = array == null ? Items.split(cell.toString(), separators.toString()) : array.plain();
    for (String item : items) {
      if (NoValue.isWord(UTF8String.fromString(item), words)) {
        return true;
      }
    }
    return false;
  }
}
