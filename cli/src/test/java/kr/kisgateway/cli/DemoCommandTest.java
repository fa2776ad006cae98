package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gatewayclient.GatewayClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo at a running simulated market, and where it must not trade. */
@Tag("slow")
class DemoCommandTest {
    @TempDir
    Path folder;

    @Test
    void it_fills_every_page_and_leaves_no_order_behind() {
        try (var gateway = RunningGateway.start(folder)) {
            // Each look at the clock is three seconds later, so that a minute has twenty prices.
            var now = new AtomicReference<>(Instant.parse("2026-11-24T01:00:00Z"));
            var result = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder)
                    .withClock(() -> now.updateAndGet(it -> it.plus(Duration.ofSeconds(3))))
                    .typing("")
                    .run("demo", "--for", "1m");

            assertThat(result.code()).as(result.err()).isZero();
            assertThat(result.out())
                    .contains("so that there is a position", "a take-profit and a stop", "orders placed");
            try (var client = GatewayClient.at(URI.create(gateway.url()))) {
                assertThat(client.get("/v1/watchlists").text()).contains("demo");
                assertThat(client.get("/v1/positions?account_id=A1").text()).contains("000660");
                assertThat(client.get("/v1/parents").text()).contains("BRACKET");
                assertThat(client.get("/v1/executions")
                                .body()
                                .path("executions")
                                .size())
                        .isGreaterThanOrEqualTo(4);
                RunningGateway.awaitValue(
                        () -> client.get("/v1/orders?strategy_id=demo&status=open"),
                        answer -> answer.body().path("orders").isEmpty());
            }
        }
    }

    @Test
    void ctrl_c_shows_what_was_done_what_stays_open_and_how_to_cancel_it() {
        try (var gateway = RunningGateway.start(folder)) {
            var shell = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder);
            var stopped = shell.stoppedAfter(2).run("demo", "--for", "8s");

            assertThat(stopped.out())
                    .contains("for 8 s; Ctrl-C stops it")
                    .contains("Stopped: 5 orders placed, 0 refused.")
                    .containsPattern("./kis cancel ord_[0-9A-Z]{26}\n")
                    .containsPattern("./kis parents cancel par_[0-9A-Z]{26}\n")
                    .contains("할 일: 주문이 남아 있습니다.");
        }
    }

    @Test
    void it_trades_in_sim_only() throws IOException {
        var home = folder.resolve("live");
        var key = RunningGateway.createKey(
                Files.createDirectories(home.resolve("data").resolve("live")));
        try (var broker = RunningGateway.start(folder.resolve("broker"));
                var live = RunningGateway.startLive(home, broker)) {
            var result = Shell.with(Map.of("GATEWAY_URL", live.url(), "GATEWAY_API_KEY", key), folder)
                    .run("demo");
            assertThat(result.code()).isEqualTo(Kis.REFUSED);
            assertThat(result.err()).contains("sim only").contains("Nothing was placed");
        }
    }
}
