package kr.kisgateway.gateway.quote;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.Interleavings;
import kr.kisgateway.gateway.Interleavings.Effort;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Threads that store trades and books of a symbol, and its readers. The last trade and the last book are two values, read one
 * after the other, so what is checked is the trade with its best prices.
 */
@Tag("slow")
class QuoteStoreLinearizabilityTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = new Symbol("005930");

    /** The calls of one symbol. */
    public static final class Shared {
        private final QuoteStore store = new QuoteStore(() -> START);

        @Operation
        public void putTrade(@Param(gen = IntGen.class, conf = "100:102") int price) {
            store.putTrade(
                    new Trade(SYMBOL, 20261123, 90_000, price, 1, 0, 1, 1, 1, price + 1, price - 1, 1, 1, 'B'),
                    PushFeed.DOMESTIC);
        }

        @Operation
        public void putBook(@Param(gen = IntGen.class, conf = "200:202") int bid) {
            var book = OrderBook.of(
                    SYMBOL,
                    90_000,
                    List.of(new OrderBook.Level(bid + 1, 1)),
                    List.of(new OrderBook.Level(bid, 1)),
                    1,
                    1);
            store.putBook(new LastBook(book, Optional.of(PushFeed.DOMESTIC), 0));
        }

        @Operation
        public List<Long> last() {
            return store.last(SYMBOL)
                    .map(last -> List.of(last.trade().price(), last.bestBid(), last.bestAsk()))
                    .orElseGet(List::of);
        }
    }

    /** The same for one thread. */
    public static final class Sequential {
        private List<Long> last = Collections.emptyList();

        public void putTrade(int price) {
            last = List.of((long) price, price - 1L, price + 1L);
        }

        public void putBook(int bid) {
            if (!last.isEmpty()) {
                last = List.of(last.getFirst(), (long) bid, bid + 1L);
            }
        }

        public List<Long> last() {
            return last;
        }
    }

    @Test
    void every_interleaving_of_trades_and_books_has_a_sequential_order() {
        Interleavings.checkSequentialOrder(Shared.class, Sequential.class, Effort.REGULAR);
    }

    @Test
    @Tag("long")
    void each_of_many_interleavings_of_trades_and_books_has_a_sequential_order() {
        Interleavings.checkSequentialOrder(Shared.class, Sequential.class, Effort.LONG);
    }
}
