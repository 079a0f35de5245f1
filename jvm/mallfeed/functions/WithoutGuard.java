package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.without_guard(cell)`: the text without the apostrophe that exports put before what a spreadsheet would
 * take for a formula: `'-20% off`, `'=A1`, `'@home`.
 *
 * <p>The characters are those of OWASP's advice on CSV injection, which shop builders follow. Where another
 * apostrophe comes, the first one may open a quotation, and stays.
 */
public final class WithoutGuard extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final String GUARDED = "=+-@\t\r";

  WithoutGuard() {
    super("without_guard", TEXT, TEXT);
  }

  public static UTF8String invoke(UTF8String cell) {
    if (cell == null || Chars.firstFilled(cell) != '\'') {
      return cell;
    }
    String text = cell.toString().strip();
    boolean guards =
        text.length() > 1 && GUARDED.indexOf(text.charAt(1)) >= 0 && text.indexOf('\'', 1) < 0;
    return guards ? UTF8String.fromString(text.substring(1)) : cell;
  }
}
