package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.order.Order;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Formats values of the gateway's answers. */
final class Format {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter DAY_TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private Format() {}

    /** Any value: numbers with separators, lists with commas; absent and null are an empty text. */
    static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case JsonNode json -> value(ApiJson.read(json, Object.class));
            case Record record -> value(fields(record));
            case Optional<?> optional -> optional.map(Format::value).orElse("");
            case OptionalLong optional -> optional.isPresent() ? value(optional.getAsLong()) : "";
            case BigDecimal number -> formatNumber(number);
            case Number integer -> String.format(Locale.ROOT, "%,d", integer);
            case List<?> list -> {
                var parts = new StringJoiner(", ");
                list.forEach(one -> parts.add(one instanceof Map<?, ?> ? "{" + value(one) + "}" : plain(one)));
                yield parts.toString();
            }
            case Map<?, ?> map -> {
                var parts = new StringJoiner(", ");
                map.forEach((name, one) -> {
                    String text = value(one);
                    if (!text.isEmpty()) {
                        parts.add(name + " " + text);
                    }
                });
                yield parts.toString();
            }
            default -> value.toString();
        };
    }

    /** A number that identifies something, such as an order, has no separators. */
    private static String plain(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** The fields of a record under their names in the API, for displays of all there are. */
    static Map<String, Object> fields(Record record) {
        return ApiJson.object(ApiJson.text(record));
    }

    private static String formatNumber(BigDecimal number) {
        String text = number.stripTrailingZeros().toPlainString();
        int point = text.indexOf('.');
        String integerPart = point < 0 ? text : text.substring(0, point);
        String sign = integerPart.startsWith("-") ? "-" : "";
        return sign
                + String.format(
                        Locale.ROOT, "%,d", new BigDecimal(integerPart).abs().toBigInteger())
                + (point < 0 ? "" : text.substring(point));
    }

    /** {@code 0.30}, {@code -12.00}: two decimals always, so that a column of them is aligned. */
    static String twoDecimals(BigDecimal number) {
        return String.format(Locale.ROOT, "%,.2f", number);
    }

    /** A change in percent, with two decimals: {@code 0.30 %}. */
    static String percent(BigDecimal percent) {
        return twoDecimals(percent) + " %";
    }

    /** A rate in percent, such as a commission's: {@code 0.00 %}, {@code 0.0140527 %}; two decimals, and more where there are any. */
    static String rate(BigDecimal percent) {
        return String.format(
                Locale.ROOT, "%,." + Math.max(2, percent.stripTrailingZeros().scale()) + "f %%", percent);
    }

    /** An amount in a currency: dollars as {@link #dollars}, won as any number. */
    static String money(String currency, Object amount) {
        return currency.equals("USD") ? dollars(amount) : value(amount);
    }

    /** The price of an order, in a currency; {@code market} without one. */
    static String price(String currency, Optional<BigDecimal> price) {
        return price.map(it -> money(currency, it)).orElse("market");
    }

    /** The currency of the prices of a symbol: one of the US names its exchange. */
    static String currencyOf(String symbol) {
        return symbol.indexOf('.') < 0 ? "KRW" : "USD";
    }

    /** {@code $1,187.34}, {@code -$0.50}, {@code $0.1234}: cents always, more digits where there are any. */
    static String dollars(Object amount) {
        return switch (amount) {
            case Optional<?> optional -> optional.map(Format::dollars).orElse("");
            case BigDecimal exact -> {
                BigDecimal shown = exact.stripTrailingZeros();
                yield (exact.signum() < 0 ? "-$" : "$")
                        + String.format(Locale.ROOT, "%,." + Math.max(2, shown.scale()) + "f", shown.abs());
            }
            default -> value(amount);
        };
    }

    /** An instant, in UTC or with an offset, in Seoul's time to the second; any other text unchanged. */
    static String seoulTime(String text) {
        if (text.length() < 20 || text.charAt(10) != 'T') {
            return text;
        }
        try {
            return Instant.parse(text).atZone(SEOUL).format(MOMENT);
        } catch (DateTimeParseException e) {
            return text; // not an instant after all
        }
    }

    /** {@code 2026-11-20 17:46:08} in Seoul, also of a time that was typed with another offset. */
    static String dateTime(OffsetDateTime time) {
        return MOMENT.format(time.atZoneSameInstant(SEOUL));
    }

    /** Short, for lists: of today {@code 17:46:08}, of another day {@code 11-20 17:46}, of another year {@code 2026-11-20}. */
    static String listTime(OffsetDateTime time, Instant now) {
        var local = time.atZoneSameInstant(SEOUL);
        var today = now.atZone(SEOUL).toLocalDate();
        return (local.toLocalDate().equals(today) ? TIME : local.getYear() == today.getYear() ? DAY_TIME : DAY)
                .format(local);
    }

    /** As {@link #dateTime(OffsetDateTime)}; an empty text without a time. */
    static String dateTime(Optional<OffsetDateTime> time) {
        return time.map(Format::dateTime).orElse("");
    }

    /** Seconds since 1970 as {@code 2026-09-04 17:46:08} by the clock of the market with this currency. */
    static String marketTime(String currency, long epochSeconds) {
        return MOMENT.format(
                Instant.ofEpochSecond(epochSeconds).atZone(currency.equals("USD") ? Bars.NEW_YORK : SEOUL));
    }

    /** {@code 17:46:08}. */
    static String timeOfDay(OffsetDateTime time) {
        return TIME.format(time);
    }

    /** {@code BUY 10 005930 at 70,000}, {@code BUY 1 AAPL.NASD at $187.34}. */
    static String terms(Order order) {
        return order.side() + " " + value(order.qty()) + " " + order.symbol() + " at "
                + price(order.currency(), order.price());
    }

    /** An option of the command line as a parameter of a call. */
    static OptionalInt integer(Optional<Integer> option) {
        return option.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** As {@link #integer}. */
    static OptionalLong amount(Optional<Long> option) {
        return option.map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
