package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.Interleavings;
import kr.kisgateway.gateway.Interleavings.Effort;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that receive prices, and the desk, which takes them and chooses the watched series. */
@Tag("slow")
class PriceWatchLinearizabilityTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = new Symbol("005930");

    /** The calls of one series; prices and volumes are few, so that equal ones meet. */
    public static final class Shared {
        private final PriceWatch watch = new PriceWatch();

        public Shared() {
            watch.watch(Set.of(SYMBOL));
        }

        @Operation
        public boolean trade(@Param(gen = IntGen.class, conf = "1:3") int price) {
            return watch.add(SYMBOL, price, 1, true, START);
        }

        @Operation
        public boolean answer(
                @Param(gen = IntGen.class, conf = "1:3") int price,
                @Param(gen = IntGen.class, conf = "1:2") int volume) {
            return watch.add(SYMBOL, price, volume, false, START);
        }

        @Operation(nonParallelGroup = "desk")
        public boolean isReceived() {
            return watch.receivedAt(SYMBOL).isPresent();
        }

        @Operation(nonParallelGroup = "desk")
        public Map<MarketSymbol, PriceRange> take() {
            return watch.take();
        }

        @Operation(nonParallelGroup = "desk")
        public void watch() {
            watch.watch(Set.of(SYMBOL));
        }

        @Operation(nonParallelGroup = "desk")
        public void unwatch() {
            watch.watch(Set.of());
        }
    }

    /** The same for one thread. */
    public static final class Sequential {
        private boolean watched = true;
        private int lastVolume;
        private Optional<PriceRange> range = Optional.empty();

        public boolean trade(int price) {
            return watched && received(price, 1, true);
        }

        public boolean answer(int price, int volume) {
            return watched && received(price, volume, lastVolume != 0 && lastVolume != volume);
        }

        private boolean received(int price, int volume, boolean counts) {
            lastVolume = volume;
            if (counts) {
                range = Optional.of(range.map(
                                it -> new PriceRange(Math.min(it.low(), price), Math.max(it.high(), price), price))
                        .orElseGet(() -> new PriceRange(price, price, price)));
            }
            return counts;
        }

        public boolean isReceived() {
            return lastVolume != 0;
        }

        public Map<MarketSymbol, PriceRange> take() {
            Map<MarketSymbol, PriceRange> taken = range.map(it -> Map.<MarketSymbol, PriceRange>of(SYMBOL, it))
                    .orElseGet(Map::of);
            range = Optional.empty();
            return taken;
        }

        public void watch() {
            watched = true;
        }

        public void unwatch() {
            watched = false;
            lastVolume = 0;
            range = Optional.empty();
        }
    }

    @Test
    void every_interleaving_of_prices_and_takes_has_a_sequential_order() {
        Interleavings.checkSequentialOrder(Shared.class, Sequential.class, Effort.REGULAR);
    }

    @Test
    @Tag("long")
    void each_of_many_interleavings_of_prices_and_takes_has_a_sequential_order() {
        Interleavings.checkSequentialOrder(Shared.class, Sequential.class, Effort.LONG);
    }

    /** A thread that receives a price while another input wakes the desk; after both, the next price. */
    private static void receiveTwoPrices() {
        var watch = new PriceWatch();
        var wakes = new AtomicInteger();
        watch.watch(Set.of(SYMBOL));
        Runnable receiving = () -> {
            if (watch.add(SYMBOL, 1, 1, true, START) && watch.requestTake()) {
                wakes.incrementAndGet();
            }
        };
        Thread desk = Thread.ofPlatform().start(watch::take);
        receiving.run();
        Interleavings.join(desk);
        while (wakes.get() > 0) {
            wakes.decrementAndGet();
            watch.take();
        }
        if (!watch.isEmpty()) {
            throw new AssertionError("the first price waits, and the desk is not woken");
        }
        receiving.run();
        if (wakes.get() == 0) {
            throw new AssertionError("the second price waits, and the desk is not woken");
        }
    }

    @Test
    void no_price_waits_for_a_desk_that_is_not_woken() {
        Interleavings.checkAlways(PriceWatchLinearizabilityTest::receiveTwoPrices, Effort.REGULAR);
    }

    @Test
    @Tag("long")
    void no_price_waits_for_a_desk_that_is_not_woken_in_any_of_many_interleavings() {
        Interleavings.checkAlways(PriceWatchLinearizabilityTest::receiveTwoPrices, Effort.LONG);
    }
}
