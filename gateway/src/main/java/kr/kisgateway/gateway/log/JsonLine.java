package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.UntrustedText;

/**
 * An event as a JSON object on one line: {@code ts}, {@code level}, {@code logger}, {@code event}, {@code fields}, {@code thread},
 * {@code trace_id} and {@code stack}, of which the last two are left out where there is none. Written by hand, because a line must
 * not end anywhere but at its end and no text of a client may be longer than that of a line for people: characters that a reader of
 * lines or a terminal would act on are escaped, texts are truncated together.
 */
final class JsonLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");
    private static final int THREAD_MAX = 64;
    private static final int LOGGER_MAX = 128;
    private static final int STACK_MAX = 16_000;
    private static final int TYPICAL_LENGTH = 512;

    private final StringBuilder out = new StringBuilder(TYPICAL_LENGTH);

    private JsonLine() {}

    /**
     * The line, with its end.
     *
     * @param stack of the event's exception; empty without one
     */
    static byte[] of(ILoggingEvent event, Optional<String> stack) {
        return new JsonLine().write(event, stack).getBytes(StandardCharsets.UTF_8);
    }

    private String write(ILoggingEvent event, Optional<String> stack) {
        out.append('{');
        var at = Optional.ofNullable(event.getInstant()).orElseGet(() -> Instant.ofEpochMilli(event.getTimeStamp()));
        member("ts", TIME.format(at.atZone(TradingCalendar.SEOUL)), TYPICAL_LENGTH);
        member("level", event.getLevel().toString(), TYPICAL_LENGTH);
        member("logger", event.getLoggerName(), LOGGER_MAX);
        if (LibraryLoggers.isLibrary(event)) {
            member("event", "library_message", TYPICAL_LENGTH);
            fields(Map.of("text", event.getFormattedMessage()), LoggedText.LIBRARY_MAX);
        } else {
            var fields = EventFields.of(String.valueOf(event.getMessage()), event.getArgumentArray());
            member("event", fields.event().orElse("message"), TYPICAL_LENGTH);
            fields(fields.fields(), LoggedText.MAX);
        }
        member("thread", event.getThreadName(), THREAD_MAX);
        Trace.current().ifPresent(trace -> member("trace_id", trace.id(), TYPICAL_LENGTH));
        stack.ifPresent(text -> member("stack", text, STACK_MAX));
        return out.append("}\n").toString();
    }

    /** @param max characters of all texts together */
    private void fields(Map<String, Object> fields, int max) {
        name("fields");
        out.append('{');
        int left = max;
        for (var field : fields.entrySet()) {
            name(field.getKey());
            Object value = field.getValue();
            if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
                out.append(value);
            } else {
                var text = LoggedText.inSeoul(String.valueOf(value));
                string(text, left);
                left = Math.max(0, left - text.length());
            }
        }
        out.append('}');
    }

    private void member(String name, String value, int max) {
        name(name);
        string(value, max);
    }

    private void name(String name) {
        char last = out.charAt(out.length() - 1);
        if (last != '{') {
            out.append(',');
        }
        out.append('"').append(name).append("\":");
    }

    private void string(String text, int max) {
        out.append('"');
        boolean isComplete = text.length() <= max;
        int end =
                isComplete ? text.length() : max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        for (int i = 0; i < end; i++) {
            character(text, i);
        }
        if (!isComplete) {
            out.append("…(+").append(text.length() - end).append(')');
        }
        out.append('"');
    }

    private void character(String text, int at) {
        char c = text.charAt(at);
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (UntrustedText.isUnprintable(text, at)) {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
        }
    }
}
