package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Condition;
import kr.kisgateway.wire.ExecutionNotice.Exchange;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;
import kr.kisgateway.wire.Golden;
import kr.kisgateway.wire.NoticeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeFrameTest {
    private static final ExecutionNotice FILL = new ExecutionNotice(
            "SIMUSER1",
            "1234567801",
            12346,
            0,
            Side.BUY,
            Request.NEW,
            "00",
            Condition.NONE,
            new Symbol("005930"),
            3,
            70100,
            93016,
            Kind.FILL,
            "06010",
            10,
            "시험계좌",
            0,
            Optional.of(Exchange.KRX),
            true,
            "10",
            "",
            "삼성전자",
            70200);

    @Test
    void the_encrypted_fill_of_the_protocol_notes_is_opened_and_read() {
        RecordedFrames recorded = RecordedFrames.from(Golden.text("notice-26-fill-encrypted.txt"));

        assertThat(recorded.bad).isEmpty();
        assertThat(recorded.notices).containsExactly(FILL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"H0STCNI0", "H0STCNI9", "K0STCNI0", "K0STCNI9"})
    void every_tr_id_of_the_domestic_notice_is_recognized(String trId) {
        assertThat(RecordedFrames.from(
                                Golden.text("notice-26-fill-encrypted.txt").replace("H0STCNI0", trId))
                        .notices)
                .containsExactly(FILL);
        assertThat(RecordedFrames.from(plain(trId, "notice-26-fill.txt")).notices)
                .containsExactly(FILL);
    }

    @Test
    void an_alias_uses_the_key_of_the_name_it_was_registered_under() {
        RecordedFrames recorded = new RecordedFrames();
        new FrameParser(recorded, trId -> trId.equals("H0STCNI0") ? Optional.of(Golden.KEY) : Optional.empty())
                .parse(Golden.text("notice-26-fill-encrypted.txt").replace("H0STCNI0", "K0STCNI0"));

        assertThat(recorded.notices).containsExactly(FILL);
    }

    @Test
    void the_old_layout_lacks_only_exchange_and_popup() {
        assertThat(RecordedFrames.from(plain("H0STCNI0", "notice-23-fill.txt")).notices)
                .singleElement()
                .usingRecursiveComparison()
                .ignoringFields("exchange", "popup")
                .isEqualTo(FILL);
    }

    @Test
    void columns_that_have_no_name_yet_are_ignored() {
        assertThat(RecordedFrames.from(plain("H0STCNI0", "notice-26-fill.txt") + "^new^").notices)
                .containsExactly(FILL);
    }

    @ParameterizedTest
    @CsvSource({
        "notice-26-receipt.txt, RECEIPT, NEW, BUY, 12346, 0, 10, 70200, 0, NONE, KRX",
        "notice-26-fill.txt, FILL, NEW, BUY, 12346, 0, 3, 70100, 70200, NONE, KRX",
        "notice-26-cancel-confirm.txt, CONFIRMED, CANCEL, BUY, 12350, 12346, 7, 0, 0, NONE, KRX",
        "notice-26-reject.txt, REJECTED, NEW, SELL, 12347, 0, 10, 70200, 0, IOC, NXT",
        "notice-26-rest-cancelled.txt, REST_CANCELLED, NEW, SELL, 12348, 0, 4, 70200, 0, IOC, SOR_KRX",
    })
    void each_event_of_an_order_has_its_kind(
            String file,
            Kind kind,
            Request request,
            Side side,
            long odno,
            long original,
            long qty,
            long price,
            long orderPrice,
            Condition condition,
            Exchange exchange) {
        assertThat(RecordedFrames.from(plain("H0STCNI0", file)).notices)
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.kind()).isEqualTo(kind);
                    assertThat(notice.request()).isEqualTo(request);
                    assertThat(notice.side()).isEqualTo(side);
                    assertThat(notice.odno()).isEqualTo(odno);
                    assertThat(notice.originalOdno()).isEqualTo(original);
                    assertThat(notice.qty()).isEqualTo(qty);
                    assertThat(notice.price()).isEqualTo(price);
                    assertThat(notice.orderPrice()).isEqualTo(orderPrice);
                    assertThat(notice.condition()).isEqualTo(condition);
                    assertThat(notice.exchange()).contains(exchange);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "^02^0^00^0^005930^, ^03^0^00^0^005930^, SELN_BYOV_CLS",
        "^02^0^00^0^005930^, ^02^7^00^0^005930^, RCTF_CLS",
        "^02^0^00^0^005930^, ^02^0^00^0^5930^, STCK_SHRN_ISCD",
        "^0000000003^, ^000000000-^, CNTG_QTY",
        "^000070100^, ^9999999999999999999^, CNTG_UNPR",
        "^093016^0^2^2^, ^093016^0^9^2^, CNTG_YN",
        "^093016^0^2^2^, ^093016^0^1^7^, ACPT_YN",
        "^093016^0^2^2^, ^093016^1^2^2^, RFUS_YN",
        "^093016^0^2^2^, ^990000^0^2^2^, STCK_CNTG_HOUR",
        "^0000012346^, ^0000000000^, ODER_NO",
    })
    void an_ambiguous_notice_is_bad(String good, String wrong, String column) {
        RecordedFrames recorded =
                RecordedFrames.from(plain("H0STCNI0", "notice-26-fill.txt").replace(good, wrong));

        assertThat(recorded.notices).isEmpty();
        assertThat(recorded.bad).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo(BadFrame.Reason.VALUE);
            assertThat(bad.detail()).isEqualTo(column);
        });
    }

    @Test
    void a_width_between_the_layouts_is_bad() {
        RecordedFrames recorded = RecordedFrames.from(plain("H0STCNI0", "notice-23-fill.txt") + "^x");

        assertThat(recorded.notices).isEmpty();
        assertThat(recorded.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.reason()).isEqualTo(BadFrame.Reason.WIDTH));
    }

    @Test
    void without_a_key_or_with_the_wrong_one_the_frame_is_bad() {
        String frame = Golden.text("notice-26-fill-encrypted.txt");
        NoticeKey other = new NoticeKey("x".repeat(32), "y".repeat(16));
        RecordedFrames none = new RecordedFrames();
        new FrameParser(none, trId -> Optional.empty()).parse(frame);
        RecordedFrames wrong = new RecordedFrames();
        new FrameParser(wrong, trId -> Optional.of(other)).parse(frame);

        assertThat(none.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.reason()).isEqualTo(BadFrame.Reason.NO_KEY));
        assertThat(wrong.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.reason()).isEqualTo(BadFrame.Reason.UNDECRYPTABLE));
    }

    @Test
    void nothing_of_the_account_shows_in_a_log() {
        String frame = plain("H0STCNI0", "notice-26-fill.txt");
        RecordedFrames good = RecordedFrames.from(frame);
        RecordedFrames bad = RecordedFrames.from(
                frame.replace("^02^", "^03^"),
                frame + "^x".repeat(30) + "|",
                "0|H0STCNI0|002|" + frame,
                frame.replace("|001|", "|0x1|"),
                "0|H0GSCNI0|002|" + Golden.text("notice-23-fill.txt"));

        assertThat(good.notices.getFirst().toString()).contains("***01").doesNotContain("12345678", "시험계좌");
        assertThat(bad.bad)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.toString()).doesNotContain("12345678", "시험계좌"));
    }

    private static String plain(String trId, String file) {
        return "0|" + trId + "|001|" + Golden.text(file);
    }

    @Test
    void records_of_one_frame_are_split_by_a_known_width_when_the_count_is_wrong() {
        String two = Golden.text("notice-26-fill.txt") + "^" + Golden.text("notice-26-fill.txt");

        assertThat(RecordedFrames.from("0|H0STCNI0|002|" + two).notices).containsExactly(FILL, FILL);
        assertThat(RecordedFrames.from("0|H0STCNI0|001|" + two).notices).containsExactly(FILL, FILL);
    }

    @Test
    void the_last_second_of_a_day_and_the_longest_number_are_read() {
        String frame = plain("H0STCNI0", "notice-26-fill.txt")
                .replace("^093016^", "^235959^")
                .replace("^000070100^", "^999999999999999999^");

        assertThat(RecordedFrames.from(frame).notices).singleElement().satisfies(notice -> {
            assertThat(notice.timeOfDay()).isEqualTo(235_959);
            assertThat(notice.price()).isEqualTo(999_999_999_999_999_999L);
        });
    }

    @Test
    void a_connection_with_another_key_decrypts_with_the_new_one() {
        NoticeKey other = new NoticeKey("x".repeat(32), "y".repeat(16));
        AtomicReference<NoticeKey> current = new AtomicReference<>(Golden.KEY);
        RecordedFrames recorded = new RecordedFrames();
        FrameParser parser = new FrameParser(recorded, trId -> Optional.of(current.get()));

        parser.parse(Golden.text("notice-26-fill-encrypted.txt"));
        current.set(other);
        parser.parse("1|H0STCNI0|001|" + other.encrypt(Golden.text("notice-26-fill.txt")));

        assertThat(recorded.bad).isEmpty();
        assertThat(recorded.notices).containsExactly(FILL, FILL);
    }

    @ParameterizedTest
    @CsvSource({"1234567801, ***01]", "01, ***01]", "1, ***]", "'', ***]"})
    void a_log_shows_two_digits_of_the_account(String account, String end) {
        String frame = plain("H0STCNI0", "notice-26-fill.txt").replace("^1234567801^", "^" + account + "^");

        assertThat(RecordedFrames.from(frame).notices)
                .singleElement()
                .satisfies(notice -> assertThat(notice.toString())
                        .startsWith("ExecutionNotice[FILL NEW BUY 005930 3@70100 odno=12346")
                        .endsWith("account=" + end));
    }
}
