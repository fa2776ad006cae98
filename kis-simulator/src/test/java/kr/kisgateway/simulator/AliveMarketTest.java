package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The first second of a simulator with default settings, as a new user sees it over a socket. */
@Tag("slow")
class AliveMarketTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    /** Other stocks than the heavily traded ones. */
    private static final List<String> CODES = List.of("005930", "000020", "000250", "069500");

    @TempDir
    Path folder;

    private CatalogCalls calls;

    private KisSimulator start(String time, SimulatorConfig config) {
        KisSimulator simulator = KisSimulator.start(config.withTime(
                        new OpenCalendar(),
                        InstantSource.fixed(DAY.atTime(LocalTime.parse(time))
                                .atZone(TradingCalendar.SEOUL)
                                .toInstant()))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
        RawClient client = new RawClient(simulator, "PSALIVE0000000000000000000000000001");
        // The first request of a whole market on a busy machine; time is not measured here.
        client.timeout = Duration.ofMinutes(1);
        calls = new CatalogCalls(client.login(), Face.LIVE);
        return simulator;
    }

    private KisSimulator start(String time) {
        return start(time, SimulatorConfig.defaults(folder.resolve("alive.db")).withSeed(7));
    }

    private JsonNode request(String id, Map<String, String> params) {
        return RawClient.json(
                calls.request(CatalogCalls.call("domestic_stock_" + id), params).body());
    }

    private List<JsonNode> rank(String id, String... filters) {
        var call = CatalogCalls.call("domestic_stock_" + id);
        var params = new HashMap<String, String>();
        Set<String> blank = Set.of(
                "FID_INPUT_PRICE_1",
                "FID_INPUT_PRICE_2",
                "FID_VOL_CNT",
                "FID_APLY_RANG_PRC_1",
                "FID_APLY_RANG_PRC_2",
                "FID_APLY_RANG_VOL",
                "FID_INPUT_CNT_1",
                "FID_INPUT_CNT_2",
                "FID_RSFL_RATE1",
                "FID_RSFL_RATE2");
        call.params().forEach(param -> {
            String name = param.name().toUpperCase(Locale.ROOT);
            if (blank.contains(name)) {
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
        List<JsonNode> rows = new ArrayList<>();
        JsonNode body = RawClient.json(calls.request(call, params).body());
        for (String block : List.of("output", "output1", "output2")) {
            if (body.path(block).isArray()) {
                body.path(block).forEach(rows::add);
            }
        }
        return rows;
    }

    private static String text(JsonNode row, String column) {
        return row.path(column).stringValue("(absent)");
    }

    private static double number(JsonNode row, String column) {
        return Double.parseDouble(text(row, column));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:10:00", "03:30:01", "10:30:00", "23:50:30"})
    void at_any_hour_every_stock_has_already_traded_its_day_at_the_first_second(String time) {
        try (KisSimulator simulator = start(time)) {
            for (String code : CODES) {
                List<JsonNode> minutes = new ArrayList<>();
                request("inquire_time_itemchartprice", Map.of("FID_INPUT_ISCD", code, "FID_INPUT_HOUR_1", "000000"))
                        .path("output2")
                        .forEach(minutes::add);
                List<JsonNode> trades = new ArrayList<>();
                request("inquire_ccnl", Map.of("FID_INPUT_ISCD", code))
                        .path("output")
                        .forEach(trades::add);
                JsonNode price =
                        request("inquire_price", Map.of("FID_INPUT_ISCD", code)).path("output");

                assertThat(minutes).as(code).hasSizeGreaterThan(time.startsWith("00") ? 2 : 20);
                assertThat(trades).as(code).hasSizeGreaterThan(time.startsWith("00") ? 2 : 20);
                assertThat(text(minutes.getFirst(), "stck_prpr")).isEqualTo(text(price, "stck_prpr"));
                assertThat(text(trades.getFirst(), "stck_prpr")).isEqualTo(text(price, "stck_prpr"));
                assertThat(number(price, "stck_hgpr")).isGreaterThan(number(price, "stck_lwpr"));
                assertThat(number(price, "stck_oprc"))
                        .isBetween(number(price, "stck_lwpr"), number(price, "stck_hgpr"));
                assertThat(number(price, "w52_hgpr")).isGreaterThanOrEqualTo(number(price, "stck_hgpr"));
                assertThat(number(price, "w52_lwpr")).isLessThanOrEqualTo(number(price, "stck_lwpr"));
                JsonNode today = request("inquire_daily_price", Map.of("FID_INPUT_ISCD", code))
                        .path("output")
                        .path(0);
                assertThat(text(today, "acml_vol")).isEqualTo(text(price, "acml_vol"));
                JsonNode investors = request("inquire_investor", Map.of("FID_INPUT_ISCD", code))
                        .path("output")
                        .path(0);
                assertThat(number(investors, "frgn_shnu_vol")
                                + number(investors, "orgn_shnu_vol")
                                + number(investors, "prsn_shnu_vol"))
                        .isEqualTo(number(price, "acml_vol"));
            }
        }
    }

    @Test
    void rankings_reflect_a_partly_traded_day() {
        try (KisSimulator simulator = start("10:30:00")) {
            List<JsonNode> volumes = rank("volume_rank", "FID_BLNG_CLS_CODE", "0");
            assertThat(volumes).hasSize(30);
            // 10.5 of 24 hours, and the first ones somewhat more.
            assertThat(volumes)
                    .allSatisfy(row -> assertThat(number(row, "acml_vol") / number(row, "avrg_vol"))
                            .isBetween(0.35, 0.7));
            List<JsonNode> turnovers = rank("volume_rank", "FID_BLNG_CLS_CODE", "3");
            assertThat(turnovers.subList(0, 5))
                    .extracting(row -> text(row, "mksc_shrn_iscd"))
                    .contains("005930", "000660");
            assertThat(turnovers)
                    .allSatisfy(row -> assertThat(number(row, "acml_tr_pbmn")).isGreaterThan(1e10));

            List<JsonNode> risers = rank("fluctuation", "FID_RANK_SORT_CLS_CODE", "0");
            List<JsonNode> fallers = rank("fluctuation", "FID_RANK_SORT_CLS_CODE", "1");
            assertThat(number(risers.getFirst(), "prdy_ctrt")).isBetween(5.0, 30.0);
            assertThat(number(risers.getLast(), "prdy_ctrt")).isBetween(2.0, 20.0);
            assertThat(number(fallers.getFirst(), "prdy_ctrt")).isBetween(-30.0, -5.0);
            assertThat(number(fallers.getLast(), "prdy_ctrt")).isBetween(-20.0, -2.0);

            assertThat(rank("volume_power"))
                    .hasSize(30)
                    .allSatisfy(row -> assertThat(number(row, "tday_rltv")).isGreaterThan(100));
            assertThat(rank("quote_balance"))
                    .hasSize(30)
                    .allSatisfy(row ->
                            assertThat(number(row, "total_bidp_rsqn")).isGreaterThan(number(row, "total_askp_rsqn")));
        }
    }

    @Test
    void rankings_of_trades_expected_prices_and_after_hours_match_the_day_of_each_stock() {
        try (KisSimulator simulator = start("10:30:00")) {
            List<JsonNode> bulk = rank("bulk_trans_num", "FID_RANK_SORT_CLS_CODE", "0");
            assertThat(bulk.subList(0, 10).stream().map(row -> text(row, "mksc_shrn_iscd")))
                    .contains("005930", "000660");
            assertThat(number(
                            rank("bulk_trans_num", "FID_RANK_SORT_CLS_CODE", "0", "FID_INPUT_PRICE_1", "100000000")
                                    .getFirst(),
                            "shnu_cntg_csnu"))
                    .as("trades of 100 million won are fewer")
                    .isBetween(1.0, number(bulk.getFirst(), "shnu_cntg_csnu") / 2);
            assertThat(rank("short_sale"))
                    .hasSize(30)
                    .allSatisfy(row -> assertThat(number(row, "ssts_cntg_qty") / number(row, "acml_vol"))
                            .isBetween(0.004, 0.081));
            assertThat(rank("traded_by_company"))
                    .hasSize(30)
                    .allSatisfy(row -> assertThat(number(row, "seln_cnqn_smtn") + number(row, "shnu_cnqn_smtn"))
                            .isBetween(number(row, "acml_vol") * 0.04, number(row, "acml_vol") * 0.16));

            String riser = text(
                    rank("exp_trans_updown", "FID_RANK_SORT_CLS_CODE", "0", "FID_MKOP_CLS_CODE", "1")
                            .getFirst(),
                    "stck_shrn_iscd");
            // Requested on its own a stock gets a book of its own, which the ranking shows from then on.
            JsonNode price =
                    request("inquire_price", Map.of("FID_INPUT_ISCD", riser)).path("output");
            JsonNode book = request("inquire_asking_price_exp_ccn", Map.of("FID_INPUT_ISCD", riser))
                    .path("output1");
            List<JsonNode> expected = rank("exp_trans_updown", "FID_RANK_SORT_CLS_CODE", "0", "FID_MKOP_CLS_CODE", "1");
            assertThat(expected).hasSize(30);
            JsonNode shown = expected.stream()
                    .filter(it -> text(it, "stck_shrn_iscd").equals(riser))
                    .findFirst()
                    .orElseThrow();
            assertThat(text(shown, "stck_sdpr")).isEqualTo(text(price, "stck_sdpr"));
            assertThat(text(shown, "prdy_ctrt")).isEqualTo(text(price, "prdy_ctrt"));
            assertThat(text(shown, "total_bidp_rsqn")).isEqualTo(text(book, "total_bidp_rsqn"));
            assertThat(text(shown, "askp")).isEqualTo(text(book, "askp1"));

            List<JsonNode> overtime = rank("overtime_volume", "FID_RANK_SORT_CLS_CODE", "2");
            assertThat(overtime).hasSize(30);
            assertThat(overtime)
                    .allSatisfy(row -> assertThat(number(row, "ovtm_untp_vol") / number(row, "acml_vol"))
                            .as("nine of ten and a half hours")
                            .isBetween(0.7, 0.98));
            assertThat(rank("overtime_fluctuation", "FID_DIV_CLS_CODE", "2"))
                    .hasSize(30)
                    .allSatisfy(row ->
                            assertThat(number(row, "ovtm_untp_prdy_ctrt")).isPositive());
            assertThat(rank("overtime_exp_trans_fluct", "FID_RANK_SORT_CLS_CODE", "3"))
                    .hasSize(30)
                    .allSatisfy(row ->
                            assertThat(number(row, "ovtm_untp_antc_cntg_ctrt")).isNegative());
            assertThat(rank("after_hour_balance", "FID_RANK_SORT_CLS_CODE", "1"))
                    .hasSize(30)
                    .allSatisfy(row -> assertThat(number(row, "mkob_otcp_vol")).isPositive());

            for (String id : List.of(
                    "overtime_volume", "overtime_fluctuation", "overtime_exp_trans_fluct", "prefer_disparate_ratio")) {
                var call = CatalogCalls.call("domestic_stock_" + id);
                var columns = call.outputs().getLast().columns().stream()
                        .map(column -> column.name())
                        .toList();
                assertThat(rank(id, "FID_DIV_CLS_CODE", "2", "FID_RANK_SORT_CLS_CODE", "2")
                                .getFirst()
                                .propertyNames())
                        .as(id)
                        .containsExactlyInAnyOrderElementsOf(columns);
            }

            JsonNode preferred = rank("prefer_disparate_ratio").stream()
                    .filter(row -> text(row, "mksc_shrn_iscd").equals("005380"))
                    .findFirst()
                    .orElseGet(() -> rank("prefer_disparate_ratio").getFirst());
            assertThat(text(preferred, "prst_iscd"))
                    .isEqualTo(text(preferred, "mksc_shrn_iscd").substring(0, 5) + "5");
            assertThat(number(preferred, "diff_prpr"))
                    .isEqualTo(number(preferred, "stck_prpr") - number(preferred, "prst_prpr"));
        }
    }

    @Test
    void every_index_of_a_board_follows_the_value_of_its_members_and_counts_them() {
        try (KisSimulator simulator = start("10:30:00")) {
            JsonNode board = request("exp_total_index", Map.of("fid_mrkt_cls_code", "K", "fid_input_iscd", "0000"));
            var counted = new HashMap<String, Double>();
            var changes = new TreeSet<String>();
            for (JsonNode row : board.path("output2")) {
                counted.put(
                        text(row, "bstp_cls_code"),
                        number(row, "ascn_issu_cnt") + number(row, "down_issu_cnt") + number(row, "stnr_issu_cnt"));
                changes.add(text(row, "bstp_nmix_prdy_ctrt"));
                assertThat(Math.abs(number(row, "bstp_nmix_prdy_ctrt")))
                        .as(row.toString())
                        .isLessThan(8);
            }
            assertThat(changes).as("indices do not move as one").hasSizeGreaterThan(15);
            double all = counted.getOrDefault("0001", 0.0);
            assertThat(all).isGreaterThan(700);
            assertThat(counted.entrySet().stream()
                            .filter(each -> each.getKey().compareTo("0004") > 0)
                            .mapToDouble(Map.Entry::getValue)
                            .sum())
                    .as("every share of the board is in one industry")
                    .isEqualTo(all);
            assertThat(counted).containsEntry("0002", 100.0).containsEntry("0003", 200.0);

            JsonNode category = request(
                    "inquire_index_category_price",
                    Map.of("FID_INPUT_ISCD", "0013", "FID_MRKT_CLS_CODE", "K", "FID_BLNG_CLS_CODE", "0"));
            JsonNode present = request("inquire_index_price", Map.of("FID_INPUT_ISCD", "0013"))
                    .path("output");
            for (String column : List.of("bstp_nmix_prpr", "bstp_nmix_prdy_vrss", "ascn_issu_cnt", "down_issu_cnt")) {
                assertThat(text(category.path("output1"), column)).isEqualTo(text(present, column));
            }
            JsonNode row = category.path("output2")
                    .valueStream()
                    .filter(it -> text(it, "bstp_cls_code").equals("0013"))
                    .findFirst()
                    .orElseThrow();
            assertThat(text(row, "hts_kor_isnm")).isEqualTo("전기·전자");
            assertThat(text(row, "bstp_nmix_prpr")).isEqualTo(text(present, "bstp_nmix_prpr"));
            JsonNode trend = request("exp_index_trend", Map.of("FID_INPUT_ISCD", "0013", "FID_INPUT_HOUR_1", "60"))
                    .path("output");
            assertThat(trend).hasSizeGreaterThan(50);
            assertThat(text(trend.path(0), "bstp_nmix_prpr")).isEqualTo(text(present, "bstp_nmix_prpr"));
        }
    }

    @Test
    void an_index_rises_and_falls_with_its_stocks_and_counts_them() {
        try (KisSimulator simulator = start("10:30:00")) {
            for (String code : List.of("0001", "1001")) {
                JsonNode index = request("inquire_index_price", Map.of("FID_INPUT_ISCD", code))
                        .path("output");
                double up = number(index, "ascn_issu_cnt");
                double down = number(index, "down_issu_cnt");
                double still = number(index, "stnr_issu_cnt");
                assertThat(up).as(code).isGreaterThan((up + down + still) / 20);
                assertThat(down).as(code).isGreaterThan((up + down + still) / 20);
                assertThat(up + down).as(code).isGreaterThan(still);
                assertThat(number(index, "acml_tr_pbmn")).isPositive();
                assertThat(number(index, "bstp_nmix_hgpr"))
                        .isGreaterThan(number(index, "bstp_nmix_lwpr"))
                        .isLessThan(number(index, "bstp_nmix_lwpr") * 1.08);
                assertThat(request("inquire_index_timeprice", Map.of("FID_INPUT_ISCD", code, "FID_INPUT_HOUR_1", "60"))
                                .path("output"))
                        .hasSizeGreaterThan(50);
            }
        }
    }

    @Test
    void interruptions_are_listed_for_stocks_whose_prices_moved_too_far() {
        try (KisSimulator simulator = start("15:00:00")) {
            List<JsonNode> rows = rank("inquire_vi_status", "FID_INPUT_ISCD", "", "FID_INPUT_DATE_1", "20261120");
            assertThat(rows).hasSizeBetween(20, 200);
            Set<String> times = new TreeSet<>();
            for (JsonNode row : rows) {
                double away = Math.abs(number(row, "vi_prc") / number(row, "vi_stnd_prc") - 1);
                assertThat(away).as(row.toString()).isBetween(0.0999, 0.3001);
                times.add(text(row, "cntg_vi_hour"));
            }
            assertThat(times)
                    .hasSizeGreaterThan(5)
                    .allSatisfy(time -> assertThat(time).isLessThan("150000"));
            JsonNode first = rows.getFirst();
            JsonNode price = request("inquire_price", Map.of("FID_INPUT_ISCD", text(first, "mksc_shrn_iscd")))
                    .path("output");
            assertThat(number(first, "vi_prc")).isBetween(number(price, "stck_lwpr"), number(price, "stck_hgpr"));
        }
    }

    @Test
    void a_book_that_was_never_requested_is_as_deep_as_the_stock_trades() {
        try (KisSimulator simulator = start("10:30:00")) {
            var depths = new HashMap<String, Double>();
            for (String code : CODES) {
                JsonNode book = request("inquire_asking_price_exp_ccn", Map.of("FID_INPUT_ISCD", code))
                        .path("output1");
                assertThat(number(book, "askp1")).isGreaterThan(number(book, "bidp1"));
                depths.put(code, number(book, "total_bidp_rsqn") + number(book, "total_askp_rsqn"));
            }
            // 35 million shares a day against 68 thousand.
            assertThat(depths.getOrDefault("005930", 0.0) / depths.getOrDefault("000020", 1.0))
                    .isBetween(100.0, 2_000.0);
        }
    }

    private JsonNode requestUs(String id, Map<String, String> params) {
        return RawClient.json(
                calls.request(CatalogCalls.call("overseas_stock_" + id), params).body());
    }

    @Test
    void us_stocks_have_already_traded_their_day_too() {
        try (KisSimulator simulator = start("10:30:00")) {
            for (String ticker : List.of("AAPL", "NVDA")) {
                Map<String, String> stock =
                        Map.of("EXCD", "NAS", "SYMB", ticker, "NMIN", "1", "NREC", "120", "TDAY", "1");
                List<JsonNode> minutes = new ArrayList<>();
                requestUs("inquire_time_itemchartprice", stock).path("output2").forEach(minutes::add);
                List<JsonNode> trades = new ArrayList<>();
                requestUs("quot_inquire_ccnl", stock).path("output1").forEach(trades::add);
                JsonNode detail = requestUs("price_detail", stock).path("output");

                assertThat(minutes).as(ticker).hasSize(120);
                assertThat(trades).as(ticker).hasSize(30);
                assertThat(text(minutes.getFirst(), "last")).isEqualTo(text(detail, "last"));
                assertThat(text(trades.getFirst(), "last")).isEqualTo(text(detail, "last"));
                assertThat(number(detail, "high")).isGreaterThan(number(detail, "low"));
                assertThat(number(detail, "tvol") / number(detail, "pvol")).isBetween(0.1, 3.0);
                assertThat(number(detail, "high")).isLessThan(number(detail, "low") * 1.15);
            }
            List<JsonNode> volumes = new ArrayList<>();
            requestUs("trade_vol", Map.of("EXCD", "NAS", "NDAY", "0", "VOL_RANG", "0"))
                    .path("output2")
                    .forEach(volumes::add);
            assertThat(volumes).hasSizeGreaterThan(20);
            double before = Double.MAX_VALUE;
            for (JsonNode row : volumes) {
                assertThat(number(row, "tvol")).isBetween(100_000.0, before);
                before = number(row, "tvol");
            }
            List<JsonNode> risers = new ArrayList<>();
            requestUs("updown_rate", Map.of("EXCD", "NAS", "GUBN", "1", "NDAY", "0", "VOL_RANG", "0"))
                    .path("output2")
                    .forEach(risers::add);
            assertThat(number(risers.getFirst(), "rate")).isBetween(1.0, 15.0);
        }
    }

    @Test
    void a_us_stock_that_was_traded_has_its_minutes_after_a_restart() {
        Map<String, String> stock = Map.of("EXCD", "NAS", "SYMB", "AAPL", "NMIN", "1", "NREC", "120", "TDAY", "1");
        JsonNode before;
        try (KisSimulator simulator = start("10:30:00")) {
            double last = number(requestUs("price_detail", stock).path("output"), "last");
            assertThat(calls.request(
                                    CatalogCalls.call("overseas_stock_order"),
                                    Map.of(
                                            "tr_id", "TTTT1002U",
                                            "OVRS_EXCG_CD", "NASD",
                                            "PDNO", "AAPL",
                                            "ORD_QTY", "7",
                                            "OVRS_ORD_UNPR", String.format(Locale.ROOT, "%.2f", last * 1.01),
                                            "ORD_SVR_DVSN_CD", "0",
                                            "ORD_DVSN", "00"))
                            .body())
                    .contains("\"rt_cd\":\"0\"");
            before = requestUs("price_detail", stock).path("output");
        }
        try (KisSimulator simulator = start("10:30:00")) {
            JsonNode after = requestUs("price_detail", stock).path("output");
            for (String column : List.of("last", "open", "high", "low", "tvol")) {
                assertThat(text(after, column)).as(column).isEqualTo(text(before, column));
            }
            List<JsonNode> minutes = new ArrayList<>();
            requestUs("inquire_time_itemchartprice", stock).path("output2").forEach(minutes::add);
            assertThat(minutes).hasSize(120);
            assertThat(text(minutes.getFirst(), "last")).isEqualTo(text(after, "last"));
            assertThat(minutes).allSatisfy(row -> {
                assertThat(number(row, "evol")).isBetween(1.0, number(after, "tvol") / 20);
                assertThat(number(row, "high")).isLessThanOrEqualTo(number(after, "high"));
                assertThat(number(row, "low")).isGreaterThanOrEqualTo(number(after, "low"));
            });
        }
    }
}
