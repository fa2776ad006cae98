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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.core.RestCalls;
import kr.kisgateway.client.core.RestRequest;
import kr.kisgateway.client.core.TokenCore;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.kis.KisOrders;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.ControlEvent;
import kr.kisgateway.gateway.order.ControlEventJson;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.ListReading;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderCore;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderInput;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.DailyOrderRow;

/**
 * The gateway's order core as a day drives it, with what the journal held when its process began. The one class here that
 * knows the core's inputs, effects and events; planted defects sit where the core meets its surroundings.
 */
final class OrderPart {
    static final String ACCOUNT = "A1";
    private static final String SCOPE = "sim/" + ACCOUNT;
    private static final Duration MODIFY_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PACE = Duration.ofSeconds(5);

    /** What the core wants done. */
    sealed interface Todo {
        record Reply(long ticket, Heard heard) implements Todo {}

        record AskSlot(long slot, Lane lane, String tenant, Instant deadline) implements Todo {}

        record GiveBack(long slot) implements Todo {}

        /**
         * Send something of {@code order} with {@code slot}.
         *
         * @param stopAt from when on the last look stops it; empty for a cancel, which nothing stops
         * @param repeatable whether it may be repeated without harm, as a cancel of all the rest
         */
        record Send(
                long slot,
                String order,
                int request,
                Optional<Instant> stopAt,
                boolean repeatable,
                String what,
                Function<TokenCore.Token, RestRequest> make)
                implements Todo {}

        record AskList(LocalDate day) implements Todo {}

        /** Placing and modifying are allowed, or not; the last look goes by it. */
        record Killed(boolean on) implements Todo {}

        record Publish(String stream, long seq, String order, String status, String what) implements Todo {}

        record Alert(String text) implements Todo {}
    }

    /** What a client hears. */
    sealed interface Heard {
        record Accepted(String order, boolean replay) implements Heard {}

        record Refused(String code, String message) implements Heard {}

        /** What was asked for that is no order's is so. */
        record Done() implements Heard {}

        /** One answer for each order of a batch. */
        record Batch(List<Heard> answers) implements Heard {}

        /** The orders that a cancel of many takes back. */
        record Swept(Set<String> orders) implements Heard {}

        /** No answer: the gateway is not there, or went away meanwhile. */
        record Nothing() implements Heard {}
    }

    /** An order that a client asks for. */
    record Wish(String key, Print print, Instant dispatchBy) {}

    /** Another quantity or price of an order that a client asks for. */
    record Change(String order, String key, OptionalLong qty, OptionalLong price) {}

    /** The cancel of everything that is open, or of what is open in one symbol. */
    record Sweep(String key, Optional<String> symbol) {}

    /** What an operator says became of an order in doubt: it is this number, or the broker does not have it. */
    record Resolution(String order, String key, Optional<Long> number) {}

    /** An order in doubt. */
    record Doubt(String order, Print print, Instant since) {}

    /**
     * An order that the journal keeps.
     *
     * @param value what it filled, in won
     */
    record Filed(Shown shown, LocalDate day, long value) {}

    /** What the account holds of a symbol, as the broker last said. */
    record Figures(long cash, long held, long sellable, Instant askedAt) {}

    /** What surrounds a request. */
    record Around(Optional<Figures> figures, boolean token) {}

    /** First the entries durably, then the rest. */
    record Decided(List<JournalEntry> entries, List<Todo> afterDurable) {}

    private final OrderCore core;
    private final TradingCalendar calendar;
    private final Map<OrderId, Order> open = new LinkedHashMap<>();
    private Optional<Question> question = Optional.empty();

    private record Question(OrderEffect.AskBroker asked, List<Order> believed) {}

    private final RestCalls calls;
    private final OrderEventJson json = new OrderEventJson();
    private final ControlEventJson controlJson = new ControlEventJson();
    private final Set<Bug> bugs;
    private final long fence;
    private final Map<KeyUse.Name, OrderInput.PriorUse> priors = new HashMap<>();

