package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.order.PricePolicy;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.UsListing;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.OrderCoreDriver.PlaceRequest;
import kr.kisgateway.simulation.OrderCoreDriver.Response;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.WireForm;
import kr.kisgateway.wire.OrderDivisions;

/**
 * A program that trades through the gateway as the API prescribes: every order has a key, and a request without an
 * answer is repeated with the same key. At random it also does what programs do: the same order under two keys, a key
 * repeated much later, a key with another order, batches, and cancel-alls.
 */
final class ClientProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 8;
    /** All attempts of a modification, and the time in which the gateway may carry it out. */
    private static final Duration REPLACED_WITHIN = Duration.ofMinutes(2);

    /** Transient refusals. */
    private static final List<String> TRANSIENT_REFUSALS = List.of("IDEMPOTENCY_IN_FLIGHT", "NOT_READY");

    /** Symbols with their last price; all with the 50-won tick. */
    static final Map<String, Integer> SYMBOLS = Map.of("003490", 26_350, "024110", 24_100, "316140", 33_900);

    /** US stocks with their last close in cents, in units of the currency. */
    private static final Map<UsSymbol, Long> US_PRICES = usPrices();

    private static final List<UsSymbol> US_SYMBOLS =
            US_PRICES.keySet().stream().sorted().toList();
    /** A tick of US stocks, in units of the currency. */
    static final long CENT = 100;

    static final List<String> CODES = SYMBOLS.keySet().stream().sorted().toList();
    static final int TICK = 50;
    private static final OrderFingerprint NOTHING = new OrderFingerprint("", "BUY", 1, 0);

    /**
     * A kind of order and where it goes.
     *
     * @param auto whether the gateway chooses KRX or NXT
     */
    private record Request(OrderKind kind, Venue venue, boolean auto) {
        Request(OrderKind kind, Venue venue) {
            this(kind, venue, false);
        }
    }

    private static final Request LIMIT = new Request(OrderKind.LIMIT, Venue.KRX);
    private static final Request MARKET = new Request(OrderKind.MARKET, Venue.KRX);

    /** Every other kind that a continuous session takes, on each venue. */
    private static final List<Request> OTHER_KINDS = Stream.concat(
                    OrderDivisions.load().all().stream()
                            .filter(it -> it.kind().session() == OrderSession.REGULAR)
                            .map(it -> new Request(it.kind(), it.venue()))
                            .filter(it -> !it.equals(LIMIT) && !it.equals(MARKET)),
                    Collections.nCopies(6, new Request(OrderKind.LIMIT, Venue.KRX, true)).stream())
            .toList();

    /** What the sessions of a real day take, limit orders that are valid for the day as often as all others. */
    private static final List<Request> REAL_KINDS = realKinds();

    /** What the sessions of US stocks take. */
    private static final List<OrderKind> US_KINDS = List.of(
            OrderKind.LIMIT,
            OrderKind.DAY_MARKET,
            OrderKind.regular(OrderType.LOO),
            OrderKind.regular(OrderType.LOC),
            OrderKind.regular(OrderType.MOO),
            OrderKind.regular(OrderType.MOC));

    /** How many requests of a real day may be of a kind that no market takes then. */
    private static final double ANY_KIND = 0.05;

    private final SimulationWorld world;
    private final SeededRandom random;
    private final String name;
    private final String account;
    private final double usShare;
    private final boolean realHours;
    private final List<PlaceRequest> requests = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, OrderFingerprint> fingerprintOf = new HashMap<>();
    private final List<OrderCoreDriver.CancelAllRequest> cancelAlls = new ArrayList<>();
    private int orders;
    private int batches;

    /**
     * @param account whose orders it requests
     * @param usShare how many of its orders are for US stocks
     * @param realHours whether the markets have their real hours, so that each kind is taken at some times only
     */
    ClientProgram(
            SimulationWorld world,
            SeededRandom random,
            String name,
            String account,
            double usShare,
            boolean realHours) {
        this.realHours = realHours;
        this.world = world;
        this.account = account;
        this.usShare = usShare;
        this.random = random;
        this.name = name;
    }

    private static List<Request> realKinds() {
        List<Request> all = OrderDivisions.load().all().stream()
                .filter(it -> it.isValidOn(SimulationWorld.DAY))
                .map(it -> new Request(it.kind(), it.venue()))
                .distinct()
                .toList();
        List<Request> limits = Stream.concat(
                        all.stream()
                                .filter(it -> it.kind().type() == OrderType.LIMIT
                                        && it.kind().timeInForce() == TimeInForce.DAY),
                        Stream.of(new Request(OrderKind.LIMIT, Venue.KRX, true)))
                .toList();
        var kinds = new ArrayList<>(all);
        for (int i = 0; i < all.size(); i++) {
            kinds.add(limits.get(i % limits.size()));
        }
        return List.copyOf(kinds);
    }

    private static Map<UsSymbol, Long> usPrices() {
        UsListing listing = UsListing.load();
        return Stream.of("AAPL.NASD", "KO.NYSE")
                .map(code -> UsSymbol.parse(code).orElseThrow())
                .collect(Collectors.toMap(
                        symbol -> symbol,
                        symbol -> listing.find(symbol).orElseThrow().close() / CENT * CENT));
    }

    /** The last close of a US stock in whole cents, in units of the currency. */
    static long usClose(UsSymbol symbol) {
        return US_PRICES.getOrDefault(symbol, 0L);
    }

    /** Requests {@code count} orders, one by one, over {@code span}. */
    void trade(int count, Duration span) {
        for (int i = 0; i < count; i++) {
            world.loop.in(random.millis(0, (int) span.toMillis()), this::act);
        }
    }

    private void act() {
        if (!accepted.isEmpty() && random.chance(0.2)) {
            cancel(random.pick(accepted));
        }
        if (!accepted.isEmpty() && random.chance(0.2)) {
            modify(random.pick(accepted));
        }
        if (!requests.isEmpty() && random.chance(0.05)) {
            place(random.pick(requests), 1); // a repetition much later
        }
        if (!requests.isEmpty() && random.chance(0.02)) {
            reuseKey(random.pick(requests));
        }
        if (random.chance(0.004)) {
            cancelAll(
                    new OrderCoreDriver.CancelAllRequest(name + "-sweep-" + ++orders, Optional.of(random.pick(CODES))));
        }
        if (!cancelAlls.isEmpty() && random.chance(0.05)) {
            cancelAll(random.pick(cancelAlls), 1); // a repetition much later
        }
        if (random.chance(0.04)) {
            submitBatch(random.between(2, 5));
            return;
        }
        PlaceRequest request = newRequest();
        submit(request);
        if (random.chance(0.08)) {
            submit(random.chance(0.3) ? elsewhere(request) : request.withKey(key())); // an equal order, another key
        }
    }

    /** The same order on the other venue of Korea, as far as that takes it. */
    private PlaceRequest elsewhere(PlaceRequest request) {
        boolean limit = request.kind().equals(OrderKind.LIMIT);
        boolean korean = request.venue() == Venue.KRX || request.venue() == Venue.NXT;
        return limit && korean && !request.fingerprint().form().isAuto()
                ? request.at(key(), request.venue() == Venue.KRX ? Venue.NXT : Venue.KRX)
                : request.withKey(key());
    }

    private String key() {
        return name + "-" + ++orders;
    }

    private PlaceRequest newRequest() {
        if (!realHours) {
            return usShare > 0 && random.chance(usShare)
                    ? newUsRequest(OrderKind.LIMIT)
                    : newKoreanRequest(usualKind());
        }
        boolean any = random.chance(ANY_KIND);
        List<Request> korean = REAL_KINDS.stream()
                .filter(it -> any || world.isAccepted(it.kind(), it.venue()))
                .toList();
        List<OrderKind> us = US_KINDS.stream()
                .filter(it -> any || world.isAccepted(it, Venue.NASD))
                .toList();
        if (!us.isEmpty() && usShare > 0 && (korean.isEmpty() || random.chance(usShare))) {
            return newUsRequest(random.pick(us));
        }
        return newKoreanRequest(korean.isEmpty() ? LIMIT : random.pick(korean));
    }

    private Request usualKind() {
        return random.chance(0.7) ? random.chance(0.14) ? MARKET : LIMIT : random.pick(OTHER_KINDS);
    }

    private PlaceRequest newUsRequest(OrderKind kind) {
        UsSymbol symbol = random.pick(US_SYMBOLS);
        boolean sell = random.chance(0.25) || !kind.type().isPriced();
        long last = US_PRICES.getOrDefault(symbol, 0L);
        Venue venue = Venue.usual(symbol);
        return new PlaceRequest(
                key(),
                new OrderFingerprint(
                        symbol.code(),
                        sell ? "SELL" : "BUY",
                        sell ? random.between(1, 4) : random.between(1, 60),
                        kind.type().isPriced() ? last + CENT * random.between(-30, 30) : 0,
                        account,
                        WireForm.of(kind, venue, OptionalLong.empty())),
                kind,
                OptionalLong.empty(),
                venue,
                world.gatewayClock().plus(random.millis(300, 5_000)).truncatedTo(ChronoUnit.MILLIS));
    }

    private PlaceRequest newKoreanRequest(Request kind) {
        String symbol = random.pick(CODES);
        int last = SYMBOLS.getOrDefault(symbol, 0);
        boolean sell = random.chance(0.2);
        long qty = sell ? random.between(1, 4) : buyQuantity();
        OrderType type = kind.kind().type();
        long price = type.isPriced() ? last + (long) TICK * random.between(-8, 8) : 0;
        boolean repriced = kind.equals(LIMIT) && random.chance(0.1);
        Instant by = world.gatewayClock()
                .plus(random.millis(300, type == OrderType.MARKET ? 2_000 : 5_000))
                .truncatedTo(ChronoUnit.MILLIS);
        OptionalLong stopPrice = type == OrderType.STOP_LIMIT
                ? OptionalLong.of(last + (long) TICK * random.between(-8, 8))
                : OptionalLong.empty();
        var request = new PlaceRequest(
                key(),
                new OrderFingerprint(
                        symbol,
                        sell ? "SELL" : "BUY",
                        qty,
                        price,
                        account,
                        kind.auto() ? WireForm.ofAuto(kind.kind()) : WireForm.of(kind.kind(), kind.venue(), stopPrice)),
                kind.kind(),
                stopPrice,
                kind.venue(),
                by);
        return repriced
                ? request.withPricing(
                        new PricePolicy(false, Duration.ofMillis(random.between(1_000, 6_000)), random.between(1, 4)))
                : request;
    }

    /** Mostly a few; at random so many that they fill in parts; sometimes more than the limit. */
    private int buyQuantity() {
        int kind = random.between(0, 99);
        return kind < 3 ? random.between(1_100, 1_500) : kind < 15 ? random.between(200, 900) : random.between(1, 60);
    }

    private void submit(PlaceRequest request) {
        requests.add(request);
        world.records.recordCall(request);
        place(request, ATTEMPTS);
    }

    private void place(PlaceRequest request, int attempts) {
        world.callGateway(
                TIMEOUT,
                (gateway, client) -> gateway.place(request, client),
                response -> handleResponse(request, response, attempts));
    }

    private void handleResponse(PlaceRequest request, Response response, int attempts) {
        world.timeline.log(
                world.loop.now(), name, () -> request.key() + " " + request.fingerprint() + " receives " + response);
        world.records.recordResponse(request.key(), response);
        switch (response) {
            case Response.Accepted(String order, boolean replay) -> {
                if (fingerprintOf.put(order, request.fingerprint()) == null) {
                    accepted.add(order);
                }
            }
            case Response.Refused refused -> {
                if (TRANSIENT_REFUSALS.contains(refused.code()) && attempts > 1) {
                    world.loop.in(random.millis(200, 1_000), () -> place(request, attempts - 1));
                }
            }
            case Response.Done(),
                    Response.NoAnswer(),
                    Response.Batch _,
                    Response.CancelledAll _,
                    Response.Appended _ -> {
                if (attempts > 1) {
                    world.loop.in(random.millis(100, 2_000), () -> place(request, attempts - 1));
                }
            }
        }
    }

    /** A batch, often of equal orders; sometimes one of them was requested before, or twice in the same batch. */
    private void submitBatch(int count) {
        var placeRequests = new ArrayList<PlaceRequest>();
        boolean alike = random.chance(0.4);
        for (int i = 0; i < count; i++) {
            PlaceRequest request = newRequest();
            if (alike && !placeRequests.isEmpty()) {
                request = placeRequests.getFirst().withKey(request.key());
            }
            requests.add(request);
            world.records.recordCall(request);
            placeRequests.add(request);
        }
        if (random.chance(0.3)) {
            placeRequests.add(random.pick(requests));
        }
        batches++;
        placeAll(List.copyOf(placeRequests), ATTEMPTS);
    }

    /** Repeats a batch without an answer completely. */
    private void placeAll(List<PlaceRequest> placeRequests, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.placeAll(placeRequests, client), response -> {
            switch (response) {
                case Response.Batch(List<Response> answers) -> {
                    if (answers.size() != placeRequests.size()) {
                        world.report("a batch of " + placeRequests.size() + " was answered " + answers);
                        return;
                    }
                    for (int i = 0; i < placeRequests.size(); i++) {
                        handleResponse(placeRequests.get(i), answers.get(i), attempts);
                    }
                }
                case Response.Refused refused
                when !TRANSIENT_REFUSALS.contains(refused.code()) ->
                    placeRequests.forEach(request -> handleResponse(request, refused, attempts));
                default -> {
                    world.timeline.log(
                            world.loop.now(), name, () -> "batch of " + placeRequests + " receives " + response);
                    if (attempts > 1) {
                        world.loop.in(random.millis(100, 2_000), () -> placeAll(placeRequests, attempts - 1));
                    }
                }
            }
        });
    }

    /** Cancels every open order. */
    private void cancelAll(OrderCoreDriver.CancelAllRequest request) {
        cancelAlls.add(request);
        world.records.cancelAlls(request.key(), request.symbol());
        cancelAll(request, ATTEMPTS);
    }

    private void cancelAll(OrderCoreDriver.CancelAllRequest request, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.cancelAll(request, client), response -> {
            world.timeline.log(world.loop.now(), name, () -> request + " receives " + response);
            if (response instanceof Response.CancelledAll(var named)) {
                world.records.recordCancelAllAnswer(request.key(), named);
            } else if (attempts > 1) {
                world.loop.in(random.millis(100, 2_000), () -> cancelAll(request, attempts - 1));
            }
        });
    }

    int batches() {
        return batches;
    }

    /** Orders that the gateway acknowledged and that were not cancelled. */
    List<String> accepted() {
        return accepted;
    }

    /** A key that belongs to an order must not get another one. */
    private void reuseKey(PlaceRequest used) {
        if (world.records.ownerOf(used.key()).isEmpty()) {
            return; // a refused request leaves its key free
        }
        OrderFingerprint fingerprint = used.fingerprint();
        var other = used.withFingerprint(fingerprint.with(fingerprint.qty() + 1, fingerprint.price()));
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.place(other, client), response -> {
            if (response instanceof Response.Accepted) {
                world.report("a key was accepted for another order: " + other);
            }
        });
    }

    private void modify(String order) {
        OrderFingerprint fingerprint = fingerprintOf.getOrDefault(order, NOTHING);
        boolean replace = random.chance(0.25);
        OptionalLong qty = replace || random.chance(0.6)
                ? OptionalLong.of(
                        replace
                                ? fingerprint.qty() + random.between(1, 20)
                                : random.between(1, (int) fingerprint.qty() + 2))
                : OptionalLong.empty();
        OptionalLong price = qty.isEmpty() || random.chance(0.4)
                ? OptionalLong.of(newPrice(fingerprint.symbol()))
                : OptionalLong.empty();
        var change = new OrderCoreDriver.ModifyRequest(order, "modify-" + order + "-" + ++orders, qty, price, replace);
        world.records.changes.add(new DayTrace.ModifyCall(
                order,
                qty,
                price,
                replace
                        ? Optional.of(
                                new DayTrace.ReplacedBy(world.gatewayClock().plus(REPLACED_WITHIN)))
                        : Optional.empty()));
        modify(change, fingerprint, ATTEMPTS);
    }

    private long newPrice(String symbol) {
        return OrderCoreDriver.symbol(symbol) instanceof UsSymbol us
                ? US_PRICES.getOrDefault(us, 0L) + CENT * random.between(-30, 30)
                : SYMBOLS.getOrDefault(symbol, 0) + (long) TICK * random.between(-8, 8);
    }

    private void modify(OrderCoreDriver.ModifyRequest change, OrderFingerprint fingerprint, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.modify(change, fingerprint, client), response -> {
            world.timeline.log(world.loop.now(), name, () -> change + " receives " + response);
            if (response instanceof Response.NoAnswer && attempts > 1) {
                world.loop.in(random.millis(100, 2_000), () -> modify(change, fingerprint, attempts - 1));
            }
        });
    }

    private void cancel(String order) {
        String key = "cancel-" + order;
        accepted.remove(order);
        world.records.cancels.add(new DayTrace.Cancel(order, key, false));
        cancel(order, key, ATTEMPTS);
    }

    private void cancel(String order, String key, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.cancel(order, key, client), response -> {
            world.timeline.log(world.loop.now(), name, () -> "cancel of " + order + " receives " + response);
            if (response instanceof Response.Accepted) {
                world.records.cancels.add(new DayTrace.Cancel(order, key, true));
            } else if (response instanceof Response.NoAnswer && attempts > 1) {
                world.loop.in(random.millis(100, 2_000), () -> cancel(order, key, attempts - 1));
            }
        });
    }

    /** Repeats every request that was never answered, as the contract prescribes. */
    void retryUnanswered() {
        for (PlaceRequest request : requests) {
            if (world.records.isUnanswered(request.key())) {
                place(request, 3);
            }
        }
    }

    /** On the morning after: repeats yesterday's keys and orders, which must have no effect. */
    void replayYesterday() {
        for (int i = 0; i < 10 && !requests.isEmpty(); i++) {
            place(random.pick(requests), 3);
        }
        for (int i = 0; i < 5 && !accepted.isEmpty(); i++) {
            String order = random.pick(accepted);
            if (random.chance(0.5)) {
                cancel(order);
            } else {
                modify(order);
            }
        }
        if (!cancelAlls.isEmpty()) {
            cancelAll(random.pick(cancelAlls), 3);
        }
    }
}
