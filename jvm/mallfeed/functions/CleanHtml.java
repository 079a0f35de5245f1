package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** The readable text of an HTML fragment; blocks become line breaks; null if blank. */
public final class CleanHtml extends ValueFunction {
  private static final long serialVersionUID = 1L;

  CleanHtml() {
    super("clean_html", TEXT, TEXT);
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
    return Chars.filled(lines(todo == LookAhead.SPACED ? text : shown(text)));
  }

  private static String shown(String text) {
    String visible = Markup.decoded(Chars.left(text, Markup.MAX_CELL));
    return Markup.harmless(Markup.composed(Markup.brokenAtBlocks(visible)));
  }

  /** Spaces folded within lines, no space around a line break, at most one empty line. */
  private static String lines(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int breaks = 0;
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r' || Chars.isRareBreak(c)) {
        breaks++;
        i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
      } else if (Chars.isSpace(c)) {
        space = true;
      } else {
        if (out.length() > 0) {
          out.append(breaks > 1 ? "\n\n" : breaks == 1 ? "\n" : space ? " " : "");
        }
        out.append(c);
        breaks = 0;
        space = false;
      }
    }
    return out.toString();
  }
}
