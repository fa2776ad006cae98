package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An order as it stands: its requests to the broker, the chain of numbers these gave it, and what was filled under each.
 * Immutable; {@link #apply} gives the next.
 *
 * @param terms as they are in force: a modification that the broker took has changed them
 * @param worstPrice won a share that a market buy may cost at most, as far as that was known at its acceptance
 * @param external whether it was placed elsewhere and found at the broker
 * @param modifications how many were accepted by us
 * @param canceled shares that a cancel of all the rest took away
 * @param end how it ended, if it did
 * @param error the word of the old API for its last trouble, if any
 * @param reason what ended or troubled it, in words
 * @param lastChange the last cancel, modification or decision about it that a caller asked for
 * @param seq journal position of its last event
 */
public record Order(
        OrderId id,
        Terms terms,
        KeyUse key,
        LocalDate tradingDay,
        OptionalLong worstPrice,
        boolean external,
        Instant createdAt,
        Instant updatedAt,
        List<BrokerRequest> requests,
        List<Leg> legs,
        List<Fill> fills,
        int modifications,
        long canceled,
        Optional<OrderStatus> end,
        Optional<String> error,
        Optional<String> reason,
        Optional<Change> lastChange,
        long seq) {
    /**
     * Something that a caller asked for after the order was accepted.
     *
     * @param by name of the key that it came with
     */
    public record Change(KeyUse.Kind kind, String by, Instant at) {}

    /** The order that a first event makes. */
    public static Order begun(OrderEvent event, Instant at, long seq) {
        return switch (event) {
            case OrderEvent.Accepted e -> accepted(e, at, seq);
            case OrderEvent.Adopted e -> adopted(e, at, seq);
            default -> throw new IllegalStateException(event.order() + " does not begin with " + event);
        };
    }

    /** Whether an order can begin with {@code event}. */
    public static boolean begins(OrderEvent event) {
        return event instanceof OrderEvent.Accepted || event instanceof OrderEvent.Adopted;
    }

    private static Order accepted(OrderEvent.Accepted event, Instant at, long seq) {
        return new Order(
                event.order(),
                event.terms(),
                event.key(),
                event.tradingDay(),
                event.worstPrice(),
                false,
                at,
                at,
                List.of(BrokerRequest.planned(1, BrokerRequest.Kind.PLACE)),
                List.of(),
                List.of(),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                seq);
    }

    private static Order adopted(OrderEvent.Adopted event, Instant at, long seq) {
        return new Order(
                event.order(),
                event.terms(),
                KeyUse.ofExternal(event.terms().accountId(), event.tradingDay(), event.odno()),
                event.tradingDay(),
                OptionalLong.empty(),
                true,
                at,
                at,
                List.of(BrokerRequest.planned(1, BrokerRequest.Kind.PLACE)
                        .acked(event.orgNo(), event.odno(), OptionalLong.empty())),
                List.of(Leg.opened(event.odno(), event.orgNo())),
                List.of(),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of("placed outside the gateway"),
                Optional.empty(),
                seq);
    }

    /** Where the order stands. */
    public OrderStatus status() {
        if (end.isPresent()) {
            return end.get();
        }
        return switch (placing().state()) {
            case PLANNED -> OrderStatus.NEW;
            case SENDING -> OrderStatus.DISPATCHING;
            case IN_DOUBT -> OrderStatus.UNKNOWN;
            case REFUSED -> OrderStatus.REJECTED;
            case ACKED, DONE -> {
                Optional<BrokerRequest> first = firstOpen();
                if (first.isPresent()) {
                    yield first.get().full() ? OrderStatus.CANCEL_PENDING : OrderStatus.MODIFY_PENDING;
                }
                yield filled() > 0 ? OrderStatus.PARTIAL_FILLED : OrderStatus.SENT;
            }
        };
    }

    /** The request that placed it. */
    public BrokerRequest placing() {
        return requests.getFirst();
    }

    /** The oldest modify or cancel that something is still to come of. */
    public Optional<BrokerRequest> firstOpen() {
        return openOf(_ -> true);
    }

    /** The cancel of all the rest that was accepted and is neither refused nor done. */
    public Optional<BrokerRequest> openCancel() {
        return openOf(BrokerRequest::full);
    }

    /** A modification, of price or quantity, that was accepted and is neither refused nor done. */
    public Optional<BrokerRequest> openModification() {
        return openOf(r -> r.kind() == BrokerRequest.Kind.MODIFY || r.partial());
    }

    /** A change of price that was not sent yet. */
    Optional<BrokerRequest> plannedModify() {
        return openOf(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.state() == BrokerRequest.State.PLANNED);
    }

    private Optional<BrokerRequest> openOf(java.util.function.Predicate<BrokerRequest> kind) {
        // Asked several times for each event of each order, and nearly always there is no second request.
        for (int i = 1; i < requests.size(); i++) {
            BrokerRequest request = requests.get(i);
            if (request.open() && kind.test(request)) {
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /** The request numbered {@code no}. */
    public BrokerRequest request(int no) {
        return requests.get(no - 1);
    }

    /** The number under which the order rests, or rested last. */
    public Optional<Leg> liveLeg() {
        for (Leg leg : legs) {
            if (leg.live()) {
                return Optional.of(leg);
            }
        }
        return Optional.empty();
    }

    /** The leg numbered {@code odno}. */
    public Optional<Leg> leg(long odno) {
        for (Leg leg : legs) {
            if (leg.odno() == odno) {
                return Optional.of(leg);
            }
        }
        return Optional.empty();
    }

    /** Shares filled, under all its numbers. */
    public long filled() {
        long sum = 0;
        for (Leg leg : legs) {
            sum += leg.filled();
        }
        return sum;
    }

    /** Won paid for them, exact. */
    public long value() {
        long sum = 0;
        for (Leg leg : legs) {
            sum += leg.value();
        }
        return sum;
    }

    /** The name of its next fill. */
    String nextExecId() {
        return id + "." + (fills.size() + 1);
    }

    /** Whether the broker lists fills that no notice has told of yet. */
    public boolean noticesMissing() {
        for (Leg leg : legs) {
            if (leg.noticed() < leg.filled()) {
                return true;
            }
        }
        return false;
    }

    /** Shares neither filled nor known to be gone. */
    public long remaining() {
        return status().terminal() ? 0 : terms.qty() - filled();
    }

    /** Whether shares are missing from an ended order: neither filled nor taken away, so a fill was not heard of yet. */
    public boolean shortOfFills() {
        return end.isPresent() && end.get() == OrderStatus.CANCELED && filled() + canceled < terms.qty();
    }

    /** Whether it was closed although nobody ever learned what became of its placing. */
    public boolean closedInDoubt() {
        return end.isPresent()
                && end.get() == OrderStatus.REJECTED
                && placing().state() == BrokerRequest.State.IN_DOUBT;
    }

    /** Whether it rested at the broker when the session ended: its last fills may be told later than that. */
    public boolean endedWithTheSession() {
        return end.isPresent() && end.get() == OrderStatus.EXPIRED && liveLeg().isPresent();
    }

    /** Whether it ended, and the broker's list may still show that this was wrong, or what it lacks. */
    public boolean mayStillChange() {
        return shortOfFills() || closedInDoubt() || endedWithTheSession();
    }

    /** Average price of what is filled, four decimals; empty before the first fill. */
    public Optional<BigDecimal> averagePrice() {
        long shares = filled();
        return shares == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(value())
                        .divide(BigDecimal.valueOf(shares), 4, RoundingMode.HALF_UP)
                        .stripTrailingZeros());
    }

    /** The order after {@code event}. */
    public Order apply(OrderEvent event, Instant at, long position) {
        var next = new Draft(this, at, position);
        switch (event) {
            case OrderEvent.Accepted _, OrderEvent.Adopted _ -> throw new IllegalStateException(id + " began twice");
            case OrderEvent.SendStarted e ->
                next.put(request(e.request()).sending(at, Set.copyOf(e.odnosKnown()), e.target()));
            case OrderEvent.SendAbandoned e -> {
                next.put(request(e.request()).in(BrokerRequest.State.PLANNED));
                next.because(e.reason());
            }
            case OrderEvent.SendNotTaken e -> {
                next.put(request(e.request()).in(BrokerRequest.State.PLANNED));
                next.troubled(word(e.code()), e.code() + " " + e.message());
            }
            case OrderEvent.SendInDoubt e -> {
                next.put(request(e.request()).in(BrokerRequest.State.IN_DOUBT));
                next.troubled("UNKNOWN", e.code() + " " + e.message());
            }
            case OrderEvent.BrokerAccepted e -> next.acked(request(e.request()), e.orgNo(), e.odno());
            case OrderEvent.BrokerRefused e -> next.refused(request(e.request()), e.code(), e.message());
            case OrderEvent.LateAcceptance e -> {
                next.end = Optional.empty();
                next.acked(request(e.request()), e.orgNo(), e.odno());
            }
            case OrderEvent.ModifiedOutside e -> {
                next.end = Optional.empty(); // what ended it only looked so
                next.canceled = 0;
                next.terms = terms.of(filled() + e.qty());
                next.replaced(e.orgNo(), e.odno(), e.price());
            }
            case OrderEvent.Filled e -> next.filled(e);
            case OrderEvent.CancelRequested e -> {
                next.put(BrokerRequest.planned(e.request(), BrokerRequest.Kind.CANCEL));
                next.changed(KeyUse.Kind.CANCEL, e.by().orElseGet(() -> e.key().principal()));
            }
            case OrderEvent.ModifyRequested e -> {
                next.modified(e);
                next.changed(KeyUse.Kind.MODIFY, e.key().principal());
            }
            case OrderEvent.Reduced e -> next.reduced(e);
            case OrderEvent.Canceled e -> {
                next.canceled = e.qty();
                next.ended(OrderStatus.CANCELED);
                next.because(e.reason());
            }
            case OrderEvent.Expired e -> {
                next.ended(OrderStatus.EXPIRED);
                next.because(e.reason());
            }
            case OrderEvent.Rejected e -> {
                next.ended(OrderStatus.REJECTED);
                // What kept the broker from taking it three times is told; that it was three times is the reason.
                Optional<String> cause = e.code().equals("RETRY_EXHAUSTED") ? error : Optional.empty();
                next.troubled(cause.orElseGet(() -> word(e.code())), e.code() + " " + e.message());
            }
            case OrderEvent.Unresolved e -> next.because(e.reason());
            case OrderEvent.Resolved e -> {
                next.put(request(e.request()).not(e.notIt()));
                next.because("an operator decided: " + e.decision());
                next.changed(KeyUse.Kind.RESOLVE, e.key().principal());
            }
            case OrderEvent.Corrected _ -> {
                // says why the events before it happened
            }
        }
        return next.order();
    }

    /** The old API's words for what the broker did, and the API's own codes for what it did not. */
    private static String word(String code) {
        return switch (code) {
            case "EGW00201", "EGW00215" -> "RATE_LIMIT";
            case "EGW00121", "EGW00122", "EGW00123", "TOKEN_UNAVAILABLE" -> "AUTH";
            case "KILL_SWITCH", "NOT_FOUND_AT_BROKER", "NOT_SENT" -> code;
            default -> "BROKER_REJECTED";
        };
    }

    /** The next order in the making. */
    private static final class Draft {
        private final Order from;
        private final Instant updatedAt;
        private final long seq;
        private Terms terms;
        private List<BrokerRequest> requests;
        private List<Leg> legs;
        private List<Fill> fills;
        private int modifications;
        private long canceled;
        private Optional<OrderStatus> end;
        private Optional<String> error;
        private Optional<String> reason;
        private Optional<Change> lastChange;

        Draft(Order from, Instant updatedAt, long seq) {
            this.from = from;
            this.updatedAt = updatedAt;
            this.seq = seq;
            terms = from.terms;
            requests = from.requests;
            legs = from.legs;
            fills = from.fills;
            modifications = from.modifications;
            canceled = from.canceled;
            end = from.end;
            error = from.error;
            reason = from.reason;
            lastChange = from.lastChange;
        }

        void changed(KeyUse.Kind kind, String by) {
            lastChange = Optional.of(new Change(kind, by, updatedAt));
        }

        Order order() {
            return new Order(
                    from.id,
                    terms,
                    from.key,
                    from.tradingDay,
                    from.worstPrice,
                    from.external,
                    from.createdAt,
                    updatedAt,
                    requests,
                    legs,
                    fills,
                    modifications,
                    canceled,
                    end,
                    error,
                    reason,
                    lastChange,
                    seq);
        }

        void put(BrokerRequest request) {
            var all = new ArrayList<>(requests);
            if (request.no() > all.size()) {
                all.add(request);
            } else {
                all.set(request.no() - 1, request);
            }
            requests = List.copyOf(all);
        }

        void because(String why) {
            reason = Optional.of(why);
        }

        void troubled(String word, String why) {
            error = Optional.of(word);
            reason = Optional.of(why);
        }

        void ended(OrderStatus how) {
            end = Optional.of(how);
        }

        /** The broker has the request. What troubled the order is over; what ended it stays. */
        void acked(BrokerRequest request, String orgNo, long odno) {
            put(request.acked(orgNo, odno, terms.price()));
            switch (request.kind()) {
                case PLACE -> open(Leg.opened(odno, orgNo));
                case MODIFY -> replaced(orgNo, odno, request.price());
                case CANCEL -> {
                    // done only when it is confirmed
                }
            }
            if (end.isEmpty()) {
                error = Optional.empty();
                reason = Optional.empty();
            }
        }

        /** From now on the order rests under another number, at another price: a new one, or one that it had before. */
        void replaced(String orgNo, long odno, OptionalLong price) {
            boolean known = legs.stream().anyMatch(leg -> leg.odno() == odno);
            legs = legs.stream().map(leg -> leg.alive(leg.odno() == odno)).toList();
            if (!known) {
                open(Leg.opened(odno, orgNo));
            }
            if (price.isPresent()) {
                terms = terms.at(price);
            }
        }

        private void open(Leg leg) {
            var all = new ArrayList<>(legs);
            all.add(leg);
            legs = List.copyOf(all);
        }

        void refused(BrokerRequest request, String code, String message) {
            put(request.in(BrokerRequest.State.REFUSED));
            troubled("BROKER_REJECTED", code + " " + message);
            if (request.kind() == BrokerRequest.Kind.PLACE) {
                ended(OrderStatus.REJECTED);
            } else if (request.kind() == BrokerRequest.Kind.MODIFY && request.state() == BrokerRequest.State.ACKED) {
                // The exchange took back what KIS had taken: the order rests as before.
                terms = terms.at(request.price());
                legs = legs.stream()
                        .map(leg -> leg.odno() == request.target()
                                ? leg.alive(true)
                                : leg.alive(leg.live()
                                        && leg.odno() != request.odno().orElse(0)))
                        .toList();
            }
        }

        void filled(OrderEvent.Filled event) {
            Fill fill = event.fill();
            legs = legs.stream()
                    .map(leg -> leg.odno() == fill.odno() ? leg.filled(event) : leg)
                    .toList();
            if (fill.qty() > 0) {
                var all = new ArrayList<>(fills);
                all.add(fill);
                fills = List.copyOf(all);
            }
            endWhenFull();
        }

        private void endWhenFull() {
            long sum = 0;
            for (Leg leg : legs) {
                sum += leg.filled();
            }
            if (sum >= terms.qty()) {
                ended(OrderStatus.FILLED);
            }
        }

        void modified(OrderEvent.ModifyRequested event) {
            modifications++;
            if (event.planned().isEmpty()) {
                terms = terms.of(event.qty().orElse(terms.qty()));
                terms = event.price().isPresent() ? terms.at(event.price()) : terms;
                return;
            }
            for (OrderEvent.Planned planned : event.planned()) {
                put(BrokerRequest.planned(
                        planned.request(), planned.kind(), planned.qty(), planned.price(), Optional.of(event.by())));
            }
        }

        void reduced(OrderEvent.Reduced event) {
            terms = terms.of(terms.qty() - event.qty());
            if (event.request() > 0) {
                put(requests.get(event.request() - 1).in(BrokerRequest.State.DONE));
            }
            endWhenFull();
        }
    }
}
