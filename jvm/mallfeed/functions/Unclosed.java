package mallfeed.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
* Whether a script, style, comment or head is opened and never closed: everything after it is lost.
 *
 * <p>Escaped markup counts: it is unescaped before tags are removed.
 */
public final class Unclosed extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final Pattern OPENING =
      Pattern.compile("(?i)<(?:(script|style|noscript|template)\\b[^<>]*+>|(!--)|head\\b)");
  private static final Pattern COMMENT_END = Pattern.compile("-->", Pattern.LITERAL);
  private static final Pattern HEAD_END = Pattern.compile("(?i)</head>");

  Unclosed() {
    super("unclosed", DataTypes.BooleanType, TEXT);
  }

  /** False for null. */
  public static boolean invoke(UTF8String source) {
    if (source == null || !hasMarkup(source)) {
      return false;
    }
    String text = source.toString().replace("&lt;", "<");
    Matcher opening = OPENING.matcher(text);
    int at = 0;
    while (opening.find(at)) {
      Matcher end = end(opening).matcher(text);
      if (!end.find(opening.end())) {
        return true;
      }
      at = end.end();
    }
    return false;
  }

  /** Whether there is a less-than sign, possibly escaped. */
  private static boolean hasMarkup(UTF8String source) {
    int size = source.numBytes();
    for (int i = 0; i < size; i++) {
      byte b = Chars.byteAt(source, i);
      if (b == '<' || b == '&' && isLessThan(source, i + 1, size)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLessThan(UTF8String source, int i, int size) {
    return i + 2 < size
        && Chars.byteAt(source, i) == 'l'
        && Chars.byteAt(source, i + 1) == 't'
        && Chars.byteAt(source, i + 2) == ';';
  }

  private static Pattern end(Matcher opening) {
    if (opening.group(1) != null) {
      return Pattern.compile("(?i)</" + opening.group(1) + "\\s*+>");
    }
    return opening.group(2) != null ? COMMENT_END : HEAD_END;
  }
}
