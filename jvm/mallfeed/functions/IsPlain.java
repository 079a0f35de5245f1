package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** Whether an identifier has no control character, no invisible one and no line break in it. */
public final class IsPlain extends ValueFunction {
  private static final long serialVersionUID = 1L;

  IsPlain() {
    super("is_plain", DataTypes.BooleanType, TEXT);
  }

  /** False for null. */
  public static boolean invoke(UTF8String value) {
    if (value == null) {
      return false;
    }
    int size = value.numBytes();
    int i = 0;
    while (i < size && Chars.byteAt(value, i) >= ' ' && Chars.byteAt(value, i) < 0x7f) {
      i++;
    }
    return i == size || isPlain(value.toString());
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = c == '\t' || c == '\n' || c == '\r' || Chars.isRareBreak(c);
      if (breaks || Chars.isControl(c) || Chars.isInvisible(c)) {
        return false;
      }
    }
    return true;
  }
}
