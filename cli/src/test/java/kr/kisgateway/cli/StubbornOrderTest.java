package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway waits twenty seconds for an order that cannot be cancelled; separate, so that other tests need not wait.
 */
@Tag("slow")
class StubbornOrderTest {
    @Test
    void the_kill_switch_that_leaves_orders_open_ends_with_1_and_names_them(@TempDir Path folder) {
        try (var gateway = RunningGateway.start(folder)) {
            var shell = Shell.with(
                    Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", RunningGateway.TOKEN), folder);
            var id = gateway.placeRestingBuy("005930", 150_000);
            gateway.setFaults("{\"refuse_connections\":{\"on\":\"revisions\",\"for\":\"1h\"}}");

            var on = shell.run("kill-switch", "on", "--cancel-open");

            assertThat(on.code()).as(on.toString()).isEqualTo(Kis.REFUSED);
            assertThat(on.out() + on.err())
                    .contains("Open orders: 1.")
                    .contains(id)
                    .contains("still open");
        }
    }
}
