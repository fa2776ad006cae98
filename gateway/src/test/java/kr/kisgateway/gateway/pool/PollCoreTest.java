package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.PollCore.Ask;
import kr.kisgateway.gateway.pool.PollCore.Input;
import kr.kisgateway.gateway.pool.PollCore.Pace;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("A-04")
class PollCoreTest {
    private static final Pace PACE =
            new Pace(Duration.ofMillis(250), 30, Duration.ofSeconds(1), Duration.ofSeconds(60));

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
        assertThat(core.interval(Country.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void more_symbols_are_asked_for_less_often_and_calls_leave_no_faster() {
        add(Kind.TRADES, 600);
        assertThat(core.interval(Country.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        var asked = new HashMap<MarketSymbol, Integer>();
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
        assertThat(core.interval(Country.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        assertThat(core.interval(Country.KOREA, Kind.BOOKS)).isEqualTo(Duration.ofSeconds(10));
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
        var answered = new HashMap<MarketSymbol, Integer>();
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
        assertThat(core.size(Country.KOREA, Kind.TRADES)).isEqualTo(1);
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

    @Test
    void american_prices_go_one_to_a_call_and_have_a_pace_of_their_own() {
        add(Kind.TRADES, 60);
        for (var ticker : List.of("AAPL", "MSFT", "NVDA")) {
            core.on(new Input.Add(new Demand(Kind.TRADES, new UsSymbol(UsExchange.NASD, ticker))), now);
        }
        assertThat(core.interval(Country.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(1));
        assertThat(core.interval(Country.USA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(60));

        var calls = calls(Duration.ofSeconds(10));

        var american = calls.stream()
                .filter(ask -> ask.symbols().getFirst() instanceof UsSymbol)
                .toList();
        assertThat(american).hasSize(3).allMatch(ask -> ask.symbols().size() == 1);
        // America closed costs Korea nothing.
        assertThat(calls.size() - american.size()).isBetween(18, 22);
    }
}
