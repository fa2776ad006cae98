package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands show of an order on credit and of its loan. */
class CreditCommandsTest {
    @Test
    void an_order_and_a_position_show_their_loan(@TempDir Path folder) {
        try (var gateway = RunningGateway.start(folder, List.of("--kis-credit=true"))) {
            var shell = Shell.with(Map.of("GATEWAY_URL", gateway.url()), folder);
            String id = gateway.buy("005930", 3, Optional.empty(), ",\"credit\":{\"type\":\"SELF_LOAN_OPEN\"}");
            gateway.awaitStatus(id, "FILLED");
            assertThat(shell.run("orders", "show", id).out())
                    .containsPattern("credit +SELF_LOAN_OPEN of 20[0-9-]{8}\n");
            var positions = RunningGateway.awaitValue(
                    () -> shell.run("positions"), now -> now.out().contains("삼성전자"));
            assertThat(positions.out().lines().toList().getFirst()).endsWith("LOAN OF");
            assertThat(positions.out().lines().toList().get(1)).containsPattern("20[0-9-]{8}$");
        }
    }
}
