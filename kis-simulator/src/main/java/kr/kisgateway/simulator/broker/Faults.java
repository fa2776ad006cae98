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

    /** One occasion that a fault may hit: a call, a notice, a frame. {@code path} is a call's, empty for the others. */
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

    private static final long LARGEST_VALUE = 1_000_000_000;

    /** The longest delay by {@code latency_ms}: a tail must not outlive the connection. */
    private static final long LONGEST_LATENCY_MS = 120_000;

    /** How many standard deviations the 99th percentile lies above the median. */
    private static final double Z_SCORE_OF_99_PERCENT = 2.326_348;

    /** The only amount that may be below 0. */
    private static final String CLOCK_SKEW = "clock_skew_seconds";

    private static final String REJECT_BY_EXCHANGE = "reject_by_exchange";

    private static final String LATENCY = "latency_ms";

    private enum Form {
        /** Hits some of the next occasions. */
        COUNTER(Set.of("on", "count", "chance", "at", "for", "path")),
        /** A duration. */
        TIME(Set.of("on", "value", "chance", "at", "for")),
        /** A duration, drawn for each occasion. */
        DRAWN(Set.of("on", "value", "distribution", "spread", "chance", "at", "for", "path")),
        /** A state that stays until switched back. */
        FLAG(Set.of("at", "for")),
        /** An action that happens once. */
        ACTION(Set.of("at"));

        final Set<String> fields;

        Form(Set<String> fields) {
            this.fields = fields;
        }
    }

    /** @param defaultTargets what it hits by default; empty together with {@code allowedTargets} for faults without targets */
    private record Kind(Form form, Set<String> defaultTargets, Set<String> allowedTargets) {}

    private static final Set<String> CALLS = Set.of(ORDERS, REVISIONS, QUERIES);
    private static final Set<String> CALLS_AND_TOKENS = Set.of(ORDERS, REVISIONS, QUERIES, TOKENS);
    private static final Set<String> REQUESTS = Set.of(ORDERS, REVISIONS);
    private static final Set<String> NOTICES = Set.of(RECEIPTS, FILLS, CONFIRMATIONS);
    private static final Kind ORDER_CALLS = new Kind(Form.COUNTER, Set.of(ORDERS), CALLS);
    private static final Kind CONNECTIONS = new Kind(Form.COUNTER, Set.of(ORDERS), CALLS_AND_TOKENS);
    private static final Kind ALL_CALLS = new Kind(Form.COUNTER, CALLS, CALLS);
    private static final Kind QUERY_CALLS = new Kind(Form.COUNTER, Set.of(QUERIES), Set.of(QUERIES));
    private static final Kind ALL_NOTICES = new Kind(Form.COUNTER, NOTICES, NOTICES);
    private static final Kind FRAMES = new Kind(Form.COUNTER, Set.of(TRADES), Set.of(TRADES, BOOKS, OTHERS));
    private static final Kind MESSAGES = new Kind(Form.COUNTER, Set.of(), Set.of());
    private static final Kind TIME = new Kind(Form.TIME, Set.of(), Set.of());
    private static final Kind REQUEST_TIME = new Kind(Form.TIME, REQUESTS, REQUESTS);
    private static final Kind CALL_TIME = new Kind(Form.DRAWN, CALLS_AND_TOKENS, CALLS_AND_TOKENS);
    private static final Kind FLAG = new Kind(Form.FLAG, Set.of(), Set.of());
    private static final Kind ACTION = new Kind(Form.ACTION, Set.of(), Set.of());

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("refuse_connections", CONNECTIONS),
            Map.entry("server_errors_before", CONNECTIONS),
            Map.entry("unavailable_before", CONNECTIONS),
            Map.entry("too_many_requests", CONNECTIONS),
            Map.entry("unanswered_before", CONNECTIONS),
            Map.entry("timeouts_before", ORDER_CALLS),
            Map.entry("dead_tokens_before", ORDER_CALLS),
            Map.entry("lose_answers", ORDER_CALLS),
            Map.entry("unanswered_after", ORDER_CALLS),
            Map.entry("late_answers", ORDER_CALLS),
            Map.entry("broken_answers", ORDER_CALLS),
            Map.entry("server_errors_after", ORDER_CALLS),
            Map.entry("unavailable_after", ORDER_CALLS),
            Map.entry("timeouts_after", ORDER_CALLS),
            Map.entry("dead_tokens_after", ORDER_CALLS),
            Map.entry("notices_first", new Kind(Form.COUNTER, Set.of(ORDERS), REQUESTS)),
            Map.entry(REJECT_BY_EXCHANGE, new Kind(Form.COUNTER, REQUESTS, REQUESTS)),
            Map.entry("rate_limit_storm", ALL_CALLS),
            Map.entry("ledger_limit_storm", ALL_CALLS),
            Map.entry("query_errors", QUERY_CALLS),
            Map.entry("failed_pages", QUERY_CALLS),
            Map.entry("changed_pages", QUERY_CALLS),
            Map.entry("lose_notices", ALL_NOTICES),
            Map.entry("duplicate_notices", ALL_NOTICES),
            Map.entry("late_notices", ALL_NOTICES),
            Map.entry("reorder_notices", ALL_NOTICES),
            Map.entry("drop_at_notices", new Kind(Form.COUNTER, Set.of(FILLS), NOTICES)),
            Map.entry("truncate_frames", FRAMES),
            Map.entry("garble_frames", FRAMES),
            Map.entry("late_acks", MESSAGES),
            Map.entry("refuse_registrations", MESSAGES),
            Map.entry("late_answer_ms", TIME),
            Map.entry("late_notice_ms", TIME),
            Map.entry("late_ack_ms", TIME),
            Map.entry(LATENCY, CALL_TIME),
            Map.entry("exchange_delay_ms", REQUEST_TIME),
            Map.entry("hide_orders_seconds", REQUEST_TIME),
            Map.entry("balance_lag_seconds", TIME),
            Map.entry("linger_seconds", TIME),
            Map.entry(CLOCK_SKEW, TIME),
            Map.entry("registration_limit", TIME),
            Map.entry("stop_pingpong", FLAG),
            Map.entry("stop_data", FLAG),
            Map.entry("split_records", FLAG),
            Map.entry("merge_records", FLAG),
            Map.entry("extra_column", FLAG),
            Map.entry("half_open_sockets", FLAG),
            Map.entry("keep_notice_keys", FLAG),
            Map.entry("keep_refused_sockets", FLAG),
            Map.entry("refuse_paper_weekends", FLAG),
            Map.entry("expired_tokens_200", FLAG),
            Map.entry("rejects_500", FLAG),
            Map.entry("refuse_old_tr_ids", FLAG),
            Map.entry("route_by_path", FLAG),
            Map.entry("first_pages_f", FLAG),
            Map.entry("plain_notice_acks", FLAG),
            Map.entry("one_token", FLAG),
            Map.entry("omit_order_rows", FLAG),
            Map.entry("blocked_accounts", FLAG),
            Map.entry("drop_sockets", ACTION),
            Map.entry("close_sockets", ACTION),
            Map.entry("freeze_sockets", ACTION),
            Map.entry("kill_tokens", ACTION),
            Map.entry("revoke_tokens", ACTION),
            Map.entry("forget_approvals", ACTION),
            Map.entry("roll_day", ACTION));

    private static final Map<String, Long> DEFAULT_TIMES =
            Map.of("late_answer_ms", 3_000L, "late_notice_ms", 1_000L, "late_ack_ms", 1_000L);

    /** A fault that is on from an instant on. */
    private static final class Rule {
        final Scenario.Fault fault;
        final Set<String> on;
        final Instant from;
        final Instant until;
        long remaining;

        Rule(Scenario.Fault fault, Instant start) {
            this.fault = fault;
            this.on = fault.on().isEmpty() ? kind(fault.name()).defaultTargets() : fault.on();
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

    private static Kind kind(String name) {
        Kind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(unknown(name));
        }
        return kind;
    }

    private static String unknown(String name) {
        return "no fault is called " + name + "; there are " + new TreeSet<>(KINDS.keySet());
    }

    // ---- switching -----------------------------------------------------------------------------------------------

    /** The names of all faults. */
    static Set<String> names() {
        return new TreeSet<>(KINDS.keySet());
    }

    /** The fields that a fault of this name takes. */
    static Set<String> fieldsOf(String name) {
        Set<String> fields = new TreeSet<>(kind(name).form().fields);
        if (!acceptsPath(name)) {
            fields.remove("path");
        }
        return fields;
    }

    /** Whether the fault hits incoming calls, whose path is available. */
    private static boolean acceptsPath(String name) {
        Set<String> allowedTargets = kind(name).allowedTargets();
        return !allowedTargets.isEmpty()
                && CALLS_AND_TOKENS.containsAll(allowedTargets)
                && !name.equals(REJECT_BY_EXCHANGE);
    }

    /** The errors of a fault, one sentence each. */
    static List<String> validateFault(Scenario.Fault fault) {
        String name = fault.name();
        Kind kind = KINDS.get(name);
        if (kind == null) {
            return List.of(unknown(name));
        }
        List<String> errors = new ArrayList<>();
        Set<String> impossible = new TreeSet<>(fault.on());
        impossible.removeAll(kind.allowedTargets());
        if (!impossible.isEmpty()) {
            errors.add(name + " cannot be on " + impossible + ", only on " + new TreeSet<>(kind.allowedTargets()));
        }
        if (fault.count() < 1) {
            errors.add(name + ".count must be at least 1");
        }
        if (!(fault.chance() > 0 && fault.chance() <= 1)) {
            errors.add(name + ".chance must lie above 0 and up to 1, not " + fault.chance());
        }
        if (fault.at().isNegative()
                || fault.lasting().filter(t -> t.isNegative() || t.isZero()).isPresent()) {
            errors.add(name + ".at must not lie before the start, and .for must be above 0");
        }
        if (kind.form() == Form.TIME || kind.form() == Form.DRAWN) {
            boolean mayBeNegative = name.equals(CLOCK_SKEW);
            if (Math.abs(fault.value()) > LARGEST_VALUE || fault.value() == 0 || fault.value() < 0 && !mayBeNegative) {
                errors.add(name + ".value must be a time above 0" + (mayBeNegative ? " or below it" : ""));
            }
        }
        if (!fault.path().isEmpty() && !acceptsPath(name)) {
            errors.add(name + " has no .path");
        }
        if (fault.spread() < 0 || fault.spread() > LARGEST_VALUE) {
            errors.add(name + ".spread must be a time, not below 0");
        }
        if (fault.distribution() == Scenario.Distribution.UNIFORM && fault.spread() > fault.value()) {
            errors.add(name + ".spread must not be more than .value, or some answers would precede their requests");
        }
        if (fault.distribution() == Scenario.Distribution.CONSTANT && fault.spread() > 0) {
            errors.add(name + ".spread needs a .distribution that is uniform or lognormal");
        }
        return errors;
    }

    /** The errors of a control call, one sentence each; empty when it may be applied. */
    List<String> validateSwitches(Map<String, Object> values) {
        List<String> errors = new ArrayList<>();
        values.forEach((name, value) -> {
            if (name.equals("clear")) {
                if (!Boolean.TRUE.equals(value)) {
                    errors.add("clear must be true");
                }
            } else if (!KINDS.containsKey(name)) {
                errors.add(unknown(name));
            } else if (value instanceof Map<?, ?> fields) {
                try {
                    parse(name, fields);
                } catch (IllegalArgumentException e) {
                    errors.add(String.valueOf(e.getMessage()));
                }
            } else if (isNumber(name)) {
                long min = name.equals(CLOCK_SKEW) ? -LARGEST_VALUE : 0;
                if (!(value instanceof Long n) || n < min || n > LARGEST_VALUE) {
                    errors.add(name + " must be a whole number from " + min + " to " + LARGEST_VALUE);
                }
            } else if (!(value instanceof Boolean)) {
                errors.add(name + " must be true or false");
            }
        });
        if (!hasCapacity(values.size())) {
            errors.add(TOO_MANY);
        }
        return errors;
    }

    private static boolean isNumber(String name) {
        return switch (kind(name).form()) {
            case COUNTER, TIME, DRAWN -> true;
            case FLAG, ACTION -> false;
        };
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
        KINDS.forEach((name, kind) -> {
            switch (kind.form()) {
                case COUNTER, TIME, DRAWN -> amounts.put(name, DEFAULT_TIMES.getOrDefault(name, 0L));
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
        Set<String> defaultTargets = kind(counter).defaultTargets();
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
                if (rule.remaining != Long.MAX_VALUE
                        && kind(name).form() != Form.TIME
                        && kind(name).form() != Form.DRAWN) {
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
        Optional<Rule> rule = rules.containsKey(LATENCY) ? consumeRule(LATENCY, occasion) : Optional.empty();
        long millis = rule.map(r -> drawLatency(r.fault)).orElseGet(() -> plainTime(LATENCY));
        if (millis > 0) {
            hits.merge(LATENCY, 1L, Long::sum);
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
        return instant.plusSeconds(time(CLOCK_SKEW, ""));
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
            if (kind(entry.getKey()).form() == Form.ACTION) {
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
                            && kind(rule.fault.name()).form() == Form.COUNTER) {
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
