package mallfeed.functions;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.fee(cell, country, said, currency, vocabulary, decimals)`: of the delivery fees of several countries
 * ({@link FeesInText}, {@link FeesInJson}) the text of the country's own; any other cell as it is.
 *
 * <p>A fee for no country counts for all, where the country has none of its own, and one for a region only where
 * there is none for the whole country. Of several the lowest counts, as Google shows the cheapest service. Where all
 * are other countries', the text stands behind the mark U+FDDC.
 *
 * <p>`said` is what the catalog says of the cell: the key of the amount, or `(country:price)`, the order of the parts
 * in a text. The last three are as {@link NamedCurrency} and {@link NumberInText} take them.
 */
public final class Fee extends ValueFunction {
  private static final long serialVersionUID = 1L;
  static final char NESTED = '\ufdd2';
  static final char MISPLACED = '\ufdd3';
  private static final String OTHERS = "\ufddc";
  private static final int FIRST_OF_MARK = 0xef; // U+FDD2 and U+FDD3 are EF B7 92 and EF B7 93
  private static final UTF8String AUTO = UTF8String.fromString("auto");
  private static final Set<String> IN_KOREAN = Set.of("대한민국", "한국", "국내", "korea");
  private static final PerLiteral<Set<String>> NAMES = new PerLiteral<>(Fee::names);

  /** One fee: the names of its countries, none for all; whether it is a region's; its amount as written. */
  record One(List<String> countries, boolean isRegional, String amount) {}

  Fee() {
    super("fee", TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT);
  }

  /** The cell itself where it holds no fees by country. */
  public static UTF8String invoke(
      UTF8String cell, UTF8String country, UTF8String said, UTF8String currency,
      UTF8String vocabulary, UTF8String decimals) {
    if (cell == null || !mayBeSeveral(cell, said)) {
      return cell;
    }
    Set<String> own = NAMES.of(country);
    List<One> fees = fees(cell.toString(), said.toString(), own);
    if (fees == null || fees.isEmpty()) {
      return cell;
    }
    List<String> amounts = ofCountry(fees, own);
    if (amounts.isEmpty()) {
      return UTF8String.fromString(OTHERS + bare(cell.toString()));
    }
    return lowest(amounts, currency, vocabulary, decimals);
  }

  private static boolean mayBeSeveral(UTF8String cell, UTF8String said) {
    if (cell.numBytes() == 0) {
      return false;
    }
    int first = Chars.byteAt(cell, 0) & 0xff;
    return first == FIRST_OF_MARK || first == '[' || first == '{'
        || said.numBytes() > 0 && Chars.byteAt(said, 0) == '(' || hasColon(cell);
  }

  private static boolean hasColon(UTF8String cell) {
    for (int i = 0; i < cell.numBytes(); i++) {
      if (Chars.byteAt(cell, i) == ':') {
        return true;
      }
    }
    return false;
  }

  private static List<One> fees(String cell, String said, Set<String> own) {
    String text = bare(cell);
    boolean isJson = text.startsWith("[") || text.startsWith("{");
    return isJson ? FeesInJson.of(text, said, own) : FeesInText.of(text, said, own);
  }

  private static String bare(String cell) {
    char first = cell.charAt(0);
    return first == NESTED || first == MISPLACED ? cell.substring(1) : cell.strip();
  }

  /** The amounts for the country as a whole, else those for its regions, else those for all countries. */
  private static List<String> ofCountry(List<One> fees, Set<String> own) {
    List<String> whole = new ArrayList<>();
    List<String> regional = new ArrayList<>();
    List<String> anywhere = new ArrayList<>();
    for (One fee : fees) {
      if (fee.countries().isEmpty()) {
        anywhere.add(fee.amount());
      } else if (fee.countries().stream().anyMatch(name -> isOne(name, own))) {
        (fee.isRegional() ? regional : whole).add(fee.amount());
      }
    }
    if (!whole.isEmpty()) {
      return whole;
    }
    return regional.isEmpty() ? anywhere : regional;
  }

  /** The one with the lowest amount, among those in the catalog's currency where there are some. */
  private static UTF8String lowest(
      List<String> amounts, UTF8String currency, UTF8String vocabulary, UTF8String decimals) {
    record Read(UTF8String text, boolean isForeign, Decimal amount) {}
    return amounts.stream()
        .map(UTF8String::fromString)
        .map(
            text -> {
              UTF8String named = NamedCurrency.invoke(text, vocabulary);
              Decimal amount = NumberInText.invoke(text, AUTO, currency, decimals);
              return new Read(text, named != null && !named.equals(currency), amount);
            })
        .min(
            Comparator.comparing(Read::isForeign)
                .thenComparing(Read::amount, Comparator.nullsLast(Comparator.naturalOrder())))
        .map(Read::text)
        .orElseThrow();
  }

  /** Whether this is a name of the country whose names these are. */
  static boolean isOne(String name, Set<String> own) {
    return own.contains(name.strip().toLowerCase(Locale.ROOT));
  }

  /** ISO 3166's codes of two and three letters, and its name in English; Java's own names in Korean are not everywhere. */
  private static Set<String> names(String country) {
    Locale place = new Locale.Builder().setRegion(country).build();
    Set<String> names = new TreeSet<>();
    names.add(country);
    names.add(place.getISO3Country());
    names.add(place.getDisplayCountry(Locale.ENGLISH));
    names.addAll(country.equals("KR") ? IN_KOREAN : Set.of());
    Set<String> lower = new TreeSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }
}
