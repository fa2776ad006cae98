package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Map;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.PriceLimits;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Funds that track an index stand where the index does, over a socket. */
@Tag("slow")
class IndexFundsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final Instruments SHIPPED = Instruments.load();

    @TempDir
    Path folder;

    private KisSimulator simulator;
    private RawClient client;
    private CatalogCalls calls;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("funds.db"))
                .withSeed(7)
                .withTime(
                        new OpenCalendar(),
                        InstantSource.fixed(DAY.atTime(LocalTime.of(10, 30, 30))
                                .atZone(TradingCalendar.SEOUL)
                                .toInstant()))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        client = new RawClient(simulator, "PSFUNDS0000000000000000000000000001");
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client.login(), Face.LIVE);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode request(String id, String code) {
        return RawClient.json(calls.request(CatalogCalls.call("domestic_stock_" + id), Map.of("FID_INPUT_ISCD", code))
                        .body())
                .path("output");
    }

    private static double number(JsonNode row, String column) {
        return Double.parseDouble(row.path(column).stringValue("(absent)"));
    }

    @ParameterizedTest
    @CsvSource({
        "0001,10,226490 227830 277630 302450 305050",
        "0002,5,277640 337140",
        "0003,5,277650",
        "2001,100,069500 069660 102110 105190 108590 148020 152100 152870 293180 434960 448100 472840",
        "2007,10,140950 153270 159800 237350",
        "2008,10,122090",
        "3003,10,229200 232080 270810 301400 304770 354500 450910",
        "3003,5,316670",
        "4001,1,100910",
    })
    void a_fund_closed_the_day_before_at_its_index_times_its_factor_and_takes_orders_at_its_price(
            String index, int factor, String funds) {
        JsonNode level = request("inquire_index_price", index);
        double previous = number(level, "bstp_nmix_prpr") - number(level, "bstp_nmix_prdy_vrss");
        for (String code : funds.split(" ")) {
            JsonNode fund = request("inquire_price", code);
            double base = number(fund, "stck_sdpr");
            assertThat(base).as(code).isCloseTo(previous * factor, within(previous * factor * 0.02));

            // The limits that the gateway's rule uses: the reported ones, and those it computes from a trade's base
            // price.
            Instrument shipped = SHIPPED.find(new Symbol(code)).orElseThrow();
            PriceLimits computed = PriceRules.limits(shipped, (long) base, DAY);
            assertThat(number(fund, "stck_llam")).as(code).isEqualTo(computed.lower());
            assertThat(number(fund, "stck_mxpr")).as(code).isEqualTo(computed.upper());
            long price = (long) number(fund, "stck_prpr");
            assertThat(price).as(code).isBetween(computed.lower(), computed.upper());
            assertThat(PriceRules.isOnTick(shipped.product(), price, DAY)).isTrue();
            assertThat(client.order("50000009", "TTTC0012U", code, "00", "1", Long.toString(price))
                            .body())
                    .as(code)
                    .contains("\"rt_cd\":\"0\"");
        }
    }

    @Test
    void leveraged_inverse_and_total_return_funds_keep_the_close_of_the_listing() {
        for (String code : new String[] {"122630", "114800", "278530", "233740", "139260"}) {
            assertThat(number(request("inquire_price", code), "stck_sdpr"))
                    .as(code)
                    .isEqualTo(SHIPPED.find(new Symbol(code)).orElseThrow().close());
        }
    }
}
