package mallfeed.functions;

import java.text.Normalizer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * International host names in ASCII (RFC 3492).
 *
 * <p>java.net.IDN implements IDNA 2003: it changes `faß.de` into another name, and raises on names that it
 * rejects. Today's browsers (IDNA 2008) keep such letters.
 */
final class Punycode {
  private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int FIRST_BIAS = 72;
  private static final int FIRST_CODE = 128;
  private static final Pattern LABEL = Pattern.compile("^[\\p{L}\\p{N}\\p{M}-]{1,63}$");
  private static final Pattern ENDS = Pattern.compile("[.。]");

  private Punycode() {}

  /** The host with its labels in ASCII; what cannot be a label stays, and is rejected later. */
  static String host(String host) {
    if (isAscii(host)) {
      return host;
    }
    int colon = host.indexOf(':');
    String name = colon < 0 ? host : host.substring(0, colon);
    String port = colon < 0 ? "" : host.substring(colon);
    return ENDS.splitAsStream(name + "\0").map(Punycode::label).collect(Collectors.joining("."))
            .replace("\0", "")
        + port;
  }

  private static String label(String label) {
    String bare = label.replace("\0", "");
    if (isAscii(bare) || !LABEL.matcher(bare).find()) {
      return label;
    }
    return "xn--" + encoded(Normalizer.normalize(bare, Normalizer.Form.NFC));
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /** The label in Punycode (RFC 3492, section 6.3). */
  private static String encoded(String label) {
    int[] points = label.codePoints().toArray();
    StringBuilder out = new StringBuilder();
    label.codePoints().filter(c -> c < FIRST_CODE).forEach(out::appendCodePoint);
    int basic = out.length();
    if (basic > 0) {
      out.append('-');
    }
    int code = FIRST_CODE;
    int delta = 0;
    int bias = FIRST_BIAS;
    for (int handled = basic; handled < points.length; ) {
      int least = Integer.MAX_VALUE;
      for (int point : points) {
        least = point >= code && point < least ? point : least;
      }
      delta += (least - code) * (handled + 1);
      code = least;
      for (int point : points) {
        delta += point < code ? 1 : 0;
        if (point == code) {
          append(out, delta, bias);
          bias = adapted(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      code++;
    }
    return out.toString();
  }

  /** A generalised variable-length integer (section 3.3). */
  private static void append(StringBuilder out, int delta, int bias) {
    int rest = delta;
    for (int k = BASE; ; k += BASE) {
      int threshold = Math.max(T_MIN, Math.min(T_MAX, k - bias));
      if (rest < threshold) {
        out.append(DIGITS.charAt(rest));
        return;
      }
      out.append(DIGITS.charAt(threshold + (rest - threshold) % (BASE - threshold)));
      rest = (rest - threshold) / (BASE - threshold);
    }
  }

  /** The bias after an insertion (section 6.1). */
  private static int adapted(int delta, int points, boolean first) {
    int rest = first ? delta / DAMP : delta / 2;
    rest += rest / points;
    int k = 0;
    while (rest > (BASE - T_MIN) * T_MAX / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
  }
}
