package mallfeed.functions;

import java.util.regex.Matcher;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.pattern_replaced(text, pattern, by)`: as Spark's regexp_replace, null where that would take
 * too long or make a text of another order of size (a group of a lookahead reaches to the end each time).
 */
public final class PatternReplaced extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final PerLiteral<BoundedPattern> PATTERNS = new PerLiteral<>(BoundedPattern::new);

  PatternReplaced() {
    super("pattern_replaced", TEXT, TEXT, TEXT, TEXT);
  }

  /** The text with all matches replaced; `$1` in `by` is a group. */
  public static UTF8String invoke(UTF8String text, UTF8String pattern, UTF8String by) {
    if (text == null) {
      return null;
    }
    String given = text.toString();
    String written = by.toString();
    String made = PATTERNS.of(pattern).used(given, matcher -> replaced(matcher, given, written));
    return made == null ? null : UTF8String.fromString(made);
  }

  private static String replaced(Matcher matcher, String text, String by) {
    if (!matcher.find()) {
      return text;
    }
    long most = (text.length() + 1L) * (by.length() + 1L);
    StringBuilder out = new StringBuilder();
    do {
      matcher.appendReplacement(out, by);
      if (out.length() > most) {
        throw new BoundedPattern.GaveUp();
      }
    } while (matcher.find());
    return matcher.appendTail(out).toString();
  }
}
