package mallfeed.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The number in a price's text: `mallfeed.number(cell, mark, currency, decimals)`, null if there is not
 * exactly one.
 *
 * <p>`mark` is the decimal mark if both readings are possible (`1,234`): `.`, `,`, or `auto`, which then
 * reads the mark as a thousands separator, but for a point in a currency of three decimals (`1.255 KWD`).
 * With an exponent (`1.956E+02`) nothing is grouped, so that either mark is the decimal one. A minus behind
 * the number is one (`1200-`), a dash behind a mark stands for no cents (`1200.-`).
 */
public final class NumberInText extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int LONG_DIGITS = 16;
  private static final int THOUSANDTHS = 3;
  private static final char NUMBER = '\ufdd9'; // the reader's mark of a number, whose point marks decimals
  private static final String CURRENCY =
      "(?:[A-Za-z]{3}|(?i:US|HK|NT|[AUCS])[$]|[₩￦\\\\$＄€£¥￥元円₫฿]|원화?|달러|유로|위안|엔)";
  private static final Pattern AROUND =
      Pattern.compile(
          "^" + CURRENCY + "?\\s*+([+-]?\\s?[0-9.,][0-9., ]*?(?:[eE][+-]?[0-9]{1,2})?)"
              + "(?:[.,]--?|(\\s?-))?\\s*+" + CURRENCY + "?(?:[.,]--?|(\\s?-))?$");
  // Grouped thousands start with 1 to 3 digits, the first not 0; one mark groups throughout.
  private static final String GROUPED = "[1-9][0-9]{0,2}(?:([%s ])[0-9]{3}(?:\\1[0-9]{3})*+)";
  private static final Pattern DOT =
      Pattern.compile(
          "^[+-]?(?:" + GROUPED.formatted(",") + "|[0-9]++)(?:[.][0-9]*+)?$|^[+-]?[.][0-9]++$");
  private static final Pattern COMMA =
      Pattern.compile(
          "^[+-]?(?:" + GROUPED.formatted(".") + "|[0-9]++)(?:[,][0-9]*+)?$|^[+-]?[,][0-9]++$");
  private static final Pattern SCIENTIFIC =
      Pattern.compile("^[+-]?[0-9]++(?:[.,][0-9]*+)?[eE][+-]?[0-9]{1,2}$");
  private static final Pattern PLAIN = Pattern.compile("^[+-]?[0-9]++$");
  private static final Pattern APOSTROPHE = Pattern.compile("(?<=[0-9])'(?=[0-9]{3})");
  private static final Pattern SIGN_APART = Pattern.compile("^([+-]) ");
  private static final String ODD = "０１２３４５６７８９，．－−\u00a0\u202f\u2009’";
  private static final String USUAL = "0123456789,.--   '";

  NumberInText() {
    super("number", AMOUNT, TEXT, TEXT, TEXT, TEXT);
  }

  /** As decimal(38,6). */
  public static Decimal invoke(
      UTF8String cell, UTF8String mark, UTF8String currency, UTF8String decimals) {
    if (cell == null || cell.numBytes() == 0) {
      return null;
    }
    Decimal usual = usual(cell, mark.numBytes() != 1 || Chars.byteAt(mark, 0) != ',');
    if (usual != null) {
      return usual;
    }
    boolean thousandths = Currencies.decimals(currency, decimals) == THOUSANDTHS;
    String text = cell.toString();
    return text.charAt(0) == NUMBER
        ? unusual(text.substring(1), ".", thousandths)
        : unusual(text, mark.toString(), thousandths);
  }

  /** `12900`, `12900.5`, `12.90` and, if a comma groups, `12,900`; null for anything else. */
  private static Decimal usual(UTF8String cell, boolean commaGroups) {
    int size = cell.numBytes();
    long units = 0;
    int digits = 0;
    int sinceComma = -1;
    for (int i = 0; i < size; i++) {
      byte b = Chars.byteAt(cell, i);
      if (b >= '0' && b <= '9') {
        if (++digits > LONG_DIGITS) {
          return null;
        }
        units = units * 10 + (b - '0');
        sinceComma += sinceComma >= 0 ? 1 : 0;
      } else if (b == ',' && commaGroups && startsGroup(cell, digits, sinceComma)) {
        sinceComma = 0;
      } else if (b == '.' && sinceComma < 0 && digits > 0) {
        return withPlaces(cell, i + 1, units, digits);
      } else {
        return null;
      }
    }
    boolean whole = digits > 0 && (sinceComma < 0 || sinceComma == 3);
    return whole ? Decimals.of(units, 0) : null;
  }

  private static boolean startsGroup(UTF8String cell, int digits, int sinceComma) {
    return sinceComma < 0
        ? digits >= 1 && digits <= 3 && Chars.byteAt(cell, 0) != '0'
        : sinceComma == 3;
  }

  private static Decimal withPlaces(UTF8String cell, int from, long whole, int digits) {
    int places = cell.numBytes() - from;
    if (places < 1 || places > 2 || digits + places > LONG_DIGITS) {
      return null;
    }
    long units = whole;
    for (int i = from; i < cell.numBytes(); i++) {
      byte b = Chars.byteAt(cell, i);
      if (b < '0' || b > '9') {
        return null;
      }
      units = units * 10 + (b - '0');
    }
    return Decimals.of(units, places);
  }

  private static Decimal unusual(String cell, String mark, boolean thousandths) {
    String body = body(cell);
    if (body == null) {
      return null;
    }
    if (SCIENTIFIC.matcher(body).find()) {
      return Decimals.parsed(body.replace(',', '.'));
    }
    boolean dot = DOT.matcher(body).find();
    boolean comma = COMMA.matcher(body).find();
    if (PLAIN.matcher(body).find() || dot && !comma) {
      return dotted(body);
    }
    if (dot) {
      boolean auto = mark.equals("auto");
      boolean asDot = auto ? thousandths || body.indexOf('.') < 0 : mark.equals(".");
      return asDot ? dotted(body) : commaed(body);
    }
    return comma ? commaed(body) : null;
  }

  /** Sign, digits and marks without currency; full-width forms and odd spaces made plain. */
  private static String body(String cell) {
    StringBuilder plain = new StringBuilder(cell);
    for (int i = 0; i < plain.length(); i++) {
      int odd = ODD.indexOf(plain.charAt(i));
      if (odd >= 0) {
        plain.setCharAt(i, USUAL.charAt(odd));
      }
    }
    Matcher found = AROUND.matcher(APOSTROPHE.matcher(plain).replaceAll(" "));
    if (!found.find()) {
      return null;
    }
    String body = SIGN_APART.matcher(found.group(1)).replaceAll("$1");
    boolean minusBehind = found.group(2) != null || found.group(3) != null;
    if (!minusBehind) {
      return body;
    }
    return body.charAt(0) == '-' || body.charAt(0) == '+' ? null : "-" + body; // one sign only
  }

  private static Decimal dotted(String body) {
    return Decimals.parsed(body.replace(",", "").replace(" ", ""));
  }

  private static Decimal commaed(String body) {
    return Decimals.parsed(body.replace(".", "").replace(" ", "").replace(',', '.'));
  }
}
