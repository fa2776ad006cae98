package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Optional;

/** Writes events as lines for people, by a pattern, or as JSON for programs ({@code LOG_FORMAT}). */
public final class EventEncoder extends PatternLayoutEncoder {
    private static final String JSON = "json";

    private final TraceConverter stacks = new TraceConverter();
    private boolean json;

    /** {@code json}, or anything else for lines of the pattern. */
    public void setFormat(String format) {
        json = format.equals(JSON);
    }

    @Override
    public void start() {
        super.start();
        stacks.start();
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return json
                ? JsonLine.of(event, Optional.of(stacks.convert(event)).filter(text -> !text.isEmpty()))
                : super.encode(event);
    }
}
