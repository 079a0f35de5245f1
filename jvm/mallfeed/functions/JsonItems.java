package mallfeed.functions;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** Cells that hold JSON, read as leniently as Spark's own `from_json` and `get_json_object` do. */
final class JsonItems {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private JsonItems() {}

  /**
   * An array's items.
   *
   * @param plain its texts, and its numbers as they are written
   * @param isOdd whether there are lists, objects, true or false among the items; nulls are nothing
   */
  record Array(List<String> plain, boolean isOdd) {}

  /** The array that the cell begins with; null if it is none, or no JSON. What stands behind it is not looked at. */
  static Array array(UTF8String cell) {
    if (!begins(cell, '[')) {
      return null;
    }
    List<String> plain = new ArrayList<>();
    boolean isOdd = false;
    try (JsonParser parser = JSON.createParser(cell.getBytes())) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        switch (parser.currentToken()) {
          case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> plain.add(parser.getText());
          case VALUE_NULL -> { }
          default -> {
            isOdd = true;
            parser.skipChildren();
          }
        }
      }
    } catch (IOException broken) {
      return null;
    }
    return new Array(plain, isOdd);
  }

  /** Whether the cell begins with a JSON object. */
  static boolean isObject(UTF8String cell) {
    return begins(cell, '{') && isJson(cell);
  }

  /** Whether the cell begins with a JSON value that is whole. */
  static boolean isJson(UTF8String cell) {
    try (JsonParser parser = JSON.createParser(cell.getBytes())) {
      parser.nextToken();
      parser.skipChildren();
      return parser.currentToken() != null;
    } catch (IOException broken) {
      return false;
    }
  }

  static boolean begins(UTF8String cell, char first) {
    return cell.numBytes() > 0 && Chars.byteAt(cell, 0) == first;
  }
}
