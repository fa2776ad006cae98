package kr.kisgateway.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.log.LibraryLevels;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

/** What a connection to a Redis with a password leaves in the log when everything is logged. */
@Tag("slow")
class RedisPasswordLogTest {
    private static final String PASSWORD = "planted-redis-password-4711";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger protocol = (Logger) LoggerFactory.getLogger("io.lettuce.core.protocol");
    private final Level originalLevel = root.getLevel();
    private final CapturedEvents captured = new CapturedEvents();

    private static final class CapturedEvents extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage());
        }
    }

    @BeforeEach
    void logEverything() {
        captured.setContext(root.getLoggerContext());
        captured.start();
        root.addAppender(captured);
        LibraryLevels.cap();
        root.setLevel(Level.TRACE);
        protocol.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        root.detachAppender(captured);
        root.setLevel(originalLevel);
    }

    @Test
    @Requirement(value = "G-12", clause = "output")
    void the_password_is_in_no_line_even_at_trace() throws Exception {
        int port = FreePort.find();
        var server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .setting("requirepass " + PASSWORD)
                .build();
        server.start();
        try (var redis = new RedisLink(
                Secret.of("redis://:" + PASSWORD + "@127.0.0.1:" + port),
                Duration.ofSeconds(10),
                InstantSource.system())) {
            assertThat(redis.execute(commands -> commands.set("key", "value"))).contains("OK");
        } finally {
            server.stop();
        }
        assertThat(captured.lines).anyMatch(line -> line.contains("redis_connected"));
        assertThat(captured.lines).noneMatch(line -> line.contains(PASSWORD));
    }
}
