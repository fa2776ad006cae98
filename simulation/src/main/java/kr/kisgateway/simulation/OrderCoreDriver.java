package kr.kisgateway.simulation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.OverseasOrder;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.overseas.OverseasRequests;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.kis.rest.KisOrders;
import kr.kisgateway.gateway.kis.rest.KisUsOrders;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.BrokerNumbers;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.ControlEvent;
import kr.kisgateway.gateway.order.ControlEventJson;
import kr.kisgateway.gateway.order.DailyOrdersSnapshot;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderCore;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderInput;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.PricePolicy;
import kr.kisgateway.gateway.order.RepriceRules;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.ParentEvent;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.venue.VenueFigures;
import kr.kisgateway.gateway.venue.VenueRule;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import kr.kisgateway.simulation.history.WireForm;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.OverseasNotice;
import kr.kisgateway.wire.parse.OverseasOrderRow;

/**
 * The gateway's order core as a day drives it, with the journal's content at the start of its process. The one class
 * here that uses the core's inputs, effects and events; planted defects are where the core meets its environment.
 */
final class OrderCoreDriver {
    private static final String PRINCIPAL = "sim/";
    /** The scope of requests that concern no single order. */
    private static final String SCOPE = PRINCIPAL + "A1";
    /** Units of the currency. */
    private static final long DOLLAR = 10_000;

    /** A better price decides, whatever else is known. */
    private static final VenueRules AUTO_RULES =
            new VenueRules(List.of(new VenueRule.Price(0)), Duration.ofMinutes(1), Commissions.usual());

    private static final Duration MODIFY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PACE = Duration.ofSeconds(5);

    /** An effect that the core requests. */
    sealed interface Action {
        record Reply(long ticket, Response response) implements Action {}

        record RequestSlot(long slot, Lane lane, String tenant, Instant deadline) implements Action {}

        record ReleaseSlot(long slot) implements Action {}

        /**
         * Send something of {@code order} with {@code slot}.
         *
         * @param attempt from 1
         * @param stopAt deadline of the last check; empty for a cancel, which is never stopped
         * @param repeatable whether it may be repeated without harm, as a complete cancel
         */
        record Send(
                long slot,
                String order,
                int request,
                int attempt,
                Optional<Instant> stopAt,
                boolean repeatable,
                String what,
                Function<TokenCore.Token, RestRequest> make)
                implements Action {
            OrderCore.SendAttempt sendAttempt() {
                return new OrderCore.SendAttempt(OrderId.parse(order).orElseThrow(), request, attempt);
            }
        }

        record RequestDailyOrders(AccountDay day) implements Action {}

        /** Load the facts for the order that replaces {@code original}. */
        record LoadReplacement(String original, OrderFingerprint successor) implements Action {}

        /** Placing and modifying are allowed, or not; the last check before a send uses it. */
        record SetKillSwitch(boolean on) implements Action {}

        /** These orders are durable now. */
        record Visible(List<Order> orders) implements Action {}

        record Publish(String stream, long seq, String order, String status, String what) implements Action {}

        record Alert(String text) implements Action {}
    }

    /** A client's answer. */
    sealed interface Response {
        record Accepted(String order, boolean replay) implements Response {}

        record Refused(Refusal refusal) implements Response {
            String code() {
                return refusal.code().name();
            }

            @Override
            public String toString() {
                return "Refused[" + code() + ", " + refusal.message() + "]";
            }
        }

        /** A request that concerns no order was carried out. */
        record Done() implements Response {}

        /** One answer for each order of a batch. */
        record Batch(List<Response> answers) implements Response {}

        /** The orders that a bulk cancel cancels. */
        record CancelledAll(Set<String> orders) implements Response {}

        /** Entries of another capability are durable, from this position on. */
        record Appended(long firstSeq, Instant at) implements Response {}

        /** No answer: the gateway is down, or died meanwhile. */
        record NoAnswer() implements Response {}
    }

    /** An order that a client requests. */
    record PlaceRequest(
            String key,
            OrderFingerprint fingerprint,
            OrderKind kind,
            OptionalLong stopPrice,
            Venue venue,
            Instant dispatchBy,
            Optional<PricePolicy> pricing) {
        /** An order that keeps its price. */
        PlaceRequest(
                String key,
                OrderFingerprint fingerprint,
                OrderKind kind,
                OptionalLong stopPrice,
                Venue venue,
                Instant dispatchBy) {
            this(key, fingerprint, kind, stopPrice, venue, dispatchBy, Optional.empty());
        }

        /** The same order under another key. */
        PlaceRequest withKey(String other) {
            return new PlaceRequest(other, fingerprint, kind, stopPrice, venue, dispatchBy, pricing);
        }

        /** The same order under another key on another venue, at one price. */
        PlaceRequest at(String other, Venue elsewhere) {
            OrderFingerprint there = fingerprint.as(WireForm.of(kind, elsewhere, stopPrice));
            return new PlaceRequest(other, there, kind, stopPrice, elsewhere, dispatchBy);
        }

        /** The same order with other prices later. */
        PlaceRequest withPricing(PricePolicy policy) {
            return new PlaceRequest(key, fingerprint, kind, stopPrice, venue, dispatchBy, Optional.of(policy));
        }

        /** The same kind of order with other terms. */
        PlaceRequest withFingerprint(OrderFingerprint other) {
            return new PlaceRequest(key, other, kind, stopPrice, venue, dispatchBy, pricing);
        }
    }

    /** Another quantity or price of an order that a client requests. */
    /** @param replace whether another order may take its place where KIS cannot modify it */
    record ModifyRequest(String order, String key, OptionalLong qty, OptionalLong price, boolean replace) {}

