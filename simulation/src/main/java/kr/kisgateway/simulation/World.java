package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.core.BudgetCore;
import kr.kisgateway.client.core.RestCalls;
import kr.kisgateway.client.core.TokenCore;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.history.HistoryChecker;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed;
import kr.kisgateway.simulation.history.Observed.Traded;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Change;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.OrderKind;
import kr.kisgateway.wire.Catalog;

/** One day: its parts, what happens to them from outside, and what is asked of it afterwards. */
final class World {
    /** What never changes from day to day and takes a while to read. */
    record Shared(Instruments listing, Catalog catalog, RestCalls calls, RestCalls outside) {
        static Shared load() {
            return new Shared(
                    Instruments.load(),
                    Catalog.load(),
                    calls("SIMULATEDDAYKEY00000000000000000000001"),
                    calls("ANOTHERPROGRAM000000000000000000000001"));
        }

        private static RestCalls calls(String appKey) {
            return new RestCalls(Secret.of(appKey), Secret.of("s".repeat(180)), new AccountNumber("50000001", "01"));
        }
    }

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final Instant OPEN =
            DAY.atTime(9, 0).atZone(TradingCalendar.SEOUL).toInstant();
    private static final Duration ROUGH = Duration.ofSeconds(75);
    private static final Duration AFTERWARDS = Duration.ofSeconds(80);
    private static final int ORDERS = 200;
    private static final int LOOKS = 8;

    private final Shared shared;
    private final Dice dice;
    private final DayCalendar calendar;
    private final Limits limits = Limits.live();
    private final Observed.Bounds bounds;
    private final KisSide.TokenFile tokenFile = new KisSide.TokenFile();
    private final BrokerProcess broker;
    private final Network network;
    private final double sendsPerSecond;
    private final List<String> wrong = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private Optional<GatewayProcess> gateway = Optional.empty();
    private Duration clockError = Duration.ZERO;
    private int lives;
    private int deaths;

    final Loop loop;
    final Timeline timeline;
    final Weather weather;
    final JournalDisk disk = new JournalDisk();
    final Records records;
    final Set<Bug> bugs;

    World(Shared shared, long seed, Timeline timeline, Set<Bug> bugs) {
        this.shared = shared;
        this.timeline = timeline;
        this.bugs = bugs;
        this.dice = new Dice(seed);
        this.loop = new Loop(OPEN, dice.split().random());
        this.weather = Weather.of(dice.split(), OPEN, ROUGH);
        this.calendar = new DayCalendar(DAY, OPEN, OPEN.plus(ROUGH).plus(weather.quiet()));
        this.records = new Records(loop, timeline, disk);
        this.bounds = new Observed.Bounds(
                limits.callsPerSecond(),
                limits.ledgerPerSecond(),
                dice.chance(0.2) ? dice.between(60, 160) : 10_000,
                1_000);
        this.network = new Network(loop, dice.split(), weather, timeline);
        var rules = new BrokerRules(
                dice.random().nextLong(),
                limits.callsPerSecond(),
                limits.ledgerPerSecond(),
                limits.registrations(),
                3,
                Duration.ofSeconds(100),
                Duration.ofMillis(100),
                false);
        this.broker = new BrokerProcess(
                loop, dice.split(), weather, timeline, rules, calendar, shared.listing()::find, network);
        this.sendsPerSecond = new BudgetCore(limits, Duration.ZERO).ordersPerSecond();
    }

