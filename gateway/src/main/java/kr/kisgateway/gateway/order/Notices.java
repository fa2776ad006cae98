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
final class Notices {
    private final TradingCalendar calendar;
    private final DayBook book;
    private final Turn turn;
    private final Fingerprints prints;
    private final ListAsking lists;
    private final Reconciler reconciler;
    private final HeldNotices held;

    /** @param reconciler knows whether what is said under a number of an order can be about it */
    Notices(
            TradingCalendar calendar,
            DayBook book,
            Turn turn,
            Fingerprints prints,
            ListAsking lists,
            Reconciler reconciler,
            HeldNotices held) {
        this.calendar = calendar;
        this.book = book;
        this.turn = turn;
        this.prints = prints;
        this.lists = lists;
        this.reconciler = reconciler;
        this.held = held;
    }

    /** One notice came. */
    void take(Notice notice) {
        LocalDate day = calendar.tradingDay(turn.now());
        Optional<Order> found = book.numbered(day, notice.odno())
                .or(() -> notice.original() == 0 ? Optional.empty() : book.numbered(day, notice.original()));
        if (found.isEmpty()) {
            hold(notice, day);
            return;
        }
        Order order = found.get();
        if (!reconciler.isOf(order, notice.odno(), notice.symbol(), notice.side())) {
            return;
        }
        switch (notice.kind()) {
            case RECEIVED, OTHER -> {
                // says nothing that the answer does not say
            }
            case FILLED -> {
                if (order.leg(notice.odno()).isPresent()) {
                    filledByNotice(order, notice);
                } else {
                    // A modification was filled before its answer came. Counted under the number it replaces, the same
                    // shares would count again under the new one.
                    hold(notice, day);
                    lists.wantSoon(day, turn.now());
                }
            }
            case CANCEL_CONFIRMED -> cancelConfirmed(order, notice);
            case REST_CANCELED -> restCanceled(order, notice);
            case MODIFY_CONFIRMED -> modifyConfirmed(order, notice);
            case REJECTED -> rejectedByExchange(order, notice);
        }
    }

    /** A number that was just learned may be what held notices speak of; taking one may teach the next. */
    void takeHeld() {
        Optional<List<Notice>> ours = held.takeLearned();
        while (ours.isPresent()) {
            ours.get().forEach(this::take);
            ours = held.takeLearned();
        }
    }

    /** A list was compared: of an order that we know, and that no answer is awaited for, it has told what they say. */
    void dropWhatTheListTold() {
        LocalDate day = calendar.tradingDay(turn.now());
        held.dropIf(notice -> book.numbered(day, notice.odno())
                .or(() -> book.numbered(day, notice.original()))
                .filter(order -> order.requests().stream().noneMatch(r -> r.state() == BrokerRequest.State.SENDING))
                .isPresent());
    }

    private void filledByNotice(Order order, Notice notice) {
        long number = notice.odno();
        Leg leg = order.leg(number).orElseThrow();
        if (leg.notices().contains(new Leg.Told(notice.qty(), notice.qty() * notice.price(), notice.time()))) {
            // Either the same notice twice, or two equal fills in one second: only the list can tell.
            // Which of the list's shares it might be cannot be known either, so it never counts by itself.
            lists.want(order.tradingDay(), turn.now());
            return;
        }
        long spoken = leg.noticed() + notice.qty();
        if (order.filled() - leg.filled() + spoken > order.terms().qty()) {
            turn.alert(
                    Level.P1,
                    AlertEvent.OVERFILL,
                    order.id(),
                    "notices under " + number + " add up to " + spoken + " shares and the order is for "
                            + order.terms().qty() + "; the surplus is not counted");
            lists.want(order.tradingDay(), turn.now());
            return;
        }
        long value = notice.qty() * notice.price();
        // The list may have counted some of these shares, and perhaps other ones than this notice speaks of. Once the
        // notices have caught up with it, their sum is exact, whichever share was counted first.
        long counted = Math.max(0, spoken - leg.filled());
        long countedValue = counted > 0 ? leg.noticedValue() + value - leg.value() : 0;
        var filled = new Fill(order.nextExecId(), number, counted, countedValue, notice.time(), Fill.Source.NOTICE);
        turn.record(new OrderEvent.Filled(order.id(), notice.qty(), value, filled));
        if (counted > 0) {
            turn.add(new OrderEffect.Executed(book.get(order.id()), filled));
        }
        if (counted < notice.qty()) {
            // Either the list had these shares already, or an earlier notice was lost and these are new: it will tell.
            lists.wantSoon(order.tradingDay(), turn.now());
        }
    }

