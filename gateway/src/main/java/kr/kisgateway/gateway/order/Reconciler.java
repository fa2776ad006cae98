package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
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
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Money;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;

/**
 * Compares the broker's list with the recorded orders, and corrects the orders where the list has newer facts. What is
 * on the list counts; absence from it proves nothing until the session has ended and the list is complete.
 *
 * <p>A request in doubt is matched by everything that was sent: an entry with the same account, symbol, side, quantity,
 * price, kind and venue, accepted by the broker's clock no earlier than the send, with a number that was not recorded
 * before and belongs to no other order. An unmatched execution notice is such an entry too: it may arrive seconds before
 * the list does.
 *
 * <p>An entry with a loan date is never an order in cash, nor a credit order of another loan. That KIS lists the loan date of every
 * credit order is assumed, so an equal entry without one is not settled as a credit order, and not adopted either while one is in
 * doubt: an operator decides.
 */
final class Reconciler {
    /** After the session's end, and after a send: until the broker's list is complete. */
    static final Duration LIST_COMPLETE_AFTER = Duration.ofSeconds(60);

    /** How far the broker's clock may lie behind its estimate, in seconds. */
    private static final int CLOCK_SLACK_SECONDS = 5;

    private static final int DAY_SECONDS = 86_400;

    /** Seoul's clock has been nine hours ahead of UTC since 1988; a time zone lookup for each row of a list is costly. */
    private static final int SEOUL_OFFSET_SECONDS = 9 * 3_600;

    private static final int NUMBERS_SHOWN = 10;

    private final OrderHours hours;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final InFlightFingerprints inFlight;
    private final Supplier<Collection<Notice>> unmatchedNotices;

    /** The rows of the last list that may be a request in doubt. */
    private final Map<OrderId, List<BrokerOrder>> candidates = new HashMap<>();

    /** Requests in doubt after which a list was read late enough to show their effect. */
    private final Set<SendQueue.Item> listChecked = new HashSet<>();

    /** Alerts already raised for an order that every further list would raise again. */
    private final Set<AlertKey> alerted = new HashSet<>();

    private record AlertKey(OrderId order, String message) {}

    /** Seconds by which the broker's clock is ahead, derived from its times of our orders. */
    private OptionalInt brokerClockAhead = OptionalInt.empty();

    /** @param unmatchedNotices notices whose numbers belong to no order yet */
    Reconciler(
            OrderHours hours,
            OrderRegistry registry,
            DecisionContext context,
            InFlightFingerprints inFlight,
            Supplier<Collection<Notice>> unmatchedNotices) {
        this.hours = hours;
        this.registry = registry;
        this.context = context;
        this.inFlight = inFlight;
        this.unmatchedNotices = unmatchedNotices;
    }

    /** What one list changed. */
    record Outcome(long mismatched, long adopted, List<Correction> corrections) {}