    /** The table of orders that the product keeps beside its journal: every order, however old. */
    private final Map<OrderId, Order> store;

    private boolean otherVenue;
    private boolean pretendsToBeStopped;

    OrderPart(
            List<JournalEntry> journal,
            long fence,
            TradingCalendar trueCalendar,
            Instant now,
            Observed.Bounds bounds,
            double sendsPerSecond,
            RestCalls calls,
            Set<Bug> bugs) {
        this.calls = calls;
        this.bugs = bugs;
        this.fence = fence;
        this.calendar = bugs.contains(Bug.KEEPS_ORDERS_OVER_NIGHT) ? withoutEnd(trueCalendar) : trueCalendar;
        var limits = bugs.contains(Bug.IGNORES_THE_LIMITS)
                ? RiskLimits.none()
                : RiskLimits.none()
                        .with(RiskLimit.DAILY_ORDERS, bounds.dailyOrders())
                        .with(RiskLimit.MAX_QTY, bounds.maxQty());
        var control = new ArrayList<ControlEvent>();
        Map<String, Long> lastSeq = new HashMap<>();
        for (JournalEntry entry : journal) {
            lastSeq.merge(entry.stream(), entry.seq(), Math::max);
            if (entry.stream().equals(ControlEvent.STREAM)) {
                ControlEvent event = controlJson.read(entry);
                if (!(bugs.contains(Bug.FORGETS_THE_KILL_SWITCH) && event instanceof ControlEvent.KillSwitchSet)) {
                    control.add(event);
                }
            } else {
                remember(json.read(entry));
            }
        }
        UnaryOperator<OrderEvent> memory = UnaryOperator.identity();
        if (bugs.contains(Bug.FORGETS_KEYS_AT_RESTART)) {
            priors.clear();
            memory = OrderPart::keyless;
        }
        this.store = fold(journal, json, memory);
        if (bugs.contains(Bug.TAKES_A_CRASH_FOR_NOT_SENT)) {
            store.replaceAll((id, order) -> asIfNotSent(order));
        }
        Set<LocalDate> days = store.values().stream()
                .filter(order -> !order.status().terminal() || order.closedInDoubt())
                .map(Order::tradingDay)
                .collect(Collectors.toSet());
        days.add(calendar.tradingDay(now));
        List<Order> openAndToday = store.values().stream()
                .filter(order -> days.contains(order.tradingDay()) || order.mayStillChange())
                .toList();
        openAndToday.forEach(this::keep);
        this.core = new OrderCore(
                new OrderSettings(ACCOUNT, sendsPerSecond, true, MODIFY_PATIENCE, PACE, false),
                new RiskRules((symbol, price) -> Optional.empty()),
                RiskPolicy.of(limits),
                calendar,
                openAndToday,
                control,
                lastSeq,
                text -> RiskLayers.of(limits));
    }

    // ---- inputs ----

    Decided begin(Instant now) {
        return decided(core.begin(now));
    }

    Decided place(long ticket, String order, Wish wish, Around around, Instant now) {
        if (pretendsToBeStopped) {
            return refused(ticket);
        }
        return decided(core.on(placing(ticket, order, wish.key(), wish, around), now));
    }

    /** Several at once, each with the id that it gets if it is taken. */
    Decided placeAll(long ticket, List<String> ids, List<Wish> wishes, List<Around> around, Instant now) {
        if (pretendsToBeStopped) {
            return refused(ticket);
        }
        var orders = new ArrayList<OrderInput.Place>();
        for (int i = 0; i < wishes.size(); i++) {
            Wish wish = wishes.get(i);
            String key = bugs.contains(Bug.FORGETS_THE_KEYS_OF_BATCHES) ? wish.key() + "#" + ticket : wish.key();
            orders.add(placing(0, ids.get(i), key, wish, around.get(i)));
        }
        return decided(core.on(new OrderInput.PlaceBatch(ticket, orders), now));
    }

