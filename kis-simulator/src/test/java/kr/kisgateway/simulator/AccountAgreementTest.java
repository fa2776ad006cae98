package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Different calls about the same account agree: one that traded Korean and US stocks, and one that never did. */
@Tag("slow")
class AccountAgreementTest {
    private static final String TRADER = "71000001";
    private static final String NEWCOMER = "71000002";
    private static final String TODAY = "20261014";
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = start(folder.resolve("kis.db"));
        calls = new CatalogCalls(new RawClient(simulator, "PSAGREE00000000000000000000000000001").login(), Face.LIVE);
        trade();
    }

    /** Its clock stands still, so its agents only quote. */
    private static KisSimulator start(Path file) {
        return KisSimulator.start(SimulatorConfig.defaults(file)
                .withTime(new OpenCalendar(), InstantSource.fixed(Instant.parse("2026-10-14T01:30:00Z")))
                .withRates(100_000, 100_000)
                .withSynchronous("OFF"));
    }

    private static void trade() {
        order("domestic_stock_order_cash", CatalogCalls.order("TTTC0012U", TRADER, "01", "10", "0"));
        order("domestic_stock_order_cash", CatalogCalls.order("TTTC0011U", TRADER, "01", "3", "0"));
        order("domestic_stock_order_cash", CatalogCalls.order("TTTC0012U", TRADER, "00", "2", "150000"));
        BigDecimal ask = number(
                        request("overseas_stock_inquire_asking_price", Map.of("EXCD", "NAS", "SYMB", "TQQQ"))
                                .path("output2"),
                        "pask1")
                .setScale(2);
        Map<String, String> fund =
                Map.of("CANO", TRADER, "OVRS_EXCG_CD", "NASD", "PDNO", "TQQQ", "ORD_DVSN", "00", "ORD_QTY", "5");
        order("overseas_stock_order", with(fund, "tr_id", "TTTT1002U", "OVRS_ORD_UNPR", ask.add(BigDecimal.ONE)));
        order(
                "overseas_stock_order",
                with(
                        fund,
                        "tr_id",
                        "TTTT1006U",
                        "OVRS_ORD_UNPR",
                        ask.subtract(BigDecimal.ONE),
                        "ORD_QTY",
                        "2",
                        "SLL_TYPE",
                        "00"));
    }

    private static Map<String, String> with(Map<String, String> params, Object... more) {
        Map<String, String> all = new HashMap<>(params);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i].toString(), more[i + 1].toString());
        }
        return all;
    }

    private static void order(String id, Map<String, String> params) {
        assertThat(CatalogCalls.code(calls.request(CatalogCalls.call(id), params)))
                .isEqualTo("200 APBK0013");
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static JsonNode request(String id, Map<String, String> params) {
        return RawClient.json(calls.request(CatalogCalls.call(id), params).body());
    }

    private static JsonNode of(String cano, String id, String... more) {
        return request(id, with(Map.of("CANO", cano, "ACNT_PRDT_CD", "01"), (Object[]) more));
    }

    private static BigDecimal number(JsonNode node, String name) {
        return new BigDecimal(node.path(name).stringValue("(absent)"));
    }

    private static JsonNode balance() {
        return of(TRADER, "domestic_stock_inquire_balance");
    }

    private static JsonNode present() {
        return of(TRADER, "overseas_stock_inquire_present_balance", "NATN_CD", "000", "WCRC_FRCR_DVSN_CD", "02");
    }

    private static JsonNode periodProfit(String id) {
        return of(TRADER, id, "INQR_STRT_DT", TODAY, "INQR_END_DT", TODAY, "PDNO", "");
    }

    @Test
    void total_assets_are_the_sum_of_the_domestic_and_the_us_balance() {
        JsonNode korea = balance().path("output2").path(0);
        JsonNode america = present().path("output3");
        JsonNode assets = of(TRADER, "domestic_stock_inquire_account_balance");
        JsonNode kinds = assets.path("output1");
        JsonNode sums = assets.path("output2");

        assertThat(kinds).hasSize(20);
        assertThat(number(kinds.path(0), "evlu_amt"))
                .isPositive()
                .isEqualByComparingTo(number(korea, "scts_evlu_amt"))
                .isEqualByComparingTo(number(korea, "evlu_amt_smtl_amt"));
        assertThat(number(kinds.path(0), "pchs_amt")).isEqualByComparingTo(number(korea, "pchs_amt_smtl_amt"));
        assertThat(number(kinds.path(8), "evlu_amt"))
                .isPositive()
                .isEqualByComparingTo(number(america, "evlu_amt_smtl"));
        assertThat(number(kinds.path(17), "evlu_amt")).isEqualByComparingTo(number(korea, "prvs_rcdl_excc_amt"));
        assertThat(number(sums, "tot_asst_amt"))
                .isEqualByComparingTo(number(korea, "tot_evlu_amt").add(number(america, "tot_asst_amt")))
                .isEqualByComparingTo(number(sums, "nass_tot_amt"))
                .isEqualByComparingTo(number(kinds.path(19), "evlu_amt"));
        BigDecimal each = BigDecimal.ZERO;
        for (int i = 0; i < 19; i++) {
            each = each.add(number(kinds.path(i), "evlu_amt"));
        }
        assertThat(each).as("the kinds add up").isEqualByComparingTo(number(sums, "tot_asst_amt"));
        assertThat(number(sums, "dncl_amt")).isEqualByComparingTo(number(korea, "dnca_tot_amt"));
    }

    @Test
    void the_balance_with_realized_profit_equals_the_balance_plus_the_profit_of_the_day() {
        JsonNode plain = balance();
        JsonNode realized = of(TRADER, "domestic_stock_inquire_balance_rlz_pl");

        for (String block : List.of("output1", "output2")) {
            JsonNode row = realized.path(block).path(0);
            plain.path(block).path(0).properties().forEach(column -> {
                if (row.has(column.getKey())) {
                    assertThat(row.path(column.getKey())).as(column.getKey()).isEqualTo(column.getValue());
                }
            });
        }
        BigDecimal profit = number(realized.path("output2").path(0), "rlzt_pfls");
        assertThat(profit).as("three shares sold below their price, with costs").isNegative();
        assertThat(number(periodProfit("domestic_stock_inquire_period_profit").path("output2"), "tot_rlzt_pfls"))
                .isEqualByComparingTo(profit);
        JsonNode byStock = periodProfit("domestic_stock_inquire_period_trade_profit");
        assertThat(number(byStock.path("output2"), "tot_rlzt_pfls")).isEqualByComparingTo(profit);
        assertThat(byStock.path("output1")).hasSize(1);
        assertThat(byStock.path("output1").path(0).path("pdno").stringValue()).isEqualTo("005930");
        assertThat(number(byStock.path("output1").path(0), "rlzt_pfls")).isEqualByComparingTo(profit);
    }

    @Test
    void trades_of_a_period_agree_with_the_order_list_and_the_balance() {
        JsonNode day = periodProfit("domestic_stock_inquire_period_profit");
        JsonNode row = day.path("output1").path(0);
        JsonNode sums = balance().path("output2").path(0);
        JsonNode orders = of(
                TRADER,
                "domestic_stock_inquire_daily_ccld",
                "INQR_STRT_DT",
                TODAY,
                "INQR_END_DT",
                TODAY,
                "SLL_BUY_DVSN_CD",
                "00",
                "CCLD_DVSN",
                "01",
                "PDNO",
                "",
                "EXCG_ID_DVSN_CD",
                "ALL");

        assertThat(day.path("output1")).hasSize(1);
        assertThat(row.path("trad_dt").stringValue()).isEqualTo(TODAY);
        assertThat(number(row, "buy_amt")).isEqualByComparingTo(number(sums, "thdt_buy_amt"));
        assertThat(number(row, "sll_amt")).isEqualByComparingTo(number(sums, "thdt_sll_amt"));
        assertThat(number(row, "fee").add(number(row, "tl_tax"))).isEqualByComparingTo(number(sums, "thdt_tlex_amt"));
        assertThat(number(row, "buy_qty1").add(number(row, "sll_qty1")))
                .isEqualByComparingTo(number(orders.path("output2"), "tot_ccld_qty"))
                .isEqualByComparingTo(number(day.path("output2"), "tot_qty"));
        assertThat(number(day.path("output2"), "tot_tr_amt"))
                .isEqualByComparingTo(number(orders.path("output2"), "tot_ccld_amt"));
        assertThat(of(
                                TRADER,
                                "domestic_stock_inquire_period_profit",
                                "INQR_STRT_DT",
                                "20261001",
                                "INQR_END_DT",
                                "20261013",
                                "PDNO",
                                "")
                        .path("output1"))
                .isEmpty();
    }

    @Test
    void every_call_reports_the_same_buying_power_and_sellable_quantity() {
        JsonNode power = of(TRADER, "domestic_stock_inquire_psbl_order", "PDNO", "005930", "ORD_DVSN", "01")
                .path("output");
        BigDecimal cash = number(power, "ord_psbl_cash");
        JsonNode balance = balance();

        assertThat(cash)
                .as("it is reduced by the reservation of two shares at 150,000")
                .isLessThan(number(balance.path("output2").path(0), "prvs_rcdl_excc_amt"));
        JsonNode credit = of(TRADER, "domestic_stock_inquire_credit_psamount", "PDNO", "005930", "ORD_DVSN", "01")
                .path("output");
        assertThat(number(credit, "max_buy_qty"))
                .as("two fifths of the price are paid in cash")
                .isBetween(
                        number(power, "max_buy_qty").multiply(new BigDecimal("2.49")),
                        number(power, "max_buy_qty").multiply(new BigDecimal("2.5")));
        for (JsonNode other : List.of(
                credit,
                of(TRADER, "domestic_stock_pension_inquire_psbl_order", "PDNO", "005930", "ORD_DVSN", "01")
                        .path("output"),
                of(TRADER, "domestic_bond_inquire_psbl_order").path("output"))) {
            assertThat(number(other, "ord_psbl_cash")).isEqualByComparingTo(cash);
        }
        assertThat(number(of(TRADER, "domestic_stock_intgr_margin").path("output"), "stck_cash_ord_psbl_amt"))
                .isEqualByComparingTo(cash);

        JsonNode holding = balance.path("output1").path(0);
        JsonNode sellable =
                of(TRADER, "domestic_stock_inquire_psbl_sell", "PDNO", "005930").path("output");
        assertThat(sellable.path("ord_psbl_qty").stringValue()).isEqualTo("7");
        for (String same : List.of(
                "pdno", "prdt_name", "ord_psbl_qty", "pchs_avg_pric", "pchs_amt", "evlu_amt", "evlu_pfls_amt")) {
            assertThat(sellable.path(same)).as(same).isEqualTo(holding.path(same));
        }
        assertThat(of(TRADER, "domestic_stock_pension_inquire_balance")
                        .path("output1")
                        .path(0)
                        .path("hldg_qty"))
                .isEqualTo(holding.path("hldg_qty"));
    }

    @Test
    void us_calls_agree_about_holdings_cash_and_profit() {
        JsonNode balance = of(TRADER, "overseas_stock_inquire_balance", "OVRS_EXCG_CD", "NASD", "TR_CRCY_CD", "USD");
        JsonNode holding = balance.path("output1").path(0);
        JsonNode present = present();
        JsonNode shown = present.path("output1").path(0);

        assertThat(holding.path("ovrs_pdno").stringValue()).isEqualTo("TQQQ");
        assertThat(number(holding, "ovrs_cblc_qty"))
                .isEqualByComparingTo("3")
                .isEqualByComparingTo(number(shown, "ccld_qty_smtl1"));
        assertThat(number(holding, "ovrs_stck_evlu_amt")).isEqualByComparingTo(number(shown, "frcr_evlu_amt2"));
        assertThat(number(holding, "frcr_pchs_amt1")).isEqualByComparingTo(number(shown, "frcr_pchs_amt"));
        assertThat(number(balance.path("output2"), "ovrs_rlzt_pfls_amt"))
                .isNegative()
                .isEqualByComparingTo(number(
                        of(
                                        TRADER,
                                        "overseas_stock_inquire_period_profit",
                                        "OVRS_EXCG_CD",
                                        "",
                                        "NATN_CD",
                                        "",
                                        "CRCY_CD",
                                        "",
                                        "PDNO",
                                        "",
                                        "INQR_STRT_DT",
                                        "20261001",
                                        "INQR_END_DT",
                                        "20261031")
                                .path("output2"),
                        "ovrs_rlzt_pfls_tot_amt"));
        BigDecimal dollars = number(
                of(TRADER, "overseas_stock_foreign_margin").path("output").path(0), "frcr_ord_psbl_amt1");
        assertThat(dollars)
                .isEqualByComparingTo(number(
                        of(TRADER, "overseas_stock_inquire_psamount", "OVRS_EXCG_CD", "NASD", "ITEM_CD", "TQQQ")
                                .path("output"),
                        "ord_psbl_frcr_amt"))
                .isEqualByComparingTo(
                        number(of(TRADER, "domestic_stock_intgr_margin").path("output"), "usd_ord_psbl_amt"));
    }

    @Test
    void a_new_account_has_no_holdings() {
        for (String exchange : List.of("SEHK", "SHAA", "SZAA", "TKSE", "HASE", "VNSE")) {
            JsonNode balance = of(TRADER, "overseas_stock_inquire_balance", "OVRS_EXCG_CD", exchange);
            assertThat(balance.path("output1")).as(exchange).isEmpty();
            assertThat(number(balance.path("output2"), "frcr_pchs_amt1")).isZero();
            assertThat(number(balance.path("output2"), "ovrs_tot_pfls")).isZero();
            assertThat(of(TRADER, "overseas_stock_inquire_nccs", "OVRS_EXCG_CD", exchange)
                            .path("output"))
                    .as(exchange)
                    .isEmpty();
        }
        JsonNode hongKong = of(TRADER, "overseas_stock_inquire_present_balance", "NATN_CD", "344");
        assertThat(hongKong.path("output1")).isEmpty();
        assertThat(number(hongKong.path("output3"), "evlu_amt_smtl")).isZero();
    }

    static Stream<String> accountQueries() {
        return CatalogCalls.CATALOG.restCalls().stream()
                .filter(call -> call.method().equals("GET")
                        && call.params().stream().anyMatch(param -> param.name().equals("CANO")))
                .map(RestCall::id);
    }

    @ParameterizedTest
    @MethodSource("accountQueries")
    void an_account_query_has_every_documented_column_where_there_are_entries(String id) {
        RestCall call = CatalogCalls.call(id);
        Map<String, String> period = new HashMap<>(Map.of("CANO", TRADER));
        call.params().stream()
                .map(RestCall.Param::name)
                .filter(name -> name.matches(".*(STRT|END|FROM)_(ORD_)?D(T|AY)|.*_TO_DT|.*_(STRT|END)_D(T|AY)"))
                .forEach(name -> period.put(name, TODAY));

        assertThat(EveryCallTest.shapeOf(call, calls.request(call, period)).stream()
                        .filter(wrong -> !wrong.endsWith("has no rows")))
                .isEmpty();
    }

    /** The initial values of every account: cash in won and in dollars, and both together. */
    private static final Set<BigDecimal> OPENING = new TreeSet<>(List.of(
            BigDecimal.ZERO,
            new BigDecimal(1),
            new BigDecimal(100),
            new BigDecimal(1_000_000_000),
            new BigDecimal(1_000_000)));

    @ParameterizedTest
    @MethodSource("accountQueries")
    void an_account_without_entries_is_empty(String id) {
        RestCall call = CatalogCalls.call(id);
        JsonNode answer = of(NEWCOMER, id);
        BigDecimal america =
                number(of(NEWCOMER, "overseas_stock_inquire_present_balance").path("output3"), "tot_asst_amt");
        List<BigDecimal> allowed = new ArrayList<>(OPENING);
        allowed.add(america);
        allowed.add(new BigDecimal(2_500_000_000L)); // on credit, of which two fifths are paid in cash
        allowed.add(america.add(new BigDecimal(1_000_000_000)));
        for (RestCall.Block block : call.outputs()) {
            JsonNode rows = answer.path(block.name());
            for (JsonNode row : rows.isArray() ? rows : List.of(rows)) {
                row.properties().forEach(column -> {
                    String name = column.getKey();
                    String value = column.getValue().stringValue("");
                    if (name.matches("(?i).*(pdno|prdt_name|item_name|odno)$")) {
                        assertThat(value).as(name).matches("|005930|101W09|AAPL|[A-Z0-9]*" + requestedValues(call));
                    } else if (name.matches(
                            "(?i).*(amt|qty|smtl|cash|tota|pfls|evlu|atm|sbst|chgs|fee|mgna|pric|unpr|agrm)[0-9]*$")) {
                        assertThat(value).as(name).matches(NUMBER.pattern() + "|");
                        if (!value.isEmpty() && !isRequestParameter(call, name)) {
                            assertThat(allowed)
                                    .as(id + ' ' + name + ' ' + value)
                                    .anyMatch(one -> one.compareTo(new BigDecimal(value)) == 0);
                        }
                    }
                });
            }
        }
    }

    /** The code that the samples request. */
    private static String requestedValues(RestCall call) {
        return call.params().stream()
                .filter(param -> param.name().endsWith("PDNO"))
                .map(RestCall.Param::initial)
                .filter(code -> !code.isEmpty())
                .findFirst()
                .map(code -> "|" + Pattern.quote(code) + "|삼성전자")
                .orElse("");
    }

    /** Prices and quantities that belong to the market or the request and not to the account. */
    private static boolean isRequestParameter(RestCall call, String name) {
        return call.id().matches(".*(psbl_order|psbl_ngt_order|psamount)$")
                        && name.matches("(?i).*(qty|unpr|unpr2|pric)[0-9]*$")
                || call.id().endsWith("psbl_sell") && name.equals("now_pric");
    }

    @Test
    void realized_profit_survives_a_restart() {
        Path file = folder.resolve("restarted.db");
        String profit;
        try (KisSimulator before = start(file)) {
            CatalogCalls asked = calls(before, "PSAGREE00000000000000000000000000002");
            CatalogCalls.code(asked.request(
                    CatalogCalls.call("domestic_stock_order_cash"),
                    CatalogCalls.order("TTTC0012U", TRADER, "01", "4", "0")));
            CatalogCalls.code(asked.request(
                    CatalogCalls.call("domestic_stock_order_cash"),
                    CatalogCalls.order("TTTC0011U", TRADER, "01", "4", "0")));
            profit = profit(asked);
        }
        try (KisSimulator after = start(file)) {
            assertThat(profit(calls(after, "PSAGREE00000000000000000000000000003")))
                    .startsWith("-")
                    .isEqualTo(profit);
        }
    }

    private static CatalogCalls calls(KisSimulator of, String key) {
        return new CatalogCalls(new RawClient(of, key).login(), Face.LIVE);
    }

    private static String profit(CatalogCalls asked) {
        return RawClient.json(asked.request(
                                CatalogCalls.call("domestic_stock_inquire_period_profit"),
                                Map.of("CANO", TRADER, "INQR_STRT_DT", TODAY, "INQR_END_DT", TODAY, "PDNO", ""))
                        .body())
                .path("output2")
                .path("tot_rlzt_pfls")
                .stringValue();
    }
}
