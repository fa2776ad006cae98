package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import kr.kisgateway.simulator.account.Refusal;

/** Observes clients and counts their violations. It never changes an answer. */
final class ConformanceMonitor {
    /** Clients that are counted one by one; further ones are counted together. */
    private static final int MAX_CLIENTS = 1_000;

    /** Orders and registrations recorded per client; the oldest are dropped first. */
    private static final int MAX_TRACKED = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<String> HEADERS =
            List.of("content-type", "authorization", "appkey", "appsecret", "tr_id", "custtype");

    /** Codes of a call that the broker does not serve. */
    private static final List<String> UNKNOWN_TR_CODES = List.of("OPSQ0002", "EGW02004", "EGW02006");

    /** The outcome of an order as its client observes it. */
    enum OrderOutcome {
        ACCEPTED,
        REFUSED,
        /** It exists, and its answer was lost. */
        ACCEPTED_UNANSWERED,
        /** It does not exist, and its answer was lost. */
        UNANSWERED
    }

    private record SentOrder(Instant at, OrderOutcome outcome, boolean queriedSince) {}

    private static final class Client {
        final String name;
        final Map<Violation, Long> counts = new EnumMap<>(Violation.class);
        final Map<Violation, String> examples = new EnumMap<>(Violation.class);
        final Map<String, SentOrder> orders = boundedMap();
        final Map<Object, Deque<Instant>> times = boundedMap();

        Client(String name) {
            this.name = name;
        }

        void addViolation(Violation violation, String example) {
            counts.merge(violation, 1L, Long::sum);
            examples.put(violation, example);
        }
    }

