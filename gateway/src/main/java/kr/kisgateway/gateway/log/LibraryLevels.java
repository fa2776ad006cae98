package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Removes library events below INFO from every log, whatever a configuration sets: there they log the bytes they send, the Redis
 * password, tokens and keys among them (Lettuce's {@code CommandEncoder} at TRACE, the HTTP client's wire log at DEBUG). Levels of
 * our own loggers stay as configured. It works on levels alone, so a line that is not logged costs what it did before.
 */
public final class LibraryLevels implements LoggerContextListener {
    private final LoggerContext context;

    private LibraryLevels(LoggerContext context) {
        this.context = context;
    }

    /** Caps libraries at INFO in this process, also after its configuration is reloaded. */
    public static void cap() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            cap(context);
        }
    }

    static void cap(LoggerContext context) {
        if (context.getCopyOfListenerList().stream().noneMatch(LibraryLevels.class::isInstance)) {
            context.addListener(new LibraryLevels(context));
        }
        LibraryLoggers.DOMAINS.forEach(domain -> raise(context.getLogger(domain)));
        List.copyOf(context.getLoggerList()).stream()
                .filter(logger -> LibraryLoggers.isLibrary(logger.getName()))
                .forEach(LibraryLevels::raise);
    }

    private static void raise(Logger logger) {
        if (logger.getEffectiveLevel().toInt() < Level.INFO.toInt()) {
            logger.setLevel(Level.INFO);
        }
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onLevelChange(Logger logger, Level level) {
        cap(context);
    }

    @Override
    public void onStart(LoggerContext started) {
        cap(context);
    }

    @Override
    public void onReset(LoggerContext reset) {
        cap(context);
    }

    @Override
    public void onStop(LoggerContext stopped) {
        // Logging has stopped.
    }
}
