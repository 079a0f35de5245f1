package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.found_in_cell(cell)`: the text of a cell for what looks into it; null where there is nothing that could be
 * looked into: bytes, a formula without a result, what stands where a path leads through something of another shape.
 */
public final class FoundInCell extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String LOOKED_INTO = UTF8String.fromString("\ufddd\ufdd2\ufdd4\ufdd9");

  FoundInCell() {
    super("found_in_cell", TEXT, TEXT);
  }

  /** The very cell that was given, where it has no mark. */
  public static UTF8String invoke(UTF8String cell) {
    if (cell == null) {
      return null;
    }
    return switch (Marks.first(cell)) {
      case 0 -> cell;
      case 0xfdd3, 0xfdd5, 0xfdd8 -> null;
      default -> Marks.linkedText(Marks.without(cell, LOOKED_INTO));
    };
  }
}
