package kr.kisgateway.gateway.order;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.market.TradingCalendar;

/**
 * What the broker's execution notices change. A notice may be lost, late, twice, or faster than the answer that brings its
 * number: what cannot be told from it alone is left to the broker's list, and what is nobody's is held until it is.
 */
final class NoticeProcessor {
    private final TradingCalendar calendar;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final InFlightFingerprints fingerprints;
    private final DailyOrdersSchedule schedule;
    private final Reconciler reconciler;
    private final UnmatchedNotices unmatchedNotices;

    /** @param reconciler knows whether what is said under a number of an order can be about it */
    NoticeProcessor(
            TradingCalendar calendar,
            OrderRegistry registry,
            DecisionContext context,
            InFlightFingerprints fingerprints,
            DailyOrdersSchedule schedule,
            Reconciler reconciler,
            UnmatchedNotices unmatchedNotices) {
        this.calendar = calendar;
        this.registry = registry;
        this.context = context;
        this.fingerprints = fingerprints;
        this.schedule = schedule;
        this.reconciler = reconciler;
        this.unmatchedNotices = unmatchedNotices;
    }

    /** One notice came. */
    void process(Notice notice) {
        LocalDate day = calendar.tradingDay(context.now());
        Optional<Order> found = registry.findByBrokerNumber(day, notice.odno())
                .or(() -> notice.original() == 0
                        ? Optional.empty()
                        : registry.findByBrokerNumber(day, notice.original()));
        if (found.isEmpty()) {
            buffer(notice, day);
            return;
        }
        Order order = found.get();
        if (!reconciler.belongsTo(order, notice.odno(), notice.symbol(), notice.side())) {
            return;
        }
        switch (notice.kind()) {
            case RECEIVED, OTHER -> {
                // says nothing that the answer does not say
            }
            case FILLED -> {
                if (order.brokerRef(notice.odno()).isPresent()) {
                    applyFill(order, notice);
                } else {
                    // A modification was filled before its answer came. Counted under the number it replaces, the same
                    // shares would count again under the new one.
                    buffer(notice, day);
                    schedule.requestSoon(day, context.now());
                }
            }
            case CANCEL_CONFIRMED -> applyCancelConfirmed(order, notice);
            case REST_CANCELED -> applyRestCanceled(order, notice);
            case MODIFY_CONFIRMED -> applyModifyConfirmed(order, notice);
            case REJECTED -> applyExchangeRejection(order, notice);
        }
    }

    /** A number that was just learned may be what held notices speak of; taking one may teach the next. */
    void processMatched() {
        Optional<List<Notice>> matching = unmatchedNotices.takeLearned();
        while (matching.isPresent()) {
            matching.get().forEach(this::process);
            matching = unmatchedNotices.takeLearned();
        }
    }

    /** A list was compared: of an order that we know, and that no answer is awaited for, it has told what they say. */
    void dropListedNotices() {
        LocalDate day = calendar.tradingDay(context.now());
        unmatchedNotices.dropIf(notice -> registry.findByBrokerNumber(day, notice.odno())
                .or(() -> registry.findByBrokerNumber(day, notice.original()))
                .filter(order -> order.requests().stream().noneMatch(r -> r.state() == BrokerRequest.State.SENDING))
                .isPresent());
    }

    private void applyFill(Order order, Notice notice) {
        long number = notice.odno();
        BrokerOrderRef ref = order.brokerRef(number).orElseThrow();
        if (ref.notices()
                .contains(new BrokerOrderRef.NoticedFill(notice.qty(), notice.qty() * notice.price(), notice.time()))) {
            // Either the same notice twice, or two equal fills in one second: only the list can tell.
            // Which of the list's shares it might be cannot be known either, so it never counts by itself.
            schedule.requestNow(order.tradingDay(), context.now());
            return;
        }
        long noticedTotal = ref.noticedQty() + notice.qty();
        if (order.filled() - ref.filled() + noticedTotal > order.terms().qty()) {
            context.alert(
                    Level.P1,
                    AlertEvent.OVERFILL,
                    order.id(),
                    "notices under " + number + " add up to " + noticedTotal + " shares and the order is for "
                            + order.terms().qty() + "; the surplus is not counted");
            schedule.requestNow(order.tradingDay(), context.now());
            return;
        }
        long value = notice.qty() * notice.price();
        // The list may have counted some of these shares, and perhaps other ones than this notice speaks of. Once the
        // notices have caught up with it, their sum is exact, whichever share was counted first.
        long counted = Math.max(0, noticedTotal - ref.filled());
        long countedValue = counted > 0 ? ref.noticedValue() + value - ref.value() : 0;
        var filled = new Fill(order.nextExecId(), number, counted, countedValue, notice.time(), Fill.Source.NOTICE);
        context.record(new OrderEvent.Filled(order.id(), notice.qty(), value, filled));
        if (counted > 0) {
            context.addEffect(new OrderEffect.FillExecuted(registry.get(order.id()), filled));
        }
        if (counted < notice.qty()) {
            // Either the list had these shares already, or an earlier notice was lost and these are new: it will tell.
            schedule.requestSoon(order.tradingDay(), context.now());
        }
    }

