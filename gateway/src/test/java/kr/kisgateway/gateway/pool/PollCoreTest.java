package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
import org.junit.jupiter.api.Test;

@Requirement("A-04")
class PollCoreTest {
    private static final Pace PACE = new Pace(
            Duration.ofMillis(250), 30, Map.of(Market.KOREA, Duration.ofSeconds(1), Market.US, Duration.ofSeconds(60)));

    private final PollCore core = new PollCore(List.of(Market.KOREA, Market.US), PACE);
    private Instant now = Instant.parse("2026-11-20T00:00:00Z");

    @Test
    void thirty_symbols_share_one_call_and_calls_are_at_least_a_second_apart() {
        add(Kind.TRADES, 30);
        var first = tick();
        assertThat(first).hasSize(1);
        assertThat(first.getFirst().symbols()).hasSize(30);
        complete(first, false);
        assertThat(calls(Duration.ofMillis(900))).isEmpty();
        assertThat(calls(Duration.ofMillis(200))).hasSize(1);
        assertThat(core.interval(Market.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void more_symbols_are_polled_less_often_and_calls_leave_no_faster() {
        add(Kind.TRADES, 600);
        assertThat(core.interval(Market.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        var counts = new HashMap<MarketSymbol, Integer>();
        var calls = calls(Duration.ofSeconds(20));
        calls.forEach(pollCall -> pollCall.symbols().forEach(symbol -> counts.merge(symbol, 1, Integer::sum)));
        assertThat(calls).hasSizeBetween(79, 82);
        assertThat(counts).hasSize(600);
        assertThat(counts.values()).allMatch(times -> times >= 4 && times <= 5);
    }

    @Test
    void books_take_a_call_each_and_at_most_half_of_the_calls_beside_prices() {
        add(Kind.TRADES, 300);
        add(Kind.BOOKS, 20);
        assertThat(core.interval(Market.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(5));
        assertThat(core.interval(Market.KOREA, Kind.BOOKS)).isEqualTo(Duration.ofSeconds(10));
        var calls = calls(Duration.ofSeconds(20));
        assertThat(calls.stream().filter(pollCall -> pollCall.kind() == Kind.BOOKS))
                .hasSizeBetween(38, 42);
        assertThat(calls.stream().filter(pollCall -> pollCall.kind() == Kind.BOOKS))
                .allMatch(pollCall -> pollCall.symbols().size() == 1);
        assertThat(calls.stream().filter(pollCall -> pollCall.kind() == Kind.TRADES))
                .hasSizeBetween(38, 42);
    }

    @Test
    void one_invalid_symbol_does_not_withhold_the_prices_of_others() {
        add(Kind.TRADES, 30);
        var bad = new Symbol("000007");
        var answered = new HashMap<MarketSymbol, Integer>();
        for (int i = 0; i < 200; i++) {
            for (var pollCall : tick()) {
                boolean refused = pollCall.symbols().contains(bad);
                if (!refused) {
                    pollCall.symbols().forEach(symbol -> answered.merge(symbol, 1, Integer::sum));
                }
                complete(List.of(pollCall), refused);
            }
            now = now.plusMillis(100);
        }
        assertThat(answered).hasSize(29);
        assertThat(answered.values()).allMatch(times -> times >= 3);
    }

    @Test
    void polling_yields_to_other_calls_and_stops_for_dropped_demands() {
        add(Kind.TRADES, 2);
        assertThat(core.handle(new Input.Tick(PACE, true), now)).isEmpty();
        core.handle(new Input.Remove(new SymbolDemand(Kind.TRADES, new Symbol("000001"))), now);
        assertThat(tick().getFirst().symbols()).containsExactly(new Symbol("000000"));
        assertThat(core.size(Market.KOREA, Kind.TRADES)).isEqualTo(1);
    }

    private void add(Kind kind, int symbols) {
        IntStream.range(0, symbols)
                .forEach(i -> core.handle(new Input.Add(new SymbolDemand(kind, new Symbol("%06d".formatted(i)))), now));
    }

    private List<PollCall> tick() {
        return core.handle(new Input.Tick(PACE, false), now);
    }

    private void complete(List<PollCall> pollCalls, boolean refused) {
        pollCalls.forEach(pollCall -> core.handle(new Input.Completed(pollCall, refused), now));
    }

    /** The calls made in {@code span}, checked every 50 ms, each answered at once. */
    private List<PollCall> calls(Duration span) {
        var all = new ArrayList<PollCall>();
        for (var until = now.plus(span); now.isBefore(until); now = now.plusMillis(50)) {
            var pollCalls = tick();
            complete(pollCalls, false);
            all.addAll(pollCalls);
        }
        return all;
    }

    @Test
    void us_prices_take_a_call_each_and_have_their_own_pace() {
        add(Kind.TRADES, 60);
        for (var ticker : List.of("AAPL", "MSFT", "NVDA")) {
            core.handle(new Input.Add(new SymbolDemand(Kind.TRADES, new UsSymbol(UsExchange.NASD, ticker))), now);
        }
        assertThat(core.interval(Market.KOREA, Kind.TRADES)).isEqualTo(Duration.ofSeconds(1));
        assertThat(core.interval(Market.US, Kind.TRADES)).isEqualTo(Duration.ofSeconds(60));

        var calls = calls(Duration.ofSeconds(10));

        var usCalls = calls.stream()
                .filter(pollCall -> pollCall.symbols().getFirst() instanceof UsSymbol)
                .toList();
        assertThat(usCalls).hasSize(3).allMatch(pollCall -> pollCall.symbols().size() == 1);
        // A closed US market does not slow down Korea.
        assertThat(calls.size() - usCalls.size()).isBetween(18, 22);
    }
}
