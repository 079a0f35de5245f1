package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Whether a text has anything visible. */
public final class IsWritten extends ValueFunction {
  private static final long serialVersionUID = 1L;

  IsWritten() {
    super("is_written", DataTypes.BooleanType, TEXT);
  }

  /** False for null. */
  public static boolean invoke(UTF8String value) {
    if (value == null) {
      return false;
    }
    String text = value.toString();
    for (int i = 0; i < text.length(); i++) {
      if (!Chars.isBlank(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
