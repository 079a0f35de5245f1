package mallfeed.functions;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Looks at each character of a text once: what does cleaning have to do? Most texts need nothing. */
final class LookAhead {
  /** Nothing to do at all. */
  static final int TIDY = 0;

  /** Spaces to be folded, and nothing else. */
  static final int SPACED = 1;

  /** Markup, entities, invisible or decomposed characters: the slow path. */
  static final int ANYTHING = 2;

  private LookAhead() {}

  /** What has to be done. */
  static int at(UTF8String text) {
    Object base = text.getBaseObject();
    long start = text.getBaseOffset();
    int size = text.numBytes();
    int found = size == 0 ? SPACED : TIDY;
    boolean spaceBefore = true;
    int i = 0;
    while (i < size) {
      int b = Platform.getByte(base, start + i);
      if (b > ' ' && b < 0x7f) {
        if ((b == '<' || b == '&') && !standsAlone(text, b, i + 1, size)) {
          return ANYTHING;
        }
        spaceBefore = false;
        i++;
      } else if (b >= 0) {
        if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
          return ANYTHING; // a control character
        }
        if (spaceBefore || b != ' ') {
          found = SPACED;
        }
        spaceBefore = true;
        i++;
      } else {
        int code = code(base, start + i, size - i);
        if (code == 0xa0 || code == 0x3000) {
          found = SPACED;
          spaceBefore = true;
        } else if (isUsual(code)) {
          spaceBefore = false;
        } else {
          return ANYTHING;
        }
        i += code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      }
    }
    return spaceBefore && found == TIDY ? SPACED : found;
  }

  /** An ampersand or a less-than sign that stands alone: no letter, number sign, slash or mark follows. */
  private static boolean standsAlone(UTF8String text, int b, int next, int size) {
    if (next == size) {
      return true;
    }
    int after = Chars.byteAt(text, next);
    boolean letter = after >= 'a' && after <= 'z' || after >= 'A' && after <= 'Z';
    return !letter && (b == '&' ? after != '#' : after != '/' && after != '!');
  }

  /** The code point that begins at that position, above ASCII; 0 if the bytes are invalid. */
  private static int code(Object base, long at, int left) {
    int first = Platform.getByte(base, at) & 0xff;
    if (first >= 0xe0 && first < 0xf0 && left > 2) {
      return (first & 0x0f) << 12 | next(base, at + 1) << 6 | next(base, at + 2);
    }
    if (first >= 0xc2 && first < 0xe0 && left > 1) {
      return (first & 0x1f) << 6 | next(base, at + 1);
    }
    return first >= 0xf0 && left > 3
        ? (first & 0x07) << 18 | next(base, at + 1) << 12 | next(base, at + 2) << 6
            | next(base, at + 3)
        : 0;
  }

  private static int next(Object base, long at) {
    return Platform.getByte(base, at) & 0x3f;
  }

  /** Not white space, invisible, decomposed, or another way to write a character (NFC). */
  private static boolean isUsual(int code) {
    if (code >= 0xac00) {
      return code <= 0xd7a3 || code >= 0xff01 && code <= 0xff9f
          || code >= 0x1f000 && code <= 0x1faff; // emoji and the like
    }
    if (code >= 0x3001) {
      return code <= 0x3098 || code >= 0x309b && code <= 0x3163 || code >= 0x3165 && code <= 0x9fff;
    }
    if (code < 0x2010) {
      return code >= 0xa1 && code <= 0xac || code >= 0xae && code <= 0x2ff;
    }
    return code <= 0x2027 || code >= 0x2030 && code <= 0x205e || code >= 0x2070 && code <= 0x20cf
        || code >= 0x2190 && code <= 0x2328 || code >= 0x232b && code <= 0x2adb
        || code >= 0x2add && code <= 0x2bff;
  }
}
