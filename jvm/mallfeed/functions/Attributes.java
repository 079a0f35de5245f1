package mallfeed.functions;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.attributes(names, values, most, most_bytes)`: the map of the attributes that have a value, in
 * the order of their names, up to `most` of them, and of those the ones that fit into `most_bytes` bytes
 * in all. Null if none has a value.
 */
public final class Attributes extends ValueFunction {
  private static final long serialVersionUID = 1L;

  Attributes() {
    super(
        "attributes",
        DataTypes.createMapType(TEXT, TEXT),
        DataTypes.createArrayType(TEXT),
        DataTypes.createArrayType(TEXT),
        DataTypes.IntegerType,
        DataTypes.IntegerType);
  }

  /** A blank text is not a value. */
  public static MapData invoke(ArrayData names, ArrayData values, int most, int mostBytes) {
    List<UTF8String> keys = new ArrayList<>();
    List<UTF8String> kept = new ArrayList<>();
    boolean any = false;
    Room room = new Room(most, mostBytes);
    for (int i = 0; i < names.numElements(); i++) {
      UTF8String value = valueAt(values, i);
      if (value != null) {
        any = true;
        UTF8String name = names.getUTF8String(i);
        if (room.takes(name, value)) {
          keys.add(name);
          kept.add(value);
        }
      }
    }
    return any
        ? new ArrayBasedMapData(
            new GenericArrayData(keys.toArray()), new GenericArrayData(kept.toArray()))
        : null;
  }

  /** Null if there is none, and for a text without a character. */
  static UTF8String valueAt(ArrayData values, int place) {
    if (values.isNullAt(place)) {
      return null;
    }
    UTF8String value = values.getUTF8String(place);
    return value.numBytes() == 0 ? null : value;
  }

  /** What still fits into the map; the attributes are offered in their order. */
  static final class Room {
    private int places;
    private int bytes;

    Room(int most, int mostBytes) {
      places = most;
      bytes = mostBytes;
    }

    /** An attribute that is too large is left out, but counts among the first `most`. */
    boolean takes(UTF8String name, UTF8String value) {
      int size = name.numBytes() + value.numBytes();
      boolean fits = places-- > 0 && size <= bytes;
      bytes -= fits ? size : 0;
      return fits;
    }
  }
}
