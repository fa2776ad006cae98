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
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.gateway.pool.Standing.Mode;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds however clients, sockets and KIS behave. */
@Requirement("A-04")
class PoolCoreRandomTest {
    private static final int CHURN = 12;
    private static final PoolRules RULES = new PoolRules(
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            CHURN,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            50,
            true);
    /** With changes without end, and with and without statuses. */
    private static final PoolRules BOUNDLESS = boundless(true);

    private static final PoolRules WITHOUT_STATUSES = boundless(false);

    @Property(tries = 40)
    void never_more_than_fit_beside_the_notices_bounded_changes_and_everything_wanted_is_served(@ForAll long seed) {
        var day = new Day(new Random(seed), RULES);
        for (int i = 0; i < 400; i++) {
            day.happens();
            day.holds();
        }
    }

    @Property(tries = 40)
    void statuses_take_what_is_left_over_and_change_nothing_for_anybody_else(@ForAll long seed) {
        var with = new Day(new Random(seed), BOUNDLESS);
        var without = new Day(new Random(seed), WITHOUT_STATUSES);
        for (int i = 0; i < 400; i++) {
            if (i % 100 == 50) {
                with.hasRoomForAll();
                without.hasRoomForAll();
                assertThat(with.wire).as("otherwise this says nothing").hasSizeGreaterThan(without.wire.size());
            }
            with.happens();
            without.happens();
            with.holds();
            assertThat(with.wanted()).isEqualTo(without.wire);
            assertThat(with.told).isEqualTo(without.told);
        }
    }

    @Property(tries = 15)
    void demand_that_does_not_change_leads_to_a_choice_that_does_not_change(@ForAll long seed) {
        var day = new Day(new Random(seed), RULES);
        for (int i = 0; i < 300; i++) {
            day.happens();
        }
        day.settle(20 * 60);
        var chosen = Set.copyOf(day.wire);
        day.settle(5 * 60);
        assertThat(day.wire).isEqualTo(chosen);
        day.nobodyWaitsWhoBeatsByHalf();
    }

    private static PoolRules boundless(boolean statuses) {
        return new PoolRules(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                100_000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                50,
                statuses);
    }

    /** One core, what it should know, and the wire as its effects leave it. */
    private static final class Day {
        private final Random random;
        private final PoolRules rules;
        private final PoolCore core;
        private final Set<Demand> wire = new HashSet<>();
        private final Map<Demand, Mode> told = new HashMap<>();
        private final List<Map.Entry<Demand, Use>> listeners = new ArrayList<>();
        private final Set<Demand> pinned = new HashSet<>();
        private final ArrayDeque<Instant> registrations = new ArrayDeque<>();
        private int fits;
        private Instant now = Instant.parse("2026-11-20T00:00:00Z");

        Day(Random random, PoolRules rules) {
            this.random = random;
            this.rules = rules;
            this.core = new PoolCore(rules);
        }

        /** What somebody asked for. */
        Set<Demand> wanted() {
            return wire.stream().filter(demand -> demand.kind() != Kind.STATUS).collect(Collectors.toSet());
        }

        void happens() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    var use = Use.values()[random.nextInt(3)];
                    var demand = new Demand(use == Use.BOOK ? Kind.BOOKS : Kind.TRADES, symbol());
                    listeners.add(Map.entry(demand, use));
                    on(new Input.Ask(demand, use, Optional.empty()));
                }
                case 4, 5 -> {
                    if (!listeners.isEmpty()) {
                        var gone = listeners.remove(random.nextInt(listeners.size()));
                        on(new Input.Leave(gone.getKey(), gone.getValue(), Optional.empty()));
                    }
                }
                case 6 -> {
                    int registrations = random.nextInt(24);
                    int notices = random.nextInt(3);
                    fits = Math.max(0, registrations - notices);
                    on(new Input.Room(registrations, notices));
                }
                case 7 ->
                    some().ifPresent(demand -> {
                        on(new Input.Acked(demand));
                        ofItsStatus(demand, new Input.Acked(status(demand)));
                    });
                case 8 ->
                    some().ifPresent(demand -> {
                        boolean refused = random.nextBoolean();
                        on(refused ? new Input.Refused(demand) : new Input.Lost(demand));
                        ofItsStatus(
                                demand,
                                demand.symbol().code().endsWith("7")
                                        ? new Input.Refused(status(demand))
                                        : new Input.Lost(status(demand)));
                    });
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

        private void ofItsStatus(Demand demand, Input input) {
            if (wire.contains(status(demand))) {
                on(input);
            }
        }

        private static Demand status(Demand demand) {
            return new Demand(Kind.STATUS, demand.symbol());
        }

        void hasRoomForAll() {
            fits = 100;
            on(new Input.Room(101, 1));
            var demand = new Demand(Kind.TRADES, symbol());
            listeners.add(Map.entry(demand, Use.TAPE));
            on(new Input.Ask(demand, Use.TAPE, Optional.empty()));
            settle(130);
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
            assertThat(registrations.size()).isLessThanOrEqualTo(rules.churnPerMinute());
            wire.stream()
                    .filter(demand -> demand.kind() == Kind.STATUS)
                    .forEach(demand -> assertThat(wire).contains(new Demand(Kind.TRADES, demand.symbol())));
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
                                    wanted.contains(standing.demand()) || wire.contains(trades(standing.demand())))
                            .isTrue());
        }

        /** A status is told of where its trades are registered. */
        private static Demand trades(Demand demand) {
            return demand.kind() == Kind.STATUS ? new Demand(Kind.TRADES, demand.symbol()) : demand;
        }

        void nobodyWaitsWhoBeatsByHalf() {
            var lightest = core.lightest().orElse(0L);
            core.standings(now).stream()
                    .filter(standing ->
                            !standing.registered() && standing.demand().kind() != Kind.STATUS)
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
                        if (demand.kind() == Kind.STATUS) {
                            long thisMinute = registrations.stream()
                                    .filter(at -> at.isAfter(now.minusSeconds(60)))
                                    .count();
                            assertThat(thisMinute * 2).isLessThanOrEqualTo(rules.churnPerMinute());
                        }
                    }
                    case Effect.Release(Demand demand) ->
                        assertThat(wire.remove(demand)).isTrue();
                    case Effect.Changed(Demand demand, Mode mode) -> {
                        assertThat(demand.kind()).as("never told, never polled").isNotEqualTo(Kind.STATUS);
                        assertThat(told.put(demand, mode)).isNotEqualTo(mode);
                    }
                    case Effect.Forgotten(Demand demand) -> told.remove(demand);
                    case Effect.Answer _ -> {}
                }
            }
        }

        private java.util.Optional<Demand> some() {
            // Of what was asked for, so that a day with statuses and one without see the same.
            return wanted().stream()
                    .sorted(java.util.Comparator.comparing(Demand::toString))
                    .skip(wanted().isEmpty() ? 0 : random.nextInt(wanted().size()))
                    .findFirst();
        }

        private Symbol symbol() {
            return new Symbol("%06d".formatted(random.nextInt(30)));
        }
    }
}
