package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders.Complete;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.OrderEffect.Correction;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;

/**
 * Compares what the broker lists with what we believe, and makes good what the list knows better. What is on the list
 * counts; what is missing from it proves nothing until the session has ended and the list is known to be whole.
 *
 * <p>A request in doubt is matched by everything that we sent: an entry with the same account, symbol, side, quantity,
 * price, kind and venue, taken by the broker's clock no earlier than we sent it, with a number that was not known before
 * and belongs to no other order. An execution notice that nobody has claimed is such an entry too: it may be there
 * seconds before the list is.
 */
final class Reconciler {
    /** After the session's end, and after a send, until the broker's list surely shows what it will ever show. */
    static final Duration LIST_COMPLETE_AFTER = Duration.ofSeconds(60);

    /** How far the broker's clock may lie behind what was learned of it, in seconds. */
    private static final int CLOCK_SLACK_SECONDS = 5;

    private static final int DAY_SECONDS = 86_400;

    /** Seoul's clock has been nine hours ahead of UTC since 1988; asking the time zone for each row of a list costs. */
    private static final int SEOUL_OFFSET_SECONDS = 9 * 3_600;

    private static final int NUMBERS_SHOWN = 10;

    private final String account;
    private final TradingCalendar calendar;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final InFlightFingerprints inFlight;
    private final Supplier<Collection<Notice>> unmatchedNotices;

    /** What a request in doubt could be, as the last list had it. */
    private final Map<OrderId, List<BrokerOrder>> candidates = new HashMap<>();

    /** Requests in doubt that a list was read after, late enough to show their effect. */
    private final Set<SendQueue.Item> listChecked = new HashSet<>();

    /** What was told of an order and is so with every further list. */
    private final Set<AlertKey> alerted = new HashSet<>();

    private record AlertKey(OrderId order, String message) {}

    /** Seconds that the broker's clock is ahead of ours, as its own times of our orders showed. */
    private OptionalInt brokerClockAhead = OptionalInt.empty();

    /** @param unmatchedNotices notices whose numbers are nobody's yet */
    Reconciler(
            String account,
            TradingCalendar calendar,
            OrderRegistry registry,
            DecisionContext context,
            InFlightFingerprints inFlight,
            Supplier<Collection<Notice>> unmatchedNotices) {
        this.account = account;
        this.calendar = calendar;
        this.registry = registry;
        this.context = context;
        this.inFlight = inFlight;
        this.unmatchedNotices = unmatchedNotices;
    }

    /** What one list changed. */
    record Outcome(long mismatched, long adopted, List<Correction> corrections) {}

    /** Applies the broker's list of {@code day}. */
    Outcome apply(LocalDate day, DailyOrdersSnapshot rows) {
        List<BrokerOrder> unassigned = rows.unsettled().stream()
                .filter(row -> registry.findByBrokerNumber(day, row.odno()).isEmpty())
                .toList();
        List<Order> orders = toCompare(day, rows);
        learnClock(day, rows, orders);
        List<Correction> corrections = new ArrayList<>();
        long mismatched = 0;
        for (Order order : orders) {
            boolean settled = compare(order, rows, unassigned, corrections);
            mismatched += settled ? 0 : 1;
        }
        reopenLateAcceptances(day, rows, unassigned, corrections);
        reopenReplacedOrders(day, rows, unassigned, corrections);
        long adopted = adoptExternalOrders(day, rows, unassigned);
        return new Outcome(mismatched + corrections.size(), adopted, List.copyOf(corrections));
    }

    /** Orders that the list may tell something of, oldest first: by the reading, and those that changed since it was asked for. */
    private List<Order> toCompare(LocalDate day, DailyOrdersSnapshot rows) {
        Set<OrderId> ids = new LinkedHashSet<>(rows.ordersToCompare());
        ids.addAll(registry.changedSinceRequest());
        ids.addAll(registry.endedUnsettled());
        return ids.stream()
                .flatMap(id -> registry.order(id).stream())
                .filter(order -> order.tradingDay().equals(day) && registry.unsettled(order))
                .filter(order -> !rows.isUnchanged(order))
                .sorted(Comparator.comparing(Order::createdAt)
                        .thenComparing(order -> order.id().text()))
                .toList();
    }