    private OrderInput.Place placing(long ticket, String order, String name, Wish wish, Around around) {
        Print print = wish.print();
        boolean market = print.price() == 0;
        Terms terms = new Terms(
                ACCOUNT,
                new Symbol(print.symbol()),
                Side.valueOf(print.side()),
                print.qty(),
                market ? OrderType.MARKET : OrderType.LIMIT,
                market ? OptionalLong.empty() : OptionalLong.of(print.price()),
                venue(),
                Optional.empty(),
                bugs.contains(Bug.IGNORES_THE_DEADLINE)
                        ? wish.dispatchBy().plus(Duration.ofMinutes(1))
                        : wish.dispatchBy());
        var key = new KeyUse(SCOPE, name, hash(wish));
        return new OrderInput.Place(
                ticket,
                new OrderId(order),
                terms,
                key,
                surroundings(around),
                Optional.ofNullable(priors.get(key.name())),
                OrderInput.Mode.PLACE);
    }

    Decided modify(long ticket, Change change, Around around, Instant now) {
        if (pretendsToBeStopped) {
            return refused(ticket);
        }
        return decided(core.on(
                new OrderInput.Modify(
                        ticket,
                        new OrderId(change.order()),
                        change.qty(),
                        change.price(),
                        SCOPE,
                        Optional.of(change.key()),
                        surroundings(around),
                        stored(change.order()),
                        prior(change.key())),
                now));
    }

    Decided cancel(long ticket, String order, String key, Instant now) {
        return decided(core.on(
                new OrderInput.Cancel(ticket, new OrderId(order), SCOPE, Optional.of(key), stored(order), prior(key)),
                now));
    }

    Decided cancelAll(long ticket, Sweep sweep, Instant now) {
        String key = bugs.contains(Bug.SWEEPS_AGAIN) ? sweep.key() + "#" + ticket : sweep.key();
        return decided(core.on(
                new OrderInput.CancelAll(
                        ticket,
                        new OrderInput.Which(Optional.empty(), sweep.symbol().map(Symbol::new), Optional.empty()),
                        new KeyUse(SCOPE, key, "cancel-all:" + sweep.symbol().orElse("")),
                        prior(key),
                        Optional.empty()), // the core reads every control event at a start
                now));
    }

    Decided resolve(long ticket, Resolution said, Instant now) {
        if (bugs.contains(Bug.IGNORES_THE_OPERATOR)) {
            return new Decided(List.of(), List.of(new Todo.Reply(ticket, new Heard.Accepted(said.order(), false))));
        }
        OrderInput.Decision decision = said.number()
                .<OrderInput.Decision>map(OrderInput.Decision.IsNumber::new)
                .orElseGet(OrderInput.Decision.NotAtBroker::new);
        return decided(core.on(
                new OrderInput.Resolve(
                        ticket,
                        new OrderId(said.order()),
                        decision,
                        Optional.of("looked it up"),
                        SCOPE,
                        Optional.of(said.key()),
                        stored(said.order()),
                        prior(said.key())),
                now));
    }

    Decided killSwitch(long ticket, boolean on, boolean cancelOpen, Instant now) {
        if (bugs.contains(Bug.KILLS_ONLY_WHAT_COMES_LATER)) {
            pretendsToBeStopped = on;
            return new Decided(List.of(), List.of(new Todo.Reply(ticket, new Heard.Done())));
        }
        return decided(core.on(
                new OrderInput.KillSwitch(ticket, on, Optional.of("an operator decided"), cancelOpen, "operator"),
                now));
    }

    Decided slotGranted(long slot, Instant now) {
        return decided(core.on(new OrderInput.SlotGranted(slot), now));
    }

    Decided slotTimedOut(long slot, Instant now) {
        return decided(core.on(new OrderInput.SlotTimedOut(slot), now));
    }

    Decided sendStopped(Todo.Send send, boolean killed, Instant now) {
        return decided(core.on(
                new OrderInput.SendStopped(
                        new OrderId(send.order()),
                        send.request(),
                        killed ? OrderInput.Why.KILL_SWITCH : OrderInput.Why.DEADLINE),
                now));
    }