    /** The cancel of every open order, or of those of one symbol. */
    record CancelAllRequest(String key, Optional<String> symbol) {}

    /** An operator's resolution of an order in doubt: it is this number, or the broker does not have it. */
    record Resolution(String order, String key, Optional<Long> number) {}

    /** An order in doubt. */
    record UnresolvedOrder(String order, OrderFingerprint fingerprint, Instant since) {}

    /**
     * An order in the journal.
     *
     * @param value filled value, in won
     */
    record StoredOrder(ReportedOrder reported, LocalDate day, long value) {}

    /** Figures of the account and a symbol, as the broker last reported them. */
    record Figures(long cash, long heldQty, long sellable, Instant requestedAt) {}

    /**
     * Context of a request.
     *
     * @param nxtPrice best price on NXT in won, for orders whose venue the gateway chooses; KRX has the last price
     */
    record RequestContext(Optional<Figures> figures, boolean token, OptionalLong nxtPrice) {
        RequestContext(Optional<Figures> figures, boolean token) {
            this(figures, token, OptionalLong.empty());
        }
    }

    /** The entries first, durably, then the actions. */
    record Decided(List<JournalEntry> entries, List<Action> afterDurable) {}

    private final OrderCore core;
    private final TradingCalendar calendar;
    /** The list that was the last input: what it settled leaves the memory with the next one. */
    private Optional<AccountDay> lastListed = Optional.empty();

    private final OrderHours hours;
    private final Map<OrderId, Order> open = new LinkedHashMap<>();
    private Optional<ListRequest> listRequest = Optional.empty();

    private record ListRequest(OrderEffect.RequestDailyOrders effect, List<Order> openOrders) {}

    private final AccountCalls calls;
    private final KisUsOrders usOrders;
    private final OrderEventJson json = new OrderEventJson();
    private final ControlEventJson controlJson = new ControlEventJson();
    private final Set<Bug> bugs;
    private final long fence;
    private final Map<KeyUse.Name, OrderInput.PriorUse> priorUses = new HashMap<>();

    /** The order table that the product stores beside its journal: every order, however old. */
    private final Map<OrderId, Order> store;

    /** The orders of the store as far as they are durable. */
    private final Map<OrderId, Order> durable = new HashMap<>();

    private boolean otherKind;
    private boolean refusesNewOrders;

