package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The faults of a day and their times. Drawn completely from the seed before the day starts: quality of the network,
 * faults of the broker, deaths of processes, broken sockets and clock steps. From {@code calm} on there are no more
 * faults, so that the day can settle and be compared.
 */
final class FaultPlan {
    /** Minimum quantity of outside orders; no other order has it. */
    static final int OUTSIDE_FROM = 950;

    static final int OUTSIDE_TO = 990;

    /** Outcome of one REST call on the network. */
    enum Fate {
        DELIVERED,
        /** No connection: nothing is sent. */
        REFUSED,
        /** It is sent, and neither it nor an answer arrives. */
        REQUEST_LOST,
        /** The connection breaks before the broker has read the request. */
        RESET_BEFORE,
        /** The broker has read the request; the connection breaks before the answer arrives. */
        RESET_AFTER,
        /** The answer arrives after the client's timeout. */
        ANSWER_LATE
    }

    /** A fault or action at one moment of the day. */
    sealed interface Event {
        /** The gateway dies after {@code steps} further steps. */
        record GatewayDies(int steps) implements Event {}

        record BrokerDies(Duration away) implements Event {}

        record SocketBreaks() implements Event {}

        record ClockSteps(Duration by) implements Event {}

        record BrokerFault(Map<String, Object> values) implements Event {
            /** Sorted, because the order of {@code Map.of} differs between JVMs. */
            public BrokerFault {
                values = sorted(values);
            }

            private static Map<String, Object> sorted(Map<?, ?> values) {
                var all = new TreeMap<String, Object>();
                values.forEach((name, value) ->
                        all.put(name.toString(), value instanceof Map<?, ?> words ? sorted(words) : value));
                return all;
            }
        }

        /** An order is placed by telephone, past the gateway. */
        record OutsideOrder(long qty) implements Event {}

        /** An operator sets the kill switch, for {@code span}. */
        record KillSwitch(boolean cancelOpen, Duration span, Crash crash) implements Event {}

        /** An operator cancels every open order. */
        record CancelAll() implements Event {}

        /**
         * An outside order equal to one in doubt is placed while the broker answers no queries: only a person can
         * distinguish the two.
         */
        record Twin() implements Event {}
    }

    /** Whether and when the gateway dies around a kill switch, {@code steps} steps after that moment. */
    record Crash(When when, int steps) {
        enum When {
            NEVER,
            /** At the request. */
            ON_REQUEST,
            /** After the operator received the confirmation. */
            ON_CONFIRMATION
        }
    }

    /** Whether the day is followed by another. */
    enum Night {
        NONE,
        /** The gateway runs through the night. */
        AWAKE,
        /** The gateway dies before the close and starts on the next day. */
        ASLEEP
    }

    private static final Duration SETTLE_TIME = Duration.ofSeconds(50);
    private static final Duration SETTLE_TIME_WITHOUT_TOKEN = Duration.ofSeconds(420);

    private static final List<String> NOTICES = List.of("receipts", "fills", "confirmations");
    private static final List<String> CHANGES = List.of("orders", "revisions");

    private static final List<String> FAULTS = List.of(
            "refuse_connections",
            "server_errors_before",
            "unavailable_before",
            "timeouts_before",
            "lose_answers",
            "late_answers",
            "broken_answers",
            "server_errors_after",
            "unavailable_after",
            "timeouts_after",
            "notices_first",
            "reject_by_exchange",
            "rate_limit_storm",
            "ledger_limit_storm",
            "query_errors",
            "failed_pages",
            "changed_pages",
            "lose_notices",
            "lose_notices",
            "duplicate_notices",
            "duplicate_notices",
            "duplicate_notices",
            "late_notices",
            "reorder_notices",
            "drop_at_notices",
            "truncate_frames",
            "garble_frames",
            "exchange_delay_ms",
            "hide_orders_seconds",
            "hide_orders_seconds",
            "hide_orders_seconds",
            "balance_lag_seconds");

    private static final int LAG_SECONDS = 8;

    /** How long after its fault began a balance may be older than its request: a fault lasts for 20 s, and a reading is used until the next one. */
    static final Duration LONGEST_BALANCE_LAG = Duration.ofSeconds(20 + LAG_SECONDS);

    /** After these the client waits two minutes and more before another token request, as KIS requires. */
    private static final List<String> TOKEN_FAULTS = List.of("kill_tokens", "dead_tokens_before", "dead_tokens_after");

    private static final Set<String> FAULT_NAMES =
            Stream.concat(FAULTS.stream(), TOKEN_FAULTS.stream()).collect(Collectors.toSet());

    /** @param at offset from the start of the day */
    record Planned(Duration at, Event event) {}

