package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.wire.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * Passes on a limited number of events of one kind a minute, counts the others, and logs their number with the first event
 * after that minute. A kind is an event's logger, level and text before its values are filled in; of a library it is
 * logger and level, because its texts contain values. Events that external clients can cause ({@link #setStrangers}, and
 * libraries) are passed on {@value #EXTERNAL_LIMIT} times, all others {@value #DEFAULT_LIMIT} times.
 */
public final class RepeatAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
        implements AppenderAttachable<ILoggingEvent> {
    static final int EXTERNAL_LIMIT = 20;
    static final int DEFAULT_LIMIT = 1_000;
    /** Kinds counted at once; further ones share one kind. */
    private static final int KINDS_MAX = 1_000;

    private static final long WINDOW_MS = 60_000;
    private static final int TEXT_MAX = 80;

    private final AppenderAttachableImpl<ILoggingEvent> inner = new AppenderAttachableImpl<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, Integer> counts = new HashMap<>();
    private List<String> externalLoggers = List.of();
    private boolean passesOthers;
    private long windowEnd;

    private record Kind(String logger, Level level, String text) {}

    /** Names of loggers, separated by blanks, whose events external clients can cause; their child loggers count as well. */
    public void setStrangers(String names) {
        externalLoggers = Arrays.stream(names.strip().split("\\s+")).toList();
    }

    /** Whether events that no external client can cause are all passed on. */
    public void setPassesOthers(boolean passes) {
        passesOthers = passes;
    }

    @Override
    protected void append(ILoggingEvent event) {
        lock.lock();
        try {
            long now = event.getTimeStamp();
            if (now >= windowEnd || now < windowEnd - WINDOW_MS) {
                reportRepeats(now);
                windowEnd = now + WINDOW_MS;
            }
            boolean isExternal =
                    LibraryLoggers.isLibrary(event) || externalLoggers.stream().anyMatch(name -> isOf(event, name));
            if ((!isExternal && passesOthers)
                    || counts.merge(kind(event), 1, Integer::sum) <= (isExternal ? EXTERNAL_LIMIT : DEFAULT_LIMIT)) {
                inner.appendLoopOnAppenders(event);
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOf(ILoggingEvent event, String name) {
        var logger = event.getLoggerName();
        return logger.equals(name) || logger.startsWith(name + ".");
    }

    private Kind kind(ILoggingEvent event) {
        var text = LibraryLoggers.isLibrary(event) ? "" : String.valueOf(event.getMessage());
        var kind = new Kind(event.getLoggerName(), event.getLevel(), text);
        return counts.size() < KINDS_MAX || counts.containsKey(kind) ? kind : new Kind("other", Level.INFO, "");
    }

    private void reportRepeats(long now) {
        counts.forEach((kind, count) -> {
            boolean isExternal =
                    kind.text().isEmpty() || externalLoggers.stream().anyMatch(kind.logger()::startsWith);
            int passed = isExternal ? EXTERNAL_LIMIT : DEFAULT_LIMIT;
            if (count > passed) {
                var logger = ((LoggerContext) getContext()).getLogger("gateway.log");
                var event = new LoggingEvent(
                        "",
                        logger,
                        kind.level(),
                        "log_repeats_suppressed count={} logger={} text=\"{}\"",
                        null,
                        new Object[] {count - passed, kind.logger(), UntrustedText.escape(kind.text(), TEXT_MAX)});
                event.setTimeStamp(now);
                inner.appendLoopOnAppenders(event);
            }
        });
        counts.clear();
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        inner.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return inner.iteratorForAppenders();
    }

    @Override
    public @Nullable Appender<ILoggingEvent> getAppender(String name) {
        return inner.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return inner.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        inner.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return inner.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return inner.detachAppender(name);
    }
}
