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

/** Watches what clients do, and counts what they should not. It never changes an answer. */
final class ConformanceMonitor {
    /** Clients counted one by one; what comes after is counted together. */
    private static final int MAX_CLIENTS = 1_000;

    /** Orders and registrations that are remembered of one client; the oldest go first. */
    private static final int MAX_TRACKED = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<String> HEADERS =
            List.of("content-type", "authorization", "appkey", "appsecret", "tr_id", "custtype");

    /** Codes of a call that nobody serves. */
    private static final List<String> UNKNOWN_TR_CODES = List.of("OPSQ0002", "EGW02004", "EGW02006");

    /** What came of an order as its client knows it. */
    enum OrderOutcome {
        ACCEPTED,
        REFUSED,
        /** It exists, and nobody said so. */
        ACCEPTED_UNANSWERED,
        /** It does not exist, and nobody said that either. */
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

    /** A call under /uapi, before anything else is looked at. */
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

    /** A call was refused because of its TR id, if that is why. */
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

    /** A token was asked for too soon, if that is what the answer says. */
    void tokenAnswered(Optional<Identities.AppKey> key, HttpAnswer answer) {
        if (answer.body().contains("\"EGW00133\"")) {
            client(key).addViolation(Violation.TOKENS_OVER_LIMIT, "/oauth2/tokenP");
        }
    }

    /** Orders of the account were looked up: what was not told may be known now. */
    void ordersQueried(Identities.AppKey key, String account) {
        client(key.mask)
                .orders
                .replaceAll((order, sent) ->
                        order.startsWith(account) ? new SentOrder(sent.at(), sent.outcome(), true) : sent);
    }

    /** The ledger refuses an order. */
    void refused(Identities.AppKey key, Refusal why, String symbol, String price) {
        switch (why) {
            case OFF_TICK -> client(key.mask).addViolation(Violation.OFF_TICK_PRICES, symbol + " at " + price);
            case CLOSED_DAY, TOO_EARLY, TOO_LATE ->
                client(key.mask).addViolation(Violation.ORDERS_OUTSIDE_SESSIONS, symbol + " (" + why + ")");
            default -> {
                // Too little money or too few shares are nobody's manners.
            }
        }
    }

    /**
     * An order came that could be taken.
     *
     * @param account masked
     * @param order everything that makes two orders the same
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
                                Violation.DUPLICATE_ORDERS, repetition + "it was not answered, without looking it up");
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

    /** A session asks to be the app key's, whether or not it becomes it. */
    void sessionOpened(Identities.AppKey key, Instant now) {
        Client client = client(key.mask);
        if (exceedsRate(client, "sessions", limits.sessionsPerMinute(), now)) {
            client.addViolation(
                    Violation.RECONNECT_LOOPS, "more than " + limits.sessionsPerMinute() + " sessions within a minute");
        }
    }

    void registered(Identities.AppKey key, long session, Sockets.Registration registration, Instant now) {
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

    /** What a client calls a TR id may be anything, also a secret in the wrong place. */
    private static String displayTrId(String trId) {
        return trId.matches("[A-Z0-9]{1,16}") ? trId : "what is no TR id";
    }

    // ---- verdict -------------------------------------------------------------------------------------------------

    Verdict verdict() {
        List<Verdict.Client> all = new ArrayList<>();
        clients.values().forEach(c -> all.add(new Verdict.Client(c.name, new HashMap<>(c.counts), c.examples)));
        return new Verdict(all);
    }

    /** Everybody has a clean slate; what was sent before still counts as sent. */
    void reset() {
        clients.values().forEach(client -> {
            client.counts.clear();
            client.examples.clear();
        });
    }
}
