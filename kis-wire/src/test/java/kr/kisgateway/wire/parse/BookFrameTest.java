package kr.kisgateway.wire.parse;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.market.OrderBook;
import kr.kisgateway.wire.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookFrameTest {
    @ParameterizedTest
    @ValueSource(strings = {"book-59.txt", "book-60.txt", "book-62.txt"})
    void ten_levels_and_totals_are_read_in_every_layout(String file) {
        RecordedFrames recorded = RecordedFrames.from(Golden.text(file));

        assertThat(recorded.bad).isEmpty();
        assertThat(recorded.books).singleElement().satisfies(BookFrameTest::isTheGoldenBook);
    }

    @Test
    void two_books_may_share_a_frame() {
        RecordedFrames recorded = RecordedFrames.from(Golden.text("book-60-two-records.txt"));

        assertThat(recorded.books).extracting(book -> book.symbol().code()).containsExactly("000660", "0001A0");
        assertThat(recorded.books).extracting(OrderBook::timeOfDay).containsExactly(93015, 93016);
    }

    @Test
    void layouts_may_alternate() {
        RecordedFrames recorded =
                RecordedFrames.from(Golden.text("book-60.txt"), Golden.text("book-62.txt"), Golden.text("book-59.txt"));

        assertThat(recorded.books).hasSize(3).allSatisfy(BookFrameTest::isTheGoldenBook);
    }

    @Test
    void a_bad_level_is_reported_with_its_column_and_nothing_of_the_frame_is_published() {
        String frame = Golden.text("book-60-two-records.txt");
        int second = frame.indexOf("0001A0");
        RecordedFrames recorded = RecordedFrames.from(
                frame.substring(0, second) + frame.substring(second).replace("^203^", "^2O3^"));

        assertThat(recorded.books).isEmpty();
        assertThat(recorded.bad).singleElement().satisfies(bad -> {
            assertThat(bad.reason()).isEqualTo(BadFrame.Reason.VALUE);
            assertThat(bad.detail()).isEqualTo("BIDP_RSQN3 is \"2O3\"");
        });
    }

    @Test
    void an_empty_level_is_an_absent_level() {
        RecordedFrames recorded = RecordedFrames.from(
                Golden.text("book-60.txt").replace("^205000^", "^^").replace("^110^", "^^"));

        assertThat(recorded.books).singleElement().satisfies(book -> {
            assertThat(book.askPrice(9)).isZero();
            assertThat(book.askQty(9)).isZero();
            assertThat(book.askPrice(8)).isEqualTo(204500);
        });
    }

    private static void isTheGoldenBook(OrderBook book) {
        assertThat(book.symbol().code()).isEqualTo("000660");
        assertThat(book.timeOfDay()).isEqualTo(93015);
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            assertThat(book.askPrice(level)).isEqualTo(200500 + 500L * level);
            assertThat(book.bidPrice(level)).isEqualTo(200000 - 500L * level);
            assertThat(book.askQty(level)).isEqualTo(101 + level);
            assertThat(book.bidQty(level)).isEqualTo(201 + level);
        }
        assertThat(book.totalAskQty()).isEqualTo(1055);
        assertThat(book.totalBidQty()).isEqualTo(2055);
    }

    @Test
    void a_bad_symbol_of_a_later_record_is_the_one_that_is_reported() {
        String frame = Golden.text("book-60-two-records.txt").replace("0001A0", "0001a0");

        assertThat(RecordedFrames.from(frame).bad)
                .singleElement()
                .satisfies(bad -> assertThat(bad.detail()).isEqualTo("MKSC_SHRN_ISCD is \"0001a0\""));
    }
}