    /** Lets the day pass. Judged twice: when everything has come to rest, and after the session. */
    List<String> run() {
        boot(Duration.ZERO);
        var programs = new ArrayList<Program>();
        int count = dice.between(3, 6);
        for (int i = 0; i < count; i++) {
            programs.add(new Program(this, dice.split(), "program" + (char) ('A' + i)));
        }
        programs.forEach(program -> program.trade(ORDERS / count, ROUGH.minusSeconds(5)));
        weather.plan().forEach(planned -> loop.in(planned.at(), () -> happens(planned.event())));
        loop.runUntil(OPEN.plus(ROUGH));
        fault(Weather.noFault());
        setClock(Duration.ZERO);
        timeline.say(loop.now(), "world", () -> "calm: from here on nothing goes wrong");
        loop.runUntil(OPEN.plus(ROUGH).plusSeconds(15));
        programs.forEach(Program::askAgain);
        loop.runUntil(calendar.close().minusSeconds(12));
        judge("before the close", false);
        loop.runUntil(calendar.close().plus(AFTERWARDS));
        judge("after the close", true);
        return wrong;
    }

    /** How often the gateway died. */
    int deaths() {
        return deaths;
    }

    long events() {
        return loop.done();
    }

    void wrong(String sentence) {
        wrong.add(sentence);
    }

    Instant gatewayClock() {
        return loop.now().plus(clockError);
    }

    // ---- the gateway's surroundings ----

    OrderPart orderPart(List<JournalEntry> journal, int life) {
        return new OrderPart(journal, life, calendar, DAY, bounds, sendsPerSecond, shared.calls(), bugs);
    }

    KisSide kisSide(GatewayProcess process, Dice ownDice) {
        return new KisSide(
                process,
                network,
                broker,
                records,
                ownDice,
                tokenFile,
                shared.calls(),
                shared.catalog(),
                limits,
                bugs,
                process);
    }

    void published(OrderPart.Todo.Publish news, int life) {
        records.published.add(new Observed.Published(news.stream(), news.seq(), life, news.order(), news.status()));
        timeline.say(loop.now(), "stream", () -> news.stream() + "/" + news.seq() + " " + news.what());
    }

    void alert(String text) {
        records.alerts.add(text);
        timeline.say(loop.now(), "ALERT", () -> text);
    }

    private void boot(Duration delay) {
        loop.in(delay, () -> {
            var process = new GatewayProcess(this, ++lives, dice.split());
            gateway = Optional.of(process);
            timeline.say(loop.now(), "gateway", () -> "starts, life " + process.life());
            process.start();
        });
    }

    /** Whatever was not on the platter may be torn; what has left stays on the wire. */
    void gatewayDied(GatewayProcess process) {
        process.die();
        deaths++;
        gateway = Optional.empty();
        int unsynced = disk.unsyncedBytes();
        int kept = dice.chance(0.3) ? unsynced : dice.between(0, unsynced);
        timeline.say(
                loop.now(), "gateway", () -> "DIES; " + kept + " of " + unsynced + " unsynced bytes reached the disk");
        disk.tear(kept);
        boot(dice.millis(1_100, 4_000));
    }

    /** A client asks over loopback; without an answer in {@code patience} it stops waiting. */
    void askGateway(
            Duration patience,
            BiConsumer<GatewayProcess, Consumer<OrderPart.Heard>> ask,
            Consumer<OrderPart.Heard> done) {
        var over = new AtomicBoolean();
        Consumer<OrderPart.Heard> once = heard -> {
            if (!over.getAndSet(true)) {
                loop.in(dice.micros(30, 300), () -> done.accept(heard));
            }
        };
        loop.in(patience, () -> once.accept(new OrderPart.Heard.Nothing()));
        loop.in(
                dice.micros(30, 300),
                () -> gateway.ifPresentOrElse(
                        process -> ask.accept(process, once), () -> once.accept(new OrderPart.Heard.Nothing())));
    }

    // ---- what goes wrong ----

