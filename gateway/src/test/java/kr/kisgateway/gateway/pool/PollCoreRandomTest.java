package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.PollCore.Ask;
import kr.kisgateway.gateway.pool.PollCore.Input;
import kr.kisgateway.gateway.pool.PollCore.Pace;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds of polling however demands come and go and however long KIS takes. */
@Requirement("A-04")
class PollCoreRandomTest {
    private static final Pace PACE = new Pace(Duration.ofMillis(250), 30, Duration.ofSeconds(1), Duration.ofSeconds(2));

    @Property(tries = 60)
    void never_faster_than_the_pace_never_twice_at_once_and_nobody_is_forgotten(@ForAll long seed) {
        var random = new Random(seed);
        var core = new PollCore(PACE);
        var now = Instant.parse("2026-11-20T00:00:00Z");
        var wanted = new HashMap<Demand, Instant>();
        var underway = new ArrayList<Ask>();
        var left = new ArrayList<Instant>();
        for (int i = 0; i < 800; i++) {
            now = now.plusMillis(random.nextInt(200));
            var demand = new Demand(Kind.values()[random.nextInt(2)], symbol(random));
            switch (random.nextInt(20)) {
                case 0 -> {
                    core.on(new Input.Drop(demand), now);
                    wanted.remove(demand);
                }
                case 1 -> {
                    core.on(new Input.Add(demand), now);
                    wanted.putIfAbsent(demand, now);
                }
                default -> {}
            }
            // KIS is slow at first.
            if (!underway.isEmpty() && (i > 500 || random.nextInt(5) == 0)) {
                core.on(new Input.Over(underway.remove(random.nextInt(underway.size())), false), now);
            }
            for (var ask : core.on(new Input.Tick(PACE, false), now)) {
                left.add(now);
                assertThat(ask.symbols())
                        .hasSizeBetween(
                                1, ask.kind() == Kind.BOOKS || ask.symbols().getFirst() instanceof UsSymbol ? 1 : 30);
                for (var symbol : ask.symbols()) {
                    var asked = new Demand(ask.kind(), symbol);
                    assertThat(wanted).containsKey(asked);
                    assertThat(underway)
                            .noneMatch(other -> other.kind() == ask.kind()
                                    && other.symbols().contains(symbol));
                    wanted.put(asked, now);
                }
                underway.add(ask);
            }
            assertThat(underway.size()).isLessThanOrEqualTo(PollCore.UNDERWAY_MAX);
            var minuteAgo = now.minusSeconds(10);
            assertThat(left.stream().filter(at -> at.isAfter(minuteAgo)).count())
                    .isLessThanOrEqualTo(42);
        }
        for (Map.Entry<Demand, Instant> one : wanted.entrySet()) {
            var longest =
                    core.interval(one.getKey().country(), one.getKey().kind()).multipliedBy(3);
            assertThat(one.getValue()).as("%s", one.getKey()).isAfter(now.minus(longest));
        }
    }

    /** One in five is American. */
    private static MarketSymbol symbol(Random random) {
        int number = random.nextInt(80);
        return random.nextInt(5) == 0
                ? new UsSymbol(UsExchange.NASD, "T" + number)
                : new Symbol("%06d".formatted(number));
    }
}
