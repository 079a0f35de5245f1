package mallfeed.functions;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts text from markup. */
final class Markup {
  /** Characters of a cell that are read; anything after them is cut (and reported as too long). */
  static final int MAX_CELL = 100_000;

  private static final String NAMES =
      "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink"
          + "|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|data|datalist"
          + "|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font"
          + "|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label"
          + "|legend|li|link|main|map|mark|marquee|menu|meta|nav|nobr|noscript|object|ol|optgroup"
          + "|option|output|p|param|picture|pre|progress|q|rp|rt|ruby|s|samp|script|section|select"
          + "|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|template"
          + "|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr";

  // <NEW> and <무료배송> are words of a title, not tags: only names of HTML count, and what cannot be
  // anything else (a closing tag, a namespace, attributes).
  private static final String TAG_BODY =
      "(?:/?(?:" + NAMES + ")(?:[\\s/][^<>]*+)?>|/[a-z][^<>]*+>|[a-z][a-z0-9]*+[:-][^<>]*+>"
          + "|[a-z][a-z0-9]*+\\s[^<>=]*+=[^<>]*+>|!(?:--|doctype)[^<>]*+>?|!\\[CDATA\\[)";
  private static final Pattern TAG = Pattern.compile("(?i)<" + TAG_BODY);
  private static final Pattern TAG_START = Pattern.compile("(?i)<(?=" + TAG_BODY + ")");
  private static final Pattern HIDDEN =
      Pattern.compile(
          "(?is)<(?:(script|style|noscript|template)\\b[^<>]*+>.*?(?:</\\1\\s*+>|$)"
              + "|!--.*?(?:-->|$)|head\\b.*?(?:</head>|$))");
  private static final Pattern BLOCK =
      Pattern.compile(
          "(?i)</?(?:p|div|br|li|ul|ol|tr|table|h[1-6]|hr|dl|dt|dd|section|article|header|footer"
              + "|blockquote|pre|figure|figcaption|center|main|nav|form)(?:[\\s/][^<>]*+)?>");
  private static final Pattern CELL_END = Pattern.compile("(?i)</(?:td|th)\\s*+>");
  private static final Pattern BREAKS = Pattern.compile("[\\r\\n\\u2028\\u2029]++");

  private Markup() {}

  /** Without entities, controls and invisible characters. */
  static String decoded(String text) {
    return visible(Entities.unescaped(visible(text)));
  }

  /** Scripts, comments and tags removed; a block leaves a space. */
  static String untagged(String text) {
    if (text.indexOf('<') < 0) {
      return text;
    }
    return withoutTags(replaced(replaced(text, HIDDEN, " "), BLOCK, " "));
  }

  /** Like `untagged`, with a line break per block; if there are blocks, line breaks become spaces. */
  static String brokenAtBlocks(String text) {
    if (text.indexOf('<') < 0) {
      return text;
    }
    String flat = BLOCK.matcher(text).find() ? replaced(text, BREAKS, " ") : text;
    String blocks = replaced(replaced(flat, HIDDEN, " "), BLOCK, "\n");
    return withoutTags(replaced(blocks, CELL_END, " "));
  }

  /** What still looks like a tag or an entity after all that is broken up with a space. */
  static String harmless(String text) {
    String broken = text.indexOf('<') < 0 ? text : replaced(text, TAG_START, "< ");
    return Entities.broken(broken);
  }

  /** In NFC. */
  static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC); // the text itself if it already is
  }

  private static String visible(String text) {
    int first = 0;
    while (first < text.length() && !isUnseen(text.charAt(first))) {
      first++;
    }
    if (first == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      if (!isUnseen(text.charAt(i))) {
        out.append(text.charAt(i));
      }
    }
    return out.toString();
  }

  private static boolean isUnseen(char c) {
    return Chars.isControl(c) || Chars.isInvisible(c);
  }

  private static String withoutTags(String text) {
    return replaced(text, TAG, "").replace("]]>", "");
  }

  private static String replaced(String text, Pattern pattern, String replacement) {
    return pattern.matcher(text).replaceAll(Matcher.quoteReplacement(replacement));
  }
}
