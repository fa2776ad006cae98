package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.core.BudgetCore;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulation.OrderPart.Decided;
import kr.kisgateway.simulation.OrderPart.Heard;
import kr.kisgateway.simulation.OrderPart.Todo;
import kr.kisgateway.simulation.OrderPart.Wish;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BalanceAnswer;

/**
 * One life of the gateway, from its start to its death. As the product's desk does, it decides what waits, writes all
 * events in one commit and only then lets the effects go; between any two steps it can die, and then nothing of it is left
 * but what the disk holds and what is on the wire.
 */
final class GatewayProcess implements KisSide.Listener {
    private static final int GROUP = 256;
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LISTING_PATIENCE = Duration.ofMinutes(2);
    private static final Duration BALANCE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration BALANCE_AGE = Duration.ofSeconds(1);

    private final World world;
    private final int life;
    private final Dice dice;
    private final KisSide kis;
    private final OrderPart orders;
    private final Deque<Supplier<Decided>> inputs = new ArrayDeque<>();
    private final Map<Long, Consumer<Heard>> callers = new HashMap<>();
    private final Set<String> deciding = new HashSet<>();
    private final Map<Long, BudgetCore.Slot> slots = new HashMap<>();
    private final List<Consumer<Optional<Balance>>> balanceWanted = new ArrayList<>();
    private Optional<Balance> balance = Optional.empty();
    private Optional<Loop.Task> timer = Optional.empty();
    private boolean alive = true;
    private boolean committing;
    private boolean killed;
    private int fuse = -1;
    private long tickets;

    /** The broker's answer of a moment. */
    record Balance(Instant askedAt, List<BalanceAnswer> pages) {
        OrderPart.Figures of(Symbol symbol) {
            long held = 0;
            long sellable = 0;
            for (BalanceAnswer page : pages) {
                for (BalanceAnswer.Holding holding : page.holdings()) {
                    held += holding.symbol().equals(symbol) ? holding.qty() : 0;
                    sellable += holding.symbol().equals(symbol) ? holding.sellableQty() : 0;
                }
            }
            return new OrderPart.Figures(pages.getLast().cash().depositD2(), held, sellable, askedAt);
        }
    }

    GatewayProcess(World world, int life, Dice dice) {
        this.world = world;
        this.life = life;
        this.dice = dice;
        List<JournalEntry> journal = world.disk.read();
        this.orders = world.orderPart(journal, life);
        this.kis = world.kisSide(this, dice.split());
    }

    /** The process begins: it reads its journal's orders, asks the broker, connects. */
    void start() {
        run(() -> {
            kis.start();
            inputs.add(() -> orders.begin(clock()));
        });
    }

    boolean alive() {
        return alive;
    }

    int life() {
        return life;
    }

    /** The gateway's own clock, which may be wrong. */
    Instant clock() {
        return world.gatewayClock();
    }

    void tell(Supplier<String> what) {
        world.timeline.say(world.loop.now(), "gateway", what);
    }

    // ---- time and death ----

    /** Does {@code work} as this process, if it still lives. */
    void run(Runnable work) {
        if (!alive) {
            return;
        }
        try {
            work.run();
            desk();
        } catch (ProcessDied died) {
            world.gatewayDied(this);
        }
    }

    void soon(Runnable work) {
        in(Duration.ZERO, work);
    }

    Loop.Task in(Duration delay, Runnable work) {
        return world.loop.in(delay, () -> run(work));
    }

    /** Lets {@code work} happen when the gateway's clock shows {@code at}, as it runs now. */
    Loop.Task at(Instant at, Runnable work) {
        Duration wait = Duration.between(clock(), at);
        return in(wait.isNegative() ? Duration.ZERO : wait, work);
    }

    /** Dies {@code steps} of its own steps later. */
    void lightFuse(int steps) {
        fuse = steps;
    }

    /** A point at which the process may die. */
    private void step() {
        if (fuse >= 0 && fuse-- == 0) {
            throw new ProcessDied();
        }
    }

    /** Ends it now. */
    void die() {
        alive = false;
        kis.die();
        var gone = new ArrayList<>(callers.values());
        callers.clear();
        gone.forEach(caller -> caller.accept(new Heard.Nothing()));
    }

    // ---- what clients ask ----

    /** Asks for an order; the client hears once. */
    void place(Wish wish, Consumer<Heard> client) {
        run(() -> around(
                wish.print(),
                around -> decide(wish.key(), client, ticket -> {
                    String id = OrderId.make(clock(), dice.random()).text();
                    return () -> orders.place(ticket, id, wish, around, clock());
                })));
    }