    private final SeededRandom random;
    private final double faultRate;
    private final boolean slowLines;
    private final Instant calmFrom;
    private final Duration settleTime;
    private final List<Planned> plan;
    private final Duration clockError;
    private final Night night;
    private final boolean attended;
    private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);

    private FaultPlan(
            SeededRandom random,
            double faultRate,
            boolean slowLines,
            Instant calmFrom,
            Duration settleTime,
            List<Planned> plan,
            Duration clockError,
            Night night,
            boolean attended) {
        this.random = random;
        this.faultRate = faultRate;
        this.slowLines = slowLines;
        this.calmFrom = calmFrom;
        this.settleTime = settleTime;
        this.plan = plan;
        this.clockError = clockError;
        this.night = night;
        this.attended = attended;
    }

    /** The faults of a day that opens at {@code open}, with faults for at most {@code rough}. */
    static FaultPlan of(SeededRandom random, Instant open, Duration faultSpan) {
        int kind = random.between(0, 9); // one day in ten has no faults: faults must not hide defects that need none
        double faultRate = kind == 0 ? 0 : kind < 5 ? 0.02 : kind < 8 ? 0.06 : 0.15;
        var plan = new ArrayList<Planned>();
        if (kind > 0) {
            int span = (int) faultSpan.toMillis();
            addEvents(plan, random, span, random.between(0, 3), d -> new Event.GatewayDies(d.between(0, 40)));
            addEvents(plan, random, span, random.between(0, 1), d -> new Event.BrokerDies(d.millis(200, 5_000)));
            addEvents(plan, random, span, random.between(0, 3), d -> new Event.SocketBreaks());
            addEvents(plan, random, span, random.between(0, 12), d -> new Event.BrokerFault(fault(d, FAULTS)));
            addEvents(
                    plan,
                    random,
                    span,
                    random.between(0, 2),
                    d -> new Event.OutsideOrder(d.between(OUTSIDE_FROM, OUTSIDE_TO)));
        }
        boolean tokens = kind > 0 && random.chance(0.1);
        if (tokens) {
            addEvents(plan, random, (int) faultSpan.toMillis(), 1, d -> new Event.BrokerFault(fault(d, TOKEN_FAULTS)));
        }
        if (random.chance(0.25)) {
            int latest = (int) faultSpan.minusSeconds(20).toMillis();
            Crash.When when = kind > 0 && random.chance(0.6)
                    ? random.chance(0.5) ? Crash.When.ON_REQUEST : Crash.When.ON_CONFIRMATION
                    : Crash.When.NEVER;
            var crash = new Crash(when, random.between(0, 12));
            var stop = new Event.KillSwitch(random.chance(0.5), random.millis(3_000, 12_000), crash);
            plan.add(new Planned(random.millis(0, latest), stop));
        }
        if (random.chance(0.15)) {
            plan.add(new Planned(random.millis(0, (int) faultSpan.toMillis()), new Event.CancelAll()));
        }
        boolean attended = random.chance(0.4);
        if (attended && kind > 0) {
            addEvents(
                    plan,
                    random,
                    (int) faultSpan.minusSeconds(10).toMillis(),
                    random.between(0, 2),
                    d -> new Event.Twin());
        }
        Night night = random.chance(0.8) ? Night.NONE : kind > 0 && random.chance(0.4) ? Night.ASLEEP : Night.AWAKE;
        Duration clockError = Duration.ZERO;
        if (kind > 0 && random.chance(0.3)) {
            Duration step = random.millis(-1_500, 1_500);
            clockError = step.abs();
            plan.add(new Planned(random.millis(0, (int) faultSpan.toMillis()), new Event.ClockSteps(step)));
        }
        return new FaultPlan(
                random,
                faultRate,
                kind > 0 && random.chance(0.2),
                open.plus(faultSpan),
                tokens ? SETTLE_TIME_WITHOUT_TOKEN : SETTLE_TIME,
                plan,
                clockError,
                night,
                attended);
    }

    private interface EventFactory {
        Event event(SeededRandom random);
    }

    private static void addEvents(List<Planned> plan, SeededRandom random, int span, int count, EventFactory factory) {
        for (int i = 0; i < count; i++) {
            plan.add(new Planned(random.millis(0, span), factory.event(random)));
        }
    }

    private static Map<String, Object> fault(SeededRandom random, List<String> among) {
        long few = random.between(1, 4);
        String name = random.pick(among);
        return switch (name) {
            case "late_answers" ->
                Map.of(name, hits(few, CHANGES), "late_answer_ms", (long) random.between(500, 9_000));
            case "late_notices", "reorder_notices" ->
                Map.of(name, few, "late_notice_ms", (long) random.between(100, 4_000));
            case "exchange_delay_ms" -> Map.of(name, Map.of("value", (long) random.between(50, 2_000), "for", "10s"));
            case "hide_orders_seconds", "balance_lag_seconds" ->
                Map.of(name, Map.of("value", (long) random.between(1, LAG_SECONDS), "for", "20s"));
            case "kill_tokens" -> Map.of(name, true);
            case "lose_notices", "duplicate_notices" ->
                Map.of(name, hits(few * 3, random.chance(0.5) ? List.of("fills") : NOTICES));
            case "rate_limit_storm", "ledger_limit_storm", "query_errors", "failed_pages", "changed_pages" ->
                Map.of(name, few);
            case "truncate_frames", "garble_frames", "drop_at_notices" -> Map.of(name, 1L);
            default -> Map.of(name, hits(few, CHANGES));
        };
    }

    private static Map<String, Object> hits(long few, List<String> on) {
        return Map.of("count", few, "on", on);
    }

    /** Every fault that {@link #fault} can switch on, switched off. */
    static Map<String, Object> noFault() {
        var off = new LinkedHashMap<String, Object>();
        FAULTS.forEach(name -> off.put(name, 0L));
        TOKEN_FAULTS.stream().filter(name -> !name.equals("kill_tokens")).forEach(name -> off.put(name, 0L));
        return off;
    }

    /** The same faults of a day that is calm from another time on. */
    FaultPlan calmFrom(Instant other) {
        return new FaultPlan(random, faultRate, slowLines, other, settleTime, plan, clockError, night, attended);
    }

    /** The same faults of a day that ends with its session. */
    FaultPlan withoutNight() {
        return new FaultPlan(
                random, faultRate, slowLines, calmFrom, settleTime, plan, clockError, Night.NONE, attended);
    }

    /** Whether the day settles fast, and ends with its session. */
    boolean isShort() {
        return settleTime.equals(SETTLE_TIME) && night == Night.NONE;
    }

    List<Planned> plan() {
        return plan;
    }

    /** Start of the time without faults. */
    Instant calmFrom() {
        return calmFrom;
    }

    /** Time from then on until the day must have settled. */
    Duration settleTime() {
        return settleTime;
    }

    /** Whether and how the day continues into the next. */
    Night night() {
        return night;
    }

    /** Whether an operator resolves orders in doubt. */
    boolean attended() {
        return attended;
    }

    /** The broker answers no queries and sends no receipts, and one answer to an order is lost. */
    static Map<String, Object> silence() {
        return Map.of(
                "lose_answers", hits(1, List.of("orders")),
                "lose_notices", Map.of("for", "5s", "on", List.of("receipts")),
                "query_errors", Map.of("for", "4s"));
    }

    /** Maximum error of the gateway's clock. */
    Duration clockError() {
        return clockError;
    }

    /** @param token whether it is a token request: a lost token cannot be requested again within a minute */
    Fate fate(Instant now, boolean token) {
        boolean spared = token && settleTime.equals(SETTLE_TIME);
        if (!now.isBefore(calmFrom) || !random.chance(faultRate) || spared) {
            return Fate.DELIVERED;
        }
        Fate fate = random.pick(List.of(Fate.values()));
        fates.merge(fate, 1, Integer::sum);
        return fate;
    }

    /** How often each kind of fault was planned, or drawn for a call, by name. */
    SortedMap<String, Integer> counts() {
        var counts = new TreeMap<String, Integer>();
        plan.forEach(planned -> {
            switch (planned.event()) {
                case Event.BrokerFault(var values) ->
                    FAULT_NAMES.stream()
                            .filter(values::containsKey)
                            .forEach(name -> counts.merge("broker: " + Words.of(name), 1, Integer::sum));
                case Event.KillSwitch _, Event.CancelAll _, Event.OutsideOrder _, Event.Twin _ -> {
                    // no fault
                }
                default -> counts.merge(Words.of(planned.event().getClass()), 1, Integer::sum);
            }
        });
        fates.forEach((fate, count) -> {
            if (fate != Fate.DELIVERED) {
                counts.put("call: " + Words.of(fate.name()), count);
            }
        });
        return counts;
    }

    /** One-way latency between gateway and broker. */
    Duration latency(Instant now) {
        if (slowLines && now.isBefore(calmFrom) && random.chance(0.05)) {
            return random.millis(20, 200);
        }
        return random.micros(300, 6_000);
    }

    /** Duration of a flush to disk. */
    Duration flush(Instant now) {
        return now.isBefore(calmFrom) && random.chance(0.01) ? random.millis(5, 400) : random.micros(80, 1_500);
    }
}
