package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exchange's designation of an issue, in the broker's answers, decides whether it may be ordered. */
@Requirement("G-15")
@Tag("slow")
class RestrictedSymbolTest {
    @TempDir
    Path folder;

    @Test
    void a_halted_issue_cannot_be_ordered_and_one_under_administration_cannot_be_bought() {
        try (var simulator = Programs.simulator(folder);
                var relay = BrokerProxy.to(simulator.program().simulatorPort());
                var gateway = Running.start(Programs.gateway(folder, simulator)
                        .withEnvironment("SIMULATOR_URL", relay.url())
                        .withEnvironment("KIS_ENV", "sim"))) {
            relay.setIssueStatus("58");
            assertRefused(gateway, "000270", "BUY", "halted");
            assertRefused(gateway, "000270", "SELL", "halted");

            relay.setIssueStatus("51");
            assertRefused(gateway, "035720", "BUY", "managed");
            var sell = gateway.place("sell-managed", "035720", "SELL", 1, Optional.empty());
            assertThat(sell.code()).as("a sell of shares owned is allowed").isEqualTo("INSUFFICIENT_POSITION_QTY");

            relay.setIssueStatus("55");
            var id = gateway.placed("ordinary", "005930", "BUY", 1, Optional.empty());
            gateway.awaitStatus(id, "FILLED");
            assertThat(simulator.state().path("orders_received").size())
                    .as("orders that reached the broker")
                    .isEqualTo(1);
        }
    }

    private static void assertRefused(Running gateway, String symbol, String side, String restriction) {
        var answer = gateway.place(restriction + "-" + side, symbol, side, 1, Optional.empty());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.code()).as(answer.toString()).isEqualTo("SYMBOL_RESTRICTED");
        assertThat(answer.body().path("details").path("restriction").asString()).isEqualTo(restriction);
        assertThat(gateway.get("/v1/orders?symbol=" + symbol).path("orders").size())
                .isZero();
    }
}
