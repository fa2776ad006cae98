package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;

/** Tells events of libraries from our own, whose loggers have names without a domain. */
final class LibraryLoggers {
    /** How the names of their loggers begin. */
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
