package mallfeed.functions;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.unsafe.types.UTF8String;

/** Words and what they mean, from one literal: `word U+FDD0 meaning U+FDD1 word U+FDD0 …`. */
final class Vocabulary {
  private static final String KEY_END = "\ufdd0";
  private static final String PAIR_END = "\ufdd1";
  private static final int REMEMBERED = 2_000;
  private static final int SHORT_BYTES = 64;
  private static final UTF8String NONE = UTF8String.fromString("\ufdd0");

  private final Map<String, UTF8String> words = new HashMap<>();
  // How a column spells its few words, verbatim: most cells need no more than this look-up.
  private final Map<UTF8String, UTF8String> asWritten = new ConcurrentHashMap<>();

  Vocabulary(String literal) {
    for (String pair : literal.split(PAIR_END)) {
      int end = pair.indexOf(KEY_END);
      if (end >= 0) {
        words.put(pair.substring(0, end), UTF8String.fromString(pair.substring(end + 1)));
      }
    }
  }

  /** What the cell means once `key` has turned it into a word; null if that word is unknown. */
  UTF8String meaning(UTF8String cell, UnaryOperator<String> key) {
    return remembered(cell, text -> of(key.apply(text)));
  }

  /** What `read` makes of the cell's text, be it null. One vocabulary is always asked with the same. */
  UTF8String remembered(UTF8String cell, Function<String, UTF8String> read) {
    if (cell.numBytes() > SHORT_BYTES) {
      return read.apply(cell.toString());
    }
    UTF8String known = asWritten.get(cell);
    if (known == null) {
      UTF8String found = read.apply(cell.toString());
      known = found == null ? NONE : found;
      if (asWritten.size() < REMEMBERED) {
        asWritten.put(cell.copy(), known);
      }
    }
    return known == NONE ? null : known;
  }

  /** What a word means; null if it is unknown. */
  UTF8String of(String word) {
    return words.get(word);
  }
}
