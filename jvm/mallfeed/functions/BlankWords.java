package mallfeed.functions;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Words that mean nothing (`null`, `N/A`, `-`), from one literal: `word U+FDD1 word …`. A word that begins with
 * U+FDD0 names a group of usual ones, one that begins with U+FDDA is a value and in none of them.
 *
 * <p>A cell is such a word whatever its case, its width (`Ｎ／Ａ`), the space in and around it and the
 * brackets or quotes around it (`(null)`, `<NA>`); dashes of any kind and number are the word `-`.
 */
final class BlankWords {
  private static final String WORD_END = "\ufdd1";
  private static final char GROUP = '\ufdd0';
  private static final char KEPT = '\ufdda';
  private static final Map<String, List<String>> GROUPS =
      Map.of(
          "programs",
          List.of(
              // Null and nothing, as programs print them: SQL, Java and JavaScript, Python, Go, Ruby, Lua.
              "null", "none", "nil", "undefined", "[object Object]",
              // Missing values of pandas.read_csv and readr; NaT is pandas' missing time.
              "NaN", "-NaN", "NA", "N/A", "NaT", "#NA", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
              // MySQL's LOAD DATA, PostgreSQL's COPY and Hive.
              "\\N",
              // Excel's error values.
              "#N/A", "#N/A N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#SPILL!",
              "#CALC!", "#GETTING_DATA",
              // People, in a column that must not be empty.
              "-", "n.a.", "n.a", "not available", "not applicable"),
          "answers",
          List.of("없음", "해당없음", "해당사항없음"),
          "times",
          noTimes());
  private static final int MOST_BYTES = 64; // a longer cell is no such word
  private static final String OPENING = "([{<\"'`";
  private static final String CLOSING = ")]}>\"'`";
  // What a word may begin with before its first letter is seen; beyond ASCII all but Hangul may.
  private static final String BEFORE = OPENING + "-";

  private final Set<String> keys = new HashSet<>();
  private final boolean[] mayBegin = new boolean[0x80];
  private final Set<Integer> syllables = new HashSet<>();

  BlankWords(String literal) {
    Set<String> kept = new HashSet<>();
    for (String word : literal.split(WORD_END)) {
      if (word.indexOf(KEPT) == 0) {
        kept.add(key(word.substring(1)));
      } else if (word.indexOf(GROUP) == 0) {
        GROUPS.get(word.substring(1)).forEach(usual -> keys.add(key(usual)));
      } else if (!word.isEmpty()) {
        keys.add(key(word));
      }
    }
    keys.remove("");
    keys.removeAll(kept);
    keys.forEach(key -> expect(key.charAt(0)));
    for (int c = 0; c < mayBegin.length; c++) {
      mayBegin[c] |= c <= ' ' || c == 0x7f || BEFORE.indexOf(c) >= 0;
    }
  }

  /** MySQL's "zero" date, which databases and exports write for no time, in the orders and with the marks of days. */
  private static List<String> noTimes() {
    List<String> days =
        List.of(
            "0000-00-00", "0000/00/00", "0000.00.00", "00000000", "00-00-0000", "00/00/0000",
            "00.00.0000");
    List<String> times =
        List.of("", "00:00", "00:00:00", "00:00:00.0", "00:00:00.000", "00:00:00.000000", "000000");
    List<String> found = new ArrayList<>();
    for (String day : days) {
      for (String time : times) {
        found.add(day + time); // a space between does not count
        found.add(day + "T" + time);
        found.add(day + "T" + time + "Z");
      }
    }
    return found;
  }

  private void expect(char first) {
    if (first < mayBegin.length) {
      mayBegin[first] = true;
      mayBegin[Character.toUpperCase(first)] = true;
    } else {
      syllables.add((int) first);
    }
  }

  /** Whether the cell says such a word and nothing else. */
  boolean has(UTF8String cell) {
    int size = cell.numBytes();
    return size > 0 && size <= MOST_BYTES && !keys.isEmpty() && mayBe(cell)
        && keys.contains(key(cell.toString()));
  }

  /** A look at the first character: nearly all cells are done with by that. */
  private boolean mayBe(UTF8String cell) {
    byte first = Chars.byteAt(cell, 0);
    if (first >= 0) {
      return mayBegin[first];
    }
    return !Chars.isSyllable(cell, 0) || syllables.contains(Chars.codeOfThree(cell, 0));
  }

  /** Small letters of usual width, without space, brackets and quotes around; any dashes as one. */
  private static String key(String word) {
    String usual = Normalizer.normalize(word, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    StringBuilder key = new StringBuilder(usual.length());
    for (int i = 0; i < usual.length(); i++) {
      if (!Chars.isBlank(usual.charAt(i))) {
        key.append(usual.charAt(i));
      }
    }
    String bare = unwrapped(key.toString());
    return !bare.isEmpty() && bare.chars().allMatch(c -> isDash((char) c)) ? "-" : bare;
  }

  private static String unwrapped(String key) {
    int start = 0;
    int end = key.length();
    while (end - start >= 2) {
      int bracket = OPENING.indexOf(key.charAt(start));
      if (bracket < 0 || CLOSING.charAt(bracket) != key.charAt(end - 1)) {
        break;
      }
      start++;
      end--;
    }
    return key.substring(start, end);
  }

  /** Dashes of Unicode, the minus sign, and the Hangul vowel that is typed for a dash. */
  private static boolean isDash(char c) {
    return Character.getType(c) == Character.DASH_PUNCTUATION || c == 0x2212 || c == 0x3161
        || c == 0x1173; // U+3161 in NFKC
  }
}
