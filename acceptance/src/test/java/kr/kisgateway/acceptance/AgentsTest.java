package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The official client of the Model Context Protocol, which checks each answer against the tool's schema, calls every tool. */
@Tag("slow")
class AgentsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static Running gateway;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder).withEnvironment("MCP_TRADING", "true"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonNode agent(String target, String revision) {
        ThirdParty.NODE.require();
        var lowest = gateway.get("/v1/instruments/005930").path("lower_limit").asLong();
        return ThirdParty.NODE.run(folder, LIMIT, "agent.cjs", target, revision, Long.toString(lowest));
    }

    private static String url() {
        return "http://127.0.0.1:" + gateway.program().gatewayPort();
    }

    private static String command() {
        var launch = Launch.commands(Launch.projectHome(), folder);
        return Stream.concat(launch.command().stream(), Stream.of("mcp", "--url", url()))
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({"http,2026-07-28", "http,2025-11-25", "stdio,2026-07-28", "stdio,2025-11-25"})
    void every_tool_is_called_and_a_person_is_asked_before_each_order(String transport, String revision) {
        var report = agent(transport.equals("http") ? url() + "/mcp" : command(), revision);

        assertThat(report.path("results").properties())
                .hasSameSizeAs(report.path("tools"))
                .allSatisfy(tool ->
                        assertThat(tool.getValue().asString()).as(tool.getKey()).isEqualTo("ok"));
        assertThat(report.path("tools")).hasSize(46);
        // Six changes, and the one that the person declined.
        assertThat(report.path("asked").asInt()).isEqualTo(7);
        assertThat(report.path("declined").asString()).contains("DECLINED");
        assertThat(report.path("resources").asInt()).isEqualTo(2);
        assertThat(report.path("journal").asInt()).isGreaterThan(100);
        var order = gateway.get("/v1/orders/" + report.path("order").asString());
        assertThat(order.path("status").asString()).isIn("CANCELED", "CANCEL_PENDING");
    }
}
