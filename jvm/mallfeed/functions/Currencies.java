package mallfeed.functions;

import java.util.Arrays;
import java.util.Set;
import org.apache.spark.unsafe.types.UTF8String;

/** How many decimals amounts of a currency have. */
final class Currencies {
  private static final int CENTS = 2;
  private static final PerLiteral<Set<UTF8String>> WHOLE =
      new PerLiteral<>(
          codes -> Set.copyOf(Arrays.stream(codes.split(",")).map(UTF8String::fromString).toList()));

  private Currencies() {}

  /** 0 for the currencies that the list names, codes with commas between; else 2. */
  static int places(UTF8String currency, UTF8String whole) {
    return currency != null && WHOLE.of(whole).contains(currency) ? 0 : CENTS;
  }
}
