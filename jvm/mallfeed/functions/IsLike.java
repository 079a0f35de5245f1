package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.is_like(text, pattern)`: SQL's LIKE without escapes, in one pass. Spark makes a regular
 * expression of it, which starts over for each `%`.
 */
public final class IsLike extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final PerLiteral<int[]> PATTERNS =
      new PerLiteral<>(pattern -> pattern.codePoints().toArray());

  IsLike() {
    super("is_like", DataTypes.BooleanType, TEXT, TEXT);
  }

  /** `%` stands for any text, `_` for one character. */
  public static Boolean invoke(UTF8String text, UTF8String pattern) {
    if (text == null) {
      return null;
    }
    return fits(text.toString().codePoints().toArray(), PATTERNS.of(pattern));
  }

  /** Only the last `%` is ever tried again: what stands before it was matched as early as possible. */
  private static boolean fits(int[] text, int[] pattern) {
    int at = 0;
    int of = 0;
    int any = -1;
    int from = 0;
    while (at < text.length) {
      if (of < pattern.length && pattern[of] == '%') {
        any = of++;
        from = at;
      } else if (of < pattern.length && (pattern[of] == '_' || pattern[of] == text[at])) {
        of++;
        at++;
      } else if (any >= 0) {
        of = any + 1;
        at = ++from;
      } else {
        return false;
      }
    }
    while (of < pattern.length && pattern[of] == '%') {
      of++;
    }
    return of == pattern.length;
  }
}
