package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.target_of_cell(cell, taken)`: as {@link TextOfCell}, of a cell with a link the target. */
public final class TargetOfCell extends ValueFunction {
  private static final long serialVersionUID = 1L;

  TargetOfCell() {
    super("target_of_cell", TEXT, TEXT, TEXT);
  }

  /** The very cell that was given, where it has no mark. */
  public static UTF8String invoke(UTF8String cell, UTF8String taken) {
    return cell == null ? null : Marks.without(Marks.linkTarget(cell), taken);
  }
}
