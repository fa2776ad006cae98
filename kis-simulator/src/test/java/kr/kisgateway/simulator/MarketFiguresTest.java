package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Figures of one stock agree with each other in every answer that has them, over a socket. */
@Tag("slow")
class MarketFiguresTest {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("figures.db"))
                .withSeed(7)
                .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-11-20T03:30:00Z")))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        RawClient client = new RawClient(simulator, "PSFIGURES00000000000000000000000001");
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client.login(), Face.LIVE);
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static JsonNode request(String id, Map<String, String> params) {
        return RawClient.json(calls.request(CatalogCalls.call(id), params).body());
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static BigDecimal number(JsonNode row, String column) {
        return new BigDecimal(text(row, column));
    }

    /** Every object of an answer, those in lists too. */
    private static List<JsonNode> rows(JsonNode body) {
        List<JsonNode> rows = new ArrayList<>();
        for (String block : List.of("output", "output1", "output2", "output3")) {
            JsonNode node = body.path(block);
            if (node.isArray()) {
                node.forEach(rows::add);
            } else if (node.isObject()) {
                rows.add(node);
            }
        }
        return rows;
    }

    private static BigDecimal rounded(BigDecimal change, BigDecimal base) {
        return base.signum() == 0
                ? new BigDecimal("0.00")
                : change.multiply(HUNDRED).divide(base, 2, RoundingMode.HALF_UP);
    }

    @Test
    void the_change_rate_of_a_stock_is_the_same_in_every_call() {
        for (String code : List.of("005930", "000020")) {
            Map<String, String> rates = new TreeMap<>();
            Set<String> wrong = new HashSet<>();
            for (RestCall call : CatalogCalls.CATALOG.restCalls()) {
                if (!call.id().startsWith("domestic_stock_") || call.isLedger() || call.isOrder()) {
                    continue;
                }
                boolean isRequested =
                        call.params().stream().anyMatch(param -> param.name().equals("FID_INPUT_ISCD"));
                boolean ranking = call.path().contains("/ranking/") && !code.equals("005930");
                if (!isRequested || ranking || !call.method().equals("GET")) {
                    continue;
                }
                for (JsonNode row : rows(request(call.id(), Map.of("FID_INPUT_ISCD", code)))) {
                    if (!row.has("stck_prpr") || !row.has("prdy_vrss") || !row.has("prdy_ctrt")) {
                        continue;
                    }
                    BigDecimal change = number(row, "prdy_vrss");
                    BigDecimal rate = rounded(change, number(row, "stck_prpr").subtract(change));
                    if (!text(row, "prdy_ctrt").equals(rate.toPlainString())) {
                        wrong.add(call.id() + " " + row);
                    }
                    rates.putIfAbsent(call.id(), text(row, "prdy_ctrt"));
                }
            }
            assertThat(wrong).as(code).isEmpty();
            assertThat(rates).as(code).hasSizeGreaterThan(8);
            String rate = rates.getOrDefault("domestic_stock_inquire_price", "");
            for (String id : List.of("inquire_price_2", "inquire_ccnl", "inquire_daily_itemchartprice")) {
                assertThat(rates.getOrDefault("domestic_stock_" + id, rate))
                        .as(code + " " + id)
                        .isEqualTo(rate);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"005930", "000020", "069500"})
    void the_volume_of_the_day_before_is_the_same_in_every_call(String code) {
        Map<String, String> of = Map.of("FID_INPUT_ISCD", code, "FID_INPUT_HOUR_1", "103000");
        JsonNode price = request("domestic_stock_inquire_price", of).path("output");
        JsonNode second = request("domestic_stock_inquire_price_2", of).path("output");
        String before = text(second, "prdy_vol");
        assertThat(text(second, "prdy_vrss_vol_rate")).isEqualTo(text(price, "prdy_vrss_vol_rate"));
        assertThat(text(request("etfetn_inquire_price", of).path("output"), "prdy_vol"))
                .isEqualTo(before);
        assertThat(text(
                        request("domestic_stock_inquire_time_itemconclusion", of)
                                .path("output1"),
                        "prdy_vol"))
                .isEqualTo(before);
        assertThat(rounded(number(price, "acml_vol"), new BigDecimal(before)))
                .isEqualByComparingTo(number(price, "prdy_vrss_vol_rate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"005930", "000660", "000020"})
    void earnings_capital_and_foreign_holdings_are_believable_and_the_same_in_every_call(String code) {
        Map<String, String> of = Map.of("FID_INPUT_ISCD", code);
        JsonNode price = request("domestic_stock_inquire_price", of).path("output");
        BigDecimal last = number(price, "stck_prpr");
        assertThat(number(price, "per")
                        .multiply(number(price, "eps"))
                        .subtract(last)
                        .abs())
                .as("PER %s of EPS %s", text(price, "per"), text(price, "eps"))
                .isLessThan(number(price, "eps").abs().max(last).movePointLeft(2));
        assertThat(number(price, "pbr")).isBetween(new BigDecimal("0.10"), new BigDecimal("10.00"));
        assertThat(number(price, "hts_frgn_ehrt")).isBetween(new BigDecimal("0.10"), new BigDecimal("60.00"));
        assertThat(number(price, "frgn_hldn_qty")
                        .multiply(HUNDRED)
                        .divide(number(price, "lstn_stcn"), 2, RoundingMode.HALF_UP))
                .isEqualByComparingTo(number(price, "hts_frgn_ehrt"));
        assertThat(text(
                        request("domestic_stock_inquire_daily_price", of)
                                .path("output")
                                .path(0),
                        "hts_frgn_ehrt"))
                .isEqualTo(text(price, "hts_frgn_ehrt"));
        JsonNode chart =
                request("domestic_stock_inquire_daily_itemchartprice", of).path("output1");
        for (String column : List.of("per", "pbr", "eps", "cpfn")) {
            assertThat(text(chart, column)).as(column).isEqualTo(text(price, column));
        }
        JsonNode information = request("domestic_stock_search_stock_info", Map.of("PDNO", code, "PRDT_TYPE_CD", "300"))
                .path("output");
        assertThat(number(information, "cpta").divideToIntegralValue(BigDecimal.valueOf(100_000_000)))
                .isEqualByComparingTo(number(price, "cpfn"))
                .isPositive();
    }

    @Test
    void rankings_by_figures_of_companies_show_those_of_each_company() {
        for (JsonNode row : rows(request("domestic_stock_market_value", Map.of("FID_RANK_SORT_CLS_CODE", "23")))) {
            JsonNode price = request(
                            "domestic_stock_inquire_price", Map.of("FID_INPUT_ISCD", text(row, "mksc_shrn_iscd")))
                    .path("output");
            assertThat(text(row, "per")).isEqualTo(text(price, "per"));
        }
        for (JsonNode row : rows(request("domestic_stock_dividend_rate", Map.of()))) {
            assertThat(number(row, "divi_rate")).isBetween(BigDecimal.ZERO, BigDecimal.TEN);
        }
    }

    @Test
    void no_title_of_the_news_is_written_later_than_now_and_the_newest_comes_first() {
        List<String> written = rows(request("domestic_stock_news_title", Map.of())).stream()
                .map(row -> text(row, "data_dt") + text(row, "data_tm"))
                .toList();

        assertThat(written).hasSizeGreaterThan(10).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(written.getFirst()).isBetween("20261120121500", "20261120123000");
        assertThat(rows(request("domestic_stock_news_title", Map.of("FID_INPUT_DATE_1", "0020261119")))
                        .getFirst()
                        .path("data_dt")
                        .stringValue(""))
                .isEqualTo("20261119");
    }

    @Test
    void an_index_has_the_name_of_its_list_and_a_us_stock_that_of_its_listing() {
        assertThat(text(
                        request("domestic_stock_inquire_daily_indexchartprice", Map.of("FID_INPUT_ISCD", "0002"))
                                .path("output1"),
                        "hts_kor_isnm"))
                .isEqualTo("대형주");
        assertThat(rows(request("overseas_stock_trade_vol", Map.of("EXCD", "NAS"))))
                .filteredOn(row -> row.has("ename"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(text(row, "ename"))
                        .isEqualTo(text(row, "name"))
                        .contains(" "));
    }

    @Test
    void each_member_has_one_code_and_its_parts_are_no_more_than_the_volume() {
        for (String code : List.of("005930", "000660", "000020", "000250", "069500")) {
            JsonNode row = request("domestic_stock_inquire_member", Map.of("FID_INPUT_ISCD", code))
                    .path("output");
            BigDecimal volume = number(
                    request("domestic_stock_inquire_price", Map.of("FID_INPUT_ISCD", code))
                            .path("output"),
                    "acml_vol");
            Map<String, String> codes = new HashMap<>();
            for (String side : List.of("seln", "shnu")) {
                Set<String> names = new HashSet<>();
                BigDecimal shares = BigDecimal.ZERO;
                BigDecimal parts = BigDecimal.ZERO;
                BigDecimal before = volume;
                for (int i = 1; i <= 5; i++) {
                    String name = text(row, side + "_mbcr_name" + i);
                    String number = text(row, side + "_mbcr_no" + i);
                    assertThat(names.add(name))
                            .as(code + " " + side + " " + name)
                            .isTrue();
                    assertThat(codes.merge(name, number, (a, b) -> a.equals(b) ? a : a + " and " + b))
                            .as(name)
                            .isEqualTo(number);
                    BigDecimal qty = number(row, "total_" + side + "_qty" + i);
                    assertThat(qty).isBetween(BigDecimal.ONE, before);
                    assertThat(number(row, side + "_mbcr_rlim" + i)).isEqualByComparingTo(rounded(qty, volume));
                    assertThat(number(row, side + "_qty_icdc" + i)).isBetween(BigDecimal.ZERO, qty);
                    before = qty;
                    shares = shares.add(qty);
                    parts = parts.add(number(row, side + "_mbcr_rlim" + i));
                }
                assertThat(shares).as(code + " " + side).isLessThanOrEqualTo(volume);
                assertThat(parts).as(code + " " + side).isBetween(BigDecimal.TEN, HUNDRED);
                assertThat(number(row, "glob_" + side + "_rlim")).isBetween(BigDecimal.ZERO, HUNDRED);
            }
            assertThat(codes.values()).as("one name for each code").doesNotHaveDuplicates();
            assertThat(number(row, "glob_ntby_qty"))
                    .isEqualByComparingTo(
                            number(row, "glob_total_shnu_qty").subtract(number(row, "glob_total_seln_qty")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"069500", "122630", "114800"})
    void a_fund_has_the_shares_that_are_listed_and_net_assets_of_all_of_them(String code) {
        JsonNode row =
                request("etfetn_inquire_price", Map.of("FID_INPUT_ISCD", code)).path("output");
        long listed = Instruments.load().find(new Symbol(code)).orElseThrow().listedShares();
        assertThat(text(row, "etf_crcl_stcn")).isEqualTo(Long.toString(listed)).isEqualTo(text(row, "lstn_stcn"));
        assertThat(number(row, "etf_ntas_ttam"))
                .isEqualByComparingTo(number(row, "nav")
                        .multiply(BigDecimal.valueOf(listed))
                        .divide(BigDecimal.valueOf(100_000_000), 0, RoundingMode.HALF_UP));
        assertThat(number(row, "etf_cnfg_issu_cnt").intValueExact()).isBetween(10, 200);
    }

    @ParameterizedTest
    @CsvSource({
        "1,vol_inrt,acml_vol,avrg_vol",
        "2,vol_tnrt,acml_vol,lstn_stcn",
    })
    void a_ranking_of_volumes_shows_the_rate_that_it_ranks_by(String by, String rate, String part, String total) {
        List<JsonNode> rows = rows(request(
                "domestic_stock_volume_rank",
                Map.of(
                        "FID_INPUT_ISCD", "0000",
                        "FID_BLNG_CLS_CODE", by,
                        "FID_INPUT_PRICE_1", "0",
                        "FID_INPUT_PRICE_2", "0",
                        "FID_VOL_CNT", "0")));
        assertThat(rows).hasSize(30);
        BigDecimal before = number(rows.getFirst(), rate);
        for (JsonNode row : rows) {
            assertThat(number(row, rate)).isLessThanOrEqualTo(before);
            assertThat(number(row, rate)).isEqualByComparingTo(rounded(number(row, part), number(row, total)));
            before = number(row, rate);
        }
        assertThat(rows)
                .allSatisfy(row -> assertThat(text(row, "nday_vol_tnrt")).isEqualTo(text(row, "vol_tnrt")));
    }

    @ParameterizedTest
    @CsvSource({
        "trade_growth,n_rate",
        "volume_surge,n_rate",
        "trade_turnover,tover",
        "volume_power,tpow",
        "updown_rate,n_rate",
        "price_fluct,n_rate",
        "market_cap,tomv",
    })
    void a_ranking_of_us_stocks_shows_the_figure_that_it_ranks_by(String id, String column) {
        RestCall call = CatalogCalls.call("overseas_stock_" + id);
        Map<String, String> params = new HashMap<>(Map.of("EXCD", "NAS"));
        if (call.params().stream().anyMatch(param -> param.name().equals("GUBN"))) {
            params.put("GUBN", "1");
        }
        List<JsonNode> rows = new ArrayList<>();
        request(call.id(), params).path("output2").forEach(rows::add);
        assertThat(rows).hasSizeGreaterThan(20);
        BigDecimal before = number(rows.getFirst(), column);
        for (JsonNode row : rows) {
            assertThat(number(row, column)).as(text(row, "symb")).isLessThanOrEqualTo(before);
            before = number(row, column);
            if (id.equals("trade_growth")) {
                assertThat(before)
                        .isEqualByComparingTo(
                                rounded(number(row, "tvol").subtract(number(row, "n_tvol")), number(row, "n_tvol")));
            }
        }
    }
}
