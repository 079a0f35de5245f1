package mallfeed.functions;

import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
* A function of fixed types: it is implemented by its static `invoke`, which Spark calls directly.
 *
 * <p>`invoke` gets null for null, never raises whatever the data, and keeps no state: Spark calls it
 * from many threads.
 */
abstract class ValueFunction implements UnboundFunction, ScalarFunction<Object> {
  private static final long serialVersionUID = 1L;
  static final DataType TEXT = DataTypes.StringType;
  static final DataType AMOUNT = DataTypes.createDecimalType(38, 6);

  private final String name;
  private final DataType result;
  private final DataType[] inputs;

  ValueFunction(String name, DataType result, DataType... inputs) {
    this.name = name;
    this.result = result;
    this.inputs = inputs;
  }

  @Override
  public final BoundFunction bind(StructType given) {
    if (given.size() != inputs.length) {
      throw new UnsupportedOperationException(
          name + " takes " + inputs.length + " arguments, not " + given.size());
    }
    return this;
  }

  @Override
  public final String description() {
    return getClass().getSimpleName();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String canonicalName() {
    return "mallfeed." + name; // the default differs for each object, so equal calls would differ
  }

  @Override
  public final DataType[] inputTypes() {
    return inputs.clone();
  }

  @Override
  public final DataType resultType() {
    return result;
  }
}
