package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kr.kisgateway.market.Side;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatchingBookTest {
    @Property(tries = 150)
    void any_history_of_orders_gives_the_fills_and_the_levels_of_the_naive_book(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int operations) {
        Random random = new Random(seed);
        MatchingBook book = new MatchingBook();
        NaiveBook naive = new NaiveBook();
        for (int id = 1; id <= operations; id++) {
            Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
            long price = 100 + random.nextInt(15);
            long qty = 1 + random.nextInt(20);
            switch (random.nextInt(10)) {
                case 0, 1 -> {
                    long victim = 1 + random.nextInt(id);
                    long off = random.nextBoolean() ? Long.MAX_VALUE : qty;
                    long expected = naive.reduce(victim, off);
                    assertThat(off == Long.MAX_VALUE ? book.cancel(victim) : book.reduce(victim, off))
                            .isEqualTo(expected);
                }
                case 2 -> {
                    long limit = side == Side.BUY ? Long.MAX_VALUE : 0;
                    compareTake(book, naive, side, limit, qty * 5);
                }
                default -> {
                    long left = compareTake(book, naive, side, price, qty);
                    if (left > 0) {
                        book.rest(id, side, price, left);
                        naive.rest(id, side, price, left);
                    }
                }
            }
            assertThat(book.visible()).isEqualTo(naive.visible());
            assertThat(book.total(Side.BUY)).isEqualTo(naive.total(Side.BUY));
            assertThat(book.total(Side.SELL)).isEqualTo(naive.total(Side.SELL));
            assertThat(book.remaining(id)).isEqualTo(naive.remaining(id));
            assertThat(book.best(Side.BUY) == 0
                            || book.best(Side.SELL) == 0
                            || book.best(Side.BUY) < book.best(Side.SELL))
                    .as("the book is not crossed")
                    .isTrue();
        }
    }

    @Property(tries = 300)
    void any_auction_after_any_history_trades_like_the_naive_book_and_leaves_no_crossed_prices(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int operations) {
        Random random = new Random(seed);
        MatchingBook book = new MatchingBook();
        NaiveBook naive = new NaiveBook();
        long id = 0;
        for (int auction = 0; auction < 3; auction++) {
            for (int i = 0; i < operations; i++) {
                id++;
                Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
                long price = 100 + random.nextInt(12);
                long qty = 1 + random.nextInt(20);
                switch (random.nextInt(8)) {
                    case 0 -> {
                        long victim = 1 + random.nextLong(id);
                        assertThat(book.reduce(victim, qty)).isEqualTo(naive.reduce(victim, qty));
                    }
                    case 1 -> {
                        book.restAtMarket(id, side, qty);
                        naive.restAtMarket(id, side, qty);
                    }
                    default -> {
                        book.rest(id, side, price, qty);
                        naive.rest(id, side, price, qty);
                    }
                }
            }
            long reference = 100 + random.nextInt(12);
            List<NaiveBook.Pair> pairs = new ArrayList<>();
            List<NaiveBook.Pair> expected = new ArrayList<>();
            long bids = book.total(Side.BUY);
            long asks = book.total(Side.SELL);
            Auction.Match preview = book.match(reference);

            Auction.Match match = book.uncross(
                    reference, (buy, sell, price, qty) -> pairs.add(new NaiveBook.Pair(buy, sell, price, qty)));
            long expectedPrice = naive.uncross(reference, expected);

            assertThat(match).as("the expected result is the result").isEqualTo(preview);
            assertThat(match.price()).isEqualTo(expectedPrice);
            assertThat(pairs).isEqualTo(expected);
            assertThat(pairs.stream().mapToLong(NaiveBook.Pair::qty).sum()).isEqualTo(match.qty());
            assertThat(book.total(Side.BUY)).isEqualTo(bids - match.qty());
            assertThat(book.total(Side.SELL)).isEqualTo(asks - match.qty());
            assertThat(book.visible()).isEqualTo(naive.visible());
            assertThat(book.collects()).as("the book is crossed").isFalse();
            compareTake(book, naive, Side.BUY, 106, 30);
            compareTake(book, naive, Side.SELL, 106, 30);
        }
    }

    @Test
    void an_auction_finds_the_most_shares_then_the_least_surplus_then_the_nearest_price() {
        MatchingBook book = new MatchingBook();
        book.rest(1, Side.BUY, 110, 10);
        book.rest(2, Side.SELL, 100, 10);
        assertThat(book.match(104)).isEqualTo(new Auction.Match(104, 10));
        assertThat(book.match(120)).isEqualTo(new Auction.Match(110, 10));
        book.rest(3, Side.BUY, 102, 5);
        // At 102 and below five more bidders would not trade.
        assertThat(book.match(101)).isEqualTo(new Auction.Match(110, 10));
        book.rest(4, Side.SELL, 102, 5);
        assertThat(book.match(120)).isEqualTo(new Auction.Match(102, 15));
    }

    @Test
    void market_orders_alone_trade_at_the_reference_and_their_rest_stays_there() {
        MatchingBook book = new MatchingBook();
        book.restAtMarket(1, Side.BUY, 5);
        book.restAtMarket(2, Side.SELL, 3);
        assertThat(book.uncross(100, (buy, sell, price, qty) -> {})).isEqualTo(new Auction.Match(100, 3));
        assertThat(book.priceOf(1)).isEqualTo(100);
        assertThat(book.quantityAt(Side.BUY, 100)).isEqualTo(2);
    }

    @Test
    void an_order_takes_the_best_price_first_and_at_one_price_the_oldest() {
        MatchingBook book = new MatchingBook();
        book.rest(1, Side.SELL, 101, 5);
        book.rest(2, Side.SELL, 100, 5);
        book.rest(3, Side.SELL, 100, 5);
        List<NaiveBook.Fill> fills = new ArrayList<>();

        long left =
                book.take(Side.BUY, 101, 12, (maker, price, qty) -> fills.add(new NaiveBook.Fill(maker, price, qty)));

        assertThat(left).isZero();
        assertThat(fills)
                .containsExactly(
                        new NaiveBook.Fill(2, 100, 5), new NaiveBook.Fill(3, 100, 5), new NaiveBook.Fill(1, 101, 2));
        assertThat(book.remaining(1)).isEqualTo(3);
    }

    @Test
    void a_reduced_order_keeps_its_place_in_the_queue() {
        MatchingBook book = new MatchingBook();
        book.rest(1, Side.BUY, 100, 5);
        book.rest(2, Side.BUY, 100, 5);
        book.reduce(1, 4);
        List<Long> makers = new ArrayList<>();

        book.take(Side.SELL, 100, 2, (maker, price, qty) -> makers.add(maker));

        assertThat(makers).containsExactly(1L, 2L);
    }

    private static long compareTake(MatchingBook book, NaiveBook naive, Side side, long limit, long qty) {
        List<NaiveBook.Fill> fills = new ArrayList<>();
        List<NaiveBook.Fill> expected = new ArrayList<>();
        long available = book.available(side, limit, qty);
        long left =
                book.take(side, limit, qty, (maker, price, done) -> fills.add(new NaiveBook.Fill(maker, price, done)));
        assertThat(left).isEqualTo(naive.take(side, limit, qty, expected));
        assertThat(fills).isEqualTo(expected);
        assertThat(available).isEqualTo(qty - left);
        return left;
    }
}
