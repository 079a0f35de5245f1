package mallfeed.functions;

import java.util.regex.Pattern;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.whole_number(cell)`: `1234`, `1,234`, `1234.0` and `1.234E+03`; null for anything else. */
public final class WholeNumber extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int QUICK_DIGITS = 12;
  private static final Pattern WHOLE =
      Pattern.compile("^[+-]?(?:[0-9]{1,30}|[1-9][0-9]{0,2}(?:,[0-9]{3})++)(?:[.]0*+)?$");
  private static final Pattern SCIENTIFIC =
      Pattern.compile("^[+-]?[0-9]{1,30}(?:[.][0-9]{0,30})?[eE][+-]?[0-9]{1,2}$");
  private static final Pattern NOTHING_BEHIND = Pattern.compile("[.]0*+$");

  WholeNumber() {
    super("whole_number", AMOUNT, TEXT);
  }

  /** As decimal(38,6). */
  public static Decimal invoke(UTF8String cell) {
    if (cell == null) {
      return null;
    }
    int size = cell.numBytes();
    long units = 0;
    for (int i = 0; i < size; i++) {
      byte b = Chars.byteAt(cell, i);
      if (b < '0' || b > '9' || i >= QUICK_DIGITS) {
        return unusual(cell.toString());
      }
      units = units * 10 + (b - '0');
    }
    return size == 0 ? null : Decimals.of(units, 0);
  }

  private static Decimal unusual(String cell) {
    if (SCIENTIFIC.matcher(cell).find()) {
      Decimal number = Decimals.parsed(cell);
      return number != null && Decimals.isExact(number, 0) ? number : null;
    }
    if (!WHOLE.matcher(cell).find()) {
      return null;
    }
    return Decimals.parsed(NOTHING_BEHIND.matcher(cell.replace(",", "")).replaceAll(""));
  }
}
