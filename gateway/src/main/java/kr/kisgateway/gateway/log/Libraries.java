package kr.kisgateway.gateway.log;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Tells events of libraries from our own, whose loggers have names without a domain. */
final class Libraries {
    private Libraries() {}

    static boolean wrote(ILoggingEvent event) {
        String name = event.getLoggerName();
        return name.startsWith("org.")
                || name.startsWith("io.")
                || name.startsWith("com.")
                || name.startsWith("reactor.");
    }
}
