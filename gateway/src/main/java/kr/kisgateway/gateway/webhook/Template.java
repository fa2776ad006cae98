package kr.kisgateway.gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;

/**
 * A text with values of an alert in it: {@code {/ticker}} stands for the alert's value at that JSON pointer, all other
 * characters for themselves. There is nothing else, so that a reader sees what an alert becomes.
 *
 * @param text as it was written
 */
record Template(String text, List<Part> parts) {
    /** The alert's member with the webhook's secret, which no order may contain. */
    static final String SECRET = "/secret";

    private static final int LENGTH_MAX = 200;

    Template {
        parts = List.copyOf(parts);
    }

    /** A part of a template. */
    sealed interface Part {
        /** Characters that stand for themselves. */
        record Literal(String text) implements Part {}

        /** The alert's value at a JSON pointer. */
        record Value(String pointer) implements Part {}
    }

    /**
     * Parses a template.
     *
     * @param field whose template it is, for the refusal
     * @throws RefusedException naming the field and the position of the error, counted from 1
     */
    static Template parse(String field, String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            throw bad(field, 1, "must have 1 to " + LENGTH_MAX + " characters");
        }
        var parts = new ArrayList<Part>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int end = open < 0 ? text.length() : open;
            int stray = text.indexOf('}', at);
            if (stray >= 0 && stray < end) {
                throw bad(field, stray + 1, "has a } without {");
            }
            if (end > at) {
                parts.add(new Part.Literal(text.substring(at, end)));
            }
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw bad(field, open + 1, "has a { without }");
            }
            parts.add(new Part.Value(pointer(field, text.substring(open + 1, close), open + 2)));
            at = close + 1;
        }
        return new Template(text, parts);
    }

    /** @param position of its first character */
    private static String pointer(String field, String text, int position) {
        if (text.startsWith("{")) {
            throw bad(
                    field,
                    position,
                    "has {{; {{ticker}} of TradingView belongs into its message, here {/ticker} names the message's member");
        }
        if (!text.startsWith("/") || text.length() == 1) {
            throw bad(field, position, "needs a JSON pointer, as {/ticker}");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = c == '~' && (i + 1 == text.length() || "01".indexOf(text.charAt(i + 1)) < 0);
            if (c == '{' || escape) {
                throw bad(field, position + i, "needs a JSON pointer, in which ~ is written ~0 and / is ~1");
            }
        }
        if (text.equals(SECRET)) {
            throw bad(field, position, "must not use the secret");
        }
        return text;
    }

    /** Whether it has a value of the alert. */
    boolean isVariable() {
        return parts.stream().anyMatch(Part.Value.class::isInstance);
    }

    /**
     * The text for an alert.
     *
     * @throws RefusedException naming the alert's member that is absent, empty or no value
     */
    String render(String field, RequestBody alert) {
        var rendered = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String literal) -> rendered.append(literal);
                case Part.Value(String pointer) ->
                    rendered.append(alert.valueAt(pointer)
                            .filter(value -> !value.isBlank())
                            .orElseThrow(() -> new RefusedException(Refusal.of(
                                            ErrorCode.MISSING_FIELD,
                                            "The alert has no value at \"" + pointer + "\", which " + field + " takes.")
                                    .with("field", pointer))));
            }
        }
        return rendered.toString();
    }

    private static RefusedException bad(String field, int position, String what) {
        return new RefusedException(Refusal.of(
                        ErrorCode.INVALID_FIELD,
                        "The template \"" + field + "\" " + what + ", at position " + position + ".")
                .with("field", field)
                .with("position", position));
    }
}
