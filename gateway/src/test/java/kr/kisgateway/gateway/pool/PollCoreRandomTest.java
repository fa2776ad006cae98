package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.PollCore.Input;
import kr.kisgateway.gateway.pool.PollCore.Pace;
import kr.kisgateway.gateway.pool.PollCore.PollCall;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Invariants of polling, however demands come and go and however long KIS takes. */
@Requirement("A-04")
class PollCoreRandomTest {
    private static final Pace PACE = new Pace(
            Duration.ofMillis(250), 30, Map.of(Market.KOREA, Duration.ofSeconds(1), Market.US, Duration.ofSeconds(2)));

    @Property(tries = 60)
    void calls_respect_the_pace_never_overlap_and_starve_no_demand(@ForAll long seed) {
        var random = new Random(seed);
        var core = new PollCore(List.of(Market.KOREA, Market.US), PACE);
        var now = Instant.parse("2026-11-20T00:00:00Z");
        var demanded = new HashMap<SymbolDemand, Instant>();
        var inFlight = new ArrayList<PollCall>();
        var left = new ArrayList<Instant>();
        for (int i = 0; i < 800; i++) {
            now = now.plusMillis(random.nextInt(200));
            var demand = new SymbolDemand(Kind.values()[random.nextInt(2)], symbol(random));
            switch (random.nextInt(20)) {
                case 0 -> {
                    core.handle(new Input.Remove(demand), now);
                    demanded.remove(demand);
                }
                case 1 -> {
                    core.handle(new Input.Add(demand), now);
                    demanded.putIfAbsent(demand, now);
                }
                default -> {}
            }
            // KIS is slow at first.
            if (!inFlight.isEmpty() && (i > 500 || random.nextInt(5) == 0)) {
                core.handle(new Input.Completed(inFlight.remove(random.nextInt(inFlight.size())), false), now);
            }
            for (var pollCall : core.handle(new Input.Tick(PACE, false), now)) {
                left.add(now);
                assertThat(pollCall.symbols())
                        .hasSizeBetween(
                                1,
                                pollCall.kind() == Kind.BOOKS
                                                || pollCall.symbols().getFirst() instanceof UsSymbol
                                        ? 1
                                        : 30);
                for (var symbol : pollCall.symbols()) {
                    var polled = new SymbolDemand(pollCall.kind(), symbol);
                    assertThat(demanded).containsKey(polled);
                    assertThat(inFlight)
                            .noneMatch(other -> other.kind() == pollCall.kind()
                                    && other.symbols().contains(symbol));
                    demanded.put(polled, now);
                }
                inFlight.add(pollCall);
            }
            assertThat(inFlight.size()).isLessThanOrEqualTo(PollCore.IN_FLIGHT_MAX);
            var minuteAgo = now.minusSeconds(10);
            assertThat(left.stream().filter(at -> at.isAfter(minuteAgo)).count())
                    .isLessThanOrEqualTo(42);
        }
        for (Map.Entry<SymbolDemand, Instant> one : demanded.entrySet()) {
            var longest =
                    core.interval(one.getKey().market(), one.getKey().kind()).multipliedBy(3);
            assertThat(one.getValue()).as("%s", one.getKey()).isAfter(now.minus(longest));
        }
    }

    /** One in five is a US symbol. */
    private static MarketSymbol symbol(Random random) {
        int number = random.nextInt(80);
        return random.nextInt(5) == 0
                ? new UsSymbol(UsExchange.NASD, "T" + number)
                : new Symbol("%06d".formatted(number));
    }
}
