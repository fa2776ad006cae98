package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradeFrameTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    private static final Trade FIRST = new Trade(
            SAMSUNG, 20261120, 93015, 70100, 15, 300, 70000, 70300, 69900, 70200, 70100, 1000000, 70050000000L, 'B');
    private static final Trade SECOND = new Trade(
            SAMSUNG, 20261120, 93016, 70000, 7, 200, 70000, 70300, 69900, 70100, 70000, 1000007, 70050490000L, 'S');
    private static final Trade THIRD = new Trade(
            SAMSUNG, 20261120, 93016, 69500, 3, -300, 70000, 70300, 69500, 69600, 69500, 1000010, 70050698500L, 'S');

    @ParameterizedTest
    @ValueSource(strings = {"trade-46.txt", "trade-47.txt"})
    void a_trade_is_read_in_both_layouts(String file) {
        RecordedFrames recorded = RecordedFrames.from(Golden.text(file));

        assertThat(recorded.bad).isEmpty();
        assertThat(recorded.trades).containsExactly(FIRST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"trade-46-three-records.txt", "trade-47-three-records.txt"})
    void records_of_one_frame_are_split_by_the_count(String file) {
        assertThat(RecordedFrames.from(Golden.text(file)).trades).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void columns_that_have_no_name_yet_are_ignored() {
        assertThat(RecordedFrames.from(Golden.text("trade-49-two-records.txt")).trades)
                .containsExactly(FIRST, SECOND);
    }

    @Test
    void a_session_may_change_its_width_from_frame_to_frame() {
        RecordedFrames recorded = RecordedFrames.from(
                Golden.text("trade-47.txt"), Golden.text("trade-46-three-records.txt"), Golden.text("trade-47.txt"));

        assertThat(recorded.trades).containsExactly(FIRST, FIRST, SECOND, THIRD, FIRST);
    }

    @Test
    void the_expected_width_takes_precedence_over_a_wrong_count() {
        String three = Golden.text("trade-47-three-records.txt");

        assertThat(RecordedFrames.from(three.replace("|003|", "|002|")).trades).containsExactly(FIRST, SECOND, THIRD);
        assertThat(RecordedFrames.from(three.replace("|003|", "|001|")).trades).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void a_frame_truncated_between_records_is_split_by_its_width() {
        String three = Golden.text("trade-47-three-records.txt");
        String cut = three.substring(0, three.lastIndexOf("^005930"));

        assertThat(RecordedFrames.from(cut).trades).containsExactly(FIRST, SECOND);
    }

    @Test
    void a_frame_truncated_inside_a_record_is_bad_entirely() {
        String three = Golden.text("trade-47-three-records.txt");
        RecordedFrames recorded = RecordedFrames.from(three.substring(0, three.length() - 60));

        assertThat(recorded.trades).isEmpty();
        assertThat(recorded.bad).singleElement().satisfies(bad -> {
            assertThat(bad.trId()).isEqualTo("H0STCNT0");
            assertThat(bad.reason()).isEqualTo(BadFrame.Reason.WIDTH);
        });
    }

    @Test
    void records_of_a_wrong_width_are_not_published_shifted() {
        // 94 fields less 2 are two records of 46: the second would start in the last column of the first.
        String two = Golden.text("trade-47-three-records.txt");
        two = two.substring(0, two.lastIndexOf("^005930")).replace("|003|", "|002|");
        String cut = two.substring(0, two.lastIndexOf('^', two.lastIndexOf('^') - 1));

        RecordedFrames recorded = RecordedFrames.from(cut);

        assertThat(recorded.trades).isEmpty();
        assertThat(recorded.bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.detail()).contains("MKSC_SHRN_ISCD"));
    }

    @ParameterizedTest
    @CsvSource({
        "^70100^2^300^, ^7x100^2^300^, STCK_PRPR is \"7x100\"",
        "^70100^2^300^, ^^2^300^, STCK_PRPR is \"\"",
        "^70100^2^300^, ^   ^2^300^, STCK_PRPR is \"   \"",
        "^70100^2^300^, ^-70100^2^300^, STCK_PRPR is \"-70100\"",
        "^70100^2^300^, ^70100.5^2^300^, STCK_PRPR is \"70100.5\"",
        "^70100^2^300^, ^9999999999999999999^2^300^, STCK_PRPR is \"9999999999999999999\"",
        "^70100^2^300^, ^70100^2^-^, PRDY_VRSS is \"-\"",
        "^70100^2^300^, ^70100^2^3-0^, PRDY_VRSS is \"3-0\"",
        "^093015^, ^250000^, STCK_CNTG_HOUR is \"250000\"",
        "^093015^, ^096015^, STCK_CNTG_HOUR is \"096015\"",
        "^15^1000000^, ^^1000000^, CNTG_VOL is \"\"",
        "005930^, 00593^, MKSC_SHRN_ISCD is \"00593\"",
        "005930^, 00593a^, MKSC_SHRN_ISCD is \"00593a\"",
    })
    void a_bad_value_is_reported_with_its_column(String good, String wrong, String detail) {
        RecordedFrames recorded = RecordedFrames.from(
                Golden.text("trade-47.txt").replaceFirst(java.util.regex.Pattern.quote(good), wrong));

        assertThat(recorded.trades).isEmpty();
        assertThat(recorded.bad).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo(BadFrame.Reason.VALUE);
            assertThat(bad.detail()).isEqualTo(detail);
        });
    }

    @Test
    void spaces_zeros_and_a_plus_do_not_change_a_number() {
        String odd = Golden.text("trade-47.txt")
                .replace("^70100^2^300^", "^ 70100 ^2^+300^")
                .replace("^1000000^70050000000^", "^00000000000000000001000000^0070050000000^");

        assertThat(RecordedFrames.from(odd).trades).containsExactly(FIRST);
    }

    @Test
    void figures_that_may_be_missing_are_zero() {
        String sparse = Golden.text("trade-47.txt")
                .replace("^70000^70300^69900^70200^70100^15^", "^^^^^^15^")
                .replace("^20261120^", "^^");

        assertThat(RecordedFrames.from(sparse).trades).singleElement().satisfies(trade -> {
            assertThat(trade.open()).isZero();
            assertThat(trade.ask()).isZero();
            assertThat(trade.businessDate()).isZero();
            assertThat(trade.price()).isEqualTo(70100);
        });
    }

    @ParameterizedTest
    @CsvSource({"1,B", "5,S", "3,-", "'',-", "11,-"})
    void the_aggressor_is_the_side_that_took(String direction, char aggressor) {
        String frame = Golden.text("trade-47.txt").replace("^500000^1^55.56^", "^500000^" + direction + "^55.56^");

        assertThat(RecordedFrames.from(frame).trades)
                .singleElement()
                .satisfies(trade -> assertThat(trade.aggressor()).isEqualTo(aggressor));
    }

    @Test
    void every_kind_of_text_the_socket_may_hand_over_reads_the_same() {
        String frame = Golden.text("trade-47.txt");
        CharBuffer part = CharBuffer.wrap("xx" + frame + "yy").position(2).limit(2 + frame.length());
        char[] padded = ("xxxx" + frame + "y").toCharArray();
        CharBuffer slice = CharBuffer.wrap(padded, 4, frame.length()).slice();

        RecordedFrames recorded = RecordedFrames.from(
                frame,
                new StringBuilder(frame),
                part,
                slice,
                CharBuffer.wrap(frame.toCharArray()).asReadOnlyBuffer());

        assertThat(recorded.bad).isEmpty();
        assertThat(recorded.trades).containsExactly(FIRST, FIRST, FIRST, FIRST, FIRST);
    }

    @Test
    void the_symbol_of_one_instrument_is_made_once() {
        RecordedFrames recorded = RecordedFrames.from(Golden.text("trade-47.txt"), Golden.text("trade-47.txt"));

        assertThat(recorded.trades.get(1).symbol())
                .isSameAs(recorded.trades.get(0).symbol());
    }

    @Test
    void more_symbols_than_the_table_caches_are_all_parsed_correctly() {
        String frame = Golden.text("trade-47.txt");
        RecordedFrames recorded = new RecordedFrames();
        FrameParser parser = new FrameParser(recorded, trId -> java.util.Optional.empty());
        for (int i = 0; i < 20_000; i++) {
            parser.parse(frame.replace("005930", "%06d".formatted(i)));
        }

        for (int i = 0; i < 20_000; i++) {
            assertThat(recorded.trades.get(i).symbol().code()).isEqualTo("%06d".formatted(i));
        }
    }

    @Test
    void codes_with_letters_and_etns_are_symbols_too() {
        String frame = Golden.text("trade-47.txt");

        assertThat(RecordedFrames.from(frame.replace("005930^", "0001A0^"), frame.replace("005930^", "Q500001^"))
                        .trades)
                .extracting(trade -> trade.symbol().code())
                .containsExactly("0001A0", "Q500001");
    }

    @Test
    void a_bad_symbol_of_a_later_record_is_the_one_that_is_reported() {
        String three = Golden.text("trade-47-three-records.txt");
        int third = three.lastIndexOf("^005930^");
        String frame = three.substring(0, third) + "^00593O_^" + three.substring(third + "^005930^".length());

        assertThat(RecordedFrames.from(frame).bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.detail()).isEqualTo("MKSC_SHRN_ISCD is \"00593O_\""));
    }

    @Test
    void a_long_bad_value_is_cut_off_and_a_column_without_a_name_has_its_number() {
        String frame = Golden.text("trade-47.txt");

        assertThat(RecordedFrames.from(
                                frame.replace("^70100^2^300^", "^x" + "1".repeat(40) + "^2^300^"),
                                frame.replace("^20261120^", "^2026112x^"))
                        .bad)
                .extracting(BadFrame::detail)
                .containsExactly("STCK_PRPR is \"x" + "1".repeat(23) + "\"", "column 33 is \"2026112x\"");
    }

    @Test
    void a_tr_that_resembles_that_of_trades_is_another_one() {
        String frame = Golden.text("trade-47.txt");
        RecordedFrames recorded =
                RecordedFrames.from(frame.replace("H0STCNT0", "X0STCNT0"), frame.replace("H0STCNT0", "H0STCNT"));

        assertThat(recorded.trades).isEmpty();
        assertThat(recorded.frames).extracting(UntypedFrame::trId).containsExactly("X0STCNT0", "H0STCNT");
    }

    /** What a socket hands over is a window of a larger array, or an array that ends with the frame. */
    @ParameterizedTest
    @CsvSource({"0, 0, ''", "4, 0, y", "0, 3, ''", "4, 3, ''", "4, 3, yy"})
    void a_frame_is_read_from_any_window_of_an_array(int before, int skipped, String after) {
        String frame = Golden.text("trade-47.txt");

        assertThat(RecordedFrames.from(window(before, skipped, frame, after)).trades)
                .containsExactly(FIRST);
    }

    @Test
    void other_frames_and_bad_ones_are_read_from_a_window_too() {
        String halt = Golden.text("halt-h0stmko0.txt");
        String bad = halt.substring(0, halt.lastIndexOf('^'));
        RecordedFrames recorded = RecordedFrames.from(
                window(5, 6, halt, ""),
                window(5, 6, bad, "^1"),
                window(5, 6, "0|H0STCNT0", ""),
                window(5, 6, "", ""),
                window(5, 6, "0|", ""));

        assertThat(recorded.frames).singleElement().satisfies(frame -> {
            assertThat(frame.trId()).isEqualTo("H0STMKO0");
            assertThat(frame.value(0, "MKOP_CLS_CODE")).contains("174");
        });
        assertThat(recorded.bad).extracting(BadFrame::sample).containsExactly(bad, "0|H0STCNT0", "", "0|");
    }

    private static CharBuffer window(int before, int skipped, String frame, String after) {
        String all = "|".repeat(before + skipped) + frame + after;
        return CharBuffer.wrap(all.toCharArray(), before, all.length() - before)
                .slice()
                .position(skipped)
                .limit(skipped + frame.length());
    }
}
