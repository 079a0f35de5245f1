package mallfeed.functions;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.moment(cell, format, zone)`: microseconds since 1970, null if the cell does not match.
 *
 * <p>`format` is `iso8601` (`2026-11-22`, `2026-11-22 09:00`, `2026-11-22T09:00:00.5+09:00`,
 * `20261122`, `20261122T090000`), `epoch_seconds`, `epoch_millis`, or `spreadsheet_days`: days since 1899-12-30, as
 * spreadsheets count them (ECMA-376, part 1, 18.17.4.1). `zone` applies to texts without one.
 */
public final class Moment extends ValueFunction {
  private static final long serialVersionUID = 1L;
  private static final String USUAL = "0000-00-00 00:00:00";
  private static final Pattern EXTENDED =
      Pattern.compile(
          "^([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
              + "(?: ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?))?)?$");
  private static final Pattern BASIC =
      Pattern.compile(
          "^([0-9]{4})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})([0-9]{2})([0-9]{2})()())?$");
  private static final Pattern SECONDS = Pattern.compile("^[0-9]{1,11}(?:[.][0-9]{1,6})?$");
  private static final Pattern MILLIS = Pattern.compile("^([0-9]{10,14})(?:[.]0*+)?$");
  private static final Pattern DAYS = Pattern.compile("^([0-9]{1,6})(?:[.]([0-9]{1,12}))?$");
  private static final LocalDate FIRST_DAY = LocalDate.of(1899, 12, 30);
  private static final int SECONDS_OF_DAY = 86_400;
  private static final PerLiteral<ZoneId> ZONES = new PerLiteral<>(ZoneId::of);
  private static final UTF8String ISO_8601 = UTF8String.fromString("iso8601");
  private static final UTF8String EPOCH_SECONDS = UTF8String.fromString("epoch_seconds");
  private static final UTF8String SPREADSHEET_DAYS = UTF8String.fromString("spreadsheet_days");

  Moment() {
    super("moment", DataTypes.TimestampType, TEXT, TEXT, TEXT);
  }

  /** In UTC. */
  public static Long invoke(UTF8String cell, UTF8String format, UTF8String zone) {
    if (cell == null) {
      return null;
    }
    if (format.equals(ISO_8601)) {
      return isUsual(cell) ? usual(cell, ZONES.of(zone)) : iso8601(cell.toString(), ZONES.of(zone));
    }
    String text = cell.toString();
    if (format.equals(SPREADSHEET_DAYS)) {
      return days(text, ZONES.of(zone));
    }
    return format.equals(EPOCH_SECONDS) ? seconds(text) : millis(text);
  }

  /** Whether it is `2026-11-22 09:00:00`, also with a T. */
  private static boolean isUsual(UTF8String cell) {
    if (cell.numBytes() != USUAL.length()) {
      return false;
    }
    for (int i = 0; i < USUAL.length(); i++) {
      byte b = Chars.byteAt(cell, i);
      char wanted = USUAL.charAt(i);
      boolean fits = wanted == '0' ? b >= '0' && b <= '9' : b == wanted || wanted == ' ' && b == 'T';
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static Long usual(UTF8String cell, ZoneId zone) {
    try {
      LocalDateTime local =
          LocalDateTime.of(
              two(cell, 0) * 100 + two(cell, 2), two(cell, 5), two(cell, 8),
              two(cell, 11), two(cell, 14), two(cell, 17));
      return local.atZone(zone).toEpochSecond() * 1_000_000;
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  private static int two(UTF8String cell, int at) {
    return (Chars.byteAt(cell, at) - '0') * 10 + Chars.byteAt(cell, at + 1) - '0';
  }

  private static Long seconds(String text) {
    return SECONDS.matcher(text).find()
        ? (Long) new BigDecimal(text).movePointRight(6).longValue()
        : null;
  }

  private static Long millis(String text) {
    Matcher found = MILLIS.matcher(text);
    return found.find() ? (Long) (Long.parseLong(found.group(1)) * 1_000) : null;
  }

  /** To the second: a part of a day is no whole number of them. */
  private static Long days(String text, ZoneId zone) {
    Matcher found = DAYS.matcher(text);
    if (!found.find()) {
      return null;
    }
    String part = found.group(2) == null ? "0" : found.group(2);
    long seconds = Math.round(Double.parseDouble("0." + part) * SECONDS_OF_DAY);
    LocalDate day = FIRST_DAY.plusDays(Long.parseLong(found.group(1)));
    return day.atStartOfDay().plusSeconds(seconds).atZone(zone).toEpochSecond() * 1_000_000;
  }

  private static Long iso8601(String text, ZoneId zone) {
    Matcher found = EXTENDED.matcher(text);
    if (!found.find()) {
      found = BASIC.matcher(text);
      if (!found.find()) {
        return null;
      }
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(found, 1), number(found, 2), number(found, 3),
              number(found, 4), number(found, 5), number(found, 6));
      String offset = found.group(8);
      ZoneId there = offset == null || offset.isEmpty() ? zone : ZoneOffset.of(offset);
      return local.atZone(there).toEpochSecond() * 1_000_000 + micros(found.group(7));
    } catch (DateTimeException noSuchTime) {
      return null;
    }
  }

  private static int number(Matcher found, int group) {
    String digits = found.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** Microseconds of a fraction of a second; anything finer is cut. */
  private static int micros(String fraction) {
    if (fraction == null || fraction.isEmpty()) {
      return 0;
    }
    return Integer.parseInt((fraction + "00000").substring(0, 6));
  }
}
