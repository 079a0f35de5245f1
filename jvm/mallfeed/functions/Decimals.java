package mallfeed.functions;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.spark.sql.types.Decimal;

/** Decimals of type decimal(38,6), in their most compact form. */
final class Decimals {
  static final int PRECISION = 38;
  static final int SCALE = 6;
  private static final long[] TEN_TO_THE = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};
  private static final long MOST_COMPACT = 999_999_999_999_999_999L; // 18 digits fit Spark's long

  private static final double MOST_SMALL = 1e11;

  private Decimals() {}

  /** The number that consists of this many units of 10^-scale; `scale` is 0 to 6. */
  static Decimal of(long units, int scale) {
    long factor = TEN_TO_THE[SCALE - scale];
    if (Math.abs(units) <= MOST_COMPACT / factor) {
      return Decimal.apply(units * factor, PRECISION, SCALE);
    }
    return of(BigDecimal.valueOf(units, scale));
  }

  /** The number, rounded half up as Spark's cast does; null if it has more than 32 whole digits. */
  static Decimal of(BigDecimal number) {
    BigDecimal scaled = number.setScale(SCALE, RoundingMode.HALF_UP);
    return scaled.precision() > PRECISION
        ? null
        : Decimal.apply(new scala.math.BigDecimal(scaled), PRECISION, SCALE);
  }

  /** The number as decimal(18,2), rounded half up to 0 or 2 places; null if it does not fit. */
  static Decimal fitted(Decimal number, int places) {
    if (isSmall(number)) {
      long cents = half(number.toUnscaledLong(), TEN_TO_THE[SCALE - places]);
      boolean lost = cents == 0 && number.toUnscaledLong() < 0; // a fee of -0.4 must not become a free one
      return lost ? null : Decimal.apply(places == 0 ? cents * 100 : cents, 18, 2);
    }
    BigDecimal rounded =
        number.toJavaBigDecimal().setScale(places, RoundingMode.HALF_UP).setScale(2);
    return rounded.precision() > 18
        ? null
        : Decimal.apply(rounded.unscaledValue().longValueExact(), 18, 2);
  }

  /** Whether the number has at most this many decimals, 0 or 2. */
  static boolean isExact(Decimal number, int places) {
    if (isSmall(number)) {
      return number.toUnscaledLong() % TEN_TO_THE[SCALE - places] == 0;
    }
    return number.toJavaBigDecimal().stripTrailingZeros().scale() <= places;
  }

  private static boolean isSmall(Decimal number) {
    return number.scale() == SCALE && Math.abs(number.toDouble()) < MOST_SMALL;
  }

  private static long half(long units, long unit) {
    return (units + (units < 0 ? -(unit / 2) : unit / 2)) / unit;
  }

  /** The number in plain text (`-12`, `12.`, `.5`), or null. */
  static Decimal parsed(String plain) {
    try {
      return of(new BigDecimal(plain));
    } catch (NumberFormatException | ArithmeticException notOne) {
      return null;
    }
  }
}
