package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before processing, with which code and HTTP status, and in which order. */
class RequestCheckTest {
    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static RawClient client;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withRates(10_000, 10_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF"));
        client = new RawClient(simulator, "PSCHECK0000000000000000000000000001").login();
        calls = new CatalogCalls(client, Face.LIVE);
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static String refusal(String id, String... other) {
        Map<String, String> params = new HashMap<>();
        for (int i = 0; i < other.length; i += 2) {
            params.put(other[i], other[i + 1]);
        }
        return CatalogCalls.code(calls.request(CatalogCalls.call(id), params));
    }

    @Test
    void a_tr_of_another_call_of_no_call_or_with_the_wrong_method_is_no_service() {
        assertThat(refusal("overseas_stock_price", "tr_id", "HHDFS76240000")).isEqualTo("200 OPSQ0002");
        assertThat(refusal("overseas_stock_price", "tr_id", "NOSUCHTR")).isEqualTo("200 OPSQ0002");
        assertThat(refusal("overseas_stock_price", "tr_id", "")).isEqualTo("200 OPSQ0002");
        assertThat(CatalogCalls.code(client.post(
                        CatalogCalls.call("overseas_stock_price").path(), Map.of("tr_id", "HHDFS00000300"), "{}")))
                .isEqualTo("200 OPSQ0002");
        assertThat(CatalogCalls.code(
                        client.get(CatalogCalls.call("overseas_stock_order").path(), Map.of("tr_id", "TTTT1002U"))))
                .isEqualTo("200 OPSQ0002");
        assertThat(CatalogCalls.code(client.get("/uapi/no/such/path", Map.of("tr_id", "HHDFS00000300"))))
                .isEqualTo("200 OPSQ0002");
    }

    @Test
    void a_paper_tr_is_refused_by_live() {
        assertThat(refusal("overseas_stock_order", "tr_id", "VTTT1002U")).isEqualTo("500 EGW02004");
        assertThat(refusal("overseas_stock_inquire_balance", "tr_id", "VTTS3012R"))
                .isEqualTo("500 EGW02004");
    }

    @Test
    void the_order_of_the_checks_is_tr_then_account_then_parameters() {
        assertThat(refusal("overseas_stock_order", "tr_id", "NOSUCHTR", "CANO", "1", "PDNO", ""))
                .isEqualTo("200 OPSQ0002");
        assertThat(refusal("overseas_stock_order", "CANO", "1", "PDNO", "")).isEqualTo("200 OPSQ2000");
        assertThat(refusal("overseas_stock_order", "PDNO", "")).isEqualTo("200 OPSQ2002");
        assertThat(refusal("overseas_stock_order")).isEqualTo("200 APBK0013");
    }

    @Test
    void a_mandatory_parameter_must_be_present_and_not_blank() {
        assertThat(refusal(
                        "domestic_stock_fluctuation",
                        "fid_cond_mrkt_div_code",
                        "(left out)",
                        "FID_COND_MRKT_DIV_CODE",
                        "(left out)"))
                .isEqualTo("200 OPSQ2001");
        assertThat(refusal("overseas_stock_price", "SYMB", "(left out)")).isEqualTo("200 OPSQ2002");
        assertThat(refusal("overseas_stock_price", "SYMB", " ")).isEqualTo("200 OPSQ2002");
        assertThat(calls.request(CatalogCalls.call("overseas_stock_price"), Map.of("SYMB", ""))
                        .body())
                .contains("FIELD_LENGTH [SYMB]", "\"rt_cd\":\"2\"");
    }

    @Test
    void a_mandatory_parameter_without_a_documented_example_may_be_blank() {
        assertThat(refusal("domestic_stock_inquire_time_itemchartprice", "FID_ETC_CLS_CODE", "(left out)"))
                .isEqualTo("200 OPSQ2002");
        assertThat(refusal("domestic_stock_inquire_time_itemchartprice", "FID_ETC_CLS_CODE", ""))
                .isEqualTo("200 MCA00000");
    }

    @Test
    void dates_numbers_and_unique_screens_have_their_form() {
        String chart = "domestic_stock_inquire_daily_itemchartprice";
        for (String wrong : List.of("2025-01-01", "20251301", "250101", "today")) {
            assertThat(refusal(chart, "FID_INPUT_DATE_1", wrong)).as(wrong).isEqualTo("200 OPSQ2002");
        }
        assertThat(refusal(chart, "FID_INPUT_DATE_1", "00000101")).isEqualTo("200 MCA00000");
        assertThat(refusal("overseas_stock_order", "ORD_QTY", "ten")).isEqualTo("200 OPSQ2002");
        assertThat(refusal("overseas_stock_order", "ORD_QTY", "-1")).isEqualTo("200 OPSQ2002");
        assertThat(refusal("overseas_stock_order", "OVRS_ORD_UNPR", "1,000")).isEqualTo("200 OPSQ2002");
        assertThat(refusal("overseas_stock_order", "OVRS_ORD_UNPR", "145.25")).isEqualTo("200 APBK0013");
        RestCall screened = CatalogCalls.CATALOG.restCalls().stream()
                .filter(call -> call.params().stream()
                        .anyMatch(param -> param.name().equalsIgnoreCase("FID_COND_SCR_DIV_CODE")
                                && param.description().contains("Unique")))
                .findFirst()
                .orElseThrow();
        String screen = screened.params().stream()
                .map(RestCall.Param::name)
                .filter(name -> name.equalsIgnoreCase("FID_COND_SCR_DIV_CODE"))
                .findFirst()
                .orElseThrow();
        assertThat(CatalogCalls.code(calls.request(screened, Map.of(screen, "99999"))))
                .isEqualTo("200 OPSQ2001");
        assertThat(CatalogCalls.code(calls.request(screened, Map.of()))).isEqualTo("200 MCA00000");
    }

    @Test
    void query_names_may_be_lower_case_and_body_names_may_not() {
        RestCall price = CatalogCalls.call("overseas_stock_price");
        assertThat(CatalogCalls.code(
                        client.get(price.path() + "?auth=&excd=NAS&symb=AAPL", Map.of("tr_id", "HHDFS00000300"))))
                .isEqualTo("200 MCA00000");
        assertThat(CatalogCalls.code(
                        client.get("/" + price.path() + "?AUTH=&EXCD=NAS&SYMB=AAPL", Map.of("tr_id", "HHDFS00000300"))))
                .as("a path that begins with two slashes")
                .isEqualTo("200 MCA00000");
        RestCall order = CatalogCalls.call("overseas_stock_order");
        Map<String, String> lower = new HashMap<>();
        CatalogCalls.examples(order).forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        assertThat(CatalogCalls.code(calls.send(order, Map.of("tr_id", "TTTT1002U"), lower)))
                .isEqualTo("200 OPSQ2000");
    }

    @Test
    void legacy_tr_ids_are_accepted_and_one_that_another_call_uses_today_belongs_to_that_call() {
        assertThat(refusal("domestic_stock_inquire_psbl_rvsecncl", "tr_id", "TTTC8036R"))
                .isEqualTo("200 KIOK0510");
        assertThat(refusal("domestic_stock_inquire_daily_ccld", "tr_id", "CTSC9115R"))
                .isEqualTo("200 KIOK0510");
        assertThat(refusal("overseas_stock_order", "tr_id", "JTTT1002U")).isEqualTo("200 APBK0013");
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(TradingCalendar.SEOUL));
        assertThat(refusal(
                        "domestic_stock_order_credit",
                        "tr_id",
                        "TTTC0852U",
                        "LOAN_DT",
                        today,
                        "ORD_DVSN",
                        "01",
                        "ORD_UNPR",
                        "0"))
                .isEqualTo("200 APBK0013");
        assertThat(CatalogCalls.call("domestic_stock_inquire_daily_indexchartprice")
                        .legacyTrIds())
                .contains("FHKST03010200");
        assertThat(refusal("domestic_stock_inquire_daily_indexchartprice", "tr_id", "FHKST03010200"))
                .isEqualTo("200 OPSQ0002");
    }

