package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Orders on credit by bodies written down by hand, over real sockets: loans by date, their repayment, notices and lists. */
@Tag("slow")
class CreditTest {
    private static final String CANO = "50000009";
    private static final String SYMBOL = "005930";

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> start = new AtomicReference<>(at("2026-11-20T10:00:00"));
    private final AtomicReference<Instant> startedAt = new AtomicReference<>(Instant.now());
    private KisSimulator simulator;
    private RawClient client;

    private static Instant at(String korean) {
        return LocalDateTime.parse(korean).atZone(ZoneId.of("Asia/Seoul")).toInstant();
    }

    @BeforeEach
    void start() {
        start(Face.LIVE);
    }

    private void start(Face face) {
        InstantSource clock = () -> start.get().plus(java.time.Duration.between(startedAt.get(), Instant.now()));
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve(face + ".db"))
                .withFace(face)
                .withTime(new KrxCalendar(), clock)
                .withRates(10_000, 10_000));
        client = new RawClient(simulator, "PSCREDIT00000000000000000000000001").login();
    }

    private void restart(String korean) {
        simulator.close();
        start.set(at(korean));
        startedAt.set(Instant.now());
        start(Face.LIVE);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private JsonNode order(String trId, String type, String loanDate, String dvsn, long qty, String price) {
        return RawClient.json(send(trId, type, loanDate, dvsn, qty, price).body());
    }

    private HttpResponse<String> send(String trId, String type, String loanDate, String dvsn, long qty, String price) {
        String cash = RawClient.orderBody(CANO, SYMBOL, dvsn, Long.toString(qty), price);
        return client.post(
                RawClient.TRADING + "order-credit",
                Map.of("tr_id", trId),
                cash.substring(0, cash.length() - 1) + ",\"CRDT_TYPE\":\"" + type + "\",\"LOAN_DT\":\"" + loanDate
                        + "\"}");
    }

    private JsonNode buy(String type, String loanDate, long qty) {
        return order("TTTC0052U", type, loanDate, "01", qty, "0");
    }

    private JsonNode repay(String type, String loanDate, long qty) {
        return order("TTTC0051U", type, loanDate, "01", qty, "0");
    }

    private static String code(JsonNode answer) {
        return answer.path("msg_cd").stringValue();
    }

    /** The balance by loan date (01) or by stock (02). */
    private JsonNode balance(String by) {
        return RawClient.json(client.get(
                        RawClient.TRADING + "inquire-balance?CANO=" + CANO
                                + "&ACNT_PRDT_CD=01&AFHR_FLPR_YN=N&OFL_YN=&INQR_DVSN=" + by
                                + "&UNPR_DVSN=01&FUND_STTL_ICLD_YN=N&FNCG_AMT_AUTO_RDPT_YN=N&PRCS_DVSN=00"
                                + "&CTX_AREA_FK100=&CTX_AREA_NK100=",
                        Map.of("tr_id", "TTTC8434R"))
                .body());
    }

    private static List<String> rows(JsonNode balance) {
        return balance.path("output1")
                .valueStream()
                .map(row -> row.path("trad_dvsn_name").stringValue() + " "
                        + row.path("loan_dt").stringValue() + " "
                        + row.path("hldg_qty").stringValue())
                .toList();
    }

    private static long amount(JsonNode row, String field) {
        return Long.parseLong(row.path(field).stringValue());
    }

    private long cash() {
        return amount(balance("01").path("output2").path(0), "prvs_rcdl_excc_amt");
    }

    @Test
    void each_day_and_lender_has_a_loan_of_its_own_and_a_sale_repays_only_that() {
        long before = cash();
        assertThat(code(buy("21", "20261120", 10))).isEqualTo("APBK0013");
        assertThat(code(buy("23", "20261120", 4))).isEqualTo("APBK0013");
        assertThat(code(RawClient.json(
                        client.order(CANO, "TTTC0012U", SYMBOL, "01", "3", "0").body())))
                .isEqualTo("APBK0013");
        JsonNode first = balance("01");
        assertThat(rows(first)).containsExactly("현금  3", "자기융자 20261120 10", "유통융자 20261120 4");
        long spent = 0;
        for (JsonNode row : first.path("output1")) {
            long cost = amount(row, "pchs_amt");
            long lent = amount(row, "loan_amt");
            assertThat(lent)
                    .isEqualTo(row.path("loan_dt").stringValue().isEmpty() ? 0 : cost - Math.ceilDiv(cost * 40, 100));
            spent += cost - lent;
        }
        assertThat(before - cash() - spent).as("commission").isBetween(0L, 1_000L);
        assertThat(amount(first.path("output2").path(0), "tot_loan_amt"))
                .isEqualTo(amount(first.path("output1").path(1), "loan_amt")
                        + amount(first.path("output1").path(2), "loan_amt"));
        assertThat(rows(balance("02"))).containsExactly("현금  17");

        assertThat(code(RawClient.json(
                        client.order(CANO, "TTTC0011U", SYMBOL, "01", "4", "0").body())))
                .as("a sale in cash of more than what was paid in cash")
                .isEqualTo("APBK0400");
        restart("2026-11-23T10:00:00");
        assertThat(code(buy("21", "20261123", 2))).isEqualTo("APBK0013");
        assertThat(rows(balance("01")))
                .containsExactly("현금  3", "자기융자 20261120 10", "유통융자 20261120 4", "자기융자 20261123 2");
        assertThat(code(repay("25", "20261123", 3))).isEqualTo("APBK0400");
        assertThat(code(repay("27", "20261123", 1))).isEqualTo("APBK0400");
        assertThat(code(repay("25", "20261119", 1))).isEqualTo("APBK0400");
        long lent = amount(balance("01").path("output1").path(1), "loan_amt");
        assertThat(code(repay("25", "20261120", 4))).isEqualTo("APBK0013");
        assertThat(amount(balance("01").path("output1").path(1), "loan_amt")).isEqualTo(lent - lent * 4 / 10);
        assertThat(code(repay("25", "20261120", 6))).isEqualTo("APBK0013");
        assertThat(amount(balance("01").path("output1").path(1), "loan_amt")).isZero();
        assertThat(code(repay("25", "20261120", 1))).isEqualTo("APBK0400");
    }

    @Test
    void a_resting_order_reserves_its_own_part_and_is_changed_and_cancelled_as_one_in_cash() {
        JsonNode placed = order("TTTC0852U", "21", "20261120", "00", 10, "150000");
        assertThat(spendable()).isEqualTo(1_000_000_000 - 600_000 - commission(1_500_000));
        JsonNode modified = RawClient.json(revise(placed, "01", "152000").body());
        assertThat(code(modified)).isEqualTo("APBK0013");
        assertThat(spendable()).isEqualTo(1_000_000_000 - 608_000 - commission(1_520_000));
        var listed = RawClient.json(client.daily(CANO).body()).path("output1");
        assertThat(listed.valueStream().map(row -> row.path("loan_dt").stringValue()))
                .containsExactly("20261120", "20261120");
        assertThat(listed.path(0).path("sll_buy_dvsn_cd_name").stringValue()).isEqualTo("자기융자매수");
        assertThat(code(RawClient.json(revise(modified, "02", "0").body()))).isEqualTo("APBK0013");
        assertThat(spendable()).isEqualTo(1_000_000_000);
        client.post("/simulator/faults", Map.of(), "{\"credit_margin_percent\":45}");
        order("TTTC0052U", "21", "20261120", "00", 10, "150000");
        assertThat(spendable()).isEqualTo(1_000_000_000 - 675_000 - commission(1_500_000));
    }

    private static long commission(long amount) {
        return amount * 140_527 / 1_000_000_000;
    }

    private long spendable() {
        return amount(
                RawClient.json(client.get(
                                        RawClient.TRADING + "inquire-credit-psamount?CANO=" + CANO
                                                + "&ACNT_PRDT_CD=01&PDNO=" + SYMBOL
                                                + "&ORD_UNPR=150000&ORD_DVSN=00&CRDT_TYPE=21&CMA_EVLU_AMT_ICLD_YN=N"
                                                + "&OVRS_ICLD_YN=N",
                                        Map.of("tr_id", "TTTC8909R"))
                                .body())
                        .path("output"),
                "ord_psbl_cash");
    }

    private HttpResponse<String> revise(JsonNode original, String kind, String price) {
        return client.post(
                RawClient.TRADING + "order-rvsecncl",
                Map.of("tr_id", "TTTC0013U"),
                "{\"CANO\":\"" + CANO + "\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\"\",\"ORGN_ODNO\":\""
                        + original.path("output").path("ODNO").stringValue()
                        + "\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":\"" + kind
                        + "\",\"ORD_QTY\":\"0\",\"ORD_UNPR\":\""
                        + price + "\",\"QTY_ALL_ORD_YN\":\"Y\"}");
    }

    @Test
    void wrong_loans_are_refused() {
        assertThat(code(buy("25", "20261120", 1))).isEqualTo("APBK0506");
        assertThat(code(buy("99", "20261120", 1))).isEqualTo("APBK0506");
        assertThat(code(buy("21", "20261119", 1))).isEqualTo("APBK0506");
        assertThat(code(buy("21", "x", 1))).isEqualTo("APBK0506");
        assertThat(code(repay("21", "20261120", 1))).isEqualTo("APBK0506");
        for (String type : List.of("22", "24")) {
            JsonNode borrowed = repay(type, "20261120", 1);
            assertThat(code(borrowed)).isEqualTo("APBK0506");
            assertThat(borrowed.path("msg1").stringValue()).startsWith("대주");
        }
        assertThat(code(buy("21", "20261120", 99_999))).isEqualTo("APBK0952");
        assertThat(send("TTTC0052U", "", "20261120", "01", 1, "0").body()).contains("CRDT_TYPE");
        assertThat(send("TTTC0052U", "21", "", "01", 1, "0").body()).contains("LOAN_DT");
        assertThat(rows(balance("01"))).isEmpty();
    }

    @Test
    void pages_of_a_balance_continue_after_a_loan() {
        // Each lender of each stock: 60 rows, of which a page has 50.
        List<String> symbols = List.of(
                "005930", "000660", "035420", "005380", "051910", "006400", "035720", "000270", "068270", "105560",
                "055550", "012330", "028260", "066570", "096770", "003550", "034730", "015760", "017670", "032830",
                "018260", "086790", "009150", "033780", "010130", "011200", "316140", "024110", "030200", "003670");
        IntStream.range(0, symbols.size()).forEach(i -> {
            for (String type : List.of("21", "23")) {
                String cash = RawClient.orderBody(CANO, symbols.get(i), "01", "1", "0");
                JsonNode answer = RawClient.json(client.post(
                                RawClient.TRADING + "order-credit",
                                Map.of("tr_id", "TTTC0052U"),
                                cash.substring(0, cash.length() - 1) + ",\"CRDT_TYPE\":\"" + type
                                        + "\",\"LOAN_DT\":\"20261120\"}")
                        .body());
                assertThat(code(answer)).as(symbols.get(i)).isEqualTo("APBK0013");
            }
        });
        var first = balance("01");
        assertThat(first.path("output1")).hasSize(50);
        String next = first.path("ctx_area_nk100").stringValue().strip().replace(" ", "%20");
        var second = RawClient.json(client.get(
                        RawClient.TRADING + "inquire-balance?CANO=" + CANO
                                + "&ACNT_PRDT_CD=01&AFHR_FLPR_YN=N&OFL_YN=&INQR_DVSN=01&UNPR_DVSN=01"
                                + "&FUND_STTL_ICLD_YN=N&FNCG_AMT_AUTO_RDPT_YN=N&PRCS_DVSN=00&CTX_AREA_FK100=&CTX_AREA_NK100="
                                + next,
                        Map.of("tr_id", "TTTC8434R", "tr_cont", "N"))
                .body());
        assertThat(second.path("output1")).hasSize(10);
        assertThat(java.util.stream.Stream.of(first, second)
                        .flatMap(page -> page.path("output1").valueStream())
                        .map(row -> row.path("pdno").stringValue()
                                + row.path("trad_dvsn_name").stringValue()))
                .doesNotHaveDuplicates()
                .hasSize(60);
    }

    @Test
    void paper_has_no_orders_on_credit() {
        simulator.close();
        start(Face.PAPER);
        assertThat(send("TTTC0052U", "21", "20261120", "01", 1, "0").statusCode())
                .isEqualTo(500);
        assertThat(code(buy("21", "20261120", 1))).isEqualTo("EGW02006");
        assertThat(code(order("VTTC0052U", "21", "20261120", "01", 1, "0"))).isEqualTo("OPSQ0002");
    }
}
