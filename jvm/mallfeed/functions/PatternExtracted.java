package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.pattern_extracted(text, pattern, group)`: as Spark's regexp_extract, an empty text
 * where nothing matches; null where matching would take too long.
 */
public final class PatternExtracted extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final PerLiteral<BoundedPattern> PATTERNS = new PerLiteral<>(BoundedPattern::new);

  PatternExtracted() {
    super("pattern_extracted", TEXT, TEXT, TEXT, DataTypes.IntegerType);
  }

  /** The group of the first match. */
  public static UTF8String invoke(UTF8String text, UTF8String pattern, int group) {
    if (text == null) {
      return null;
    }
    String found =
        PATTERNS
            .of(pattern)
            .used(
                text.toString(),
                matcher -> {
                  String part = matcher.find() ? matcher.group(group) : null;
                  return part == null ? "" : part;
                });
    return found == null ? null : UTF8String.fromString(found);
  }
}
