package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The answers of the table, over a socket: pages, sameness, plausible values, and agreement with the market. */
@Tag("slow")
class CatalogAnswersTest {
    private static final String QUOTATIONS = "domestic_stock_";

    /** The pattern of a value by the end of its column's name; empty is allowed where ledgers leave blanks. */
    private static final Map<String, Pattern> PATTERNS = Map.of(
            "_date", Pattern.compile("20[0-9]{6}|19[0-9]{6}|"),
            "_yn", Pattern.compile("[YN]|"),
            "_sign", Pattern.compile("[1-5]"),
            "_hour", Pattern.compile("[0-9]{6}"),
            "_tmd", Pattern.compile("[0-9]{6}|"),
            "_qty", Pattern.compile("-?[0-9]+"),
            "prpr", Pattern.compile("[0-9]+(\\.[0-9]+)?"),
            "_ctrt", Pattern.compile("-?[0-9]+\\.[0-9]{2}"),
            "_vol", Pattern.compile("-?[0-9]+"));

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static CatalogCalls calls;
    private static StillMarket market;

    /** A market without activity: its clock stands still, so its agents only quote. */
    private record StillMarket(KisSimulator simulator, RawClient client, CatalogCalls calls) {
        static StillMarket start() {
            KisSimulator simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("still.db"))
                    .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-10-14T01:30:00Z")))
                    .withRates(100_000, 100_000)
                    .withSynchronous("OFF"));
            RawClient client = new RawClient(simulator, "PSANSWERS00000000000000000000000009").login();
            return new StillMarket(simulator, client, new CatalogCalls(client, Face.LIVE));
        }
    }

    @BeforeAll
    static void start() {
        simulator = start("one.db", 11);
        calls = new CatalogCalls(new RawClient(simulator, "PSANSWERS00000000000000000000000001").login(), Face.LIVE);
        market = StillMarket.start();
    }

    private static KisSimulator start(String file, long seed) {
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve(file))
                .withSeed(seed)
                .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-11-20T01:30:00Z")))
                .withRates(100_000, 100_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF"));
    }

    @AfterAll
    static void stop() {
        simulator.close();
        market.simulator.close();
    }

    // ---- dates ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"00000101", "00010101", "18000101"})
    void days_without_source_data_are_answered_like_any_other(String day) {
        HttpResponse<String> answer =
                calls.request(CatalogCalls.call("domestic_stock_ksdinfo_rev_split"), Map.of("F_DT", day, "T_DT", day));
        assertThat(CatalogCalls.code(answer)).isEqualTo("200 MCA00000");
    }

    @Test
    void holidays_of_the_last_possible_date_are_answered_like_any_others() {
        HttpResponse<String> answer =
                calls.request(CatalogCalls.call("domestic_stock_chk_holiday"), Map.of("BASS_DT", "99991231"));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void a_code_without_letters_or_digits_is_answered_like_any_other() {
        HttpResponse<String> answer = calls.request(
                CatalogCalls.call("domestic_bond_issue_info"), Map.of("PDNO", "한글", "PRDT_TYPE_CD", "302"));
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    // ---- pages ---------------------------------------------------------------------------------------------------

    static Stream<String> paged() {
        return CatalogCalls.CATALOG.restCalls().stream()
                .filter(call -> call.paging().isPresent())
                .map(RestCall::id);
    }

    @ParameterizedTest
    @MethodSource("paged")
    void pages_follow_each_other_without_overlap_to_an_end(String id) {
        RestCall call = CatalogCalls.call(id);
        RestCall.Paging paging = call.paging().orElseThrow();
        List<String> trConts = new ArrayList<>();
        Set<JsonNode> rows = new HashSet<>();
        int count = 0;
        Map<String, String> next = new HashMap<>();
        while (trConts.size() < 10) {
            HttpResponse<String> answer = calls.request(call, next);
            JsonNode body = RawClient.json(answer.body());
            String trCont = answer.headers().firstValue("tr_cont").orElse("");
            trConts.add(trCont);
            JsonNode list = list(call, body);
            list.forEach(rows::add);
            count += list.size();
            next = new HashMap<>(paging.next());
            String context = "";
            for (String key : paging.keys()) {
                String value = body.findValue(CatalogCalls.lower(key)).stringValue("");
                next.put(key, value);
                context = key.contains("FK") ? context : value.strip();
            }
            if (paging.header()) {
                next.put("tr_cont", "N");
            }
            if (paging.header() ? !trCont.matches("[FM]") : context.isEmpty()) {
                break;
            }
        }
        // No row twice: the content of a row depends on its place in the whole list.
        assertThat(rows).hasSize(count);
        if (paging.header()) {
            assertThat(String.join("", trConts)).matches("D|M+E");
            assertThat(EveryCallTest.shapeOf(call, calls.request(call, Map.of())))
                    .isEmpty();
        }
        // Lists that the ledger fills are empty for an account without entries.
        if (!call.isLedger() && !id.equals("overseas_stock_quot_inquire_ccnl")) {
            assertThat(trConts).hasSize(3);
        }
    }

    private static JsonNode list(RestCall call, JsonNode body) {
        return call.outputs().stream()
                .max((a, b) -> Integer.compare(size(a, body), size(b, body)))
                .map(block -> body.path(block.name()))
                .orElseThrow();
    }

    private static int size(Block block, JsonNode body) {
        return body.path(block.name()).isArray()
                ? 1_000 * block.columns().size() + body.path(block.name()).size()
                : 0;
    }

    @Test
    void a_forged_page_context_restarts_the_list_and_an_empty_header_requests_the_first_page() {
        RestCall call = CatalogCalls.call("overseas_stock_inquire_ccnl");
        Map<String, String> params = new HashMap<>(Map.of(
                "CANO",
                "70000021",
                "ORD_STRT_DT",
                "20200101",
                "ORD_END_DT",
                "20991231",
                "PDNO",
                "",
                "OVRS_EXCG_CD",
                ""));
        for (int i = 0; i < 21; i++) {
            assertThat(CatalogCalls.code(
                            calls.request(CatalogCalls.call("overseas_stock_order"), Map.of("CANO", "70000021"))))
                    .isEqualTo("200 APBK0013");
        }
        HttpResponse<String> first = calls.request(call, params);

        params.putAll(Map.of("tr_cont", "N", "CTX_AREA_NK200", "R000020deadbeef"));
        String unknown = calls.request(call, params).body();
        params.putAll(Map.of(
                "tr_cont",
                "",
                "CTX_AREA_NK200",
                RawClient.json(first.body()).path("ctx_area_nk200").stringValue("")));
        String empty = calls.request(call, params).body();

        assertThat(unknown).isEqualTo(first.body());
        assertThat(empty).isEqualTo(first.body());
        assertThat(RawClient.json(first.body()).path("ctx_area_nk200").stringValue(""))
                .hasSize(200);
        assertThat(RawClient.json(first.body()).path("msg_cd").stringValue("")).isEqualTo("KIOK0500");
        assertThat(RawClient.json(first.body()).path("msg1").stringValue("")).hasSize(80);
    }

    // ---- sameness ------------------------------------------------------------------------------------------------

    @Test
    void the_same_request_has_the_same_answer_also_from_another_simulator_of_the_seed() {
        try (KisSimulator twin = start("two.db", 11);
                KisSimulator other = start("three.db", 12)) {
            CatalogCalls ofTwin =
                    new CatalogCalls(new RawClient(twin, "PSANSWERS00000000000000000000000002").login(), Face.LIVE);
            CatalogCalls ofOther =
                    new CatalogCalls(new RawClient(other, "PSANSWERS00000000000000000000000003").login(), Face.LIVE);
            int different = 0;
            List<RestCall> queries = CatalogCalls.CATALOG.restCalls().stream()
                    .filter(call -> call.method().equals("GET"))
                    .toList();
            for (RestCall call : queries) {
                String answer = calls.request(call, Map.of()).body();
                assertThat(calls.request(call, Map.of()).body()).as(call.id()).isEqualTo(answer);
                assertThat(ofTwin.request(call, Map.of()).body()).as(call.id()).isEqualTo(answer);
                boolean same = ofOther.request(call, Map.of()).body().equals(answer);
                different += same || call.isLedger() ? 0 : 1;
            }
            // Closes, listings and calendars are real, whatever the seed, and account figures are not drawn.
            long drawn = queries.stream().filter(call -> !call.isLedger()).count();
            assertThat((long) different).isGreaterThan(drawn * 8 / 10);
        }
    }

    @Test
    void another_product_has_another_answer_and_the_requested_code_is_echoed() {
        RestCall call = CatalogCalls.call("overseas_stock_price");

        JsonNode apple = output(calls.request(call, Map.of("EXCD", "NAS", "SYMB", "AAPL")));
        JsonNode tesla = output(calls.request(call, Map.of("EXCD", "NAS", "SYMB", "TSLA")));

        assertThat(text(apple, "rsym")).isEqualTo("DNASAAPL");
        assertThat(text(tesla, "rsym")).isEqualTo("DNASTSLA");
        assertThat(text(apple, "last")).isNotEqualTo(text(tesla, "last"));
        JsonNode daily = RawClient.json(calls.request(
                                CatalogCalls.call("overseas_stock_dailyprice"),
                                Map.of("EXCD", "NAS", "SYMB", "AAPL", "GUBN", "0", "BYMD", ""))
                        .body())
                .path("output2");
        assertThat(text(daily.path(0), "clos")).isEqualTo(text(apple, "last"));
        assertThat(text(daily.path(1), "clos")).isEqualTo(text(apple, "base"));
    }

    @Test
    void requested_values_are_echoed_in_their_columns() {
        JsonNode deposit = output(
                calls.request(CatalogCalls.call("overseas_futureoption_inquire_deposit"), Map.of("CRCY_CD", "EUR")));
        JsonNode info = output(calls.request(
                CatalogCalls.call("domestic_stock_search_stock_info"),
                Map.of("PDNO", "000660", "PRDT_TYPE_CD", "300")));
        JsonNode chart = RawClient.json(calls.request(
                                CatalogCalls.call("overseas_stock_inquire_daily_chartprice"),
                                Map.of("FID_INPUT_DATE_1", "20260105", "FID_INPUT_DATE_2", "20260109"))
                        .body())
                .path("output2");

        assertThat(text(deposit.path(0), "cano")).isEqualTo(CatalogCalls.CANO);
        assertThat(text(deposit.path(0), "crcy_cd")).isEqualTo("EUR");
        assertThat(text(info, "pdno")).isEqualTo("000660");
        assertThat(text(info, "prdt_name")).isEqualTo("SK하이닉스");
        assertThat(chart).hasSize(5);
        assertThat(text(chart.path(0), "stck_bsop_date")).isEqualTo("20260109");
        assertThat(text(chart.path(4), "stck_bsop_date")).isEqualTo("20260105");
    }

    @Test
    void the_basic_information_of_a_stock_is_that_of_its_listing() {
        JsonNode info = output(calls.request(
                CatalogCalls.call("domestic_stock_search_stock_info"),
                Map.of("PDNO", "005930", "PRDT_TYPE_CD", "300")));

        assertThat(text(info, "lstg_stqt")).isEqualTo("5919637922");
        assertThat(text(info, "papr")).isEqualTo("100");
        assertThat(text(info, "kospi200_item_yn")).isEqualTo("Y");
        assertThat(text(info, "scts_mket_lstg_dt")).isEqualTo("19750611");
        assertThat(text(info, "prdt_eng_name")).doesNotContain("Name of");
        for (String column :
                List.of("scts_mket_lstg_abol_dt", "kosdaq_mket_lstg_dt", "kosdaq_mket_lstg_abol_dt", "lstg_abol_dt")) {
            assertThat(text(info, column)).as(column).isEmpty();
        }
    }

    @Test
    void rows_lie_within_the_requested_days() {
        JsonNode rows = RawClient.json(calls.request(
                                CatalogCalls.call("domestic_stock_ksdinfo_dividend"),
                                Map.of("F_DT", "20260601", "T_DT", "20260605"))
                        .body())
                .path("output1");

        assertThat(rows).isNotEmpty();
        for (JsonNode row : rows) {
            assertThat(text(row, "record_date")).isBetween("20260601", "20260605");
        }
        assertThat(text(rows.path(0), "record_date")).isEqualTo("20260605");
    }

    @Test
    void values_look_like_what_their_columns_mean() {
        List<String> odd = new ArrayList<>();
        for (RestCall call : CatalogCalls.CATALOG.restCalls()) {
            if (call.method().equals("GET")) {
                JsonNode body = RawClient.json(calls.request(call, Map.of()).body());
                call.outputs().forEach(block -> checkColumns(call.id(), body.path(block.name()), odd));
            }
        }
        assertThat(odd).isEmpty();
    }

    private static void checkColumns(String id, JsonNode block, List<String> odd) {
        for (JsonNode row : block.isArray() ? block : List.of(block)) {
            row.properties()
                    .forEach(field -> PATTERNS.forEach((end, pattern) -> {
                        String value = field.getValue().stringValue("(no text)");
                        if (field.getKey().endsWith(end)
                                && !field.getKey().contains("vrss_prpr")
                                && !pattern.matcher(value).matches()) {
                            odd.add(id + " " + field.getKey() + "=" + value);
                        }
                    }));
        }
    }

    // ---- the market ----------------------------------------------------------------------------------------------

    @Test
    void quotations_of_a_stock_agree_with_its_price() {
        long earlier = Long.parseLong(text(price("005930"), "acml_vol"));
        assertThat(market.client
                        .order("71000001", "TTTC0012U", "005930", "01", "300", "0")
                        .body())
                .contains("APBK0013");
        JsonNode price = price("005930");
        String last = text(price, "stck_prpr");

        assertThat(Long.parseLong(text(price, "acml_vol"))).isEqualTo(earlier + 300);
        assertThat(text(row("inquire_daily_price", "output", 0), "stck_clpr")).isEqualTo(last);
        assertThat(text(row("inquire_daily_price", "output", 1), "stck_clpr")).isEqualTo(text(price, "stck_sdpr"));
        assertThat(text(row("inquire_ccnl", "output", 0), "stck_prpr")).isEqualTo(last);
        JsonNode chart = RawClient.json(market.calls
                .request(
                        CatalogCalls.call(QUOTATIONS + "inquire_daily_itemchartprice"),
                        Map.of("FID_INPUT_DATE_1", "20200101", "FID_INPUT_DATE_2", "20991231"))
                .body());
        assertThat(chart.path("output2")).hasSize(100);
        assertThat(text(chart.path("output2").path(0), "stck_clpr")).isEqualTo(last);
        assertThat(text(chart.path("output1"), "stck_prpr")).isEqualTo(last);
        assertThat(text(chart.path("output2").path(0), "acml_vol")).isEqualTo(text(price, "acml_vol"));
        JsonNode book = RawClient.json(market.calls
                .request(QUOTATIONS + "inquire_asking_price_exp_ccn")
                .body());
        long ask = Long.parseLong(text(book.path("output1"), "askp1"));
        assertThat(ask).isGreaterThan(Long.parseLong(text(book.path("output1"), "bidp1")));
        assertThat(Long.parseLong(text(book.path("output1"), "askp10"))).isGreaterThan(ask);
        assertThat(Long.parseLong(text(book.path("output1"), "total_bidp_rsqn")))
                .isPositive();
        assertThat(text(book.path("output2"), "stck_prpr")).isEqualTo(last);
        JsonNode rank = RawClient.json(
                        market.calls.request(QUOTATIONS + "volume_rank").body())
                .path("output");
        assertThat(rank).hasSize(30);
        assertThat(rank).extracting(row -> text(row, "mksc_shrn_iscd")).contains("001510", "252670");
        assertThat(text(rank.path(0), "data_rank")).isEqualTo("1");
        long before = Long.MAX_VALUE;
        for (JsonNode row : rank) {
            assertThat(Long.parseLong(text(row, "acml_vol"))).isLessThanOrEqualTo(before);
            before = Long.parseLong(text(row, "acml_vol"));
        }
    }

    @Test
    void the_value_of_a_fund_lies_near_its_price_and_the_deviation_is_that_of_the_two() {
        for (var code : List.of("069500", "122630", "252670")) {
            JsonNode fund = RawClient.json(market.calls
                            .request(CatalogCalls.call("etfetn_inquire_price"), Map.of("FID_INPUT_ISCD", code))
                            .body())
                    .path("output");
            var price = new BigDecimal(text(fund, "stck_prpr"));
            var nav = new BigDecimal(text(fund, "nav"));
            var previous = new BigDecimal(text(fund, "prdy_last_nav"));
            assertThat(nav).as(code).isCloseTo(price, Percentage.withPercentage(0.31));
            assertThat(new BigDecimal(text(fund, "dprt")))
                    .as(code)
                    .isEqualTo(price.subtract(nav)
                            .multiply(BigDecimal.valueOf(100))
                            .divide(nav, 2, RoundingMode.HALF_UP));
            assertThat(new BigDecimal(text(fund, "nav_prdy_vrss"))).as(code).isEqualTo(nav.subtract(previous));
            assertThat(new BigDecimal(text(fund, "trc_errt"))).as(code).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
        }
        assertThat(text(
                        RawClient.json(market.calls
                                        .request(
                                                CatalogCalls.call("etfetn_inquire_price"),
                                                Map.of("FID_INPUT_ISCD", "252670"))
                                        .body())
                                .path("output"),
                        "etf_trc_ert_mltp"))
                .isEqualTo("-2.00");
    }

    @Test
    void an_unlisted_stock_has_the_price_zero() {
        JsonNode book = RawClient.json(market.calls
                .request(
                        CatalogCalls.call(QUOTATIONS + "inquire_asking_price_exp_ccn"),
                        Map.of("FID_INPUT_ISCD", "999999"))
                .body());

        assertThat(text(book, "rt_cd")).isEqualTo("0");
        assertThat(text(book.path("output1"), "askp1")).isEqualTo("0");
        assertThat(text(book.path("output2"), "stck_prpr")).isEqualTo("0");
        assertThat(text(book.path("output2"), "antc_cntg_vrss_sign")).isEqualTo("3");
    }

    @Test
    void prices_of_many_stocks_are_those_of_one() {
        JsonNode rows = RawClient.json(
                        market.calls.request(QUOTATIONS + "intstock_multprice").body())
                .path("output");

        assertThat(rows).hasSize(30);
        for (JsonNode row : rows) {
            JsonNode price = price(text(row, "inter_shrn_iscd"));
            assertThat(text(row, "inter2_prpr")).isEqualTo(text(price, "stck_prpr"));
            assertThat(text(row, "inter2_mxpr")).isEqualTo(text(price, "stck_mxpr"));
            assertThat(text(row, "inter2_llam")).isEqualTo(text(price, "stck_llam"));
            assertThat(text(row, "inter2_sdpr")).isEqualTo(text(price, "stck_sdpr"));
        }
    }

    @Test
    void open_orders_are_those_of_the_account() {
        String odno = text(
                RawClient.json(market.client
                                .order("72000001", "TTTC0012U", "005930", "00", "7", "150000")
                                .body())
                        .path("output"),
                "ODNO");
        RestCall call = CatalogCalls.call(QUOTATIONS + "inquire_psbl_rvsecncl");

        JsonNode rows = RawClient.json(market.calls
                        .request(call, Map.of("CANO", "72000001", "INQR_DVSN_2", "0"))
                        .body())
                .path("output");
        JsonNode sells = RawClient.json(market.calls
                        .request(call, Map.of("CANO", "72000001", "INQR_DVSN_2", "1"))
                        .body())
                .path("output");

        assertThat(rows).hasSize(1);
        assertThat(text(rows.path(0), "odno")).isEqualTo(odno);
        assertThat(text(rows.path(0), "psbl_qty")).isEqualTo("7");
        assertThat(sells).isEmpty();
    }

    @Test
    void every_call_reports_the_same_holdings_of_the_account() {
        market.client.order("72000002", "TTTC0012U", "000660", "01", "4", "0");
        Map<String, String> account = Map.of("CANO", "72000002");

        JsonNode holdings = RawClient.json(market.calls
                .request(CatalogCalls.call(QUOTATIONS + "inquire_balance_rlz_pl"), account)
                .body());
        JsonNode balance = RawClient.json(market.calls
                .request(CatalogCalls.call(QUOTATIONS + "inquire_balance"), account)
                .body());
        JsonNode sellable = output(market.calls.request(
                CatalogCalls.call(QUOTATIONS + "inquire_psbl_sell"), Map.of("CANO", "72000002", "PDNO", "000660")));

        assertThat(holdings.path("output1")).hasSize(1);
        for (String column : List.of("pdno", "hldg_qty", "ord_psbl_qty", "pchs_avg_pric", "evlu_amt")) {
            assertThat(text(holdings.path("output1").path(0), column))
                    .as(column)
                    .isEqualTo(text(balance.path("output1").path(0), column));
        }
        assertThat(text(holdings.path("output2").path(0), "prvs_rcdl_excc_amt"))
                .isEqualTo(text(balance.path("output2").path(0), "prvs_rcdl_excc_amt"));
        assertThat(text(sellable, "ord_psbl_qty")).isEqualTo("4");
    }

    @Test
    void an_order_of_an_unsimulated_kind_is_accepted_with_its_own_number() {
        List<RestCall> orders = CatalogCalls.CATALOG.restCalls().stream()
                .filter(RestCall::isOrder)
                .filter(call -> !call.id()
                        .matches("domestic_stock_order_(cash|credit|rvsecncl)|"
                                + "overseas_stock_(daytime_)?order(_rvsecncl)?"))
                .toList();
        long last = 0;
        assertThat(orders).hasSize(11);
        for (RestCall call : orders) {
            JsonNode body = RawClient.json(calls.request(call, Map.of()).body());
            assertThat(text(body, "msg_cd")).as(call.id()).isEqualTo("APBK0013");
            JsonNode output =
                    body.path("output").isArray() ? body.path("output").path(0) : body.path("output");
            String number = Stream.of("ODNO", "odno", "RSVN_ORD_SEQ", "OVRS_RSVN_ODNO", "nrml_prcs_yn")
                    .filter(output::has)
                    .map(name -> text(output, name))
                    .findFirst()
                    .orElse("(none)");
            if (!number.equals("Y")) {
                assertThat(number).as(call.id()).matches("(0000)?[0-9]{6}");
                assertThat(Long.parseLong(number)).as(call.id()).isGreaterThan(last);
                last = Long.parseLong(number);
            }
        }
    }

    @Test
    void a_name_column_contains_a_name_and_not_its_own_title() {
        Set<String> titlesOnly = new HashSet<>();
        for (RestCall call : CatalogCalls.CATALOG.restCalls()) {
            if (call.method().equals("GET")) {
                JsonNode body = RawClient.json(calls.request(call, Map.of()).body());
                for (Block block : call.outputs()) {
                    JsonNode content = body.path(block.name());
                    for (JsonNode row : content.isArray() ? content : List.of(content)) {
                        block.columns().stream()
                                .filter(column -> column.name().matches("(?i).*(name|_nm)[0-9]*"))
                                .filter(column -> text(row, column.name())
                                        .equals(column.nameKo()
                                                .replaceAll("(코드명|명|내용)?[0-9]*$", "")
                                                .strip()))
                                .filter(column -> !text(row, column.name()).isEmpty())
                                .forEach(column -> titlesOnly.add(call.id() + ' ' + column.name()));
                    }
                }
            }
        }
        assertThat(titlesOnly).isEmpty();
    }

    @Test
    void the_holiday_list_begins_with_the_requested_day() {
        JsonNode days = RawClient.json(market.calls
                        .request(CatalogCalls.call(QUOTATIONS + "chk_holiday"), Map.of("BASS_DT", "20260102"))
                        .body())
                .path("output");

        assertThat(days).hasSize(25);
        assertThat(text(days.path(0), "bass_dt")).isEqualTo("20260102");
        assertThat(text(days.path(0), "wday_dvsn_cd")).as("a Friday").isEqualTo("06");
        assertThat(text(days.path(1), "bass_dt")).isEqualTo("20260103");
        assertThat(text(days.path(1), "bzdy_yn")).isEqualTo("N");
    }

    @Test
    void with_a_market_open_at_every_hour_today_is_open_and_every_other_day_is_the_exchange_s() {
        try (KisSimulator christmas = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("christmas.db"))
                .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-12-25T01:30:00Z")))
                .withRates(100_000, 100_000))) {
            CatalogCalls params = new CatalogCalls(
                    new RawClient(christmas, "PSANSWERS00000000000000000000000010").login(), Face.LIVE);
            Map<String, String> open = new HashMap<>();
            for (String from : List.of("20251220", "20261210", "20271210")) {
                RawClient.json(params.request(CatalogCalls.call(QUOTATIONS + "chk_holiday"), Map.of("BASS_DT", from))
                                .body())
                        .path("output")
                        .forEach(day -> open.put(
                                text(day, "bass_dt"),
                                text(day, "opnd_yn")
                                        + text(day, "bzdy_yn")
                                        + text(day, "tr_day_yn")
                                        + text(day, "sttl_day_yn")));
            }

            KrxCalendar krx = new KrxCalendar();
            assertThat(open).hasSize(75).containsEntry("20261225", "YYYY").containsEntry("20251225", "NNNN");
            open.forEach((text, flags) -> {
                LocalDate day = LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
                boolean expected = text.equals("20261225") || krx.isTradingDay(day);
                assertThat(flags).as(text).isEqualTo(expected ? "YYYY" : "NNNN");
            });
        }
    }

    private static JsonNode price(String code) {
        return output(market.calls.request(
                CatalogCalls.call(QUOTATIONS + "inquire_price"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", code)));
    }

    private static JsonNode row(String api, String block, int index) {
        return RawClient.json(market.calls.request(QUOTATIONS + api).body())
                .path(block)
                .path(index);
    }

    private static JsonNode output(HttpResponse<String> answer) {
        return RawClient.json(answer.body()).path("output");
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).stringValue("(absent)");
    }
}
