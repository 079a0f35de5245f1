package mallfeed.functions;

import org.apache.spark.unsafe.types.UTF8String;

/**
* Whether an address needs no change: http(s), a lower-case host without a port, and after it only
 * characters that a URL may contain, `%` with two hexadecimal digits.
 */
final class ReadyAddress {
  private static final int MOST_LABEL = 63;
  private static final boolean[] SAFE = new boolean[128];

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      SAFE[c] = true;
      SAFE[Character.toUpperCase(c)] = true;
    }
    for (char c : "0123456789!#$'()*+,-./:;=?@_~".toCharArray()) {
      SAFE[c] = true;
    }
  }

  private ReadyAddress() {}

  static boolean is(UTF8String url) {
    int at = afterScheme(url);
    int end = at < 0 ? -1 : afterHost(url, at);
    return end >= 0 && isSafe(url, end);
  }

  private static int afterScheme(UTF8String url) {
    if (url.numBytes() < 8) {
      return -1;
    }
    int colon = Chars.byteAt(url, 4) == 's' ? 5 : 4;
    boolean http =
        Chars.byteAt(url, 0) == 'h' && Chars.byteAt(url, 1) == 't' && Chars.byteAt(url, 2) == 't'
            && Chars.byteAt(url, 3) == 'p' && Chars.byteAt(url, colon) == ':'
            && Chars.byteAt(url, colon + 1) == '/' && Chars.byteAt(url, colon + 2) == '/';
    return http ? colon + 3 : -1;
  }

  /** Where the host ends, or -1: labels of up to 63 letters, digits, `_` and inner `-`; a final dot. */
  private static int afterHost(UTF8String url, int from) {
    int size = url.numBytes();
    int label = 0;
    int i = from;
    byte last = '.';
    for (; i < size; i++) {
      byte b = Chars.byteAt(url, i);
      if (b == '/' || b == '?' || b == '#') {
        break;
      }
      if (b == '.') {
        if (label == 0 || last == '-') {
          return -1;
        }
        label = 0;
      } else if (isWord(b) || b == '-' && label > 0) {
        if (++label > MOST_LABEL) {
          return -1;
        }
      } else {
        return -1;
      }
      last = b;
    }
    return i == from || last == '-' ? -1 : i;
  }

  private static boolean isWord(byte b) {
    return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_';
  }

  private static boolean isSafe(UTF8String url, int from) {
    int size = url.numBytes();
    for (int i = from; i < size; i++) {
      byte b = Chars.byteAt(url, i);
      if (b == '%') {
        if (i + 2 >= size || !isHex(Chars.byteAt(url, i + 1)) || !isHex(Chars.byteAt(url, i + 2))) {
          return false;
        }
      } else if (b == '&') {
        if (isEscaped(url, i + 1, size)) {
          return false;
        }
      } else if (b < 0 || !SAFE[b]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHex(byte b) {
    return b >= '0' && b <= '9' || b >= 'a' && b <= 'f' || b >= 'A' && b <= 'F';
  }

  /** Whether `amp;` follows the ampersand, in either case. */
  private static boolean isEscaped(UTF8String url, int i, int size) {
    return i + 3 < size && (Chars.byteAt(url, i) | 0x20) == 'a' && (Chars.byteAt(url, i + 1) | 0x20) == 'm'
        && (Chars.byteAt(url, i + 2) | 0x20) == 'p' && Chars.byteAt(url, i + 3) == ';';
  }
}