    Decided answered(Todo.Send send, Placement placement, Instant now) {
        return decided(core.on(
                new OrderInput.Answered(new OrderId(send.order()), send.request(), KisOrders.outcome(placement)), now));
    }

    Decided noticed(ExecutionNotice told, Instant now) {
        Broker.Notice notice = KisOrders.notice(told);
        Decided decided = decided(core.on(new OrderInput.Noticed(notice), now));
        if (bugs.contains(Bug.COUNTS_A_NOTICE_TWICE)) {
            var again = new Broker.Notice(
                    notice.kind(),
                    notice.odno(),
                    notice.original(),
                    notice.symbol(),
                    notice.side(),
                    notice.qty(),
                    notice.price(),
                    notice.time() + 1,
                    notice.orgNo());
            decided = both(decided, decided(core.on(new OrderInput.Noticed(again), now)));
        }
        return decided;
    }

    Decided noticesMissed(Instant now) {
        return bugs.contains(Bug.IGNORES_LOST_NOTICES)
                ? timerDue(now)
                : decided(core.on(new OrderInput.NoticesMissed("registered"), now));
    }

    Decided listArrived(LocalDate of, Instant askedAt, KisReply<List<DailyOrderRow>> reply, Instant now) {
        Broker.Listing heard = KisOrders.listing(askedAt, reply);
        Broker.Listing listing = bugs.contains(Bug.IGNORES_LOST_NOTICES)
                        && heard instanceof Broker.Listing.Complete complete
                ? new Broker.Listing.Complete(
                        askedAt,
                        complete.orders().stream().map(OrderPart::withoutFills).toList())
                : heard;
        Optional<ListReading> reading = question.filter(q -> q.asked().day().equals(of))
                .flatMap(q -> listing instanceof Broker.Listing.Complete complete
                        ? Optional.of(ListReading.of(q.asked(), complete, q.believed(), calendar.endOf(of)))
                        : Optional.empty());
        Decided decided = decided(core.on(new OrderInput.ListArrived(of, listing, reading), now));
        if (bugs.contains(Bug.CLOSES_ON_ABSENCE) && listing instanceof Broker.Listing.Complete) {
            for (OrderId id : inDoubt()) {
                var gone = new OrderInput.Resolve(
                        0,
                        id,
                        new OrderInput.Decision.NotAtBroker(),
                        Optional.empty(),
                        SCOPE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                decided = both(decided, decided(core.on(gone, now)));
            }
        }
        return decided;
    }

    Decided timerDue(Instant now) {
        return decided(core.on(new OrderInput.TimerDue(), now));
    }

    Optional<Instant> nextTimer() {
        return core.nextTimer();
    }

    // ---- what the day asks ----

    /** The orders that {@code journal} keeps, as the API would show them. */
    static List<Filed> shown(List<JournalEntry> journal) {
        return fold(journal, new OrderEventJson(), UnaryOperator.identity()).values().stream()
                .map(order -> new Filed(show(order), order.tradingDay(), order.value()))
                .toList();
    }

    /** Orders that the core holds otherwise than {@code journal} does, holds no more, or holds although they are over. */
    List<String> otherThan(List<JournalEntry> journal, LocalDate today) {
        var wrong = new ArrayList<String>();
        var filed = fold(journal, json, UnaryOperator.identity()).values();
        // Of a day of which an order was open when the next began, all stay until one more begins.
        Set<LocalDate> openLonger = filed.stream()
                .filter(order -> !order.status().terminal()
                        || !order.updatedAt()
                                .atZone(TradingCalendar.SEOUL)
                                .toLocalDate()
                                .isBefore(today))
                .map(Order::tradingDay)
                .collect(Collectors.toSet());
        for (Order order : filed) {
            Optional<Order> held = core.order(order.id());
            boolean over = order.status().terminal() && order.tradingDay().isBefore(today);
            if (held.filter(it -> !it.equals(order)).isPresent()) {
                wrong.add("memory and journal differ: " + held + " and " + order);
            } else if (held.isEmpty() && !over) {
                wrong.add("open or of today and not in memory: " + order);
            } else if (held.isPresent() && over && !openLonger.contains(order.tradingDay()) && !order.shortOfFills()) {
                wrong.add("ended on an earlier day and still in memory: " + order);
            }
        }
        return wrong;
    }

    /** Placings of which nobody knows what became of them, oldest first. */
    List<Doubt> doubts() {
        return store.keySet().stream()
                .flatMap(id -> core.order(id).stream())
                .filter(order -> order.status() == OrderStatus.UNKNOWN)
                .map(order -> new Doubt(order.id().text(), show(order).print(), order.updatedAt()))
                .toList();
    }

    private static Shown show(Order order) {
        Terms terms = order.terms();
        OptionalLong number = order.placing().odno();
        return new Shown(
                order.id().text(),
                order.key().key(),
                new Print(
                        terms.symbol().code(),
                        terms.side().name(),
                        terms.qty(),
                        terms.price().orElse(0)),
                order.status().name(),
                order.filled(),
                number.isPresent()
                        ? Optional.of(World.number(order.tradingDay(), number.getAsLong()))
                        : Optional.empty());
    }

    // ---- inside ----

    private Optional<Order> stored(String order) {
        return Optional.ofNullable(store.get(new OrderId(order)));
    }

    private Optional<OrderInput.PriorUse> prior(String key) {
        return Optional.ofNullable(priors.get(new KeyUse.Name(SCOPE, key)));
    }

    private static OrderInput.Surroundings surroundings(Around around) {
        Seen<AccountFigures> account = around.figures()
                .<Seen<AccountFigures>>map(it -> new Seen.Known<>(
                        new AccountFigures(it.cash(), it.held(), it.sellable(), OptionalLong.empty()), it.askedAt()))
                .orElseGet(() -> new Seen.Unknown<>("the balance could not be read"));
        return new OrderInput.Surroundings(
                MarketFacts.none(), account, OptionalLong.empty(), around.token() ? List.of() : List.of("NO_TOKEN"));
    }

    /** Keeps what the list is read beside, as the desk does. */
    private void keep(Order order) {
        if (order.status().terminal()) {
            open.remove(order.id());
        } else {
            open.put(order.id(), order);
        }
    }

    private Decided decided(OrderCore.Step step) {
        step.append().forEach(recorded -> keep(recorded.after()));
        var entries = new ArrayList<JournalEntry>();
        for (OrderCore.ControlRecorded recorded : step.control()) {
            entries.add(new JournalEntry(
                    ControlEvent.STREAM,
                    recorded.seq(),
                    recorded.at(),
                    recorded.at().atZone(TradingCalendar.SEOUL).toLocalDate(),
                    ControlEventJson.type(recorded.event()),
                    ControlEventJson.VERSION,
                    fence,
                    ControlEvent.STREAM,
                    controlJson.write(recorded.event())));
        }
        for (OrderCore.Recorded recorded : step.append()) {
            remember(recorded.event());
            store.put(recorded.after().id(), recorded.after());
            entries.add(new JournalEntry(
                    recorded.stream(),
                    recorded.seq(),
                    recorded.at(),
                    recorded.after().tradingDay(),
                    OrderEventJson.type(recorded.event()),
                    OrderEventJson.VERSION,
                    fence,
                    recorded.event().order().text(),
                    json.write(recorded.event())));
        }
        return new Decided(
                entries,
                step.afterDurable().stream()
                        .flatMap(effect -> todo(effect).stream())
                        .toList());
    }

    private static Decided both(Decided one, Decided other) {
        var entries = new ArrayList<>(one.entries());
        entries.addAll(other.entries());
        var todos = new ArrayList<>(one.afterDurable());
        todos.addAll(other.afterDurable());
        return new Decided(entries, todos);
    }

    private Optional<Todo> todo(OrderEffect effect) {
        return switch (effect) {
            case OrderEffect.Reply(long ticket, Answer answer) -> Optional.of(new Todo.Reply(ticket, heard(answer)));
            case OrderEffect.RequestSlot(long slot, Broker.Lane lane, String tenant, Instant deadline) ->
                Optional.of(new Todo.AskSlot(slot, KisOrders.lane(lane), tenant, deadline));
            case OrderEffect.ReleaseSlot(long slot) -> Optional.of(new Todo.GiveBack(slot));
            case OrderEffect.Send send -> Optional.of(send(send));
            case OrderEffect.Killed killed ->
                Optional.of(new Todo.Killed(killed.set().isPresent()));
            case OrderEffect.AskBroker ask -> {
                // The oldest that the list may be read beside: whatever changes from now on is left to the core.
                question = Optional.of(new Question(ask, List.copyOf(open.values())));
                yield Optional.of(new Todo.AskList(ask.day()));
            }
            case OrderEffect.Changed(Order order) ->
                Optional.of(new Todo.Publish(
                        order.terms().accountId(),
                        order.seq(),
                        order.id().text(),
                        order.status().name(),
                        order.id() + " " + order.status() + " filled " + order.filled() + " of "
                                + order.terms().qty()));
            case OrderEffect.Executed(Order order, Fill fill) ->
                Optional.of(new Todo.Publish(
                        order.terms().accountId() + " executions",
                        order.seq(),
                        order.id().text(),
                        "",
                        fill.execId() + " " + fill.qty() + " for " + fill.value()));
            case OrderEffect.Settled _ -> Optional.empty(); // the simulated operator acts on what is raised
            case OrderEffect.Alert alert ->
                bugs.contains(Bug.TELLS_NO_OPERATOR)
                        ? Optional.empty()
                        : Optional.of(new Todo.Alert(alert.level() + " " + alert.event() + " "
                                + alert.order().map(OrderId::text).orElse("") + " " + alert.message()));
        };
    }

    private Todo send(OrderEffect.Send send) {
        return switch (send) {
            case OrderEffect.SendPlace(long slot, OrderId order, int request, Terms terms) ->
                new Todo.Send(
                        slot,
                        order.text(),
                        request,
                        Optional.of(terms.dispatchBy()),
                        false,
                        "place " + KisOrders.place(terms),
                        token -> calls.place(token, KisOrders.place(toKrx(terms))));
            case OrderEffect.SendModify(
                    long slot,
                    OrderId order,
                    int request,
                    Terms terms,
                    String orgNo,
                    long odno,
                    long price,
                    Instant by) ->
                new Todo.Send(
                        slot,
                        order.text(),
                        request,
                        Optional.of(by),
                        false,
                        "modify " + odno + " to " + price,
                        token -> calls.modify(token, KisOrders.modify(toKrx(terms), orgNo, odno, price)));
            case OrderEffect.SendCancel(
                    long slot,
                    OrderId order,
                    int request,
                    Terms terms,
                    String orgNo,
                    long odno,
                    long qty,
                    boolean all) ->
                new Todo.Send(
                        slot,
                        order.text(),
                        request,
                        Optional.empty(),
                        all,
                        "cancel " + (all ? "all" : qty) + " of " + odno,
                        token -> calls.cancel(token, KisOrders.cancel(toKrx(terms), orgNo, odno, qty, all)));
        };
    }

    private static Heard heard(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> new Heard.Accepted(accepted.order().text(), accepted.replay());
            case Answer.Refused(Refusal refusal) ->
                new Heard.Refused(refusal.code().name(), refusal.message());
            case Answer.Batch(List<Answer> answers) ->
                new Heard.Batch(answers.stream().map(OrderPart::heard).toList());
            case Answer.CancelledAll(List<OrderId> orders, boolean _) ->
                new Heard.Swept(orders.stream().map(OrderId::text).collect(Collectors.toUnmodifiableSet()));
            default -> new Heard.Done();
        };
    }

