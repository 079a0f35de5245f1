package mallfeed.functions;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.fit_problem(number, currency, decimals)`: what `fitted` does to the number: `out_of_range`
 * if it is lost, `rounded_to_nothing` if nothing is left of it, `rounded` if it changes, else null.
 */
public final class FitProblem extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String OUT_OF_RANGE = UTF8String.fromString("out_of_range");
  private static final UTF8String TO_NOTHING = UTF8String.fromString("rounded_to_nothing");
  private static final UTF8String ROUNDED = UTF8String.fromString("rounded");

  FitProblem() {
    super("fit_problem", TEXT, AMOUNT, TEXT, TEXT);
  }

  /** Null for null. */
  public static UTF8String invoke(Decimal number, UTF8String currency, UTF8String decimals) {
    if (number == null) {
      return null;
    }
    int places = Currencies.places(currency, decimals);
    Decimal fitted = Decimals.fitted(number, places);
    if (fitted == null) {
      return OUT_OF_RANGE;
    }
    if (fitted.isZero() && !number.isZero()) {
      return TO_NOTHING;
    }
    return Decimals.isExact(number, places) ? null : ROUNDED;
  }
}
