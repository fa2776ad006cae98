package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtherFrameTest {
    @Test
    void any_other_tr_is_read_by_the_columns_of_the_catalog() {
        RecordedFrames recorded = RecordedFrames.from(Golden.text("halt-h0stmko0.txt"));

        assertThat(recorded.frames).singleElement().satisfies(frame -> {
            assertThat(frame.trId()).isEqualTo("H0STMKO0");
            assertThat(frame.records()).hasSize(1);
            assertThat(frame.value(0, "MKOP_CLS_CODE")).contains("174");
            assertThat(frame.value(0, "trht_yn")).contains("Y");
            assertThat(frame.value(0, "no_such_column")).isEmpty();
        });
    }

    @Test
    void a_new_column_of_another_tr_has_a_value_but_no_name() {
        RecordedFrames recorded = RecordedFrames.from(Golden.text("halt-h0stmko0.txt") + "^new");

        assertThat(recorded.frames).singleElement().satisfies(frame -> {
            assertThat(frame.columns()).hasSize(11);
            assertThat(frame.records().getFirst()).hasSize(12).endsWith("new");
        });
    }

    @Test
    void a_tr_missing_in_the_catalog_is_split_by_its_count() {
        RecordedFrames recorded = RecordedFrames.from("0|H0XXYYY0|002|a^b^c^d");

        assertThat(recorded.frames).singleElement().satisfies(frame -> {
            assertThat(frame.columns()).isEmpty();
            assertThat(frame.records()).containsExactly(List.of("a", "b"), List.of("c", "d"));
        });
    }

    @Test
    void an_encrypted_frame_of_another_tr_is_decrypted() {
        RecordedFrames recorded = overseas(FILL);

        assertThat(recorded.frames).singleElement().satisfies(frame -> {
            assertThat(frame.rows()).hasSize(1);
            assertThat(frame.rows().getFirst().text("oder_no")).isEqualTo("0000000077");
            assertThat(frame + " " + frame.rows()).doesNotContain("1234567801");
        });
    }

    @Test
    void an_overseas_notice_has_its_price_with_the_decimals_of_its_exchange() {
        OverseasNotice us = notice(FILL);
        assertThat(us.price()).contains(new BigDecimal("182.5200"));
        assertThat(us.exchange()).contains(OverseasNotice.Exchange.NASDAQ);
        assertThat(us.kind()).isEqualTo(ExecutionNotice.Kind.FILL);
        assertThat(us.side()).isEqualTo(Side.BUY);
        assertThat(us.qty()).isEqualTo(3);
        assertThat(us.odno()).isEqualTo(77);
        assertThat(us.toString()).doesNotContain("1234567801");

        assertThat(notice(FILL.replace("^6^10^", "^D^10^")).price()).contains(new BigDecimal("182520.0"));
        assertThat(notice(FILL.replace("^6^10^", "^4^10^")).price()).contains(new BigDecimal("1825.200"));
        assertThat(notice(FILL.replace("^6^10^", "^E^10^")).price()).contains(new BigDecimal("1825200"));
        assertThat(notice(FILL.replace("^6^10^", "^Z^10^")).price()).isEmpty();
        assertThat(notice(FILL.replace("^001825200^", "^261.0400^")).price()).contains(new BigDecimal("261.0400"));
    }

    @ParameterizedTest
    @CsvSource({
        "^02^0^2^, ^03^0^2^, SELN_BYOV_CLS",
        "^02^0^2^, ^02^7^2^, RCTF_CLS",
        "^0^2^2^, ^0^9^2^, CNTG_YN",
        "^0^2^2^, ^1^2^2^, CNTG_YN",
        "^0000000077^, ^0000000000^, ODER_NO",
        "^000000003^, ^00000-003^, CNTG_QTY"
    })
    void an_overseas_notice_is_not_guessed(String good, String bad, String column) {
        assertThat(FILL).contains(good);
        RealtimeRow row =
                overseas(FILL.replace(good, bad)).frames.getFirst().rows().getFirst();
        assertThat(OverseasNotice.of(row))
                .isInstanceOfSatisfying(
                        ParseResult.Bad.class, it -> assertThat(it.field()).isEqualTo(column));
    }

    @Test
    void a_record_shorter_than_in_the_catalog_or_a_wrong_count_is_bad() {
        String halt = Golden.text("halt-h0stmko0.txt");
        RecordedFrames recorded = RecordedFrames.from(
                halt.substring(0, halt.lastIndexOf('^')),
                halt.replace("|001|", "|003|") + "^x",
                "0|H0STMKO0|002|a^b^c^d",
                halt);

        assertThat(recorded.bad).hasSize(3).allMatch(bad -> bad.reason() == BadFrame.Reason.WIDTH);
        assertThat(recorded.frames).hasSize(1);
    }

    @Test
    void a_column_missing_in_the_samples_is_named_when_it_arrives() {
        RecordedFrames recorded =
                RecordedFrames.from("0|H0UNMKO0|001|N^^112^^^^^^^1", "0|H0UNMKO0|001|005930^N^^112^^^^^^^1");

        assertThat(recorded.frames)
                .hasSize(2)
                .allSatisfy(frame -> assertThat(frame.rows().getFirst().text("MKOP_CLS_CODE"))
                        .isEqualTo("112"));
        assertThat(recorded.frames.getLast().rows().getFirst().text("MKSC_SHRN_ISCD"))
                .isEqualTo("005930");
    }

    @Test
    void a_row_has_texts_whole_numbers_decimals_and_unnamed_values() {
        RealtimeRow row = new RealtimeRow(
                "H0UPCNT0",
                List.of("BSTP_CLS_CODE", "PRPR_NMIX", "ACML_VOL", "PRDY", "LATER"),
                List.of("0001", " +2501.37", "12", "-3", "", "new"));

        assertThat(row.text("bstp_cls_code")).isEqualTo("0001");
        assertThat(row.decimal("prpr_nmix")).isEqualByComparingTo("2501.37");
        assertThat(row.shares("acml_vol")).isEqualTo(12);
        assertThat(row.won("prdy")).isEqualTo(-3);
        assertThat(row.wonOr("later", 5)).isEqualTo(5);
        assertThat(row.textOr("later", "none")).isEqualTo("none");
        assertThat(row.extra()).containsExactly("new");
        assertThat(ParseResult.of(() -> row.won("prpr_nmix"))).isInstanceOf(ParseResult.Bad.class);
        assertThat(ParseResult.of(() -> row.text("nowhere"))).isInstanceOf(ParseResult.Bad.class);
        assertThat(ParseResult.of(() -> row.shares("prdy"))).isInstanceOf(ParseResult.Bad.class);
    }

    /** A fill of three shares at 182.52 dollars. */
    private static final String FILL = "USER^1234567801^0000000077^^02^0^2^AAPL^000000003^001825200^223015^0^2^2^06010"
            + "^^holder^APPLE INC^6^10^^^^^000001825200";

    private static RecordedFrames overseas(String clear) {
        return RecordedFrames.from("1|H0GSCNI0|001|" + Golden.KEY.encrypt(clear));
    }

    private static OverseasNotice notice(String clear) {
        RealtimeRow row = overseas(clear).frames.getFirst().rows().getFirst();
        assertThat(OverseasNotice.isNotice(row)).isTrue();
        assertThat(OverseasNotice.of(row)).isInstanceOf(ParseResult.Ok.class);
        return ((ParseResult.Ok<OverseasNotice>) OverseasNotice.of(row)).value();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0|",
                "0|H0STCNT0",
                "0|H0STCNT0|",
                "0|H0STCNT0|001",
                "0|H0STCNT0||x",
                "0||001|x",
                "2|H0STCNT0|001|x",
                "0|H0STCNT0|000|x",
                "0|H0STCNT0|-01|x",
                "0|H0STCNT0|0001|x",
                "00|H0STCNT0|001|x",
                "{\"header\":{}}",
                "<html>502 Bad Gateway</html>"
            })
    void what_has_no_header_of_a_data_frame_is_bad(String text) {
        RecordedFrames recorded = RecordedFrames.from(text);

        assertThat(recorded.good()).isZero();
        assertThat(recorded.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.reason()).isEqualTo(BadFrame.Reason.HEADER));
    }

    @Test
    void a_payload_of_nothing_is_bad() {
        assertThat(RecordedFrames.from("0|H0STCNT0|001|", "0|H0STASP0|001|").bad)
                .hasSize(2);
    }

    @Test
    void a_huge_frame_is_read_without_retaining_its_buffer() {
        String junk = "0|H0STCNT0|001|" + "9".repeat(3_000_000);
        RecordedFrames recorded = RecordedFrames.from(junk, Golden.text("trade-47.txt"));

        assertThat(recorded.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.sample()).hasSize(120));
        assertThat(recorded.trades).hasSize(1);
    }

    @Test
    void a_plain_frame_requires_no_key() {
        RecordedFrames recorded = new RecordedFrames();
        FrameParser parser = new FrameParser(recorded, trId -> {
            throw new AssertionError("requested a key of " + trId);
        });
        parser.parse(Golden.text("trade-47.txt"));

        assertThat(recorded.trades).hasSize(1);
        assertThat(recorded.bad).isEmpty();
    }

    @Test
    void records_of_another_tr_are_split_by_its_columns_when_the_count_is_wrong() {
        String halt = Golden.text("halt-h0stmko0.txt");
        String record = halt.substring("0|H0STMKO0|001|".length());

        assertThat(RecordedFrames.from(halt + "^" + record).frames)
                .singleElement()
                .satisfies(frame -> assertThat(frame.rows()).hasSize(2));
    }

    @Test
    void a_bad_frame_of_the_market_shows_its_beginning_and_one_about_an_account_only_its_header() {
        assertThat(RecordedFrames.from("0|H0STMKO0|002|a^b^c^d", "0|H0GSCNI0|002|a^b^c", "0|H0STCNI9|001|a^b").bad)
                .extracting(BadFrame::sample)
                .containsExactly("0|H0STMKO0|002|a^b^c^d", "0|H0GSCNI0|002|", "0|H0STCNI9|001|");
    }

    @Test
    void notices_of_overseas_orders_have_an_id_for_each_environment() {
        List<String> ids = List.of("H0GSCNI0", "H0GSCNI9", "H0STCNI0", "HDFSCNT0");

        assertThat(ids.stream().filter(trId -> OverseasNotice.isNotice(new RealtimeRow(trId, List.of(), List.of()))))
                .containsExactly("H0GSCNI0", "H0GSCNI9");
    }

    @ParameterizedTest
    @CsvSource({
        "^0^2^2^06010, FILL",
        "^0^1^1^06010, RECEIPT",
        "^0^1^2^06010, CONFIRMED",
        "^0^1^3^06010, REST_CANCELLED",
        "^1^1^1^06010, REJECTED",
        "^Y^1^3^06010, REJECTED"
    })
    void an_event_of_an_overseas_order_has_its_kind(String columns, ExecutionNotice.Kind kind) {
        assertThat(notice(FILL.replace("^0^2^2^06010", columns)).kind()).isEqualTo(kind);
    }

    @Test
    void an_exchange_that_sends_no_time_has_none() {
        assertThat(notice(FILL).timeOfDay()).contains("223015");
        assertThat(notice(FILL.replace("^223015^", "^^")).timeOfDay()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1234567801, ***01]", "01, ***01]", "1, ***]", "'', ***]"})
    void a_log_of_an_overseas_notice_shows_two_digits_of_the_account(String account, String end) {
        assertThat(notice(FILL.replace("^1234567801^", "^" + account + "^")).toString())
                .isEqualTo("OverseasNotice[FILL NEW BUY AAPL 3@182.5200 odno=77 originalOdno=0 account=" + end);
    }

    @Test
    void a_log_of_rows_shows_their_number_only() {
        UntypedFrame frame = new UntypedFrame("H0UPCNT0", List.of("A"), List.of(List.of("secret", "x"), List.of("y")));

        assertThat(frame).hasToString("UntypedFrame[H0UPCNT0 2 records]");
        assertThat(frame.rows().getFirst()).hasToString("RealtimeRow[H0UPCNT0 2 values]");
    }

    @Test
    void a_record_has_the_first_column_and_none_that_it_does_not_reach() {
        UntypedFrame frame = new UntypedFrame("X", List.of("A", "B"), List.of(List.of("only")));

        assertThat(frame.value(0, "a")).contains("only");
        assertThat(frame.value(0, "b")).isEmpty();
        assertThat(frame.rows().getFirst().textOr("b", "none")).isEqualTo("none");
        assertThat(frame.rows().getFirst().extra()).isEmpty();
    }

    @Test
    void a_row_has_days_and_times_where_they_are_not_blank() {
        RealtimeRow row = new RealtimeRow(
                "X", List.of("DAY", "TIME", "WON", "BLANK"), List.of("20261120", "093015", "-70100", " "));

        assertThat(row.dateIfAny("day")).contains(LocalDate.of(2026, 11, 20));
        assertThat(row.timeIfAny("time")).contains(LocalTime.of(9, 30, 15));
        assertThat(row.wonOr("won", 5)).isEqualTo(-70_100);
        assertThat(row.dateIfAny("blank")).isEmpty();
        assertThat(row.timeIfAny("blank")).isEmpty();
        assertThat(ParseResult.of(() -> row.timeIfAny("day"))).isInstanceOf(ParseResult.Bad.class);
    }
}
