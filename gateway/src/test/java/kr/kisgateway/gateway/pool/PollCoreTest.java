package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.PollCore.Ask;
import kr.kisgateway.gateway.pool.PollCore.Input;
import kr.kisgateway.gateway.pool.PollCore.Pace;
import kr.kisgateway.market.Symbol;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A-04")
class PollCoreTest {
    private static final Pace PACE = new Pace(Duration.ofMillis(250), 30, Duration.ofSeconds(1));

    private final PollCore core = new PollCore(PACE);
    private Instant now = Instant.parse("2026-11-20T00:00:00Z");

    @Test
    void thirty_symbols_go_into_one_call_and_a_second_is_the_least_between_two() {
        add(Kind.TRADES, 30);
        var first = tick();
        assertThat(first).hasSize(1);
        assertThat(first.getFirst().symbols()).hasSize(30);
        over(first, false);
        assertThat(calls(Duration.ofMillis(900))).isEmpty();
        assertThat(calls(Duration.ofMillis(200))).hasSize(1);
        assertThat(core.interval(Kind.TRADES)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void more_symbols_are_asked_for_less_often_and_calls_leave_no_faster() {
        add(Kind.TRADES, 600);
        assertThat(core.interval(Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        var asked = new HashMap<Symbol, Integer>();
        var calls = calls(Duration.ofSeconds(20));
        calls.forEach(ask -> ask.symbols().forEach(symbol -> asked.merge(symbol, 1, Integer::sum)));
        assertThat(calls).hasSizeBetween(79, 82);
        assertThat(asked).hasSize(600);
        assertThat(asked.values()).allMatch(times -> times >= 4 && times <= 5);
    }

    @Test
    void books_take_a_call_each_and_half_of_the_calls_at_most_beside_prices() {
        add(Kind.TRADES, 300);
        add(Kind.BOOKS, 20);
        assertThat(core.interval(Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        assertThat(core.interval(Kind.BOOKS)).isEqualTo(Duration.ofSeconds(10));
        var calls = calls(Duration.ofSeconds(20));
        assertThat(calls.stream().filter(ask -> ask.kind() == Kind.BOOKS)).hasSizeBetween(38, 42);
        assertThat(calls.stream().filter(ask -> ask.kind() == Kind.BOOKS))
                .allMatch(ask -> ask.symbols().size() == 1);
        assertThat(calls.stream().filter(ask -> ask.kind() == Kind.TRADES)).hasSizeBetween(38, 42);
    }

    @Test
    void one_bad_symbol_does_not_keep_the_others_from_their_prices() {
        add(Kind.TRADES, 30);
        var bad = new Symbol("000007");
        var answered = new HashMap<Symbol, Integer>();
        for (int i = 0; i < 200; i++) {
            for (var ask : tick()) {
                boolean refused = ask.symbols().contains(bad);
                if (!refused) {
                    ask.symbols().forEach(symbol -> answered.merge(symbol, 1, Integer::sum));
                }
                over(List.of(ask), refused);
            }
            now = now.plusMillis(100);
        }
        assertThat(answered).hasSize(29);
        assertThat(answered.values()).allMatch(times -> times >= 3);
    }

    @Test
    void polling_gives_way_and_what_is_dropped_is_asked_for_no_more() {
        add(Kind.TRADES, 2);
        assertThat(core.on(new Input.Tick(PACE, true), now)).isEmpty();
        core.on(new Input.Drop(new Demand(Kind.TRADES, new Symbol("000001"))), now);
        assertThat(tick().getFirst().symbols()).containsExactly(new Symbol("000000"));
        assertThat(core.size(Kind.TRADES)).isEqualTo(1);
    }

    @Property(tries = 60)
    @net.jqwik.api.Tag("A-04")
    void never_faster_than_the_pace_never_twice_at_once_and_nobody_is_forgotten(@ForAll long seed) {
        var random = new Random(seed);
        // One instance of this class has all tries.
        var core = new PollCore(PACE);
        var now = Instant.parse("2026-11-20T00:00:00Z");
        var wanted = new HashMap<Demand, Instant>();
        var underway = new ArrayList<Ask>();
        var left = new ArrayList<Instant>();
        for (int i = 0; i < 800; i++) {
            now = now.plusMillis(random.nextInt(200));
            var demand = new Demand(Kind.values()[random.nextInt(2)], new Symbol("%06d".formatted(random.nextInt(80))));
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
            if (!underway.isEmpty()) {
                core.on(new Input.Over(underway.remove(random.nextInt(underway.size())), false), now);
            }
            for (var ask : core.on(new Input.Tick(PACE, false), now)) {
                left.add(now);
                assertThat(ask.symbols()).hasSizeBetween(1, ask.kind() == Kind.BOOKS ? 1 : 30);
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
            var longest = core.interval(one.getKey().kind()).multipliedBy(3);
            assertThat(one.getValue()).as("%s", one.getKey()).isAfter(now.minus(longest));
        }
    }

    private void add(Kind kind, int symbols) {
        IntStream.range(0, symbols)
                .forEach(i -> core.on(new Input.Add(new Demand(kind, new Symbol("%06d".formatted(i)))), now));
    }

    private List<Ask> tick() {
        return core.on(new Input.Tick(PACE, false), now);
    }

    private void over(List<Ask> asks, boolean refused) {
        asks.forEach(ask -> core.on(new Input.Over(ask, refused), now));
    }

    /** What is asked in {@code span}, looked at every 50 ms, each call answered at once. */
    private List<Ask> calls(Duration span) {
        var all = new ArrayList<Ask>();
        for (var until = now.plus(span); now.isBefore(until); now = now.plusMillis(50)) {
            var asks = tick();
            over(asks, false);
            all.addAll(asks);
        }
        return all;
    }
}
