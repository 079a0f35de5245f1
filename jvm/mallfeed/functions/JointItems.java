package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.joint_items(cell, joint)`: of a JSON array its single values with `joint` between them, null for a JSON
 * object; any other cell as it is.
 */
public final class JointItems extends ValueFunction {
  private static final long serialVersionUID = 1L;

  JointItems() {
    super("joint_items", TEXT, TEXT, TEXT);
  }

  /** Most cells are done with by their first byte. */
  public static UTF8String invoke(UTF8String cell, UTF8String joint) {
    if (cell == null || JsonItems.isObject(cell)) {
      return null;
    }
    JsonItems.Array array = JsonItems.array(cell);
    return array == null ? cell : UTF8String.fromString(String.join(joint.toString(), array.plain()));
  }
}
