package mallfeed.functions;

import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.no_lone_mark(cell)`: the cell; null where a spreadsheet's text mark stands around nothing, as `=""`. */
public final class NoLoneMark extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final Pattern ALONE = Pattern.compile("\\s*(?:'+|=\\s*\"\\s*\"?)\\s*");

  NoLoneMark() {
    super("no_lone_mark", TEXT, TEXT);
  }

  /** Few cells have a mark: the pattern is asked of those alone. */
  public static UTF8String invoke(UTF8String cell) {
    if (cell == null) {
      return null;
    }
    byte first = Chars.firstFilled(cell);
    boolean begins = first == '=' || first == '\'';
    return begins && ALONE.matcher(cell.toString()).matches() ? null : cell;
  }
}
