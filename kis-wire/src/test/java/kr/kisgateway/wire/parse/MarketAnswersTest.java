package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Market and overseas answers, written by hand after the broker's documents. */
class MarketAnswersTest {
    @Test
    void rankings_of_each_kind_are_read_alike() {
        List<RankRow> ranking = ok(RankRow.parseAll(reply("""
                "output":[{"hts_kor_isnm":"삼성전자","mksc_shrn_iscd":"005930","data_rank":"1","stck_prpr":"70100","prdy_vrss_sign":"5",
                 "prdy_vrss":"300","prdy_ctrt":"-0.43","acml_vol":"1234567","acml_tr_pbmn":"86482450000"},
                 {"stck_shrn_iscd":"Q500001","data_rank":"2","stck_prpr":"10005","prdy_vrss":"","acml_vol":"","stck_avls":"4184756"},{}]""")));
        assertThat(ranking).hasSize(2);
        assertThat(ranking.getFirst().change()).isEqualTo(-300);
        assertThat(ranking.getFirst().turnover()).hasValue(86482450000L);
        assertThat(ranking.getFirst().marketCap()).isEmpty();
        assertThat(ranking.getLast().symbol()).isEqualTo(new Symbol("Q500001"));
        assertThat(ranking.getLast().marketCap()).hasValue(4184756);
    }

    @Test
    void todays_investors_are_blank_until_published() {
        List<InvestorDay> days = ok(InvestorDay.parseAll(reply("""
                "output":[{"stck_bsop_date":"20261120","stck_clpr":"70100","prdy_vrss":"300","prdy_vrss_sign":"2","prsn_ntby_qty":"",
                 "frgn_ntby_qty":"","orgn_ntby_qty":" "},
                 {"stck_bsop_date":"20261119","stck_clpr":"69800","prdy_vrss":"-200","prdy_vrss_sign":"5","prsn_ntby_qty":"-1234",
                 "prsn_ntby_tr_pbmn":"-86","frgn_ntby_qty":"1200","frgn_shnu_vol":"5000","frgn_seln_vol":"3800","orgn_ntby_qty":"34"}]""")));
        assertThat(days.getFirst().persons()).isEmpty();
        assertThat(days.getFirst().institutions()).isEmpty();
        assertThat(days.getLast().persons()).contains(new InvestorDay.Flow(-1234, -86, 0, 0, 0, 0));
        assertThat(days.getLast().foreigners()).contains(new InvestorDay.Flow(1200, 0, 5000, 0, 3800, 0));
        assertThat(days.getLast().change()).isEqualTo(-200);
    }

    @Test
    void an_index_has_decimals_and_a_signed_change() {
        IndexAnswer index = ok(IndexAnswer.parse(reply("""
                "output":{"bstp_nmix_prpr":"4012.34","bstp_nmix_prdy_vrss":"12.10","prdy_vrss_sign":"5","bstp_nmix_prdy_ctrt":"-0.30",
                 "acml_vol":"412345","ascn_issu_cnt":"300","down_issu_cnt":"580","bstp_nmix_oprc":""}""")));
        assertThat(index.value()).isEqualTo(new BigDecimal("4012.34"));
        assertThat(index.change()).isEqualTo(new BigDecimal("-12.10"));
        assertThat(index.changePct()).isEqualTo(new BigDecimal("-0.30"));
        assertThat(index.open()).isZero();
        assertThat(index.falling()).isEqualTo(580);
        assertThat(ok(IndexBar.parseAll(
                        reply("\"output2\":[{\"stck_bsop_date\":\"20261120\",\"bstp_nmix_prpr\":\"4012.34\"},{}]"))))
                .singleElement()
                .satisfies(bar -> assertThat(bar.close()).isEqualByComparingTo("4012.34"));
    }

