package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import kr.kisgateway.gateway.venue.VenueRule;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Where the figures come from that the venue of an order is chosen by. */
class VenueRouterTest {
    private static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");
    private static final VenueRouter.Market DEAR = market(70_000);
    private static final VenueRouter.Market CHEAP = market(69_000);

    private final List<String> loaded = new ArrayList<>();

    @Test
    void figures_in_memory_are_used_without_a_worker() {
        Executor none = task -> {
            throw new AssertionError("a worker is asked");
        };
        Terms routed = router(Map.of(Venue.KRX, DEAR, Venue.NXT, CHEAP), none).route(terms());
        assertThat(routed.venue()).isEqualTo(Venue.NXT);
        assertThat(loaded).isEmpty();
    }

    @Test
    void what_is_not_in_memory_alone_is_loaded() {
        Terms routed = router(Map.of(Venue.KRX, DEAR), Runnable::run).route(terms());
        assertThat(loaded).containsExactly("NXT");
        assertThat(routed.venue()).as("what is loaded is the cheaper one").isEqualTo(Venue.NXT);
    }

    @Test
    void figures_that_do_not_arrive_in_time_are_unknown() {
        Executor never = _ -> {};
        Terms routed = router(Map.of(Venue.NXT, CHEAP), never).route(terms());
        assertThat(routed.venue()).as("no rule decides by half of the figures").isEqualTo(Venue.KRX);
    }

    private VenueRouter router(Map<Venue, VenueRouter.Market> memory, Executor workers) {
        var markets = new VenueRouter.Markets() {
            @Override
            public VenueRouter.Market load(Symbol symbol, Venue venue) {
                loaded.add(venue.name());
                return CHEAP;
            }

            @Override
            public Optional<VenueRouter.Market> inMemory(Symbol symbol, Venue venue) {
                return Optional.ofNullable(memory.get(venue));
            }
        };
        var rules = new VenueRules(
                List.of(new VenueRule.Price(1)), Duration.ofMinutes(1), new Commissions(140_000, 130_000, 0));
        var answers = new VenueAnswers(
                new FakeBroker(InstantSource.fixed(NOW)), Duration.ofMinutes(1), InstantSource.fixed(NOW));
        return new VenueRouter(rules, answers, (_, _) -> true, markets, workers, InstantSource.fixed(NOW));
    }

    private static VenueRouter.Market market(long ask) {
        return new VenueRouter.Market(
                false, OptionalLong.of(1_000_000), OptionalLong.of(ask - 1_000), OptionalLong.of(ask));
    }

    private static Terms terms() {
        return new Terms(
                "A1",
                Symbol.of("005930"),
                Side.BUY,
                1,
                OrderKind.LIMIT,
                OptionalLong.of(71_000),
                Venue.KRX,
                Optional.empty(),
                NOW.plusSeconds(5));
    }
}
