package mallfeed.functions;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.translate.EntityArrays;

/** HTML entities: named (HTML 4), decimal, hexadecimal, and escaped twice or more. */
final class Entities {
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,9}));");
  // &amp;amp;nbsp; and &#38;nbsp; are &nbsp; escaped again: any depth becomes one ampersand.
  private static final Pattern ESCAPED_AGAIN =
      Pattern.compile("&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,5}26);)++");
  private static final Pattern UNENDED = Pattern.compile("&(nbsp|amp|lt|gt|quot)(?![A-Za-z0-9;=])");
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final Map<String, String> NAMED = new HashMap<>();

  static {
    for (Map<CharSequence, CharSequence> some :
        java.util.List.of(
            EntityArrays.BASIC_UNESCAPE,
            EntityArrays.APOS_UNESCAPE,
            EntityArrays.ISO8859_1_UNESCAPE,
            EntityArrays.HTML40_EXTENDED_UNESCAPE)) {
      some.forEach((entity, meant) -> NAMED.put(name(entity.toString()), meant.toString()));
    }
    for (String shouted : new String[] {"LT", "GT", "QUOT", "NBSP", "AMP"}) {
      NAMED.put(shouted, NAMED.get(shouted.toLowerCase(java.util.Locale.ROOT)));
    }
  }

  private Entities() {}

  private static String name(String entity) {
    return entity.substring(1, entity.length() - 1);
  }

  /** The text with its entities replaced by what they stand for; unknown ones stay. */
  static String unescaped(String text) {
    if (text.indexOf('&') < 0) {
      return text;
    }
    String plain = withoutAmp(UNENDED.matcher(text).replaceAll("&$1;"));
    return ENTITY.matcher(plain).replaceAll(found -> Matcher.quoteReplacement(meant(found)));
  }

  /** `&amp;` back to `&`, as URLs copied from HTML need it. */
  static String withoutAmp(String text) {
    return text.indexOf('&') < 0 ? text : ESCAPED_AGAIN.matcher(text).replaceAll("&");
  }

  /** The text with a space within each entity that `unescaped` would replace. */
  static String broken(String text) {
    if (text.indexOf('&') < 0) {
      return text;
    }
    return ENTITY.matcher(text).replaceAll(found -> Matcher.quoteReplacement(taken(found)));
  }

  private static String taken(java.util.regex.MatchResult found) {
    boolean known = found.group(3) == null || NAMED.containsKey(found.group(3));
    return known ? "& " + found.group().substring(1) : found.group();
  }

  private static String meant(java.util.regex.MatchResult found) {
    if (found.group(1) != null) {
      return character(Integer.parseInt(found.group(1)));
    }
    if (found.group(2) != null) {
      return character(Integer.parseInt(found.group(2), 16));
    }
    return NAMED.getOrDefault(found.group(3), found.group());
  }

  /** The character, or nothing if there is none; 128 to 159 mean Windows-1252, as browsers read them. */
  private static String character(int code) {
    if (code >= 128 && code < 160) {
      return new String(new byte[] {(byte) code}, WINDOWS).replace("\ufffd", "");
    }
    boolean valid = code > 0 && code < 0xd800 || code >= 0xe000 && code <= 0x10ffff;
    return valid ? Character.toString(code) : "";
  }
}
