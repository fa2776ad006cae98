package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.LimitTable;
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
import kr.kisgateway.market.Symbol;
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
            return new RestCalls(
                    Environment.LIVE_FACE,
                    new Credentials(
                            Secret.of(appKey),
                            Secret.of("s".repeat(180)),
                            new AccountNumber("50000001", "01"),
                            Optional.empty()));
        }
    }

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    /** Late enough that a second session soon follows the first, on the next date. */
    private static final Instant OPEN =
            DAY.atTime(23, 47).atZone(TradingCalendar.SEOUL).toInstant();

    private static final LocalDate NEXT_DAY = DAY.plusDays(1);
    private static final Instant MIDNIGHT =
            NEXT_DAY.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    private static final Instant NEXT_OPEN = MIDNIGHT.plusSeconds(60);
    private static final Duration NEXT_SPAN = Duration.ofSeconds(25);
    private static final int NEXT_ORDERS = 40;
    private static final long NUMBERS_A_DAY = 100_000_000_000L;
    private static final Duration ROUGH = Duration.ofSeconds(75);
    private static final Duration AFTERWARDS = Duration.ofSeconds(80);
    private static final int ORDERS = 200;
    private static final int LOOKS = 8;
    private static final Duration OPERATOR_LOOKS = Duration.ofSeconds(3);

    /** So long an operator leaves an order in doubt alone: whatever is on its way has arrived by then. */
    private static final Duration OPERATOR_WAITS = Duration.ofSeconds(8);

    private final Shared shared;
    private final Dice dice;
    private final DayCalendar calendar;
    private final Limits limits = LimitTable.load().on(Environment.LIVE_FACE, DAY);
    private final Observed.Bounds bounds;
    private final KisSide.TokenFile tokenFile = new KisSide.TokenFile();
    private final BrokerProcess broker;
    private final Network network;
    private final double sendsPerSecond;
    private final List<String> wrong = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private Optional<GatewayProcess> gateway = Optional.empty();
    private Duration clockError = Duration.ZERO;
    private final Set<String> decided = new HashSet<>();

    /** Numbers of orders from elsewhere that look like one of ours. */
    private final Set<Long> twins = new HashSet<>();

    private boolean asleep;
    private int lives;
    private int deaths;
    private int batches;
    private int crashesAtSwitches;
    private int ordersNextDay;

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
        var today = new DayCalendar.Trading(DAY, OPEN, OPEN, OPEN.plus(ROUGH).plus(weather.quiet()));
        var tomorrow = new DayCalendar.Trading(
                NEXT_DAY, MIDNIGHT, NEXT_OPEN, NEXT_OPEN.plus(NEXT_SPAN).plusSeconds(50));
        this.calendar =
                new DayCalendar(weather.night() == Weather.Night.NONE ? List.of(today) : List.of(today, tomorrow));
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
        if (weather.attended()) {
            loop.in(OPERATOR_LOOKS, this::operatorLooks);
        }
        loop.runUntil(OPEN.plus(ROUGH));
        fault(Weather.noFault());
        setClock(Duration.ZERO);
        timeline.say(loop.now(), "world", () -> "calm: from here on nothing goes wrong");
        loop.runUntil(OPEN.plus(ROUGH).plusSeconds(15));
        programs.forEach(Program::askAgain);
        Instant close = calendar.first().close();
        loop.runUntil(close.minusSeconds(12));
        judge("before the close", false);
        if (weather.night() == Weather.Night.ASLEEP) {
            asleep = true;
            gateway.ifPresent(this::gatewayDied);
        } else {
            loop.runUntil(close.plus(AFTERWARDS));
            judge("after the close", true);
        }
        if (weather.night() != Weather.Night.NONE) {
            nextDay(programs);
        }
        batches = programs.stream().mapToInt(Program::batches).sum();
        return wrong;
    }

    /** A short one: what was yesterday's is over, keys are remembered, numbers begin anew. */
    private void nextDay(List<Program> programs) {
        loop.runUntil(MIDNIGHT.plusSeconds(dice.between(1, 30)));
        if (asleep) {
            asleep = false;
            boot(Duration.ZERO);
        }
        loop.runUntil(NEXT_OPEN);
        int orders = records.ordersAccepted();
        programs.forEach(Program::remember);
        programs.forEach(program -> program.trade(NEXT_ORDERS / programs.size(), NEXT_SPAN));
        if (weather.night() == Weather.Night.AWAKE && dice.chance(0.3)) {
            loop.in(dice.millis(0, (int) NEXT_SPAN.toMillis()), () -> gateway.ifPresent(it -> it.lightFuse(0)));
        }
        Instant close = calendar.last().close();
        loop.runUntil(close.minusSeconds(12));
        judge("before the second close", false);
        loop.runUntil(close.plus(AFTERWARDS));
        judge("after the second close", true);
        ordersNextDay = records.ordersAccepted() - orders;
    }

    /** What was done in the day, by name; what never happens on any day is not judged on any. */
    SequencedMap<String, Integer> figures() {
        var figures = new LinkedHashMap<String, Integer>();
        figures.put("batches", batches);
        figures.put("cancels of everything", records.sweeps());
        figures.put("decided by number", (int) records.resolutions.stream()
                .filter(said -> said.number().isPresent())
                .count());
        figures.put("decided as not there", (int) records.resolutions.stream()
                .filter(said -> said.number().isEmpty())
                .count());
        figures.put("kill switches", records.stops.size());
        figures.put("of them with a crash", crashesAtSwitches);
        figures.put("nights", weather.night() == Weather.Night.NONE ? 0 : 1);
        figures.put("orders after a night", ordersNextDay);
        return figures;
    }

    /** A number that is unique over days: the broker's own begin anew on each. */
    static long number(LocalDate day, long odno) {
        return (day.toEpochDay() - DAY.toEpochDay()) * NUMBERS_A_DAY + odno;
    }

    LocalDate tradingDay() {
        return calendar.tradingDay(loop.now());
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
        return new OrderPart(journal, life, calendar, gatewayClock(), bounds, sendsPerSecond, shared.calls(), bugs);
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
        if (asleep) {
            return;
        }
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
            case Weather.Event.KillSwitch(boolean cancelOpen, Duration span, Weather.Crash crash) ->
                killSwitch(cancelOpen, span, crash);
            case Weather.Event.Sweep() -> sweep();
            case Weather.Event.Twin() -> {
                fault(Weather.silence());
                loop.in(Duration.ofMillis(100), () -> placeTwin(loop.now().plusSeconds(4)));
            }
        }
    }

    private void killSwitch(boolean cancelOpen, Duration span, Weather.Crash crash) {
        String key = "kill switch " + loop.now();
        if (cancelOpen) {
            records.sweeps(key, Optional.empty());
        }
        if (crash.when() == Weather.Crash.When.ASKED) {
            crashSoon(crash);
        }
        killSwitch(true, cancelOpen, () -> {
            Instant from = loop.now();
            if (cancelOpen) {
                records.swept(key, Set.of());
            }
            if (crash.when() == Weather.Crash.When.ON) {
                crashSoon(crash);
            }
            loop.in(span, () -> {
                records.stops.add(new Observed.Span(from, loop.now()));
                killSwitch(false, false, () -> {});
            });
        });
    }

    private void crashSoon(Weather.Crash crash) {
        gateway.ifPresent(it -> {
            it.lightFuse(crash.steps());
            crashesAtSwitches++;
        });
    }

    private void sweep() {
        var sweep = new OrderPart.Sweep("operator-sweep-" + loop.now(), Optional.empty());
        records.sweeps(sweep.key(), sweep.symbol());
        sweep(sweep, dice.between(1, 3));
    }

    /** Asks until it was answered {@code answers} times: people press a button again. */
    private void sweep(OrderPart.Sweep sweep, int answers) {
        askGateway(Duration.ofSeconds(5), (process, client) -> process.cancelAll(sweep, client), heard -> {
            timeline.say(loop.now(), "operator", () -> sweep + " hears " + heard);
            int left = answers;
            if (heard instanceof OrderPart.Heard.Swept(var named)) {
                records.swept(sweep.key(), named);
                left--;
            }
            if (left > 0) {
                int more = left;
                loop.in(dice.millis(100, 3_000), () -> sweep(sweep, more));
            }
        });
    }

    // ---- what operators decide ----

    /** Looks at what is in doubt, and at the broker's own screen, and says what he sees there. */
    private void operatorLooks() {
        Instant old = gatewayClock().minus(OPERATOR_WAITS);
        List<OrderPart.Doubt> doubts = gateway.map(GatewayProcess::doubts).orElse(List.of()).stream()
                .filter(doubt -> doubt.since().isBefore(old) && !decided.contains(doubt.order()))
                .toList();
        if (!doubts.isEmpty()) {
            Map<Print, List<Long>> unowned = unowned();
            for (OrderPart.Doubt doubt : doubts) {
                List<Long> there = unowned.getOrDefault(doubt.print(), List.of());
                var said = new OrderPart.Resolution(
                        doubt.order(),
                        "decision-" + doubt.order() + "-" + loop.now(),
                        there.stream().findFirst());
                decided.add(doubt.order());
                decide(said);
            }
        }
        loop.in(OPERATOR_LOOKS, this::operatorLooks);
    }

    private void decide(OrderPart.Resolution said) {
        askGateway(Duration.ofSeconds(5), (process, client) -> process.resolve(said, client), heard -> {
            timeline.say(loop.now(), "operator", () -> said + " hears " + heard);
            switch (heard) {
                case OrderPart.Heard.Accepted _ ->
                    records.resolutions.add(new Observed.Resolution(said.order(), said.number()));
                case OrderPart.Heard.Nothing() -> loop.in(dice.millis(100, 1_000), () -> decide(said));
                // It is settled, or the list has not shown it yet: he looks again.
                default -> decided.remove(said.order());
            }
        });
    }

    /** Orders at the broker that are nobody's yet as the gateway sees it, oldest first, without those from elsewhere. */
    private Map<Print, List<Long>> unowned() {
        Set<Long> owned = OrderPart.shown(disk.read()).stream()
                .flatMap(order -> order.shown().brokerNumber().stream())
                .collect(Collectors.toSet());
        return book().stream()
                .filter(chain -> !chain.outside() && !twins.contains(chain.number()) && !owned.contains(chain.number()))
                .map(Chained::booked)
                .collect(Collectors.groupingBy(Booked::print, Collectors.mapping(Booked::number, Collectors.toList())));
    }

    /** Numbers of what the broker's book has with everything that {@code print} says. */
    private Set<Long> numbers(Print print) {
        return book().stream()
                .map(Chained::booked)
                .filter(booked -> booked.print().equals(print))
                .map(Booked::number)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Waits until an order is in doubt that the broker has, and places its like. */
    private void placeTwin(Instant until) {
        Map<Print, List<Long>> unowned = unowned();
        Optional<Print> print = gateway.map(GatewayProcess::doubts).orElse(List.of()).stream()
                .map(OrderPart.Doubt::print)
                .filter(it -> it.price() > 0
                        && it.side().equals("BUY")
                        && unowned.getOrDefault(it, List.of()).size() == 1)
                .findFirst();
        print.ifPresentOrElse(
                it -> {
                    Set<Long> before = numbers(it);
                    place(it, () -> {
                        // By the book, because its answer may have been lost; and ours may have been found meanwhile.
                        Set<Long> since = numbers(it);
                        since.removeAll(before);
                        since.retainAll(unowned().getOrDefault(it, List.of()));
                        twins.addAll(since);
                    });
                },
                () -> {
                    if (loop.now().isBefore(until)) {
                        loop.in(Duration.ofMillis(100), () -> placeTwin(until));
                    }
                });
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
        place(new Print("003490", "BUY", qty, 26_300), () -> {});
    }

    /** Places an order past the gateway. */
    private void place(Print print, Runnable then) {
        RestCalls calls = shared.outside();
        network.direct(broker, calls.token(), token -> {
            if (calls.readToken(token, loop.now()) instanceof TokenCore.Input.Obtained(var held, boolean _)) {
                var order = new PlaceOrder(
                        new Symbol(print.symbol()),
                        Side.valueOf(print.side()),
                        OrderType.LIMIT,
                        print.qty(),
                        print.price(),
                        Venue.KRX);
                network.direct(broker, calls.place(held, order), answer -> {
                    timeline.say(loop.now(), "outside", () -> order + " hears " + calls.judge(answer));
                    then.run();
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
        List<OrderPart.Filed> filed = OrderPart.shown(journal);
        List<Chained> book = book();
        var found = new ArrayList<String>();
        gateway.ifPresent(it -> found.addAll(it.otherThanJournal()));
        var observed = new Observed(
                List.copyOf(records.calls.values()),
                List.copyOf(records.cancels),
                List.copyOf(records.changes),
                filed.stream().map(OrderPart.Filed::shown).toList(),
                book.stream().map(Chained::booked).toList(),
                book.stream().map(Chained::chain).toList(),
                book.stream()
                        .filter(chain -> chain.outside() || twins.contains(chain.number()))
                        .map(Chained::number)
                        .collect(Collectors.toSet()),
                List.copyOf(records.told),
                List.copyOf(records.denied),
                List.copyOf(records.left),
                List.copyOf(records.stops),
                List.copyOf(records.published),
                List.copyOf(records.alerts),
                traded(filed),
                theirs(),
                read,
                bounds,
                List.copyOf(clockSteps),
                records.deeds(),
                weather.night() == Weather.Night.NONE ? List.of() : List.of(MIDNIGHT),
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

        long number() {
            return World.number(first.day(), first.odno());
        }

        Booked booked() {
            return new Booked(
                    number(),
                    new Print(first.symbol().code(), first.side().name(), first.qty(), priceOf(first)),
                    Instant.ofEpochMilli(first.acceptedAtMillis()),
                    filled,
                    first.qty() - filled - rest);
        }

        Observed.Chain chain() {
            return new Observed.Chain(number(), price, filled + rest, modifications);
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
                .sorted(Comparator.comparing(Change.Order::day).thenComparingLong(Change.Order::odno))
                .forEach(order -> {
                    long number = number(order.day(), order.odno());
                    Chained chain = order.kind() == OrderKind.NEW
                            ? chains.computeIfAbsent(number, _ -> new Chained(order))
                            : Objects.requireNonNull(byNumber.get(number(order.day(), order.originalOdno())));
                    byNumber.put(number, chain);
                    chain.add(order);
                });
        return List.copyOf(chains.values());
    }

    /** Money of today, shares of all days. */
    private Traded traded(List<OrderPart.Filed> filed) {
        long bought = 0;
        long sold = 0;
        var positions = new TreeMap<String, Long>();
        for (OrderPart.Filed one : filed) {
            Shown order = one.shown();
            boolean buy = order.print().side().equals("BUY");
            long value = one.day().equals(tradingDay()) ? one.value() : 0;
            bought += buy ? value : 0;
            sold += buy ? 0 : value;
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