    @Test
    void every_order_call_refuses_a_body_that_is_not_a_flat_object_of_strings() {
        assertThat(CatalogCalls.code(client.post(
                        CatalogCalls.call("overseas_stock_order").path(),
                        Map.of("tr_id", "TTTT1002U"),
                        "{\"ORD_QTY\":1}")))
                .isEqualTo("200 OPSQ9995");
    }

    @Test
    void ledger_calls_of_the_catalog_share_the_account_s_own_limit() {
        try (KisSimulator narrow = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("narrow.db"))
                .withRates(10_000, 1)
                .withTicksPerSecond(0))) {
            CatalogCalls few =
                    new CatalogCalls(new RawClient(narrow, "PSCHECK0000000000000000000000000002").login(), Face.LIVE);
            assertThat(CatalogCalls.code(few.request("overseas_stock_inquire_balance")))
                    .isEqualTo("200 KIOK0510");
            assertThat(CatalogCalls.code(few.request("overseas_stock_inquire_nccs")))
                    .isEqualTo("500 EGW00215");
            assertThat(CatalogCalls.code(few.request("overseas_stock_price"))).isEqualTo("200 MCA00000");
        }
    }

    @Test
    void faults_hit_the_calls_of_the_catalog_too() {
        client.post("/simulator/faults", Map.of(), "{\"query_errors\":1}");
        assertThat(refusal("overseas_stock_price")).isEqualTo("500 EGW00316");
        assertThat(refusal("overseas_stock_price")).isEqualTo("200 MCA00000");
        client.post("/simulator/faults", Map.of(), "{\"timeouts_after\":1}");
        assertThat(refusal("overseas_stock_order")).isEqualTo("500 EGW00301");
        assertThat(refusal("overseas_stock_order")).isEqualTo("200 APBK0013");
    }
}
