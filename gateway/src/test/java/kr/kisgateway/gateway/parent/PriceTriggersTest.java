package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

class PriceTriggersTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = Symbol.parse("005930").orElseThrow();
    private static final int PARENTS = 20;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final PriceTriggers triggers = new PriceTriggers((_, _) -> true, true);

    @Test
    void of_parent_orders_that_wait_for_one_price_the_oldest_is_first() {
        List<Parent> oldestFirst = IntStream.range(0, PARENTS)
                .mapToObj(i -> waiting(START.plusSeconds(i)))
                .toList();

        oldestFirst.reversed().forEach(triggers::watch);

        assertThat(triggers.waitingFor(SYMBOL))
                .containsExactlyElementsOf(oldestFirst.stream().map(Parent::id).toList());
    }

    private Parent waiting(Instant createdAt) {
        var terms = new Terms(
                "A1",
                SYMBOL,
                Side.SELL,
                1,
                OrderKind.regular(OrderType.MARKET),
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                START);
        var leg = Leg.of(
                Leg.Role.ORDER,
                terms,
                new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, 60_000),
                START.plusSeconds(3_600));
        var plan = new Plan(Plan.Kind.CONDITIONAL, List.of(leg));
        return Parent.create(
                new ParentEvent.Accepted(
                        ParentId.create(createdAt, random), plan, new KeyUse("bot/A1", createdAt.toString(), "h")),
                1,
                createdAt);
    }
}
