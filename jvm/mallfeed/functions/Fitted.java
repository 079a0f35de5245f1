package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.fitted(number, currency, whole ones)`: the amount as a price is stored, rounded half up to the
 * decimals of its currency; null if it does not fit decimal(18,2).
 */
public final class Fitted extends ValueFunction {
  private static final long serialVersionUID = 1L;

  Fitted() {
    super("fitted", DataTypes.createDecimalType(18, 2), AMOUNT, TEXT, TEXT);
  }

  /** No decimals for the currencies that the list names (codes with commas between), else two. */
  public static Decimal invoke(Decimal number, UTF8String currency, UTF8String whole) {
    return number == null ? null : Decimals.fitted(number, Currencies.places(currency, whole));
  }
}
