package mallfeed.functions;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.fitted(number, currency, decimals)`: the amount as a price is stored, rounded half up to the
 * decimals of its currency; null if it does not fit decimal(18,2).
 */
public final class Fitted extends ValueFunction {
  private static final long serialVersionUID = 1L;

  Fitted() {
    super("fitted", DataTypes.createDecimalType(18, 2), AMOUNT, TEXT, TEXT);
  }

  /** As many decimals as the list says of the currency (`KRW:0,KWD:3`), else and at most two. */
  public static Decimal invoke(Decimal number, UTF8String currency, UTF8String decimals) {
    return number == null ? null : Decimals.fitted(number, Currencies.places(currency, decimals));
  }
}
