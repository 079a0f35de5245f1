package mallfeed.functions;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Kinds of characters. All of them are in the Basic Multilingual Plane. */
final class Chars {
  private Chars() {}

  /** Every character that people type or paste for "space", line breaks and tabs included. */
  static boolean isSpace(char c) {
    if (c <= ' ') {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    if (c < 0x85) {
      return false;
    }
    return c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028
        || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
  }

  /** A line break other than LF and CR. */
  static boolean isRareBreak(char c) {
    return c == 0x0b || c == 0x0c || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /** Control characters other than white space. */
  static boolean isControl(char c) {
    return c <= 0x08 || (c >= 0x0e && c <= 0x1f) || (c >= 0x7f && c <= 0x9f && c != 0x85);
  }

  /**
   * Characters that show nothing: zero width, direction marks, soft hyphen, byte order mark, fillers,
   * variation of controls.
   */
  static boolean isInvisible(char c) {
    if (c < 0xad) {
      return false;
    }
    if (c < 0x2000) {
      return c == 0xad || c == 0x34f || c == 0x61c || c == 0x115f || c == 0x1160 || c == 0x17b4
          || c == 0x17b5 || c == 0x180e;
    }
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2060 && c <= 0x206f) || c == 0x3164 || c == 0xfeff || c == 0xffa0 || c >= 0xfff9;
  }

  /** Whether the character is invisible. */
  static boolean isBlank(char c) {
    return isSpace(c) || isControl(c) || isInvisible(c);
  }

  /** The byte at that position of the text. */
  static byte byteAt(UTF8String text, int place) {
    return Platform.getByte(text.getBaseObject(), text.getBaseOffset() + place);
  }

  /** The first byte that is no white space of ASCII; 0 if there is none. */
  static byte firstFilled(UTF8String text) {
    for (int i = 0; i < text.numBytes(); i++) {
      byte b = byteAt(text, i);
      if (b != ' ' && (b < '\t' || b > '\r')) {
        return b;
      }
    }
    return 0;
  }

  /** Visible ASCII. */
  static boolean isVisibleAscii(int b) {
    return b > ' ' && b < 0x7f;
  }

  /** Whether the three bytes from that position on are a Hangul syllable, U+AC00 to U+D7A3. */
  static boolean isSyllable(UTF8String text, int at) {
    int first = byteAt(text, at) & 0xff;
    if (first < 0xea || first > 0xed || at + 3 > text.numBytes()) {
      return false;
    }
    int code = codeOfThree(text, at);
    return code >= 0xac00 && code <= 0xd7a3;
  }

  /** The code point of the three bytes from that position on. */
  static int codeOfThree(UTF8String text, int at) {
    return (byteAt(text, at) & 0x0f) << 12
        | (byteAt(text, at + 1) & 0x3f) << 6
        | (byteAt(text, at + 2) & 0x3f);
  }

  /** The first characters (code points) of a text. */
  static String left(String text, int characters) {
    if (text.length() <= characters) {
      return text;
    }
    int count = text.codePointCount(0, text.length());
    return count <= characters ? text : text.substring(0, text.offsetByCodePoints(0, characters));
  }

  /** The text without such characters at its ends. */
  static String trimmed(String text, String these) {
    int start = 0;
    int end = text.length();
    while (start < end && these.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && these.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Null instead of an empty text. */
  static UTF8String filled(String text) {
    return text == null || text.isEmpty() ? null : UTF8String.fromString(text);
  }
}
