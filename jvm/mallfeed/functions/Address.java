package mallfeed.functions;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.address(cell, scheme, root, folder, page)`: an absolute, percent-encoded web address, or
* null if the cell cannot be one.
 *
 * <p>Relative addresses are completed with: `//host` the scheme, `/path` the root, `?query` the page,
 * anything else the folder (with its slash); all but the scheme are null if the catalog has no base.
 */
public final class Address extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final int MOST_PORT = 65_535;
  private static final String PATH = "A-Za-z0-9\\-._~:/?#@!$&'()*+,;=";
  private static final Pattern SPLIT =
      Pattern.compile("^(https?)://([^/?#]*+)(.*)$", Pattern.CASE_INSENSITIVE);
  private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern HOST =
      Pattern.compile("^" + LABEL + "(?:[.]" + LABEL + ")*+[.]?(?::([0-9]{1,5}))?$");
  private static final Pattern ABSOLUTE =
      Pattern.compile("^https?://", Pattern.CASE_INSENSITIVE);
  private static final Pattern WWW = Pattern.compile("^www[.][^/]", Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*+:");
  private static final Pattern THIS_FOLDER = Pattern.compile("^(?:[.]/)++");
  private static final Pattern PERCENT_ALONE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
  private static final Pattern TO_ENCODE = Pattern.compile("[^" + PATH + "%]++");

  Address() {
    super("address", TEXT, TEXT, TEXT, TEXT, TEXT, TEXT);
  }

  /** The cell itself if there is nothing to do. */
  public static UTF8String invoke(
      UTF8String cell, UTF8String scheme, UTF8String root, UTF8String folder, UTF8String page) {
    if (cell == null || ReadyAddress.is(cell)) {
      return cell;
    }
    String value = Chars.trimmed(visible(Entities.withoutAmp(cell.toString())), " ");
    String absolute = absolute(value, scheme, root, folder, page);
    return absolute == null ? null : Chars.filled(assembled(absolute));
  }

  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean dropped = c == '\t' || c == '\r' || c == '\n' || Chars.isControl(c);
      if (!dropped && !Chars.isInvisible(c)) {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String absolute(
      String value, UTF8String scheme, UTF8String root, UTF8String folder, UTF8String page) {
    if (ABSOLUTE.matcher(value).find()) {
      return value;
    }
    if (WWW.matcher(value).find()) {
      return "https://" + value;
    }
    if (value.startsWith("//")) {
      boolean host = value.length() > 2 && value.charAt(2) != '/';
      return host ? scheme + ":" + value : null;
    }
    // Any other scheme (javascript:, data:, ftp:, mailto:) is not a web address.
    if (OTHER_SCHEME.matcher(value).find() || root == null) {
      return null;
    }
    if (value.startsWith("/")) {
      return root + value;
    }
    if (value.startsWith("?")) {
      return page + value;
    }
    if (value.isEmpty() || value.startsWith("#")) {
      return null;
    }
    return folder + THIS_FOLDER.matcher(value).replaceFirst("");
  }

  private static String assembled(String absolute) {
    Matcher parts = SPLIT.matcher(absolute);
    if (!parts.find()) {
      return null;
    }
    String host = Punycode.host(parts.group(2).toLowerCase(Locale.ROOT));
    Matcher fits = HOST.matcher(host);
    if (!fits.find() || !isPort(fits.group(1))) {
      return null;
    }
    return parts.group(1).toLowerCase(Locale.ROOT) + "://" + host + encoded(parts.group(3));
  }

  private static boolean isPort(String digits) {
    if (digits == null) {
      return true;
    }
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= MOST_PORT;
  }

  /** Path, query and fragment, with what was not percent-encoded yet encoded, and nothing else. */
  private static String encoded(String rest) {
    String sure = PERCENT_ALONE.matcher(rest).replaceAll("%25");
    return TO_ENCODE
        .matcher(sure)
        .replaceAll(
            piece ->
                Matcher.quoteReplacement(
                    URLEncoder.encode(piece.group(), StandardCharsets.UTF_8).replace("+", "%20")));
  }
}