    private void happens(Weather.Event event) {
        timeline.say(loop.now(), "world", event::toString);
        switch (event) {
            case Weather.Event.GatewayDies(int steps) -> gateway.ifPresent(it -> it.lightFuse(steps));
            case Weather.Event.BrokerDies(Duration away) -> {
                network.breakSockets("the broker died");
                broker.die(away);
            }
            case Weather.Event.SocketBreaks() -> network.breakSockets("reset");
            case Weather.Event.ClockSteps(Duration by) -> setClock(by);
            case Weather.Event.BrokerFault(Map<String, Object> values) -> fault(values);
            case Weather.Event.OutsideOrder(long qty) -> outsideOrder(qty);
            case Weather.Event.KillSwitch(boolean cancelOpen, Duration span) ->
                killSwitch(true, cancelOpen, () -> {
                    Instant from = loop.now();
                    loop.in(span, () -> {
                        records.stops.add(new Observed.Span(from, loop.now()));
                        killSwitch(false, false, () -> {});
                    });
                });
        }
    }

    /** Asks until somebody answers: an operator does not walk away from a kill switch. */
    private void killSwitch(boolean on, boolean cancelOpen, Runnable then) {
        askGateway(Duration.ofSeconds(5), (process, client) -> process.killSwitch(on, cancelOpen, client), heard -> {
            timeline.say(loop.now(), "operator", () -> "kill switch " + on + " hears " + heard);
            if (heard instanceof OrderPart.Heard.Done) {
                then.run();
            } else {
                loop.in(dice.millis(100, 500), () -> killSwitch(on, cancelOpen, then));
            }
        });
    }

    private void outsideOrder(long qty) {
        RestCalls calls = shared.outside();
        network.direct(broker, calls.token(), token -> {
            if (calls.readToken(token, loop.now()) instanceof TokenCore.Input.Obtained(var held, boolean _)) {
                var order = new PlaceOrder(
                        new kr.kisgateway.market.Symbol("003490"), Side.BUY, OrderType.LIMIT, qty, 26_300, Venue.KRX);
                network.direct(broker, calls.place(held, order), answer -> {
                    timeline.say(loop.now(), "outside", () -> order + " hears " + calls.judge(answer));
                });
            }
        });
    }

    private void setClock(Duration error) {
        clockError = error;
        clockSteps.add(loop.now());
    }

    private void fault(Map<String, Object> values) {
        broker.call(id -> new Input.SwitchFaults(id, values), heard -> {
            if (heard instanceof BrokerProcess.Heard.Answer(var answer) && answer.status() != 200) {
                throw new IllegalStateException("no such fault: " + answer.body());
            }
        });
    }

    // ---- judging ----

    /** While the market is open a fill may be on its way at any moment, so a finding counts only if it stays. */
    private void judge(String when, boolean closed) {
        List<String> found = List.of();
        for (int look = 0; look < LOOKS; look++) {
            found = look(closed);
            if (found.isEmpty()) {
                return;
            }
            loop.runUntil(loop.now().plusSeconds(1));
        }
        found.forEach(sentence -> wrong.add(when + ": " + sentence));
    }

    private List<String> look(boolean closed) {
        // While agents trade, what was read is old at once.
        Optional<Traded> read = closed ? readBalance() : Optional.empty();
        List<JournalEntry> journal = disk.read();
        Map<Shown, Long> shown = OrderPart.shown(journal);
        List<Chained> book = book();
        var found = new ArrayList<String>();
        gateway.ifPresent(it -> found.addAll(it.otherThanJournal()));
        var observed = new Observed(
                List.copyOf(records.calls.values()),
                List.copyOf(records.cancels),
                List.copyOf(records.changes),
                List.copyOf(shown.keySet()),
                book.stream().map(Chained::booked).toList(),
                book.stream().map(Chained::chain).toList(),
                book.stream()
                        .filter(Chained::outside)
                        .map(chain -> chain.booked().number())
                        .collect(Collectors.toSet()),
                List.copyOf(records.told),
                List.copyOf(records.denied),
                List.copyOf(records.left),
                List.copyOf(records.stops),
                List.copyOf(records.published),
                List.copyOf(records.alerts),
                traded(shown),
                theirs(),
                read,
                bounds,
                List.copyOf(clockSteps),
                closed);
        found.addAll(HistoryChecker.judge(observed));
        return found;
    }