    private static <K, V> Map<K, V> boundedMap() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MAX_TRACKED;
            }
        };
    }

    private final ConformanceLimits limits;
    private final Map<String, Client> clients = new LinkedHashMap<>();

    ConformanceMonitor(ConformanceLimits limits) {
        this.limits = limits;
    }

    private Client client(String name) {
        String counted = clients.containsKey(name) || clients.size() < MAX_CLIENTS ? name : "others";
        return clients.computeIfAbsent(counted, Client::new);
    }

    private Client client(Optional<Identities.AppKey> key) {
        return client(key.map(k -> k.mask).orElse("(no app key)"));
    }

    // ---- REST ----------------------------------------------------------------------------------------------------

    /** Records a call under /uapi, before any check. */
    void callReceived(Input.Rest call, Optional<Identities.AppKey> key) {
        Client client = client(key);
        if (call.path().equals("/uapi/hashkey")) {
            return;
        }
        TreeSet<String> missing = new TreeSet<>();
        for (String header : HEADERS) {
            if (call.headers().getOrDefault(header, "").isBlank()) {
                missing.add(header);
            }
        }
        if (!missing.isEmpty()) {
            client.addViolation(Violation.MISSING_HEADERS, call.path() + " came without " + String.join(", ", missing));
        }
    }

    void overLimit(Input.Rest call, Identities.AppKey key) {
        client(key.mask).addViolation(Violation.CALLS_OVER_LIMIT, call.path());
    }

    void overLedgerLimit(Input.Rest call, Identities.AppKey key) {
        client(key.mask).addViolation(Violation.LEDGER_CALLS_OVER_LIMIT, call.path());
    }

    /** Records a refused call, if its TR id is the cause. */
    void refused(Input.Rest call, Identities.AppKey key, HttpAnswer answer) {
        for (String code : UNKNOWN_TR_CODES) {
            if (answer.body().contains('"' + code + '"')) {
                client(key.mask)
                        .addViolation(
                                Violation.UNKNOWN_TR_IDS,
                                displayTrId(call.headers().getOrDefault("tr_id", "")) + " on " + call.path() + " ("
                                        + code + ")");
            }
        }
    }

    /** Records a token request that came too soon, if that is what the answer reports. */
    void tokenAnswered(Optional<Identities.AppKey> key, HttpAnswer answer) {
        if (answer.body().contains("\"EGW00133\"")) {
            client(key).addViolation(Violation.TOKENS_OVER_LIMIT, "/oauth2/tokenP");
        }
    }

    /** Records a query of the account's orders: lost answers may be resolved now. */
    void ordersQueried(Identities.AppKey key, String account) {
        client(key.mask)
                .orders
                .replaceAll((order, sent) -> !sent.queriedSince() && order.startsWith(account)
                        ? new SentOrder(sent.at(), sent.outcome(), true)
                        : sent);
    }

    /** Records an order that the ledger refuses. */
    void refused(Identities.AppKey key, Refusal why, String symbol, String price) {
        switch (why) {
            case OFF_TICK -> client(key.mask).addViolation(Violation.OFF_TICK_PRICES, symbol + " at " + price);
            case CLOSED_DAY, TOO_EARLY, TOO_LATE ->
                client(key.mask).addViolation(Violation.ORDERS_OUTSIDE_SESSIONS, symbol + " (" + why + ")");
            default -> {
                // Too little money or too few shares are no violation.
            }
        }
    }

    /**
     * Records an order that passed validation.
     *
     * @param account masked
     * @param order everything that makes two orders equal
     */
    void ordered(Identities.AppKey key, String account, String order, OrderOutcome outcome, Instant now) {
        Client client = client(key.mask);
        SentOrder before = client.orders.get(account + ' ' + order);
        if (before != null && before.at().plus(limits.duplicateWindow()).isAfter(now)) {
            String repetition =
                    order + ", " + Duration.between(before.at(), now).toMillis() + " ms after ";
            switch (before.outcome()) {
                case ACCEPTED -> client.addViolation(Violation.DUPLICATE_ORDERS, repetition + "it was accepted");
                case ACCEPTED_UNANSWERED ->
                    client.addViolation(Violation.DUPLICATE_ORDERS, repetition + "it was accepted without an answer");
                case UNANSWERED -> {
                    if (!before.queriedSince()) {
                        client.addViolation(
                                Violation.DUPLICATE_ORDERS,
                                repetition + "it was not answered, without a query of the orders");
                    }
                }
                case REFUSED -> {
                    if (outcome == OrderOutcome.REFUSED) {
                        client.addViolation(Violation.REPEATED_REFUSALS, repetition + "it was refused");
                    }
                }
            }
        }
        client.orders.put(account + ' ' + order, new SentOrder(now, outcome, false));
    }

    // ---- WebSocket -----------------------------------------------------------------------------------------------

    /** Records the request for a session of the app key, granted or not. */
    void sessionOpened(Identities.AppKey key, Instant now) {
        Client client = client(key.mask);
        if (exceedsRate(client, "sessions", limits.sessionsPerMinute(), now)) {
            client.addViolation(
                    Violation.RECONNECT_LOOPS, "more than " + limits.sessionsPerMinute() + " sessions within a minute");
        }
    }

    void registered(Identities.AppKey key, long session, Registrations.Registration registration, Instant now) {
        Client client = client(key.mask);
        if (exceedsRate(
                client,
                session + " " + registration.trId() + ' ' + Secrets.hash(registration.trKey()),
                limits.registrationsPerMinute(),
                now)) {
            client.addViolation(Violation.REGISTRATION_LOOPS, registration.trId());
        }
    }

    private static boolean exceedsRate(Client client, Object what, int allowed, Instant now) {
        Deque<Instant> times = client.times.computeIfAbsent(what, w -> new ArrayDeque<>());
        times.addLast(now);
        while (times.size() > allowed + 1) {
            times.removeFirst();
        }
        return times.size() > allowed && times.getFirst().plus(MINUTE).isAfter(now);
    }

    void registrationsLeaked(Identities.AppKey key, int registrations) {
        Client client = client(key.mask);
        client.counts.merge(Violation.REGISTRATIONS_LEAKED, (long) registrations, Long::sum);
        client.examples.put(Violation.REGISTRATIONS_LEAKED, registrations + " at one close");
    }

    void overRegistrations(Identities.AppKey key, String trId) {
        client(key.mask).addViolation(Violation.REGISTRATIONS_OVER_LIMIT, trId);
    }

    void pingUnanswered(Optional<Identities.AppKey> key) {
        client(key).addViolation(Violation.UNANSWERED_PINGS, "the session was closed for it");
    }

    void unknownTr(Identities.AppKey key, String trId) {
        client(key.mask)
                .addViolation(Violation.UNKNOWN_TR_IDS, "a registration of " + displayTrId(trId) + " (OPSP8991)");
    }

    /** A client may send anything as a TR id, also a secret in the wrong place. */
    private static String displayTrId(String trId) {
        return trId.matches("[A-Z0-9]{1,16}") ? trId : "a malformed TR id";
    }

    // ---- verdict -------------------------------------------------------------------------------------------------

    Verdict verdict() {
        List<Verdict.Client> all = new ArrayList<>();
        clients.values().forEach(c -> all.add(new Verdict.Client(c.name, new HashMap<>(c.counts), c.examples)));
        return new Verdict(all);
    }

    /** Clears the counts of all clients; orders sent before still count as sent. */
    void reset() {
        clients.values().forEach(client -> {
            client.counts.clear();
            client.examples.clear();
        });
    }
}
