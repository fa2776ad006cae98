package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What shall go wrong. Counters say how many of the next occasions are hit, seconds and milliseconds how long, flags
 * stay until switched back. All start at 0 or false.
 */
final class Faults {
    private static final List<String> COUNTERS = List.of(
            "lose_answers",
            "late_answers",
            "refuse_connections",
            "broken_answers",
            "reject_by_exchange",
            "rate_limit_storm",
            "ledger_limit_storm",
            "lose_notices",
            "duplicate_notices",
            "notices_first",
            "truncate_frames",
            "garble_frames");
    private static final List<String> AMOUNTS =
            List.of("late_answer_ms", "exchange_delay_ms", "hide_orders_seconds", "linger_seconds");
    private static final List<String> FLAGS = List.of("stop_pingpong", "stop_data");
    private static final List<String> ACTIONS = List.of("drop_sockets");
    private static final long MOST = 1_000_000_000;

    private final Map<String, Long> amounts = new TreeMap<>();
    private final Map<String, Boolean> flags = new TreeMap<>();

    Faults() {
        COUNTERS.forEach(name -> amounts.put(name, 0L));
        AMOUNTS.forEach(name -> amounts.put(name, 0L));
        FLAGS.forEach(name -> flags.put(name, false));
        amounts.put("late_answer_ms", 3_000L);
    }

    /** What is wrong with the request, one sentence each; empty when it may be switched. */
    static List<String> check(Map<String, Object> values) {
        List<String> wrong = new ArrayList<>();
        values.forEach((name, value) -> {
            if (COUNTERS.contains(name) || AMOUNTS.contains(name)) {
                if (!(value instanceof Long n) || n < 0 || n > MOST) {
                    wrong.add(name + " must be a whole number from 0 to " + MOST);
                }
            } else if (FLAGS.contains(name) || ACTIONS.contains(name)) {
                if (!(value instanceof Boolean)) {
                    wrong.add(name + " must be true or false");
                }
            } else {
                wrong.add("no fault is called " + name + "; there are " + COUNTERS + AMOUNTS + FLAGS + ACTIONS);
            }
        });
        return wrong;
    }

    /** Switches; {@link #check} has found nothing wrong. Whether sockets are to be dropped now. */
    boolean apply(Map<String, Object> values) {
        values.forEach((name, value) -> {
            if (value instanceof Long n) {
                amounts.put(name, n);
            } else if (value instanceof Boolean flag && flags.containsKey(name)) {
                flags.put(name, flag);
            }
        });
        return Boolean.TRUE.equals(values.get("drop_sockets"));
    }

    /** Whether this occasion is hit; uses one up. */
    boolean hits(String counter) {
        long left = amount(counter);
        if (left > 0) {
            amounts.put(counter, left - 1);
        }
        return left > 0;
    }

    /** The frame as it arrives: whole, cut off in the middle of a record, or with its numbers made unreadable. */
    String spoil(String frame) {
        if (hits("truncate_frames")) {
            return frame.substring(0, frame.length() - frame.length() / 3);
        }
        return hits("garble_frames") ? frame.replace('0', '?') : frame;
    }

    long amount(String name) {
        return amounts.getOrDefault(name, 0L);
    }

    boolean on(String flag) {
        return flags.getOrDefault(flag, false);
    }

    /** All faults as they stand, as JSON. */
    String json() {
        Json json = Json.object();
        amounts.forEach(json::number);
        flags.forEach((name, on) -> json.raw(name, on.toString()));
        return json.text();
    }
}