    private void cancelConfirmed(Order order, Notice notice) {
        boolean settledBefore = order.requests().stream()
                .anyMatch(r -> r.state() == BrokerRequest.State.DONE && r.odno().orElse(0) == notice.odno());
        if (order.status().terminal() || settledBefore) {
            return;
        }
        Optional<BrokerRequest> ours = order.requests().stream()
                .filter(r -> r.kind() == BrokerRequest.Kind.CANCEL && r.odno().orElse(0) == notice.odno())
                .filter(BrokerRequest::open)
                .findFirst();
        if (ours.isPresent() && ours.get().partial()) {
            turn.record(new OrderEvent.Reduced(
                    order.id(), ours.get().no(), order.liveLeg().orElseThrow().odno(), notice.qty()));
        } else if (ours.isPresent()) {
            canceled(order, notice.qty());
        } else if (order.requests().stream().anyMatch(r -> r.state() == BrokerRequest.State.SENDING)) {
            hold(notice, order.tradingDay()); // the answer, with its number, is on its way
        } else {
            // Somebody else took shares back, or it is told twice, or it is what a lost answer did: the list knows.
            lists.want(order.tradingDay(), turn.now());
        }
    }

    private void restCanceled(Order order, Notice notice) {
        if (!order.status().terminal()) {
            canceled(order, notice.qty());
        }
    }

    private void canceled(Order order, long qty) {
        turn.record(new OrderEvent.Canceled(order.id(), qty, "canceled"));
        if (book.get(order.id()).shortOfFills()) {
            lists.wantSoon(order.tradingDay(), turn.now()); // the notice of a fill is late or lost
        }
    }

    /** The exchange confirms a modification; one whose answer is missing is thereby known. */
    private void modifyConfirmed(Order order, Notice notice) {
        if (order.status().terminal() || order.leg(notice.odno()).isPresent()) {
            return;
        }
        Optional<BrokerRequest> inDoubt = order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(r -> r.price().orElse(0) == notice.price());
        if (inDoubt.isPresent()) {
            turn.record(new OrderEvent.BrokerAccepted(
                    order.id(),
                    inDoubt.get().no(),
                    notice.orgNo(),
                    notice.odno(),
                    "%06d".formatted(notice.time()),
                    MatchedBy.INFERENCE));
        } else {
            lists.wantSoon(order.tradingDay(), turn.now()); // its answer is on its way, or it was modified elsewhere
        }
    }

    private void rejectedByExchange(Order order, Notice notice) {
        if (order.status().terminal()) {
            return;
        }
        if (notice.original() != 0) {
            order.requests().stream()
                    .filter(r -> r.no() > 1 && r.state() != BrokerRequest.State.REFUSED)
                    .filter(r -> r.odno().isPresent() ? r.odno().getAsLong() == notice.odno() : r.onItsWay())
                    .findFirst()
                    .ifPresentOrElse(
                            r -> turn.record(new OrderEvent.BrokerRefused(
                                    order.id(), r.no(), "EXCHANGE", "the exchange refused it")),
                            () -> lists.want(order.tradingDay(), turn.now()));
            return;
        }
        if (order.filled() > 0) {
            turn.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            turn.record(new OrderEvent.Rejected(
                    order.id(), "EXCHANGE", "the exchange refused the order after KIS had taken it"));
        }
    }

    /** A notice may overtake the answer to its own order, or belong to somebody else's. */
    private void hold(Notice notice, LocalDate day) {
        boolean oursMayBeAmongThem = held.hold(notice) && !prints.none();
        if (oursMayBeAmongThem || book.unknown() > 0) {
            lists.want(day, turn.now());
        }
    }
}
