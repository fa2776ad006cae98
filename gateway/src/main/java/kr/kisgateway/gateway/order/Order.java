package kr.kisgateway.gateway.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An order as it stands: cumulative quantities and its requests to the broker. Immutable; {@link #apply} gives the
 * next.
 *
 * @param noticed shares that execution notices spoke of; the rest of {@code filled} came from queries
 * @param noticedValue won that they spoke of
 * @param filled shares filled, by whichever of notices and queries says more
 * @param value won paid for them, exact
 * @param canceled shares that a cancel took away
 * @param end how it ended, if it did
 * @param error the word of the old API for its last trouble, if any
 * @param reason what ended or troubled it, in words
 * @param seq journal position of its last event
 */
public record Order(
        OrderId id,
        Terms terms,
        KeyUse key,
        LocalDate tradingDay,
        Instant createdAt,
        Instant updatedAt,
        List<BrokerRequest> requests,
        List<Fill> fills,
        long noticed,
        long noticedValue,
        long filled,
        long value,
        long canceled,
        Optional<OrderStatus> end,
        Optional<String> error,
        Optional<String> reason,
        long seq) {

    /** The order that an acceptance makes. */
    public static Order accepted(OrderEvent.Accepted event, Instant at, long seq) {
        return new Order(
                event.order(),
                event.terms(),
                event.key(),
                event.tradingDay(),
                at,
                at,
                List.of(BrokerRequest.planned(1, BrokerRequest.Kind.PLACE)),
                List.of(),
                0,
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
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
            case ACKED -> {
                if (openCancel().isPresent()) {
                    yield OrderStatus.CANCEL_PENDING;
                }
                yield filled > 0 ? OrderStatus.PARTIAL_FILLED : OrderStatus.SENT;
            }
        };
    }

    /** The request that placed it. */
    public BrokerRequest placing() {
        return requests.getFirst();
    }

    /** The cancel that was accepted and is neither refused nor done. */
    public Optional<BrokerRequest> openCancel() {
        BrokerRequest last = requests.getLast();
        return last.kind() == BrokerRequest.Kind.CANCEL && last.state() != BrokerRequest.State.REFUSED
                ? Optional.of(last)
                : Optional.empty();
    }

    /** The request numbered {@code no}. */
    public BrokerRequest request(int no) {
        return requests.get(no - 1);
    }

    /** Shares neither filled nor known to be gone. */
    public long remaining() {
        return status().terminal() ? 0 : terms.qty() - filled;
    }

    /** Whether shares are missing from an ended order: neither filled nor taken away, so a fill was not heard of yet. */
    public boolean shortOfFills() {
        return end.equals(Optional.of(OrderStatus.CANCELED)) && filled + canceled < terms.qty();
    }

    /** Average price of what is filled, four decimals; empty before the first fill. */
    public Optional<BigDecimal> averagePrice() {
        return filled == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(value)
                        .divide(BigDecimal.valueOf(filled), 4, RoundingMode.HALF_UP)
                        .stripTrailingZeros());
    }

    /** The order after {@code event}. */
    public Order apply(OrderEvent event, Instant at, long position) {
        Order moved = at(at, position);
        return switch (event) {
            case OrderEvent.Accepted _ -> throw new IllegalStateException(id + " was accepted twice");
            case OrderEvent.SendStarted e -> moved.with(request(e.request()).sending(at, Set.copyOf(e.odnosKnown())));
            case OrderEvent.SendAbandoned e ->
                moved.with(request(e.request()).in(BrokerRequest.State.PLANNED)).because(e.reason());
            case OrderEvent.SendNotTaken e ->
                moved.with(request(e.request()).in(BrokerRequest.State.PLANNED))
                        .troubled(word(e.code()), e.code() + " " + e.message());
            case OrderEvent.SendInDoubt e ->
                moved.with(request(e.request()).in(BrokerRequest.State.IN_DOUBT))
                        .troubled("UNKNOWN", e.code() + " " + e.message());
            case OrderEvent.BrokerAccepted e ->
                calmUnlessEnded(moved.with(request(e.request()).acked(e.orgNo(), e.odno())));
            case OrderEvent.BrokerRefused e -> {
                Order refused = moved.with(request(e.request()).in(BrokerRequest.State.REFUSED))
                        .troubled("BROKER_REJECTED", e.code() + " " + e.message());
                yield e.request() == 1 ? refused.ended(OrderStatus.REJECTED) : refused;
            }
            case OrderEvent.Filled e -> moved.filled(e);
            case OrderEvent.CancelRequested e ->
                moved.with(BrokerRequest.planned(e.request(), BrokerRequest.Kind.CANCEL));
            case OrderEvent.Canceled e -> moved.canceled(e.qty()).because(e.reason());
            case OrderEvent.Expired e -> moved.ended(OrderStatus.EXPIRED).because(e.reason());
            case OrderEvent.Rejected e ->
                moved.ended(OrderStatus.REJECTED).troubled(word(e.code()), e.code() + " " + e.message());
            case OrderEvent.Unresolved e -> moved.because(e.reason());
        };
    }

    private Order filled(OrderEvent.Filled event) {
        Fill fill = event.fill();
        List<Fill> all = fills;
        if (fill.qty() > 0) {
            all = new ArrayList<>(fills);
            all.add(fill);
        }
        long total = filled + fill.qty();
        Optional<OrderStatus> ending = total >= terms.qty() ? Optional.of(OrderStatus.FILLED) : end;
        return new Order(
                id,
                terms,
                key,
                tradingDay,
                createdAt,
                updatedAt,
                requests,
                List.copyOf(all),
                noticed + event.noticed(),
                noticedValue + event.noticedValue(),
                total,
                value + fill.value(),
                canceled,
                ending,
                error,
                reason,
                seq);
    }

    private Order canceled(long qty) {
        return new Order(
                id,
                terms,
                key,
                tradingDay,
                createdAt,
                updatedAt,
                requests,
                fills,
                noticed,
                noticedValue,
                filled,
                value,
                qty,
                Optional.of(OrderStatus.CANCELED),
                error,
                reason,
                seq);
    }

    /** The old API's five words for what went wrong. */
    private static String word(String code) {
        return switch (code) {
            case "EGW00201", "EGW00215" -> "RATE_LIMIT";
            case "EGW00121", "EGW00122", "EGW00123", "TOKEN" -> "AUTH";
            default -> "BROKER_REJECTED";
        };
    }

    private Order with(BrokerRequest request) {
        var all = new ArrayList<>(requests);
        if (request.no() > all.size()) {
            all.add(request);
        } else {
            all.set(request.no() - 1, request);
        }
        return copy(updatedAt, List.copyOf(all), end, error, reason, seq);
    }

    private Order at(Instant at, long position) {
        return copy(at, requests, end, error, reason, position);
    }

    private Order ended(OrderStatus how) {
        return copy(updatedAt, requests, Optional.of(how), error, reason, seq);
    }

    private Order because(String why) {
        return copy(updatedAt, requests, end, error, Optional.of(why), seq);
    }

    private Order troubled(String word, String why) {
        return copy(updatedAt, requests, end, Optional.of(word), Optional.of(why), seq);
    }

    /** What troubled it is over; what ended it stays. */
    private static Order calmUnlessEnded(Order order) {
        return order.end().isPresent() ? order : order.calm();
    }

    private Order calm() {
        return copy(updatedAt, requests, end, Optional.empty(), Optional.empty(), seq);
    }

    private Order copy(
            Instant at,
            List<BrokerRequest> newRequests,
            Optional<OrderStatus> newEnd,
            Optional<String> newError,
            Optional<String> newReason,
            long position) {
        return new Order(
                id,
                terms,
                key,
                tradingDay,
                createdAt,
                at,
                newRequests,
                fills,
                noticed,
                noticedValue,
                filled,
                value,
                canceled,
                newEnd,
                newError,
                newReason,
                position);
    }
}
