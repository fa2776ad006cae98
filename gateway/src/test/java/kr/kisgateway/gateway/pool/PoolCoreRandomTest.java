package kr.kisgateway.gateway.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.gateway.pool.Standing.Mode;
import kr.kisgateway.market.Symbol;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** What holds however clients, sockets and KIS behave. */
@Tag("A-04")
class PoolCoreRandomTest {
    private static final int CHURN = 12;
    private static final PoolRules RULES = new PoolRules(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            CHURN,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60));

    @Property(tries = 40)
    void never_more_than_fit_beside_the_notices_bounded_changes_and_everything_wanted_is_served(@ForAll long seed) {
        var day = new Day(new Random(seed));
        for (int i = 0; i < 400; i++) {
            day.happens();
            day.holds();
        }
    }

    @Property(tries = 15)
    void demand_that_does_not_change_leads_to_a_choice_that_does_not_change(@ForAll long seed) {
        var day = new Day(new Random(seed));
        for (int i = 0; i < 300; i++) {
            day.happens();
        }
        day.settle(20 * 60);
        var chosen = Set.copyOf(day.wire);
        day.settle(5 * 60);
        assertThat(day.wire).isEqualTo(chosen);
        day.nobodyWaitsWhoBeatsByHalf();
    }

    /** One core, what it should know, and the wire as its effects leave it. */
    private static final class Day {
        private final Random random;
        private final PoolCore core = new PoolCore(RULES);
        private final Set<Demand> wire = new HashSet<>();
        private final Map<Demand, Mode> told = new HashMap<>();
        private final List<Map.Entry<Demand, Use>> listeners = new ArrayList<>();
        private final Set<Demand> pinned = new HashSet<>();
        private final ArrayDeque<Instant> registrations = new ArrayDeque<>();
        private int fits;
        private Instant now = Instant.parse("2026-11-20T00:00:00Z");

        Day(Random random) {
            this.random = random;
        }

        void happens() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    var use = Use.values()[random.nextInt(3)];
                    var demand = new Demand(use == Use.BOOK ? Kind.BOOKS : Kind.TRADES, symbol());
                    listeners.add(Map.entry(demand, use));
                    on(new Input.Ask(demand, use));
                }
                case 4, 5 -> {
                    if (!listeners.isEmpty()) {
                        var gone = listeners.remove(random.nextInt(listeners.size()));
                        on(new Input.Leave(gone.getKey(), gone.getValue()));
                    }
                }
                case 6 -> {
                    int registrations = random.nextInt(24);
                    int notices = random.nextInt(3);
                    fits = Math.max(0, registrations - notices);
                    on(new Input.Room(registrations, notices));
                }
                case 7 -> some().ifPresent(demand -> on(new Input.Acked(demand)));
                case 8 ->
                    some().ifPresent(demand ->
                            on(random.nextBoolean() ? new Input.Refused(demand) : new Input.Lost(demand)));
                case 9 -> {
                    if (random.nextInt(10) == 0) {
                        var demand = new Demand(Kind.TRADES, symbol());
                        pinned.add(demand);
                        on(new Input.Pin(demand));
                    } else {
                        on(new Input.Ordered(
                                random.nextBoolean() ? Set.copyOf(List.of(symbol(), symbol())) : Set.of()));
                    }
                }
                default -> {
                    now = now.plusMillis(random.nextInt(8_000));
                    on(new Input.Tick());
                }
            }
        }

        /** Nothing happens any more but time, and KIS confirms what it is asked for. */
        void settle(int seconds) {
            for (int i = 0; i < seconds; i++) {
                now = now.plusSeconds(1);
                on(new Input.Tick());
                Set.copyOf(wire).forEach(demand -> on(new Input.Acked(demand)));
                if (i % 20 == 0) {
                    holds();
                }
            }
        }

        void holds() {
            assertThat(wire.size()).isLessThanOrEqualTo(fits).isEqualTo(core.taken());
            while (!registrations.isEmpty() && !registrations.getFirst().isAfter(now.minusSeconds(60))) {
                registrations.removeFirst();
            }
            assertThat(registrations.size()).isLessThanOrEqualTo(CHURN);
            var wanted = new HashSet<>(pinned);
            listeners.forEach(listener -> wanted.add(listener.getKey()));
            for (var demand : wanted) {
                var standing = core.standing(demand, now).orElseThrow();
                assertThat(standing.mode()).isEqualTo(told.get(demand));
                if (standing.mode() == Mode.PUSH) {
                    assertThat(wire).contains(demand);
                }
            }
            core.standings(now)
                    .forEach(standing -> assertThat(
                                    wanted.contains(standing.demand()) || wire.contains(standing.demand()))
                            .isTrue());
        }

        void nobodyWaitsWhoBeatsByHalf() {
            var lightest = core.lightest().orElse(0L);
            core.standings(now).stream()
                    .filter(standing -> !standing.registered())
                    .forEach(standing -> {
                        assertThat(core.taken()).isEqualTo(core.slots());
                        if (core.slots() > 0) {
                            assertThat(standing.weight() * 2).isLessThanOrEqualTo(lightest * 3);
                        }
                    });
        }

        private void on(Input input) {
            for (var effect : core.on(input, now).effects()) {
                switch (effect) {
                    case Effect.Register(Demand demand) -> {
                        assertThat(wire.add(demand)).isTrue();
                        registrations.addLast(now);
                    }
                    case Effect.Release(Demand demand) ->
                        assertThat(wire.remove(demand)).isTrue();
                    case Effect.Changed(Demand demand, Mode mode) ->
                        assertThat(told.put(demand, mode)).isNotEqualTo(mode);
                    case Effect.Forgotten(Demand demand) -> told.remove(demand);
                    case Effect.Answer _ -> {}
                }
            }
        }

        private java.util.Optional<Demand> some() {
            return wire.stream()
                    .sorted(java.util.Comparator.comparing(Demand::toString))
                    .skip(wire.isEmpty() ? 0 : random.nextInt(wire.size()))
                    .findFirst();
        }

        private Symbol symbol() {
            return new Symbol("%06d".formatted(random.nextInt(30)));
        }
    }
}
