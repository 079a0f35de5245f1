package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.marked_json(text)`: the text of a list or an object marked as such, null for an empty one; any other text
 * as it is.
 */
public final class MarkedJson extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final UTF8String EMPTY_LIST = UTF8String.fromString("[]");
  private static final UTF8String EMPTY_OBJECT = UTF8String.fromString("{}");

  MarkedJson() {
    super("marked_json", TEXT, TEXT);
  }

  /** The very text that was given, where it is neither. */
  public static UTF8String invoke(UTF8String text) {
    if (text == null || !begins(text)) {
      return text;
    }
    if (text.equals(EMPTY_LIST) || text.equals(EMPTY_OBJECT)) {
      return null;
    }
    return JsonItems.isJson(text) ? UTF8String.concat(Marks.NESTED, text) : text;
  }

  private static boolean begins(UTF8String text) {
    byte first = Chars.firstFilled(text);
    return first == '{' || first == '[';
  }
}
