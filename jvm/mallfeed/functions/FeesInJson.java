package mallfeed.functions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Delivery fees as one object, or a list of objects or texts ({@link FeesInText}): an element per country, as
 * `{"country": "KR", "service": "…", "price": "3000 KRW"}`, its keys with or without a prefix (`g:country`). An
 * amount may be an object with its currency.
 */
final class FeesInJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Set<String> COUNTRY = Set.of("country", "countrycode", "addresscountry");
  private static final Set<String> REGION =
      Set.of("region", "postalcode", "locationid", "locationgroupname", "addressregion");
  private static final Set<String> PRICE =
      Set.of("price", "fee", "cost", "amount", "rate", "shippingfee", "shippingrate", "deliveryfee", "value");
  private static final Set<String> CURRENCY = Set.of("currency", "currencycode");
  private static final Pattern BARE_NUMBER = Pattern.compile("\ufdd9?[0-9., -]+");
  private static final Pattern LIKE_THOUSANDS = Pattern.compile("-?[1-9][0-9]{0,2}[.][0-9]{3}");
  private static final String NUMBER = "\ufdd9"; // see mallfeed.kinds.sql.marks

  private FeesInJson() {}

  /** Null where the JSON is something else. */
  static List<Fee.One> of(String json, String said, Set<String> own) {
    JsonNode whole;
    try {
      whole = MAPPER.readTree(json);
    } catch (JsonProcessingException broken) {
      return null;
    }
    List<Fee.One> fees = new ArrayList<>();
    for (JsonNode element : whole.isArray() ? whole : List.of(whole)) {
      if (element.isObject()) {
        add(element, key(said), fees);
      } else if (!element.isNull()) {
        List<Fee.One> more = element.isTextual() ? FeesInText.of(element.asText(), "", own) : null;
        if (more == null) {
          return null;
        }
        fees.addAll(more);
      }
    }
    return fees;
  }

  private static void add(JsonNode element, String priceKey, List<Fee.One> fees) {
    List<String> countries = texts(child(element, COUNTRY));
    boolean isRegional = !texts(child(element, REGION)).isEmpty();
    JsonNode price = priceKey.isEmpty() ? null : child(element, Set.of(priceKey));
    price = price == null ? child(element, PRICE) : price;
    String currency = String.join("", texts(child(element, CURRENCY)));
    for (String amount : amounts(price, currency)) {
      fees.add(new Fee.One(countries, isRegional, amount));
    }
  }

  /** The value of the first key that is one of these, also a key of an object within. */
  private static JsonNode child(JsonNode element, Set<String> keys) {
    JsonNode within = null;
    for (Iterator<Map.Entry<String, JsonNode>> fields = element.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (keys.contains(key(field.getKey()))) {
        return field.getValue();
      }
      boolean isPlace = key(field.getKey()).endsWith("destination");
      within = isPlace && field.getValue().isObject() ? field.getValue() : within;
    }
    return within == null ? null : child(within, keys);
  }

  private static List<String> amounts(JsonNode price, String currency) {
    List<String> found = new ArrayList<>();
    if (price == null) {
      return found;
    }
    for (JsonNode one : price.isArray() ? price : List.of(price)) {
      if (one.isObject()) {
        String own = String.join("", texts(child(one, CURRENCY)));
        found.addAll(amounts(child(one, PRICE), own.isEmpty() ? currency : own));
      } else {
        String amount = text(one);
        boolean isBare = !currency.isEmpty() && BARE_NUMBER.matcher(amount).matches();
        found.add(isBare ? amount + " " + currency : amount);
      }
    }
    found.removeIf(String::isBlank);
    return found;
  }

  private static List<String> texts(JsonNode value) {
    List<String> found = new ArrayList<>();
    if (value != null) {
      for (JsonNode one : value.isArray() ? value : List.of(value)) {
        if (!text(one).isBlank()) {
          found.add(text(one).strip());
        }
      }
    }
    return found;
  }

  private static String text(JsonNode value) {
    if (value.isNumber()) {
      String plain = value.decimalValue().toPlainString();
      return LIKE_THOUSANDS.matcher(plain).matches() ? NUMBER + plain : plain;
    }
    return value.isNull() || value.isContainerNode() ? "" : value.asText();
  }

  /** A key without prefix, capitals and what stands between its words. */
  private static String key(String name) {
    return name.substring(name.lastIndexOf(':') + 1).toLowerCase(Locale.ROOT).replaceAll("[_\\s-]", "");
  }
}
