package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** One line of text: no tag, entity or control character, spaces folded, NFC; null if blank. */
public final class CleanText extends ValueFunction {
  private static final long serialVersionUID = 1L;

  CleanText() {
    super("clean_text", TEXT, TEXT);
  }

  /** Of the first {@link Markup#MAX_CELL} characters. */
  public static UTF8String invoke(UTF8String value) {
    if (value == null) {
      return null;
    }
    int todo = LookAhead.at(value);
    if (todo == LookAhead.TIDY) {
      return value;
    }
    String text = value.toString();
    return Chars.filled(folded(todo == LookAhead.SPACED ? text : shown(text)));
  }

  private static String shown(String text) {
    String visible = Markup.decoded(Chars.left(text, Markup.MAX_CELL));
    return Markup.harmless(Markup.composed(Markup.untagged(visible)));
  }

  private static String folded(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean space = true; // none at the beginning
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Chars.isSpace(c)) {
        out.append(c);
        space = false;
      } else if (!space) {
        out.append(' ');
        space = true;
      }
    }
    return Chars.trimmed(out.toString(), " ");
  }
}
