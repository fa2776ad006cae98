package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import kr.kisgateway.wire.ForeignText;

/** The message as one line: control characters escaped, cut to 2,000 characters, of a library to 300. */
public final class LineConverter extends MessageConverter {
    static final int MAX = 2_000;
    static final int LIBRARY_MAX = 300;

    @Override
    public String convert(ILoggingEvent event) {
        // A library writes down what it could not read, and that is a stranger's.
        return ForeignText.escaped(event.getFormattedMessage(), Libraries.wrote(event) ? LIBRARY_MAX : MAX);
    }
}
