package kr.kisgateway.gateway;

import ch.qos.logback.classic.LoggerContext;
import kr.kisgateway.gateway.log.LogLevels;
import kr.kisgateway.gateway.log.LogRoutes;
import org.slf4j.LoggerFactory;

/** The levels of the log's streams. */
final class LogModule {
    private LogModule() {}

    /** Without the log's own library, in a program that has another, the levels are that program's. */
    static void register(Platform platform) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            var clock = platform.clock();
            var levels = platform.parts().add(new LogLevels(context, clock, clock.monotonicClock(), platform.tasks()));
            new LogRoutes(levels).register(platform.routes());
        }
    }
}
