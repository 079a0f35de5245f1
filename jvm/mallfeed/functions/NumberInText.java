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
  // Each word and symbol of mallfeed.kinds.sql.currencies, and codes that it may not know: what they stand for is
  // asked of the vocabulary.
  private static final String CURRENCY =
      "(?:[A-Za-z]{3}|(?i:US|HK|NT|MX|[AUCSR])[$]|[\\\\元円\\p{Sc}]|원화?|(?i:US)?달러화?|불|유로화?|위안화?|엔화?|파운드|루블"
          + "|바트|루피|(?iu:руб|грн|тг|лв|kr|rs|fr|р)[.]?|(?iu:zł|kč|ft|rp|rm|đ))";
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
  // `12,00` won: twelve, or a slip for twelve thousand. `12000,00` and `0,5` are none.
  private static final Pattern UNCLEAR =
      Pattern.compile("^[+-]?[1-9][0-9]{0,2}[.,](?:[0-9]{0,2}|[0-9]{4,})$");
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
    boolean commaGroups = mark.numBytes() != 1 || Chars.byteAt(mark, 0) != ',';
    int places = Currencies.decimals(currency, decimals);
    Decimal usual = usual(cell, commaGroups, commaGroups || places > 0);
    if (usual != null) {
      return usual;
    }
    String text = cell.toString();
    return text.charAt(0) == NUMBER
        ? unusual(text.substring(1), ".", places)
        : unusual(text, mark.toString(), places);
  }

  /** `12900`, if a point marks decimals `12900.5`, `12.90`, if a comma groups `12,900`; null for anything else. */
  private static Decimal usual(UTF8String cell, boolean commaGroups, boolean pointMarks) {
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
      } else if (b == '.' && pointMarks && sinceComma < 0 && digits > 0) {
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

  private static Decimal unusual(String cell, String mark, int places) {
    String body = body(cell);
    if (body == null || places == 0 && groupsAmiss(body, mark)) {
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
      boolean asDot = auto ? places == THOUSANDTHS || body.indexOf('.') < 0 : mark.equals(".");
      return asDot ? dotted(body) : commaed(body);
    }
    return comma ? commaed(body) : null;
  }

  /**
   * Whether the mark that groups thousands stands where it cannot, in an amount without decimals: that it marks
   * decimals for once is less likely than that digits are missing. A point is every program's decimal mark.
   */
  private static boolean groupsAmiss(String body, String mark) {
    char grouping = mark.equals(",") ? '.' : ',';
    return body.indexOf(grouping) >= 0 && UNCLEAR.matcher(body).find();
  }

  /** Sign, digits and marks without currency; full-width forms and odd spaces made plain. */
  private static String body(String cell) {
    Matcher found = AROUND.matcher(APOSTROPHE.matcher(plain(cell)).replaceAll(" "));
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

  /** The text with full-width forms and odd spaces made plain. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text);
    for (int i = 0; i < plain.length(); i++) {
      int odd = ODD.indexOf(plain.charAt(i));
      if (odd >= 0) {
        plain.setCharAt(i, USUAL.charAt(odd));
      }
    }
    return plain.toString();
  }

  private static Decimal dotted(String body) {
    return Decimals.parsed(body.replace(",", "").replace(" ", ""));
  }

  private static Decimal commaed(String body) {
    return Decimals.parsed(body.replace(".", "").replace(" ", "").replace(',', '.'));
  }
}
