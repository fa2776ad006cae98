package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import kr.kisgateway.gateway.trace.Trace;

/**
 * The message as one line: control characters escaped, cut to 2,000 characters, of a library to 300. Instants in our own
 * messages are in Seoul's time, like the line's. A line written for a request ends with its trace id.
 */
public final class LineConverter extends MessageConverter {
    @Override
    public String convert(ILoggingEvent event) {
        var text = LoggedText.of(event);
        return Trace.current().map(trace -> text + " trace_id=" + trace.id()).orElse(text);
    }
}
