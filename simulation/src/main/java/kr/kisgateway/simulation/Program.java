package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.simulation.OrderPart.Heard;
import kr.kisgateway.simulation.OrderPart.Wish;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.Observed;

/**
 * A program that trades through the gateway as the API asks of it: every order has a key, and whoever got no answer asks
 * again with the same key. Now and then it does what programs also do: the same order twice under two keys, a key again
 * long after, a key with another order. It also asks for several at once, and takes back at once whatever is open.
 */
final class Program {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int TRIES = 8;

    /** Refusals that are about the moment. */
    private static final List<String> AGAIN = List.of("IDEMPOTENCY_IN_FLIGHT", "NOT_READY");

    /** Symbols with their last price; all on the 50-won tick. */
    static final Map<String, Integer> SYMBOLS = Map.of("003490", 26_350, "024110", 24_100, "316140", 33_900);

    private static final List<String> CODES = SYMBOLS.keySet().stream().sorted().toList();
    private static final int TICK = 50;
    private static final Print NOTHING = new Print("", "BUY", 1, 0);

    private final World world;
    private final Dice dice;
    private final String name;
    private final List<Wish> wishes = new ArrayList<>();
    private final List<String> accepted = new ArrayList<>();
    private final Map<String, Print> printOf = new HashMap<>();
    private final List<OrderPart.Sweep> sweeps = new ArrayList<>();
    private int orders;
    private int batches;

    Program(World world, Dice dice, String name) {
        this.world = world;
        this.dice = dice;
        this.name = name;
    }

    /** Asks for {@code count} orders, one by one, over {@code span}. */
    void trade(int count, Duration span) {
        for (int i = 0; i < count; i++) {
            world.loop.in(dice.millis(0, (int) span.toMillis()), this::act);
        }
    }

    private void act() {
        if (!accepted.isEmpty() && dice.chance(0.2)) {
            cancel(dice.pick(accepted));
        }
        if (!accepted.isEmpty() && dice.chance(0.2)) {
            modify(dice.pick(accepted));
        }
        if (!wishes.isEmpty() && dice.chance(0.05)) {
            place(dice.pick(wishes), 1); // again, long after
        }
        if (!wishes.isEmpty() && dice.chance(0.02)) {
            takeOver(dice.pick(wishes));
        }
        if (dice.chance(0.004)) {
            sweep(new OrderPart.Sweep(name + "-sweep-" + ++orders, Optional.of(dice.pick(CODES))));
        }
        if (!sweeps.isEmpty() && dice.chance(0.05)) {
            sweep(dice.pick(sweeps), 1); // again, long after
        }
        if (dice.chance(0.04)) {
            wantAll(dice.between(2, 5));
            return;
        }
        Wish wish = wish();
        want(wish);
        if (dice.chance(0.08)) {
            want(new Wish(key(), wish.print(), wish.dispatchBy())); // another that looks the same
        }
    }

    private String key() {
        return name + "-" + ++orders;
    }

    private Wish wish() {
        String symbol = dice.pick(CODES);
        int last = SYMBOLS.getOrDefault(symbol, 0);
        boolean sell = dice.chance(0.2);
        boolean market = dice.chance(0.1);
        long qty = sell ? dice.between(1, 4) : buys();
        long price = market ? 0 : last + (long) TICK * dice.between(-8, 8);
        Instant by = world.gatewayClock()
                .plus(dice.millis(300, market ? 2_000 : 5_000))
                .truncatedTo(ChronoUnit.MILLIS);
        return new Wish(key(), new Print(symbol, sell ? "SELL" : "BUY", qty, price), by);
    }

    /** Mostly a few; now and then so many that they fill in parts; sometimes more than is allowed. */
    private int buys() {
        int kind = dice.between(0, 99);
        return kind < 3 ? dice.between(1_100, 1_500) : kind < 15 ? dice.between(200, 900) : dice.between(1, 60);
    }

    private void want(Wish wish) {
        wishes.add(wish);
        world.records.called(wish.key(), wish.print(), wish.dispatchBy());
        place(wish, TRIES);
    }

    private void place(Wish wish, int tries) {
        world.askGateway(
                PATIENCE, (gateway, client) -> gateway.place(wish, client), heard -> heard(wish, heard, tries));
    }

    private void heard(Wish wish, Heard heard, int tries) {
        world.timeline.say(world.loop.now(), name, () -> wish.key() + " " + wish.print() + " hears " + heard);
        world.records.heard(wish.key(), heard);
        switch (heard) {
            case Heard.Accepted(String order, boolean replay) -> {
                if (printOf.put(order, wish.print()) == null) {
                    accepted.add(order);
                }
            }
            case Heard.Refused refused -> {
                if (AGAIN.contains(refused.code()) && tries > 1) {
                    world.loop.in(dice.millis(200, 1_000), () -> place(wish, tries - 1));
                }
            }
            case Heard.Done(), Heard.Nothing(), Heard.Batch _, Heard.Swept _ -> {
                if (tries > 1) {
                    world.loop.in(dice.millis(100, 2_000), () -> place(wish, tries - 1));
                }
            }
        }
    }

    /** Several at once, often alike; sometimes one of them was asked for before, or twice in the same batch. */
    private void wantAll(int count) {
        var batch = new ArrayList<Wish>();
        boolean alike = dice.chance(0.4);
        for (int i = 0; i < count; i++) {
            Wish wish = wish();
            if (alike && !batch.isEmpty()) {
                wish = new Wish(wish.key(), batch.getFirst().print(), wish.dispatchBy());
            }
            wishes.add(wish);
            world.records.called(wish.key(), wish.print(), wish.dispatchBy());
            batch.add(wish);
        }
        if (dice.chance(0.3)) {
            batch.add(dice.pick(wishes));
        }
        batches++;
        placeAll(List.copyOf(batch), TRIES);
    }

