package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.UntrustedText;

/**
 * The message as one line: control characters escaped, cut to 2,000 characters, of a library to 300. Instants in our own
 * messages are in Seoul's time, like the line's.
 */
public final class LineConverter extends MessageConverter {
    static final int MAX = 2_000;
    static final int LIBRARY_MAX = 300;

    private static final Pattern INSTANT =
            Pattern.compile("\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z\\b");

    @Override
    public String convert(ILoggingEvent event) {
        // A library logs input it could not read, and that is external text.
        return LibraryLoggers.isLibrary(event)
                ? UntrustedText.escape(event.getFormattedMessage(), LIBRARY_MAX)
                : inSeoul(UntrustedText.escape(event.getFormattedMessage(), MAX));
    }

    private static String inSeoul(String line) {
        return line.indexOf('Z') < 0 ? line : INSTANT.matcher(line).replaceAll(LineConverter::inSeoul);
    }

    private static String inSeoul(MatchResult instant) {
        try {
            return Instant.parse(instant.group())
                    .atZone(TradingCalendar.SEOUL)
                    .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
        } catch (DateTimeException notOne) {
            return instant.group();
        }
    }
}
