package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.OpenFixedCalendar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SimulatorRestartTest {
    private static final SteppedClock NOON = new SteppedClock(Instant.parse("2026-11-20T03:00:00Z"));

    @TempDir
    Path folder;

    @Test
    void answered_orders_survive_a_killed_process() throws Exception {
        Path torn = folder.resolve("torn");
        Files.createDirectories(torn);
        String balance;
        String orders;
        try (KisSimulator simulator = KisSimulator.start(config(folder.resolve("kis.db")))) {
            RawClient client = new RawClient(simulator, "PSRESTART00000000000000000000000001").login();
            client.order("30000001", "TTTC0012U", "005930", "01", "5", "0");
            client.order("30000001", "TTTC0012U", "000660", "00", "2", Long.toString(lowLimit(client)));
            balance = cash(client);
            orders = client.daily("30000001").body();
            // The files as a crash would leave them: no close, no checkpoint.
            for (String name : new String[] {"kis.db", "kis.db-wal"}) {
                Files.copy(folder.resolve(name), torn.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (KisSimulator simulator = KisSimulator.start(config(torn.resolve("kis.db")))) {
            RawClient client = new RawClient(simulator, "PSRESTART00000000000000000000000001").login();
            assertThat(client.daily("30000001").body()).isEqualTo(orders);
            assertThat(cash(client)).isEqualTo(balance);
            assertThat(client.order("30000001", "TTTC0011U", "005930", "01", "5", "0")
                            .body())
                    .contains("APBK0013");
        }
    }

    @Test
    void a_second_simulator_on_the_same_file_refuses_to_start() {
        try (KisSimulator simulator = KisSimulator.start(config(folder.resolve("one.db")))) {
            assertThat(simulator.port()).isPositive();
            assertThatThrownBy(() -> KisSimulator.start(config(folder.resolve("one.db"))))
                    .hasMessageContaining("cannot be opened");
        }
    }

    /** A calendar of one day has no next trading day: the search for it must end, and the day that starts must trade. */
    @Test
    void a_day_started_by_a_fault_trades_on_a_one_day_calendar_and_after_a_restart() {
        SimulatorConfig oneDay =
                config(folder.resolve("one-day.db")).withTime(new OpenFixedCalendar(LocalDate.of(2026, 11, 20)), NOON);
        try (KisSimulator simulator = KisSimulator.start(oneDay)) {
            RawClient client = new RawClient(simulator, "PSRESTART00000000000000000000000002").login();
            assertThat(ordered(client)).isEqualTo("APBK0013 on 20261120");
            for (String next : List.of("20261121", "20261122")) {
                assertThat(client.post("/simulator/faults", Map.of(), "{\"roll_day\":{}}")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(ordered(client)).isEqualTo("APBK0013 on " + next);
            }
        }
        try (KisSimulator simulator = KisSimulator.start(oneDay)) {
            RawClient client = new RawClient(simulator, "PSRESTART00000000000000000000000002").login();
            assertThat(ordered(client)).as("after a restart").isEqualTo("APBK0013 on 20261122");
        }
    }

    private static String ordered(RawClient client) {
        String code = RawClient.json(client.order("30000001", "TTTC0012U", "005930", "01", "1", "0")
                        .body())
                .path("msg_cd")
                .stringValue();
        return code + " on "
                + RawClient.json(client.daily("30000001").body())
                        .path("output1")
                        .valueStream()
                        .map(row -> row.path("ord_dt").stringValue())
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
    }

    private static SimulatorConfig config(Path file) {
        return SimulatorConfig.defaults(file).withRates(10_000, 10_000);
    }

    private static long lowLimit(RawClient client) {
        return Long.parseLong(RawClient.json(client.get(
                                "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=000660",
                                java.util.Map.of("tr_id", "FHKST01010100"))
                        .body())
                .path("output")
                .path("stck_llam")
                .stringValue());
    }

    private static String cash(RawClient client) {
        var cash = RawClient.json(client.balance("30000001").body())
                .path("output2")
                .path(0);
        return cash.path("dnca_tot_amt").stringValue() + " "
                + cash.path("prvs_rcdl_excc_amt").stringValue() + " "
                + cash.path("thdt_tlex_amt").stringValue();
    }
}
