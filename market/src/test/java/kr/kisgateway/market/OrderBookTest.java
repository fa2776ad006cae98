package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OrderBookTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    /** Three levels a side around 71,550 won. */
    private static OrderBook samsung() {
        return OrderBook.of(
                SAMSUNG,
                90_130,
                List.of(
                        new OrderBook.Level(71_600, 120),
                        new OrderBook.Level(71_700, 340),
                        new OrderBook.Level(71_800, 560)),
                List.of(
                        new OrderBook.Level(71_500, 210),
                        new OrderBook.Level(71_400, 430),
                        new OrderBook.Level(71_300, 650)),
                9_020,
                8_290);
    }

    @Test
    void each_side_begins_with_its_best_level() {
        OrderBook book = samsung();
        assertThat(book.askPrice(0)).isEqualTo(71_600);
        assertThat(book.askQty(0)).isEqualTo(120);
        assertThat(book.askPrice(2)).isEqualTo(71_800);
        assertThat(book.askQty(2)).isEqualTo(560);
        assertThat(book.bidPrice(0)).isEqualTo(71_500);
        assertThat(book.bidQty(0)).isEqualTo(210);
        assertThat(book.bidPrice(2)).isEqualTo(71_300);
        assertThat(book.bidQty(2)).isEqualTo(650);
    }

    @Test
    void an_absent_level_has_price_and_quantity_0() {
        OrderBook book = samsung();
        for (int level = 3; level < OrderBook.LEVELS; level++) {
            assertThat(List.of(book.askPrice(level), book.askQty(level), book.bidPrice(level), book.bidQty(level)))
                    .containsOnly(0L);
        }
    }

    @Test
    void totals_include_the_levels_that_are_not_visible() {
        assertThat(samsung().totalAskQty()).isEqualTo(9_020);
        assertThat(samsung().totalBidQty()).isEqualTo(8_290);
    }

    @Test
    void ten_levels_a_side_are_visible_of_those_that_a_source_has() {
        List<OrderBook.Level> asks = LongStream.range(0, 12)
                .mapToObj(i -> new OrderBook.Level(71_600 + 100 * i, i + 1))
                .toList();
        OrderBook book = OrderBook.of(SAMSUNG, 90_130, asks, List.of(), 78, 0);
        assertThat(book.askPrice(9)).isEqualTo(72_500);
        assertThat(book.askQty(9)).isEqualTo(10);
        assertThat(book.bidPrice(0)).isZero();
        assertThat(book.bidQty(0)).isZero();
    }

    @Test
    void the_values_of_the_broker_are_ask_prices_bid_prices_ask_quantities_and_bid_quantities() {
        var book = new OrderBook(SAMSUNG, 0, LongStream.rangeClosed(1, 40).toArray(), 255, 355);
        assertThat(List.of(book.askPrice(0), book.askPrice(9))).containsExactly(1L, 10L);
        assertThat(List.of(book.bidPrice(0), book.bidPrice(9))).containsExactly(11L, 20L);
        assertThat(List.of(book.askQty(0), book.askQty(9))).containsExactly(21L, 30L);
        assertThat(List.of(book.bidQty(0), book.bidQty(9))).containsExactly(31L, 40L);
        for (int wrong : new int[] {0, 39, 41}) {
            assertThatThrownBy(() -> new OrderBook(SAMSUNG, 0, new long[wrong], 0, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an order book has 40 values, not " + wrong);
        }
    }

    @Test
    void the_book_of_a_stock_at_a_venue_differs_in_its_symbol_only() {
        var atNxt = new VenueSymbol(SAMSUNG, PriceSeries.NXT);
        OrderBook book = samsung().withSymbol(atNxt);
        assertThat(book.symbol()).isEqualTo(atNxt);
        assertThat(book.timeOfDay()).isEqualTo(90_130);
        assertThat(book.askPrice(1)).isEqualTo(71_700);
        assertThat(book.bidQty(1)).isEqualTo(430);
        assertThat(book.totalBidQty()).isEqualTo(8_290);
    }

    @Test
    void a_book_is_written_with_its_best_bid_and_ask() {
        assertThat(samsung()).hasToString("005930 71500×210 / 71600×120");
    }
}