    /** Tells of shares that are counted here and that the list of {@code day}, which can change no more, does not have. */
    void compareClosedDay(LocalDate day, DailyOrdersSnapshot rows) {
        for (Order order : registry.ordersOf(day)) {
            for (BrokerOrderRef ref : order.brokerRefs()) {
                long listedQty =
                        rowOf(order, ref.odno(), rows).map(BrokerOrder::filled).orElse(0L);
                if (ref.filled() > listedQty) {
                    alertOnce(
                            AlertEvent.LIST_CONTRADICTS,
                            order.id(),
                            ref.filled() + " shares are counted under " + ref.odno() + " and the broker's list of "
                                    + day + " has " + listedQty + " at its end; nothing was changed");
                }
            }
            if (order.isMissingFills()) {
                alertOnce(
                        AlertEvent.LIST_CONTRADICTS,
                        order.id(),
                        "of " + order.terms().qty() + " shares " + order.filled() + " were filled and "
                                + order.canceled() + " cancelled, and the broker's list of " + day
                                + " tells no more at its end; nothing was changed");
            }
        }
    }

    /** What a request in doubt could be. */
    List<BrokerOrder> candidates(OrderId order) {
        return candidates.getOrDefault(order, List.of());
    }

    /** The numbers of what each request in doubt could be. */
    Map<OrderId, List<Long>> candidates() {
        Map<OrderId, List<Long>> numbers = new HashMap<>();
        candidates.forEach((order, rows) ->
                numbers.put(order, rows.stream().map(BrokerOrder::odno).sorted().toList()));
        return numbers;
    }

    /** Orders with a request in doubt that a list was read after. */
    Set<OrderId> listChecked() {
        Set<OrderId> orders = new LinkedHashSet<>();
        listChecked.forEach(item -> orders.add(item.order()));
        return orders;
    }

    /** Whether a list was read after the request was sent, late enough to show what it did. */
    boolean listChecked(OrderId order, int request) {
        return listChecked.contains(new SendQueue.Item(order, request));
    }

    /** The broker's time of an order that we sent at {@code sentAt}. */
    void learnClock(Instant sentAt, int hhmmss) {
        brokerClockAhead = OptionalInt.of(clockDifference(sentAt, hhmmss));
    }

    void evictEnded() {
        candidates
                .keySet()
                .removeIf(id -> registry.order(id)
                        .filter(o -> o.status() == OrderStatus.UNKNOWN || o.isClosedInDoubt())
                        .isEmpty());
        alerted.removeIf(t -> registry.order(t.order()).isEmpty());
        listChecked.removeIf(item -> registry.order(item.order())
                .filter(o -> o.request(item.request()).isInFlight())
                .isEmpty());
    }

    // ---- one order ----

    /** Whether everything about the order is known afterwards. */
    private boolean compare(
            Order order, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned, List<Correction> corrections) {
        OrderStatus before = order.status();
        long filledBefore = order.filled();
        if (order.placing().state() == BrokerRequest.State.IN_DOUBT) {
            match(order, rows.dailyOrders(), unassigned);
        }
        countSurplus(order.id(), rows);
        reopenIfStillResting(order.id(), rows);
        followChain(order.id(), rows);
        learnLaterRefusals(order.id(), rows);
        Order current = registry.get(order.id());
        if (current.placing().state() == BrokerRequest.State.ACKED
                && !current.status().isTerminal()) {
            applyState(current, rows);
        }
        Order after = registry.get(order.id());
        if (after.status() != before || after.filled() != filledBefore) {
            String broker = after.liveRef()
                    .flatMap(ref -> rowOf(after, ref.odno(), rows))
                    .map(Reconciler::describe)
                    .orElse("not listed");
            context.record(
                    new OrderEvent.Corrected(order.id(), before, broker, after.status(), filledBefore, after.filled()));
            corrections.add(new Correction(order.id(), before, broker, after.status(), context.now()));
        }
        return after.status() != OrderStatus.UNKNOWN;
    }

    private static String describe(BrokerOrder row) {
        return "filled " + row.filled() + ", open " + row.remaining() + ", canceled " + row.canceled()
                + (row.rejected() > 0 ? ", rejected" : "");
    }

