package mallfeed.functions;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.gtins(cell, words)`: the trade item numbers in a cell, by {@link Gtin}, in their order, each article's
 * once; behind them a null if something else stands there too.
 *
 * <p>Commas, semicolons, bars and line ends separate, slashes between digits, and blanks where each piece is of a
 * number's length and the whole is none. Blank pieces, and those that are one of the words ({@link BlankWords}), do not count.
 */
public final class Gtins extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final String SEPARATORS = ",;|\n\r\t\ue01f";
  private static final Pattern BLANKS = Pattern.compile("[\\s\u00a0]++");
  private static final Pattern ALONE =
      Pattern.compile("(?:[0-9]{8}|[0-9]{12,14})(?:[\\s\u00a0]++(?:[0-9]{8}|[0-9]{12,14}))+");
  private static final Pattern SLASHED = Pattern.compile("[0-9\\s-]++(?:/[0-9\\s-]++)+");
  private static final int LONGEST = 14;

  Gtins() {
    super("gtins", DataTypes.createArrayType(TEXT), TEXT, TEXT);
  }

  /** Null for null, else an array, perhaps an empty one. */
  public static ArrayData invoke(UTF8String cell, UTF8String words) {
    if (cell == null) {
      return null;
    }
    if (cell.numBytes() <= LONGEST && Gtin.of(cell) == cell) {
      return new GenericArrayData(new Object[] {cell});
    }
    Found found = new Found();
    for (String piece : Items.split(cell.toString(), SEPARATORS)) {
      String bare = Stripped.of(piece);
      if (!bare.isEmpty() && !NoValue.isWord(UTF8String.fromString(bare), words)) {
        found.add(bare);
      }
    }
    return found.list();
  }

  private static final class Found {
    private final Map<String, UTF8String> codes = new LinkedHashMap<>();
    private boolean isWrong;

    void add(String piece) {
      UTF8String code = Gtin.of(WithoutTextMark.invoke(UTF8String.fromString(piece)));
      if (code != null) {
        // 036000291452 and 0036000291452 are one article's.
        codes.putIfAbsent("0".repeat(LONGEST - code.numBytes()) + code, code);
      } else if (SLASHED.matcher(piece).matches()) {
        addAll(piece.split("/"));
      } else if (ALONE.matcher(piece).matches()) {
        addAll(BLANKS.split(piece));
      } else {
        isWrong = true;
      }
    }

    private void addAll(String[] pieces) {
      for (String one : pieces) {
        add(Stripped.of(one));
      }
    }

    ArrayData list() {
      Object[] list = new Object[codes.size() + (isWrong ? 1 : 0)];
      int place = 0;
      for (UTF8String code : codes.values()) {
        list[place++] = code;
      }
      return new GenericArrayData(list);
    }
  }
}
