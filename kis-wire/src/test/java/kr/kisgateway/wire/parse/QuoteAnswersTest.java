package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Price answers, written by hand after the broker's documents. */
class QuoteAnswersTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    @ParameterizedTest
    @CsvSource({"-2400,5,-2400", "2400,5,-2400", "2400,4,-2400", "2400,2,2400", "-2400,2,-2400", "0,3,0", "'',5,0"})
    void a_change_has_its_sign_from_the_value_or_the_sign_column(String change, String sign, long won) {
        Row row = row("{\"prdy_vrss\":\"" + change + "\",\"prdy_vrss_sign\":\"" + sign + "\"}");
        assertThat(row.changeInWon("prdy_vrss", "prdy_vrss_sign")).isEqualTo(won);
        assertThat(row.change("prdy_vrss", "prdy_vrss_sign")).isEqualByComparingTo(BigDecimal.valueOf(won));
    }

    @Test
    void dates_and_times_are_read_strictly_and_blanks_are_absent() {
        Row row = row("""
                {"d":"20260228","bad":"20260230","none":"00000000","blank":" ","t":"093015","late":"240000","y":"Y"}""");
        assertThat(row.date("d")).isEqualTo(LocalDate.of(2026, 2, 28));
        assertThat(row.dateIfAny("none")).isEmpty();
        assertThat(row.dateIfAny("blank")).isEmpty();
        assertThat(row.time("t")).isEqualTo(LocalTime.of(9, 30, 15));
        assertThat(row.timeIfAny("blank")).isEmpty();
        assertThat(row.flag("y")).isTrue();
        assertThat(row.flag("blank")).isFalse();
        assertThat(ParseResult.of(() -> row.date("bad")))
                .isEqualTo(new ParseResult.Bad<>("bad", "bad is \"20260230\""));
        assertThat(ParseResult.of(() -> row.time("late"))).isInstanceOf(ParseResult.Bad.class);
        assertThat(ParseResult.of(() -> row.dateIfAny("t"))).isInstanceOf(ParseResult.Bad.class);
    }

    @Test
    void a_book_has_ten_levels_a_side_and_the_expected_match() {
        BookAnswer answer = ok(BookAnswer.parse(reply("""
                        "output1":{"aspr_acpt_hour":"093015","askp1":"70200","askp10":"71100","bidp1":"70100","bidp10":"69200",
                         "askp_rsqn1":"11","bidp_rsqn1":"22","askp_rsqn10":"","total_askp_rsqn":"1000","total_bidp_rsqn":"2000"},
                        "output2":{"antc_cnpr":"70150","antc_cntg_vrss":"350","antc_cntg_vrss_sign":"5",
                         "antc_cntg_prdy_ctrt":"-0.50","antc_vol":"12","antc_mkop_cls_code":"311","vi_cls_code":"N"}"""), SAMSUNG));
        OrderBook book = answer.book();
        assertThat(book.symbol()).isEqualTo(SAMSUNG);
        assertThat(book.timeOfDay()).isEqualTo(93015);
        assertThat(book.askPrice(0)).isEqualTo(70200);
        assertThat(book.askPrice(9)).isEqualTo(71100);
        assertThat(book.bidPrice(0)).isEqualTo(70100);
        assertThat(book.bidPrice(9)).isEqualTo(69200);
        assertThat(book.askQty(0)).isEqualTo(11);
        assertThat(book.bidQty(0)).isEqualTo(22);
        assertThat(book.askQty(9)).isZero();
        assertThat(book.totalAskQty()).isEqualTo(1000);
        assertThat(answer.expected())
                .isEqualTo(new BookAnswer.ExpectedMatch(70150, -350, new BigDecimal("-0.50"), 12, "311", "N"));
    }

    @Test
    void an_empty_book_is_a_book_and_a_missing_block_is_not() {
        BookAnswer empty = ok(BookAnswer.parse(
                reply("\"output1\":{\"aspr_acpt_hour\":\"\",\"askp1\":\"0\"},\"output2\":{\"antc_cnpr\":\" \"}"),
                SAMSUNG));
        assertThat(empty.book().askPrice(0)).isZero();
        assertThat(empty.book().timeOfDay()).isZero();
        assertThat(empty.expected().price()).isZero();
        assertThat(BookAnswer.parse(reply("\"output1\":{}"), SAMSUNG))
                .isEqualTo(new ParseResult.Bad<>("output2", "output2 is missing"));
    }

    @Test
    void trades_are_read_from_either_call() {
        List<TradeRow> latest = ok(TradeRow.parseLatest(reply("""
                "output":[{"stck_cntg_hour":"093015","stck_prpr":"70100","prdy_vrss":"-300","prdy_vrss_sign":"5",
                 "cntg_vol":"15","tday_rltv":"101.20","prdy_ctrt":"-0.43"},{}]""")));
        assertThat(latest).hasSize(1);
        assertThat(latest.getFirst().change()).isEqualTo(-300);
        assertThat(latest.getFirst().ask()).isEmpty();
        List<TradeRow> until = ok(TradeRow.parseUntil(reply("""
                "output1":{},"output2":[{"stck_cntg_hour":"093015","stck_pbpr":"70100","prdy_vrss":"300",
                 "prdy_vrss_sign":"2","prdy_ctrt":"0.43","askp":"70200","bidp":"70100","tday_rltv":"","acml_vol":"1234567","cnqn":"15"}]""")));
        assertThat(until.getFirst().price()).isEqualTo(70100);
        assertThat(until.getFirst().qty()).isEqualTo(15);
        assertThat(until.getFirst().ask()).hasValue(70200);
        assertThat(until.getFirst().volume()).hasValue(1234567);
    }

    @Test
    void a_day_without_a_trade_has_a_close_and_empty_rows_are_left_out() {
        List<DayBar> bars = ok(DayBar.parseAll(reply("""
                "output1":{},"output2":[{"stck_bsop_date":"20261120","stck_clpr":"70100","stck_oprc":"70000","stck_hgpr":"70300",
                 "stck_lwpr":"69900","acml_vol":"1234567","acml_tr_pbmn":"86482450000","flng_cls_code":"00","prdy_vrss":"300","prdy_vrss_sign":"5"},
                 {"stck_bsop_date":"20261119","stck_clpr":"70400","stck_oprc":"","acml_vol":""},{}]""")));
        assertThat(bars)
                .containsExactly(
                        new DayBar(
                                LocalDate.of(2026, 11, 20),
                                70000,
                                70300,
                                69900,
                                70100,
                                1234567,
                                86482450000L,
                                -300,
                                "00"),
                        new DayBar(LocalDate.of(2026, 11, 19), 0, 0, 0, 70400, 0, 0, 0, ""));
    }

    @Test
    void a_number_that_is_too_long_or_none_names_its_field() {
        assertThat(DayBar.parseAll(reply(
                        "\"output2\":[{\"stck_bsop_date\":\"20261120\",\"stck_clpr\":\"99999999999999999999\"}]")))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, bad -> assertThat(bad.field()).isEqualTo("stck_clpr"));
        assertThat(DayBar.parseAll(reply(
                        "\"output2\":[{\"stck_bsop_date\":\"20261120\",\"stck_clpr\":\"1\",\"acml_vol\":\"-5\"}]")))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, bad -> assertThat(bad.field()).isEqualTo("acml_vol"));
    }

    @Test
    void minutes_carry_their_day() {
        List<MinuteBar> bars = ok(MinuteBar.parseAll(reply("""
                "output1":{},"output2":[{"stck_bsop_date":"20261120","stck_cntg_hour":"093000","stck_prpr":"70100",
                 "stck_oprc":"70000","stck_hgpr":"70300","stck_lwpr":"69900","cntg_vol":"","acml_tr_pbmn":"86482450000"},
                 {"stck_bsop_date":"","stck_cntg_hour":"092900"}]""")));
        assertThat(bars)
                .containsExactly(new MinuteBar(
                        LocalDateTime.of(2026, 11, 20, 9, 30), 70000, 70300, 69900, 70100, 0, 86482450000L));
    }

    @Test
    void an_instrument_is_read_from_its_long_code_and_unknown_codes_are_retained() {
        InstrumentAnswer info = ok(InstrumentAnswer.parse(reply("""
                "output":{"pdno":"00000A005930","std_pdno":"KR7005930003","prdt_name":"삼성전자보통주","prdt_abrv_name":"삼성전자",
                 "prdt_eng_abrv_name":"SamsungElec","mket_id_cd":"STK","scty_grp_id_cd":"ST","lstg_stqt":"5969782550","papr":"100",
                 "scts_mket_lstg_dt":"19750611","kosdaq_mket_lstg_dt":"","lstg_abol_dt":"","tr_stop_yn":"N","admn_item_yn":"N",
                 "thdt_clpr":"70100","bfdy_clpr":"69800","std_idst_clsf_cd_name":"통신 및 방송 장비 제조업",
                 "cptt_trad_tr_psbl_yn":"Y","nxt_tr_stop_yn":"N"}""")));
        assertThat(info.symbol()).isEqualTo(SAMSUNG);
        assertThat(info.market()).contains(Board.KOSPI);
        assertThat(info.product()).contains(Product.STOCK);
        assertThat(info.listedShares()).hasValue(5969782550L);
        assertThat(info.faceValue()).contains(new BigDecimal("100"));
        assertThat(info.listedOn()).contains(LocalDate.of(1975, 6, 11));
        assertThat(info.delistedOn()).isEmpty();
        assertThat(info.previousClose()).hasValue(69800);
        assertThat(info.onNxt()).isTrue();
        InstrumentAnswer strange = ok(InstrumentAnswer.parse(
                reply("\"output\":[{\"pdno\":\"Q500001\",\"mket_id_cd\":\"XYZ\",\"scty_grp_id_cd\":\"ZZ\"}]")));
        assertThat(strange.market()).isEmpty();
        assertThat(strange.product()).isEmpty();
        assertThat(strange.marketCode()).isEqualTo("XYZ");
        assertThat(strange.close()).isEmpty();
    }

    @Test
    void a_stock_that_moved_to_kosdaq_has_its_kosdaq_listing_date() {
        InstrumentAnswer moved = ok(InstrumentAnswer.parse(
                reply("\"output\":{\"pdno\":\"000250\",\"mket_id_cd\":\"KSQ\",\"scts_mket_lstg_dt\":\"19900101\","
                        + "\"kosdaq_mket_lstg_dt\":\"20000525\"}")));
        assertThat(moved.listedOn()).contains(LocalDate.of(2000, 5, 25));
    }

    @Test
    void prices_of_many_leave_out_rows_without_a_code() {
        List<QuickPrice> prices = ok(QuickPrice.parseAll(reply("""
                "output":[{"inter_shrn_iscd":"005930","inter_kor_isnm":"삼성전자","inter2_prpr":"70100","inter2_prdy_vrss":"300",
                 "prdy_vrss_sign":"5","prdy_ctrt":"0.43","acml_vol":"1","inter2_askp":"70200","inter2_bidp":"70100","seln_rsqn":"7",
                 "shnu_rsqn":"8","inter2_sdpr":"70400"},{"inter_shrn_iscd":"000000","inter2_prpr":""},{"inter_shrn_iscd":" "}]""")));
        assertThat(prices).hasSize(2);
        QuickPrice first = prices.getFirst();
        assertThat(first.change()).isEqualTo(-300);
        assertThat(first.changePct()).isEqualByComparingTo("-0.43");
        assertThat(first.askQty()).isEqualTo(7);
        assertThat(first.bidQty()).isEqualTo(8);
        assertThat(prices.getLast().price()).isZero();
    }

    private static RestReply reply(String blocks) {
        return RestReply.parse(200, "{" + blocks + ",\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}");
    }

    private static Row row(String json) {
        return RestReply.parse(200, json).root().orElseThrow();
    }

    private static <T> T ok(ParseResult<T> read) {
        assertThat(read).isInstanceOf(ParseResult.Ok.class);
        return ((ParseResult.Ok<T>) read).value();
    }

    @Test
    void a_stock_with_one_listing_date_has_that_one() {
        String kosdaq =
                "{\"pdno\":\"000250\",\"mket_id_cd\":\"%s\",\"scts_mket_lstg_dt\":\"\",\"kosdaq_mket_lstg_dt\":\"20000525\"}";
        String kospi =
                "{\"pdno\":\"000250\",\"mket_id_cd\":\"%s\",\"scts_mket_lstg_dt\":\"19900101\",\"kosdaq_mket_lstg_dt\":\"\"}";
        for (String market : List.of("KSQ", "STK")) {
            assertThat(ok(InstrumentAnswer.parse(reply("\"output\":" + kosdaq.formatted(market))))
                            .listedOn())
                    .contains(LocalDate.of(2000, 5, 25));
            assertThat(ok(InstrumentAnswer.parse(reply("\"output\":" + kospi.formatted(market))))
                            .listedOn())
                    .contains(LocalDate.of(1990, 1, 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"70100, 69800, true", "70100, '', true", "0, 69800, true", "0, 0, false", "0, '', false"})
    void a_symbol_with_a_price_or_a_base_is_listed(String price, String base, boolean found) {
        assertThat(ok(PriceAnswer.parse(
                                reply("\"output\":{\"stck_prpr\":\"" + price + "\",\"stck_sdpr\":\"" + base + "\"}")))
                        .isFound())
                .isEqualTo(found);
    }
}
