package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/dividends}: what the simulated KIS pays to who holds a stock. */
@Tag("slow")
class DividendsTest {
    private static final String PATH = "/v1/dividends?account_id=A1";
    private static final String SAMSUNG = "005930";

    @TempDir
    Path folder;

    @Test
    void a_dividend_is_listed_by_its_record_date_with_tax_and_is_in_the_cash() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            assertThat(gateway.get(PATH).body()).isEqualTo("[]");
            gateway.setMarket("{\"dividend\":\"000660\",\"per_share\":1000}");
            assertThat(gateway.get(PATH).body()).as("nothing is held").isEqualTo("[]");

            var order = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":10}";
            assertThat(gateway.send("POST", "/v1/orders", order, "Idempotency-Key", "ten")
                            .statusCode())
                    .isEqualTo(200);
            Await.until(
                    "ten are held",
                    () -> gateway.json("/v1/positions?account_id=A1")
                                    .path(0)
                                    .path("qty")
                                    .asLong(0)
                            == 10);
            long before = deposit(gateway);
            gateway.setMarket("{\"dividend\":\"005930\",\"per_share\":361}");
            gateway.setMarket("{\"dividend\":\"005930\",\"per_share\":361}"); // the same right is paid once

            gateway.contract().check("GET", "/v1/dividends", gateway.get(PATH));
            var dividends = gateway.json(PATH);
            assertThat(dividends.size()).isEqualTo(1);
            var dividend = dividends.path(0);
            assertThat(dividend.path("symbol").asString()).isEqualTo(SAMSUNG);
            assertThat(dividend.path("name").asString()).isEqualTo("삼성전자");
            assertThat(dividend.path("qty").asLong()).isEqualTo(10);
            assertThat(dividend.path("amount").asLong()).isEqualTo(3_610);
            assertThat(dividend.path("tax").asLong()).isEqualTo(555);
            assertThat(dividend.path("kis_type").asString()).isEqualTo("03");
            var day = LocalDate.parse(dividend.path("record_date").asString());
            assertThat(dividend.path("pay_day").asString()).isEqualTo(day.toString());
            Await.until("the cash has it", () -> deposit(gateway) == before + 3_610 - 555);

            assertThat(gateway.get(PATH + "&to=" + day.minusDays(1)).body()).isEqualTo("[]");
            assertThat(gateway.json(PATH + "&from=" + day + "&to=" + day).size())
                    .isEqualTo(1);
        }
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            assertThat(gateway.json(PATH).size()).as("after a restart").isEqualTo(1);
        }
    }

    @Test
    void wrong_days_are_refused_by_name_and_paper_trading_has_none() {
        try (var broker = KisSimulator.start(
                        SimulatorConfig.defaults(folder.resolve("kis.db")).withFace(Face.PAPER));
                var gateway = GatewayFixture.start(
                        folder,
                        broker.restBase(),
                        Map.of(
                                "KIS_ENV",
                                "mock",
                                "KIS_MOCK_APP_KEY",
                                "PSDIVIDENDS000000000000000000000001",
                                "KIS_MOCK_APP_SECRET",
                                "d".repeat(180),
                                "KIS_MOCK_CANO",
                                "50001235",
                                "KIS_API_BASE_URL_VIRTUAL",
                                broker.restBase().toString(),
                                "KIS_WS_URL_MOCK",
                                broker.wsBase().toString()))) {
            assertThat(gateway.get(PATH).body()).contains("UNSUPPORTED_BY_SOURCE");
            assertThat(gateway.get("/v1/dividends").body()).contains("account_id");
            assertThat(gateway.get(PATH + "&from=2026-13-01").body())
                    .contains("from")
                    .contains("2026-11-20");
            assertThat(gateway.get(PATH + "&from=2024-01-01&to=2026-01-01").body())
                    .contains("366 days");
            assertThat(gateway.get(PATH + "&from=2026-02-01&to=2026-01-01").body())
                    .contains("must not be after to");
        }
    }

    private static long deposit(GatewayFixture gateway) {
        return gateway.json("/v1/balances?account_id=A1")
                .path(0)
                .path("deposit")
                .asLong();
    }
}