    @Test
    void an_etf_has_its_net_asset_value_and_deviation() {
        EtfAnswer etf = ok(EtfAnswer.parse(reply("""
                "output":{"stck_prpr":"50105","prdy_vrss":"-100","prdy_vrss_sign":"5","prdy_ctrt":"-0.20","nav":"50123.45",
                 "nav_prdy_vrss":"80.10","nav_prdy_vrss_sign":"5","nav_prdy_ctrt":"-0.16","prdy_last_nav":"50203.55","dprt":"-0.04",
                 "trc_errt":"","etf_trc_ert_mltp":"1.00","etf_cnfg_issu_cnt":"200"}""")));
        assertThat(etf.nav()).isEqualByComparingTo("50123.45");
        assertThat(etf.navChange()).isEqualByComparingTo("-80.10");
        assertThat(etf.deviationPct()).contains(new BigDecimal("-0.04"));
        assertThat(etf.trackingErrorPct()).isEmpty();
        assertThat(etf.components()).hasValue(200);
        assertThat(ok(EtfNavDay.parseAll(reply("""
                "output":[{"stck_bsop_date":"20261120","stck_clpr":"50105","acml_vol":"1","nav":"50123.45","nav_prdy_vrss":"80.10",
                 "nav_prdy_vrss_sign":"5","dprt":"-0.04"}]"""))))
                .containsExactly(new EtfNavDay(
                        LocalDate.of(2026, 11, 20),
                        50105,
                        1,
                        new BigDecimal("50123.45"),
                        new BigDecimal("-80.10"),
                        Optional.of(new BigDecimal("-0.04"))));
    }

    @Test
    void a_market_day_without_its_opening_flag_is_bad() {
        String day = "\"output\":[{\"bass_dt\":\"20261121\",\"bzdy_yn\":\"N\",\"tr_day_yn\":\"N\",\"opnd_yn\":\"N\"}]";
        assertThat(ok(MarketDay.parseAll(reply(day))))
                .containsExactly(new MarketDay(LocalDate.of(2026, 11, 21), false, false, false, false));
        assertThat(MarketDay.parseAll(reply(day.replace("\"opnd_yn\":\"N\"", "\"opnd_yn\":\"\""))))
                .isInstanceOf(ParseResult.Bad.class);
    }

    @Test
    void an_overseas_price_is_exact_signed_and_not_found_for_an_unknown_symbol() {
        OverseasPriceAnswer price = ok(OverseasPriceAnswer.parse(reply("""
                "output":{"rsym":"DNASAAPL","zdiv":"4","base":"146.4500","pvol":"55","last":"145.0000","sign":"5","diff":"1.4500",
                 "rate":"-0.99","tvol":"123456","tamt":"17901120.25","ordy":"매도불가"}""")));
        assertThat(price.price()).isEqualTo(new BigDecimal("145.0000"));
        assertThat(price.change()).isEqualTo(new BigDecimal("-1.4500"));
        assertThat(price.changePct()).isEqualTo(new BigDecimal("-0.99"));
        assertThat(price.turnover()).isEqualByComparingTo("17901120.25");
        OverseasPriceAnswer unknown = ok(OverseasPriceAnswer.parse(reply(
                "\"output\":{\"last\":\"\",\"base\":\"\",\"diff\":\"\",\"rate\":\" \",\"sign\":\"0\",\"tvol\":\"\"}")));
        assertThat(unknown.isFound()).isFalse();
        assertThat(ok(OverseasPriceAnswer.parse(
                                reply("\"output\":{\"last\":\"1.0\",\"sign\":\"2\",\"rate\":\"+0.12\"}")))
                        .changePct())
                .isEqualByComparingTo("0.12");
    }

    @Test
    void an_overseas_book_has_the_levels_that_kis_sends() {
        OverseasBookAnswer book = ok(OverseasBookAnswer.parse(reply("""
                "output1":{"dymd":"20261119","dhms":"103000","avol":"500","bvol":"300","last":"145.00"},
                "output2":{"pbid1":"144.99","pask1":"145.01","vbid1":"100","vask1":"200","pask2":"145.02","vask2":"","pbid2":"0.0000"},
                "output3":{}""")));
        assertThat(book.at()).contains(LocalDateTime.of(2026, 11, 19, 10, 30));
        assertThat(book.asks())
                .containsExactly(
                        new OverseasBookAnswer.Level(new BigDecimal("145.01"), 200),
                        new OverseasBookAnswer.Level(new BigDecimal("145.02"), 0));
        assertThat(book.bids()).hasSize(1);
        assertThat(ok(OverseasBookAnswer.parse(reply("\"output1\":{},\"output2\":{}")))
                        .asks())
                .isEmpty();
    }

