package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Account answers, written by hand after the broker's documents. */
class AccountAnswersTest {
    private static final String OPEN = """
            {"ord_gno_brno":"06010","odno":"0000012346","orgn_odno":"","ord_dvsn_name":"지정가","pdno":"005930","prdt_name":"삼성전자",
             "rvse_cncl_dvsn_name":"","ord_qty":"10","ord_unpr":"70200","ord_tmd":"093015","tot_ccld_qty":"3","tot_ccld_amt":"210600",
             "psbl_qty":"7","sll_buy_dvsn_cd":"02","ord_dvsn_cd":"00","excg_id_dvsn_cd":"KRX"}""";

    private static final String DAILY = """
            {"ord_dt":"20261120","ord_gno_brno":"00950","odno":"12346","orgn_odno":"0000012340","ord_dvsn_cd":"00",
             "sll_buy_dvsn_cd":"01","sll_buy_dvsn_cd_name":"매도정정*","pdno":"00000A005930","prdt_name":"삼성전자","ord_qty":"10",
             "ord_unpr":"70200","ord_tmd":"093015","tot_ccld_qty":"3","avg_prvs":"70200","rmn_qty":"7","rjct_qty":"0",
             "excg_id_dvsn_Cd":"KRX"}""";

    @Test
    void an_open_order_is_read_from_either_list() {
        OpenOrder live =
                ok(OpenOrder.parseAll(reply("\"output\":[" + OPEN + "]"))).getFirst();
        assertThat(live)
                .isEqualTo(new OpenOrder(
                        "06010",
                        12346,
                        0,
                        Side.BUY,
                        new Symbol("005930"),
                        "삼성전자",
                        "00",
                        10,
                        70200,
                        3,
                        7,
                        "093015",
                        "KRX"));
        OpenOrder paper =
                ok(OpenOrder.parseDaily(reply("\"output1\":[" + DAILY + "]"))).getFirst();
        assertThat(paper.odno()).isEqualTo(12346);
        assertThat(paper.originalOdno()).isEqualTo(12340);
        assertThat(paper.side()).isEqualTo(Side.SELL);
        assertThat(paper.openQty()).isEqualTo(7);
        assertThat(paper.exchange()).isEqualTo("KRX");
    }

    @Test
    void rights_that_pay_are_read_and_those_to_shares_alone_left_out() {
        String dividend =
                "{\"rght_type_cd\":\"03\",\"bass_dt\":\"20260930\",\"pdno\":\"00000A005930\",\"shtn_pdno\":\"A005930\","
                        + "\"prdt_name\":\"삼성전자\",\"cblc_qty\":\"10.00\",\"last_alct_amt\":\"3610.00\",\"tax_amt\":\"555\",\"cash_dfrm_dt\":\"00000000\"}";
        String bonusShares = dividend.replace("3610.00", "0").replace("\"03\"", "\"02\"");
        assertThat(ok(PaidRightRow.parseAll(reply("\"output\":[" + dividend + "," + bonusShares + "]"))))
                .containsExactly(new PaidRightRow(
                        "03", LocalDate.of(2026, 9, 30), "005930", "삼성전자", 10, 3_610, 555, Optional.empty()));
        assertThat(PaidRightRow.parseAll(reply("\"output\":[" + dividend.replace("20260930", "never") + "]")))
                .isInstanceOf(ParseResult.Bad.class);
    }

