package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulator whose minute is a second, over real sockets. */
class FastMarketTest {
    private static final String CODE = "005930";

    @TempDir
    Path folder;

    @Test
    void a_client_receives_an_opening_within_seconds_and_a_control_call_halts_trading() throws Exception {
        SimulatorConfig config =
                SimulatorCommands.config(folder, "--clock", "x60@2026-11-20T08:58:00", "--rate", "10000");
        try (KisSimulator simulator = KisSimulator.start(config)) {
            RawClient client = new RawClient(simulator, "PSFASTMARKET%024d".formatted(1)).login();
            try (var stream = client.stream()) {
                String approval = client.approvalKey();
                for (String trId : new String[] {"H0STANC0", "H0STCNT0", "H0STMKO0"}) {
                    stream.send(RawClient.subscribe(approval, "1", trId, CODE));
                    stream.await("OPSP0000");
                }
                assertThat(stream.await("0|H0STANC0|")).contains("^20261120^");
                assertThat(stream.await("0|H0STMKO0|")).contains("^112^");
                assertThat(stream.await("0|H0STCNT0|")).contains(CODE + "^0900");
                String halted = client.post("/simulator/market", Map.of(), "{\"halt\":\"" + CODE + "\"}")
                        .body();
                assertThat(halted).contains("\"KRX\":\"HALTED\"");
                assertThat(stream.await(frame -> frame.startsWith("0|H0STMKO0|") && frame.contains("^164^")))
                        .contains("|" + CODE + "^Y^");
            }
        }
    }
}