    /** Asks for several orders at once; the client hears of all of them together. */
    void placeAll(List<Wish> wishes, Consumer<Heard> client) {
        boolean sells = wishes.stream().anyMatch(wish -> wish.print().side().equals("SELL"));
        Consumer<Optional<Balance>> then =
                read -> decide(wishes.stream().map(Wish::key).distinct().toList(), client, ticket -> {
                    List<String> ids = wishes.stream()
                            .map(_ -> OrderId.make(clock(), dice.random()).text())
                            .toList();
                    List<OrderPart.Around> around = wishes.stream()
                            .map(wish -> new OrderPart.Around(
                                    read.map(it -> it.of(new Symbol(wish.print().symbol()))), kis.hasToken()))
                            .toList();
                    return () -> orders.placeAll(ticket, ids, wishes, around, clock());
                });
        run(() -> {
            if (sells) {
                balance(then);
            } else {
                then.accept(Optional.empty());
            }
        });
    }

    /** Asks for another quantity or price of the order that {@code was}. */
    void modify(OrderPart.Change change, Print was, Consumer<Heard> client) {
        run(() -> around(
                was,
                around ->
                        decide(change.key(), client, ticket -> () -> orders.modify(ticket, change, around, clock()))));
    }

    /** Asks for the cancel of an order. */
    void cancel(String order, String key, Consumer<Heard> client) {
        run(() -> decide(key, client, ticket -> () -> orders.cancel(ticket, order, key, clock())));
    }

    /** Asks for the cancel of many orders. */
    void cancelAll(OrderPart.Sweep sweep, Consumer<Heard> client) {
        run(() -> decide(sweep.key(), client, ticket -> () -> orders.cancelAll(ticket, sweep, clock())));
    }

    /** An operator says what became of an order in doubt. */
    void resolve(OrderPart.Resolution said, Consumer<Heard> client) {
        run(() -> decide(said.key(), client, ticket -> () -> orders.resolve(ticket, said, clock())));
    }

    /** Placings that are in doubt, as an operator sees them. */
    List<OrderPart.Doubt> doubts() {
        return orders.doubts();
    }

    /** An operator sets the kill switch. */
    void killSwitch(boolean on, boolean cancelOpen, Consumer<Heard> client) {
        run(() -> decide("kill switch", client, ticket -> () -> orders.killSwitch(ticket, on, cancelOpen, clock())));
    }

    /** What surrounds a request: for a sell the account is looked at first. */
    private void around(Print print, Consumer<OrderPart.Around> then) {
        if (print.side().equals("BUY")) {
            then.accept(new OrderPart.Around(Optional.empty(), kis.hasToken()));
        } else {
            balance(read -> then.accept(
                    new OrderPart.Around(read.map(it -> it.of(new Symbol(print.symbol()))), kis.hasToken())));
        }
    }

    private void decide(String key, Consumer<Heard> client, LongFunction<Supplier<Decided>> input) {
        decide(List.of(key), client, input);
    }

    private void decide(List<String> keys, Consumer<Heard> client, LongFunction<Supplier<Decided>> input) {
        if (keys.stream().anyMatch(deciding::contains)) {
            client.accept(new Heard.Refused("IDEMPOTENCY_IN_FLIGHT", "a request with this key is being decided"));
            return;
        }
        deciding.addAll(keys);
        long ticket = ++tickets;
        callers.put(ticket, heard -> {
            keys.forEach(deciding::remove);
            client.accept(heard);
        });
        inputs.add(input.apply(ticket));
    }

    // ---- the desk ----

    private void desk() {
        while (!committing && !inputs.isEmpty()) {
            var entries = new ArrayList<JournalEntry>();
            var todos = new ArrayList<Todo>();
            for (int i = 0; i < GROUP && !inputs.isEmpty(); i++) {
                Decided decided = inputs.remove().get();
                entries.addAll(decided.entries());
                todos.addAll(decided.afterDurable());
            }
            if (entries.isEmpty()) {
                todos.forEach(this::release);
            } else {
                commit(entries, todos);
            }
        }
        if (!committing) {
            rearm();
        }
    }

    private void commit(List<JournalEntry> entries, List<Todo> todos) {
        step();
        world.disk.write(entries);
        entries.forEach(entry -> tell(() -> "records " + entry.type() + " " + entry.subject() + " " + entry.payload()));
        committing = true;
        List<Todo> early = todos.stream().filter(this::isTooEager).toList();
        early.forEach(this::release);
        in(world.weather.flush(world.loop.now()), () -> {
            step();
            world.disk.sync();
            committing = false;
            todos.stream().filter(todo -> !isTooEager(todo)).forEach(this::release);
        });
    }

    private boolean isTooEager(Todo todo) {
        return switch (todo) {
            case Todo.Reply reply -> world.bugs.contains(Bug.ANSWERS_BEFORE_DURABLE);
            case Todo.Send send -> world.bugs.contains(Bug.SENDS_BEFORE_DURABLE);
            default -> false;
        };
    }

    private void rearm() {
        timer.ifPresent(Loop.Task::callOff);
        Instant idle = clock().plus(IDLE);
        // The core counts in microseconds: a moment within one would come round again before time has moved.
        Instant due = orders.nextTimer()
                .map(at -> at.plus(1, ChronoUnit.MICROS))
                .filter(at -> at.isBefore(idle))
                .orElse(idle);
        timer = Optional.of(at(due, () -> {
            if (orders.nextTimer().filter(next -> !next.isAfter(clock())).isPresent()) {
                inputs.add(() -> orders.timerDue(clock()));
            }
        }));
    }