    /** Whoever hears nothing of a batch repeats all of it. */
    private void placeAll(List<Wish> batch, int tries) {
        world.askGateway(PATIENCE, (gateway, client) -> gateway.placeAll(batch, client), heard -> {
            switch (heard) {
                case Heard.Batch(List<Heard> answers) -> {
                    if (answers.size() != batch.size()) {
                        world.wrong("a batch of " + batch.size() + " was answered " + answers);
                        return;
                    }
                    for (int i = 0; i < batch.size(); i++) {
                        heard(batch.get(i), answers.get(i), tries);
                    }
                }
                case Heard.Refused refused
                when !AGAIN.contains(refused.code()) -> batch.forEach(wish -> heard(wish, refused, tries));
                default -> {
                    world.timeline.say(world.loop.now(), name, () -> "batch of " + batch + " hears " + heard);
                    if (tries > 1) {
                        world.loop.in(dice.millis(100, 2_000), () -> placeAll(batch, tries - 1));
                    }
                }
            }
        });
    }

    /** Takes back all that is open. */
    private void sweep(OrderPart.Sweep sweep) {
        sweeps.add(sweep);
        world.records.sweeps(sweep.key(), sweep.symbol());
        sweep(sweep, TRIES);
    }

    private void sweep(OrderPart.Sweep sweep, int tries) {
        world.askGateway(PATIENCE, (gateway, client) -> gateway.cancelAll(sweep, client), heard -> {
            world.timeline.say(world.loop.now(), name, () -> sweep + " hears " + heard);
            if (heard instanceof Heard.Swept(var named)) {
                world.records.swept(sweep.key(), named);
            } else if (tries > 1) {
                world.loop.in(dice.millis(100, 2_000), () -> sweep(sweep, tries - 1));
            }
        });
    }

    int batches() {
        return batches;
    }

    /** A key that belongs to an order must not get another one. */
    private void takeOver(Wish old) {
        if (world.records.ownerOf(old.key()).isEmpty()) {
            return; // whoever was refused may use the key again
        }
        Print print = old.print();
        var other = new Wish(
                old.key(), new Print(print.symbol(), print.side(), print.qty() + 1, print.price()), old.dispatchBy());
        world.askGateway(PATIENCE, (gateway, client) -> gateway.place(other, client), heard -> {
            if (heard instanceof Heard.Accepted) {
                world.wrong("a key was taken for another order: " + other);
            }
        });
    }

    private void modify(String order) {
        Print print = printOf.getOrDefault(order, NOTHING);
        OptionalLong qty =
                dice.chance(0.6) ? OptionalLong.of(dice.between(1, (int) print.qty() + 2)) : OptionalLong.empty();
        OptionalLong price = qty.isEmpty() || dice.chance(0.4)
                ? OptionalLong.of(SYMBOLS.getOrDefault(print.symbol(), 0) + (long) TICK * dice.between(-8, 8))
                : OptionalLong.empty();
        var change = new OrderPart.Change(order, "modify-" + order + "-" + ++orders, qty, price);
        world.records.changes.add(new Observed.Changed(order, qty, price));
        modify(change, print, TRIES);
    }

    private void modify(OrderPart.Change change, Print print, int tries) {
        world.askGateway(PATIENCE, (gateway, client) -> gateway.modify(change, print, client), heard -> {
            world.timeline.say(world.loop.now(), name, () -> change + " hears " + heard);
            if (heard instanceof Heard.Nothing && tries > 1) {
                world.loop.in(dice.millis(100, 2_000), () -> modify(change, print, tries - 1));
            }
        });
    }

    private void cancel(String order) {
        String key = "cancel-" + order;
        accepted.remove(order);
        world.records.cancels.add(new Observed.Cancel(order, key, false));
        cancel(order, key, TRIES);
    }

    private void cancel(String order, String key, int tries) {
        world.askGateway(PATIENCE, (gateway, client) -> gateway.cancel(order, key, client), heard -> {
            world.timeline.say(world.loop.now(), name, () -> "cancel of " + order + " hears " + heard);
            if (heard instanceof Heard.Accepted) {
                world.records.cancels.add(new Observed.Cancel(order, key, true));
            } else if (heard instanceof Heard.Nothing && tries > 1) {
                world.loop.in(dice.millis(100, 2_000), () -> cancel(order, key, tries - 1));
            }
        });
    }

    /** Asks once more for everything of which it never heard, as the contract says. */
    void askAgain() {
        for (Wish wish : wishes) {
            if (world.records.unheard(wish.key())) {
                place(wish, 3);
            }
        }
    }

    /** On the morning after: yesterday's keys and orders once more, of which nothing may come. */
    void remember() {
        for (int i = 0; i < 10 && !wishes.isEmpty(); i++) {
            place(dice.pick(wishes), 3);
        }
        for (int i = 0; i < 5 && !accepted.isEmpty(); i++) {
            String order = dice.pick(accepted);
            if (dice.chance(0.5)) {
                cancel(order);
            } else {
                modify(order);
            }
        }
        if (!sweeps.isEmpty()) {
            sweep(dice.pick(sweeps), 3);
        }
    }
}
