package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;

/** Distinguishes library loggers from our own, whose names have no domain. */
final class LibraryLoggers {
    /** Prefixes of library logger names. */
    static final List<String> DOMAINS = List.of("org", "io", "com", "reactor");

    private LibraryLoggers() {}

    static boolean isLibrary(ILoggingEvent event) {
        return isLibrary(event.getLoggerName());
    }

    static boolean isLibrary(String logger) {
        return logger.startsWith("org.")
                || logger.startsWith("io.")
                || logger.startsWith("com.")
                || logger.startsWith("reactor.");
    }
}
