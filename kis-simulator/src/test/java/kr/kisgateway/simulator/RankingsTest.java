package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Rankings of a market in which four stocks traded, over a socket. */
class RankingsTest {
    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("ranks.db"))
                .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-11-20T01:30:00Z")))
                .withRates(100_000, 100_000)
                .withMarket(MarketRules.defaults().withoutDormantTrading())
                .withSynchronous("OFF"));
        RawClient client = new RawClient(simulator, "PSRANKINGS0000000000000000000000001").login();
        calls = new CatalogCalls(client, Face.LIVE);
        buy(client, "005930", 300);
        buy(client, "001510", 900);
        buy(client, "000250", 100);
        buy(client, "005935", 50);
    }

    private static void buy(RawClient client, String code, int shares) {
        calls.request(CatalogCalls.call("domestic_stock_inquire_price"), Map.of("FID_INPUT_ISCD", code));
        assertThat(client.order("71000001", "TTTC0012U", code, "01", Integer.toString(shares), "0")
                        .body())
                .contains("APBK0013");
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static final List<String> NO_FILTERS = List.of(
            "FID_INPUT_PRICE_1",
            "FID_INPUT_PRICE_2",
            "FID_APLY_RANG_PRC_1",
            "FID_APLY_RANG_PRC_2",
            "FID_VOL_CNT",
            "FID_APLY_RANG_VOL",
            "FID_INPUT_CNT_1",
            "FID_INPUT_CNT_2");

    /** The rows of a ranking of all stocks, with these filters. */
    private static List<JsonNode> rank(String id, String... filters) {
        var call = CatalogCalls.call("domestic_stock_" + id);
        var params = new HashMap<String, String>();
        call.params().forEach(param -> {
            String name = param.name().toUpperCase(Locale.ROOT);
            if (NO_FILTERS.contains(name)) {
                params.put(param.name(), "0");
            }
            if (name.equals("FID_INPUT_ISCD")) {
                params.put(param.name(), "0000");
            }
            for (int i = 0; i < filters.length; i += 2) {
                if (name.equals(filters[i])) {
                    params.put(param.name(), filters[i + 1]);
                }
            }
        });
        JsonNode body = RawClient.json(calls.request(call, params).body());
        List<JsonNode> rows = new ArrayList<>();
        for (String block : List.of("output", "output1", "output2")) {
            if (body.path(block).isArray()) {
                body.path(block).forEach(rows::add);
            }
        }
        return rows;
    }

    private static String code(JsonNode row) {
        return text(
                row, row.has("mksc_shrn_iscd") ? "mksc_shrn_iscd" : row.has("sht_cd") ? "sht_cd" : "stck_shrn_iscd");
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static double number(JsonNode row, String column) {
        return Double.parseDouble(text(row, column));
    }

    @ParameterizedTest
    @CsvSource({
        "volume_rank, FID_BLNG_CLS_CODE, 0, acml_vol, false",
        "volume_rank, FID_BLNG_CLS_CODE, 1, vol_inrt, false",
        "volume_rank, FID_BLNG_CLS_CODE, 2, vol_tnrt, false",
        "volume_rank, FID_BLNG_CLS_CODE, 3, acml_tr_pbmn, false",
        "volume_rank, FID_BLNG_CLS_CODE, 4, tr_pbmn_tnrt, false",
        "fluctuation, FID_RANK_SORT_CLS_CODE, 0, prdy_ctrt, false",
        "fluctuation, FID_RANK_SORT_CLS_CODE, 1, prdy_ctrt, true",
        "market_cap, FID_DIV_CLS_CODE, 0, stck_avls, false",
        "volume_power, FID_DIV_CLS_CODE, 0, tday_rltv, false",
        "quote_balance, FID_RANK_SORT_CLS_CODE, 0, total_ntsl_bidp_rsqn, false",
        "quote_balance, FID_RANK_SORT_CLS_CODE, 1, total_ntsl_bidp_rsqn, true",
        "quote_balance, FID_RANK_SORT_CLS_CODE, 2, shnu_rsqn_rate, false",
        "quote_balance, FID_RANK_SORT_CLS_CODE, 3, seln_rsqn_rate, false",
        "disparity, FID_HOUR_CLS_CODE, 20, d20_dsrt, false",
        "disparity, FID_RANK_SORT_CLS_CODE, 1, d5_dsrt, true",
        "near_new_highlow, FID_PRC_CLS_CODE, 0, hprc_near_rate, true",
        "near_new_highlow, FID_PRC_CLS_CODE, 1, lwpr_near_rate, true",
        "top_interest_stock, FID_DIV_CLS_CODE, 0, inter_issu_reg_csnu, false",
        "finance_ratio, FID_RANK_SORT_CLS_CODE, 11, bis, false",
        "market_value, FID_RANK_SORT_CLS_CODE, 24, pbr, false",
        "profit_asset_index, FID_RANK_SORT_CLS_CODE, 4, total_aset, false",
        "credit_balance, FID_RANK_SORT_CLS_CODE, 1, whol_loan_rmnd_stcn, false",
        "short_sale, FID_PERIOD_DIV_CODE, D, ssts_cntg_qty, false",
        "bulk_trans_num, FID_RANK_SORT_CLS_CODE, 1, seln_cntg_csnu, false",
        "traded_by_company, FID_RANK_SORT_CLS_CODE, 1, shnu_cnqn_smtn, false",
        "dividend_rate, GB4, 0, divi_rate, false",
        "after_hour_balance, FID_RANK_SORT_CLS_CODE, 4, ovtm_total_bidp_rsqn, false",
        "exp_trans_updown, FID_RANK_SORT_CLS_CODE, 0, prdy_ctrt, false",
        "exp_trans_updown, FID_RANK_SORT_CLS_CODE, 4, prdy_vrss, true",
        "exp_trans_updown, FID_RANK_SORT_CLS_CODE, 5, cntg_vol, false",
        "exp_closing_price, FID_RANK_SORT_CLS_CODE, 0, prdy_ctrt, false",
        "prefer_disparate_ratio, FID_DIV_CLS_CODE, 0, dprt, false"
    })
    void a_ranking_is_sorted_by_what_it_is_named_for(
            String id, String param, String value, String column, boolean rising) {
        List<JsonNode> rows = rank(id, param, value);

        assertThat(rows).hasSize(30);
        assertThat(rows.stream().map(RankingsTest::code)).doesNotHaveDuplicates();
        double before = number(rows.getFirst(), column);
        for (JsonNode row : rows) {
            double figure = number(row, column);
            assertThat(rising ? before <= figure : before >= figure)
                    .as("%s behind %s in %s", figure, before, row)
                    .isTrue();
            before = figure;
        }
    }

    @Test
    void traded_stocks_rank_at_the_top_and_rows_agree_with_the_price() {
        List<JsonNode> rows = rank("volume_rank", "FID_BLNG_CLS_CODE", "0");

        assertThat(rows.stream().limit(4).map(RankingsTest::code))
                .containsExactly("001510", "005930", "000250", "005935");
        assertThat(rows.stream().limit(4).map(row -> text(row, "acml_vol"))).containsExactly("900", "300", "100", "50");
        assertThat(rows.stream().limit(4).map(row -> text(row, "data_rank"))).containsExactly("1", "2", "3", "4");
        for (String id : List.of("volume_rank", "fluctuation", "market_cap")) {
            for (JsonNode row : rank(id).subList(0, 5)) {
                JsonNode price = RawClient.json(calls.request(
                                        CatalogCalls.call("domestic_stock_inquire_price"),
                                        Map.of("FID_INPUT_ISCD", code(row)))
                                .body())
                        .path("output");
                for (String column : List.of("stck_prpr", "prdy_vrss", "prdy_vrss_sign", "prdy_ctrt", "acml_vol")) {
                    assertThat(text(row, column)).as("%s of %s", column, row).isEqualTo(text(price, column));
                }
            }
        }
    }

    @Test
    void rankings_can_be_filtered_by_price_volume_board_kind_and_count() {
        assertThat(rank("volume_rank", "FID_VOL_CNT", "100").stream().map(RankingsTest::code))
                .containsExactly("001510", "005930", "000250");
        assertThat(rank("volume_rank", "FID_INPUT_PRICE_1", "100000", "FID_INPUT_PRICE_2", "300000"))
                .hasSize(30)
                .allMatch(row -> number(row, "stck_prpr") >= 100_000 && number(row, "stck_prpr") <= 300_000);
        assertThat(rank("volume_rank", "FID_INPUT_ISCD", "1001", "FID_VOL_CNT", "1").stream()
                        .map(RankingsTest::code))
                .containsExactly("000250");
        assertThat(rank("volume_rank", "FID_INPUT_ISCD", "2001", "FID_VOL_CNT", "1").stream()
                        .map(RankingsTest::code))
                .containsExactly("005930");
        assertThat(rank("volume_rank", "FID_DIV_CLS_CODE", "2", "FID_VOL_CNT", "1").stream()
                        .map(RankingsTest::code))
                .containsExactly("005935");
        assertThat(rank("volume_rank", "FID_TRGT_EXLS_CLS_CODE", "0000100000", "FID_VOL_CNT", "1").stream()
                        .map(RankingsTest::code))
                .containsExactly("001510", "005930", "000250");
        assertThat(rank("fluctuation", "FID_INPUT_CNT_1", "7")).hasSize(7);
        assertThat(rank("near_new_highlow", "FID_INPUT_CNT_2", "5"))
                .allMatch(row -> number(row, "hprc_near_rate") <= 5);
    }

    @Test
    void investors_buys_and_sells_both_sum_to_the_volume_of_the_day() {
        JsonNode rows = RawClient.json(
                        calls.request("domestic_stock_inquire_investor").body())
                .path("output");
        JsonNode days = RawClient.json(
                        calls.request("domestic_stock_inquire_daily_price").body())
                .path("output");

        assertThat(rows).hasSize(30);
        boolean differs = false;
        for (int i = 0; i < 30; i++) {
            JsonNode row = rows.path(i);
            assertThat(text(row, "stck_bsop_date")).isEqualTo(text(days.path(i), "stck_bsop_date"));
            assertThat(text(row, "stck_clpr")).isEqualTo(text(days.path(i), "stck_clpr"));
            assertThat(text(row, "frgn_ntby_qty")).isEqualTo(text(days.path(i), "frgn_ntby_qty"));
            for (String kind : List.of("shnu", "seln")) {
                assertThat(number(row, "prsn_" + kind + "_vol")
                                + number(row, "frgn_" + kind + "_vol")
                                + number(row, "orgn_" + kind + "_vol"))
                        .isEqualTo(number(days.path(i), "acml_vol"));
            }
            for (String unit : List.of("qty", "tr_pbmn")) {
                assertThat(number(row, "prsn_ntby_" + unit)
                                + number(row, "frgn_ntby_" + unit)
                                + number(row, "orgn_ntby_" + unit))
                        .isZero();
            }
            differs |= number(row, "prsn_ntby_qty") != 0;
        }
        assertThat(differs).isTrue();
    }
}
