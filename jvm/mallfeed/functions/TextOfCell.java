package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.text_of_cell(cell, taken)`: the text of a cell, of one with a link the text, without these marks
 * ({@link Marks}).
 */
public final class TextOfCell extends ValueFunction {
  private static final long serialVersionUID = 1L;

  TextOfCell() {
    super("text_of_cell", TEXT, TEXT, TEXT);
  }

  /** The very cell that was given, where it has no mark. */
  public static UTF8String invoke(UTF8String cell, UTF8String taken) {
    return cell == null ? null : Marks.without(Marks.linkedText(cell), taken);
  }
}
