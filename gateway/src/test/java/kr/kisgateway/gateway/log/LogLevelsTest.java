package kr.kisgateway.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** Levels of streams that are set for a while. */
class LogLevelsTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final LoggerContext context = new LoggerContext();
    private final ManualTaskRunner tasks = new ManualTaskRunner();
    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicReference<Instant> monotonic = new AtomicReference<>(START);
    private final InstantSource clock = wall::get;
    private LogLevels levels;

    @BeforeEach
    void configure() {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
        context.getLogger(SecurityLog.AUDIT).setLevel(Level.INFO);
        LibraryLevels.cap(context);
        levels = new LogLevels(context, clock, monotonic::get, tasks);
    }

    private void advance(Duration time) {
        monotonic.updateAndGet(was -> was.plus(time));
        tasks.advance(time);
    }

    private boolean isDebug(String logger) {
        return context.getLogger(logger).isDebugEnabled();
    }

    @Test
    void a_level_takes_effect_at_once_and_ends_by_itself() {
        var set = levels.set(LogStream.FEED, "DEBUG", Duration.ofMinutes(15), "ops");
        assertThat(set.level()).isEqualTo("DEBUG");
        assertThat(set.until()).contains(START.plus(Duration.ofMinutes(15)));
        assertThat(set.setBy()).contains("ops");
        for (var logger : List.of("gateway.feed", "gateway.pool", "gateway.session")) {
            assertThat(isDebug(logger)).as(logger).isTrue();
        }
        assertThat(isDebug("gateway.http")).isFalse();

        advance(Duration.ofMinutes(14));
        assertThat(isDebug("gateway.pool")).isTrue();
        advance(Duration.ofMinutes(1));
        assertThat(isDebug("gateway.pool")).isFalse();
        assertThat(levels.all())
                .allMatch(level -> level.until().isEmpty() && level.level().equals("INFO"));
        assertThat(context.getLogger("gateway.pool").getLevel()).isNull();
    }

    @Test
    void a_clock_that_is_set_neither_ends_a_level_nor_prolongs_it() {
        levels.set(LogStream.HTTP, "TRACE", Duration.ofMinutes(15), "ops");
        wall.set(START.plus(Duration.ofDays(2)));
        advance(Duration.ofMinutes(1));
        assertThat(isDebug("gateway.http")).isTrue();
        wall.set(START.minus(Duration.ofDays(2)));
        advance(Duration.ofMinutes(14));
        assertThat(isDebug("gateway.http")).isFalse();
    }

    @Test
    void a_later_call_replaces_the_level_and_its_time_and_the_configured_one_comes_back() {
        context.getLogger("gateway.http").setLevel(Level.WARN);
        levels.set(LogStream.HTTP, "DEBUG", Duration.ofMinutes(60), "ops");
        levels.set(LogStream.HTTP, "TRACE", Duration.ofMinutes(5), "root");
        assertThat(context.getLogger("gateway.http").isTraceEnabled()).isTrue();
        advance(Duration.ofMinutes(5));
        assertThat(context.getLogger("gateway.http").getLevel()).isEqualTo(Level.WARN);

        levels.set(LogStream.HTTP, "DEBUG", Duration.ofMinutes(60), "ops");
        levels.set(LogStream.GATEWAY, "DEBUG", Duration.ofMinutes(1), "ops");
        assertThat(levels.reset(LogStream.HTTP, "ops").level()).isEqualTo("WARN");
        assertThat(isDebug("gateway.history")).isTrue();
        levels.close();
        assertThat(isDebug("gateway.history")).isFalse();
        assertThat(tasks.running()).isEmpty();
    }

    @Test
    void security_events_and_libraries_keep_their_levels() {
        levels.set(LogStream.GATEWAY, "ERROR", Duration.ofMinutes(5), "ops");
        assertThat(context.getLogger(SecurityLog.AUDIT).isInfoEnabled()).isTrue();
        assertThat(context.getLogger(SecurityLog.ATTEMPTS).isWarnEnabled()).isTrue();
        levels.set(LogStream.GATEWAY, "TRACE", Duration.ofMinutes(5), "ops");
        levels.set(LogStream.KIS, "TRACE", Duration.ofMinutes(5), "ops");
        assertThat(isDebug("org.apache.hc.client5.http.wire")).isFalse();
        assertThat(isDebug("io.lettuce.core")).isFalse();
    }

    @Test
    void every_logger_of_the_product_belongs_to_one_stream_and_each_stream_has_one() {
        var named = Pattern.compile("getLogger\\((?:\"([a-z.]+)\"|([A-Z][A-Za-z]+)\\.class)\\)");
        var loggers = new TreeSet<String>();
        for (var module : List.of("gateway", "kis-client", "kis-simulator", "kis-wire", "market")) {
            try (var files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (var file :
                        files.filter(it -> it.toString().endsWith(".java")).toList()) {
                    var text = Files.readString(file);
                    var folder = text.replaceAll("(?s).*?package ([a-z.]+);.*", "$1");
                    named.matcher(text)
                            .results()
                            .map(it -> it.group(1) == null ? folder + "." + it.group(2) : it.group(1))
                            .filter(name -> !LibraryLoggers.isLibrary(name))
                            .forEach(loggers::add);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(loggers).contains("gateway.order", "kis.session").hasSizeGreaterThan(25);
        for (var logger : loggers) {
            assertThat(streamsOf(logger)).as(logger).hasSize(1);
        }
        assertThat(LogStream.values())
                .allMatch(stream ->
                        loggers.stream().anyMatch(logger -> streamsOf(logger).contains(stream)));
    }

    /** The streams with the longest name of a logger that contains it; {@code gateway} contains all others. */
    private static List<LogStream> streamsOf(String logger) {
        return java.util.Arrays.stream(LogStream.values())
                .filter(stream -> stream.loggers().stream()
                        .anyMatch(name ->
                                logger.equals(name) || !name.equals("gateway") && logger.startsWith(name + ".")))
                .toList();
    }

    @Test
    void the_page_of_logs_names_each_stream_with_its_sentences() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/LOGS.md"));
        for (var stream : LogStream.values()) {
            assertThat(page)
                    .contains("| `" + stream.streamName() + "` | " + stream.english() + " | " + stream.korean() + " |");
        }
    }
}
