package mallfeed.functions;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.faults(codes, fields, values)`: what is reported for a row, an array of (code, field, value):
 * one for each code that is not null, in their order. `fields` are lines, an empty one for none.
 */
public final class Faults extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 200;
  private static final PerLiteral<UTF8String[]> FIELDS = new PerLiteral<>(Faults::fields);

  Faults() {
    super(
        "faults",
        DataTypes.createArrayType(
            new StructType().add("code", TEXT).add("field", TEXT).add("value", TEXT)),
        DataTypes.createArrayType(TEXT),
        TEXT,
        DataTypes.createArrayType(TEXT));
  }

  /** Values are cut to their first 200 characters. */
  public static ArrayData invoke(ArrayData codes, UTF8String fields, ArrayData values) {
    UTF8String[] names = FIELDS.of(fields);
    List<InternalRow> told = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      if (!codes.isNullAt(i)) {
        UTF8String value = values.isNullAt(i) ? null : values.getUTF8String(i);
        UTF8String shown = value == null ? null : value.substring(0, SHOWN);
        told.add(new GenericInternalRow(new Object[] {codes.getUTF8String(i), names[i], shown}));
      }
    }
    return new GenericArrayData(told.toArray());
  }

  private static UTF8String[] fields(String lines) {
    String[] names = lines.split("\n", -1);
    UTF8String[] fields = new UTF8String[names.length];
    for (int i = 0; i < names.length; i++) {
      fields[i] = names[i].isEmpty() ? null : UTF8String.fromString(names[i]);
    }
    return fields;
  }
}
