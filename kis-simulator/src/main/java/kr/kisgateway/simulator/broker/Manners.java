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
final class Manners {
    /** Clients counted one by one; what comes after is counted together. */
    private static final int MOST_CLIENTS = 1_000;

    /** Orders and registrations that are remembered of one client; the oldest go first. */
    private static final int MOST_REMEMBERED = 10_000;

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final List<String> HEADERS =
            List.of("content-type", "authorization", "appkey", "appsecret", "tr_id", "custtype");

    /** Codes of a call that nobody serves. */
    private static final List<String> NO_SUCH_TR = List.of("OPSQ0002", "EGW02004", "EGW02006");

    /** What came of an order as its client knows it. */
    enum Told {
        ACCEPTED,
        REFUSED,
        /** It exists, and nobody said so. */
        NOT_TOLD,
        /** It does not exist, and nobody said that either. */
        LOST
    }

    private record Sent(Instant at, Told told, boolean lookedUp) {}

    private static final class Client {
        final String name;
        final Map<Offence, Long> counts = new EnumMap<>(Offence.class);
        final Map<Offence, String> examples = new EnumMap<>(Offence.class);
        final Map<String, Sent> orders = remembering();
        final Map<Object, Deque<Instant>> times = remembering();

        Client(String name) {
            this.name = name;
        }

        void did(Offence offence, String example) {
            counts.merge(offence, 1L, Long::sum);
            examples.put(offence, example);
        }
    }

