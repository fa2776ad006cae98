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
import kr.kisgateway.market.TradingDay;

/**
 * An order: its requests to the broker, the chain of numbers assigned by them, and the fills under each number.
 * Immutable; {@link #apply} returns the next state.
 *
 * @param terms as in force: modifications that the broker accepted are applied
 * @param worstPrice that a share of a market buy may cost at most, as far as known at its acceptance
 * @param external whether it was placed elsewhere and found at the broker
 * @param modifications how many the gateway accepted
 * @param repriced how many of them are the gateway's own, by its {@link PricePolicy}
 * @param canceled shares removed by a cancel of the rest
 * @param finalStatus the terminal status, once it ended
 * @param error the last error in the old API's words, if any
 * @param reason why it ended or is delayed
 * @param lastChange the last cancel, modification or decision that a caller requested
 * @param replacement what shall take its place
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
        List<BrokerOrderRef> brokerRefs,
        List<Fill> fills,
        int modifications,
        int repriced,
        long canceled,
        Optional<OrderStatus> finalStatus,
        Optional<String> error,
        Optional<String> reason,
        Optional<Change> lastChange,
        Optional<Replacement> replacement,
        long seq) {
    /**
     * A request of a caller after the order was accepted.
     *
     * @param by name of the API key of the request
     */
    public record Change(KeyUse.Kind kind, String by, Instant at) {}

    /** The order that a first event creates. */
    public static Order create(OrderEvent event, Instant at, long seq) {
        return switch (event) {
            case OrderEvent.Accepted e -> accepted(e, at, seq);
            case OrderEvent.Adopted e -> adopted(e, at, seq);
            default -> throw new IllegalStateException(event.order() + " does not start with " + event);
        };
    }

    /** Whether an order can start with {@code event}. */
    public static boolean isFirstEvent(OrderEvent event) {
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
                0,
                Optional.empty(),
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
                        .acknowledged(event.orgNo(), event.odno(), OptionalLong.empty())),
                List.of(BrokerOrderRef.opened(event.odno(), event.orgNo())),
                List.of(),
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of("placed outside the gateway"),
                Optional.empty(),
                Optional.empty(),
                seq);
    }

    /** The day of its market that it belongs to. */
    public TradingDay day() {
        return new TradingDay(terms.symbol().market(), tradingDay);
    }

    /** The day of its account that it belongs to. */
    public AccountDay accountDay() {
        return new AccountDay(terms.accountId(), day());
    }

    /** The current status. */
    public OrderStatus status() {
        if (finalStatus.isPresent()) {
            return finalStatus.get();
        }
        return switch (placing().state()) {
            case PLANNED -> OrderStatus.NEW;
            case SENDING -> OrderStatus.DISPATCHING;
            case IN_DOUBT -> OrderStatus.UNKNOWN;
            case REFUSED -> OrderStatus.REJECTED;
            case ACKED, DONE -> {
                Optional<BrokerRequest> first = oldestOpenRequest();
                if (first.isPresent()) {
                    yield first.get().isFullCancel() ? OrderStatus.CANCEL_PENDING : OrderStatus.MODIFY_PENDING;
                }
                yield filled() > 0 ? OrderStatus.PARTIAL_FILLED : OrderStatus.SENT;
            }
        };
    }

    /** The request that placed it. */
    public BrokerRequest placing() {
        return requests.getFirst();
    }

    /** The oldest modify or cancel that is not finished. */
    public Optional<BrokerRequest> oldestOpenRequest() {
        return findOpen(_ -> true);
    }

    /** The accepted cancel of the rest that is neither refused nor done. */
    public Optional<BrokerRequest> openCancel() {
        return findOpen(BrokerRequest::isFullCancel);
    }

    /** The accepted modification, of price or quantity, that is neither refused nor done. */
    public Optional<BrokerRequest> openModification() {
        return findOpen(r -> r.kind() == BrokerRequest.Kind.MODIFY || r.isPartialCancel());
    }

    /** The price changes that the broker refused for the price, oldest first. */
    List<BrokerRequest> priceRefusals() {
        return requests.stream()
                .filter(request -> request.kind() == BrokerRequest.Kind.MODIFY && request.refusedForPrice())
                .toList();
    }

    /** A price change that was not sent yet. */
    Optional<BrokerRequest> plannedModify() {
        return findOpen(r -> r.kind() == BrokerRequest.Kind.MODIFY && r.state() == BrokerRequest.State.PLANNED);
    }

    private Optional<BrokerRequest> findOpen(java.util.function.Predicate<BrokerRequest> kind) {
        // Called several times for each event of each order, and nearly always there is no second request.
        for (int i = 1; i < requests.size(); i++) {
            BrokerRequest request = requests.get(i);
            if (request.isOpen() && kind.test(request)) {
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
    public Optional<BrokerOrderRef> liveRef() {
        for (BrokerOrderRef ref : brokerRefs) {
            if (ref.live()) {
                return Optional.of(ref);
            }
        }
        return Optional.empty();
    }

    /** The broker reference numbered {@code odno}. */
    public Optional<BrokerOrderRef> brokerRef(long odno) {
        for (BrokerOrderRef ref : brokerRefs) {
            if (ref.odno() == odno) {
                return Optional.of(ref);
            }
        }
        return Optional.empty();
    }

    /** Shares filled, under all its numbers. */
    public long filled() {
        long sum = 0;
        for (BrokerOrderRef ref : brokerRefs) {
            sum += ref.filled();
        }
        return sum;
    }

    /** What was paid or received for the filled shares, in units of the currency, exact. */
    public long value() {
        long sum = 0;
        for (BrokerOrderRef ref : brokerRefs) {
            sum += ref.value();
        }
        return sum;
    }

    /** The execution id of its next fill. */
    String nextExecId() {
        return id + "." + (fills.size() + 1);
    }

    /** Whether the broker lists fills whose notice was not received yet. */
    public boolean isMissingNotices() {
        for (BrokerOrderRef ref : brokerRefs) {
            if (ref.noticedQty() < ref.filled()) {
                return true;
            }
        }
        return false;
    }

    /** Shares neither filled nor removed. */
    public long remaining() {
        return status().isTerminal() ? 0 : terms.qty() - filled();
    }

    /** Whether an ended order has shares that are neither filled nor removed, so a fill is missing. */
    public boolean isMissingFills() {
        return finalStatus.isPresent()
                && finalStatus.get() == OrderStatus.CANCELED
                && filled() + canceled < terms.qty();
    }

    /** Whether it was closed while the result of its placing is unknown. */
    public boolean isClosedInDoubt() {
        return finalStatus.isPresent()
                && finalStatus.get() == OrderStatus.REJECTED
                && placing().state() == BrokerRequest.State.IN_DOUBT;
    }

    /** Whether it rested at the broker when the session ended: its last fills may be reported later. */
    public boolean isExpiredAtBroker() {
        return finalStatus.isPresent()
                && finalStatus.get() == OrderStatus.EXPIRED
                && liveRef().isPresent();
    }

    /** Whether it ended and the broker's list may still correct or complete it. */
    public boolean mayStillChange() {
        return isMissingFills() || isClosedInDoubt() || isExpiredAtBroker();
    }

    /** Whether the broker refused it because fewer shares may be sold than it has. */
    public boolean isRefusedForShares() {
        return finalStatus.filter(status -> status == OrderStatus.REJECTED).isPresent()
                && placing().state() == BrokerRequest.State.REFUSED
                && reason.filter(SharesRefusal::is).isPresent();
    }

    /** Whether the broker has accepted it, be it that it has ended since. */
    public boolean isAtBroker() {
        return placing().state() == BrokerRequest.State.ACKED;
    }

    /** Whether it is being cancelled so that another takes its place. */
    boolean isBeingReplaced() {
        return replacement.filter(Replacement::isPending).isPresent();
    }

    /** Whether it ended because the broker accepted none of its attempts: it never was there. */
    public boolean isNeverTaken() {
        return finalStatus.filter(status -> status == OrderStatus.REJECTED).isPresent()
                && placing().state() == BrokerRequest.State.PLANNED
                && reason.filter(it -> it.startsWith(OrderCore.RETRY_EXHAUSTED)).isPresent();
    }

    /** The order that it replaces, if it was placed to replace one. */
    public Optional<OrderId> replaces() {
        return key.key().startsWith(KeyUse.REPLACES)
                ? OrderId.parse(key.key().substring(KeyUse.REPLACES.length()))
                : Optional.empty();
    }

    /**
     * Whether its end is proven: no share of it can still be filled. One that is cancelled while the gateway's own cancel was not sent
     * was taken out elsewhere, perhaps by a modification, under whose number it goes on and which the list does not show yet.
     */
    boolean isEndProven() {
        boolean isCancelUnsent = openCancel()
                .filter(cancel -> cancel.state() == BrokerRequest.State.PLANNED)
                .isPresent();
        return finalStatus
                .filter(status -> status == OrderStatus.FILLED
                        || status == OrderStatus.CANCELED && !isMissingFills() && !isCancelUnsent)
                .isPresent();
    }

    /** Average price of the filled shares, four decimals; empty before the first fill. */
    public Optional<BigDecimal> averagePrice() {
        long shares = filled();
        return shares == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(
                                value(), terms.symbol().market().currency().decimals())
                        .divide(BigDecimal.valueOf(shares), 4, RoundingMode.HALF_UP)
                        .stripTrailingZeros());
    }

    /** An equal order that references these terms and this day, which are equal to its own. */
    Order withShared(Terms sharedTerms, LocalDate sharedDay) {
        var next = new Draft(this, updatedAt, seq);
        next.terms = sharedTerms;
        next.tradingDay = sharedDay;
        return next.build();
    }

    /** The order after {@code event}. */
    public Order apply(OrderEvent event, Instant at, long position) {
        var next = new Draft(this, at, position);
        switch (event) {
            case OrderEvent.Accepted _, OrderEvent.Adopted _ -> throw new IllegalStateException(id + " started twice");
            case OrderEvent.SendStarted e ->
                next.putRequest(request(e.request()).startSending(at, Set.copyOf(e.excludedOdnos()), e.target()));
            case OrderEvent.SendAbandoned e -> {
                next.putRequest(request(e.request()).withState(BrokerRequest.State.PLANNED));
                next.setReason(e.reason());
            }
            case OrderEvent.SendNotTaken e -> {
                next.putRequest(request(e.request()).withState(BrokerRequest.State.PLANNED));
                next.setError(errorCategory(e.code()), e.code() + " " + e.message());
            }
            case OrderEvent.SendInDoubt e -> {
                next.putRequest(request(e.request()).withState(BrokerRequest.State.IN_DOUBT));
                next.setError("UNKNOWN", e.code() + " " + e.message());
            }
            case OrderEvent.BrokerAccepted e -> next.acknowledge(request(e.request()), e.orgNo(), e.odno());
            case OrderEvent.BrokerRefused e -> next.refuse(request(e.request()), e.code(), e.message());
            case OrderEvent.LateAcceptance e -> {
                next.finalStatus = Optional.empty();
                next.acknowledge(request(e.request()), e.orgNo(), e.odno());
            }
            case OrderEvent.ModifiedOutside e -> {
                next.finalStatus = Optional.empty(); // its end was only apparent
                next.canceled = 0;
                next.terms = terms.withQty(filled() + e.qty());
                next.replaceRef(e.orgNo(), e.odno(), e.price());
            }
            case OrderEvent.Filled e -> next.applyFill(e);
            case OrderEvent.CancelRequested e -> {
                next.putRequest(BrokerRequest.planned(e.request(), BrokerRequest.Kind.CANCEL));
                next.recordChange(
                        KeyUse.Kind.CANCEL, e.by().orElseGet(() -> e.key().principal()));
            }
            case OrderEvent.ModifyRequested e -> {
                next.applyModification(e);
                next.recordChange(KeyUse.Kind.MODIFY, e.key().principal());
            }
            case OrderEvent.ReplaceRequested e -> {
                next.modifications++;
                next.replacement = Optional.of(Replacement.requested(e));
                next.putRequest(BrokerRequest.planned(e.request(), BrokerRequest.Kind.CANCEL));
                next.recordChange(KeyUse.Kind.MODIFY, e.key().principal());
            }
            case OrderEvent.ReplaceEnded e -> {
                next.replacement = replacement.map(it -> it.ended(e.outcome()));
                next.setReason(e.reason());
                e.key().ifPresent(key -> next.recordChange(KeyUse.Kind.CANCEL, key.principal()));
            }
            case OrderEvent.Reduced e -> next.applyReduction(e);
            case OrderEvent.Canceled e -> {
                next.canceled = e.qty();
                next.endAs(OrderStatus.CANCELED);
                if (replacement.filter(it -> !it.isPending()).isEmpty()) { // why nothing took its place is said already
                    next.setReason(e.reason());
                }
            }
            case OrderEvent.Expired e -> {
                next.endAs(OrderStatus.EXPIRED);
                next.setReason(e.reason());
            }
            case OrderEvent.Rejected e -> {
                next.endAs(OrderStatus.REJECTED);
                // The cause of the third refusal is recorded; the number of attempts is the reason.
                Optional<String> cause = e.code().equals(OrderCore.RETRY_EXHAUSTED) ? error : Optional.empty();
                next.setError(cause.orElseGet(() -> errorCategory(e.code())), e.code() + " " + e.message());
            }
            case OrderEvent.Unresolved e -> next.setReason(e.reason());
            case OrderEvent.Resolved e -> {
                next.putRequest(request(e.request()).excluding(e.excludedOdnos()));
                next.setReason("an operator decided: " + e.decision());
                next.recordChange(KeyUse.Kind.RESOLVE, e.key().principal());
            }
            case OrderEvent.Corrected _, OrderEvent.FoundResting _ -> {
                // records what was found: the state is that of the events before it
            }
        }
        return next.build();
    }

    /** The old API's words for broker errors, and the API's own codes for the others. */
    private static String errorCategory(String code) {
        return switch (code) {
            case "EGW00201", "EGW00215" -> "RATE_LIMIT";
            case "EGW00121", "EGW00122", "EGW00123", "TOKEN_UNAVAILABLE" -> "AUTH";
            case "KILL_SWITCH", "NOT_FOUND_AT_BROKER", "NOT_SENT" -> code;
            default -> "BROKER_REJECTED";
        };
    }

    /** The mutable copy from which the next state is built. */
    private static final class Draft {
        private final Order from;
        private final Instant updatedAt;
        private final long seq;
        private Terms terms;
        private LocalDate tradingDay;
        private List<BrokerRequest> requests;
        private List<BrokerOrderRef> brokerRefs;
        private List<Fill> fills;
        private int modifications;
        private int repriced;
        private long canceled;
        private Optional<OrderStatus> finalStatus;
        private Optional<String> error;
        private Optional<String> reason;
        private Optional<Change> lastChange;
        private Optional<Replacement> replacement;

        Draft(Order from, Instant updatedAt, long seq) {
            this.from = from;
            this.updatedAt = updatedAt;
            this.seq = seq;
            terms = from.terms;
            tradingDay = from.tradingDay;
            requests = from.requests;
            brokerRefs = from.brokerRefs;
            fills = from.fills;
            modifications = from.modifications;
            repriced = from.repriced;
            canceled = from.canceled;
            finalStatus = from.finalStatus;
            error = from.error;
            reason = from.reason;
            lastChange = from.lastChange;
            replacement = from.replacement;
        }

        void recordChange(KeyUse.Kind kind, String by) {
            lastChange = Optional.of(new Change(kind, by, updatedAt));
        }

        Order build() {
            return new Order(
                    from.id,
                    terms,
                    from.key,
                    tradingDay,
                    from.worstPrice,
                    from.external,
                    from.createdAt,
                    updatedAt,
                    requests,
                    brokerRefs,
                    fills,
                    modifications,
                    repriced,
                    canceled,
                    finalStatus,
                    error,
                    reason,
                    lastChange,
                    replacement,
                    seq);
        }

        void putRequest(BrokerRequest request) {
            var all = new ArrayList<>(requests);
            if (request.no() > all.size()) {
                all.add(request);
            } else {
                all.set(request.no() - 1, request);
            }
            requests = List.copyOf(all);
        }

        void setReason(String explanation) {
            reason = Optional.of(explanation);
        }

        void setError(String category, String explanation) {
            error = Optional.of(category);
            reason = Optional.of(explanation);
        }

        void endAs(OrderStatus status) {
            finalStatus = Optional.of(status);
        }

        /** The broker has the request. A delay reason is cleared; a terminal one stays. */
        void acknowledge(BrokerRequest request, String orgNo, long odno) {
            putRequest(request.acknowledged(orgNo, odno, terms.price()));
            switch (request.kind()) {
                case PLACE -> addRef(BrokerOrderRef.opened(odno, orgNo));
                case MODIFY -> replaceRef(orgNo, odno, request.price());
                case CANCEL -> {
                    // done only when it is confirmed
                }
            }
            if (finalStatus.isEmpty()) {
                error = Optional.empty();
                reason = Optional.empty();
            }
        }

        /** From now on the order rests under another number, at another price: a new one or an earlier one. */
        void replaceRef(String orgNo, long odno, OptionalLong price) {
            boolean exists = brokerRefs.stream().anyMatch(ref -> ref.odno() == odno);
            brokerRefs = brokerRefs.stream()
                    .map(ref -> ref.withLive(ref.odno() == odno))
                    .toList();
            if (!exists) {
                addRef(BrokerOrderRef.opened(odno, orgNo));
            }
            if (price.isPresent()) {
                terms = terms.withPrice(price);
            }
        }

        private void addRef(BrokerOrderRef ref) {
            var all = new ArrayList<>(brokerRefs);
            all.add(ref);
            brokerRefs = List.copyOf(all);
        }

        void refuse(BrokerRequest request, String code, String message) {
            putRequest(request.refused(code, message));
            setError("BROKER_REJECTED", code + " " + message);
            if (request.kind() == BrokerRequest.Kind.PLACE) {
                endAs(OrderStatus.REJECTED);
            } else if (request.kind() == BrokerRequest.Kind.MODIFY && request.state() == BrokerRequest.State.ACKED) {
                // The exchange revoked what KIS had accepted: the order rests as before.
                terms = terms.withPrice(request.price());
                brokerRefs = brokerRefs.stream()
                        .map(ref -> ref.odno() == request.target()
                                ? ref.withLive(true)
                                : ref.withLive(ref.live()
                                        && ref.odno() != request.odno().orElse(0)))
                        .toList();
            }
        }

        void applyFill(OrderEvent.Filled event) {
            Fill fill = event.fill();
            brokerRefs = brokerRefs.stream()
                    .map(ref -> ref.odno() == fill.odno() ? ref.filled(event) : ref)
                    .toList();
            if (fill.qty() > 0) {
                var all = new ArrayList<>(fills);
                all.add(fill);
                fills = List.copyOf(all);
            }
            endIfFilled();
        }

        private void endIfFilled() {
            long sum = 0;
            for (BrokerOrderRef ref : brokerRefs) {
                sum += ref.filled();
            }
            if (sum >= terms.qty()) {
                endAs(OrderStatus.FILLED);
            }
        }

        void applyModification(OrderEvent.ModifyRequested event) {
            modifications++;
            repriced += event.key().isReprice() ? 1 : 0;
            if (event.planned().isEmpty()) {
                terms = terms.withQty(event.qty().orElse(terms.qty()));
                terms = event.price().isPresent() ? terms.withPrice(event.price()) : terms;
                return;
            }
            for (OrderEvent.PlannedRequest planned : event.planned()) {
                putRequest(BrokerRequest.planned(
                        planned.request(),
                        planned.kind(),
                        planned.qty(),
                        planned.price(),
                        Optional.of(event.sendBy())));
            }
        }

        void applyReduction(OrderEvent.Reduced event) {
            terms = terms.withQty(terms.qty() - event.qty());
            if (event.request() > 0) {
                putRequest(requests.get(event.request() - 1).withState(BrokerRequest.State.DONE));
            }
            endIfFilled();
        }
    }
}
