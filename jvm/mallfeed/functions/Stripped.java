package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** Short text without white space and invisible characters around it; null if nothing is left. */
public final class Stripped extends ValueFunction {
  private static final long serialVersionUID = 1L;

  Stripped() {
    super("stripped", TEXT, TEXT);
  }

  /** The text itself if there is nothing to strip. */
  public static UTF8String invoke(UTF8String value) {
    if (value == null) {
      return null;
    }
    return isTidy(value) ? value : Chars.filled(of(value.toString()));
  }

  private static boolean isTidy(UTF8String value) {
    int size = value.numBytes();
    if (size == 0) {
      return false;
    }
    boolean begins = Chars.isVisibleAscii(Chars.byteAt(value, 0)) || Chars.isSyllable(value, 0);
    return begins
        && (Chars.isVisibleAscii(Chars.byteAt(value, size - 1))
            || size >= 3 && Chars.isSyllable(value, size - 3));
  }

  /** The text without invisible characters at its ends. */
  static String of(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && Chars.isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && Chars.isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }
}
