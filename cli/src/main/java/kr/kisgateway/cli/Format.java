package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** Formats values of the gateway's answers. */
final class Format {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private Format() {}

    /** Any value: numbers with separators, lists with commas; absent and null are an empty text. */
    static String value(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (node.isIntegralNumber()) {
            return String.format(Locale.ROOT, "%,d", node.bigIntegerValue());
        }
        if (node.isNumber()) {
            return formatNumber(node.decimalValue());
        }
        if (node.isArray()) {
            var parts = new StringJoiner(", ");
            node.forEach(one -> parts.add(one.isObject() ? "{" + value(one) + "}" : plain(one)));
            return parts.toString();
        }
        if (node.isObject()) {
            var parts = new StringJoiner(", ");
            node.forEachEntry((name, one) -> {
                String text = value(one);
                if (!text.isEmpty()) {
                    parts.add(name + " " + text);
                }
            });
            return parts.toString();
        }
        return node.asString();
    }

    /** A number that identifies something, such as an order, has no separators. */
    private static String plain(JsonNode node) {
        return node.isNull() ? "" : node.asString();
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

    /** An amount in the currency of {@code context}: dollars as {@link #dollars}, won as any number. */
    static String money(JsonNode context, JsonNode amount) {
        return context.path("currency").asString("").equals("USD") ? dollars(amount) : value(amount);
    }

    /** {@code $1,187.34}, {@code -$0.50}, {@code $0.1234}: cents always, more digits where there are any. */
    static String dollars(JsonNode amount) {
        if (!amount.isNumber()) {
            return value(amount);
        }
        BigDecimal exact = amount.decimalValue();
        BigDecimal shown = exact.stripTrailingZeros();
        return (exact.signum() < 0 ? "-$" : "$")
                + String.format(Locale.ROOT, "%,." + Math.max(2, shown.scale()) + "f", shown.abs());
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

    static String text(JsonNode node, String name) {
        return value(node.path(name));
    }

    /**
     * {@code 2026-11-20T17:46:08.659+09:00} as {@code 2026-11-20 17:46:08}: the gateway answers instants in Seoul's
     * time.
     */
    static String dateTime(JsonNode node, String name) {
        String text = node.path(name).asString("");
        return text.length() < 19 ? text : text.substring(0, 10) + " " + text.substring(11, 19);
    }

    /** Seconds since 1970 as {@code 2026-09-04 17:46:08} in Seoul's time. */
    static String ofEpochSecond(long epochSeconds) {
        return MOMENT.format(Instant.ofEpochSecond(epochSeconds).atZone(SEOUL));
    }

    /** {@code 17:46:08}. */
    static String timeOfDay(JsonNode node, String name) {
        String moment = dateTime(node, name);
        return moment.length() < 19 ? moment : moment.substring(11);
    }

    /** {@code BUY 10 005930 at 70,000}. */
    static String terms(JsonNode order) {
        return text(order, "side") + " " + text(order, "qty") + " " + text(order, "symbol") + " " + price(order, "at ");
    }

    static String price(JsonNode order, String before) {
        String price = text(order, "price");
        return price.isEmpty() ? "at market" : before + price;
    }
}
