package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;

/**
 * Programs that trade through a gateway until it stops: they place, modify, cancel and repeat, each under a key of its own.
 * Requests and answers are recorded across all restarts of the gateway.
 */
final class Traders {
    /** Answers that leave open what became of the request. */
    private static final Set<String> UNDECIDED_CODES =
            Set.of("JOURNAL_UNAVAILABLE", "OWNER_UNAVAILABLE", "IDEMPOTENCY_IN_FLIGHT");

    /** Refusals of a gateway that cannot serve now; any other answer of that kind is a defect. */
    private static final Set<String> UNAVAILABLE_CODES = Set.of(
            "JOURNAL_UNAVAILABLE",
            "QUEUE_TIMEOUT",
            "POSITION_PROVIDER_UNAVAILABLE",
            "NOT_READY",
            "DISK_LOW",
            "NO_OWNER",
            "OWNER_UNAVAILABLE");

    /** Symbols with about their last price; all of the 50-won tick. */
    private static final Map<String, Integer> SYMBOLS = Map.of("003490", 26_350, "024110", 24_100, "316140", 33_900);

    private static final List<String> CODES = SYMBOLS.keySet().stream().sorted().toList();
    private static final int TICK = 50;

    /** The answer that a modification or cancel received. */
    private enum RevisionResult {
        NO_ANSWER,
        ACCEPTED,
        REFUSED
    }

    /** @param change of a modification; a cancel has none */
    private record Revision(
            int round, String key, String order, String path, String body, Optional<DayTrace.ModifyCall> change) {}

    private record Placing(int round, String key, String body) {}

    private final Map<String, ClientCall> calls = new ConcurrentHashMap<>();
    private final Map<String, OrderFingerprint> prints = new ConcurrentHashMap<>();
    private final Map<String, Placing> placings = new ConcurrentHashMap<>();
    private final Map<String, Revision> revisions = new ConcurrentHashMap<>();
    private final Map<String, RevisionResult> revisionResults = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<DayTrace.Acknowledgement> acknowledgements = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> denied = new ConcurrentLinkedQueue<>();
    private final AtomicInteger repeats = new AtomicInteger();

    // ---- recorded requests and answers ----

    List<ClientCall> calls() {
        return List.copyOf(calls.values());
    }

    int acknowledged() {
        return (int)
                calls.values().stream().filter(c -> c.orderId().isPresent()).count();
    }

    int repeats() {
        return repeats.get();
    }

    /** Modifications that may have been accepted. */
    List<DayTrace.ModifyCall> changes() {
        return revisions.values().stream()
                .filter(r -> revisionResults.get(r.key()) != RevisionResult.REFUSED)
                .flatMap(r -> r.change().stream())
                .toList();
    }

    List<DayTrace.Cancel> cancels() {
        return revisions.values().stream()
                .filter(r -> r.change().isEmpty() && revisionResults.get(r.key()) != RevisionResult.REFUSED)
                .map(r -> new DayTrace.Cancel(
                        r.order(), r.key(), revisionResults.get(r.key()) == RevisionResult.ACCEPTED))
                .toList();
    }

    List<DayTrace.Acknowledgement> acknowledgements() {
        return List.copyOf(acknowledgements);
    }

    List<String> denied() {
        return List.copyOf(denied);
    }

    // ---- trading ----

    /** Runs one program; returns when {@code running} is off or the gateway has stopped. */
    void trade(
            int round,
            GatewayClient gateway,
            String name,
            Random random,
            AtomicBoolean running,
            AtomicInteger started) {
        var open = new ArrayList<String>();
        var ownKeys = new ArrayList<String>();
        for (var i = 0; running.get(); i++) {
            started.incrementAndGet();
            try {
                var placing = recordPlacing(round, name + i, random);
                ownKeys.add(placing.key());
                place(gateway, placing).ifPresent(open::add);
                if (random.nextInt(8) == 0) place(gateway, recordPlacing(round, name + i + "-twin", placing.key()));
                if (!open.isEmpty() && random.nextInt(3) == 0) {
                    var order = open.get(random.nextInt(open.size()));
                    revise(gateway, modification(round, order, name + i + "-modify", random));
                }
                if (!open.isEmpty() && random.nextInt(3) == 0) {
                    var order = open.remove(random.nextInt(open.size()));
                    revise(gateway, cancel(round, order, name + i + "-cancel"));
                }
                if (random.nextInt(4) == 0) repeat(gateway, ownKeys.get(random.nextInt(ownKeys.size())));
                // At the pace of the answers, so that the queue does not only grow.
                if (!open.isEmpty()) gateway.get("/v1/orders/" + open.getLast());
            } catch (GatewayException e) {
                return; // killed; whether the last call counted is verified later
            }
        }
    }

    private Placing recordPlacing(int round, String key, Random random) {
        var symbol = CODES.get(random.nextInt(CODES.size()));
        boolean market = random.nextInt(10) == 0;
        long price = market ? 0 : SYMBOLS.get(symbol) + (long) TICK * (random.nextInt(17) - 8);
        long qty = 1 + random.nextInt(random.nextInt(5) == 0 ? 400 : 20);
        var side = random.nextInt(5) < 2 ? "SELL" : "BUY";
        if (side.equals("SELL")) qty = 1 + random.nextInt(8);
        var by = Instant.now().plusMillis(500 + random.nextInt(4_000)).truncatedTo(ChronoUnit.MILLIS);
        return recordPlacing(round, key, new OrderFingerprint(symbol, side, qty, price), by);
    }

