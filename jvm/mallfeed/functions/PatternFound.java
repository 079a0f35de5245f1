package mallfeed.functions;

import java.util.regex.Matcher;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.pattern_found(text, pattern)`: as Spark's rlike, null where that would take too long. */
public final class PatternFound extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final PerLiteral<BoundedPattern> PATTERNS = new PerLiteral<>(BoundedPattern::new);

  PatternFound() {
    super("pattern_found", DataTypes.BooleanType, TEXT, TEXT);
  }

  /** Whether the pattern matches anywhere in the text. */
  public static Boolean invoke(UTF8String text, UTF8String pattern) {
    return text == null ? null : PATTERNS.of(pattern).used(text.toString(), Matcher::find);
  }
}
