package mallfeed.functions;

import java.util.Locale;
import java.util.regex.Matcher;
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
          "(?<=[0-9.,])E[+-]?[0-9]{1,2}(?![0-9])|[0-9.,'\\s+\ufdd9-]++");
  private static final Pattern DIGITS = Pattern.compile("(?s)[0-9](?:.*[0-9])?");
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
    Vocabulary words = VOCABULARIES.of(vocabulary);
    return words.remembered(amount, text -> named(text, words));
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

  private static UTF8String named(String amount, Vocabulary words) {
    String text = NumberInText.plain(amount).toUpperCase(Locale.ROOT);
    String word = withoutNumber(text);
    UTF8String meant = words.of(word);
    if (meant != null || word.isEmpty()) {
      return meant;
    }
    UTF8String onBothSides = onBothSides(text, word, words);
    return onBothSides == null ? UNKNOWN : onBothSides;
  }

  /** What a word before the number and one behind it both stand for (`₩12,900원`, `$12.99 USD`); else null. */
  private static UTF8String onBothSides(String text, String word, Vocabulary words) {
    Matcher digits = DIGITS.matcher(text);
    if (!digits.find()) {
      return null;
    }
    String front = withoutNumber(text.substring(0, digits.start()));
    String back = withoutNumber(text.substring(digits.end()));
    UTF8String meant = words.of(front);
    return meant != null && meant.equals(words.of(back)) && word.equals(front + back) ? meant : null;
  }

  private static String withoutNumber(String text) {
    return NUMBER.matcher(text).replaceAll("");
  }
}
