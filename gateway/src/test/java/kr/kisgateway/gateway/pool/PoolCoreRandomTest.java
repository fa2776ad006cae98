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
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Invariants, whatever clients, sockets and KIS do. */
@Requirement("A-04")
@Tag("slow")
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
    void registrations_fit_beside_the_notices_changes_are_bounded_and_every_demand_is_served(@ForAll long seed) {
        var day = new Day(new Random(seed), RULES);
        for (int i = 0; i < 400; i++) {
            day.step();
            day.assertInvariants();
        }
    }

    @Property(tries = 40)
    void status_registrations_use_spare_slots_and_affect_no_other_demand(@ForAll long seed) {
        var with = new Day(new Random(seed), BOUNDLESS);
        var without = new Day(new Random(seed), WITHOUT_STATUSES);
        for (int i = 0; i < 400; i++) {
            if (i % 100 == 50) {
                with.assertRoomForAll();
                without.assertRoomForAll();
                assertThat(with.wire).as("otherwise this proves nothing").hasSizeGreaterThan(without.wire.size());
            }
            with.step();
            without.step();
            with.assertInvariants();
            assertThat(with.demands()).isEqualTo(without.wire);
            assertThat(with.modes).isEqualTo(without.modes);
        }
    }

    @Property(tries = 15)
    void a_stable_demand_leads_to_a_stable_allocation(@ForAll long seed) {
        var day = new Day(new Random(seed), RULES);
        for (int i = 0; i < 300; i++) {
            day.step();
        }
        day.settle(20 * 60);
        var chosen = Set.copyOf(day.wire);
        day.settle(5 * 60);
        assertThat(day.wire).isEqualTo(chosen);
        day.assertNoWaitingDemandOutweighsByHalf();
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

    /** One core, its expected state, and the wire as its effects leave it. */
    private static final class Day {
        private final Random random;
        private final PoolRules rules;
        private final PoolCore core;
        private final Set<Demand> wire = new HashSet<>();
        private final Map<Demand, Mode> modes = new HashMap<>();
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

        /** The subscribed demands. */
        Set<Demand> demands() {
            return wire.stream().filter(demand -> !demand.isOf(Kind.STATUS)).collect(Collectors.toSet());
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    var use = Use.values()[random.nextInt(Use.values().length)];
                    var demand = switch (use) {
                        case BOOK -> new SymbolDemand(Kind.BOOKS, symbol());
                        case RAW -> new RawDemand("H0UPCNT0", symbol().code(), Market.KOREA);
                        case TAPE, QUOTE -> new SymbolDemand(Kind.TRADES, symbol());
                    };
                    listeners.add(Map.entry(demand, use));
                    on(new Input.Subscribe(demand, use, Optional.empty()));
                }
                case 4, 5 -> {
                    if (!listeners.isEmpty()) {
                        var departed = listeners.remove(random.nextInt(listeners.size()));
                        on(new Input.Unsubscribe(departed.getKey(), departed.getValue(), Optional.empty()));
                    }
                }
                case 6 -> {
                    int registrations = random.nextInt(24);
                    int notices = random.nextInt(3);
                    fits = Math.max(0, registrations - notices);
                    on(new Input.Capacity(registrations, notices));
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
                                demand.code().endsWith("7")
                                        ? new Input.Refused(status(demand))
                                        : new Input.Lost(status(demand)));
                    });
                case 9 -> {
                    if (random.nextInt(10) == 0) {
                        var demand = new SymbolDemand(Kind.TRADES, symbol());
                        pinned.add(demand);
                        on(new Input.Pin(demand));
                    } else {
                        on(new Input.OpenOrderSymbols(
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
            if (!demand.equals(status(demand)) && wire.contains(status(demand))) {
                on(input);
            }
        }

        private static Demand status(Demand demand) {
            return demand.ofSymbol()
                    .<Demand>map(symbol -> new SymbolDemand(Kind.STATUS, symbol))
                    .orElse(demand);
        }

        void assertRoomForAll() {
            fits = 100;
            on(new Input.Capacity(101, 1));
            var demand = new SymbolDemand(Kind.TRADES, symbol());
            listeners.add(Map.entry(demand, Use.TAPE));
            on(new Input.Subscribe(demand, Use.TAPE, Optional.empty()));
            settle(130);
        }

        /** Only time passes, and KIS confirms the requested registrations. */
        void settle(int seconds) {
            for (int i = 0; i < seconds; i++) {
                now = now.plusSeconds(1);
                on(new Input.Tick());
                Set.copyOf(wire).forEach(demand -> on(new Input.Acked(demand)));
                if (i % 20 == 0) {
                    assertInvariants();
                }
            }
        }

        void assertInvariants() {
            assertThat(wire.size()).isLessThanOrEqualTo(fits).isEqualTo(core.taken());
            while (!registrations.isEmpty() && !registrations.getFirst().isAfter(now.minusSeconds(60))) {
                registrations.removeFirst();
            }
            assertThat(registrations.size()).isLessThanOrEqualTo(rules.churnPerMinute());
            wire.stream()
                    .filter(demand -> demand.isOf(Kind.STATUS))
                    .forEach(demand -> assertThat(wire).contains(trades(demand)));
            var demanded = new HashSet<>(pinned);
            listeners.forEach(listener -> demanded.add(listener.getKey()));
            for (var demand : demanded) {
                var allocation = core.allocation(demand, now).orElseThrow();
                assertThat(allocation.mode()).isEqualTo(modes.get(demand));
                if (allocation.mode() == Mode.PUSH) {
                    assertThat(wire).contains(demand);
                }
            }
            core.allocations(now)
                    .forEach(allocation -> assertThat(demanded.contains(allocation.demand())
                                    || wire.contains(trades(allocation.demand())))
                            .isTrue());
        }

        /** A status is published where its trades are registered. */
        private static Demand trades(Demand demand) {
            return demand.isOf(Kind.STATUS)
                    ? new SymbolDemand(Kind.TRADES, demand.ofSymbol().orElseThrow())
                    : demand;
        }

        void assertNoWaitingDemandOutweighsByHalf() {
            var lightest = core.lightestWeight().orElse(0L);
            core.allocations(now).stream()
                    .filter(allocation ->
                            !allocation.registered() && !allocation.demand().isOf(Kind.STATUS))
                    .forEach(allocation -> {
                        assertThat(core.taken()).isEqualTo(core.slots());
                        if (core.slots() > 0) {
                            assertThat(allocation.weight() * 2).isLessThanOrEqualTo(lightest * 3);
                        }
                    });
        }

        private void on(Input input) {
            for (var effect : core.handle(input, now).effects()) {
                switch (effect) {
                    case Effect.Register(Demand demand) -> {
                        assertThat(wire.add(demand)).isTrue();
                        registrations.addLast(now);
                        if (demand.isOf(Kind.STATUS)) {
                            long thisMinute = registrations.stream()
                                    .filter(at -> at.isAfter(now.minusSeconds(60)))
                                    .count();
                            assertThat(thisMinute * 2).isLessThanOrEqualTo(rules.churnPerMinute());
                        }
                    }
                    case Effect.Release(Demand demand) ->
                        assertThat(wire.remove(demand)).isTrue();
                    case Effect.ModeChanged(Demand demand, Mode mode) -> {
                        assertThat(demand.isOf(Kind.STATUS))
                                .as("never published, never polled")
                                .isFalse();
                        assertThat(mode).isNotEqualTo(demand instanceof RawDemand ? Mode.POLL : Mode.NONE);
                        assertThat(modes.put(demand, mode)).isNotEqualTo(mode);
                    }
                    case Effect.Removed(Demand demand) -> modes.remove(demand);
                    case Effect.SubscribeResult _ -> {}
                }
            }
        }

        private java.util.Optional<Demand> some() {
            // Drawn from the subscribed demands, so that a day with statuses and one without are the same.
            return demands().stream()
                    .sorted(java.util.Comparator.comparing(Demand::toString))
                    .skip(demands().isEmpty() ? 0 : random.nextInt(demands().size()))
                    .findFirst();
        }

        private Symbol symbol() {
            return new Symbol("%06d".formatted(random.nextInt(30)));
        }
    }
}
