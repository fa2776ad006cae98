package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import kr.kisgateway.simulator.catalog.Json;

/**
 * The faults that are on. A plain switch sets a fault for its default targets: counters are the number of next occasions to
 * hit, seconds and milliseconds a duration, flags stay until switched back. A {@link Scenario.Fault} adds one more rule, with
 * its own targets, window and chance. No fault is on at the start.
 *
 * <p>Chances are drawn in the order of the occasions from a seed, so the same inputs at the same instants are hit again.
 */
final class Faults {
    // Targets of faults.
    static final String ORDERS = "orders";
    static final String REVISIONS = "revisions";
    static final String QUERIES = "queries";
    static final String RECEIPTS = "receipts";
    static final String FILLS = "fills";
    static final String CONFIRMATIONS = "confirmations";
    static final String TOKENS = "tokens";
    static final String TRADES = "trades";
    static final String BOOKS = "books";
    static final String OTHERS = "others";

    /** One occasion that a fault may hit: a call, a notice, a frame. {@code path} is a call's, of orders with their venue behind it ({@code …/order-cash:NXT}); empty for the others. */
    record Occasion(String target, String path) {
        static Occasion of(String target) {
            return new Occasion(target, "");
        }

        boolean is(String other) {
            return target.equals(other);
        }
    }

    /** The most rules that may be set at once. */
    static final int MAX_RULES = 1_000;

    static final String TOO_MANY = "more than " + MAX_RULES + " rules would be on; send {\"clear\":true} first";

    /** The longest delay by {@code latency_ms}: a tail must not outlive the connection. */
    private static final long LONGEST_LATENCY_MS = 120_000;

    /** How many standard deviations the 99th percentile lies above the median. */
    private static final double Z_SCORE_OF_99_PERCENT = 2.326_348;

    /** A fault that is on from an instant on. */
    private static final class Rule {
        final Scenario.Fault fault;
        final Set<String> on;
        final Instant from;
        final Instant until;
        long remaining;

        Rule(Scenario.Fault fault, Instant start) {
            this.fault = fault;
            this.on = fault.on().isEmpty() ? FaultKind.of(fault.name()).defaultTargets() : fault.on();
            this.from = start.plus(fault.at());
            this.until = fault.lasting().map(from::plus).orElse(Instant.MAX);
            this.remaining = fault.count();
        }

        boolean isExpired(Instant now) {
            return remaining == 0 || !until.isAfter(now);
        }

        boolean matches(Occasion occasion, Instant now) {
            return !isExpired(now)
                    && !from.isAfter(now)
                    && (on.isEmpty() || on.contains(occasion.target()))
                    && occasion.path().contains(fault.path());
        }
    }

    private final Map<String, Long> amounts = new TreeMap<>();
    private final Map<String, Boolean> flags = new TreeMap<>();
    private final Map<String, List<Rule>> rules = new TreeMap<>();
    private final Map<String, Long> hits = new TreeMap<>();
    private long seed;
    private SplittableRandom random;
    private Instant now = Instant.MIN;

    Faults(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        reset();
    }

    // ---- switching -----------------------------------------------------------------------------------------------

    /** The errors of a control call, one sentence each; empty when it may be applied. */
    List<String> validateSwitches(Map<String, Object> values) {
        List<String> errors = new ArrayList<>();
        values.forEach((name, value) -> {
            if (name.equals("clear")) {
                if (!Boolean.TRUE.equals(value)) {
                    errors.add("clear must be true");
                }
            } else if (value instanceof Map<?, ?> fields && FaultKind.exists(name)) {
                try {
                    parse(name, fields);
                } catch (IllegalArgumentException e) {
                    errors.add(String.valueOf(e.getMessage()));
                }
            } else {
                FaultKind.switchError(name, value).ifPresent(errors::add);
            }
        });
        if (!hasCapacity(values.size())) {
            errors.add(TOO_MANY);
        }
        return errors;
    }

    private static Scenario.Fault parse(String name, Map<?, ?> fields) {
        Map<String, Object> texts = new HashMap<>();
        fields.forEach((field, value) -> texts.put(String.valueOf(field), value));
        return Scenario.Fault.parse(name, texts);
    }

