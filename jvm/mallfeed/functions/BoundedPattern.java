package mallfeed.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression of a catalog, that looks at a text's characters so often and no oftener.
 *
 * <p>Java's engine goes back and tries again: `(a+)+b` takes twice as long for each further `a`, and
 * `(a|b)*` calls itself for each character until the stack is full. Here the looks are counted, in
 * proportion to the text; who has used them up gives up, as does who runs out of stack.
 */
final class BoundedPattern {
  /** Looks at a character, in all and for each character of the text. */
  static final long LOOKS = 20_000;

  static final long LOOKS_PER_CHARACTER = 1_000;

  private final Pattern pattern;

  BoundedPattern(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  /** What is done with the matches of a text. */
  interface Use<V> {
    V of(Matcher matcher);
  }

  /** What comes of it; null when it gave up. */
  <V> V used(String text, Use<V> use) {
    try {
      return use.of(pattern.matcher(new Counted(text)));
    } catch (GaveUp | StackOverflowError tooMuch) {
      return null;
    }
  }

  /** Without a stack: it is thrown often, and nobody reads it. */
  static final class GaveUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GaveUp() {
      super(null, null, false, false);
    }
  }

  /** A text that counts the looks at its characters. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long left;

    Counted(String text) {
      this.text = text;
      left = LOOKS + LOOKS_PER_CHARACTER * text.length();
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
