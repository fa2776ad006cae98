package kr.kisgateway.wire.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.ExecutionNotice.Condition;
import kr.kisgateway.wire.ExecutionNotice.Exchange;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;
import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramePrinterTest {
    private static final FramePrinter CURRENT = new FramePrinter(Layout.CURRENT);

    private static final TapeRecord TRADE = new TapeRecord(
            new Trade(
                    new Symbol("005930"),
                    20261120,
                    93015,
                    70100,
                    15,
                    300,
                    70000,
                    70300,
                    69900,
                    70200,
                    70100,
                    1_000_000,
                    70_050_000_000L,
                    'B'),
            '2',
            3021,
            2987,
            400_000,
            500_000,
            90007,
            91205,
            90102,
            "20",
            false,
            12345,
            23456,
            345678,
            456789,
            100_000_000,
            8_000_000,
            2_000_000,
            '0',
            70000,
            '2');

    @ParameterizedTest
    @CsvSource({"46, trade-46.txt", "47, trade-47.txt"})
    void a_trade_is_printed_as_in_the_protocol_notes(int columns, String file) {
        FramePrinter printer = new FramePrinter(new Layout(columns, 60, 26));

        assertThat(printer.trades(List.of(TRADE))).isEqualTo(Golden.text(file));
    }

    @Test
    void records_are_joined_by_a_single_caret() {
        String one = Golden.text("trade-47.txt");
        String record = one.substring("0|H0STCNT0|001|".length());

        assertThat(CURRENT.trades(List.of(TRADE, TRADE))).isEqualTo("0|H0STCNT0|002|" + record + "^" + record);
    }

    @ParameterizedTest
    @CsvSource({"59, book-59.txt", "60, book-60.txt", "62, book-62.txt"})
    void a_book_is_printed_as_in_the_protocol_notes(int columns, String file) {
        long[] levels = new long[40];
        for (int i = 0; i < 10; i++) {
            levels[i] = 200_500 + 500L * i;
            levels[10 + i] = 200_000 - 500L * i;
            levels[20 + i] = 101 + i;
            levels[30 + i] = 201 + i;
        }
        OrderBook book = new OrderBook(new Symbol("000660"), 93015, levels, 1055, 2055);
        BookRecord record = new BookRecord(book, '0', 0, 0, 0, 0, 7_654_321, -12, 34, "", '2', 200_250, 40, '1');

        assertThat(new FramePrinter(new Layout(47, columns, 26)).books(List.of(record)))
                .isEqualTo(Golden.text(file));
    }

    @ParameterizedTest
    @CsvSource({"26, notice-26-fill.txt", "23, notice-23-fill.txt"})
    void a_fill_is_printed_as_in_the_protocol_notes(int columns, String file) {
        ExecutionNotice fill = notice(Kind.FILL, Request.NEW, Side.BUY, "00", Condition.NONE, 12346, 0, 3, 70100, 93016)
                .with(10, 70200, Exchange.KRX, true);

        assertThat(new FramePrinter(new Layout(47, 60, columns)).notice(fill)).isEqualTo(Golden.text(file));
    }

    @Test
    void every_other_event_of_an_order_is_printed_as_in_the_protocol_notes() {
        assertThat(CURRENT.notice(
                        notice(Kind.RECEIPT, Request.NEW, Side.BUY, "00", Condition.NONE, 12346, 0, 10, 70200, 93015)
                                .with(10, 0, Exchange.KRX, true)))
                .isEqualTo(Golden.text("notice-26-receipt.txt"));
        assertThat(CURRENT.notice(notice(
                                Kind.CONFIRMED,
                                Request.CANCEL,
                                Side.BUY,
                                "00",
                                Condition.NONE,
                                12350,
                                12346,
                                7,
                                0,
                                93100)
                        .with(7, 0, Exchange.KRX, true)))
                .isEqualTo(Golden.text("notice-26-cancel-confirm.txt"));
        assertThat(CURRENT.notice(
                        notice(Kind.REJECTED, Request.NEW, Side.SELL, "11", Condition.IOC, 12347, 0, 10, 70200, 93015)
                                .with(10, 0, Exchange.NXT, true)))
                .isEqualTo(Golden.text("notice-26-reject.txt"));
        assertThat(CURRENT.notice(notice(
                                Kind.REST_CANCELLED,
                                Request.NEW,
                                Side.SELL,
                                "11",
                                Condition.IOC,
                                12348,
                                0,
                                4,
                                70200,
                                93015)
                        .with(10, 0, Exchange.SOR_KRX, false)))
                .isEqualTo(Golden.text("notice-26-rest-cancelled.txt"));
    }

    @Test
    void an_encrypted_fill_is_the_cipher_text_of_the_protocol_notes() {
        ExecutionNotice fill = notice(Kind.FILL, Request.NEW, Side.BUY, "00", Condition.NONE, 12346, 0, 3, 70100, 93016)
                .with(10, 70200, Exchange.KRX, true);

        assertThat(CURRENT.encryptedNotice("H0STCNI0", fill, Golden.KEY))
                .isEqualTo(Golden.text("notice-26-fill-encrypted.txt"));
    }

    @Test
    void any_other_tr_is_written_from_raw_values() {
        assertThat(CURRENT.frame(
                        "H0STMKO0", List.of(List.of("005930", "Y", "VI", "174", "", "", "", "", "Y", "N", "1"))))
                .isEqualTo(Golden.text("halt-h0stmko0.txt"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CURRENT.frame("X", List.of(List.of("a"), List.of("a", "b"))));
    }

    @Test
    void a_frame_without_records_or_of_an_unknown_width_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CURRENT.trades(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(45, 60, 26));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(47, 61, 26));
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(47, 60, 25));
    }

    private static OverseasNoticeRecord us(Kind kind, Request request, long original, long qty, long price) {
        return new OverseasNoticeRecord(
                "SIMUSER1",
                "1234567801",
                77,
                original,
                Side.BUY,
                request,
                '2',
                "AAPL",
                qty,
                price,
                223015,
                kind,
                "06010",
                10,
                "시험계좌",
                "APPLE INC",
                '6');
    }

    @Test
    void notices_of_overseas_orders_have_their_own_columns_and_four_decimals_without_a_point() {
        String fill = "SIMUSER1^1234567801^0000000077^^02^0^2^AAPL^0000000003^001825200^223015^0^2^2^06010^000000010"
                + "^시험계좌^APPLE INC^6^10^";
        assertThat(CURRENT.notice(us(Kind.FILL, Request.NEW, 0, 3, 1_825_200))).isEqualTo(fill + "^^^^000001825200");
        assertThat(new FramePrinter(new Layout(46, 59, 23)).notice(us(Kind.FILL, Request.NEW, 0, 3, 1_825_200)))
                .as("the 21 columns of the older sample")
                .isEqualTo(fill);
        assertThat(CURRENT.notice(us(Kind.CONFIRMED, Request.CANCEL, 12, 7, 0)))
                .isEqualTo("SIMUSER1^1234567801^0000000077^0000000012^02^2^2^AAPL^0000000007^000000000^223015^0^1^2"
                        + "^06010^^시험계좌^APPLE INC^6^10^^^^^000000000000");
        assertThat(CURRENT.notice(us(Kind.REJECTED, Request.NEW, 0, 10, 1_825_200)))
                .contains("^223015^1^1^1^06010^^");
        assertThat(CURRENT.notice(us(Kind.REST_CANCELLED, Request.NEW, 0, 10, 1_825_200)))
                .contains("^223015^0^1^3^06010^^");
        assertThat(us(Kind.FILL, Request.NEW, 0, 3, 1_825_200).toString())
                .doesNotContain("SIMUSER1", "12345678", "시험계좌");
    }

    private interface Rest {
        ExecutionNotice with(long orderQty, long orderPrice, Exchange exchange, boolean popup);
    }

    private static Rest notice(
            Kind kind,
            Request request,
            Side side,
            String ordDvsn,
            Condition condition,
            long odno,
            long original,
            long qty,
            long price,
            int time) {
        return (orderQty, orderPrice, exchange, popup) -> new ExecutionNotice(
                "SIMUSER1",
                "1234567801",
                odno,
                original,
                side,
                request,
                ordDvsn,
                condition,
                new Symbol("005930"),
                qty,
                price,
                time,
                kind,
                "06010",
                orderQty,
                "시험계좌",
                0,
                Optional.of(exchange),
                popup,
                "10",
                "",
                "삼성전자",
                orderPrice);
    }

    @Test
    void the_change_of_a_trade_is_a_share_of_the_base() {
        Trade trade = new Trade(
                new Symbol("005930"),
                20261120,
                93015,
                13_000,
                1,
                3_000,
                10_000,
                13_000,
                10_000,
                13_000,
                12_990,
                1,
                13_000,
                'B');
        TapeRecord record = new TapeRecord(
                trade, '1', 1, 2, 3, 4, 90000, 90000, 90000, "20", false, 5, 6, 7, 8, 9, 10, 11, '0', 12, '2');

        assertThat(CURRENT.trades(List.of(record))).contains("|005930^093015^13000^1^3000^30.00^");
    }

    @Test
    void an_expected_price_has_its_difference_from_the_base() {
        OrderBook book = new OrderBook(new Symbol("000660"), 84_500, new long[40], 0, 0);
        BookRecord up = new BookRecord(book, 'A', 210_000, 5, 6, 200_000, 7, 0, 0, "", '2', 0, 0, ' ');
        BookRecord down = new BookRecord(book, 'A', 199_000, 5, 6, 200_000, 7, 0, 0, "", '2', 0, 0, ' ');
        BookRecord none = new BookRecord(book, 'A', 0, 0, 0, 200_000, 7, 0, 0, "", '2', 0, 0, ' ');

        assertThat(CURRENT.books(List.of(up))).contains("^210000^5^6^10000^2^5.00^7^");
        assertThat(CURRENT.books(List.of(down))).contains("^199000^5^6^-1000^5^-0.50^7^");
        assertThat(CURRENT.books(List.of(none))).contains("^0^0^0^0^3^0.00^7^");
    }

    @Test
    void an_encrypted_notice_of_an_overseas_order_decrypts_to_its_columns() {
        OverseasNoticeRecord fill = us(Kind.FILL, Request.NEW, 0, 3, 1_825_200);
        String header = "1|H0GSCNI9|001|";

        String frame = CURRENT.encryptedNotice("H0GSCNI9", fill, Golden.KEY);

        assertThat(frame).startsWith(header);
        assertThat(Golden.KEY.decrypt(frame.substring(header.length()))).contains(CURRENT.notice(fill));
    }

    @Test
    void a_frame_has_at_most_999_records() {
        List<String> record = List.of("a");

        assertThat(CURRENT.frame("X", Collections.nCopies(999, record))).startsWith("0|X|999|a^a^");
        assertThatIllegalArgumentException().isThrownBy(() -> CURRENT.frame("X", Collections.nCopies(1_000, record)));
    }

    @ParameterizedTest
    @CsvSource({"1234567801, ***01]", "01, ***01]", "1, ***]", "'', ***]"})
    void a_log_of_an_overseas_notice_shows_two_digits_of_the_account(String account, String end) {
        OverseasNoticeRecord notice = new OverseasNoticeRecord(
                "SIMUSER1",
                account,
                77,
                12,
                Side.SELL,
                Request.CANCEL,
                '2',
                "AAPL",
                3,
                1_825_200,
                223015,
                Kind.CONFIRMED,
                "06010",
                10,
                "시험계좌",
                "APPLE INC",
                '6');

        assertThat(notice)
                .hasToString(
                        "OverseasNoticeRecord[CONFIRMED CANCEL SELL AAPL 3@1825200 odno=77 originalOdno=12 at=223015 account="
                                + end);
    }
}
