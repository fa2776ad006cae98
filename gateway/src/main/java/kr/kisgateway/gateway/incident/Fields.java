package kr.kisgateway.gateway.incident;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Names and values as one text, as {@code level=P1 subject="K1 ORDERS"}: a value with another character than those of words is quoted. */
final class Fields {
    private static final char QUOTE = '"';
    private static final char ESCAPE = '\\';

    private final SequencedMap<String, String> values = new LinkedHashMap<>();

    Fields with(String name, String value) {
        if (!value.isEmpty()) {
            values.put(name, value);
        }
        return this;
    }

    String text(String name) {
        return values.getOrDefault(name, "");
    }

    Map<String, String> values() {
        return Map.copyOf(values);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        values.forEach((name, value) -> {
            text.append(text.isEmpty() ? "" : " ").append(name).append('=');
            append(text, value);
        });
        return text.toString();
    }

    private static void append(StringBuilder text, String value) {
        if (value.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_-./:+".indexOf(c) >= 0)) {
            text.append(value);
            return;
        }
        text.append(QUOTE);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == QUOTE || c == ESCAPE) {
                text.append(ESCAPE);
            }
            text.append(c);
        }
        text.append(QUOTE);
    }

    /** The fields of a text; one that was cut off has what is complete, and its last value as far as it goes. */
    static Fields parse(String text) {
        var fields = new Fields();
        int at = 0;
        while (at < text.length()) {
            int equals = text.indexOf('=', at);
            if (equals < 0) {
                return fields;
            }
            var value = new StringBuilder();
            int next = equals + 1;
            if (next < text.length() && text.charAt(next) == QUOTE) {
                next = quoted(text, next + 1, value);
            } else {
                while (next < text.length() && text.charAt(next) != ' ') {
                    value.append(text.charAt(next++));
                }
            }
            fields.with(text.substring(at, equals).strip(), value.toString());
            at = next + 1;
        }
        return fields;
    }

    /** The position after the closing quote. */
    private static int quoted(String text, int from, StringBuilder value) {
        int at = from;
        while (at < text.length() && text.charAt(at) != QUOTE) {
            if (text.charAt(at) == ESCAPE && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        return at + 1;
    }
}
