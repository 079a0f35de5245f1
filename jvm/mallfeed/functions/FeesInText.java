package mallfeed.functions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Delivery fees as Google Merchant Center's text feeds write them: `KR:::3000 KRW,US:::10 USD`, each
 * `country:region:service:price`, with times of handling behind it. With two parts it is `country:price`. A column
 * may be named after its own order, `shipping(country:price)`.
 */
final class FeesInText {
  // Before a country, which has no digits, unlike the rest of `3,000 KRW`.
  private static final Pattern BETWEEN = Pattern.compile("[,;|](?=[^,;|:0-9]*:)");
  private static final Pattern BETWEEN_ANY = Pattern.compile("[,;|](?=[^,;|:]*:)");
  private static final Pattern CODE = Pattern.compile("[A-Za-z]{2,3}");
  private static final int PRICE = 3;

  private FeesInText() {}

  /** Null where the text is something else. */
  static List<Fee.One> of(String text, String said, Set<String> own) {
    boolean isOrdered = said.startsWith("(");
    if (!isOrdered && text.indexOf(':') < 0) {
      return null;
    }
    String[] order = isOrdered ? said.substring(1, said.length() - 1).split(":") : new String[0];
    List<Fee.One> fees = new ArrayList<>();
    boolean isCountryFirst = !isOrdered || order[0].strip().equalsIgnoreCase("country");
    for (String piece : (isCountryFirst ? BETWEEN : BETWEEN_ANY).split(text)) {
      String[] parts = piece.split(":", -1);
      Fee.One fee = isOrdered ? ordered(parts, order) : usual(parts);
      if (fee == null || !fee.countries().stream().allMatch(name -> isCountry(name, own))) {
        return null;
      }
      if (!fee.amount().isEmpty()) {
        fees.add(fee);
      }
    }
    return fees;
  }

  private static Fee.One usual(String[] parts) {
    if (parts.length < 2) {
      return null;
    }
    boolean isRegional = parts.length > PRICE && !parts[1].isBlank();
    return one(parts[0], isRegional, parts[Math.min(parts.length - 1, PRICE)]);
  }

  private static Fee.One ordered(String[] parts, String[] order) {
    if (parts.length > order.length) {
      return null;
    }
    String country = "";
    String price = "";
    boolean isRegional = false;
    for (int i = 0; i < parts.length; i++) {
      switch (order[i].strip().toLowerCase(Locale.ROOT)) {
        case "country" -> country = parts[i];
        case "price" -> price = parts[i];
        case "region", "postal_code", "location_id", "location_group_name" -> isRegional |= !parts[i].isBlank();
        default -> { }
      }
    }
    return one(country, isRegional, price);
  }

  private static Fee.One one(String country, boolean isRegional, String price) {
    List<String> countries = country.isBlank() ? List.of() : List.of(country.strip());
    return new Fee.One(countries, isRegional, price.strip());
  }

  private static boolean isCountry(String name, Set<String> own) {
    return CODE.matcher(name).matches() || Fee.isOne(name, own);
  }
}