    /** Lets the gateway read its balance as it does for a sell, over the wire. */
    private Optional<Traded> readBalance() {
        var read = new ArrayList<Traded>();
        gateway.ifPresent(process -> process.run(() -> process.balance(balance -> balance.ifPresent(it -> {
            var positions = new TreeMap<String, Long>();
            it.pages()
                    .forEach(page -> page.holdings()
                            .forEach(h -> positions.put(h.symbol().code(), h.qty())));
            var cash = it.pages().getLast().cash();
            read.add(new Traded(cash.buysToday(), cash.sellsToday(), positions));
        }))));
        loop.runUntil(loop.now().plusSeconds(1));
        return read.stream().findFirst();
    }

    /** An order at the broker with everything that replaced it, as its file has them. */
    private static final class Chained {
        private final Change.Order first;
        private long filled;
        private long rest;
        private long price;
        private int modifications = -1;

        Chained(Change.Order first) {
            this.first = first;
        }

        void add(Change.Order order) {
            filled += order.filledQty();
            rest += order.qty() - order.filledQty() - order.cancelledQty() - order.rejectedQty();
            boolean refused = order != first && order.rejectedQty() == order.qty();
            price = refused ? price : priceOf(order);
            modifications += refused ? 0 : 1;
        }

        private static long priceOf(Change.Order order) {
            return order.dvsn().equals("01") ? 0 : order.price();
        }

        Booked booked() {
            return new Booked(
                    first.odno(),
                    new Print(first.symbol().code(), first.side().name(), first.qty(), priceOf(first)),
                    Instant.ofEpochMilli(first.acceptedAtMillis()),
                    filled,
                    first.qty() - filled - rest);
        }

        Observed.Chain chain() {
            return new Observed.Chain(first.odno(), price, filled + rest, modifications);
        }

        boolean outside() {
            return first.qty() >= Weather.OUTSIDE_FROM && first.qty() <= Weather.OUTSIDE_TO;
        }
    }

    private List<Chained> book() {
        var chains = new LinkedHashMap<Long, Chained>();
        var byNumber = new HashMap<Long, Chained>();
        broker.kept().changes().stream()
                .filter(Change.Order.class::isInstance)
                .map(Change.Order.class::cast)
                .filter(order -> order.kind() != OrderKind.CANCEL)
                .sorted(Comparator.comparingLong(Change.Order::odno))
                .forEach(order -> {
                    Chained chain = order.kind() == OrderKind.NEW
                            ? chains.computeIfAbsent(order.odno(), _ -> new Chained(order))
                            : Objects.requireNonNull(byNumber.get(order.originalOdno()));
                    byNumber.put(order.odno(), chain);
                    chain.add(order);
                });
        return List.copyOf(chains.values());
    }

    private static Traded traded(Map<Shown, Long> shown) {
        long bought = 0;
        long sold = 0;
        var positions = new TreeMap<String, Long>();
        for (Map.Entry<Shown, Long> entry : shown.entrySet()) {
            Shown order = entry.getKey();
            boolean buy = order.print().side().equals("BUY");
            bought += buy ? entry.getValue() : 0;
            sold += buy ? 0 : entry.getValue();
            positions.merge(order.print().symbol(), buy ? order.filled() : -order.filled(), Long::sum);
        }
        positions.values().removeIf(qty -> qty == 0);
        return new Traded(bought, sold, positions);
    }

    private Traded theirs() {
        long bought = 0;
        long sold = 0;
        var positions = new TreeMap<String, Long>();
        for (Change change : broker.kept().changes()) {
            if (change instanceof Change.Cash cash) {
                bought += cash.boughtToday();
                sold += cash.soldToday();
            } else if (change instanceof Change.Holding holding && holding.qty() != 0) {
                positions.merge(holding.symbol().code(), holding.qty(), Long::sum);
            }
        }
        return new Traded(bought, sold, positions);
    }
}