    /** Applies the broker's list of {@code day}. */
    Outcome apply(AccountDay day, DailyOrdersSnapshot rows) {
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

    /** Orders that the list may change, oldest first: by the reading, and those that changed since it was requested. */
    private List<Order> toCompare(AccountDay day, DailyOrdersSnapshot rows) {
        Set<OrderId> ids = new LinkedHashSet<>(rows.ordersToCompare());
        ids.addAll(registry.changedSinceRequest(day.account()));
        ids.addAll(registry.endedUnsettled());
        return ids.stream()
                .flatMap(id -> registry.order(id).stream())
                .filter(order -> order.accountDay().equals(day) && registry.unsettled(order))
                .filter(order -> !rows.isUnchanged(order))
                .sorted(Comparator.comparing(Order::createdAt)
                        .thenComparing(order -> order.id().text()))
                .toList();
    }

    /** Alerts about shares counted here that the final list of {@code day} does not have. */
    void compareClosedDay(AccountDay day, DailyOrdersSnapshot rows) {
        for (Order order : registry.ordersOf(day)) {
            for (BrokerOrderRef ref : order.brokerRefs()) {
                long listedQty =
                        rowOf(order, ref.odno(), rows).map(BrokerOrder::filled).orElse(0L);
                if (ref.filled() > listedQty) {
                    alertOnce(
                            AlertEvent.LIST_CONTRADICTS,
                            order.id(),
                            ref.filled() + " shares are recorded under " + BrokerNumbers.plain(ref.odno())
                                    + " and the broker's list of " + day + " has " + listedQty
                                    + " at its end; nothing was changed");
                }
            }
            if (order.isMissingFills()) {
                alertOnce(
                        AlertEvent.LIST_CONTRADICTS,
                        order.id(),
                        "of " + order.terms().qty() + " shares " + order.filled() + " were filled and "
                                + order.canceled() + " cancelled, and the broker's list of " + day
                                + " shows no more at its end; nothing was changed");
            }
        }
    }

    /** The rows that may be a request in doubt. */
    List<BrokerOrder> candidates(OrderId order) {
        return candidates.getOrDefault(order, List.of());
    }

    /** The broker numbers that may be each request in doubt. */
    Map<OrderId, List<Long>> candidates() {
        Map<OrderId, List<Long>> numbers = new HashMap<>();
        candidates.forEach((order, rows) ->
                numbers.put(order, rows.stream().map(BrokerOrder::odno).sorted().toList()));
        return numbers;
    }

    /** Orders with a request in doubt after which a list was read. */
    Set<OrderId> listChecked() {
        Set<OrderId> orders = new LinkedHashSet<>();
        listChecked.forEach(item -> orders.add(item.order()));
        return orders;
    }

    /** Whether a list was read after the send, late enough to show the effect of the request. */
    boolean listChecked(OrderId order, int request) {
        return listChecked.contains(new SendQueue.Item(order, request));
    }

    /** Learns the broker's clock from its time of an order that was sent at {@code sentAt}. */
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

    /** Whether the order is fully reconciled afterwards. */
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
        if (current.isAtBroker() && !current.status().isTerminal()) {
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
        List<BrokerOrder> found = candidatesFor(order, unassigned);
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
                    "the session has ended and the broker's complete list does not contain it"));
            context.alert(
                    Level.P2,
                    AlertEvent.ORDER_NOT_FOUND,
                    order.id(),
                    "closed after the session's end, never listed at the broker");
            return;
        }
        String reason = matching.isEmpty()
                ? "the broker does not list it (yet); absence proves nothing, so it stays UNKNOWN"
                : matching.size() + " orders at the broker could be it (" + numbers(matching)
                        + (found.isEmpty() ? whyNone(order, matching) : "")
                        + "), so it stays UNKNOWN: check at the broker, then decide with ./kis orders resolve "
                        + order.id();
        if (!order.reason().equals(Optional.of(reason))) {
            context.record(new OrderEvent.Unresolved(order.id(), placing.no(), matching.size(), reason));
            context.alert(matching.isEmpty() ? Level.P2 : Level.P1, AlertEvent.ORDER_UNRESOLVED, order.id(), reason);
        }
    }

    /** The first numbers in the form of the API: the operator looks them up in the HTS. */
    private static String numbers(List<BrokerOrder> found) {
        String first = found.stream()
                .map(BrokerOrder::odno)
                .sorted()
                .limit(NUMBERS_SHOWN)
                .map(BrokerNumbers::plain)
                .map("%010d"::formatted)
                .collect(Collectors.joining(", "));
        return found.size() > NUMBERS_SHOWN ? first + ", …" : first;
    }

    private String whyNone(Order order, List<BrokerOrder> matching) {
        return takenAfterSend(order, matching).isEmpty()
                ? "; by the broker's clock they are older, or a clock is wrong"
                : "; it is on credit, and KIS lists no loan for them";
    }

    private List<BrokerOrder> candidatesFor(Order order, List<BrokerOrder> unassigned) {
        return takenAfterSend(order, matchingRows(order, unassigned)).stream()
                .filter(row -> hasLoanOf(order.terms(), row))
                .toList();
    }

    /** The rows that the broker accepted no earlier than the send, as far as the clocks are reliable. */
    private List<BrokerOrder> takenAfterSend(Order order, List<BrokerOrder> matching) {
        Instant sentAt = order.placing().sentAt().orElse(order.createdAt());
        TradingDay day = order.day();
        int earliest = secondWithin(day, secondOfDay(sentAt)) + brokerClockAhead.orElse(0) - CLOCK_SLACK_SECONDS;
        return matching.stream()
                .filter(row -> secondWithin(day, secondOfDay(row.time())) >= earliest)
                .toList();
    }

    /** The unassigned rows that equal everything that was sent. */
    private List<BrokerOrder> matchingRows(Order order, List<BrokerOrder> unassigned) {
        BrokerRequest placing = order.placing();
        Map<Long, BrokerOrder> found = new LinkedHashMap<>();
        for (BrokerOrder row : unassigned) {
            if (row.kind() == BrokerOrder.Kind.ORDER && matchesTerms(order.terms(), row)) {
                found.put(row.odno(), row);
            }
        }
        for (Notice notice : unmatchedNotices.get()) {
            BrokerOrder row = asRow(notice);
            if (notice.account().equals(order.terms().accountId())
                    && notice.kind() == Notice.Kind.RECEIVED
                    && notice.original() == 0
                    && matchesTerms(order.terms(), row)) {
                found.putIfAbsent(row.odno(), row);
            }
        }
        found.values()
                .removeIf(row -> registry.findByBrokerNumber(order.accountDay(), row.odno())
                                .isPresent()
                        || placing.excludedOdnos().contains(row.odno()));
        return List.copyOf(found.values());
    }

    /** The receipt notice of an order in the form of the list. */
    private static BrokerOrder asRow(Notice notice) {
        return new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                notice.odno(),
                0,
                notice.orgNo(),
                notice.symbol(),
                notice.side(),
                notice.qty(),
                notice.price(),
                notice.orderKind(),
                notice.venue(),
                notice.time(),
                0,
                0,
                0,
                notice.qty(),
                0,
                notice.credit());
    }

    private static boolean matchesTerms(Terms terms, BrokerOrder row) {
        return row.symbol().equals(terms.symbol())
                && row.side() == terms.side()
                && row.qty() == terms.qty()
                && row.orderKind()
                        .filter(kind -> kind.type() != terms.kind().type())
                        .isEmpty()
                && row.venue()
                        .filter(venue -> terms.venue() != Venue.SOR && venue != Venue.SOR && venue != terms.venue())
                        .isEmpty()
                && (row.credit().isEmpty() || hasLoanOf(terms, row))
                && (terms.price().isPresent()
                        ? row.price() == terms.price().getAsLong()
                        : row.orderKind().isPresent() || row.price() == 0);
    }

    /** Whether both are in cash, or of loans of the same date; not every row names the lender. */
    private static boolean hasLoanOf(Terms terms, BrokerOrder row) {
        return row.credit().map(Credit::loanDate).equals(terms.loanDate());
    }

    /** The exchange may refuse a change after the broker accepted it; without its notice only the change's own row shows it. */
    private void learnLaterRefusals(OrderId id, DailyOrdersSnapshot rows) {
        for (BrokerRequest request : registry.get(id).requests()) {
            boolean inForce = restsUnder(registry.get(id), request);
            boolean refused = (request.isOpen() || inForce)
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

    /** Whether the order presumably rests under the number of this modification: refused, it rests as before. */
    private static boolean restsUnder(Order order, BrokerRequest request) {
        return request.kind() == BrokerRequest.Kind.MODIFY
                && !order.status().isTerminal()
                && order.liveRef()
                        .filter(ref -> ref.odno() == request.odno().orElse(0))
                        .isPresent();
    }

    /** Follows the numbers that modifications assigned to the order, made here or elsewhere. */
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
                return; // its answer is pending
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
                        "part of it was re-priced elsewhere as " + BrokerNumbers.plain(row.odno())
                                + "; the gateway follows only the rest");
                return;
            } else {
                recordOutsideModification(order, row);
                context.alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        id,
                        "it was modified elsewhere and rests as " + BrokerNumbers.plain(row.odno()) + " now");
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

    /** A surplus in the broker's cumulative figures is a fill whose notice was lost. */
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
                    "the broker's list shows " + row.filled() + " shares for "
                            + new Money(order.terms().symbol().market().currency(), row.value()) + " under "
                            + BrokerNumbers.plain(row.odno()) + ", which is impossible; nothing was changed");
            return;
        }
        var fill = new Fill(order.nextExecId(), row.odno(), surplus, value, 0, Fill.Source.QUERY);
        context.record(new OrderEvent.Filled(id, 0, 0, fill));
        context.addEffect(new OrderEffect.FillExecuted(registry.get(id), fill));
    }

    /** The row of the list for a number of the order. */
    private Optional<BrokerOrder> rowOf(Order order, long odno, DailyOrdersSnapshot rows) {
        return rows.of(odno).filter(row -> belongsTo(order, row));
    }

    private boolean belongsTo(Order order, BrokerOrder row) {
        return belongsTo(order, row.odno(), row.symbol(), row.side());
    }

    /** Whether a report under a number of the order can concern it: a number alone proves nothing. */
    boolean belongsTo(Order order, long odno, MarketSymbol symbol, Side side) {
        if (order.terms().symbol().equals(symbol) && order.terms().side() == side) {
            return true;
        }
        alertOnce(
                AlertEvent.NUMBER_OF_ANOTHER,
                order.id(),
                "KIS reports " + side + " " + symbol.code() + " under " + BrokerNumbers.plain(odno) + ", which is "
                        + order.terms().side() + " " + order.terms().symbol().code() + " here; nothing was changed");
        return false;
    }

    /** The alert log is bounded: the same text with every list would evict all others. */
    private void alertOnce(AlertEvent event, OrderId id, String message) {
        if (alerted.add(new AlertKey(id, message))) {
            context.alert(Level.P1, event, id, message);
        }
    }

    /** Applies the row of the order's current number to its status. */
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
                        "KIS accepted it and its list of the day does not contain it");
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
        return !dailyOrders.requestedAt().isBefore(hours.endOf(order.terms(), order.tradingDay()));
    }

    /** Reopens an order that a fast clock ended although its session is not over and the list shows it resting. */
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
                    "a fast clock ended it with the session, but it rests at the broker; it is open again");
        });
    }

    /** The order under the first number is gone; a refused modification leaves it where it rested before. */
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
                        "the exchange refused the modification made elsewhere; it is " + BrokerNumbers.plain(old.odno())
                                + " again");
                applyState(registry.get(order.id()), rows);
            });
        } else if (order.filled() > 0) {
            context.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            context.record(new OrderEvent.Rejected(order.id(), "EXCHANGE", "the broker lists it as rejected"));
        }
    }

    private static OptionalLong priceOf(BrokerOrder row) {
        boolean unpriced = row.price() == 0
                || row.orderKind().filter(kind -> !kind.type().isPriced()).isPresent();
        return unpriced ? OptionalLong.empty() : OptionalLong.of(row.price());
    }

    /**
     * Whether the exchange refused all of the order. A modification is refused in part when the order was partly filled
     * before it arrived: the refused shares rest nowhere, the others do.
     */
    private static boolean isFullyRefused(BrokerOrder row) {
        return row.rejected() > 0 && row.rejected() == row.qty();
    }

    /** Reduces the order; where nothing rests any more, by no more than requested, and the rest is cancelled. */
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

    /** Whether a partial cancel of the gateway removed the shares. */
    private static boolean hasPartialCancelAtBroker(Order order) {
        return order.openCancel().isEmpty() && partialCancelAtBroker(order).isPresent();
    }

    private static Optional<BrokerRequest> partialCancelAtBroker(Order order) {
        return order.openModification()
                .filter(BrokerRequest::isPartialCancel)
                .filter(r -> r.state() != BrokerRequest.State.PLANNED);
    }

    /**
     * While a modification is in doubt, an emptied original may have been replaced instead of cancelled. After a minute the
     * replacing number would be listed; should it appear even later, the order opens again.
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
                            .filter(at -> at.plus(AccountSchedule.LAG).isBefore(dailyOrders.requestedAt()))
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
        int attempts = cancel.get().attempts();
        if (attempts >= OrderCore.attempts(order, cancel.get())) {
            context.record(new OrderEvent.BrokerRefused(
                    order.id(), no, OrderCore.RETRY_EXHAUSTED, "the order still rests at the broker"));
            context.alert(
                    Level.P1, AlertEvent.CANCEL_FAILED, order.id(), "its cancel had no effect and is not retried");
        } else if (attempts == OrderCore.MAX_ATTEMPTS) {
            context.alert(
                    Level.P1, AlertEvent.CANCEL_FAILED, order.id(), "its cancel had no effect" + OrderCore.SENT_AGAIN);
        }
    }

    /**
     * A modification in doubt of which a list of a minute later shows no trace did not reach KIS. It is not sent again;
     * if it appears nevertheless, it is followed like one made elsewhere.
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
                            "it never reached KIS; the old terms apply");
                });
    }

    /**
     * A cancel that KIS accepted and whose effect a list of a minute later does not show: it ends, so that another can be
     * requested. If it takes effect nevertheless, the order is smaller or gone, as requested.
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
                            "KIS accepted it and a minute later the order still rests"));
                    context.alert(
                            Level.P1,
                            AlertEvent.CANCEL_WITHOUT_EFFECT,
                            order.id(),
                            "KIS accepted its cancel and a minute later it still rests; check at the broker and cancel it again");
                });
    }

    /** Whether the list was requested so long after the send that it shows the effect of the request. */
    private static boolean isReflectedIn(Complete dailyOrders, BrokerRequest request) {
        return request.sentAt()
                .filter(at -> !dailyOrders.requestedAt().isBefore(at.plus(LIST_COMPLETE_AFTER)))
                .isPresent();
    }

    /** Whether the list was requested so late that an order missing from it does not exist. */
    private boolean isFinalFor(Order order, Complete dailyOrders) {
        Instant end = hours.endOf(order.day());
        Instant sent = order.placing().sentAt().orElse(order.createdAt());
        Instant later = sent.isAfter(end) ? sent : end;
        return !dailyOrders.requestedAt().isBefore(later.plus(LIST_COMPLETE_AFTER));
    }

    // ---- unassigned rows ----

    /** Reopens an order that was closed as not found and is at the broker after all. */
    private void reopenLateAcceptances(
            AccountDay day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned, List<Correction> corrections) {
        for (Order order : registry.closedInDoubt()) {
            // While an equal order is in flight a new row more likely belongs to it: its number comes with its answer.
            boolean mayMatch = order.accountDay().equals(day) && !inFlight.isTaken(order);
            List<BrokerOrder> found = mayMatch ? candidatesFor(order, unassigned) : List.of();
            if (found.size() > 1) {
                alertOnce(
                        AlertEvent.ORDER_UNRESOLVED,
                        order.id(),
                        "it was closed as not found, and " + found.size() + " orders at the broker could be it ("
                                + numbers(found)
                                + "); check at the broker, the gateway neither cancels nor counts them");
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
                    "it was closed as not found and is at the broker as " + BrokerNumbers.plain(row.odno())
                            + "; it is open again");
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
     * A replaced order looks cancelled or reduced until the row that replaces it is listed. From then on the order
     * continues under that number.
     */
    private void reopenReplacedOrders(
            AccountDay day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned, List<Correction> corrections) {
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
                        "its apparent end was a modification; it is " + BrokerNumbers.plain(row.odno())
                                + " and open again");
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

    /** Records that the order rests under another number after a modification made elsewhere. */
    private void recordOutsideModification(Order order, BrokerOrder row) {
        context.record(new OrderEvent.ModifiedOutside(
                order.id(), row.orgNo(), row.odno(), row.qty(), priceOf(row), text(row.time())));
    }

    /**
     * Rows that match no own order were placed elsewhere: from now on they are followed like own orders. Only today's: own
     * orders that ended on earlier days are no longer in memory and would look external.
     */
    private long adoptExternalOrders(AccountDay day, DailyOrdersSnapshot rows, List<BrokerOrder> unassigned) {
        if (!day.day().equals(hours.today(day.market(), context.now())) || registry.mayHaveEvicted(day.day())) {
            return 0;
        }
        List<BrokerOrder> adopted = new ArrayList<>();
        for (BrokerOrder row : unassigned) {
            if (row.kind() != BrokerOrder.Kind.ORDER
                    || registry.findByBrokerNumber(day, row.odno()).isPresent()
                    || mayBeOwnRequest(day, row)) {
                continue;
            }
            Instant placed = placedAt(day.day(), row);
            var terms = new Terms(
                    day.account(),
                    row.symbol(),
                    row.side(),
                    row.qty(),
                    row.orderKind().orElse(row.price() == 0 ? OrderKind.MARKET : OrderKind.LIMIT),
                    priceOf(row),
                    OptionalLong.empty(),
                    row.venue().orElse(Venue.KRX),
                    Optional.empty(),
                    placed,
                    row.credit());
            OrderId id = OrderId.forAdopted(placed, day.account(), day.day().date(), row.odno());
            context.record(
                    new OrderEvent.Adopted(id, terms, day.day().date(), row.orgNo(), row.odno(), text(row.time())));
            compare(registry.get(id), rows, unassigned, new ArrayList<>()); // its earlier changes correct nothing
            adopted.add(row);
        }
        if (!adopted.isEmpty()) {
            alertUnsentOrders(day, adopted);
        }
        return adopted.size();
    }

    /**
     * Alerts, once for each order, when an adopted row equals an order that the journal contains as never sent, and was
     * placed while that waited: a disk that lost the journal's last records leaves an order so.
     */
    private void alertUnsentOrders(AccountDay day, List<BrokerOrder> adopted) {
        for (Order order : registry.ordersOf(day)) {
            if (order.placing().state() != BrokerRequest.State.PLANNED) {
                continue;
            }
            adopted.stream()
                    .filter(row -> matchesTerms(order.terms(), row) && placedWhileWaiting(order, row))
                    .findFirst()
                    .filter(_ -> alerted.add(new AlertKey(order.id(), AlertEvent.UNSENT_ORDER_LISTED.publicName())))
                    .ifPresent(row -> context.alert(
                            Level.P1,
                            AlertEvent.UNSENT_ORDER_LISTED,
                            order.id(),
                            "according to the journal it was never sent, and the broker lists "
                                    + "%010d".formatted(BrokerNumbers.plain(row.odno()))
                                    + " with the same terms, placed at " + text(row.time())
                                    + ". Unless another program placed that, the journal lost records and it is this"
                                    + " order: check at the broker, and do not place it again before. It is followed and"
                                    + " can be cancelled as external order "
                                    + OrderId.forAdopted(
                                            placedAt(day.day(), row),
                                            day.account(),
                                            day.day().date(),
                                            row.odno())));
        }
    }

    private boolean placedWhileWaiting(Order order, BrokerOrder row) {
        TradingDay day = order.day();
        int ahead = brokerClockAhead.orElse(0);
        int placed = secondWithin(day, secondOfDay(row.time()));
        return placed >= secondWithin(day, secondOfDay(order.createdAt())) + ahead - CLOCK_SLACK_SECONDS
                && (!order.status().isTerminal()
                        || placed <= secondWithin(day, secondOfDay(order.updatedAt())) + ahead + CLOCK_SLACK_SECONDS);
    }

    private Instant placedAt(TradingDay day, BrokerOrder row) {
        return hours.startOf(day).plusSeconds(secondWithin(day, secondOfDay(row.time())));
    }

    /** The seconds from the begin of the day, which may last beyond Seoul's midnight, to a second of Seoul's clock. */
    private int secondWithin(TradingDay day, int secondOfDay) {
        return Math.floorMod(secondOfDay - secondOfDay(hours.startOf(day)), DAY_SECONDS);
    }

    /** Whether a request in flight or in doubt may have made the row: then it is not yet external. */
    private boolean mayBeOwnRequest(AccountDay day, BrokerOrder row) {
        for (OrderId id : inFlight.owners()) {
            if (matchesOrder(day, registry.get(id), row)) {
                return true;
            }
        }
        return registry.closedInDoubt().stream()
                .anyMatch(order -> matchesOrder(day, order, row) && hasLoanOf(order.terms(), row));
    }

    private static boolean matchesOrder(AccountDay day, Order order, BrokerOrder row) {
        return order.accountDay().equals(day)
                && matchesTerms(order.terms(), row)
                && !order.placing().excludedOdnos().contains(row.odno());
    }

    // ---- the broker's clock ----

    /** Once the offset is set, only orders compared anyway refine it: the others did so by their answers or an earlier list. */
    private void learnClock(AccountDay day, DailyOrdersSnapshot rows, List<Order> compared) {
        Stream<Order> samples = brokerClockAhead.isPresent()
                ? compared.stream()
                : rows.dailyOrders().orders().stream()
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

    /** Seconds from the own time to the broker's, the shorter way around midnight. */
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
