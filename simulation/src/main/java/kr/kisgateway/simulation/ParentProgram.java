package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.OrderCoreDriver.Response;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.ParentCall;
import kr.kisgateway.simulation.history.ParentCall.Leg;
import kr.kisgateway.simulation.history.ParentCall.Role;
import kr.kisgateway.simulation.history.ParentCall.Trigger;
import kr.kisgateway.simulation.history.ParentTrace;
import kr.kisgateway.simulation.history.WireForm;

/**
 * A program that trades by parent orders of every kind, changes and cancels some, and decides about those that are held. A request
 * without an answer is repeated.
 */
final class ParentProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(6);
    private static final int ATTEMPTS = 8;
    private static final String US_SYMBOL = "KO.NYSE";
    private static final double US_SHARE = 0.3;
    private static final Duration DECIDES_EVERY = Duration.ofSeconds(2);
    private static final List<String> KINDS = List.of(
            "BRACKET", "BRACKET", "BRACKET", "OCO", "TRAILING_STOP", "CONDITIONAL", "SCHEDULED", "TWAP", "BASKET");

    private final SimulationWorld world;
    private final SeededRandom random;
    private final String account;
    private final Supplier<List<String>> orders;
    private final List<String> created = new ArrayList<>();
    private final List<ParentCall> calls = new ArrayList<>();

    /**
     * @param account of its orders
     * @param orders that a parent order may wait for
     */
    ParentProgram(SimulationWorld world, SeededRandom random, String account, Supplier<List<String>> orders) {
        this.account = account;
        this.world = world;
        this.random = random;
        this.orders = orders;
    }

    /** Requests {@code count} parent orders over {@code span}. */
    void trade(int count, Duration span) {
        for (int i = 0; i < count; i++) {
            world.loop.in(random.millis(0, (int) span.toMillis()), this::act);
        }
    }

    /** Decides about what is held, as long as the day lasts. */
    void decide() {
        world.gateway()
                .ifPresent(process -> process.heldParents().forEach(id -> {
                    if (random.chance(0.5)) {
                        world.callGateway(
                                TIMEOUT,
                                (gateway, client) -> gateway.releaseParent(id, client),
                                response -> log("release of " + id, response));
                    } else {
                        cancel(id, ATTEMPTS);
                    }
                }));
        world.loop.in(DECIDES_EVERY, this::decide);
    }

    private void act() {
        if (!created.isEmpty() && random.chance(0.25)) {
            cancel(random.pick(created), ATTEMPTS);
        }
        if (!created.isEmpty() && random.chance(0.25)) {
            modify(random.pick(created));
        }
        if (!calls.isEmpty() && random.chance(0.1)) {
            submit(random.pick(calls), 1); // a repetition much later
        }
        String kind = random.pick(KINDS);
        var call = new ParentCall("parent-" + (calls.size() + 1), kind, legs(kind), Optional.empty(), false);
        calls.add(call);
        world.records.parentCalls.put(call.key(), call);
        submit(call, ATTEMPTS);
    }

    // ---- plans ----

    /** A stock with its last price and the smallest step of its prices, in units of the currency. */
    private record Stock(String symbol, long last, long tick) {
        boolean isUs() {
            return symbol.equals(US_SYMBOL);
        }

        long price(int ticks) {
            return last + tick * ticks;
        }
    }

    /** Of Korea, and at times of the US on days that have its orders. */
    private Stock stock() {
        return stock(world.hasUsOrders() && random.chance(US_SHARE) ? US_SYMBOL : random.pick(ClientProgram.CODES));
    }

    private Stock stock(String symbol) {
        return new Stock(symbol, world.lastPrice(symbol), tick(symbol));
    }

    private static long tick(String symbol) {
        return symbol.equals(US_SYMBOL) ? ClientProgram.CENT : ClientProgram.TICK;
    }

    private List<Leg> legs(String kind) {
        Stock stock = stock();
        Instant now = world.gatewayClock().truncatedTo(ChronoUnit.MILLIS);
        Instant until = now.plus(random.millis(15_000, 70_000)).truncatedTo(ChronoUnit.MILLIS);
        return switch (kind) {
            case "BRACKET" -> {
                // So many that they fill in parts, at times.
                boolean large = random.chance(0.4);
                long qty = large ? random.between(500, 940) : random.between(1, 40);
                int over = large ? random.between(-3, 2) : random.between(0, 6);
                var legs = new ArrayList<Leg>();
                legs.add(leg(Role.ENTRY, buy(stock, qty, stock.price(over)), new Trigger.Now(), until));
                if (random.chance(0.8)) {
                    legs.add(leg(
                            Role.TAKE_PROFIT,
                            sell(stock, qty, stock.price(random.between(3, 9))),
                            new Trigger.Now(),
                            until));
                }
                legs.add(leg(Role.STOP, sell(stock, qty, stopPrice(stock)), stop(stock), until));
                yield legs;
            }
            case "OCO" -> {
                long qty = random.between(1, 4);
                yield List.of(
                        leg(
                                Role.TAKE_PROFIT,
                                sell(stock, qty, stock.price(random.between(2, 6))),
                                new Trigger.Now(),
                                until),
                        leg(Role.STOP, sell(stock, qty, stopPrice(stock)), stop(stock), until));
            }
            case "TRAILING_STOP" ->
                List.of(leg(
                        Role.ORDER,
                        sell(stock, random.between(1, 4), stock.isUs() ? stopPrice(stock) : 0),
                        trail(stock),
                        until));
            case "CONDITIONAL" ->
                List.of(leg(
                        Role.ORDER,
                        buy(stock, random.between(1, 30), stock.price(random.between(-4, 4))),
                        condition(),
                        until));
            case "SCHEDULED" ->
                List.of(leg(
                        Role.ORDER,
                        buy(stock, random.between(1, 30), stock.price(random.between(-4, 4))),
                        new Trigger.At(later(now, 500, 15_000)),
                        later(now, 15_500, 40_000)));
            case "TWAP" -> {
                var legs = new ArrayList<Leg>();
                Duration step = random.millis(1_000, 6_000).truncatedTo(ChronoUnit.MILLIS);
                OrderFingerprint slice = buy(stock, random.between(1, 12), stock.price(2));
                for (int i = random.between(3, 5); i > 0; i--) {
                    Instant at = now.plus(step.multipliedBy(legs.size()));
                    legs.add(leg(Role.ORDER, slice, new Trigger.At(at), at.plus(step)));
                }
                yield legs;
            }
            default -> {
                var legs = new ArrayList<Leg>();
                for (int i = random.between(2, 5); i > 0; i--) {
                    Stock each = stock();
                    legs.add(leg(
                            Role.ORDER,
                            buy(each, random.between(1, 20), each.price(random.between(-2, 2))),
                            new Trigger.Now(),
                            until));
                }
                yield legs;
            }
        };
    }

    private Instant later(Instant now, int from, int to) {
        return now.plus(random.millis(from, to)).truncatedTo(ChronoUnit.MILLIS);
    }

    private static Leg leg(Role role, OrderFingerprint order, Trigger trigger, Instant until) {
        return new Leg(role, order, trigger, until);
    }

    private OrderFingerprint buy(Stock stock, long qty, long price) {
        return order(stock, "BUY", qty, price);
    }

    private OrderFingerprint sell(Stock stock, long qty, long price) {
        return order(stock, "SELL", qty, price);
    }

    /** In Korea at times on NXT, which has no market orders, or where the gateway chooses; each order for itself. */
    private OrderFingerprint order(Stock stock, String side, long qty, long price) {
        int venue = stock.isUs() ? 9 : random.between(0, 9);
        if (venue < 2) {
            long limit = price == 0 ? farBelow(stock) : price;
            return new OrderFingerprint(
                    stock.symbol(),
                    side,
                    qty,
                    limit,
                    account,
                    WireForm.of(OrderKind.LIMIT, Venue.NXT, OptionalLong.empty()));
        }
        var usual = new OrderFingerprint(stock.symbol(), side, qty, price, account);
        return venue == 2 ? usual.as(WireForm.ofAuto(price == 0 ? OrderKind.MARKET : OrderKind.LIMIT)) : usual;
    }

    /** A market order, or a limit far below; there are no market orders for the regular session of the US. */
    private long stopPrice(Stock stock) {
        return !stock.isUs() && random.chance(0.7) ? 0 : farBelow(stock);
    }

    private static long farBelow(Stock stock) {
        return stock.price(-12);
    }

    private Trigger stop(Stock stock) {
        return random.chance(0.3)
                ? trail(stock)
                : new Trigger.Price(stock.symbol(), false, stock.price(-random.between(1, 5)));
    }

    private Trigger trail(Stock stock) {
        return new Trigger.Trail(stock.symbol(), stock.tick() * random.between(2, 6));
    }

    private Trigger condition() {
        List<String> known = orders.get();
        if (!known.isEmpty() && random.chance(0.4)) {
            return new Trigger.AfterFill(random.pick(known));
        }
        Stock watched = stock();
        boolean above = random.chance(0.5);
        return new Trigger.Price(watched.symbol(), above, watched.price(above ? 3 : -3));
    }

    // ---- requests ----

    private void submit(ParentCall call, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.submitParent(call, client), response -> {
            log(call.toString(), response);
            world.records.recordParentResponse(call.key(), response);
            if (response instanceof Response.Accepted(String id, boolean _)) {
                if (!created.contains(id)) {
                    created.add(id);
                }
            } else if (response instanceof Response.NoAnswer && attempts > 1) {
                world.loop.in(random.millis(100, 2_000), () -> submit(call, attempts - 1));
            }
        });
    }

    private void cancel(String id, int attempts) {
        world.callGateway(TIMEOUT, (gateway, client) -> gateway.cancelParent(id, client), response -> {
            log("cancel of " + id, response);
            if (response instanceof Response.Accepted) {
                world.records.parentCancels.add(new ParentTrace.Cancel(id, world.loop.now()));
            } else if (response instanceof Response.NoAnswer && attempts > 1) {
                world.loop.in(random.millis(100, 2_000), () -> cancel(id, attempts - 1));
            }
        });
    }

    /** Changes the end, the price that the last order waits for, or its limit. */
    private void modify(String id) {
        Optional<List<Leg>> planned = world.gateway().flatMap(process -> process.parentLegs(id));
        if (planned.isEmpty()) {
            return;
        }
        var legs = new ArrayList<>(planned.get());
        Leg last = legs.getLast();
        if (last.trigger() instanceof Trigger.At) {
            return;
        }
        Trigger trigger = last.trigger() instanceof Trigger.Price(String symbol, boolean above, long price)
                ? new Trigger.Price(symbol, above, price + (above ? tick(symbol) : -tick(symbol)))
                : last.trigger();
        legs.set(
                legs.size() - 1,
                new Leg(
                        last.role(),
                        last.order(),
                        trigger,
                        last.until().plus(random.millis(0, 5_000)).truncatedTo(ChronoUnit.MILLIS)));
        world.records.parentChanges.add(new ParentTrace.Change(id, List.copyOf(legs)));
        world.callGateway(
                TIMEOUT,
                (gateway, client) -> gateway.modifyParent(id, List.copyOf(legs), client),
                response -> log("change of " + id, response));
    }

    private void log(String what, Response response) {
        world.timeline.log(world.loop.now(), "strategy", () -> what + " receives " + response);
    }

    /** Repeats what was never answered, as the contract prescribes. */
    void retryUnanswered() {
        for (ParentCall call : calls) {
            ParentCall known = world.records.parentCalls.getOrDefault(call.key(), call);
            if (known.parentId().isEmpty() && !known.refused()) {
                submit(call, 3);
            }
        }
    }

    int created() {
        return created.size();
    }
}
