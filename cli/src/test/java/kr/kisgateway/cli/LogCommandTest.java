package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code log} against a running gateway in this process. */
class LogCommandTest {
    private RunningGateway gateway;
    private Shell shell;

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = RunningGateway.start(folder);
        shell = Shell.with(
                Map.of(
                        "GATEWAY_URL",
                        gateway.url(),
                        "GATEWAY_OPERATOR_TOKEN",
                        RunningGateway.TOKEN,
                        "KIS_COLUMNS",
                        "160"),
                folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_streams_are_listed_and_one_is_set_for_a_while_and_reset() {
        var order = LoggerFactory.getLogger("gateway.order");
        var listed = shell.run("log");
        assertThat(listed.code()).as(listed.toString()).isZero();
        assertThat(listed.out()).contains("STREAM", "LEVEL", "gateway.http", "gateway.order", "kis", "simulator");

        var set = shell.run("log", "set", "gateway.order", "debug", "--for", "2h");
        assertThat(set.code()).as(set.toString()).isZero();
        assertThat(set.out()).contains("UNTIL", "gateway.order", "DEBUG").doesNotContain("gateway.http");
        assertThat(order.isDebugEnabled()).isTrue();
        assertThat(shell.run("log", "--json").json().path("streams").valueStream())
                .filteredOn(stream -> stream.path("level").asString().equals("DEBUG"))
                .singleElement()
                .satisfies(
                        stream -> assertThat(stream.path("stream").asString()).isEqualTo("gateway.order"));

        assertThat(shell.run("log", "reset", "gateway.order").code()).isZero();
        assertThat(order.isDebugEnabled()).isFalse();
    }

    @Test
    void a_mistyped_stream_level_or_time_is_explained_and_changes_nothing() {
        var stream = shell.run("log", "set", "gateway.ordr", "debug");
        assertThat(stream.code()).isEqualTo(Kis.REFUSED);
        assertThat(stream.err()).contains("gateway.order");
        var level = shell.run("log", "set", "gateway.order", "verbose");
        assertThat(level.code()).isEqualTo(Kis.REFUSED);
        assertThat(level.err()).contains("DEBUG");
        var time = shell.run("log", "set", "gateway.order", "debug", "--for", "25h");
        assertThat(time.code()).isEqualTo(Kis.USAGE);
        assertThat(time.err()).contains("24h");
        assertThat(LoggerFactory.getLogger("gateway.order").isDebugEnabled()).isFalse();
    }
}
