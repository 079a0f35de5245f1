package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.no_value(cell, words)`: why a cell holds no value though something is written in it; null if it
 * holds one, or is null.
 *
 * <p>`not_a_value` is a list or an object of a nested record (or what stands where a path leads through
 * one), which readers mark; `blank_word` is one of the words, see {@link BlankWords}.
 */
public final class NoValue extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String NOT_A_VALUE = UTF8String.fromString("not_a_value");
  private static final UTF8String BLANK_WORD = UTF8String.fromString("blank_word");
  private static final int FIRST_OF_MARK = 0xef; // U+FDD2 and U+FDD3 are EF B7 92 and EF B7 93
  private static final int MARK = 0xfdd2;
  private static final PerLiteral<BlankWords> WORDS = new PerLiteral<>(BlankWords::new);

  NoValue() {
    super("no_value", TEXT, TEXT, TEXT);
  }

  /** The reason's name. */
  public static UTF8String invoke(UTF8String cell, UTF8String words) {
    if (cell == null || cell.numBytes() == 0) {
      return null;
    }
    if (isMarked(cell)) {
      return NOT_A_VALUE;
    }
    return isWord(cell, words) ? BLANK_WORD : null;
  }

  /** Whether a text is one of the words. */
  static boolean isWord(UTF8String text, UTF8String words) {
    return words != null && words.numBytes() > 0 && WORDS.of(words).has(text);
  }

  private static boolean isMarked(UTF8String cell) {
    if (cell.numBytes() < 3 || (Chars.byteAt(cell, 0) & 0xff) != FIRST_OF_MARK) {
      return false;
    }
    int first = Chars.codeOfThree(cell, 0);
    return first == MARK || first == MARK + 1;
  }
}
