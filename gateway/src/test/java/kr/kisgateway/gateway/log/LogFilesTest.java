package kr.kisgateway.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The files that the delivered configuration writes. */
@Tag("slow")
class LogFilesTest {
    @TempDir
    private Path folder;

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws JoranException {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("gateway.log.dir", folder.toString());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogFilesTest.class.getResource("/logback.xml"));
        // The terminal belongs to the test.
        ((RepeatAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("EVENTS")).detachAppender("TERMINAL");
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void libraries_log_nothing_below_info_regardless_of_the_configuration() {
        LibraryLevels.cap(context);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
        context.getLogger("org.apache.hc.client5.http.wire").setLevel(Level.DEBUG);
        assertThat(context.getLogger("org.apache.hc.client5.http.wire").isDebugEnabled())
                .isFalse();
        assertThat(context.getLogger("io.lettuce.core.protocol.CommandEncoder").isTraceEnabled())
                .isFalse();
        assertThat(context.getLogger("io.javalin").isErrorEnabled())
                .as("a logger that is off stays off")
                .isFalse();
        assertThat(context.getLogger("gateway.redis").isTraceEnabled()).isTrue();
        assertThat(context.getLogger("kis.token").isTraceEnabled()).isTrue();

        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
        assertThat(context.getLogger("io.netty").isTraceEnabled())
                .as("after the configuration is reloaded")
                .isFalse();
    }

    @Test
    void foreign_text_is_one_line_without_control_characters() throws IOException {
        context.getLogger("gateway.http")
                .info(
                        "seen text={}",
                        "a\r\n2026-11-20 INFO key_revoked\u001b[2J\u0085\u009b\u2028\u2029\u202e\u0000end");

        assertThat(lines("gateway.log"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line)
                                .endsWith(
                                        "seen text=a\\r\\n2026-11-20 INFO key_revoked\\u001b[2J\\u0085\\u009b\\u2028\\u2029\\u202e\\u0000end"));
    }

    @Test
    void log_times_are_in_seoul_time_whatever_zone_the_machine_has() throws IOException {
        context.getLogger("kis.session")
                .warn(
                        "feed_gap from={} to={} note={}",
                        Instant.parse("2026-11-20T01:00:00Z"),
                        Instant.parse("2026-11-20T15:30:00.250Z"),
                        "2026-13-99T99:99:99Z stays");

        assertThat(lines("gateway.log")).singleElement().satisfies(line -> {
            assertThat(line)
                    .endsWith("from=2026-11-20T10:00:00+09:00 to=2026-11-21T00:30:00.25+09:00"
                            + " note=2026-13-99T99:99:99Z stays");
            var written = OffsetDateTime.parse(line.substring(0, line.indexOf(' ')));
            assertThat(written.getOffset()).isEqualTo(ZoneOffset.ofHours(9));
            assertThat(Duration.between(
                            written.toInstant(), InstantSource.system().instant()))
                    .isLessThan(Duration.ofMinutes(1));
        });
    }

    @Test
    void failure_messages_are_cleaned_like_other_text() throws IOException {
        var cause = new IllegalArgumentException("forged\n2026-11-20 INFO key_revoked\u2028x");
        context.getLogger("gateway.http").error("request_failed", new IllegalStateException("outer\nline", cause));

        assertThat(lines("gateway.log"))
                .anyMatch(line -> line.contains("outer\\nline"))
                .anyMatch(line -> line.contains("forged\\n2026-11-20 INFO key_revoked\\u2028x"))
                .noneMatch(line -> line.startsWith("2026-11-20 INFO"))
                .anyMatch(line -> line.contains("LogFilesTest"));
    }

    @Test
    void library_warnings_are_truncated_and_their_repeats_counted() throws IOException {
        var jetty = context.getLogger("org.eclipse.jetty.http.HttpParser");
        for (int i = 0; i < 48_000; i++) {
            jetty.warn("bad message {} of " + i, "x".repeat(11_000));
        }
        aMinuteLater();

        var lines = lines("gateway.log");
        assertThat(lines).hasSize(RepeatAppender.EXTERNAL_LIMIT + 2).allMatch(line -> line.length() < 500);
        assertThat(lines.getFirst()).contains("…(+");
        assertThat(lines.get(lines.size() - 2))
                .contains("log_repeats_suppressed count=47980", "org.eclipse.jetty.http.HttpParser");
    }

    @Test
    void repeats_of_one_event_are_counted_and_other_events_pass() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            context.getLogger("gateway.access").warn("key_wrong address={}", "10.0.0." + i % 250);
        }
        context.getLogger("gateway.access").warn("another address={}", "10.0.0.1");
        aMinuteLater();

        assertThat(lines("gateway.log"))
                .filteredOn(line -> line.contains("gateway.access [main] key_wrong"))
                .hasSize(RepeatAppender.EXTERNAL_LIMIT);
        assertThat(lines("gateway.log"))
                .anyMatch(line -> line.contains("another address=10.0.0.1"))
                .anyMatch(line -> line.contains("log_repeats_suppressed count=980") && line.contains("key_wrong"));
    }

    @Test
    void a_flood_of_events_rotates_no_security_event_away() throws IOException {
        var securityLog = context.getLogger(SecurityLog.AUDIT);
        securityLog.info("key_revoked id={} name={}", "k1", "bot");
        for (int i = 0; i < 200_000; i++) {
            context.getLogger(SecurityLog.ATTEMPTS).warn("key_wrong address={} text={}", "10.0.0.1", "x".repeat(500));
        }
        for (int i = 0; i < 200; i++) {
            securityLog.info("key_created id={} name={}", "k" + i, "bot-" + i);
        }

        assertThat(lines("security.log"))
                .hasSize(1 + RepeatAppender.EXTERNAL_LIMIT + 200)
                .anyMatch(line -> line.contains("key_revoked id=k1"));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("gateway.log", "security.log");
        }
    }

    private void aMinuteLater() {
        var logger = context.getLogger("gateway");
        var event = new LoggingEvent("", logger, Level.INFO, "later", null, new Object[0]);
        event.setInstant(event.getInstant().plusSeconds(60));
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("EVENTS").doAppend(event);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }
}
