package mallfeed.functions;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/** How many decimals amounts of a currency have. */
final class Currencies {
  private static final int CENTS = 2;
  private static final PerLiteral<Map<UTF8String, Integer>> OTHERS =
      new PerLiteral<>(Currencies::parsed);

  private Currencies() {}

  /** As the list says, `KRW:0,KWD:3`; 2 for currencies that it does not name. */
  static int decimals(UTF8String currency, UTF8String others) {
    return currency == null ? CENTS : OTHERS.of(others).getOrDefault(currency, CENTS);
  }

  /** How many of them an amount is kept with: at most 2. */
  static int places(UTF8String currency, UTF8String others) {
    return Math.min(CENTS, decimals(currency, others));
  }

  private static Map<UTF8String, Integer> parsed(String others) {
    Map<UTF8String, Integer> found = new HashMap<>();
    for (String one : others.split(",")) {
      int colon = one.indexOf(':');
      if (colon > 0) {
        String places = one.substring(colon + 1);
        found.put(UTF8String.fromString(one.substring(0, colon)), Integer.valueOf(places));
      }
    }
    return found;
  }
}
