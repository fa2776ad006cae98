package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes wrong on a day, and when. Drawn whole from the seed before anything happens: how rough the network is, which
 * faults the broker shows, when processes die, sockets break and clocks step. From {@code calm} on nothing goes wrong any
 * more, so that everything can come to rest and be compared.
 */
final class Weather {
    /** What becomes of one REST call on its way. */
    enum Fate {
        DELIVERED,
        /** No connection: nothing leaves. */
        REFUSED,
        /** It leaves, and neither it nor an answer arrives. */
        REQUEST_LOST,
        /** The connection breaks before the broker has read it. */
        RESET_BEFORE,
        /** The broker has it; the connection breaks before the answer is through. */
        RESET_AFTER,
        /** The answer comes after the client has stopped waiting. */
        ANSWER_LATE
    }

    /** Something that happens to the whole world at a moment. */
    sealed interface Event {
        /** The gateway dies {@code steps} steps of its own later. */
        record GatewayDies(int steps) implements Event {}

        record BrokerDies(Duration away) implements Event {}

        record SocketBreaks() implements Event {}

        record ClockSteps(Duration by) implements Event {}

        record BrokerFault(Map<String, Object> values) implements Event {}
    }

    /** @param at from the start of the day */
    record Planned(Duration at, Event event) {}

    private final Dice dice;
    private final double trouble;
    private final boolean slowLines;
    private final Instant calm;
    private final List<Planned> plan;
    private final Duration clockError;

    private Weather(
            Dice dice, double trouble, boolean slowLines, Instant calm, List<Planned> plan, Duration clockError) {
        this.dice = dice;
        this.trouble = trouble;
        this.slowLines = slowLines;
        this.calm = calm;
        this.plan = plan;
        this.clockError = clockError;
    }

    /** The weather of a day that opens at {@code open} and may be rough for {@code rough}. */
    static Weather of(Dice dice, Instant open, Duration rough) {
        int kind = dice.between(0, 9); // one day in ten is a fine one: trouble must not hide what goes wrong without
        double trouble = kind == 0 ? 0 : kind < 5 ? 0.02 : kind < 8 ? 0.06 : 0.15;
        var plan = new ArrayList<Planned>();
        if (kind > 0) {
            int span = (int) rough.toMillis();
            many(plan, dice, span, dice.between(0, 3), d -> new Event.GatewayDies(d.between(0, 40)));
            many(plan, dice, span, dice.between(0, 1), d -> new Event.BrokerDies(d.millis(200, 5_000)));
            many(plan, dice, span, dice.between(0, 3), d -> new Event.SocketBreaks());
            many(plan, dice, span, dice.between(0, 12), d -> new Event.BrokerFault(fault(d)));
        }
        Duration clockError = Duration.ZERO;
        if (kind > 0 && dice.chance(0.3)) {
            Duration step = dice.millis(-1_500, 1_500);
            clockError = step.abs();
            plan.add(new Planned(dice.millis(0, (int) rough.toMillis()), new Event.ClockSteps(step)));
        }
        return new Weather(dice, trouble, kind > 0 && dice.chance(0.2), open.plus(rough), plan, clockError);
    }

    private interface Draw {
        Event event(Dice dice);
    }

    private static void many(List<Planned> plan, Dice dice, int span, int count, Draw draw) {
        for (int i = 0; i < count; i++) {
            plan.add(new Planned(dice.millis(0, span), draw.event(dice)));
        }
    }

    private static Map<String, Object> fault(Dice dice) {
        long few = dice.between(1, 4);
        return switch (dice.between(0, 13)) {
            case 0 -> Map.of("lose_answers", few);
            case 1 -> late(few, dice.between(500, 9_000));
            case 2 -> Map.of("broken_answers", few);
            case 3 -> Map.of("reject_by_exchange", few);
            case 4 -> Map.of("rate_limit_storm", few);
            case 5 -> Map.of("ledger_limit_storm", few);
            case 6, 7 -> Map.of("lose_notices", few);
            case 8, 9 -> Map.of("duplicate_notices", few);
            case 10 -> Map.of("notices_first", few);
            case 11 -> Map.of("refuse_connections", few);
            case 12 -> Map.of("hide_orders_seconds", (long) dice.between(1, 8));
            default -> Map.of("truncate_frames", 1L, "garble_frames", 1L);
        };
    }

    private static Map<String, Object> late(long few, long millis) {
        return Map.of("late_answers", few, "late_answer_ms", millis);
    }

    /** Every fault that {@link #fault} can switch on, switched off. */
    static Map<String, Object> noFault() {
        var off = new LinkedHashMap<String, Object>();
        for (String name : List.of(
                "lose_answers",
                "late_answers",
                "broken_answers",
                "reject_by_exchange",
                "rate_limit_storm",
                "ledger_limit_storm",
                "lose_notices",
                "duplicate_notices",
                "notices_first",
                "refuse_connections",
                "hide_orders_seconds",
                "truncate_frames",
                "garble_frames")) {
            off.put(name, 0L);
        }
        return off;
    }

    List<Planned> plan() {
        return plan;
    }

    /** From when on nothing goes wrong. */
    Instant calm() {
        return calm;
    }

    /** How far the gateway's clock may be from the true time. */
    Duration clockError() {
        return clockError;
    }

    Fate fate(Instant now) {
        if (!now.isBefore(calm) || !dice.chance(trouble)) {
            return Fate.DELIVERED;
        }
        return dice.pick(List.of(Fate.values()));
    }

    /** One way between gateway and broker. */
    Duration latency(Instant now) {
        if (slowLines && now.isBefore(calm) && dice.chance(0.05)) {
            return dice.millis(20, 200);
        }
        return dice.micros(300, 6_000);
    }

    /** A flush to disk. */
    Duration flush(Instant now) {
        return now.isBefore(calm) && dice.chance(0.01) ? dice.millis(5, 400) : dice.micros(80, 1_500);
    }
}
