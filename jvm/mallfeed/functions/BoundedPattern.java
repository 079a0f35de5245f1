package mallfeed.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression of a catalog, which may look at a text's characters a limited number of times.
 *
 * <p>Java's engine goes back and tries again: `(a+)+b` takes twice as long for each further `a`, and
 * `(a|b)*` calls itself for each character until the stack is full. Here the looks are counted, in
 * proportion to the text; a pattern that has used them up gives up, as does one that runs out of
 * stack. What needs no look is bounded when the catalog is checked (`pattern_grammar.py`).
 */
final class BoundedPattern {
  /** Looks at characters that any text is worth. */
  static final long LOOKS = 20_000;

  /** Looks for each of the first characters: enough for patterns that look at all for each. */
  static final long LOOKS_PER_CHARACTER = 1_000;

  /** How many characters the first ones are. */
  static final int FIRST_CHARACTERS = 1_000;

  /** Looks for each character behind them: enough for patterns that pass once. */
  static final long LOOKS_PER_FURTHER_CHARACTER = 100;

  /** What follows the start of a line; `.` takes none of these. */
  private static final String LINE_START = "(?:\\G|(?<![^\\n\\r\\u0085\\u2028\\u2029]))";

  private static final Pattern ANY_TEXT_FIRST = Pattern.compile("^(?:\\.\\*|\\(\\.\\*\\))(?![*+?{])");
  private static final Pattern NAMES_GROUP = Pattern.compile("\\\\[1-9]");

  private final Pattern pattern;

  BoundedPattern(String pattern) {
    this.pattern = Pattern.compile(startsAtLines(pattern) ? LINE_START + pattern : pattern);
  }

  /**
   * Whether the pattern may as well be tried at the starts of lines alone, as it begins with `.*`.
   *
   * <p>What `.*x` does not match from a line's start it matches from no later place of that line, so
   * that trying each place is a square of the line for nothing. Behind a match the next one begins
   * where that one ended (`\\G`). A group that is named later may well differ by its start.
   */
  private static boolean startsAtLines(String pattern) {
    return ANY_TEXT_FIRST.matcher(pattern).find() && !NAMES_GROUP.matcher(pattern).find();
  }

  /** What is done with the matches of a text. */
  interface Use<V> {
    V of(Matcher matcher);
  }

  /** What comes of it; null if it gave up. */
  <V> V used(String text, Use<V> use) {
    try {
      return use.of(pattern.matcher(new Counted(text)));
    } catch (GaveUp | StackOverflowError tooMuch) {
      return null;
    }
  }

  /** Without a stack: it is thrown often and never printed. */
  static final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveUp() {
      super(null, null, false, false);
    }
  }

  /** A text that counts how often its characters are looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long left;

    Counted(String text) {
      this.text = text;
      long first = Math.min(text.length(), FIRST_CHARACTERS);
      long further = text.length() - first;
      left = LOOKS + LOOKS_PER_CHARACTER * first + LOOKS_PER_FURTHER_CHARACTER * further;
    }

    @Override
    public char charAt(int index) {
      if (--left < 0) {
        throw new GaveUp();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
