package mallfeed.functions;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.fit_problem(number, currency, whole ones)`: what `fitted` does to the number: `out_of_range`
 * if it is lost, `rounded` if it changes, else null.
 */
public final class FitProblem extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String OUT_OF_RANGE = UTF8String.fromString("out_of_range");
  private static final UTF8String ROUNDED = UTF8String.fromString("rounded");

  FitProblem() {
    super("fit_problem", TEXT, AMOUNT, TEXT, TEXT);
  }

  /** Null for null. */
  public static UTF8String invoke(Decimal number, UTF8String currency, UTF8String whole) {
    if (number == null) {
      return null;
    }
    int places = Currencies.places(currency, whole);
    if (Decimals.fitted(number, places) == null) {
      return OUT_OF_RANGE;
    }
    return Decimals.isExact(number, places) ? null : ROUNDED;
  }
}