    private void input(Supplier<Decided> input) {
        inputs.add(input);
    }

    // ---- effects ----

    private void release(Todo todo) {
        step();
        switch (todo) {
            case Todo.Reply(long ticket, Heard heard) ->
                Optional.ofNullable(callers.remove(ticket)).ifPresent(caller -> caller.accept(heard));
            case Todo.AskSlot ask ->
                soon(() -> kis.acquire(
                        ask.lane(),
                        ask.tenant(),
                        true,
                        ask.deadline(),
                        slot -> {
                            slots.put(ask.slot(), slot);
                            // A slot that was given back meanwhile is a grant of nothing.
                            input(() -> slots.containsKey(ask.slot())
                                    ? orders.slotGranted(ask.slot(), clock())
                                    : orders.timerDue(clock()));
                        },
                        () -> input(() -> orders.slotTimedOut(ask.slot(), clock()))));
            case Todo.GiveBack(long slot) ->
                Optional.ofNullable(slots.remove(slot)).ifPresent(it -> soon(() -> kis.release(it)));
            case Todo.Send send -> {
                BudgetCore.Slot slot = Objects.requireNonNull(slots.remove(send.slot()));
                soon(() -> send(send, slot));
            }
            case Todo.Killed(boolean on) -> killed = on;
            case Todo.AskList(LocalDate day) ->
                soon(() -> {
                    Instant askedAt = clock();
                    kis.dailyOrders(day, askedAt.plus(LISTING_PATIENCE), reply -> {
                        tell(() -> "reads the list: " + size(reply));
                        input(() -> orders.listArrived(day, askedAt, reply, clock()));
                    });
                });
            case Todo.Publish news -> world.published(news, life);
            case Todo.Alert(String text) -> world.alert(text);
        }
    }

    private static String size(KisReply<? extends List<?>> reply) {
        return switch (reply) {
            case KisReply.Ok<? extends List<?>> ok -> ok.value().size() + " rows";
            case KisReply.Failed<? extends List<?>> failed -> failed.failure().toString();
        };
    }

    /** The last look before the bytes: since the decision time has passed, and somebody may have said stop. */
    private void send(Todo.Send send, BudgetCore.Slot slot) {
        boolean late = send.stopAt().filter(at -> !clock().isBefore(at)).isPresent();
        boolean stopped = killed && send.stopAt().isPresent();
        if (late || stopped) {
            kis.release(slot);
            input(() -> orders.sendStopped(send, stopped, clock()));
            return;
        }
        tell(() -> "sends for " + send.order() + "/" + send.request() + ": " + send.what());
        Instant notAfter = send.stopAt().orElse(Instant.MAX);
        kis.order(slot, send.order(), notAfter, send.make(), placement -> {
            step();
            tell(() -> "hears for " + send.order() + "/" + send.request() + ": " + placement);
            boolean again = placement instanceof Placement.Unknown
                    && send.stopAt().isEmpty()
                    && !send.repeatable()
                    && world.bugs.contains(Bug.REPEATS_A_PARTIAL_CANCEL);
            if (again) {
                kis.order(
                        slot,
                        send.order(),
                        notAfter,
                        send.make(),
                        second -> input(() -> orders.answered(send, second, clock())));
            } else {
                input(() -> orders.answered(send, placement, clock()));
            }
        });
    }

    // ---- what KIS tells ----

    @Override
    public void notice(ExecutionNotice notice) {
        step();
        balance = Optional.empty();
        tell(() -> "hears " + notice.kind() + " of " + notice.odno() + ": " + notice.qty() + " at " + notice.price());
        input(() -> orders.noticed(notice, clock()));
    }

    @Override
    public void noticesRegistered() {
        input(() -> orders.noticesMissed(clock()));
    }

    /** The balance, a second old at most; those who want it at the same time share the answer. */
    void balance(Consumer<Optional<Balance>> done) {
        if (balance.filter(it -> it.askedAt().plus(BALANCE_AGE).isAfter(clock()))
                .isPresent()) {
            done.accept(balance);
            return;
        }
        balanceWanted.add(done);
        if (balanceWanted.size() > 1) {
            return;
        }
        Instant askedAt = clock();
        kis.balance(askedAt.plus(BALANCE_PATIENCE), reply -> {
            balance = reply instanceof KisReply.Ok<List<BalanceAnswer>>(var pages)
                    ? Optional.of(new Balance(askedAt, pages))
                    : Optional.empty();
            var all = List.copyOf(balanceWanted);
            balanceWanted.clear();
            all.forEach(it -> it.accept(balance));
        });
    }

    List<String> otherThanJournal() {
        return committing || !inputs.isEmpty() ? List.of() : orders.otherThan(world.disk.read(), world.tradingDay());
    }
}
