package kr.kisgateway.gateway.order;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;

/**
 * Applies the broker's execution notices. A notice may be lost, late, repeated, or faster than the answer with its number:
 * what it cannot settle alone is left to the broker's list, and a notice without an order is buffered until it has one.
 */
final class NoticeProcessor {
    private final OrderHours hours;
    private final OrderRegistry registry;
    private final DecisionContext context;
    private final InFlightFingerprints fingerprints;
    private final DailyOrdersSchedule schedule;
    private final Reconciler reconciler;
    private final UnmatchedNotices unmatchedNotices;

    /** @param reconciler verifies that a report under a number of an order can concern it */
    NoticeProcessor(
            OrderHours hours,
            OrderRegistry registry,
            DecisionContext context,
            InFlightFingerprints fingerprints,
            DailyOrdersSchedule schedule,
            Reconciler reconciler,
            UnmatchedNotices unmatchedNotices) {
        this.hours = hours;
        this.registry = registry;
        this.context = context;
        this.fingerprints = fingerprints;
        this.schedule = schedule;
        this.reconciler = reconciler;
        this.unmatchedNotices = unmatchedNotices;
    }

    /** Applies one notice. */
    void process(Notice received) {
        Notice notice = withDatedNumbers(received);
        AccountDay day = dayOf(notice);
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
                // adds nothing to the answer
            }
            case FILLED -> {
                if (order.brokerRef(notice.odno()).isPresent()) {
                    applyFill(order, notice);
                } else {
                    // A modification was filled before its answer arrived. Counted under the number it replaces, the
                    // same shares would count again under the new one.
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

    /** A notice has no date, so its number may be one of the date before, where a trading day has two. */
    private Notice withDatedNumbers(Notice notice) {
        return notice.withNumbers(
                dated(notice, notice.odno()), notice.original() == 0 ? 0 : dated(notice, notice.original()));
    }

    /** The number of the date before where only that belongs to an order of this symbol and side. */
    private long dated(Notice notice, long number) {
        long before = BrokerNumbers.dayBefore(number);
        return before == number || isNumberOf(notice, number) || !isNumberOf(notice, before) ? number : before;
    }

    private boolean isNumberOf(Notice notice, long number) {
        return registry.findByBrokerNumber(dayOf(notice), number)
                .filter(order -> order.terms().symbol().equals(notice.symbol())
                        && order.terms().side() == notice.side())
                .isPresent();
    }

    private AccountDay dayOf(Notice notice) {
        return new AccountDay(notice.account(), hours.today(notice.symbol(), context.now()));
    }

    /** Applies buffered notices whose number was just learned; one of them may bring the next number. */
    void processMatched() {
        Optional<List<Notice>> matching = unmatchedNotices.takeLearned();
        while (matching.isPresent()) {
            matching.get().forEach(this::process);
            matching = unmatchedNotices.takeLearned();
        }
    }

    /** Drops, after a list of {@code day} was compared, notices of recorded orders without a pending answer: it has what they report. */
    void dropListedNotices(AccountDay day) {
        unmatchedNotices.dropIf(notice -> day.equals(dayOf(notice))
                && registry.findByBrokerNumber(day, notice.odno())
                        .or(() -> registry.findByBrokerNumber(day, notice.original()))
                        .filter(order ->
                                order.requests().stream().noneMatch(r -> r.state() == BrokerRequest.State.SENDING))
                        .isPresent());
    }

    private void applyFill(Order order, Notice notice) {
        long number = notice.odno();
        BrokerOrderRef ref = order.brokerRef(number).orElseThrow();
        if (ref.notices()
                .contains(new BrokerOrderRef.NoticedFill(notice.qty(), notice.qty() * notice.price(), notice.time()))) {
            // Either the same notice twice, or two equal fills in one second: only the list can distinguish them.
            // Which of the list's shares it concerns is unknown as well, so it never counts by itself.
            schedule.requestNow(order.accountDay(), context.now());
            return;
        }
        long noticedTotal = ref.noticedQty() + notice.qty();
        if (order.filled() - ref.filled() + noticedTotal > order.terms().qty()) {
            context.alert(
                    Level.P1,
                    AlertEvent.OVERFILL,
                    order.id(),
                    "notices under " + BrokerNumbers.plain(number) + " add up to " + noticedTotal
                            + " shares and the order is for " + order.terms().qty() + "; the surplus is not counted");
            schedule.requestNow(order.accountDay(), context.now());
            return;
        }
        long value = notice.qty() * notice.price();
        // The list may have counted some of these shares, and perhaps others than those of this notice. Once the
        // notices have caught up with it, their sum is exact, whichever share was counted first.
        long counted = Math.max(0, noticedTotal - ref.filled());
        long countedValue = counted > 0 ? ref.noticedValue() + value - ref.value() : 0;
        var filled = new Fill(
                order.nextExecId(),
                number,
                counted,
                countedValue,
                notice.time(),
                Fill.Source.NOTICE,
                notice.tradedAt());
        context.record(new OrderEvent.Filled(order.id(), notice.qty(), value, filled));
        if (counted > 0) {
            context.addEffect(new OrderEffect.FillExecuted(registry.get(order.id()), filled));
        }
        if (counted < notice.qty()) {
            // The list had these shares already, or they are new and an earlier notice was lost: the list decides.
            schedule.requestSoon(order.accountDay(), context.now());
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
            buffer(notice, order.accountDay()); // the answer with its number is pending
        } else {
            // Shares were removed elsewhere, the notice is repeated, or a lost answer is the cause: the list decides.
            schedule.requestNow(order.accountDay(), context.now());
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
            schedule.requestSoon(order.accountDay(), context.now()); // the notice of a fill is late or lost
        }
    }

    /** The exchange confirms a modification; one whose answer is missing is settled by it. */
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
                    order.accountDay(), context.now()); // its answer is pending, or it was modified elsewhere
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
                            () -> schedule.requestNow(order.accountDay(), context.now()));
            return;
        }
        if (order.filled() > 0) {
            context.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            context.record(new OrderEvent.Rejected(
                    order.id(), "EXCHANGE", "the exchange refused the order after KIS had accepted it"));
        }
    }

    /** Buffers a notice that arrived before the answer to its own order, or belongs to an external one. */
    private void buffer(Notice notice, AccountDay day) {
        boolean mayHaveDroppedOwn = unmatchedNotices.add(notice) && !fingerprints.isEmpty();
        if (mayHaveDroppedOwn || registry.unknown() > 0) {
            schedule.requestNow(day, context.now());
        }
    }
}
