package mallfeed.functions;

import java.util.StringJoiner;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.attributes_dropped(names, values, most, most_bytes)`: the names that `mallfeed.attributes`
 * leaves out although they have a value, or null.
 */
public final class AttributesDropped extends ValueFunction {
  private static final long serialVersionUID = 1L;

  AttributesDropped() {
    super(
        "attributes_dropped",
        TEXT,
        DataTypes.createArrayType(TEXT),
        DataTypes.createArrayType(TEXT),
        DataTypes.IntegerType,
        DataTypes.IntegerType);
  }

  /** Joined by a comma and a blank. */
  public static UTF8String invoke(ArrayData names, ArrayData values, int most, int mostBytes) {
    StringJoiner dropped = null;
    Attributes.Room room = new Attributes.Room(most, mostBytes);
    for (int i = 0; i < names.numElements(); i++) {
      UTF8String value = Attributes.valueAt(values, i);
      if (value != null && !room.takes(names.getUTF8String(i), value)) {
        dropped = dropped == null ? new StringJoiner(", ") : dropped;
        dropped.add(names.getUTF8String(i).toString());
      }
    }
    return dropped == null ? null : UTF8String.fromString(dropped.toString());
  }
}