    private void applyCancelConfirmed(Order order, Notice notice) {
        boolean settledBefore = order.requests().stream()
                .anyMatch(r -> r.state() == BrokerRequest.State.DONE && r.odno().orElse(0) == notice.odno());
        if (order.status().isTerminal() || settledBefore) {
            return;
        }
        Optional<BrokerRequest> matching = order.requests().stream()
                .filter(r -> r.kind() == BrokerRequest.Kind.CANCEL && r.odno().orElse(0) == notice.odno())
                .filter(BrokerRequest::isOpen)
                .findFirst();
        if (matching.isPresent() && matching.get().isPartialCancel()) {
            context.record(new OrderEvent.Reduced(
                    order.id(),
                    matching.get().no(),
                    order.liveRef().orElseThrow().odno(),
                    notice.qty()));
        } else if (matching.isPresent()) {
            recordCanceled(order, notice.qty());
        } else if (order.requests().stream().anyMatch(r -> r.state() == BrokerRequest.State.SENDING)) {
            buffer(notice, order.tradingDay()); // the answer, with its number, is on its way
        } else {
            // Somebody else took shares back, or it is told twice, or it is what a lost answer did: the list knows.
            schedule.requestNow(order.tradingDay(), context.now());
        }
    }

    private void applyRestCanceled(Order order, Notice notice) {
        if (!order.status().isTerminal()) {
            recordCanceled(order, notice.qty());
        }
    }

    private void recordCanceled(Order order, long qty) {
        context.record(new OrderEvent.Canceled(order.id(), qty, "canceled"));
        if (registry.get(order.id()).isMissingFills()) {
            schedule.requestSoon(order.tradingDay(), context.now()); // the notice of a fill is late or lost
        }
    }

    /** The exchange confirms a modification; one whose answer is missing is thereby known. */
    private void applyModifyConfirmed(Order order, Notice notice) {
        if (order.status().isTerminal() || order.brokerRef(notice.odno()).isPresent()) {
            return;
        }
        Optional<BrokerRequest> inDoubt = order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(r -> r.price().orElse(0) == notice.price());
        if (inDoubt.isPresent()) {
            context.record(new OrderEvent.BrokerAccepted(
                    order.id(),
                    inDoubt.get().no(),
                    notice.orgNo(),
                    notice.odno(),
                    "%06d".formatted(notice.time()),
                    MatchedBy.INFERENCE));
        } else {
            schedule.requestSoon(
                    order.tradingDay(), context.now()); // its answer is on its way, or it was modified elsewhere
        }
    }

    private void applyExchangeRejection(Order order, Notice notice) {
        if (order.status().isTerminal()) {
            return;
        }
        if (notice.original() != 0) {
            order.requests().stream()
                    .filter(r -> r.no() > 1 && r.state() != BrokerRequest.State.REFUSED)
                    .filter(r -> r.odno().isPresent() ? r.odno().getAsLong() == notice.odno() : r.isInFlight())
                    .findFirst()
                    .ifPresentOrElse(
                            r -> context.record(new OrderEvent.BrokerRefused(
                                    order.id(), r.no(), "EXCHANGE", "the exchange refused it")),
                            () -> schedule.requestNow(order.tradingDay(), context.now()));
            return;
        }
        if (order.filled() > 0) {
            context.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            context.record(new OrderEvent.Rejected(
                    order.id(), "EXCHANGE", "the exchange refused the order after KIS had taken it"));
        }
    }

    /** A notice may overtake the answer to its own order, or belong to somebody else's. */
    private void buffer(Notice notice, LocalDate day) {
        boolean mayHaveDroppedOwn = unmatchedNotices.add(notice) && !fingerprints.isEmpty();
        if (mayHaveDroppedOwn || registry.unknown() > 0) {
            schedule.requestNow(day, context.now());
        }
    }
}
