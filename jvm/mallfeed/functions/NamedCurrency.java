package mallfeed.functions;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The currency that an amount's text names (`KRW 12900`, `$12.99`), or that a word stands for:
 * `mallfeed.named_currency(text, vocabulary)`; null if none is named, `?` if the word beside the number is none
 * that the vocabulary knows (`12900 XYZ`).
 */
public final class NamedCurrency extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<=[0-9.,])[eE][+-]?[0-9]{1,2}(?![0-9])|[0-9.,'\\s+\ufdd9-]++");
  private static final UTF8String UNKNOWN = UTF8String.fromString("?");
  private static final PerLiteral<Vocabulary> VOCABULARIES = new PerLiteral<>(Vocabulary::new);

  NamedCurrency() {
    super("named_currency", TEXT, TEXT, TEXT);
  }

  /** The ISO 4217 code. */
  public static UTF8String invoke(UTF8String amount, UTF8String vocabulary) {
    if (amount == null || isNumber(amount)) {
      return null;
    }
    return VOCABULARIES.of(vocabulary).meaning(amount, NamedCurrency::word, UNKNOWN);
  }

  private static boolean isNumber(UTF8String amount) {
    for (int i = 0; i < amount.numBytes(); i++) {
      byte b = Chars.byteAt(amount, i);
      if ((b < '0' || b > '9') && b != '.' && b != ',') {
        return false;
      }
    }
    return true;
  }

  private static String word(String amount) {
    return NUMBER.matcher(NumberInText.plain(amount)).replaceAll("").toUpperCase(Locale.ROOT);
  }
}
