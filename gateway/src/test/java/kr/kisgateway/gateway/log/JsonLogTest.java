package kr.kisgateway.gateway.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.trace.Trace;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files that the delivered configuration writes as JSON. */
class JsonLogTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HOSTILE =
            "a\r\n{\"event\":\"key_revoked\"}\u001b[2J\\\" \"b=c\" \u0085\u009b\u2028\u2029\u202e\ufeff\u0000\ud800 끝";

    @TempDir
    private Path folder;

    private LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws JoranException {
        context = start(Map.of());
    }

    private LoggerContext start(Map<String, String> settings) throws JoranException {
        var started = new LoggerContext();
        started.setMDCAdapter(new LogbackMDCAdapter());
        started.putProperty("gateway.log.dir", folder.toString());
        started.putProperty("gateway.log.format", "json");
        settings.forEach(started::putProperty);
        var configurator = new JoranConfigurator();
        configurator.setContext(started);
        configurator.doConfigure(JsonLogTest.class.getResource("/logback.xml"));
        // The terminal belongs to the test.
        ((RepeatAppender) started.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("EVENTS")).detachAppender("TERMINAL");
        return started;
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void an_event_is_an_object_with_its_fields_by_their_types() throws IOException {
        context.getLogger("gateway.order")
                .warn(
                        "send_refused order={} code={} qty={} last={} at={} reason=\"{}\"",
                        "ord_1",
                        "APBK0013",
                        17L,
                        true,
                        Instant.parse("2026-11-20T01:00:00Z"),
                        "two words=\"x\"");

        var line = only("gateway.log");
        assertThat(line.path("ts").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+09:00");
        assertThat(line.path("level").asString()).isEqualTo("WARN");
        assertThat(line.path("logger").asString()).isEqualTo("gateway.order");
        assertThat(line.path("event").asString()).isEqualTo("send_refused");
        assertThat(line.path("thread").asString()).isEqualTo("main");
        assertThat(line.has("trace_id")).isFalse();
        assertThat(line.path("fields"))
                .isEqualTo(JSON.readTree("{\"order\":\"ord_1\",\"code\":\"APBK0013\",\"qty\":17,\"last\":true,"
                        + "\"at\":\"2026-11-20T10:00:00+09:00\",\"reason\":\"two words=\\\"x\\\"\"}"));
    }

    @Test
    void a_line_of_a_request_has_its_trace_id_in_both_forms() throws Exception {
        Trace.unrecorded("4bf92f").run(() -> {
            context.getLogger("gateway.http").info("request_failed path={}", "/v1/x");
            return context;
        });
        assertThat(only("gateway.log").path("trace_id").asString()).isEqualTo("4bf92f");

        context.stop();
        Files.delete(folder.resolve("gateway.log"));
        context = start(Map.of("gateway.log.format", "text"));
        Trace.unrecorded("4bf92f").run(() -> {
            context.getLogger("gateway.http").info("request_failed path={}", "/v1/x");
            return context;
        });
        assertThat(lines("gateway.log"))
                .singleElement()
                .asString()
                .endsWith("request_failed path=/v1/x trace_id=4bf92f");
    }

    @Test
    void hostile_text_of_any_length_is_one_valid_line() throws IOException {
        var huge = HOSTILE + "\r\n\"\u001b".repeat(25_000);
        context.getLogger("gateway.http").info("seen text={} more=\"{}\" n={}", HOSTILE, huge, 3);
        context.getLogger("gateway.http").info("seen " + huge);
        context.getLogger("org.eclipse.jetty.http.HttpParser").warn("bad message {}", huge);
        context.getLogger("gateway.http").error("request_failed", new IllegalStateException(huge));

        var lines = lines("gateway.log");
        assertThat(lines).hasSize(4).allSatisfy(line -> {
            assertThat(line).hasSizeLessThan(40_000).matches("[^\\p{Cntrl}\\u0085\\u2028\\u2029\\u202e\\ufeff]*");
            assertThat(JSON.readTree(line).isObject()).isTrue();
        });
        var first = JSON.readTree(lines.getFirst()).path("fields");
        assertThat(first.path("text").asString()).isEqualTo(HOSTILE);
        assertThat(first.path("more").asString()).contains("…(+").hasSizeLessThan(LoggedText.MAX + 20);
        assertThat(first.path("n").asInt()).isEqualTo(3);
        var library = JSON.readTree(lines.get(2));
        assertThat(library.path("event").asString()).isEqualTo("library_message");
        assertThat(library.path("fields").path("text").asString()).hasSizeLessThan(LoggedText.LIBRARY_MAX + 20);
        assertThat(JSON.readTree(lines.get(3)).path("stack").asString())
                .contains("IllegalStateException", "JsonLogTest")
                .hasSizeLessThan(20_000);
    }

    @Property(tries = 500)
    void any_argument_is_the_value_of_its_own_field(@ForAll String one, @ForAll String two, @ForAll String name) {
        var fields = EventFields.of("event_happened a={} b=\"{}\" c=x{}", new Object[] {one, two, name});
        assertThat(fields.event()).contains("event_happened");
        assertThat(fields.fields())
                .containsOnlyKeys("a", "b", "c")
                .containsEntry("a", one)
                .containsEntry("b", two)
                .containsEntry("c", "x" + name);
    }

    @Test
    void text_without_fields_is_kept_and_names_of_events_may_be_arguments() {
        assertThat(EventFields.of("{} level={} by={} {}", new Object[] {"order_unresolved", "P1", "-", "check = it"}))
                .satisfies(fields -> {
                    assertThat(fields.event()).contains("order_unresolved");
                    assertThat(fields.fields()).isEqualTo(Map.of("level", "P1", "by", "-", "text", "check = it"));
                });
        assertThat(EventFields.of("Something went wrong", null).fields())
                .isEqualTo(Map.of("text", "Something went wrong"));
        assertThat(EventFields.of("twice a={} a={} {}", new Object[] {1, 2}).fields())
                .isEqualTo(Map.of("a", 1, "text", "a=2 {}"));
        assertThat(EventFields.of("", null)).isEqualTo(new EventFields(java.util.Optional.empty(), Map.of()));
    }

    @Test
    void repeats_are_counted_with_fields() throws IOException {
        for (int i = 0; i < 48; i++) {
            context.getLogger("gateway.access").warn("key_wrong address={}", "10.0.0." + i);
        }
        var later = new ch.qos.logback.classic.spi.LoggingEvent(
                "", context.getLogger("gateway"), ch.qos.logback.classic.Level.INFO, "later", null, new Object[0]);
        later.setInstant(later.getInstant().plusSeconds(60));
        context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("EVENTS").doAppend(later);

        assertThat(lines("gateway.log"))
                .map(JSON::readTree)
                .filteredOn(line -> line.path("event").asString().equals("log_repeats_suppressed"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.path("fields").path("count").asInt()).isEqualTo(28);
                    assertThat(line.path("fields").path("logger").asString()).isEqualTo("gateway.access");
                });
    }

    @Test
    void all_files_together_stay_within_their_bound() throws Exception {
        context.stop();
        context = start(Map.of(
                "gateway.log.file-bytes", "100000",
                "gateway.log.total-bytes", "400000",
                "gateway.log.keep-days", "3"));
        var text = new StringBuilder();
        var random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            text.setLength(0);
            for (int k = 0; k < 20; k++) {
                text.append(Long.toHexString(random.nextLong()));
            }
            // Of different kinds, so that none is counted as a repetition.
            context.getLogger("gateway.history").info("written_" + i + " text={}", text);
        }
        context.stop(); // waits for the compression
        long total = 0;
        long largest = 0;
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                total += Files.size(file);
                largest = Math.max(largest, Files.size(file));
            }
        }
        assertThat(largest).isLessThan(400_000);
        assertThat(total).isLessThan(900_000);
    }

    private JsonNode only(String file) throws IOException {
        var lines = lines(file);
        assertThat(lines).hasSize(1);
        return JSON.readTree(lines.getFirst());
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }
}
