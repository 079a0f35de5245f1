package mallfeed.functions;

import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A global trade item number of 8, 12, 13 or 14 digits, the last of which checks the others (GS1 General
 * Specifications, 7.9).
 */
final class Gtin {
  private static final Pattern BETWEEN = Pattern.compile("[\\s\\u00a0‐-―-]++");

  private Gtin() {}

  /** Its digits, without spaces and hyphens; the cell itself if it consists of them; null if they are none. */
  static UTF8String of(UTF8String cell) {
    if (isRight(cell)) {
      return cell;
    }
    UTF8String digits =
        UTF8String.fromString(BETWEEN.matcher(cell.toString()).replaceAll(""));
    return isRight(digits) ? digits : null;
  }

  /** The digits, from the right weighted 1, 3, 1, 3 …, sum up to a multiple of ten; not all are 0. */
  private static boolean isRight(UTF8String digits) {
    int size = digits.numBytes();
    if (size != 8 && (size < 12 || size > 14)) {
      return false;
    }
    int sum = 0;
    int any = 0;
    for (int i = 0; i < size; i++) {
      int digit = Chars.byteAt(digits, size - 1 - i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      any |= digit;
      sum += i % 2 == 0 ? digit : 3 * digit;
    }
    return any != 0 && sum % 10 == 0;
  }
}