    /** Applies switches that {@link #validateSwitches} accepted. A plain value also ends the rules of its name. */
    void apply(Map<String, Object> values) {
        if (values.containsKey("clear")) {
            reset();
        }
        values.forEach((name, value) -> {
            if (value instanceof Map<?, ?> fields) {
                add(parse(name, fields), now);
                return;
            }
            if (value instanceof Long n) {
                rules.remove(name);
                amounts.put(name, n);
            } else if (flags.containsKey(name)) {
                rules.remove(name);
                flags.put(name, Boolean.TRUE.equals(value));
            } else if (!name.equals("clear") && Boolean.TRUE.equals(value)) {
                add(Scenario.Fault.times(name, 1), now);
            }
        });
    }

    /** Starts a scenario at {@code start}. */
    void play(Scenario scenario, Instant start) {
        if (scenario.seed().isPresent()) {
            seed = scenario.seed().getAsLong();
            random = new SplittableRandom(seed);
        }
        scenario.faults().forEach(fault -> add(fault, start));
    }

    /** Whether this many more rules may be set. */
    boolean hasCapacity(int more) {
        rules.values().forEach(existing -> existing.removeIf(rule -> rule.isExpired(now)));
        return rules.values().stream().mapToInt(List::size).sum() + more <= MAX_RULES;
    }

    private void add(Scenario.Fault fault, Instant start) {
        List<Rule> existing = rules.computeIfAbsent(fault.name(), n -> new ArrayList<>());
        existing.removeIf(rule -> rule.isExpired(now));
        existing.add(new Rule(fault, start));
    }

    private void reset() {
        rules.clear();
        FaultKind.forEach((name, kind) -> {
            switch (kind.form()) {
                case COUNTER, TIME, DRAWN -> amounts.put(name, FaultKind.defaultAmount(name));
                case FLAG -> flags.put(name, false);
                case ACTION -> {}
            }
        });
    }

    // ---- queries -------------------------------------------------------------------------------------------------

    /** Sets the current instant. */
    void setClock(Instant instant) {
        now = instant;
    }

    Instant now() {
        return now;
    }

    /** Whether this occasion is hit; counts it down. */
    boolean hits(String counter, String target) {
        return hits(counter, Occasion.of(target));
    }

    /** Whether this call is hit; counts it down. */
    boolean hits(String counter, Occasion occasion) {
        boolean hit = consumeCounter(counter, occasion.target())
                || consumeRule(counter, occasion).isPresent();
        if (hit) {
            hits.merge(counter, 1L, Long::sum);
        }
        return hit;
    }

    private boolean consumeCounter(String counter, String target) {
        long left = amounts.getOrDefault(counter, 0L);
        if (left == 0) {
            return false;
        }
        Set<String> defaultTargets = FaultKind.of(counter).defaultTargets();
        if (!defaultTargets.isEmpty() && !defaultTargets.contains(target)) {
            return false;
        }
        amounts.put(counter, left - 1);
        return true;
    }

    private Optional<Rule> consumeRule(String name, Occasion occasion) {
        for (Rule rule : rules.getOrDefault(name, List.of())) {
            if (rule.matches(occasion, now)
                    && (rule.fault.chance() >= 1 || random.nextDouble() < rule.fault.chance())) {
                if (rule.remaining != Long.MAX_VALUE && !FaultKind.of(name).isDuration()) {
                    rule.remaining--;
                }
                return Optional.of(rule);
            }
        }
        return Optional.empty();
    }

    /** The duration of this occasion in milliseconds; chances are drawn. */
    long time(String name, String target) {
        return rules.containsKey(name)
                ? consumeRule(name, Occasion.of(target))
                        .map(rule -> rule.fault.value())
                        .orElseGet(() -> plainTime(name))
                : plainTime(name);
    }

    /** The delay of this call's answer in milliseconds, drawn from its distribution. */
    long latency(Occasion occasion) {
        Optional<Rule> rule =
                rules.containsKey(FaultKind.LATENCY) ? consumeRule(FaultKind.LATENCY, occasion) : Optional.empty();
        long millis = rule.map(r -> drawLatency(r.fault)).orElseGet(() -> plainTime(FaultKind.LATENCY));
        if (millis > 0) {
            hits.merge(FaultKind.LATENCY, 1L, Long::sum);
        }
        return millis;
    }

    private long drawLatency(Scenario.Fault fault) {
        double middle = fault.value();
        double drawn = switch (fault.distribution()) {
            case CONSTANT -> middle;
            case UNIFORM -> middle + fault.spread() * (2 * random.nextDouble() - 1);
            case LOGNORMAL -> {
                double sigma = Math.log((middle + fault.spread()) / middle) / Z_SCORE_OF_99_PERCENT;
                yield middle * Math.exp(sigma * random.nextGaussian());
            }
        };
        return Math.clamp(Math.round(drawn), 0, LONGEST_LATENCY_MS);
    }

