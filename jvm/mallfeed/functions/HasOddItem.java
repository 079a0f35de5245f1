package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.has_odd_item(cell)`: whether the cell is a JSON object, or a JSON array with items that are no single
 * values: lists, objects, true or false. False for null.
 */
public final class HasOddItem extends ValueFunction {
  private static final long serialVersionUID = 1L;

  HasOddItem() {
    super("has_odd_item", DataTypes.BooleanType, TEXT);
  }

  /** Most cells are done with by their first byte. */
  public static boolean invoke(UTF8String cell) {
    if (cell == null) {
      return false;
    }
    JsonItems.Array array = JsonItems.array(cell);
    return array == null ? JsonItems.isObject(cell) : array.isOdd();
  }
}
