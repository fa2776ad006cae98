package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import kr.kisgateway.market.NearestWord;

/**
 * A fault that exists: its form, and what it can hit. Add one to {@link #KINDS}, and {@link Faults} where it happens.
 *
 * @param defaultTargets what it hits by default; empty together with {@code allowedTargets} for faults without targets
 */
record FaultKind(Form form, Set<String> defaultTargets, Set<String> allowedTargets) {
    private static final long LARGEST_VALUE = 1_000_000_000;

    /** The only amount that may be below 0. */
    static final String CLOCK_SKEW = "clock_skew_seconds";

    private static final String REJECT_BY_EXCHANGE = "reject_by_exchange";

    static final String LATENCY = "latency_ms";

    enum Form {
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

    private static final Set<String> CALLS = Set.of(Faults.ORDERS, Faults.REVISIONS, Faults.QUERIES);
    private static final Set<String> CALLS_AND_TOKENS =
            Set.of(Faults.ORDERS, Faults.REVISIONS, Faults.QUERIES, Faults.TOKENS);
    private static final Set<String> REQUESTS = Set.of(Faults.ORDERS, Faults.REVISIONS);
    private static final Set<String> NOTICES = Set.of(Faults.RECEIPTS, Faults.FILLS, Faults.CONFIRMATIONS);
    private static final FaultKind ORDER_CALLS = new FaultKind(Form.COUNTER, Set.of(Faults.ORDERS), CALLS);
    private static final FaultKind CONNECTIONS = new FaultKind(Form.COUNTER, Set.of(Faults.ORDERS), CALLS_AND_TOKENS);
    private static final FaultKind ALL_CALLS = new FaultKind(Form.COUNTER, CALLS, CALLS);
    private static final FaultKind QUERY_CALLS =
            new FaultKind(Form.COUNTER, Set.of(Faults.QUERIES), Set.of(Faults.QUERIES));
    private static final FaultKind ALL_NOTICES = new FaultKind(Form.COUNTER, NOTICES, NOTICES);
    private static final FaultKind FRAMES =
            new FaultKind(Form.COUNTER, Set.of(Faults.TRADES), Set.of(Faults.TRADES, Faults.BOOKS, Faults.OTHERS));
    private static final FaultKind MESSAGES = new FaultKind(Form.COUNTER, Set.of(), Set.of());
    private static final FaultKind TIME = new FaultKind(Form.TIME, Set.of(), Set.of());
    private static final FaultKind REQUEST_TIME = new FaultKind(Form.TIME, REQUESTS, REQUESTS);
    private static final FaultKind CALL_TIME = new FaultKind(Form.DRAWN, CALLS_AND_TOKENS, CALLS_AND_TOKENS);
    private static final FaultKind FLAG = new FaultKind(Form.FLAG, Set.of(), Set.of());
    private static final FaultKind ACTION = new FaultKind(Form.ACTION, Set.of(), Set.of());

    private static final Map<String, FaultKind> KINDS = Map.ofEntries(
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
            Map.entry("refuse_orders", new FaultKind(Form.COUNTER, Set.of(Faults.ORDERS), Set.of(Faults.ORDERS))),
            Map.entry("refuse_prices", new FaultKind(Form.COUNTER, Set.of(Faults.ORDERS), REQUESTS)),
            Map.entry("notices_first", new FaultKind(Form.COUNTER, Set.of(Faults.ORDERS), REQUESTS)),
            Map.entry(REJECT_BY_EXCHANGE, new FaultKind(Form.COUNTER, REQUESTS, REQUESTS)),
            Map.entry("rate_limit_storm", ALL_CALLS),
            Map.entry("ledger_limit_storm", ALL_CALLS),
            Map.entry("query_errors", QUERY_CALLS),
            Map.entry("failed_pages", QUERY_CALLS),
            Map.entry("changed_pages", QUERY_CALLS),
            Map.entry("lose_notices", ALL_NOTICES),
            Map.entry("duplicate_notices", ALL_NOTICES),
            Map.entry("late_notices", ALL_NOTICES),
            Map.entry("reorder_notices", ALL_NOTICES),
            Map.entry("drop_at_notices", new FaultKind(Form.COUNTER, Set.of(Faults.FILLS), NOTICES)),
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
            Map.entry("credit_margin_percent", TIME),
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
            Map.entry("omit_loan_dates", FLAG),
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

    // ---- the table -----------------------------------------------------------------------------------------------

    /**
     * The fault of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static FaultKind of(String name) {
        FaultKind kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException(unknown(name));
        }
        return kind;
    }

    static void forEach(BiConsumer<String, FaultKind> action) {
        KINDS.forEach(action);
    }

    /** The duration of a fault that is set without one; 0 of counters and of faults that are off by default. */
    static long defaultAmount(String name) {
        return DEFAULT_TIMES.getOrDefault(name, 0L);
    }

    /** Whether its plain switch is a number, and not true or false. */
    boolean isNumber() {
        return switch (form) {
            case COUNTER, TIME, DRAWN -> true;
            case FLAG, ACTION -> false;
        };
    }

    /** Whether it is a duration that stays on, and not a number of occasions. */
    boolean isDuration() {
        return form == Form.TIME || form == Form.DRAWN;
    }

    // ---- validation ----------------------------------------------------------------------------------------------

    /** The fields that a fault of this name takes. */
    static Set<String> fieldsOf(String name) {
        Set<String> fields = new TreeSet<>(of(name).form().fields);
        if (!acceptsPath(name)) {
            fields.remove("path");
        }
        return fields;
    }

    /** Whether the fault hits incoming calls, whose path is available. */
    private static boolean acceptsPath(String name) {
        Set<String> allowedTargets = of(name).allowedTargets();
        return !allowedTargets.isEmpty()
                && CALLS_AND_TOKENS.containsAll(allowedTargets)
                && !name.equals(REJECT_BY_EXCHANGE);
    }

    /** The errors of a fault, one sentence each. */
    static List<String> validate(Scenario.Fault fault) {
        String name = fault.name();
        FaultKind kind = KINDS.get(name);
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

    /** The error of a plain switch, a number or a boolean; empty when it may be applied. */
    static Optional<String> switchError(String name, Object value) {
        FaultKind kind = KINDS.get(name);
        if (kind == null) {
            return Optional.of(unknown(name));
        }
        if (kind.isNumber()) {
            long min = name.equals(CLOCK_SKEW) ? -LARGEST_VALUE : 0;
            return value instanceof Long n && n >= min && n <= LARGEST_VALUE
                    ? Optional.empty()
                    : Optional.of(name + " must be a whole number from " + min + " to " + LARGEST_VALUE);
        }
        return value instanceof Boolean ? Optional.empty() : Optional.of(name + " must be true or false");
    }

    static boolean exists(String name) {
        return KINDS.containsKey(name);
    }

    private static String unknown(String name) {
        var names = new TreeSet<>(KINDS.keySet());
        return "no fault is called " + name
                + NearestWord.of(name, names)
                        .map(nearest -> " (did you mean \"" + nearest + "\"?)")
                        .orElse("")
                + "; there are " + String.join(", ", names);
    }
}
