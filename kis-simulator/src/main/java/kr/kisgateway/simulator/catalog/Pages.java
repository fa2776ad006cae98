package kr.kisgateway.simulator.catalog;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;

/**
 * The position of an answer among its pages (연속조회). The context contains the first row of the next page and a check, so
 * that a context of another call or an invalid one is recognised and restarts at the first page.
 *
 * @param from the first row of this page
 * @param to behind its last row
 * @param more whether rows are left
 */
record Pages(RestCall call, int from, int to, boolean more, Map<String, String> context) {
    private static final Pattern TOKEN = Pattern.compile("R([0-9]{6})([0-9a-f]{8})");
    private static final Pattern WIDTH = Pattern.compile("[0-9]+$");

    static Pages of(CatalogRequest request, int pageRows, int total, long seed) {
        RestCall call = request.call();
        RestCall.Paging paging = call.paging().orElseThrow();
        String carrier = carrier(paging);
        String sentContext = request.param(carrier.toUpperCase(Locale.ROOT));
        boolean isContinuation = request.isContinuation() || !paging.header() && !sentContext.isEmpty();
        int from = isContinuation ? Math.min(row(sentContext, call, seed).orElse(0), total) : 0;
        int to = Math.min(from + pageRows, total);
        boolean more = to < total;
        Map<String, String> context = new LinkedHashMap<>();
        for (String key : paging.keys()) {
            String text = key.equals(carrier) ? (more ? token(to, call, seed) : "") : request.param("CANO");
            context.put(key.toLowerCase(Locale.ROOT), padToWidth(text, key));
        }
        return new Pages(call, from, to, more, context);
    }

    /** The header: M with more, on the first page too, E last of several, D the only one; empty where there is none. */
    String trCont() {
        if (!call.paging().orElseThrow().header()) {
            return "";
        }
        return more ? "M" : from == 0 ? "D" : "E";
    }

    /** The key with the position; of a pair the other one echoes the request. */
    private static String carrier(RestCall.Paging paging) {
        return paging.keys().stream()
                .filter(key -> key.contains("NK"))
                .findFirst()
                .orElse(paging.keys().getFirst());
    }

    private static OptionalInt row(String context, RestCall call, long seed) {
        Matcher token = TOKEN.matcher(context);
        return token.matches() && token.group(2).equals(check(token.group(1), call, seed))
                ? OptionalInt.of(Integer.parseInt(token.group(1)))
                : OptionalInt.empty();
    }

    private static String token(int row, RestCall call, long seed) {
        String digits = "%06d".formatted(row);
        return "R" + digits + check(digits, call, seed);
    }

    private static String check(String digits, RestCall call, long seed) {
        return "%08x".formatted(SeededDraw.of(seed).with(call.id()).with(digits).below(1L << 32));
    }

    /** {@code CTX_AREA_NK100} is padded with spaces to 100, a key without a number is not padded. */
    private static String padToWidth(String text, String key) {
        Matcher width = WIDTH.matcher(key);
        return width.find() ? text + " ".repeat(Math.max(0, Integer.parseInt(width.group()) - text.length())) : text;
    }
}