    /** The broker's own clock at {@code instant}; it may be ahead or behind. */
    Instant brokerTime(Instant instant) {
        return instant.plusSeconds(time(FaultKind.CLOCK_SKEW, ""));
    }

    private long plainTime(String name) {
        return amounts.getOrDefault(name, 0L);
    }

    /** The longest duration that {@link #time} may return from now on; 0 when the fault is off. */
    long longestTime(String name) {
        return Math.max(
                plainTime(name),
                rules.getOrDefault(name, List.of()).stream()
                        .filter(rule -> !rule.isExpired(now))
                        .mapToLong(rule -> rule.fault.value())
                        .max()
                        .orElse(0));
    }

    /** The seconds for which the row of an order is not listed; the same at every request. */
    long hiddenSeconds(String target, long odno) {
        long seconds = plainTime("hide_orders_seconds");
        for (Rule rule : rules.getOrDefault("hide_orders_seconds", List.of())) {
            if (rule.matches(Occasion.of(target), now)
                    && new SplittableRandom(seed ^ odno * 0x9E3779B97F4A7C15L).nextDouble() < rule.fault.chance()) {
                seconds = Math.max(seconds, rule.fault.value());
            }
        }
        return seconds;
    }

    boolean isOn(String flag) {
        return flags.getOrDefault(flag, false)
                || rules.containsKey(flag)
                        && rules.getOrDefault(flag, List.of()).stream()
                                .anyMatch(rule -> rule.matches(Occasion.of(""), now));
    }

    /** Whether the action is due; consumes it. */
    boolean consumeDueAction(String action) {
        return rules.containsKey(action) && hits(action, "");
    }

    /** When the next action is due. */
    Optional<Instant> nextDue() {
        Optional<Instant> next = Optional.empty();
        for (Map.Entry<String, List<Rule>> entry : rules.entrySet()) {
            if (FaultKind.of(entry.getKey()).form() == FaultKind.Form.ACTION) {
                for (Rule rule : entry.getValue()) {
                    if (rule.remaining > 0
                            && next.filter(n -> !n.isAfter(rule.from)).isEmpty()) {
                        next = Optional.of(rule.from);
                    }
                }
            }
        }
        return next;
    }

    /** The data frame as it arrives: intact, wider, cut off in the middle of a record, or with unreadable numbers. */
    String corrupt(String frame) {
        String target = OTHERS;
        for (VenueScope scope : VenueScope.values()) {
            if (frame.startsWith("0|" + scope.tradesTr())) {
                target = TRADES;
            } else if (frame.startsWith("0|" + scope.booksTr())) {
                target = BOOKS;
            }
        }
        String fullFrame = isOn("extra_column") ? Frames.widened(frame) : frame;
        if (hits("truncate_frames", target)) {
            return fullFrame.substring(0, fullFrame.length() - fullFrame.length() / 3);
        }
        return hits("garble_frames", target) ? fullFrame.replace('0', '?') : fullFrame;
    }

    /** How often each fault has hit. */
    Map<String, Long> hits() {
        return hits;
    }

    /** The current state of all faults as JSON. */
    String json() {
        Json json = Json.object();
        amounts.forEach(json::number);
        flags.forEach((name, on) -> json.raw(name, on.toString()));
        json.startArray("rules");
        rules.values().stream()
                .flatMap(List::stream)
                .filter(rule -> !rule.isExpired(now))
                .forEach(rule -> {
                    json.startRow()
                            .field("fault", rule.fault.name())
                            .field("on", String.join(" ", new TreeSet<>(rule.on)));
                    if (rule.remaining != Long.MAX_VALUE
                            && FaultKind.of(rule.fault.name()).form() == FaultKind.Form.COUNTER) {
                        json.number("count", rule.remaining);
                    }
                    json.raw("chance", Double.toString(rule.fault.chance()));
                    json.field("from", rule.from.toString());
                    if (!rule.until.equals(Instant.MAX)) {
                        json.field("until", rule.until.toString());
                    }
                    if (rule.fault.value() != 0) {
                        json.number("value", rule.fault.value());
                    }
                    if (rule.fault.spread() > 0) {
                        json.field("distribution", rule.fault.distribution().text())
                                .number("spread", rule.fault.spread());
                    }
                    if (!rule.fault.path().isEmpty()) {
                        json.field("path", rule.fault.path());
                    }
                    json.end();
                });
        return json.endArray().text();
    }
}