    private static Decided refused(long ticket) {
        Heard no = new Heard.Refused(ErrorCode.KILL_SWITCH.name(), "the kill switch is on");
        return new Decided(List.of(), List.of(new Todo.Reply(ticket, no)));
    }

    private void remember(OrderEvent event) {
        switch (event) {
            case OrderEvent.Accepted e -> remember(e.key(), e.order(), KeyUse.Kind.PLACE);
            case OrderEvent.CancelRequested e -> remember(e.key(), e.order(), KeyUse.Kind.CANCEL);
            case OrderEvent.ModifyRequested e -> remember(e.key(), e.order(), KeyUse.Kind.MODIFY);
            case OrderEvent.Resolved e -> remember(e.key(), e.order(), KeyUse.Kind.RESOLVE);
            default -> {
                // The rest uses no key.
            }
        }
    }

    private void remember(KeyUse key, OrderId order, KeyUse.Kind kind) {
        priors.put(key.name(), new OrderInput.PriorUse(key.hash(), order, kind));
    }

    private static Map<OrderId, Order> fold(
            List<JournalEntry> journal, OrderEventJson json, UnaryOperator<OrderEvent> memory) {
        var orders = new LinkedHashMap<OrderId, Order>();
        for (JournalEntry entry : journal) {
            if (entry.stream().equals(ControlEvent.STREAM)) {
                continue;
            }
            OrderEvent event = memory.apply(json.read(entry));
            if (Order.begins(event)) {
                orders.put(event.order(), Order.begun(event, entry.at(), entry.seq()));
            } else {
                orders.computeIfPresent(event.order(), (id, order) -> order.apply(event, entry.at(), entry.seq()));
            }
        }
        return orders;
    }

