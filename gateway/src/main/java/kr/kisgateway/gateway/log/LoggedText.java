package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.UntrustedText;

/**
 * Texts of events as the log has them: control characters escaped, of bounded length, and instants of our own events in Seoul's
 * time, like the line's.
 */
final class LoggedText {
    /** Characters of an event's text. */
    static final int MAX = 2_000;
    /** Characters of a library's text. */
    static final int LIBRARY_MAX = 300;

    private static final Pattern INSTANT =
            Pattern.compile("\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z\\b");

    private LoggedText() {}

    /** The event's whole text. */
    static String of(ILoggingEvent event) {
        // A library logs input it could not read, and that is external text.
        return LibraryLoggers.isLibrary(event)
                ? UntrustedText.escape(event.getFormattedMessage(), LIBRARY_MAX)
                : inSeoul(UntrustedText.escape(event.getFormattedMessage(), MAX));
    }

    /** The text with its instants in Seoul's time. */
    static String inSeoul(String line) {
        return line.indexOf('Z') < 0 ? line : INSTANT.matcher(line).replaceAll(LoggedText::inSeoul);
    }

    private static String inSeoul(MatchResult instant) {
        try {
            return time(Instant.parse(instant.group()));
        } catch (DateTimeException notOne) {
            return instant.group();
        }
    }

    private static String time(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    }
}
