package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/** `mallfeed.value_in(cell, words)`: the cell; null if it holds no value by {@link NoValue}. */
public final class ValueIn extends ValueFunction {
  private static final long serialVersionUID = 1L;

  ValueIn() {
    super("value_in", TEXT, TEXT, TEXT);
  }

  /** The very cell that was given. */
  public static UTF8String invoke(UTF8String cell, UTF8String words) {
    return NoValue.invoke(cell, words) == null ? cell : null;
  }
}
