package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.no_value(cell, words)`: why a cell holds no value though something is written in it; null if it
 * holds one, or is null.
 *
 * <p>`not_a_value` is a list or an object of a nested record, `other_shape` what stands where a path leads
 * through a list or an object and is none, `undecodable` bytes that are no text, `not_calculated` a formula
 * without a result: readers mark them. `other_country` are fees of other countries only, which {@link Fee} marks.
 * `blank_word` is one of the words, see {@link BlankWords}.
 */
public final class NoValue extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String NOT_A_VALUE = UTF8String.fromString("not_a_value");
  private static final UTF8String OTHER_SHAPE = UTF8String.fromString("other_shape");
  private static final UTF8String BLANK_WORD = UTF8String.fromString("blank_word");
  private static final UTF8String UNDECODABLE = UTF8String.fromString("undecodable");
  private static final UTF8String NOT_CALCULATED = UTF8String.fromString("not_calculated");
  private static final UTF8String OTHER_COUNTRY = UTF8String.fromString("other_country");
  private static final PerLiteral<BlankWords> WORDS = new PerLiteral<>(BlankWords::new);

  NoValue() {
    super("no_value", TEXT, TEXT, TEXT);
  }

  /** The reason's name. */
  public static UTF8String invoke(UTF8String cell, UTF8String words) {
    if (cell == null || cell.numBytes() == 0) {
      return null;
    }
    return switch (Marks.first(cell)) {
      case 0xfdd2 -> NOT_A_VALUE;
      case 0xfdd3 -> OTHER_SHAPE;
      case 0xfdd4, 0xfdd5 -> UNDECODABLE;
      case 0xfdd8 -> NOT_CALCULATED;
      case 0xfddc -> OTHER_COUNTRY;
      default -> isWord(cell, words) ? BLANK_WORD : null;
    };
  }

  /** Whether a text is one of the words. */
  static boolean isWord(UTF8String text, UTF8String words) {
    return words != null && words.numBytes() > 0 && WORDS.of(words).has(text);
  }
}
