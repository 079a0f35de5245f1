package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.is_container(cell)`: whether the cell is a JSON object or a JSON array. False for null. */
public final class IsContainer extends ValueFunction {
  private static final long serialVersionUID = 1L;

  IsContainer() {
    super("is_container", DataTypes.BooleanType, TEXT);
  }

  /** Most cells are done with by their first byte. */
  public static boolean invoke(UTF8String cell) {
    boolean begins = cell != null && (JsonItems.begins(cell, '{') || JsonItems.begins(cell, '['));
    return begins && JsonItems.isJson(cell);
  }
}