    private void match(Order order, Complete dailyOrders, List<BrokerOrder> unassigned) {
        BrokerRequest placing = order.placing();
        List<BrokerOrder> matching = matchingRows(order, unassigned);
        List<BrokerOrder> found = takenAfterSend(order, matching);
        candidates.put(order.id(), matching);
        if (found.size() == 1) {
            BrokerOrder row = found.getFirst();
            context.record(new OrderEvent.BrokerAccepted(
                    order.id(), placing.no(), row.orgNo(), row.odno(), text(row.time()), MatchedBy.INFERENCE));
            return;
        }
        if (matching.isEmpty() && isFinalFor(order, dailyOrders)) {
            context.record(new OrderEvent.Rejected(
                    order.id(),
                    "NOT_FOUND_AT_BROKER",
                    "the session has ended and the broker's whole list does not have it"));
            context.alert(
                    Level.P2,
                    AlertEvent.ORDER_NOT_FOUND,
                    order.id(),
                    "closed after the session's end, never seen there");
            return;
        }
        String reason = matching.isEmpty()
                ? "the broker does not list it (yet); absence proves nothing, so it stays UNKNOWN"
                : matching.size() + " orders at the broker could be it (" + numbers(matching)
                        + (found.isEmpty() ? "; by the broker's clock they are older, or a clock is wrong" : "")
                        + "), so it stays UNKNOWN: look there, then decide with ./kis orders resolve " + order.id();
        if (!order.reason().equals(Optional.of(reason))) {
            context.record(new OrderEvent.Unresolved(order.id(), placing.no(), matching.size(), reason));
            context.alert(matching.isEmpty() ? Level.P2 : Level.P1, AlertEvent.ORDER_UNRESOLVED, order.id(), reason);
        }
    }

    /** The first ones, as the API writes them: who decides looks for them in the HTS. */
    private static String numbers(List<BrokerOrder> found) {
        String first = found.stream()
                .map(BrokerOrder::odno)
                .sorted()
                .limit(NUMBERS_SHOWN)
                .map("%010d"::formatted)
                .collect(Collectors.joining(", "));
        return found.size() > NUMBERS_SHOWN ? first + ", …" : first;
    }

    private List<BrokerOrder> candidatesFor(Order order, List<BrokerOrder> unassigned) {
        return takenAfterSend(order, matchingRows(order, unassigned));
    }

    /** Those that the broker took no earlier than we sent, as far as the clocks can be believed. */
    private List<BrokerOrder> takenAfterSend(Order order, List<BrokerOrder> matching) {
        Instant sentAt = order.placing().sentAt().orElse(order.createdAt());
        int earliest = secondOfDay(sentAt) + brokerClockAhead.orElse(0) - CLOCK_SLACK_SECONDS;
        return matching.stream()
                .filter(row -> secondOfDay(row.time()) >= earliest)
                .toList();
    }

    /** What has everything that we sent and is nobody's. */
    private List<BrokerOrder> matchingRows(Order order, List<BrokerOrder> unassigned) {
        BrokerRequest placing = order.placing();
        Map<Long, BrokerOrder> found = new LinkedHashMap<>();
        for (BrokerOrder row : unassigned) {
            if (row.kind() == BrokerOrder.Kind.ORDER && matchesTerms(order.terms(), row)) {
                found.put(row.odno(), row);
            }
        }
        for (Notice notice : unmatchedNotices.get()) {
            BrokerOrder row = asRow(notice, order.terms());
            if (notice.kind() == Notice.Kind.RECEIVED && notice.original() == 0 && matchesTerms(order.terms(), row)) {
                found.putIfAbsent(row.odno(), row);
            }
        }
        found.values()
                .removeIf(row -> registry.findByBrokerNumber(order.tradingDay(), row.odno())
                                .isPresent()
                        || placing.excludedOdnos().contains(row.odno()));
        return List.copyOf(found.values());
    }

