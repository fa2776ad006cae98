package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.VenueSymbol;
import org.junit.jupiter.api.Test;

/** Which received prices count, and which are overdue. */
class PriceWatchTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = new Symbol("005930");
    private static final MarketSymbol ON_NXT = new VenueSymbol(SYMBOL, PriceSeries.NXT);

    private final PriceWatch watch = new PriceWatch();
    private final OverduePrices overdue = new OverduePrices();
    private final Map<MarketSymbol, Instant> received = new HashMap<>();

    private boolean requested(long price, long volume) {
        return watch.add(SYMBOL, price, volume, false, START);
    }

    @Test
    void a_requested_price_counts_only_when_the_stock_was_traded_since_the_one_before() {
        watch.watch(Set.of(SYMBOL));
        assertThat(requested(60_000, 100)).as("of an unknown age").isFalse();
        assertThat(requested(60_000, 100)).isFalse();
        assertThat(requested(61_000, 101)).isTrue();
        assertThat(requested(62_000, 0)).as("a new day without a trade").isFalse();
        assertThat(requested(63_000, 5)).isTrue();
        assertThat(watch.take()).containsExactly(Map.entry(SYMBOL, new PriceRange(61_000, 63_000, 63_000)));
        assertThat(watch.add(SYMBOL, 64_000, 5, true, START)).as("a trade").isTrue();
    }

    @Test
    void prices_of_another_venue_are_those_of_another_series() {
        watch.watch(Set.of(ON_NXT));
        assertThat(watch.add(SYMBOL, 60_000, 100, true, START)).isFalse();
        assertThat(watch.receivedAt(SYMBOL)).isEmpty();
        assertThat(watch.add(ON_NXT, 61_000, 100, true, START)).isTrue();
        assertThat(watch.take()).containsOnlyKeys(ON_NXT);
        watch.watch(Set.of(SYMBOL));
        assertThat(watch.receivedAt(ON_NXT)).isEmpty();
    }

    private OverduePrices.Check check(Set<MarketSymbol> awaited, long second) {
        return overdue.check(awaited, symbol -> Optional.ofNullable(received.get(symbol)), START.plusSeconds(second));
    }

    @Test
    void an_overdue_price_is_requested_and_reported_only_without_an_answer() {
        Set<MarketSymbol> awaited = Set.of(SYMBOL);
        assertThat(check(awaited, 0).request()).isEmpty();
        received.put(SYMBOL, START.plusSeconds(5));
        assertThat(check(awaited, 34).request()).isEmpty();
        OverduePrices.Check first = check(awaited, 35);
        assertThat(first.request()).containsExactly(SYMBOL);
        assertThat(first.missing()).isEmpty();
        assertThat(check(awaited, 37).request()).as("not again at once").isEmpty();

        overdue.answered(SYMBOL, false);
        assertThat(check(awaited, 39).missing()).containsExactly(SYMBOL);
        assertThat(check(awaited, 41).missing()).as("once").isEmpty();
        assertThat(check(awaited, 45).request()).containsExactly(SYMBOL);

        overdue.answered(SYMBOL, true);
        received.put(SYMBOL, START.plusSeconds(46));
        assertThat(check(awaited, 47).over()).containsExactly(SYMBOL);
        assertThat(check(awaited, 100).missing())
                .as("the last request was answered")
                .isEmpty();
    }

    @Test
    void a_report_is_over_when_the_market_closes_and_the_next_day_begins_again() {
        check(Set.of(SYMBOL), 0);
        check(Set.of(SYMBOL), 30);
        overdue.answered(SYMBOL, false);
        assertThat(check(Set.of(SYMBOL), 32).missing()).containsExactly(SYMBOL);
        assertThat(check(Set.of(), 34).over()).containsExactly(SYMBOL);
        OverduePrices.Check opens = check(Set.of(SYMBOL), Duration.ofDays(1).toSeconds());
        assertThat(opens.missing()).isEmpty();
        assertThat(opens.request()).isEmpty();
    }

    @Test
    void many_quiet_stocks_are_requested_in_turn() {
        List<MarketSymbol> all = IntStream.range(0, 5)
                .<MarketSymbol>mapToObj(i -> new Symbol("00000" + i))
                .toList();
        Set<MarketSymbol> awaited = Set.copyOf(all);
        check(awaited, 0);
        var requested = new java.util.ArrayList<MarketSymbol>();
        for (int second = 30; second < 36; second += 2) {
            assertThat(check(awaited, second).request()).hasSizeLessThanOrEqualTo(2);
        }
        check(awaited, 100).request().forEach(requested::add);
        assertThat(requested).hasSize(2);
    }
}
