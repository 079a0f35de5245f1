package mallfeed.functions;

import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/** What a word means: `mallfeed.word(cell, vocabulary)`, null if the vocabulary lacks it. */
public final class Word extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final Pattern IGNORED =
      Pattern.compile("^(?:https?://)?schema[.]org/|[\\s_-]++");
  private static final PerLiteral<Vocabulary> VOCABULARIES = new PerLiteral<>(Vocabulary::new);

  Word() {
    super("word", TEXT, TEXT, TEXT);
  }

  /** Case, spaces, hyphens, underscores and the prefix of schema.org do not count. */
  public static UTF8String invoke(UTF8String cell, UTF8String vocabulary) {
    return cell == null ? null : VOCABULARIES.of(vocabulary).meaning(cell, Word::key);
  }

  private static String key(String word) {
    return IGNORED.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("");
  }
}