    OrderCoreDriver(
            List<JournalEntry> journal,
            long fence,
            TradingCalendar trueCalendar,
            Instant now,
            DayTrace.Bounds bounds,
            double sendsPerSecond,
            AccountCalls calls,
            OrderForm form,
            Set<Bug> bugs) {
        this.calls = calls;
        this.usOrders = new KisUsOrders(UsHours.of(trueCalendar));
        this.bugs = bugs;
        this.fence = fence;
        this.calendar = bugs.contains(Bug.CARRIES_ORDERS_OVERNIGHT) ? withoutEnd(trueCalendar) : trueCalendar;
        this.hours = new OrderHours(form, calendar);
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
                if (!(bugs.contains(Bug.LOSES_THE_KILL_SWITCH_AT_RESTART)
                        && event instanceof ControlEvent.KillSwitchSet)) {
                    control.add(event);
                }
            } else if (!entry.stream().equals(ParentEvent.STREAM)) {
                recordKey(json.read(entry));
            }
        }
        UnaryOperator<OrderEvent> transform = UnaryOperator.identity();
        if (bugs.contains(Bug.LOSES_KEYS_AT_RESTART)) {
            priorUses.clear();
            transform = OrderCoreDriver::withoutKey;
        }
        this.store = fold(journal, json, transform);
        if (bugs.contains(Bug.TREATS_A_CRASH_AS_NOT_SENT)) {
            store.replaceAll((id, order) -> asIfNotSent(order));
        }
        Set<LocalDate> days = store.values().stream()
                .filter(order -> !order.status().isTerminal() || order.isClosedInDoubt())
                .map(Order::tradingDay)
                .collect(Collectors.toSet());
        hours.markets().forEach(market -> days.add(hours.today(market, now).date()));
        List<Order> openAndToday = store.values().stream()
                .filter(order -> days.contains(order.tradingDay()) || order.mayStillChange())
                .filter(order -> !bugs.contains(Bug.FORGETS_ENDED_ORDERS_AT_RESTART)
                        || !order.status().isTerminal())
                .toList();
        openAndToday.forEach(this::trackOpen);
        durable.putAll(store);
        this.core = new OrderCore(
                new OrderSettings(calls.appKeys(), sendsPerSecond, true, MODIFY_TIMEOUT, PACE, false),
                new RiskRules((symbol, price) -> Optional.empty()),
                RiskPolicy.of(limits),
                hours,
                openAndToday,
                control,
                lastSeq,
                text -> RiskLayers.of(limits));
    }

    // ---- inputs ----

    /** @param neverSent what was certainly not sent before */
    Decided begin(Instant now, Set<OrderCore.SendAttempt> neverSent) {
        return decided(core.start(now, neverSent));
    }

    Decided place(long ticket, String order, PlaceRequest request, RequestContext context, Instant now) {
        if (refusesNewOrders) {
            return refused(ticket);
        }
        return decided(core.decide(placing(ticket, order, request.key(), request, context, now), now));
    }

    /** Several at once, each with the id that it gets if it is accepted. */
    Decided placeAll(
            long ticket, List<String> ids, List<PlaceRequest> requests, List<RequestContext> context, Instant now) {
        if (refusesNewOrders) {
            return refused(ticket);
        }
        var orders = new ArrayList<OrderInput.Place>();
        for (int i = 0; i < requests.size(); i++) {
            PlaceRequest request = requests.get(i);
            String key = bugs.contains(Bug.LOSES_BATCH_KEYS) ? request.key() + "#" + ticket : request.key();
            orders.add(placing(0, ids.get(i), key, request, context.get(i), now));
        }
        return decided(core.decide(new OrderInput.PlaceBatch(ticket, orders), now));
    }

    private OrderInput.Place placing(
            long ticket, String order, String name, PlaceRequest request, RequestContext context, Instant now) {
        OrderFingerprint fingerprint = request.fingerprint();
        boolean unpriced = fingerprint.price() == 0;
        Terms requested = new Terms(
                fingerprint.account(),
                symbol(fingerprint.symbol()),
                Side.valueOf(fingerprint.side()),
                fingerprint.qty(),
                kind(request),
                unpriced ? OptionalLong.empty() : OptionalLong.of(fingerprint.price()),
                request.stopPrice(),
                request.venue(),
                Optional.empty(),
                bugs.contains(Bug.IGNORES_THE_DEADLINE)
                        ? request.dispatchBy().plus(Duration.ofMinutes(1))
                        : request.dispatchBy());
        Terms routed = fingerprint.form().isAuto() ? routed(requested, context, now) : requested;
        Terms terms = request.pricing()
                .map(policy -> routed.withPricing(policy, routed.price()))
                .orElse(routed);
        var key = new KeyUse(PRINCIPAL + fingerprint.account(), name, hash(request));
        return new OrderInput.Place(
                ticket,
                new OrderId(order),
                terms,
                key,
                orderContext(context),
                Optional.ofNullable(priorUses.get(key.name())),
                OrderInput.Mode.PLACE);
    }

    /** On the venue that the rules choose by the figures of this moment: another attempt may find others. */
    private Terms routed(Terms terms, RequestContext context, Instant now) {
        VenueRules.Choice choice = AUTO_RULES.choose(
                terms.side(),
                terms.price(),
                venueFigures(terms.withVenue(Venue.KRX), terms.price(), now),
                venueFigures(terms.withVenue(Venue.NXT), context.nxtPrice(), now));
        return terms.routed(choice.venue(), choice.routing());
    }

    private VenueFigures venueFigures(Terms terms, OptionalLong best, Instant now) {
        return new VenueFigures(
                isAccepted(terms, now), false, OptionalLong.empty(), best, OptionalLong.empty(), Optional.empty());
    }

    /**
     * Places an order of a parent order.
     *
     * @param isWanted evaluated now, after its facts were loaded
     */
    Decided placeChild(
            long ticket, ParentCoreDriver.Action.Place place, boolean isWanted, RequestContext context, Instant now) {
        if (refusesNewOrders) {
            return refused(ticket);
        }
        var key = new KeyUse(place.scope(), place.key(), place.fingerprint().toString());
        Terms terms = place.routed() ? routed(place.terms(), context, now) : place.terms();
        return decided(core.decide(
                new OrderInput.Place(
                        ticket,
                        place.child(),
                        isWanted ? terms : terms.withDispatchBy(Instant.EPOCH),
                        key,
                        orderContext(context),
                        Optional.ofNullable(priorUses.get(key.name())),
                        OrderInput.Mode.PLACE),
                now));
    }

    /** Cancels an order of a parent order. */
    Decided cancelChild(long ticket, ParentCoreDriver.Action.CancelChild cancel, Instant now) {
        return decided(core.decide(
                new OrderInput.Cancel(
                        ticket,
                        cancel.child(),
                        cancel.scope(),
                        Optional.of(cancel.key()),
                        Optional.ofNullable(store.get(cancel.child())),
                        Optional.ofNullable(priorUses.get(new KeyUse.Name(cancel.scope(), cancel.key())))),
                now));
    }

    /** Records entries of another capability. */
    Decided append(long ticket, JournalAppend entries, Instant now) {
        return decided(core.decide(new OrderInput.Append(ticket, entries), now));
    }

    void makeVisible(List<Order> orders) {
        orders.forEach(order -> durable.put(order.id(), order));
    }

    /** The order as the journal has it. */
    Optional<Order> find(OrderId order) {
        return Optional.ofNullable(durable.get(order));
    }

    /** Whether the market accepts such an order. */
    boolean isAccepted(Terms terms, Instant at) {
        return hours.window(terms, at).isOpen();
    }

    /** @param successor id of the order that may take its place */
    Decided modify(long ticket, ModifyRequest change, String successor, RequestContext context, Instant now) {
        if (refusesNewOrders) {
            return refused(ticket);
        }
        return decided(core.decide(
                new OrderInput.Modify(
                        ticket,
                        new OrderId(change.order()),
                        change.qty(),
                        change.price(),
                        change.replace() ? Optional.of(new OrderId(successor)) : Optional.empty(),
                        scope(change.order()),
                        Optional.of(change.key()),
                        orderContext(context),
                        stored(change.order()),
                        prior(scope(change.order()), change.key())),
                now));
    }

    /** The orders that rest for too long at a price that may be changed. */
    List<Order> toReprice(RepriceRules rules, Instant now) {
        return open.values().stream()
                .flatMap(order -> Optional.ofNullable(durable.get(order.id())).stream())
                .filter(order -> order.terms()
                        .pricing()
                        .filter(policy -> rules.restsTooLong(order, policy.after(), now)
                                && (bugs.contains(Bug.REPRICES_WITHOUT_END) || rules.hasAnother(order, policy)))
                        .isPresent())
                .filter(order -> calendar.session(now) == Session.REGULAR)
                .toList();
    }

    /** Gives an order the gateway's own next price. */
    Decided reprice(long ticket, Order order, long price, int number, RequestContext context, Instant now) {
        KeyUse.Name name =
                KeyUse.ofReprice(order.key().principal(), order.terms().accountId(), order.id(), number);
        return decided(core.decide(
                new OrderInput.Modify(
                        ticket,
                        order.id(),
                        OptionalLong.empty(),
                        OptionalLong.of(price),
                        Optional.empty(),
                        name.scope(),
                        Optional.of(name.key()),
                        orderContext(context),
                        Optional.ofNullable(store.get(order.id())),
                        Optional.ofNullable(priorUses.get(name))),
                now));
    }

    /** Places the order that replaces another whose end is proven. */
    Decided placeReplacement(long ticket, String original, RequestContext context, Instant now) {
        return refusesNewOrders
                ? refused(ticket)
                : decided(core.decide(
                        new OrderInput.PlaceReplacement(ticket, new OrderId(original), orderContext(context)), now));
    }

    /** The order that was to replace another was refused. */
    Decided refuseReplacement(String original, Response.Refused refused, Instant now) {
        return decided(core.decide(new OrderInput.ReplacementRefused(new OrderId(original), refused.refusal()), now));
    }

    Decided cancel(long ticket, String order, String key, Instant now) {
        return decided(core.decide(
                new OrderInput.Cancel(
                        ticket,
                        new OrderId(order),
                        scope(order),
                        Optional.of(key),
                        stored(order),
                        prior(scope(order), key)),
                now));
    }

    Decided cancelAll(long ticket, CancelAllRequest request, Instant now) {
        String key = bugs.contains(Bug.REPEATS_CANCEL_ALL) ? request.key() + "#" + ticket : request.key();
        return decided(core.decide(
                new OrderInput.CancelAll(
                        ticket,
                        new OrderInput.OpenOrderFilter(
                                Optional.empty(), request.symbol().map(OrderCoreDriver::symbol), Optional.empty()),
                        new KeyUse(SCOPE, key, "cancel-all:" + request.symbol().orElse("")),
                        prior(SCOPE, key),
                        Optional.empty()), // the core reads every control event at a start
                now));
    }

    Decided resolve(long ticket, Resolution resolution, Instant now) {
        if (bugs.contains(Bug.IGNORES_THE_OPERATOR)) {
            return new Decided(
                    List.of(), List.of(new Action.Reply(ticket, new Response.Accepted(resolution.order(), false))));
        }
        OrderInput.Decision decision = resolution
                .number()
                .<OrderInput.Decision>map(
                        number -> new OrderInput.Decision.IsOrder(atBroker(resolution.order(), number)))
                .orElseGet(OrderInput.Decision.NotAtBroker::new);
        return decided(core.decide(
                new OrderInput.Resolve(
                        ticket,
                        new OrderId(resolution.order()),
                        decision,
                        Optional.of("looked it up"),
                        scope(resolution.order()),
                        Optional.of(resolution.key()),
                        stored(resolution.order()),
                        prior(scope(resolution.order()), resolution.key())),
                now));
    }

    Decided killSwitch(long ticket, boolean on, boolean cancelOpen, Instant now) {
        if (bugs.contains(Bug.KILL_SWITCH_SPARES_QUEUED_ORDERS)) {
            refusesNewOrders = on;
            return new Decided(List.of(), List.of(new Action.Reply(ticket, new Response.Done())));
        }
        return decided(core.decide(
                new OrderInput.KillSwitch(ticket, on, Optional.of("an operator decided"), cancelOpen, "operator"),
                now));
    }

    Decided slotGranted(long slot, Instant now) {
        return decided(core.decide(new OrderInput.SlotGranted(slot), now));
    }

    Decided slotTimedOut(long slot, Instant now) {
        return decided(core.decide(new OrderInput.SlotTimedOut(slot), now));
    }

    Decided sendStopped(Action.Send send, boolean killed, Instant now) {
        return decided(core.decide(
                new OrderInput.SendStopped(
                        new OrderId(send.order()),
                        send.request(),
                        killed ? OrderInput.StopReason.KILL_SWITCH : OrderInput.StopReason.DEADLINE),
                now));
    }

    Decided answered(Action.Send send, Placement placement, Instant now) {
        return decided(core.decide(
                new OrderInput.Answered(new OrderId(send.order()), send.request(), outcome(send, placement, now)),
                now));
    }

    private Broker.Outcome outcome(Action.Send send, Placement placement, Instant now) {
        Broker.Outcome outcome = KisOrders.outcome(placement);
        return stored(send.order()).filter(OrderCoreDriver::isUs).isPresent() ? usOrders.dated(outcome, now) : outcome;
    }

    /** A notice about a US order. */
    Decided noticed(OverseasNotice overseasNotice, Instant now) {
        return usOrders.notice(AccountCalls.alias(overseasNotice.account()), overseasNotice, now)
                .map(notice -> decided(core.decide(new OrderInput.Noticed(asReceived(notice)), now)))
                .orElseGet(() -> timerDue(now));
    }

    Decided noticed(ExecutionNotice executionNotice, Instant now) {
        Broker.Notice notice = KisOrders.notice(AccountCalls.alias(executionNotice.account()), executionNotice);
        Decided decided = decided(core.decide(new OrderInput.Noticed(notice), now));
        if (bugs.contains(Bug.COUNTS_A_NOTICE_TWICE)) {
            var duplicate = new Broker.Notice(
                    notice.account(),
                    notice.kind(),
                    notice.odno(),
                    notice.original(),
                    notice.symbol(),
                    notice.side(),
                    notice.qty(),
                    notice.price(),
                    notice.time() + 1,
                    notice.orgNo(),
                    Optional.empty(),
                    Optional.empty());
            decided = combine(decided, decided(core.decide(new OrderInput.Noticed(duplicate), now)));
        }
        return decided;
    }

    Decided noticesMissed(Instant now) {
        return bugs.contains(Bug.IGNORES_LOST_NOTICES)
                ? timerDue(now)
                : decided(core.decide(new OrderInput.NoticesMissed("registered"), now));
    }

    Decided listArrived(AccountDay of, Instant requestedAt, KisReply<List<DailyOrderRow>> reply, Instant now) {
        return listArrived(of, KisOrders.listing(requestedAt, reply), requestedAt, now);
    }

    Decided usListArrived(AccountDay of, Instant requestedAt, KisReply<List<OverseasOrderRow>> reply, Instant now) {
        return listArrived(of, usOrders.listing(of.day().date(), requestedAt, reply), requestedAt, now);
    }

    private Decided listArrived(AccountDay of, Broker.DailyOrders received, Instant requestedAt, Instant now) {
        Broker.DailyOrders listing =
                bugs.contains(Bug.IGNORES_LOST_NOTICES) && received instanceof Broker.DailyOrders.Complete complete
                        ? new Broker.DailyOrders.Complete(
                                requestedAt,
                                complete.orders().stream()
                                        .map(OrderCoreDriver::withoutFills)
                                        .toList())
                        : received;
        Optional<DailyOrdersSnapshot> reading = listRequest
                .filter(q -> q.effect().day().equals(of))
                .flatMap(q -> listing instanceof Broker.DailyOrders.Complete complete
                        ? Optional.of(DailyOrdersSnapshot.of(
                                q.effect(),
                                complete,
                                q.openOrders(),
                                order -> hours.endOf(order.terms(), order.tradingDay())))
                        : Optional.empty());
        Decided decided = decided(core.decide(new OrderInput.ListArrived(of, listing, reading), now));
        lastListed = Optional.of(of);
        if (bugs.contains(Bug.CLOSES_ON_ABSENCE) && listing instanceof Broker.DailyOrders.Complete) {
            for (OrderId id : unresolvedIds()) {
                var notAtBroker = new OrderInput.Resolve(
                        0,
                        id,
                        new OrderInput.Decision.NotAtBroker(),
                        Optional.empty(),
                        SCOPE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
                decided = combine(decided, decided(core.decide(notAtBroker, now)));
            }
        }
        return decided;
    }

    Decided timerDue(Instant now) {
        return decided(core.decide(new OrderInput.TimerDue(), now));
    }

    Optional<Instant> nextTimer() {
        return core.nextTimer();
    }

    // ---- queries of the day ----

    /** The orders in {@code journal}, as the API would answer them. */
    static List<StoredOrder> storedOrders(List<JournalEntry> journal) {
        return fold(journal, new OrderEventJson(), UnaryOperator.identity()).values().stream()
                .map(order -> new StoredOrder(toReported(order), order.tradingDay(), order.value()))
                .toList();
    }

    /**
     * Orders that differ between the core and {@code journal}, that the core is missing, or that it retains although
     * they ended.
     */
    List<String> differencesTo(List<JournalEntry> journal, Instant now) {
        var differences = new ArrayList<String>();
        var stored = fold(journal, json, UnaryOperator.identity()).values();
        // If an order of a day was open when the next began, all orders of that day are retained for one more.
        Set<LocalDate> openLonger = stored.stream()
                .filter(order ->
                        !order.status().isTerminal() || order.tradingDay().isBefore(todayOf(order, order.updatedAt())))
                .map(Order::tradingDay)
                .collect(Collectors.toSet());
        for (Order order : stored) {
            Optional<Order> inMemory = core.order(order.id());
            boolean over = order.status().isTerminal() && order.tradingDay().isBefore(todayOf(order, now));
            if (inMemory.filter(it -> !it.equals(order)).isPresent()) {
                differences.add("memory and journal differ: " + inMemory + " and " + order);
            } else if (inMemory.isEmpty() && !over) {
                differences.add("open or of today and not in memory: " + order);
            } else if (inMemory.isPresent()
                    && over
                    && !openLonger.contains(order.tradingDay())
                    && !lastListed.equals(Optional.of(order.accountDay()))
                    && !order.isMissingFills()) {
                differences.add("ended on an earlier day and still in memory: " + order);
            }
        }
        return differences;
    }

    private LocalDate todayOf(Order order, Instant now) {
        return hours.today(order.terms().symbol().market(), now).date();
    }

    /** Placings in doubt, oldest first. */
    List<UnresolvedOrder> unresolvedOrders() {
        return store.keySet().stream()
                .flatMap(id -> core.order(id).stream())
                .filter(order -> order.status() == OrderStatus.UNKNOWN)
                .map(order ->
                        new UnresolvedOrder(order.id().text(), toReported(order).fingerprint(), order.updatedAt()))
                .toList();
    }

    private static ReportedOrder toReported(Order order) {
        Terms terms = order.terms();
        OptionalLong number = order.placing().odno();
        return new ReportedOrder(
                order.id().text(),
                order.key().key(),
                fingerprint(terms),
                order.status().name(),
                order.filled(),
                number.isPresent()
                        ? Optional.of(SimulationWorld.number(
                                BrokerNumbers.date(number.getAsLong()).orElse(order.tradingDay()),
                                BrokerNumbers.plain(number.getAsLong())))
                        : Optional.empty());
    }

    // ---- internals ----

    private Optional<Order> stored(String order) {
        return Optional.ofNullable(store.get(new OrderId(order)));
    }

    private Optional<OrderInput.PriorUse> prior(String scope, String key) {
        return Optional.ofNullable(priorUses.get(new KeyUse.Name(scope, key)));
    }

    private String scope(String order) {
        return stored(order).map(it -> PRINCIPAL + it.terms().accountId()).orElse(SCOPE);
    }

    private static boolean isUs(Order order) {
        return order.terms().symbol() instanceof UsSymbol;
    }

    /** The symbol of {@code code}. */
    static MarketSymbol symbol(String code) {
        return UsSymbol.parse(code).<MarketSymbol>map(it -> it).orElseGet(() -> new Symbol(code));
    }

    /** The number of an order as the gateway has it. */
    private long atBroker(String order, long number) {
        long odno = SimulationWorld.odno(number);
        return stored(order)
                .filter(OrderCoreDriver::isUs)
                .map(it -> BrokerNumbers.dated(it.tradingDay(), odno))
                .orElse(odno);
    }

    private static OrderInput.OrderContext orderContext(RequestContext context) {
        Observation<AccountFigures> account = context.figures()
                .<Observation<AccountFigures>>map(it -> new Observation.Current<>(
                        new AccountFigures(it.cash(), it.heldQty(), it.sellable(), OptionalLong.empty()),
                        it.requestedAt()))
                .orElseGet(() -> new Observation.Unknown<>("the balance could not be read"));
        return new OrderInput.OrderContext(
                MarketFacts.none(), account, OptionalLong.empty(), context.token() ? List.of() : List.of("NO_TOKEN"));
    }

    /** Tracks the orders that the daily list is compared with, as the desk does. */
    private void trackOpen(Order order) {
        if (order.status().isTerminal()) {
            open.remove(order.id());
        } else {
            open.put(order.id(), order);
        }
    }

    private Decided decided(OrderCore.Step step) {
        lastListed = Optional.empty();
        step.events().forEach(recorded -> trackOpen(recorded.after()));
        var entries = new ArrayList<JournalEntry>();
        for (OrderCore.RecordedControlEvent recorded : step.controlEvents()) {
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
        for (OrderCore.RecordedEvent recorded : step.events()) {
            recordKey(recorded.event());
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
        for (OrderCore.RecordedAppend recorded : step.appends()) {
            long seq = recorded.firstSeq();
            for (JournalAppend.Draft draft : recorded.append().entries()) {
                entries.add(new JournalEntry(
                        recorded.append().stream(),
                        seq++,
                        recorded.at(),
                        draft.tradingDay(),
                        draft.type(),
                        draft.version(),
                        fence,
                        draft.subject(),
                        draft.payload()));
            }
        }
        var actions = new ArrayList<Action>();
        if (!step.events().isEmpty()) {
            actions.add(new Action.Visible(
                    step.events().stream().map(OrderCore.RecordedEvent::after).toList()));
        }
        step.effects().forEach(effect -> toAction(effect).ifPresent(actions::add));
        return new Decided(entries, actions);
    }

    private static Decided combine(Decided one, Decided other) {
        var entries = new ArrayList<>(one.entries());
        entries.addAll(other.entries());
        var todos = new ArrayList<>(one.afterDurable());
        todos.addAll(other.afterDurable());
        return new Decided(entries, todos);
    }

    private Optional<Action> toAction(OrderEffect effect) {
        return switch (effect) {
            case OrderEffect.Reply(long ticket, Answer answer) ->
                Optional.of(new Action.Reply(ticket, toResponse(answer)));
            case OrderEffect.RequestSlot(long slot, String _, Broker.Lane lane, String tenant, Instant deadline) ->
                Optional.of(new Action.RequestSlot(slot, KisOrders.lane(lane), tenant, deadline));
            case OrderEffect.ReleaseSlot(long slot) -> Optional.of(new Action.ReleaseSlot(slot));
            case OrderEffect.Send send -> Optional.of(send(send));
            case OrderEffect.KillSwitchChanged killed ->
                Optional.of(new Action.SetKillSwitch(killed.killSwitch().isPresent()));
            case OrderEffect.LoadReplacement(Order original) -> Optional.of(loadReplacement(original));
            case OrderEffect.RequestDailyOrders request -> {
                // The oldest state that the list may be compared with: later changes are left to the core.
                listRequest = Optional.of(new ListRequest(request, List.copyOf(open.values())));
                yield Optional.of(new Action.RequestDailyOrders(request.day()));
            }
            case OrderEffect.OrderChanged(Order order) ->
                Optional.of(new Action.Publish(
                        order.terms().accountId(),
                        order.seq(),
                        order.id().text(),
                        order.status().name(),
                        order.id() + " " + order.status() + " filled " + order.filled() + " of "
                                + order.terms().qty()));
            case OrderEffect.FillExecuted(Order order, Fill fill) ->
                Optional.of(new Action.Publish(
                        order.terms().accountId() + " executions",
                        order.seq(),
                        order.id().text(),
                        "",
                        fill.execId() + " " + fill.qty() + " for " + fill.value()));
            case OrderEffect.AlertSettled _ -> Optional.empty(); // the simulated operator acts on what is raised
            case OrderEffect.Alert alert ->
                bugs.contains(Bug.RAISES_NO_ALERT)
                        ? Optional.empty()
                        : Optional.of(new Action.Alert(alert.level() + " " + alert.event() + " "
                                + alert.order().map(OrderId::text).orElse("") + " " + alert.message()));
        };
    }

    private static Action loadReplacement(Order original) {
        OrderFingerprint terms = fingerprint(original.terms());
        return new Action.LoadReplacement(
                original.id().text(),
                terms.with(original.replacement().orElseThrow().qty() - original.filled(), terms.price()));
    }

    /** The fingerprint of terms. */
    static OrderFingerprint fingerprint(Terms terms) {
        return new OrderFingerprint(
                terms.symbol().code(),
                terms.side().name(),
                terms.qty(),
                terms.price().orElse(0),
                terms.accountId(),
                WireForm.of(terms.kind(), terms.venue(), terms.stopPrice()));
    }

    /** How often a request was sent, what is being recorded included. */
    private int attempts(OrderId order, int request) {
        return Objects.requireNonNull(store.get(order)).request(request).attempts();
    }

    private Action send(OrderEffect.Send send) {
        return switch (send) {
            case OrderEffect.SendPlace(long slot, OrderId order, int request, Terms terms) ->
                new Action.Send(
                        slot,
                        order.text(),
                        request,
                        attempts(order, request),
                        Optional.of(terms.dispatchBy()),
                        false,
                        "place " + terms,
                        token -> place(token, asSent(order, terms)));
            case OrderEffect.SendModify(
                    long slot,
                    OrderId order,
                    int request,
                    Terms terms,
                    String orgNo,
                    long odno,
                    long qty,
                    long price,
                    Instant by) ->
                new Action.Send(
                        slot,
                        order.text(),
                        request,
                        attempts(order, request),
                        Optional.of(by),
                        false,
                        "modify " + odno + " to " + price,
                        token -> terms.symbol() instanceof UsSymbol us
                                ? calls.order(
                                        terms.accountId(),
                                        token,
                                        OverseasRequests.revising(false),
                                        OverseasRequests.revision(
                                                "01",
                                                KisTr.toOverseasSymbol(us),
                                                false,
                                                BrokerNumbers.plain(odno),
                                                qty,
                                                KisUsOrders.price(OptionalLong.of(price))))
                                : calls.of(terms.accountId())
                                        .modify(
                                                token,
                                                KisOrders.modify(
                                                        asSent(order, terms),
                                                        korean(terms),
                                                        day(terms),
                                                        orgNo,
                                                        odno,
                                                        price)));
            case OrderEffect.SendCancel(
                    long slot,
                    OrderId order,
                    int request,
                    Terms terms,
                    String orgNo,
                    long odno,
                    long qty,
                    boolean all) ->
                new Action.Send(
                        slot,
                        order.text(),
                        request,
                        attempts(order, request),
                        Optional.empty(),
                        all,
                        "cancel " + (all ? "all" : qty) + " of " + odno,
                        token -> terms.symbol() instanceof UsSymbol us
                                ? calls.order(
                                        terms.accountId(),
                                        token,
                                        OverseasRequests.revising(false),
                                        OverseasRequests.revision(
                                                "02",
                                                KisTr.toOverseasSymbol(us),
                                                false,
                                                BrokerNumbers.plain(odno),
                                                qty,
                                                BigDecimal.ZERO))
                                : calls.of(terms.accountId())
                                        .cancel(
                                                token,
                                                KisOrders.cancel(
                                                        asSent(order, terms),
                                                        korean(terms),
                                                        day(terms),
                                                        orgNo,
                                                        odno,
                                                        qty,
                                                        all)));
        };
    }

    private RestRequest place(TokenCore.Token token, Terms terms) {
        if (terms.symbol() instanceof UsSymbol us) {
            OverseasOrder order = KisUsOrders.place(terms, us);
            return calls.order(terms.accountId(), token, OverseasRequests.placing(order), OverseasRequests.body(order));
        }
        String account = bugs.contains(Bug.SENDS_FROM_ANOTHER_ACCOUNT) ? "A1" : terms.accountId();
        return calls.of(account).place(token, KisOrders.place(terms, korean(terms), day(terms)));
    }

    private static Response toResponse(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted ->
                new Response.Accepted(accepted.order().text(), accepted.replay());
            case Answer.Refused(Refusal refusal) -> new Response.Refused(refusal);
            case Answer.Batch(List<Answer> answers) ->
                new Response.Batch(
                        answers.stream().map(OrderCoreDriver::toResponse).toList());
            case Answer.Appended(long firstSeq, Instant at) -> new Response.Appended(firstSeq, at);
            case Answer.CancelledAll(List<OrderId> orders, boolean _) ->
                // In their order: that of an unmodifiable set is another in each process.
                new Response.CancelledAll(
                        orders.stream().map(OrderId::text).collect(Collectors.toCollection(LinkedHashSet::new)));
            default -> new Response.Done();
        };
    }

    private static Decided refused(long ticket) {
        Response no = new Response.Refused(Refusal.of(ErrorCode.KILL_SWITCH, "the kill switch is on"));
        return new Decided(List.of(), List.of(new Action.Reply(ticket, no)));
    }

    private void recordKey(OrderEvent event) {
        switch (event) {
            case OrderEvent.Accepted e -> recordKey(e.key(), e.order(), KeyUse.Kind.PLACE);
            case OrderEvent.CancelRequested e -> recordKey(e.key(), e.order(), KeyUse.Kind.CANCEL);
            case OrderEvent.ModifyRequested e -> recordKey(e.key(), e.order(), KeyUse.Kind.MODIFY);
            case OrderEvent.ReplaceRequested e -> recordKey(e.key(), e.order(), KeyUse.Kind.MODIFY);
            case OrderEvent.Resolved e -> recordKey(e.key(), e.order(), KeyUse.Kind.RESOLVE);
            default -> {
                // The rest uses no key.
            }
        }
    }

    private void recordKey(KeyUse key, OrderId order, KeyUse.Kind kind) {
        priorUses.put(key.name(), new OrderInput.PriorUse(key.hash(), order, kind));
    }

    private static Map<OrderId, Order> fold(
            List<JournalEntry> journal, OrderEventJson json, UnaryOperator<OrderEvent> transform) {
        var orders = new LinkedHashMap<OrderId, Order>();
        for (JournalEntry entry : journal) {
            if (entry.stream().equals(ControlEvent.STREAM) || entry.stream().equals(ParentEvent.STREAM)) {
                continue;
            }
            OrderEvent event = transform.apply(json.read(entry));
            if (Order.isFirstEvent(event)) {
                orders.put(event.order(), Order.create(event, entry.at(), entry.seq()));
            } else {
                orders.computeIfPresent(event.order(), (id, order) -> order.apply(event, entry.at(), entry.seq()));
            }
        }
        return orders;
    }

    /** The gateway's own new prices in {@code journal}. */
    static List<DayTrace.Reprice> reprices(List<JournalEntry> journal) {
        var json = new OrderEventJson();
        return journal.stream()
                .filter(entry -> entry.type().equals("ModifyRequested"))
                .flatMap(entry -> json.read(entry) instanceof OrderEvent.ModifyRequested modify
                                && modify.key().key().startsWith("reprice:")
                        ? Stream.of(new DayTrace.Reprice(
                                entry.subject(), entry.at(), modify.price().orElseThrow()))
                        : Stream.empty())
                .toList();
    }

    private static String hash(PlaceRequest request) {
        return request.fingerprint() + "|" + request.dispatchBy();
    }

    // ---- planted defects ----

    /** With the defect the price of a fill is whole units of the currency, as if that were won. */
    private Broker.Notice asReceived(Broker.Notice notice) {
        return bugs.contains(Bug.COUNTS_DOLLARS_AS_WON)
                ? new Broker.Notice(
                        notice.account(),
                        notice.kind(),
                        notice.odno(),
                        notice.original(),
                        notice.symbol(),
                        notice.side(),
                        notice.qty(),
                        notice.price() / DOLLAR,
                        notice.time(),
                        notice.orgNo(),
                        notice.orderKind(),
                        notice.venue())
                : notice;
    }

    /** The kind of an order; with the defect every other limit order looks like another kind. */
    private OrderKind kind(PlaceRequest request) {
        otherKind = bugs.contains(Bug.HAS_NO_FINGERPRINT_RULE) && !otherKind;
        return otherKind && request.kind().equals(OrderKind.LIMIT)
                ? OrderKind.regular(OrderType.CONDITIONAL)
                : request.kind();
    }

    /** The days have Korean instruments alone. */
    private static Symbol korean(Terms terms) {
        return Symbol.of(terms.symbol().code());
    }

    private LocalDate day(Terms terms) {
        return calendar.tradingDay(terms.dispatchBy());
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

    /** As they are sent: without the disguise, and with the defects of what is sent. */
    private Terms asSent(OrderId order, Terms terms) {
        return new Terms(
                terms.accountId(),
                terms.symbol(),
                terms.side(),
                terms.qty(),
                sentKind(terms.kind()),
                terms.price(),
                bugs.contains(Bug.FORGETS_THE_STOP_PRICE) ? OptionalLong.empty() : terms.stopPrice(),
                sentVenue(order, terms),
                terms.strategyId(),
                terms.dispatchBy());
    }

    private OrderKind sentKind(OrderKind kind) {
        boolean disguised =
                bugs.contains(Bug.HAS_NO_FINGERPRINT_RULE) && kind.equals(OrderKind.regular(OrderType.CONDITIONAL));
        boolean stop = bugs.contains(Bug.FORGETS_THE_STOP_PRICE) && kind.type() == OrderType.STOP_LIMIT;
        if (disguised || stop) {
            return OrderKind.LIMIT;
        }
        return bugs.contains(Bug.SENDS_IOC_AS_DAY) && kind.timeInForce() == TimeInForce.IOC
                ? new OrderKind(kind.type(), kind.session(), TimeInForce.DAY)
                : kind;
    }

    private Venue sentVenue(OrderId order, Terms terms) {
        if (bugs.contains(Bug.SENDS_TO_ANOTHER_VENUE) && terms.venue() == Venue.NXT) {
            return Venue.KRX;
        }
        boolean again = terms.routing().isPresent()
                && core.order(order).filter(it -> it.placing().attempts() > 1).isPresent();
        return bugs.contains(Bug.CHOOSES_THE_VENUE_AGAIN) && again
                ? terms.venue() == Venue.KRX ? Venue.NXT : Venue.KRX
                : terms.venue();
    }

    private List<OrderId> unresolvedIds() {
        return priorUses.values().stream()
                .map(OrderInput.PriorUse::order)
                .distinct()
                .filter(id -> core.order(id)
                        .filter(order -> order.status() == OrderStatus.UNKNOWN)
                        .isPresent())
                .sorted(Comparator.comparing(OrderId::text))
                .toList();
    }

    private static Broker.BrokerOrder withoutFills(Broker.BrokerOrder row) {
        return new Broker.BrokerOrder(
                row.kind(),
                row.odno(),
                row.original(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.qty(),
                row.price(),
                row.orderKind(),
                row.venue(),
                row.time(),
                0,
                0,
                row.canceled(),
                row.remaining(),
                row.rejected());
    }

    private static OrderEvent withoutKey(OrderEvent event) {
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