    private static <K, V> Map<K, V> remembering() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        };
    }

    private final Judging judging;
    private final Map<String, Client> clients = new LinkedHashMap<>();

    Manners(Judging judging) {
        this.judging = judging;
    }

    private Client client(String name) {
        String counted = clients.containsKey(name) || clients.size() < MOST_CLIENTS ? name : "others";
        return clients.computeIfAbsent(counted, Client::new);
    }

    private Client client(Optional<Identities.AppKey> key) {
        return client(key.map(k -> k.mask).orElse("(no app key)"));
    }

    // ---- REST ----------------------------------------------------------------------------------------------------

    /** A call under /uapi, before anything else is looked at. */
    void called(Input.Rest call, Optional<Identities.AppKey> key) {
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
            client.did(Offence.MISSING_HEADERS, call.path() + " came without " + String.join(", ", missing));
        }
    }

    void overLimit(Input.Rest call, Identities.AppKey key) {
        client(key.mask).did(Offence.CALLS_OVER_LIMIT, call.path());
    }

    void overLedgerLimit(Input.Rest call, Identities.AppKey key) {
        client(key.mask).did(Offence.LEDGER_CALLS_OVER_LIMIT, call.path());
    }

    /** A call was refused because of its TR id, if that is why. */
    void refused(Input.Rest call, Identities.AppKey key, HttpAnswer answer) {
        for (String code : NO_SUCH_TR) {
            if (answer.body().contains('"' + code + '"')) {
                client(key.mask)
                        .did(
                                Offence.UNKNOWN_TR_IDS,
                                named(call.headers().getOrDefault("tr_id", "")) + " on " + call.path() + " (" + code
                                        + ")");
            }
        }
    }

    /** A token was asked for too soon, if that is what the answer says. */
    void token(Optional<Identities.AppKey> key, HttpAnswer answer) {
        if (answer.body().contains("\"EGW00133\"")) {
            client(key).did(Offence.TOKENS_OVER_LIMIT, "/oauth2/tokenP");
        }
    }

    /** Orders of the account were looked up: what was not told may be known now. */
    void lookedUp(Identities.AppKey key, String account) {
        client(key.mask)
                .orders
                .replaceAll((order, sent) -> order.startsWith(account) ? new Sent(sent.at(), sent.told(), true) : sent);
    }

    /** The ledger refuses an order. */
    void refused(Identities.AppKey key, Refusal why, String symbol, String price) {
        switch (why) {
            case OFF_TICK -> client(key.mask).did(Offence.OFF_TICK_PRICES, symbol + " at " + price);
            case CLOSED_DAY, TOO_EARLY, TOO_LATE ->
                client(key.mask).did(Offence.ORDERS_OUTSIDE_SESSIONS, symbol + " (" + why + ")");
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
    void ordered(Identities.AppKey key, String account, String order, Told told, Instant now) {
        Client client = client(key.mask);
        Sent before = client.orders.get(account + ' ' + order);
        if (before != null && before.at().plus(judging.duplicatesWithin()).isAfter(now)) {
            String again = order + ", " + Duration.between(before.at(), now).toMillis() + " ms after ";
            switch (before.told()) {
                case ACCEPTED -> client.did(Offence.DUPLICATE_ORDERS, again + "it was accepted");
                case NOT_TOLD -> client.did(Offence.DUPLICATE_ORDERS, again + "it was accepted without an answer");
                case LOST -> {
                    if (!before.lookedUp()) {
                        client.did(Offence.DUPLICATE_ORDERS, again + "it was not answered, without looking it up");
                    }
                }
                case REFUSED -> {
                    if (told == Told.REFUSED) {
                        client.did(Offence.REPEATED_REFUSALS, again + "it was refused");
                    }
                }
            }
        }
        client.orders.put(account + ' ' + order, new Sent(now, told, false));
    }

    // ---- WebSocket -----------------------------------------------------------------------------------------------

    /** A session asks to be the app key's, whether or not it becomes it. */
    void connected(Identities.AppKey key, Instant now) {
        Client client = client(key.mask);
        if (tooOften(client, "sessions", judging.sessionsAMinute(), now)) {
            client.did(Offence.RECONNECT_LOOPS, "more than " + judging.sessionsAMinute() + " sessions within a minute");
        }
    }

    void registered(Identities.AppKey key, long session, Sockets.Registration registration, Instant now) {
        Client client = client(key.mask);
        if (tooOften(
                client,
                session + " " + registration.trId() + ' ' + Secrets.hash(registration.trKey()),
                judging.registrationsAMinute(),
                now)) {
            client.did(Offence.REGISTRATION_LOOPS, registration.trId());
        }
    }

    private static boolean tooOften(Client client, Object what, int allowed, Instant now) {
        Deque<Instant> times = client.times.computeIfAbsent(what, w -> new ArrayDeque<>());
        times.addLast(now);
        while (times.size() > allowed + 1) {
            times.removeFirst();
        }
        return times.size() > allowed && times.getFirst().plus(MINUTE).isAfter(now);
    }

    void leaked(Identities.AppKey key, int registrations) {
        Client client = client(key.mask);
        client.counts.merge(Offence.REGISTRATIONS_LEAKED, (long) registrations, Long::sum);
        client.examples.put(Offence.REGISTRATIONS_LEAKED, registrations + " at one close");
    }

    void overRegistrations(Identities.AppKey key, String trId) {
        client(key.mask).did(Offence.REGISTRATIONS_OVER_LIMIT, trId);
    }

    void pingUnanswered(Optional<Identities.AppKey> key) {
        client(key).did(Offence.UNANSWERED_PINGS, "the session was closed for it");
    }

    void unknownTr(Identities.AppKey key, String trId) {
        client(key.mask).did(Offence.UNKNOWN_TR_IDS, "a registration of " + named(trId) + " (OPSP8991)");
    }

    /** What a client calls a TR id may be anything, also a secret in the wrong place. */
    private static String named(String trId) {
        return trId.matches("[A-Z0-9]{1,16}") ? trId : "what is no TR id";
    }

    // ---- verdict -------------------------------------------------------------------------------------------------

    Verdict verdict() {
        List<Verdict.Client> all = new ArrayList<>();
        clients.values().forEach(c -> all.add(new Verdict.Client(c.name, new HashMap<>(c.counts), c.examples)));
        return new Verdict(all);
    }

    /** Everybody has a clean slate; what was sent before still counts as sent. */
    void forgive() {
        clients.values().forEach(client -> {
            client.counts.clear();
            client.examples.clear();
        });
    }
}