    @Test
    void overseas_charts_skip_empty_rows() {
        assertThat(ok(OverseasDayBar.parseAll(reply("""
                "output2":[{"xymd":"20261119","clos":"145.0000","sign":"5","diff":"1.45","rate":"-0.99","open":"146.0000","high":"",
                 "low":"144.5","tvol":"5","tamt":"725"},{"xymd":"","clos":""}]""")))).singleElement().satisfies(bar -> {
            assertThat(bar.change()).isEqualByComparingTo("-1.45");
            assertThat(bar.high()).isZero();
        });
        assertThat(ok(OverseasMinuteBar.parseAll(reply("""
                "output2":[{"tymd":"20261119","xymd":"20261119","xhms":"093000","kymd":"20261119","khms":"233000","open":"145.1",
                 "high":"145.2","low":"145.0","last":"145.15","evol":"","eamt":""},{}]"""))))
                .singleElement()
                .satisfies(bar -> assertThat(bar.at()).isEqualTo(LocalDateTime.of(2026, 11, 19, 9, 30)));
    }

    static Stream<String> parsers() {
        return PARSERS.stream().map(Parser::id);
    }

    private record Parser(String id, Function<RestReply, ParseResult<?>> parse) {}

    private static final Symbol SAMSUNG = new Symbol("005930");

    private static final List<Parser> PARSERS = List.of(
            new Parser("domestic_stock_inquire_asking_price_exp_ccn", reply -> BookAnswer.parse(reply, SAMSUNG)),
            new Parser("domestic_stock_inquire_ccnl", TradeRow::parseLatest),
            new Parser("domestic_stock_inquire_time_itemconclusion", TradeRow::parseUntil),
            new Parser("domestic_stock_inquire_daily_itemchartprice", DayBar::parseAll),
            new Parser("domestic_stock_inquire_time_itemchartprice", MinuteBar::parseAll),
            new Parser("domestic_stock_intstock_multprice", QuickPrice::parseAll),
            new Parser("domestic_stock_search_stock_info", InstrumentAnswer::parse),
            new Parser("domestic_stock_inquire_psbl_order", BuyingPowerAnswer::parse),
            new Parser("domestic_stock_inquire_psbl_sell", reply -> SellableAnswer.parse(reply, SAMSUNG)),
            new Parser("domestic_stock_inquire_psbl_rvsecncl", OpenOrder::parseAll),
            new Parser("domestic_stock_inquire_daily_ccld", OpenOrder::parseDaily),
            new Parser("domestic_stock_volume_rank", RankRow::parseAll),
            new Parser("domestic_stock_fluctuation", RankRow::parseAll),
            new Parser("domestic_stock_market_cap", RankRow::parseAll),
            new Parser("domestic_stock_inquire_investor", InvestorDay::parseAll),
            new Parser("domestic_stock_inquire_index_price", IndexAnswer::parse),
            new Parser("domestic_stock_inquire_daily_indexchartprice", IndexBar::parseAll),
            new Parser("etfetn_inquire_price", EtfAnswer::parse),
            new Parser("etfetn_nav_comparison_daily_trend", EtfNavDay::parseAll),
            new Parser("domestic_stock_chk_holiday", MarketDay::parseAll),
            new Parser("overseas_stock_price", OverseasPriceAnswer::parse),
            new Parser("overseas_stock_price_detail", OverseasDetailAnswer::parse),
            new Parser("overseas_stock_inquire_asking_price", OverseasBookAnswer::parse),
            new Parser("overseas_stock_dailyprice", OverseasDayBar::parseAll),
            new Parser("overseas_stock_inquire_time_itemchartprice", OverseasMinuteBar::parseAll),
            new Parser("overseas_stock_inquire_ccnl", OverseasOrderRow::parseAll),
            new Parser("overseas_stock_inquire_nccs", OverseasOrderRow::parseAll),
            new Parser("overseas_stock_inquire_balance", OverseasHolding::parseAll),
            new Parser("overseas_stock_inquire_present_balance", OverseasPresentBalance::parse),
            new Parser("overseas_stock_inquire_psamount", OverseasBuyingPower::parse));

    /** Each column of the catalog in turn has an invalid value: the answer is a value either way. */
    @ParameterizedTest
    @MethodSource("parsers")
    void an_answer_with_any_value_is_read_or_names_its_bad_column(String id) {
        Parser parser =
                PARSERS.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
        RestCall call = Catalog.load().restById(id).orElseThrow();
        for (RestCall.Block block : call.outputs()) {
            for (RestCall.Column column : block.columns()) {
                for (String strange : List.of("", " ", "-1", "1.5", "1E9", "9".repeat(30), "x", "가", "20261399")) {
                    ParseResult<?> read =
                            parser.parse().apply(RestReply.parse(200, filled(call, column.name(), strange)));
                    if (read instanceof ParseResult.Bad<?> bad) {
                        assertThat(bad.field()).isEqualToIgnoringCase(column.name());
                    }
                }
            }
        }
        assertThat(parser.parse().apply(RestReply.parse(200, filled(call, "", ""))))
                .isInstanceOf(ParseResult.Ok.class);
        assertThat(parser.parse().apply(RestReply.parse(500, "<html>"))).isNotNull();
    }

