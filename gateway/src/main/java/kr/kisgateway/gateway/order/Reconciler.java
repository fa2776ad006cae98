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
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Listing.Complete;
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
    private static final int SEOUL_AHEAD = 9 * 3_600;

    private static final int NUMBERS_TOLD = 10;

    private final String account;
    private final TradingCalendar calendar;
    private final DayBook book;
    private final Turn turn;
    private final Fingerprints onTheirWay;
    private final Supplier<Collection<Notice>> unclaimed;

    /** What a request in doubt could be, as the last list had it. */
    private final Map<OrderId, List<Listed>> candidates = new HashMap<>();

    /** Requests in doubt that a list was read after, late enough to show their effect. */
    private final Set<SendQueue.Item> lookedUp = new HashSet<>();

    /** What was told of an order and is so with every further list. */
    private final Set<Told> told = new HashSet<>();

    private record Told(OrderId order, String message) {}

    /** Seconds that the broker's clock is ahead of ours, as its own times of our orders showed. */
    private OptionalInt brokerAhead = OptionalInt.empty();

    /** @param unclaimed notices whose numbers are nobody's yet */
    Reconciler(
            String account,
            TradingCalendar calendar,
            DayBook book,
            Turn turn,
            Fingerprints onTheirWay,
            Supplier<Collection<Notice>> unclaimed) {
        this.account = account;
        this.calendar = calendar;
        this.book = book;
        this.turn = turn;
        this.onTheirWay = onTheirWay;
        this.unclaimed = unclaimed;
    }

    /** What one list changed. */
    record Outcome(long mismatched, long adopted, List<Correction> corrections) {}

    /** Applies the broker's list of {@code day}. */
    Outcome apply(LocalDate day, ListReading rows) {
        List<Listed> strangers = rows.unsettled().stream()
                .filter(row -> book.numbered(day, row.odno()).isEmpty())
                .toList();
        List<Order> rest = toCompare(day, rows);
        learnClock(day, rows, rest);
        List<Correction> corrections = new ArrayList<>();
        long mismatched = 0;
        for (Order order : rest) {
            boolean settled = compare(order, rows, strangers, corrections);
            mismatched += settled ? 0 : 1;
        }
        reopenWhatTurnedUp(day, rows, strangers, corrections);
        reopenWhatWasReplaced(day, rows, strangers, corrections);
        long adopted = adoptOutsiders(day, rows, strangers);
        return new Outcome(mismatched + corrections.size(), adopted, List.copyOf(corrections));
    }

    /** Orders that the list may tell something of, oldest first: by the reading, and those that changed since it was asked for. */
    private List<Order> toCompare(LocalDate day, ListReading rows) {
        Set<OrderId> perhaps = new LinkedHashSet<>(rows.toCompare());
        perhaps.addAll(book.changedSinceAsking());
        perhaps.addAll(book.endedUnsettled());
        return perhaps.stream()
                .flatMap(id -> book.order(id).stream())
                .filter(order -> order.tradingDay().equals(day) && book.unsettled(order))
                .filter(order -> !rows.nothingToFind(order))
                .sorted(Comparator.comparing(Order::createdAt)
                        .thenComparing(order -> order.id().text()))
                .toList();
    }

    /** Tells of shares that are counted here and that the list of {@code day}, which can change no more, does not have. */
    void compareClosed(LocalDate day, ListReading rows) {
        for (Order order : book.of(day)) {
            for (Leg leg : order.legs()) {
                long there = rowOf(order, leg.odno(), rows).map(Listed::filled).orElse(0L);
                if (leg.filled() > there) {
                    tellOnce(
                            AlertEvent.LIST_CONTRADICTS,
                            order.id(),
                            leg.filled() + " shares are counted under " + leg.odno() + " and the broker's list of "
                                    + day + " has " + there + " at its end; nothing was changed");
                }
            }
            if (order.shortOfFills()) {
                tellOnce(
                        AlertEvent.LIST_CONTRADICTS,
                        order.id(),
                        "of " + order.terms().qty() + " shares " + order.filled() + " were filled and "
                                + order.canceled() + " cancelled, and the broker's list of " + day
                                + " tells no more at its end; nothing was changed");
            }
        }
    }

    /** What a request in doubt could be. */
    List<Listed> candidates(OrderId order) {
        return candidates.getOrDefault(order, List.of());
    }

    /** The numbers of what each request in doubt could be. */
    Map<OrderId, List<Long>> candidates() {
        Map<OrderId, List<Long>> numbers = new HashMap<>();
        candidates.forEach((order, rows) ->
                numbers.put(order, rows.stream().map(Listed::odno).sorted().toList()));
        return numbers;
    }

    /** Orders with a request in doubt that a list was read after. */
    Set<OrderId> lookedUp() {
        Set<OrderId> orders = new LinkedHashSet<>();
        lookedUp.forEach(item -> orders.add(item.order()));
        return orders;
    }

    /** Whether a list was read after the request was sent, late enough to show what it did. */
    boolean lookedUp(OrderId order, int request) {
        return lookedUp.contains(new SendQueue.Item(order, request));
    }

    /** The broker's time of an order that we sent at {@code sentAt}. */
    void learnClock(Instant sentAt, int hhmmss) {
        brokerAhead = OptionalInt.of(ahead(sentAt, hhmmss));
    }

    void forgetEnded() {
        candidates
                .keySet()
                .removeIf(id -> book.order(id)
                        .filter(o -> o.status() == OrderStatus.UNKNOWN || o.closedInDoubt())
                        .isEmpty());
        told.removeIf(t -> book.order(t.order()).isEmpty());
        lookedUp.removeIf(item -> book.order(item.order())
                .filter(o -> o.request(item.request()).onItsWay())
                .isEmpty());
    }

    // ---- one order ----

    /** Whether everything about the order is known afterwards. */
    private boolean compare(Order order, ListReading rows, List<Listed> strangers, List<Correction> corrections) {
        OrderStatus before = order.status();
        long filledBefore = order.filled();
        if (order.placing().state() == BrokerRequest.State.IN_DOUBT) {
            match(order, rows.listing(), strangers);
        }
        countSurplus(order.id(), rows);
        reopenWhatStillRests(order.id(), rows);
        followChain(order.id(), rows);
        learnLaterRefusals(order.id(), rows);
        Order known = book.get(order.id());
        if (known.placing().state() == BrokerRequest.State.ACKED
                && !known.status().terminal()) {
            state(known, rows);
        }
        Order after = book.get(order.id());
        if (after.status() != before || after.filled() != filledBefore) {
            String broker = after.liveLeg()
                    .flatMap(leg -> rowOf(after, leg.odno(), rows))
                    .map(Reconciler::inWords)
                    .orElse("not listed");
            turn.record(
                    new OrderEvent.Corrected(order.id(), before, broker, after.status(), filledBefore, after.filled()));
            corrections.add(new Correction(order.id(), before, broker, after.status(), turn.now()));
        }
        return after.status() != OrderStatus.UNKNOWN;
    }

    private static String inWords(Listed row) {
        return "filled " + row.filled() + ", open " + row.remaining() + ", canceled " + row.canceled()
                + (row.rejected() > 0 ? ", rejected" : "");
    }

    private void match(Order order, Complete listing, List<Listed> strangers) {
        BrokerRequest placing = order.placing();
        List<Listed> equal = equalsOf(order, strangers);
        List<Listed> found = inTime(order, equal);
        candidates.put(order.id(), equal);
        if (found.size() == 1) {
            Listed row = found.getFirst();
            turn.record(new OrderEvent.BrokerAccepted(
                    order.id(), placing.no(), row.orgNo(), row.odno(), text(row.time()), MatchedBy.INFERENCE));
            return;
        }
        if (equal.isEmpty() && wholeAfter(order, listing)) {
            turn.record(new OrderEvent.Rejected(
                    order.id(),
                    "NOT_FOUND_AT_BROKER",
                    "the session has ended and the broker's whole list does not have it"));
            turn.alert(
                    Level.P2,
                    AlertEvent.ORDER_NOT_FOUND,
                    order.id(),
                    "closed after the session's end, never seen there");
            return;
        }
        String reason = equal.isEmpty()
                ? "the broker does not list it (yet); absence proves nothing, so it stays UNKNOWN"
                : equal.size() + " orders at the broker could be it (" + numbers(equal)
                        + (found.isEmpty() ? "; by the broker's clock they are older, or a clock is wrong" : "")
                        + "), so it stays UNKNOWN: look there, then decide with ./kis orders resolve " + order.id();
        if (!order.reason().equals(Optional.of(reason))) {
            turn.record(new OrderEvent.Unresolved(order.id(), placing.no(), equal.size(), reason));
            turn.alert(equal.isEmpty() ? Level.P2 : Level.P1, AlertEvent.ORDER_UNRESOLVED, order.id(), reason);
        }
    }

    /** The first ones, as the API writes them: who decides looks for them in the HTS. */
    private static String numbers(List<Listed> found) {
        String first = found.stream()
                .map(Listed::odno)
                .sorted()
                .limit(NUMBERS_TOLD)
                .map("%010d"::formatted)
                .collect(Collectors.joining(", "));
        return found.size() > NUMBERS_TOLD ? first + ", …" : first;
    }

    private List<Listed> candidatesFor(Order order, List<Listed> strangers) {
        return inTime(order, equalsOf(order, strangers));
    }

    /** Those that the broker took no earlier than we sent, as far as the clocks can be believed. */
    private List<Listed> inTime(Order order, List<Listed> equal) {
        Instant sentAt = order.placing().sentAt().orElse(order.createdAt());
        int earliest = secondOfDay(sentAt) + brokerAhead.orElse(0) - CLOCK_SLACK_SECONDS;
        return equal.stream().filter(row -> secondOfDay(row.time()) >= earliest).toList();
    }

    /** What has everything that we sent and is nobody's. */
    private List<Listed> equalsOf(Order order, List<Listed> strangers) {
        BrokerRequest placing = order.placing();
        Map<Long, Listed> found = new LinkedHashMap<>();
        for (Listed row : strangers) {
            if (row.kind() == Listed.Kind.ORDER && alike(order.terms(), row)) {
                found.put(row.odno(), row);
            }
        }
        for (Notice notice : unclaimed.get()) {
            Listed row = asRow(notice, order.terms());
            if (notice.kind() == Notice.Kind.RECEIVED && notice.original() == 0 && alike(order.terms(), row)) {
                found.putIfAbsent(row.odno(), row);
            }
        }
        found.values()
                .removeIf(row -> book.numbered(order.tradingDay(), row.odno()).isPresent()
                        || placing.odnosKnown().contains(row.odno()));
        return List.copyOf(found.values());
    }

    /** What the receipt of an order tells of it, in the form of the list. */
    private static Listed asRow(Notice notice, Terms terms) {
        boolean market = terms.type() == OrderType.MARKET; // a receipt of a market order carries no price
        return new Listed(
                Listed.Kind.ORDER,
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

    private static boolean alike(Terms terms, Listed row) {
        return row.symbol().equals(terms.symbol())
                && row.side() == terms.side()
                && row.qty() == terms.qty()
                && row.market() == (terms.type() == OrderType.MARKET)
                && (row.market() || row.price() == terms.price().orElse(0));
    }

    /** The exchange may refuse a change after the broker took it; without its notice only the change's own row says so. */
    private void learnLaterRefusals(OrderId id, ListReading rows) {
        for (BrokerRequest request : book.get(id).requests()) {
            boolean inForce = restsUnder(book.get(id), request);
            boolean refused = (request.open() || inForce)
                    && request.no() > 1
                    && request.state() == BrokerRequest.State.ACKED
                    && request.odno().isPresent()
                    && rowOf(book.get(id), request.odno().getAsLong(), rows)
                            .filter(row -> inForce ? refused(row) : row.rejected() > 0 && row.canceled() == 0)
                            .isPresent();
            if (refused) {
                turn.record(
                        new OrderEvent.BrokerRefused(id, request.no(), "EXCHANGE", "the broker lists it as refused"));
            }
        }
    }

    /** Whether the order is believed to rest under the number of this modification: refused, it rests as before. */
    private static boolean restsUnder(Order order, BrokerRequest request) {
        return request.kind() == BrokerRequest.Kind.MODIFY
                && !order.status().terminal()
                && order.liveLeg()
                        .filter(leg -> leg.odno() == request.odno().orElse(0))
                        .isPresent();
    }

    /** Follows the numbers that modifications gave the order, ours and those made elsewhere. */
    private void followChain(OrderId id, ListReading rows) {
        Optional<Listed> next = nextOfChain(id, rows);
        while (next.isPresent()) {
            Listed row = next.get();
            Order order = book.get(id);
            Optional<BrokerRequest> ours = order.openModification()
                    .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY)
                    .filter(BrokerRequest::onItsWay)
                    .filter(r -> r.price().orElse(0) == row.price());
            if (ours.filter(r -> r.state() == BrokerRequest.State.SENDING).isPresent()) {
                return; // its answer is on its way
            }
            if (ours.isPresent()) {
                turn.record(new OrderEvent.BrokerAccepted(
                        id, ours.get().no(), row.orgNo(), row.odno(), text(row.time()), MatchedBy.INFERENCE));
            } else if (rowOf(order, row.original(), rows)
                    .filter(o -> o.remaining() > 0)
                    .isPresent()) {
                tellOnce(
                        AlertEvent.PARTLY_MODIFIED_OUTSIDE,
                        id,
                        "some of it was given another price elsewhere as " + row.odno()
                                + "; the gateway follows only the rest");
                return;
            } else {
                record(order, row);
                turn.alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        id,
                        "it was modified elsewhere and is " + row.odno() + " now");
            }
            countSurplus(id, rows); // before the next number, whose rest is what these fills left
            next = nextOfChain(id, rows);
        }
    }

    private Optional<Listed> nextOfChain(OrderId id, ListReading rows) {
        Order order = book.get(id);
        return order.liveLeg()
                .flatMap(leg -> rows.modificationsOf(leg.odno()).stream()
                        .filter(row -> order.leg(row.odno()).isEmpty())
                        .filter(row -> isOf(order, row))
                        .findFirst());
    }

    private void countSurplus(OrderId id, ListReading rows) {
        for (Leg leg : book.get(id).legs()) {
            rowOf(book.get(id), leg.odno(), rows).ifPresent(row -> countSurplus(id, leg, row));
        }
    }

    /** A surplus of the broker's cumulative figures is a fill whose notice was lost. */
    private void countSurplus(OrderId id, Leg leg, Listed row) {
        long surplus = row.filled() - leg.filled();
        if (surplus <= 0) {
            return;
        }
        Order order = book.get(id);
        long value = row.value() - leg.value();
        if (value <= 0 || order.filled() + surplus > order.terms().qty()) {
            tellOnce(
                    AlertEvent.LIST_CONTRADICTS,
                    id,
                    "the broker's list shows " + row.filled() + " shares for " + row.value() + " won under "
                            + row.odno() + ", which cannot be; nothing was changed");
            return;
        }
        var fill = new Fill(order.nextExecId(), row.odno(), surplus, value, 0, Fill.Source.QUERY);
        turn.record(new OrderEvent.Filled(id, 0, 0, fill));
        turn.add(new OrderEffect.Executed(book.get(id), fill));
    }

    /** What the list says under a number of the order. */
    private Optional<Listed> rowOf(Order order, long odno, ListReading rows) {
        return rows.of(odno).filter(row -> isOf(order, row));
    }

    private boolean isOf(Order order, Listed row) {
        return isOf(order, row.odno(), row.symbol(), row.side());
    }

    /** Whether what is said under a number of the order can be about it: a number alone proves nothing. */
    boolean isOf(Order order, long odno, Symbol symbol, Side side) {
        if (order.terms().symbol().equals(symbol) && order.terms().side() == side) {
            return true;
        }
        tellOnce(
                AlertEvent.NUMBER_OF_ANOTHER,
                order.id(),
                "KIS says " + side + " " + symbol.code() + " under " + odno + ", which is "
                        + order.terms().side() + " " + order.terms().symbol().code() + " here; nothing was changed");
        return false;
    }

    /** The log of alerts is bounded: the same words with every list would drive out all others. */
    private void tellOnce(AlertEvent event, OrderId id, String message) {
        if (told.add(new Told(id, message))) {
            turn.alert(Level.P1, event, id, message);
        }
    }

    /** What the row of the order's live number says about its life. */
    private void state(Order order, ListReading rows) {
        Complete listing = rows.listing();
        Leg leg = order.liveLeg().orElseThrow();
        Optional<Listed> found = rowOf(order, leg.odno(), rows);
        boolean ended = sessionOver(order, listing);
        if (found.isEmpty()) {
            if (ended && wholeAfter(order, listing)) {
                turn.alert(
                        Level.P1,
                        AlertEvent.ORDER_NOT_LISTED,
                        order.id(),
                        "KIS took it and its list of the day lacks it");
                turn.record(new OrderEvent.Expired(order.id(), "SESSION_END"));
            }
            return;
        }
        Listed row = found.get();
        noteLookUps(order, listing);
        long newlyGone = ListReading.gone(order, leg, row);
        if (refused(row)) {
            refusedByExchange(order, leg, row, rows);
        } else if (newlyGone > 0 && (row.remaining() > 0 || takesSomeAway(order))) {
            tookAway(order, leg, row, newlyGone);
        } else if (row.remaining() == 0 && newlyGone > 0 && (ended || !maybeReplaced(order, listing))) {
            turn.record(new OrderEvent.Canceled(order.id(), newlyGone, "canceled"));
        } else if (ended) {
            turn.record(new OrderEvent.Expired(order.id(), "SESSION_END"));
        } else {
            repeatCancelWithoutEffect(order, row);
            giveUpWhatNeverArrived(order, row, rows);
            giveUpCancelsWithoutEffect(order, row, rows.listing());
        }
    }

    private boolean sessionOver(Order order, Complete listing) {
        return !listing.askedAt().isBefore(calendar.endOf(order.tradingDay()));
    }

    /** What a clock that was ahead ended with a session that is not over, and that the list has at rest, is open again. */
    private void reopenWhatStillRests(OrderId id, ListReading rows) {
        Order order = book.get(id);
        if (!order.endedWithTheSession() || sessionOver(order, rows.listing())) {
            return;
        }
        long odno = order.liveLeg().orElseThrow().odno();
        rowOf(order, odno, rows).filter(row -> row.remaining() > 0).ifPresent(row -> {
            turn.record(new OrderEvent.ModifiedOutside(
                    id, row.orgNo(), odno, order.terms().qty() - order.filled(), priceOf(row), text(row.time())));
            turn.alert(
                    Level.P1,
                    AlertEvent.ENDED_TOO_EARLY,
                    id,
                    "a clock that was ahead ended it with the session, and it rests at the broker; it is open again");
        });
    }

    /** What rested under its first number is gone; a modification that was refused leaves it where it rested before. */
    private void refusedByExchange(Order order, Leg leg, Listed row, ListReading rows) {
        Optional<Leg> before = order.leg(row.original())
                .filter(old -> order.legs().indexOf(old) < order.legs().indexOf(leg));
        if (before.isPresent()) {
            Leg old = before.get();
            rowOf(order, old.odno(), rows).ifPresent(resting -> {
                turn.record(new OrderEvent.ModifiedOutside(
                        order.id(),
                        old.orgNo(),
                        old.odno(),
                        order.terms().qty() - order.filled(),
                        priceOf(resting),
                        text(row.time())));
                turn.alert(
                        Level.P2,
                        AlertEvent.MODIFIED_OUTSIDE,
                        order.id(),
                        "the exchange refused what was modified elsewhere; it is " + old.odno() + " again");
                state(book.get(order.id()), rows);
            });
        } else if (order.filled() > 0) {
            turn.record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            turn.record(new OrderEvent.Rejected(order.id(), "EXCHANGE", "the broker lists it as rejected"));
        }
    }

    private static OptionalLong priceOf(Listed row) {
        return row.market() ? OptionalLong.empty() : OptionalLong.of(row.price());
    }

    /**
     * Whether the exchange refused all of it. Of a modification it refuses some when the order was filled in part before
     * it arrived: those shares rest nowhere, the others do.
     */
    private static boolean refused(Listed row) {
        return row.rejected() > 0 && row.rejected() == row.qty();
    }

    /** The order is smaller; where nothing rests any more, by no more than we asked for, and the rest is cancelled. */
    private void tookAway(Order order, Leg leg, Listed row, long gone) {
        Optional<BrokerRequest> partial = partialCancelAtBroker(order);
        long asked = row.remaining() > 0
                ? gone
                : partial.map(r -> Math.min(r.qty(), gone)).orElse(gone);
        int request = partial.map(BrokerRequest::no).orElse(0);
        turn.record(new OrderEvent.Reduced(order.id(), request, leg.odno(), asked));
        if (gone > asked) {
            turn.record(new OrderEvent.Canceled(order.id(), gone - asked, "canceled"));
        }
    }

    /** Whether a partial cancel of ours is what took the shares away. */
    private static boolean takesSomeAway(Order order) {
        return order.openCancel().isEmpty() && partialCancelAtBroker(order).isPresent();
    }

    private static Optional<BrokerRequest> partialCancelAtBroker(Order order) {
        return order.openModification()
                .filter(BrokerRequest::partial)
                .filter(r -> r.state() != BrokerRequest.State.PLANNED);
    }

    /**
     * While a modification is in doubt, an emptied original may have been replaced and not cancelled. After a minute the
     * number that replaced it would be listed; should it come even later, the order opens again.
     */
    private static boolean maybeReplaced(Order order, Complete listing) {
        return order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.onItsWay())
                .filter(r -> !shownBy(listing, r))
                .isPresent();
    }

    private void noteLookUps(Order order, Complete listing) {
        for (BrokerRequest request : order.requests()) {
            boolean shown = request.state() == BrokerRequest.State.IN_DOUBT
                    && request.sentAt()
                            .filter(at -> at.plus(ListAsking.LAG).isBefore(listing.askedAt()))
                            .isPresent();
            if (shown) {
                lookedUp.add(new SendQueue.Item(order.id(), request.no()));
            }
        }
    }

    /** A full cancel, and only that, may be repeated once the list shows that the order still rests. */
    private void repeatCancelWithoutEffect(Order order, Listed row) {
        Optional<BrokerRequest> cancel = order.openCancel()
                .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(_ -> row.remaining() > 0)
                .filter(r -> lookedUp(order.id(), r.no()));
        if (cancel.isEmpty()) {
            return;
        }
        int no = cancel.get().no();
        turn.record(
                new OrderEvent.SendNotTaken(order.id(), no, "NOT_EFFECTIVE", "the order still rests at the broker"));
        if (cancel.get().attempts() >= OrderCore.MAX_ATTEMPTS) {
            turn.record(new OrderEvent.BrokerRefused(
                    order.id(), no, "RETRY_EXHAUSTED", "the order still rests at the broker"));
            turn.alert(Level.P1, AlertEvent.CANCEL_FAILED, order.id(), "its cancel had no effect and was given up");
        }
    }

    /**
     * A modification in doubt that a list of a minute later shows no trace of did not reach KIS. It is not sent again, and
     * should it turn up all the same, it is followed like one made elsewhere.
     */
    private void giveUpWhatNeverArrived(Order order, Listed row, ListReading rows) {
        order.openModification()
                .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(r -> shownBy(rows.listing(), r))
                .filter(_ ->
                        row.remaining() > 0 && rows.modificationsOf(row.odno()).isEmpty())
                .ifPresent(r -> {
                    turn.record(new OrderEvent.BrokerRefused(
                            order.id(), r.no(), "NOT_FOUND_AT_BROKER", "a minute later the order rests as before"));
                    turn.alert(
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
    private void giveUpCancelsWithoutEffect(Order order, Listed row, Complete listing) {
        order.requests().stream()
                .filter(r -> r.kind() == BrokerRequest.Kind.CANCEL && r.state() == BrokerRequest.State.ACKED)
                .filter(r -> row.remaining() > 0 && shownBy(listing, r))
                .forEach(r -> {
                    turn.record(new OrderEvent.BrokerRefused(
                            order.id(),
                            r.no(),
                            "NOT_EFFECTIVE",
                            "KIS took it and a minute later the order still rests"));
                    turn.alert(
                            Level.P1,
                            AlertEvent.CANCEL_WITHOUT_EFFECT,
                            order.id(),
                            "KIS took its cancel and a minute later it still rests; look there and cancel it again");
                });
    }

    /** Whether the list was asked for so long after the send that it shows what the request did. */
    private static boolean shownBy(Complete listing, BrokerRequest request) {
        return request.sentAt()
                .filter(at -> !listing.askedAt().isBefore(at.plus(LIST_COMPLETE_AFTER)))
                .isPresent();
    }

    /** Whether the list was asked for so late that what it lacks does not exist. */
    private boolean wholeAfter(Order order, Complete listing) {
        Instant end = calendar.endOf(order.tradingDay());
        Instant sent = order.placing().sentAt().orElse(order.createdAt());
        Instant later = sent.isAfter(end) ? sent : end;
        return !listing.askedAt().isBefore(later.plus(LIST_COMPLETE_AFTER));
    }

    // ---- orders that are nobody's yet ----

    /** An order that was given up as not found is at the broker after all. */
    private void reopenWhatTurnedUp(
            LocalDate day, ListReading rows, List<Listed> strangers, List<Correction> corrections) {
        for (Order order : book.closedInDoubt()) {
            // While an equal order is on its way a new row is more likely that one's: its number comes with its answer.
            boolean mayBeIt = order.tradingDay().equals(day) && !onTheirWay.taken(order);
            List<Listed> found = mayBeIt ? candidatesFor(order, strangers) : List.of();
            if (found.size() > 1) {
                tellOnce(
                        AlertEvent.ORDER_UNRESOLVED,
                        order.id(),
                        "it was closed as not found, and " + found.size() + " orders at the broker could be it ("
                                + numbers(found) + "); look there, nothing here cancels or counts them");
            }
            if (found.size() != 1) {
                continue;
            }
            Listed row = found.getFirst();
            turn.record(new OrderEvent.LateAcceptance(order.id(), 1, row.orgNo(), row.odno(), text(row.time())));
            turn.alert(
                    Level.P1,
                    AlertEvent.LATE_ACCEPTANCE,
                    order.id(),
                    "it was closed as not found and is at the broker as " + row.odno() + "; it is open again");
            corrections.add(new Correction(
                    order.id(),
                    order.status(),
                    inWords(row),
                    book.get(order.id()).status(),
                    turn.now()));
            compare(book.get(order.id()), rows, strangers, corrections);
        }
    }

    /**
     * A replaced order looks like one that is cancelled, or smaller, as long as the row that replaces it is not listed. Once it is, the order
     * goes on under that number.
     */
    private void reopenWhatWasReplaced(
            LocalDate day, ListReading rows, List<Listed> strangers, List<Correction> corrections) {
        for (Listed row : strangers) {
            Optional<Order> order = row.kind() == Listed.Kind.MODIFY
                            && row.rejected() == 0
                            && book.numbered(day, row.odno()).isEmpty()
                    ? book.numbered(day, row.original())
                    : Optional.empty();
            boolean nothingLeft = rows.of(row.original())
                    .filter(original -> original.filled() >= original.qty())
                    .isPresent(); // the exchange will refuse this modification
            boolean replaced = !nothingLeft
                    && order.filter(o -> o.status().terminal())
                            .filter(o -> o.liveLeg()
                                    .filter(leg -> leg.odno() == row.original())
                                    .isPresent())
                            .filter(o -> isOf(o, row))
                            .isPresent();
            if (replaced) {
                turn.alert(
                        Level.P1,
                        AlertEvent.MODIFIED_OUTSIDE,
                        order.get().id(),
                        "what looked like its end was a modification; it is " + row.odno() + " and open again");
                countSurplus(order.get().id(), rows);
                record(order.get(), row);
                corrections.add(new Correction(
                        order.get().id(),
                        order.get().status(),
                        inWords(row),
                        book.get(order.get().id()).status(),
                        turn.now()));
                compare(book.get(order.get().id()), rows, strangers, corrections);
            }
        }
    }

    /** The order rests under another number by somebody else's modification. */
    private void record(Order order, Listed row) {
        turn.record(new OrderEvent.ModifiedOutside(
                order.id(), row.orgNo(), row.odno(), row.qty(), priceOf(row), text(row.time())));
    }

    /**
     * Rows that cannot be ours were placed elsewhere: from now on they are followed like our own. Only today's: of
     * earlier days our own ended orders are not in memory any more, and would look like somebody else's.
     */
    private long adoptOutsiders(LocalDate day, ListReading rows, List<Listed> strangers) {
        if (!day.equals(calendar.tradingDay(turn.now())) || book.forgot(day)) {
            return 0;
        }
        long adopted = 0;
        for (Listed row : strangers) {
            if (row.kind() != Listed.Kind.ORDER
                    || book.numbered(day, row.odno()).isPresent()
                    || mayBeOurs(day, row)) {
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
            OrderId id = OrderId.adopted(placed, account, day, row.odno());
            turn.record(new OrderEvent.Adopted(id, terms, day, row.orgNo(), row.odno(), text(row.time())));
            compare(book.get(id), rows, strangers, new ArrayList<>()); // what it did before we saw it corrects nothing
            adopted++;
        }
        return adopted;
    }

    /** A row that a request on its way or in doubt may have made is not yet somebody else's. */
    private boolean mayBeOurs(LocalDate day, Listed row) {
        for (OrderId id : onTheirWay.owners()) {
            if (equal(day, book.get(id), row)) {
                return true;
            }
        }
        return book.closedInDoubt().stream().anyMatch(order -> equal(day, order, row));
    }

    private static boolean equal(LocalDate day, Order order, Listed row) {
        return order.tradingDay().equals(day)
                && alike(order.terms(), row)
                && !order.placing().odnosKnown().contains(row.odno());
    }

    // ---- the broker's clock ----

    /** Once it is known, those teach it that are looked at anyway: the others have, by their answers or by an earlier list. */
    private void learnClock(LocalDate day, ListReading rows, List<Order> compared) {
        Stream<Order> teachers = brokerAhead.isPresent()
                ? compared.stream()
                : rows.listing().orders().stream()
                        .filter(row -> row.kind() == Listed.Kind.ORDER)
                        .flatMap(row -> book.numbered(day, row.odno()).stream());
        OptionalInt least = teachers.filter(order -> order.placing().attempts() == 1)
                .flatMap(order -> rows
                        .of(order.placing().odno().orElse(0))
                        .flatMap(row -> order.placing().sentAt().map(at -> ahead(at, row.time())))
                        .stream())
                .mapToInt(Integer::intValue)
                .min();
        if (least.isPresent()) {
            brokerAhead = least;
        }
    }

    /** Seconds from our time to the broker's, the shorter way around midnight. */
    private static int ahead(Instant ours, int hhmmss) {
        int difference = Math.floorMod(secondOfDay(hhmmss) - secondOfDay(ours), DAY_SECONDS);
        return difference > DAY_SECONDS / 2 ? difference - DAY_SECONDS : difference;
    }

    private static int secondOfDay(Instant at) {
        return Math.floorMod(at.getEpochSecond() + SEOUL_AHEAD, DAY_SECONDS);
    }

    private static int secondOfDay(int hhmmss) {
        return hhmmss / 10_000 * 3_600 + hhmmss / 100 % 100 * 60 + hhmmss % 100;
    }

    private static String text(int hhmmss) {
        return "%06d".formatted(hhmmss);
    }
}
