package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.without_text_mark(cell)`: a code without a spreadsheet's mark that it is to stay text, `'0088` or
 * `="0099"`; the cell itself if it has none, or if nothing else is in it.
 */
public final class WithoutTextMark extends ValueFunction {
  private static final long serialVersionUID = 1L;

  WithoutTextMark() {
    super("without_text_mark", TEXT, TEXT);
  }

  /** Looks at the first byte: hardly any code has a mark. */
  public static UTF8String invoke(UTF8String cell) {
    if (cell == null || cell.numBytes() < 2) {
      return cell;
    }
    byte first = Chars.byteAt(cell, 0);
    return first == '\'' || first == '=' ? bare(cell, cell.toString()) : cell;
  }

  private static UTF8String bare(UTF8String cell, String text) {
    String inner = "";
    if (text.charAt(0) == '\'') {
      inner = Stripped.of(text.substring(1));
    } else if (text.startsWith("=\"") && text.endsWith("\"") && text.length() > 3) {
      inner = Stripped.of(text.substring(2, text.length() - 1));
    }
    return inner.isEmpty() ? cell : UTF8String.fromString(inner);
  }
}
