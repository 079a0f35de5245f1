package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** The marks that readers put before a cell's text, and of links within it: see `mallfeed.kinds.sql.marks`. */
final class Marks {
  private static final int LINK = 0xfdd6;
  private static final int BOOLEAN = 0xfddd;
  private static final int LENGTH = 3; // bytes of each
  private static final int FIRST_BYTE = 0xef;
  /** Before the JSON of a list or an object. */
  static final UTF8String NESTED = UTF8String.fromString("\ufdd2");
  private static final UTF8String LINKED_TEXT = UTF8String.fromString("\ufdd7");

  private Marks() {}

  /** The first character, if it may be a mark; else 0. */
  static int first(UTF8String cell) {
    boolean may = cell.numBytes() >= LENGTH && (Chars.byteAt(cell, 0) & 0xff) == FIRST_BYTE;
    return may ? Chars.codeOfThree(cell, 0) : 0;
  }

  /** The text of a cell with a link; any other as it is. */
  static UTF8String linkedText(UTF8String cell) {
    return first(cell) == LINK ? cell.subStringIndex(LINKED_TEXT, -1) : cell;
  }

  /** The target of a cell with a link; any other as it is. */
  static UTF8String linkTarget(UTF8String cell) {
    return first(cell) == LINK ? behindMark(cell.subStringIndex(LINKED_TEXT, 1)) : cell;
  }

  /**
   * The cell for what takes the values that are marked so: without those marks. To what takes neither true nor false
   * they are no values, as an object is none.
   */
  static UTF8String without(UTF8String cell, UTF8String taken) {
    UTF8String bare = cell;
    int mark = first(bare);
    while (mark != 0 && isAmong(mark, taken)) {
      bare = behindMark(bare);
      mark = first(bare);
    }
    return mark == BOOLEAN ? UTF8String.concat(NESTED, behindMark(bare)) : bare;
  }

  private static boolean isAmong(int mark, UTF8String marks) {
    for (int i = 0; i + LENGTH <= marks.numBytes(); i += LENGTH) {
      if (Chars.codeOfThree(marks, i) == mark) {
        return true;
      }
    }
    return false;
  }

  private static UTF8String behindMark(UTF8String cell) {
    return cell.substring(1, Integer.MAX_VALUE);
  }
}