    private static String hash(Wish wish) {
        return wish.print() + "|" + wish.dispatchBy();
    }

    // ---- planted defects ----

    private Venue venue() {
        otherVenue = bugs.contains(Bug.HAS_NO_FINGERPRINT_RULE) && !otherVenue;
        return otherVenue ? Venue.SOR : Venue.KRX;
    }

    private static TradingCalendar withoutEnd(TradingCalendar calendar) {
        return new TradingCalendar() {
            @Override
            public Session session(Instant now) {
                return calendar.session(now);
            }

            @Override
            public LocalDate tradingDay(Instant now) {
                return calendar.tradingDay(now);
            }

            @Override
            public boolean isTradingDay(LocalDate date) {
                return calendar.isTradingDay(date);
            }

            @Override
            public Instant endOf(LocalDate tradingDay) {
                return calendar.endOf(tradingDay).plus(Duration.ofDays(1));
            }
        };
    }

    private static Terms toKrx(Terms terms) {
        return new Terms(
                terms.accountId(),
                terms.symbol(),
                terms.side(),
                terms.qty(),
                terms.type(),
                terms.price(),
                Venue.KRX,
                terms.strategyId(),
                terms.dispatchBy());
    }

    private List<OrderId> inDoubt() {
        return priors.values().stream()
                .map(OrderInput.PriorUse::order)
                .distinct()
                .filter(id -> core.order(id)
                        .filter(order -> order.status() == OrderStatus.UNKNOWN)
                        .isPresent())
                .sorted(Comparator.comparing(OrderId::text))
                .toList();
    }

    private static Broker.Listed withoutFills(Broker.Listed row) {
        return new Broker.Listed(
                row.kind(),
                row.odno(),
                row.original(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.qty(),
                row.price(),
                row.market(),
                row.time(),
                0,
                0,
                row.canceled(),
                row.remaining(),
                row.rejected());
    }

    private static OrderEvent keyless(OrderEvent event) {
        return event
                        instanceof
                        OrderEvent.Accepted(OrderId order, Terms terms, KeyUse key, LocalDate day, OptionalLong worst)
                ? new OrderEvent.Accepted(
                        order, terms, new KeyUse(key.scope(), "forgotten " + key.key(), key.hash()), day, worst)
                : event;
    }

    private static Order asIfNotSent(Order order) {
        return order.placing().state() == BrokerRequest.State.SENDING
                ? order.apply(
                        new OrderEvent.SendNotTaken(order.id(), 1, "CRASH", "it cannot have left"),
                        order.updatedAt(),
                        order.seq())
                : order;
    }
}