    /** What the receipt of an order tells of it, in the form of the list. */
    private static BrokerOrder asRow(Notice notice, Terms terms) {
        boolean market = terms.type() == OrderType.MARKET; // a receipt of a market order carries no price
        return new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                notice.odno(),
                0,
                notice.orgNo(),
                notice.symbol(),
                notice.side(),
                notice.qty(),
                notice.price(),
                market && notice.price() == 0,
                notice.time(),
                0,
                0,
                0,
                notice.qty(),
                0);
    }

    private static boolean matchesTerms(Terms terms, BrokerOrder row) {
        return row.symbol().equals(terms.symbol())
                && row.side() == terms.side()
                && row.qty() == terms.qty()
                && row.market() == (terms.type() == OrderType.MARKET)
                && (row.market() || row.price() == terms.price().orElse(0));
    }

    /** The exchange may refuse a change after the broker took it; without its notice only the change's own row says so. */
    private void learnLaterRefusals(OrderId id, DailyOrdersSnapshot rows) {
        for (BrokerRequest request : registry.get(id).requests()) {
            boolean inForce = restsUnder(registry.get(id), request);
            boolean refused = (request.isOpen() || inForce)
                    && request.no() > 1
                    && request.state() == BrokerRequest.State.ACKED
                    && request.odno().isPresent()
                    && rowOf(registry.get(id), request.odno().getAsLong(), rows)
                            .filter(row -> inForce ? isFullyRefused(row) : row.rejected() > 0 && row.canceled() == 0)
                            .isPresent();
            if (refused) {
                context.record(
                        new OrderEvent.BrokerRefused(id, request.no(), "EXCHANGE", "the broker lists it as refused"));
            }
        }
    }

    /** Whether the order is believed to rest under the number of this modification: refused, it rests as before. */
    private static boolean restsUnder(Order order, BrokerRequest request) {
        return request.kind() == BrokerRequest.Kind.MODIFY
                && !order.status().isTerminal()
                && order.liveRef()
                        .filter(ref -> ref.odno() == request.odno().orElse(0))
                        .isPresent();
    }

    /** Follows the numbers that modifications gave the order, ours and those made elsewhere. */
    private void followChain(OrderId id, DailyOrdersSnapshot rows) {
        Optional<BrokerOrder> next = nextInChain(id, rows);
        while (next.isPresent()) {
            BrokerOrder row = next.get();
            Order order = registry.get(id);
            Optional<BrokerRequest> own = order.openModification()
                    .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY)
                    .filter(BrokerRequest::isInFlight)
                    .filter(r -> r.price().orElse(0) == row.price());
            if (own.filter(r -> r.state() == BrokerRequest.State.SENDING).isPresent()) {
                return; // its answer is on its way
            }
            if (own.isPresent()) {
                context.record(new OrderEvent.BrokerAccepted(
                        id, own.get().no(), row.orgNo(), row.odno(), text(row.time()), MatchedBy.INFERENCE));
            } else if (rowOf(order, row.original(), rows)
                    .filter(o -> o.remaining() > 0)
                    .isPresent()) {
                alertOnce(
                        AlertEvent.PARTLY_MODIFIED_OUTSIDE,
                        id,
                        "some of it was given another price elsewhere as " + row.odno()
                                + "; the gateway follows only the rest");
                return;
            } else {
                recordOutsideModification(order, row);
                context.alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        id,
                        "it was modified elsewhere and is " + row.odno() + " now");
            }
            countSurplus(id, rows); // before the next number, whose rest is what these fills left
            next = nextInChain(id, rows);
        }
    }

    private Optional<BrokerOrder> nextInChain(OrderId id, DailyOrdersSnapshot rows) {
        Order order = registry.get(id);
        return order.liveRef()
                .flatMap(ref -> rows.modificationsOf(ref.odno()).stream()
                        .filter(row -> order.brokerRef(row.odno()).isEmpty())
                        .filter(row -> belongsTo(order, row))
                        .findFirst());
    }

    private void countSurplus(OrderId id, DailyOrdersSnapshot rows) {
        for (BrokerOrderRef ref : registry.get(id).brokerRefs()) {
            rowOf(registry.get(id), ref.odno(), rows).ifPresent(row -> countSurplus(id, ref, row));
        }
    }

    /** A surplus of the broker's cumulative figures is a fill whose notice was lost. */
    private void countSurplus(OrderId id, BrokerOrderRef ref, BrokerOrder row) {
        long surplus = row.filled() - ref.filled();
        if (surplus <= 0) {
            return;
        }
        Order order = registry.get(id);
        long value = row.value() - ref.value();
        if (value <= 0 || order.filled() + surplus > order.terms().qty()) {
            alertOnce(
                    AlertEvent.LIST_CONTRADICTS,
                    id,
                    "the broker's list shows " + row.filled() + " shares for " + row.value() + " won under "
                            + row.odno() + ", which cannot be; nothing was changed");
            return;
        }
        var fill = new Fill(order.nextExecId(), row.odno(), surplus, value, 0, Fill.Source.QUERY);
        context.record(new OrderEvent.Filled(id, 0, 0, fill));
        context.addEffect(new OrderEffect.FillExecuted(registry.get(id), fill));
    }

    /** What the list says under a number of the order. */
    private Optional<BrokerOrder> rowOf(Order order, long odno, DailyOrdersSnapshot rows) {
        return rows.of(odno).filter(row -> belongsTo(order, row));
    }

    private boolean belongsTo(Order order, BrokerOrder row) {
        return belongsTo(order, row.odno(), row.symbol(), row.side());
    }

    /** Whether what is said under a number of the order can be about it: a number alone proves nothing. */
    boolean belongsTo(Order order, long odno, Symbol symbol, Side side) {
        if (order.terms().symbol().equals(symbol) && order.terms().side() == side) {
            return true;
        }
        alertOnce(
                AlertEvent.NUMBER_OF_ANOTHER,
                order.id(),
                "KIS says " + side + " " + symbol.code() + " under " + odno + ", which is "
                        + order.terms().side() + " " + order.terms().symbol().code() + " here; nothing was changed");
        return false;
    }

    /** The log of alerts is bounded: the same words with every list would drive out all others. */
    private void alertOnce(AlertEvent event, OrderId id, String message) {
        if (alerted.add(new AlertKey(id, message))) {
            context.alert(Level.P1, event, id, message);
        }
    }

    /** What the row of the order's live number says about its life. */
    private void applyState(Order order, DailyOrdersSnapshot rows) {
        Complete dailyOrders = rows.dailyOrders();
        BrokerOrderRef ref = order.liveRef().orElseThrow();
        Optional<BrokerOrder> found = rowOf(order, ref.odno(), rows);
        boolean ended = sessionOver(order, dailyOrders);
        if (found.isEmpty()) {
            if (ended && isFinalFor(order, dailyOrders)) {
                context.alert(
                        Level.P1,
                        AlertEvent.ORDER_NOT_LISTED,
                        order.id(),
                        "KIS took it and its list of the day lacks it");
                context.record(new OrderEvent.Expired(order.id(), "SESSION_END"));
            }
            return;
        }
        BrokerOrder row = found.get();
        markListChecked(order, dailyOrders);
        long newlyRemoved = DailyOrdersSnapshot.removedQty(order, ref, row);
        if (isFullyRefused(row)) {
            applyExchangeRefusal(order, ref, row, rows);
        } else if (newlyRemoved > 0 && (row.remaining() > 0 || hasPartialCancelAtBroker(order))) {
            recordReduction(order, ref, row, newlyRemoved);
        } else if (row.remaining() == 0 && newlyRemoved > 0 && (ended || !mayBeReplaced(order, dailyOrders))) {
            context.record(new OrderEvent.Canceled(order.id(), newlyRemoved, "canceled"));
        } else if (ended) {
            context.record(new OrderEvent.Expired(order.id(), "SESSION_END"));
        } else {
            retryIneffectiveCancel(order, row);
            refuseLostModification(order, row, rows);
            refuseIneffectiveCancels(order, row, rows.dailyOrders());
        }
    }

    private boolean sessionOver(Order order, Complete dailyOrders) {
        return !dailyOrders.requestedAt().isBefore(calendar.endOf(order.tradingDay()));
    }

    /** What a clock that was ahead ended with a session that is not over, and that the list has at rest, is open again. */
    private void reopenIfStillResting(OrderId id, DailyOrdersSnapshot rows) {
        Order order = registry.get(id);
        if (!order.isExpiredAtBroker() || sessionOver(order, rows.dailyOrders())) {
            return;
        }
        long odno = order.liveRef().orElseThrow().odno();
        rowOf(order, odno, rows).filter(row -> row.remaining() > 0).ifPresent(row -> {
            context.record(new OrderEvent.ModifiedOutside(
                    id, row.orgNo(), odno, order.terms().qty() - order.filled(), priceOf(row), text(row.time())));
            context.alert(
                    Level.P1,
                    AlertEvent.ENDED_TOO_EARLY,
                    id,
                    "a clock that was ahead ended it with the session, and it rests at the broker; it is open again");
        });
    }

    /** What rested under its first number is gone; a modification that was refused leaves it where it rested before. */
    private void applyExchangeRefusal(Order order, BrokerOrderRef ref, BrokerOrder row, DailyOrdersSnapshot rows) {
        Optional<BrokerOrderRef> before = order.brokerRef(row.original())
                .filter(old ->
                        order.brokerRefs().indexOf(old) < order.brokerRefs().indexOf(ref));
        if (before.isPresent()) {
            BrokerOrderRef old = before.get();
            rowOf(order, old.odno(), rows).ifPresent(resting -> {
                context.record(new OrderEvent.ModifiedOutside(
                        order.id(),
                        old.orgNo(),
                        old.odno(),
                        order.terms().qty() - order.filled(),
                        priceOf(resting),
                        text(row.time())));
                context.alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        order.id(),
                        "the exchange refused what was modified elsewhere; it is " + old.odno() + " again");
                applyState(registry.get(order.id()), rows);
            });
        } else if (order.filled() > 0) {
            context.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            context.record(new OrderEvent.Rejected(order.id(), "EXCHANGE", "the broker lists it as rejected"));
        }
    }

    private static OptionalLong priceOf(BrokerOrder row) {
        return row.market() ? OptionalLong.empty() : OptionalLong.of(row.price());
    }

    /**
     * Whether the exchange refused all of it. Of a modification it refuses some when the order was filled in part before
     * it arrived: those shares rest nowhere, the others do.
     */
    private static boolean isFullyRefused(BrokerOrder row) {
        return row.rejected() > 0 && row.rejected() == row.qty();
    }

    /** The order is smaller; where nothing rests any more, by no more than we asked for, and the rest is cancelled. */
    private void recordReduction(Order order, BrokerOrderRef ref, BrokerOrder row, long removed) {
        Optional<BrokerRequest> partial = partialCancelAtBroker(order);
        long reduced = row.remaining() > 0
                ? removed
                : partial.map(r -> Math.min(r.qty(), removed)).orElse(removed);
        int request = partial.map(BrokerRequest::no).orElse(0);
        context.record(new OrderEvent.Reduced(order.id(), request, ref.odno(), reduced));
        if (removed > reduced) {
            context.record(new OrderEvent.Canceled(order.id(), removed - reduced, "canceled"));
        }
    }

    /** Whether a partial cancel of ours is what took the shares away. */
    private static boolean hasPartialCancelAtBroker(Order order) {
        return order.openCancel().isEmpty() && partialCancelAtBroker(order).isPresent();
    }

    private static Optional<BrokerRequest> partialCancelAtBroker(Order order) {
        return order.openModification()
                .filter(BrokerRequest::isPartialCancel)
                .filter(r -> r.state() != BrokerRequest.State.PLANNED);
    }

    /**
     * While a modification is in doubt, an emptied original may have been replaced and not cancelled. After a minute the
     * number that replaced it would be listed; should it come even later, the order opens again.
     */
    private static boolean mayBeReplaced(Order order, Complete dailyOrders) {
        return order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.isInFlight())
                .filter(r -> !isReflectedIn(dailyOrders, r))
                .isPresent();
    }

    private void markListChecked(Order order, Complete dailyOrders) {
        for (BrokerRequest request : order.requests()) {
            boolean shown = request.state() == BrokerRequest.State.IN_DOUBT
                    && request.sentAt()
                            .filter(at -> at.plus(DailyOrdersSchedule.LAG).isBefore(dailyOrders.requestedAt()))
                            .isPresent();
            if (shown) {
                listChecked.add(new SendQueue.Item(order.id(), request.no()));
            }
        }
    }

    /** A full cancel, and only that, may be repeated once the list shows that the order still rests. */
    private void retryIneffectiveCancel(Order order, BrokerOrder row) {
        Optional<BrokerRequest> cancel = order.openCancel()
                .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(_ -> row.remaining() > 0)
                .filter(r -> listChecked(order.id(), r.no()));
        if (cancel.isEmpty()) {
            return;
        }
        int no = cancel.get().no();
        context.record(
                new OrderEvent.SendNotTaken(order.id(), no, "NOT_EFFECTIVE", "the order still rests at the broker"));
        if (cancel.get().attempts() >= OrderCore.MAX_ATTEMPTS) {
            context.record(new OrderEvent.BrokerRefused(
                    order.id(), no, "RETRY_EXHAUSTED", "the order still rests at the broker"));
            context.alert(Level.P1, AlertEvent.CANCEL_FAILED, order.id(), "its cancel had no effect and was given up");
        }
    }

    /**
     * A modification in doubt that a list of a minute later shows no trace of did not reach KIS. It is not sent again, and
     * should it turn up all the same, it is followed like one made elsewhere.
     */
    private void refuseLostModification(Order order, BrokerOrder row, DailyOrdersSnapshot rows) {
        order.openModification()
                .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(r -> isReflectedIn(rows.dailyOrders(), r))
                .filter(_ ->
                        row.remaining() > 0 && rows.modificationsOf(row.odno()).isEmpty())
                .ifPresent(r -> {
                    context.record(new OrderEvent.BrokerRefused(
                            order.id(), r.no(), "NOT_FOUND_AT_BROKER", "a minute later the order rests as before"));
                    context.alert(
                            Level.P2,
                            AlertEvent.MODIFICATION_NOT_FOUND,
                            order.id(),
                            "it never reached KIS; the old terms hold");
                });
    }

    /**
     * A cancel that KIS took and that a list of a minute later shows no effect of: it ends, so that another can be asked
     * for. Should it take effect all the same, the order is smaller or gone, which is what was wanted.
     */
    private void refuseIneffectiveCancels(Order order, BrokerOrder row, Complete dailyOrders) {
        order.requests().stream()
                .filter(r -> r.kind() == BrokerRequest.Kind.CANCEL && r.state() == BrokerRequest.State.ACKED)
                .filter(r -> row.remaining() > 0 && isReflectedIn(dailyOrders, r))
                .forEach(r -> {
                    context.record(new OrderEvent.BrokerRefused(
                            order.id(),
                            r.no(),
                            "NOT_EFFECTIVE",
                            "KIS took it and a minute later the order still rests"));
                    context.alert(
                            Level.P1,
                            AlertEvent.CANCEL_WITHOUT_EFFECT,
                            order.id(),
                            "KIS took its cancel and a minute later it still rests; look there and cancel it again");
                });
    }

    /** Whether the list was asked for so long after the send that it shows what the request did. */
    private static boolean isReflectedIn(Complete dailyOrders, BrokerRequest request) {
        return request.sentAt()
                .filter(at -> !dailyOrders.requestedAt().isBefore(at.plus(LIST_COMPLETE_AFTER)))
                .isPresent();
    }

    /** Whether the list was asked for so late that what it lacks does not exist. */
    private boolean isFinalFor(Order order, Complete dailyOrders) {
        Instant end = calendar.endOf(order.tradingDay());
        Instant sent = order.placing().sentAt().orElse(order.createdAt());
        Instant later = sent.isAfter(end) ? sent : end;
        return !dailyOrders.requestedAt().isBefore(later.plus(LIST_COMPLETE_AFTER));
    }

    // ---- orders that are nobody's yet ----

    /** An order that was given up as not found is at the broker after all. */
    private void reopenLateAcceptances(
            LocalDate day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned, List<Correction> corrections) {
        for (Order order : registry.closedInDoubt()) {
            // While an equal order is on its way a new row is more likely that one's: its number comes with its answer.
            boolean mayMatch = order.tradingDay().equals(day) && !inFlight.isTaken(order);
            List<BrokerOrder> found = mayMatch ? candidatesFor(order, unassigned) : List.of();
            if (found.size() > 1) {
                alertOnce(
                        AlertEvent.ORDER_UNRESOLVED,
                        order.id(),
                        "it was closed as not found, and " + found.size() + " orders at the broker could be it ("
                                + numbers(found) + "); look there, nothing here cancels or counts them");
            }
            if (found.size() != 1) {
                continue;
            }
            BrokerOrder row = found.getFirst();
            context.record(new OrderEvent.LateAcceptance(order.id(), 1, row.orgNo(), row.odno(), text(row.time())));
            context.alert(
                    Level.P1,
                    AlertEvent.LATE_ACCEPTANCE,
                    order.id(),
                    "it was closed as not found and is at the broker as " + row.odno() + "; it is open again");
            corrections.add(new Correction(
                    order.id(),
                    order.status(),
                    describe(row),
                    registry.get(order.id()).status(),
                    context.now()));
            compare(registry.get(order.id()), rows, unassigned, corrections);
        }
    }

    /**
     * A replaced order looks like one that is cancelled, or smaller, as long as the row that replaces it is not listed. Once it is, the order
     * goes on under that number.
     */
    private void reopenReplacedOrders(
            LocalDate day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned, List<Correction> corrections) {
        for (BrokerOrder row : unassigned) {
            Optional<Order> order = row.kind() == BrokerOrder.Kind.MODIFY
                            && row.rejected() == 0
                            && registry.findByBrokerNumber(day, row.odno()).isEmpty()
                    ? registry.findByBrokerNumber(day, row.original())
                    : Optional.empty();
            boolean nothingLeft = rows.of(row.original())
                    .filter(original -> original.filled() >= original.qty())
                    .isPresent(); // the exchange will refuse this modification
            boolean replaced = !nothingLeft
                    && order.filter(o -> o.status().isTerminal())
                            .filter(o -> o.liveRef()
                                    .filter(ref -> ref.odno() == row.original())
                                    .isPresent())
                            .filter(o -> belongsTo(o, row))
                            .isPresent();
            if (replaced) {
                context.alert(
                        Level.P1,
                        AlertEvent.MODIFIED_OUTSIDE,
                        order.get().id(),
                        "what looked like its end was a modification; it is " + row.odno() + " and open again");
                countSurplus(order.get().id(), rows);
                recordOutsideModification(order.get(), row);
                corrections.add(new Correction(
                        order.get().id(),
                        order.get().status(),
                        describe(row),
                        registry.get(order.get().id()).status(),
                        context.now()));
                compare(registry.get(order.get().id()), rows, unassigned, corrections);
            }
        }
    }

    /** The order rests under another number by somebody else's modification. */
    private void recordOutsideModification(Order order, BrokerOrder row) {
        context.record(new OrderEvent.ModifiedOutside(
                order.id(), row.orgNo(), row.odno(), row.qty(), priceOf(row), text(row.time())));
    }

    /**
     * Rows that cannot be ours were placed elsewhere: from now on they are followed like our own. Only today's: of
     * earlier days our own ended orders are not in memory any more, and would look like somebody else's.
     */
    private long adoptExternalOrders(LocalDate day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned) {
        if (!day.equals(calendar.tradingDay(context.now())) || registry.mayHaveEvicted(day)) {
            return 0;
        }
        long adopted = 0;
        for (BrokerOrder row : unassigned) {
            if (row.kind() != BrokerOrder.Kind.ORDER
                    || registry.findByBrokerNumber(day, row.odno()).isPresent()
                    || mayBeOwnRequest(day, row)) {
                continue;
            }
            Instant placed = day.atStartOfDay(TradingCalendar.SEOUL).toInstant().plusSeconds(secondOfDay(row.time()));
            var terms = new Terms(
                    account,
                    row.symbol(),
                    row.side(),
                    row.qty(),
                    row.market() ? OrderType.MARKET : OrderType.LIMIT,
                    priceOf(row),
                    Venue.KRX,
                    Optional.empty(),
                    placed);
            OrderId id = OrderId.forAdopted(placed, account, day, row.odno());
            context.record(new OrderEvent.Adopted(id, terms, day, row.orgNo(), row.odno(), text(row.time())));
            compare(
                    registry.get(id),
                    rows,
                    unassigned,
                    new ArrayList<>()); // what it did before we saw it corrects nothing
            adopted++;
        }
        return adopted;
    }

    /** A row that a request on its way or in doubt may have made is not yet somebody else's. */
    private boolean mayBeOwnRequest(LocalDate day, BrokerOrder row) {
        for (OrderId id : inFlight.owners()) {
            if (matchesOrder(day, registry.get(id), row)) {
                return true;
            }
        }
        return registry.closedInDoubt().stream().anyMatch(order -> matchesOrder(day, order, row));
    }

    private static boolean matchesOrder(LocalDate day, Order order, BrokerOrder row) {
        return order.tradingDay().equals(day)
                && matchesTerms(order.terms(), row)
                && !order.placing().excludedOdnos().contains(row.odno());
    }

    // ---- the broker's clock ----

    /** Once it is known, those teach it that are looked at anyway: the others have, by their answers or by an earlier list. */
    private void learnClock(LocalDate day, DailyOrdersSnapshot rows, List<Order> compared) {
        Stream<Order> samples = brokerClockAhead.isPresent()
                ? compared.stream()
                : rows.dailyOrders().orders().stream()
                        .filter(row -> row.kind() == BrokerOrder.Kind.ORDER)
                        .flatMap(row -> registry.findByBrokerNumber(day, row.odno()).stream());
        OptionalInt smallest = samples.filter(order -> order.placing().attempts() == 1)
                .flatMap(order -> rows
                        .of(order.placing().odno().orElse(0))
                        .flatMap(row -> order.placing().sentAt().map(at -> clockDifference(at, row.time())))
                        .stream())
                .mapToInt(Integer::intValue)
                .min();
        if (smallest.isPresent()) {
            brokerClockAhead = smallest;
        }
    }

    /** Seconds from our time to the broker's, the shorter way around midnight. */
    private static int clockDifference(Instant own, int hhmmss) {
        int difference = Math.floorMod(secondOfDay(hhmmss) - secondOfDay(own), DAY_SECONDS);
        return difference > DAY_SECONDS / 2 ? difference - DAY_SECONDS : difference;
    }

    private static int secondOfDay(Instant at) {
        return Math.floorMod(at.getEpochSecond() + SEOUL_OFFSET_SECONDS, DAY_SECONDS);
    }

    private static int secondOfDay(int hhmmss) {
        return hhmmss / 10_000 * 3_600 + hhmmss / 100 % 100 * 60 + hhmmss % 100;
    }

    private static String text(int hhmmss) {
        return "%06d".formatted(hhmmss);
    }
}
