package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.broker.Scenario.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioFileTest {
    @TempDir
    Path folder;

    @Test
    void a_scenario_file_defines_its_faults_with_times_and_counts() throws Exception {
        Path file = Files.writeString(folder.resolve("bad-day.yaml"), """
                description: a bad minute
                seed: 7
                faults:
                  - {fault: lose_answers, on: [orders, revisions], chance: 0.05}
                  - fault: exchange_delay_ms
                    value: 1s
                    at: 2s
                    for: 3s
                  - {fault: lose_notices, on: fills, count: 2}
                  - {fault: drop_sockets, at: 1m}
                """);

        Scenario scenario = ScenarioFile.read(file);

        assertThat(scenario.seed()).isEqualTo(OptionalLong.of(7));
        assertThat(scenario.faults())
                .containsExactly(
                        Fault.byChance("lose_answers", 0.05, "orders", "revisions"),
                        new Fault(
                                "exchange_delay_ms",
                                Set.of(),
                                Long.MAX_VALUE,
                                1,
                                Duration.ofSeconds(2),
                                Optional.of(Duration.ofSeconds(3)),
                                1_000),
                        Fault.times("lose_notices", 2, "fills"),
                        new Fault("drop_sockets", Set.of(), 1, 1, Duration.ofMinutes(1), Optional.empty(), 0));
    }

    @Test
    void an_invalid_scenario_file_fails_with_one_sentence() throws Exception {
        assertThatThrownBy(() -> ScenarioFile.read(folder.resolve("nowhere.yaml")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no scenario");
        assertThatThrownBy(() -> ScenarioFile.read(Files.writeString(folder.resolve("a.yaml"), "faults: [")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no YAML");
        assertThatThrownBy(() -> ScenarioFile.read(Files.writeString(folder.resolve("b.yaml"), "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> ScenarioFile.read(
                        Files.writeString(folder.resolve("c.yaml"), "faults:\n  - {fault: lose_answers, at: 3}\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fault 1: lose_answers.at must be a time");
    }

    @Test
    void a_scenario_file_defines_a_price_path() throws Exception {
        Scenario scenario = ScenarioFile.parse("prices", """
                prices:
                  - {symbol: "005930", price: 195000}
                  - {symbol: "000660", price: 600000, at: 2m}
                """);

        assertThat(scenario.faults()).isEmpty();
        assertThat(scenario.moves())
                .containsExactly(
                        new Scenario.Move(Symbol.of("005930"), 195_000, Duration.ZERO),
                        new Scenario.Move(Symbol.of("000660"), 600_000, Duration.ofMinutes(2)));
        assertThatThrownBy(() -> ScenarioFile.parse(
                        "wrong",
                        "prices: [{symbol: 5930, price: 1}, {symbol: \"005930\", price: 0}, {price: 1, to: 2}]"))
                .hasMessageContaining("price 1: symbol must be a code in quotes")
                .hasMessageContaining("price 2: a price is 1 won or more")
                .hasMessageContaining("price 3: it has symbol, price and at");
    }

    @Test
    void a_simulator_plays_its_scenario_and_takes_rules_by_control_call() throws Exception {
        Path file = Files.writeString(
                folder.resolve("plays.yaml"), "faults: [{fault: server_errors_before, on: queries, count: 1}]");
        SimulatorConfig config = SimulatorCommands.config(folder, "--scenario", file.toString(), "--rate", "1000");
        try (KisSimulator simulator = KisSimulator.start(config)) {
            RawClient client = new RawClient(simulator, "PSSCENARIO0000000000000000000000001").login();
            assertThat(client.balance("40000001").statusCode()).isEqualTo(500);
            assertThat(client.balance("40000001").statusCode()).isEqualTo(200);

            String answer = client.post(
                            "/simulator/faults",
                            Map.of(),
                            "{\"unavailable_after\":{\"on\":[\"queries\"],\"chance\":1.0,\"for\":\"1h\"}}")
                    .body();
            assertThat(answer).contains("\"fault\":\"unavailable_after\",\"on\":\"queries\",\"chance\":1.0");
            var unavailable = client.balance("40000001");
            assertThat(unavailable.statusCode()).isEqualTo(503);
            assertThat(unavailable.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/html");
        }
    }
}
