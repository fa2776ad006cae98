package kr.kisgateway.gateway.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event as programs read it. The gateway logs {@code order_refused order={} code={} text="{}"}: the first word is the event, and
 * each {@code name=value} a field, whose value is the argument itself, whatever it contains. What else is in the text is the field
 * {@code text}.
 *
 * @param event its name; empty where the text does not begin with one
 * @param fields in their order; a {@link Number} or a {@link Boolean} as it is, anything else as text
 */
record EventFields(Optional<String> event, Map<String, Object> fields) {
    /** Fields of an event; further ones are left out. */
    static final int FIELDS_MAX = 32;

    private static final String TEXT = "text";
    private static final Pattern EVENT = Pattern.compile("[a-z][a-z0-9_]{1,63}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    EventFields {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /**
     * @param template with {@code {}} for each argument
     * @param arguments a last one that is an exception belongs to no place
     */
    static EventFields of(String template, @Nullable Object @Nullable [] arguments) {
        List<Word> words = words(template, arguments == null ? List.of() : Arrays.asList(arguments));
        if (words.isEmpty()) {
            return new EventFields(Optional.empty(), Map.of());
        }
        var fields = new LinkedHashMap<String, Object>();
        var rest = new StringBuilder();
        Optional<String> event = Optional.of(words.getFirst().text())
                .filter(first -> EVENT.matcher(first).matches());
        for (Word word : event.isPresent() ? words.subList(1, words.size()) : words) {
            if (word.name().isEmpty() || fields.size() == FIELDS_MAX) {
                rest.append(rest.isEmpty() ? "" : " ").append(word.text());
            } else if (fields.putIfAbsent(word.name().get(), word.value()) != null) {
                rest.append(rest.isEmpty() ? "" : " ").append(word.text());
            }
        }
        if (!rest.isEmpty()) {
            fields.merge(TEXT, rest.toString(), (one, more) -> one + " " + more);
        }
        return new EventFields(event, fields);
    }

    /**
     * A word of a template with its arguments filled in.
     *
     * @param name before its {@code =}; empty for one without
     * @param value behind it
     */
    private record Word(Optional<String> name, Object value, String text) {}

    /** Splits at the blanks of the template that are in no quotes; blanks of arguments split nothing. */
    private static List<Word> words(String template, List<@Nullable Object> arguments) {
        var words = new ArrayList<Word>();
        var word = new WordBuilder();
        int used = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c == '{' && i + 1 < template.length() && template.charAt(i + 1) == '}') {
                if (used < arguments.size()) {
                    word.argument(arguments.get(used));
                } else {
                    word.text.append("{}");
                }
                used++;
                i++;
            } else if (c == '"' && (word.quoted || word.opensQuote())) {
                word.quoted = !word.quoted;
                word.text.append(c);
            } else if (c == ' ' && !word.quoted) {
                word.addTo(words);
                word = new WordBuilder();
            } else {
                if (c == '=' && word.equalsAt < 0 && !word.quoted) {
                    word.equalsAt = word.text.length();
                }
                word.text.append(c);
            }
        }
        word.addTo(words);
        return words;
    }

    private static final class WordBuilder {
        private final StringBuilder text = new StringBuilder();
        private int equalsAt = -1;
        private boolean quoted;
        private Optional<Object> only = Optional.empty();
        /** Characters up to the end of the last argument. */
        private int length;

        /** A quote begins right behind the name's {@code =}. */
        boolean opensQuote() {
            return equalsAt == text.length() - 1;
        }

        void argument(@Nullable Object argument) {
            var value = String.valueOf(argument);
            // The whole value, if it is the first thing behind "=".
            if (equalsAt == text.length() - 1 || quoted && equalsAt == text.length() - 2) {
                only = Optional.of(argument instanceof Number || argument instanceof Boolean ? argument : value);
            } else {
                only = Optional.empty();
            }
            text.append(value);
            length = text.length();
        }

        void addTo(List<Word> words) {
            if (text.isEmpty()) {
                return;
            }
            var whole = text.toString();
            Optional<String> name = Optional.of(equalsAt)
                    .filter(at -> at > 0)
                    .map(at -> whole.substring(0, at))
                    .filter(it -> NAME.matcher(it).matches());
            if (name.isEmpty()) {
                words.add(new Word(Optional.empty(), "", whole));
                return;
            }
            var value = whole.substring(equalsAt + 1);
            boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
            int end = isQuoted ? whole.length() - 1 : whole.length();
            words.add(new Word(
                    name,
                    only.filter(_ -> length == end)
                            .orElseGet(() -> isQuoted ? value.substring(1, value.length() - 1) : value),
                    whole));
        }
    }
}
