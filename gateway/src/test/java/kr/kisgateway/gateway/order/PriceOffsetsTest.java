package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The prices of orders that the gateway re-prices. */
class PriceOffsetsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
    private static final Symbol SAMSUNG = Symbol.of("005930");
    private static final Instruments LISTED = Instruments.load();

    private static long next(long last, int basisPoints, Side side, PricePolicy policy, int step) {
        var offsets = new PriceOffsets(
                Map.of(Board.KOSPI, basisPoints),
                LISTED::find,
                (Instrument _, Venue _) -> new MarketFacts(
                        OptionalLong.of(last),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        MarketFacts.Designation.NORMAL));
        return switch (offsets.next(SAMSUNG, Venue.KRX, side, policy, step, NOW)) {
            case Result.Success<Long>(Long price) -> price;
            case Result.Refused<Long> refused -> throw new AssertionError(refused.toString());
        };
    }

    /** So the collar, which is about prices worse than the last one, never binds it. */
    @Property
    @Requirement(value = "A-22", clause = "reprice")
    void each_further_price_is_closer_to_the_last_one_and_never_worse_than_it(
            @ForAll @LongRange(min = 1_000, max = 900_000) long traded,
            @ForAll @IntRange(max = 2_900) int basisPoints,
            @ForAll @IntRange(min = 1, max = 10) int max,
            @ForAll Side side) {
        long last = PriceRules.snapDown(Product.STOCK, traded, DAY);
        var policy = new PricePolicy(true, Duration.ofSeconds(5), max);
        long before = side == Side.BUY ? 0 : Long.MAX_VALUE;
        for (int step = 1; step <= max; step++) {
            long price = next(last, basisPoints, side, policy, step);
            if (side == Side.BUY) {
                assertThat(price).isBetween(before, last);
            } else {
                assertThat(price).isBetween(last, before);
            }
            assertThat(PriceRules.snapDown(Product.STOCK, price, DAY)).isEqualTo(price);
            before = price;
        }
        assertThat(before).as("the last step").isEqualTo(last);
    }
}