    private static String filled(RestCall call, String strangeColumn, String strange) {
        StringBuilder body = new StringBuilder("{\"rt_cd\":\"0\"");
        for (RestCall.Block block : call.outputs()) {
            body.append(",\"").append(block.name()).append("\":[{\"\":\"\"");
            block.columns()
                    .forEach(column -> body.append(",\"")
                            .append(column.name())
                            .append("\":\"")
                            .append(column.name().equals(strangeColumn) ? strange : usual(column.name()))
                            .append('"'));
            body.append("}]");
        }
        return body.append('}').toString();
    }

    private static String usual(String column) {
        return switch (column) {
            case "stck_bsop_date", "xymd", "ord_dt", "bass_dt" -> "20261120";
            case "stck_cntg_hour", "xhms", "aspr_acpt_hour" -> "093000";
            case "sll_buy_dvsn_cd" -> "02";
            case "opnd_yn" -> "Y";
            case "pdno", "mksc_shrn_iscd", "stck_shrn_iscd", "inter_shrn_iscd" -> "005930";
            default ->
                column.endsWith("_dt") || column.endsWith("_date") || column.endsWith("52d") || column.equals("dymd")
                        ? "20261120"
                        : column.equals("dhms") ? "093000" : "1";
        };
    }

    private static RestReply reply(String blocks) {
        return RestReply.parse(200, "{" + blocks + ",\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}");
    }

    private static <T> T ok(ParseResult<T> read) {
        assertThat(read).isInstanceOf(ParseResult.Ok.class);
        return ((ParseResult.Ok<T>) read).value();
    }

    @Test
    void rows_without_a_day_are_left_out() {
        assertThat(ok(InvestorDay.parseAll(
                        reply("\"output\":[{},{\"stck_bsop_date\":\"20261120\",\"stck_clpr\":\"70100\"}]"))))
                .hasSize(1);
        assertThat(ok(EtfNavDay.parseAll(
                        reply("\"output\":[{},{\"stck_bsop_date\":\"20261120\",\"stck_clpr\":\"50105\"}]"))))
                .hasSize(1);
    }

    @Test
    void a_market_day_has_each_flag_of_its_own() {
        assertThat(ok(MarketDay.parseAll(reply("""
                "output":[{"bass_dt":"20261120","bzdy_yn":"Y","tr_day_yn":"Y","opnd_yn":"Y","sttl_day_yn":"Y"},
                 {"bass_dt":"20261231","bzdy_yn":"Y","tr_day_yn":"N","opnd_yn":"N","sttl_day_yn":"N"}]"""))))
                .containsExactly(
                        new MarketDay(LocalDate.of(2026, 11, 20), true, true, true, true),
                        new MarketDay(LocalDate.of(2026, 12, 31), true, false, false, false));
    }

    @Test
    void an_overseas_book_has_up_to_ten_levels() {
        OverseasBookAnswer book = ok(OverseasBookAnswer.parse(reply("""
                "output1":{},"output2":{"pbid1":"10","vbid1":"1","pask1":"11","vask1":"2","pbid10":"1","vbid10":"3","pask10":"20",
                 "vask10":"4","pask11":"21","vask11":"5"}""")));
        assertThat(book.bids())
                .containsExactly(
                        new OverseasBookAnswer.Level(new BigDecimal("10"), 1),
                        new OverseasBookAnswer.Level(new BigDecimal("1"), 3));
        assertThat(book.asks())
                .containsExactly(
                        new OverseasBookAnswer.Level(new BigDecimal("11"), 2),
                        new OverseasBookAnswer.Level(new BigDecimal("20"), 4));
    }

    @ParameterizedTest
    @CsvSource({"145.00, 146.45, true", "145.00, '', true", "'', 146.45, true", "0.0000, 0.0000, false", "'', '', false"
    })
    void an_overseas_symbol_with_a_price_or_a_base_is_listed(String last, String base, boolean found) {
        RestReply reply = reply("\"output\":{\"last\":\"" + last + "\",\"base\":\"" + base + "\"}");
        assertThat(ok(OverseasDetailAnswer.parse(reply)).isFound()).isEqualTo(found);
        assertThat(ok(OverseasPriceAnswer.parse(reply)).isFound()).isEqualTo(found);
    }
}
