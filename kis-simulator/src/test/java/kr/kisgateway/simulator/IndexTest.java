package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;
import kr.kisgateway.simulator.history.KrxSessions;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Indices over a socket: made of their stocks, with one past in every call. */
@Tag("slow")
class IndexTest {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    @TempDir
    Path folder;

    private KisSimulator simulator;
    private RawClient client;
    private CatalogCalls calls;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("index.db"))
                .withTime(new KrxCalendar(), InstantSource.fixed(Instant.parse("2026-11-20T01:30:00Z")))
                .withMarket(MarketRules.defaults().withoutDormantTrading())
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        client = new RawClient(simulator, "PSINDEX0000000000000000000000000001").login();
        calls = new CatalogCalls(client, Face.LIVE);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode request(String id, Map<String, String> params) {
        return RawClient.json(
                calls.request(CatalogCalls.call("domestic_stock_" + id), params).body());
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static long points(JsonNode row, String column) {
        return Long.parseLong(text(row, column).replace(".", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001", "1001", "2001", "0013"})
    void the_days_of_an_index_have_no_gaps_up_to_now_and_all_calls_agree(String code) {
        List<JsonNode> rows = new ArrayList<>();
        String until = "20261120";
        while (rows.size() < 400) {
            JsonNode page = request(
                            "inquire_daily_indexchartprice",
                            Map.of("FID_INPUT_ISCD", code, "FID_INPUT_DATE_1", "00000101", "FID_INPUT_DATE_2", until))
                    .path("output2");
            assertThat(page).hasSize(50);
            page.forEach(rows::add);
            until = DAY.format(
                    LocalDate.parse(text(rows.getLast(), "stck_bsop_date"), DAY).minusDays(1));
        }
        KrxSessions sessions = new KrxSessions(new KrxCalendar());
        LocalDate day = LocalDate.of(2026, 11, 20);
        for (JsonNode row : rows) {
            assertThat(text(row, "stck_bsop_date")).isEqualTo(DAY.format(day));
            assertThat(points(row, "bstp_nmix_hgpr"))
                    .isGreaterThanOrEqualTo(Math.max(points(row, "bstp_nmix_oprc"), points(row, "bstp_nmix_prpr")));
            assertThat(points(row, "bstp_nmix_lwpr"))
                    .isLessThanOrEqualTo(Math.min(points(row, "bstp_nmix_oprc"), points(row, "bstp_nmix_prpr")));
            do {
                day = day.minusDays(1);
            } while (!sessions.isTradingDay(day));
        }
        JsonNode now =
                request("inquire_index_price", Map.of("FID_INPUT_ISCD", code)).path("output");
        assertThat(text(rows.getFirst(), "bstp_nmix_prpr")).isEqualTo(text(now, "bstp_nmix_prpr"));
        JsonNode daily = request(
                        "inquire_index_daily_price", Map.of("FID_INPUT_ISCD", code, "FID_INPUT_DATE_1", "20261120"))
                .path("output2");
        assertThat(daily).hasSize(100);
        for (int i = 0; i < 99; i++) {
            JsonNode row = daily.path(i);
            assertThat(text(row, "bstp_nmix_prpr")).isEqualTo(text(rows.get(i), "bstp_nmix_prpr"));
            assertThat(points(row, "bstp_nmix_prdy_vrss"))
                    .isEqualTo(points(row, "bstp_nmix_prpr") - points(daily.path(i + 1), "bstp_nmix_prpr"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999", "0099", "1777"})
    void an_unknown_index_or_industry_has_no_figures_in_any_call(String code) {
        List<String> figures = new ArrayList<>();
        for (RestCall call : CatalogCalls.CATALOG.restCalls()) {
            Map<String, String> examples = CatalogCalls.examples(call);
            if ("U".equals(examples.get("FID_COND_MRKT_DIV_CODE")) && "0001".equals(examples.get("FID_INPUT_ISCD"))) {
                JsonNode answer = RawClient.json(
                        calls.request(call, Map.of("FID_INPUT_ISCD", code)).body());
                assertThat(text(answer, "rt_cd")).as(call.id()).isEqualTo("0");
                for (RestCall.Block block : call.outputs()) {
                    JsonNode content = answer.path(block.name());
                    (content.isArray() ? content : List.of(content))
                            .forEach(row -> row.properties().stream()
                                    .filter(field -> field.getKey().contains("nmix_")
                                            || field.getKey().endsWith("_cnt")
                                            || field.getKey().startsWith("acml_"))
                                    .filter(field ->
                                            !field.getValue().stringValue().matches("0?([.]0+)?"))
                                    .forEach(field -> figures.add(call.id() + ' ' + field)));
                }
            }
        }
        assertThat(figures).isEmpty();
        assertThat(text(
                        request("inquire_index_price", Map.of("FID_INPUT_ISCD", code))
                                .path("output"),
                        "bstp_nmix_prpr"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inquire_daily_price",
                "inquire_daily_itemchartprice",
                "inquire_time_itemchartprice",
                "inquire_ccnl",
                "inquire_time_itemconclusion",
                "inquire_investor",
                "inquire_asking_price_exp_ccn",
                "inquire_price",
                "inquire_price_2"
            })
    void an_unknown_stock_has_no_prices_in_any_call(String id) {
        RestCall call = CatalogCalls.call("domestic_stock_" + id);
        JsonNode answer = request(id, Map.of("FID_INPUT_ISCD", "999990"));
        List<String> prices = new ArrayList<>();
        for (RestCall.Block block : call.outputs()) {
            JsonNode content = answer.path(block.name());
            (content.isArray() ? content : List.of(content))
                    .forEach(row -> row.properties().stream()
                            .filter(field -> field.getKey().startsWith("stck_")
                                            && field.getKey().matches(".*(prpr|clpr|oprc|hgpr|lwpr|sdpr|mxpr|llam)")
                                    || field.getKey().startsWith("askp")
                                    || field.getKey().startsWith("acml_vol"))
                            .filter(field -> !field.getValue().stringValue().matches("0?([.]0+)?"))
                            .forEach(field -> prices.add(block.name() + ' ' + field)));
        }
        assertThat(prices).isEmpty();
    }

    @Test
    void an_index_reports_rising_and_falling_stocks_and_its_range_of_the_year() {
        JsonNode untraded =
                request("inquire_index_price", Map.of("FID_INPUT_ISCD", "0001")).path("output");
        long all = Long.parseLong(text(untraded, "stnr_issu_cnt"));
        assertThat(text(untraded, "ascn_issu_cnt") + text(untraded, "down_issu_cnt"))
                .isEqualTo("00");
        assertThat(all).isGreaterThan(700);

        client.post("/simulator/market", Map.of(), "{\"move\":\"005930\",\"to\":220000}");
        client.order("50000009", "TTTC0012U", "005930", "00", "1", "222000");
        JsonNode moved =
                request("inquire_index_price", Map.of("FID_INPUT_ISCD", "0001")).path("output");

        assertThat(text(moved, "ascn_issu_cnt")).isEqualTo("1");
        assertThat(text(moved, "stnr_issu_cnt")).isEqualTo(Long.toString(all - 1));
        assertThat(text(moved, "dryy_bstp_nmix_hgpr_date")).startsWith("2026");
        assertThat(points(moved, "dryy_bstp_nmix_hgpr")).isGreaterThanOrEqualTo(points(moved, "bstp_nmix_hgpr"));
        assertThat(points(moved, "dryy_bstp_nmix_lwpr")).isLessThan(points(moved, "bstp_nmix_lwpr"));
    }

    @Test
    void the_history_of_an_index_moves_with_its_stocks() {
        JsonNode index = request(
                        "inquire_daily_indexchartprice",
                        Map.of(
                                "FID_INPUT_ISCD",
                                "0001",
                                "FID_INPUT_DATE_1",
                                "20260901",
                                "FID_INPUT_DATE_2",
                                "20261119"))
                .path("output2");
        JsonNode samsung = request(
                        "inquire_daily_itemchartprice",
                        Map.of("FID_INPUT_DATE_1", "20260901", "FID_INPUT_DATE_2", "20261119"))
                .path("output2");
        int together = 0;
        for (int i = 0; i + 1 < 50; i++) {
            long ofIndex = points(index.path(i), "bstp_nmix_prpr") - points(index.path(i + 1), "bstp_nmix_prpr");
            together += Long.signum(ofIndex) == Long.signum(points(samsung.path(i), "prdy_vrss")) ? 1 : 0;
        }
        // Its largest stock is about a third of it.
        assertThat(together).isGreaterThan(29);
    }

    @Test
    void a_large_stock_moves_the_index_by_its_weight() {
        JsonNode before =
                request("inquire_index_price", Map.of("FID_INPUT_ISCD", "0001")).path("output");
        calls.request(CatalogCalls.call("domestic_stock_inquire_price"), Map.of());
        for (int i = 0; i < 6; i++) {
            client.order("71000001", "TTTC0012U", "005930", "00", "3000", "205000");
        }
        JsonNode price = request("inquire_price", Map.of()).path("output");
        JsonNode after =
                request("inquire_index_price", Map.of("FID_INPUT_ISCD", "0001")).path("output");
        JsonNode minutes = request(
                        "inquire_index_timeprice", Map.of("FID_INPUT_ISCD", "0001", "FID_INPUT_HOUR_1", "60"))
                .path("output");

        long risen = Long.parseLong(text(price, "prdy_vrss"));
        assertThat(risen).isPositive();
        assertThat(text(before, "bstp_nmix_prdy_vrss")).isEqualTo("0.00");
        assertThat(points(after, "bstp_nmix_prpr")).isGreaterThan(points(before, "bstp_nmix_prpr"));
        double ofStock = (double) risen / Long.parseLong(text(price, "stck_sdpr"));
        double ofIndex = (double) points(after, "bstp_nmix_prdy_vrss") / points(before, "bstp_nmix_prpr");
        assertThat(ofIndex / ofStock).as("the weight of the largest").isBetween(0.15, 0.6);
        assertThat(text(minutes.path(0), "bsop_hour")).isEqualTo("103000");
        assertThat(text(minutes.path(0), "bstp_nmix_prpr")).isEqualTo(text(after, "bstp_nmix_prpr"));
        assertThat(Long.parseLong(text(minutes.path(0), "acml_vol")))
                .isEqualTo(Long.parseLong(text(price, "acml_vol")) / 1_000);
    }
}