    /** An order that resembles another one but is a different one. */
    private Placing recordPlacing(int round, String key, String original) {
        var call = calls.get(original);
        return recordPlacing(round, key, call.fingerprint(), call.dispatchBy());
    }

    private Placing recordPlacing(int round, String key, OrderFingerprint print, Instant by) {
        var price = print.price() == 0 ? Optional.<Long>empty() : Optional.of(print.price());
        var body = Programs.order(print.symbol(), print.side(), print.qty(), price)
                .replaceFirst("}$", ",\"dispatch_by\":\"" + OffsetDateTime.ofInstant(by, ZoneOffset.UTC) + "\"}");
        var placing = new Placing(round, key, body);
        calls.put(key, new ClientCall(key, print, by, Optional.empty(), false));
        placings.put(key, placing);
        return placing;
    }

    private Optional<String> place(GatewayClient gateway, Placing placing) {
        var key = placing.key();
        var answer = requireExpected(gateway.post("/v1/orders", placing.body(), key));
        if (UNDECIDED_CODES.contains(answer.code())) return Optional.empty();
        var before = calls.get(key);
        if (reachedNoGateway(answer) && before.orderId().isPresent()) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            if (before.orderId().isPresent()) {
                denied.add(key + " " + answer);
            } else {
                calls.put(key, new ClientCall(key, before.fingerprint(), before.dispatchBy(), Optional.empty(), true));
            }
            return Optional.empty();
        }
        var order = answer.body().path("order_id").asString();
        acknowledgements.add(new DayTrace.Acknowledgement(key, order, true));
        prints.put(order, before.fingerprint());
        calls.put(key, new ClientCall(key, before.fingerprint(), before.dispatchBy(), Optional.of(order), false));
        return Optional.of(order);
    }

    /** Of a gateway that only is not ready yet, the answer to a repetition is that of the first request. */
    private static boolean reachedNoGateway(Answer answer) {
        return answer.code().equals("NO_OWNER")
                || answer.code().equals("NOT_READY")
                        && answer.body().path("message").asString().startsWith("The gateway is stopping");
    }

    /** An acknowledged request may be repeated at any time; a refused one would be a new order. */
    private void repeat(GatewayClient gateway, String key) {
        if (calls.get(key).refused()) return;
        repeats.incrementAndGet();
        place(gateway, placings.get(key));
    }

    private Revision modification(int round, String order, String key, Random random) {
        var print = prints.get(order);
        boolean market = print.price() == 0;
        var qty = market || random.nextInt(5) < 3
                ? OptionalLong.of(1 + random.nextInt((int) print.qty() + 1))
                : OptionalLong.empty();
        var price = !market && (qty.isEmpty() || random.nextInt(5) < 2)
                ? OptionalLong.of(SYMBOLS.get(print.symbol()) + (long) TICK * (random.nextInt(17) - 8))
                : OptionalLong.empty();
        var body = "{" + (qty.isPresent() ? "\"qty\":" + qty.getAsLong() : "")
                + (qty.isPresent() && price.isPresent() ? "," : "")
                + (price.isPresent() ? "\"price\":" + price.getAsLong() : "") + "}";
        var change = new DayTrace.ModifyCall(order, qty, price);
        return new Revision(round, key, order, "/v1/orders/" + order + "/modify", body, Optional.of(change));
    }

    private static Revision cancel(int round, String order, String key) {
        return new Revision(round, key, order, "/v1/orders/" + order + "/cancel", "{}", Optional.empty());
    }

    private Answer revise(GatewayClient gateway, Revision revision) {
        revisions.put(revision.key(), revision);
        revisionResults.putIfAbsent(revision.key(), RevisionResult.NO_ANSWER);
        var answer = requireExpected(gateway.post(revision.path(), revision.body(), revision.key()));
        if (!UNDECIDED_CODES.contains(answer.code())) {
            if (!answer.ok() && revisionResults.get(revision.key()) == RevisionResult.ACCEPTED) {
                denied.add(revision + " " + answer);
            } else {
                revisionResults.put(revision.key(), answer.ok() ? RevisionResult.ACCEPTED : RevisionResult.REFUSED);
            }
        }
        return answer;
    }

    private static Answer requireExpected(Answer answer) {
        if (answer.status() >= 500 && !UNAVAILABLE_CODES.contains(answer.code())) {
            throw new AssertionError("a call was answered " + answer);
        }
        return answer;
    }

    // ---- after a restart ----

    /**
     * Repeats every request of {@code round}, and {@code more} of earlier rounds: an acknowledged request must get the same
     * answer, and one without an answer gets it now.
     */
    void repeatRequests(GatewayClient gateway, int round, int more, Random random) {
        var repeated = new LinkedHashSet<Placing>();
        placings.values().stream().filter(p -> p.round() == round).forEach(repeated::add);
        var all = List.copyOf(placings.values());
        for (int n = 0; n < more && !all.isEmpty(); n++) repeated.add(all.get(random.nextInt(all.size())));
        for (var placing : repeated) {
            var before = calls.get(placing.key());
            if (before.refused()) continue;
            var order = place(gateway, placing);
            before.orderId()
                    .ifPresent(id -> assertThat(order).as(before + " again").isEqualTo(Optional.of(id)));
        }
        for (var revision : List.copyOf(revisions.values())) {
            var before = revisionResults.get(revision.key());
            if (revision.round() != round || before == RevisionResult.REFUSED) continue;
            var answer = revise(gateway, revision);
            if (before == RevisionResult.ACCEPTED) {
                assertThat(answer.header("Idempotent-Replay"))
                        .as(revision + " again: " + answer)
                        .contains("true");
            }
        }
    }
}