    @Test
    void a_filled_cancelled_or_refused_row_is_no_open_order() {
        String rows = String.join(
                ",",
                DAILY.replace("\"rmn_qty\":\"7\"", "\"rmn_qty\":\"0\""),
                DAILY.replace("매도정정*", "매도취소*"),
                DAILY.replace("매도정정*", "SELL REJECT"),
                DAILY.replace("\"rjct_qty\":\"0\"", "\"rjct_qty\":\"10\""));
        assertThat(ok(OpenOrder.parseDaily(reply("\"output1\":[" + rows + "]"))))
                .isEmpty();
        assertThat(ok(OpenOrder.parseAll(
                        reply("\"output\":[" + OPEN.replace("\"psbl_qty\":\"7\"", "\"psbl_qty\":\"0\"") + "]"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "psbl_qty,''",
        "psbl_qty,-7",
        "sll_buy_dvsn_cd,03",
        "odno,0",
        "tot_ccld_qty,x",
        "ord_qty,99999999999999999999"
    })
    void an_open_order_whose_state_cannot_be_read_is_never_guessed(String field, String value) {
        String row = OPEN.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + value + "\"");
        assertThat(OpenOrder.parseAll(reply("\"output\":[" + row + "]")))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, bad -> assertThat(bad.field()).isEqualTo(field));
    }

    @Test
    void buying_power_requires_the_spendable_amount() {
        String output = """
                "output":{"ord_psbl_cash":"1000000","ord_psbl_sbst":"0","ruse_psbl_amt":"","psbl_qty_calc_unpr":"91000",
                 "nrcvb_buy_amt":"999000","nrcvb_buy_qty":"10","max_buy_amt":"2000000","max_buy_qty":"21"}""";
        assertThat(ok(BuyingPowerAnswer.parse(reply(output))))
                .isEqualTo(new BuyingPowerAnswer(1000000, 0, 0, 91000, 999000, 10, 2000000, 21));
        assertThat(BuyingPowerAnswer.parse(reply(output.replace("\"999000\"", "\" \""))))
                .isEqualTo(new ParseResult.Bad<>("nrcvb_buy_amt", "nrcvb_buy_amt is missing"));
    }

    @Test
    void a_stock_without_a_holding_has_no_sellable_quantity() {
        Symbol samsung = new Symbol("005930");
        assertThat(ok(SellableAnswer.parse(reply("\"output\":{\"pdno\":\"\",\"ord_psbl_qty\":\"\"}"), samsung)))
                .isEqualTo(SellableAnswer.none(samsung));
        assertThat(ok(SellableAnswer.parse(reply("\"output\":[]"), samsung))).isEqualTo(SellableAnswer.none(samsung));
        assertThat(ok(SellableAnswer.parse(
                        reply(
                                "\"output\":{\"cblc_qty\":\"10\",\"ord_psbl_qty\":\"7\",\"pchs_avg_pric\":\"135440.2517\"}"),
                        samsung)))
                .isEqualTo(new SellableAnswer(samsung, 10, 7, new BigDecimal("135440.2517")));
    }

    @Test
    void overseas_orders_are_compared_by_number_and_retain_unknown_codes() {
        OverseasOrderRow row = ok(OverseasOrderRow.parseAll(reply("""
                "output":[{"ord_dt":"20261119","ord_gno_brno":"","odno":"37508","orgn_odno":"0000037500","sll_buy_dvsn_cd":"02",
                 "rvse_cncl_dvsn":"00","pdno":"BRK/B","ft_ord_qty":"10","ft_ord_unpr3":"400.10000000","ft_ccld_qty":"4",
                 "ft_ccld_unpr3":"400.05000000","ft_ccld_amt3":"1600.20000","nccs_qty":"6","prcs_stat_name":"","rjct_rson":"",
                 "ord_tmd":"103000","tr_crcy_cd":"USD","ovrs_excg_cd":"NYSE"}]"""))).getFirst();
        assertThat(row.odno()).isEqualTo(37508);
        assertThat(row.originalOdno()).isEqualTo(37500);
        assertThat(row.symbol().orElseThrow()).hasToString("BRK/B.NYSE");
        assertThat(row.price()).isEqualByComparingTo("400.1");
        assertThat(row.isOpen()).isTrue();
        List<OverseasOrderRow> others = ok(OverseasOrderRow.parseAll(reply("""
                "output":[{"ord_dt":"20261119","odno":"1","sll_buy_dvsn_cd":"01","rvse_cncl_dvsn_cd":"02","pdno":"X","ft_ord_qty":"1",
                 "ft_ccld_qty":"0","nccs_qty":"1","ovrs_excg_cd":"MOON"},
                 {"ord_dt":"20261119","odno":"2","sll_buy_dvsn_cd":"01","pdno":"X","ft_ord_qty":"1","ft_ccld_qty":"0","nccs_qty":"1",
                 "prcs_stat_name":"거부"}]""")));
        assertThat(others).noneMatch(OverseasOrderRow::isOpen);
        assertThat(others.getFirst().symbol()).isEmpty();
        assertThat(others.getFirst().exchange()).isEqualTo("MOON");
    }

    @ParameterizedTest
    @CsvSource({"nccs_qty,''", "odno,''", "sll_buy_dvsn_cd,00", "ft_ccld_qty,1.5", "ord_dt,2026"})
    void an_overseas_order_whose_state_cannot_be_read_is_never_guessed(String field, String value) {
        String row = """
                {"ord_dt":"20261119","odno":"1","sll_buy_dvsn_cd":"01","pdno":"X","ft_ord_qty":"1","ft_ccld_qty":"0","nccs_qty":"1"}""".replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + value + "\"");
        assertThat(OverseasOrderRow.parseAll(reply("\"output\":[" + row + "]")))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, bad -> assertThat(bad.field()).isEqualTo(field));
    }

    @Test
    void overseas_positions_have_shares_and_signs() {
        List<OverseasHolding> holdings = ok(OverseasHolding.parseAll(reply("""
                "output1":[{"ovrs_pdno":"AAPL","ovrs_item_name":"애플","ovrs_excg_cd":"NASD","ovrs_cblc_qty":"10","ord_psbl_qty":"8",
                 "pchs_avg_pric":"150.1234","frcr_pchs_amt1":"1501.23","now_pric2":"145.000000","ovrs_stck_evlu_amt":"1450.000000",
                 "frcr_evlu_pfls_amt":"-51.234000","evlu_pfls_rt":"-3.41","tr_crcy_cd":"USD"},
                 {"ovrs_pdno":"KO","ovrs_cblc_qty":"0","ord_psbl_qty":"0"}],"output2":{}""")));
        assertThat(holdings).hasSize(1);
        assertThat(holdings.getFirst().pnl()).isEqualByComparingTo("-51.234");
        assertThat(holdings.getFirst().symbol().orElseThrow()).hasToString("AAPL.NASD");
    }

    @Test
    void a_present_balance_has_fractions_of_shares_cash_per_currency_and_sums() {
        OverseasPresentBalance balance = ok(OverseasPresentBalance.parse(reply("""
                "output1":[{"pdno":"AAPL","ovrs_excg_cd":"NASD","cblc_qty13":"10.25000000","ord_psbl_qty1":"10.00000000",
                 "avg_unpr3":"150.1234","frcr_evlu_amt2":"1486.25","evlu_pfls_amt2":"-52.51","evlu_pfls_rt1":"-3.41",
                 "buy_crcy_cd":"USD","bass_exrt":"1462.40000000"},{}],
                "output2":[{"crcy_cd":"USD","frcr_dncl_amt_2":"1234.560000","frcr_drwg_psbl_amt_1":"1000.000000"}],
                "output3":{"pchs_amt_smtl":"2250000","evlu_pfls_amt_smtl":"-76000","tot_asst_amt":"9999999.5"}""")));
        assertThat(balance.positions()).singleElement().satisfies(position -> {
            assertThat(position.qty()).isEqualByComparingTo("10.25");
            assertThat(position.pnl()).isEqualByComparingTo("-52.51");
            assertThat(position.exchangeRate()).isEqualByComparingTo("1462.4");
        });
        assertThat(balance.cash())
                .singleElement()
                .satisfies(cash -> assertThat(cash.deposit()).isEqualByComparingTo("1234.56"));
        assertThat(balance.totals().pnl()).isEqualByComparingTo("-76000");
        assertThat(balance.totals().assets()).isEqualByComparingTo("9999999.5");
        assertThat(OverseasPresentBalance.parse(reply("\"output1\":[],\"output2\":[]")))
                .isEqualTo(new ParseResult.Bad<>("output3", "output3 is missing"));
    }

    @Test
    void overseas_buying_power_requires_the_spendable_amount() {
        String output = """
                "output":{"tr_crcy_cd":"USD","ord_psbl_frcr_amt":"1234.56","sll_ruse_psbl_amt":"","ovrs_ord_psbl_amt":"1230.12",
                 "max_ord_psbl_qty":"8","echm_af_ord_psbl_qty":"20","exrt":"1462.4000"}""";
        OverseasBuyingPower power = ok(OverseasBuyingPower.parse(reply(output)));
        assertThat(power.qty()).isEqualTo(8);
        assertThat(power.total()).isEqualByComparingTo("1230.12");
        assertThat(power.exchangeRate()).contains(new BigDecimal("1462.4000"));
        assertThat(OverseasBuyingPower.parse(reply(output.replace("\"8\"", "\"\""))))
                .isEqualTo(new ParseResult.Bad<>("max_ord_psbl_qty", "max_ord_psbl_qty is missing"));
    }

    private static RestReply reply(String blocks) {
        return RestReply.parse(200, "{" + blocks + ",\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}");
    }

    private static <T> T ok(ParseResult<T> read) {
        assertThat(read).isInstanceOf(ParseResult.Ok.class);
        return ((ParseResult.Ok<T>) read).value();
    }

    @Test
    void a_modify_differs_from_a_cancel_and_an_order_by_its_name() {
        String rows = String.join(
                ",",
                DAILY,
                DAILY.replace("매도정정*", "현금매도"),
                DAILY.replace("매도정정*", "매도취소*"),
                DAILY.replace("매도정정*", "SELL Amend"));
        assertThat(ok(DailyOrderRow.parseAll(reply("\"output1\":[" + rows + "]"))))
                .extracting(DailyOrderRow::isModifyRow)
                .containsExactly(true, false, false, true);
    }

    @Test
    void a_balance_has_todays_change_only_where_kis_sends_it() {
        String cash =
                "{\"dnca_tot_amt\":\"1\",\"nxdy_excc_amt\":\"1\",\"prvs_rcdl_excc_amt\":\"1\",\"tot_evlu_amt\":\"1\",\"asst_icdc_amt\":\"%s\"}";
        assertThat(changeToday(cash.formatted("-5000"))).hasValue(-5000);
        assertThat(changeToday(cash.formatted("0"))).hasValue(0);
        assertThat(changeToday(cash.formatted(""))).isEmpty();
    }

    private static OptionalLong changeToday(String cash) {
        return ok(BalanceAnswer.parse(reply("\"output1\":[],\"output2\":[" + cash + "]")))
                .cash()
                .changeToday();
    }

    @Test
    void an_overseas_order_without_an_open_quantity_is_not_open() {
        assertThat(ok(OverseasOrderRow.parseAll(reply("""
                "output":[{"ord_dt":"20261119","odno":"1","sll_buy_dvsn_cd":"01","pdno":"X","ft_ord_qty":"1","ft_ccld_qty":"1","nccs_qty":"0"},
                 {"ord_dt":"20261119","odno":"2","sll_buy_dvsn_cd":"01","pdno":"X","ft_ord_qty":"1","ft_ccld_qty":"0","nccs_qty":"1"}]"""))))
                .extracting(OverseasOrderRow::isOpen)
                .containsExactly(false, true);
    }

    @Test
    void overseas_balances_leave_out_empty_rows_and_sold_positions() {
        OverseasPresentBalance balance = ok(OverseasPresentBalance.parse(reply("""
                "output1":[{"pdno":"BRK/B","ovrs_excg_cd":"NYSE","cblc_qty13":"0.5","ord_psbl_qty1":"0"},
                 {"pdno":"KO","ovrs_excg_cd":"NYSE","cblc_qty13":"0.00000000","ord_psbl_qty1":"0"},{}],
                "output2":[{"crcy_cd":"USD","frcr_dncl_amt_2":"1"},{}],"output3":{}""")));
        assertThat(balance.positions())
                .singleElement()
                .satisfies(
                        position -> assertThat(position.symbol().orElseThrow()).hasToString("BRK/B.NYSE"));
        assertThat(balance.cash()).hasSize(1);
        assertThat(ok(OverseasHolding.parseAll(reply("""
                "output1":[{},{"ovrs_pdno":"KO","ovrs_cblc_qty":"1","ord_psbl_qty":"1"},{"ovrs_pdno":""}]""")))).hasSize(1);
    }
}
