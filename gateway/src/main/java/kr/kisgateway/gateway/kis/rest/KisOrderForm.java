package kr.kisgateway.gateway.kis.rest;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;

/**
 * KIS's kinds of orders: those of its order divisions (ORD_DVSN) by venue and date, and those of US stocks. That an order for the
 * open is accepted in the pre-market alone, and one for the close until the close, is assumed.
 */
public final class KisOrderForm implements OrderForm {
    private static final int NEAREST = 3;

    /** The kinds of orders of US stocks. TWAP and VWAP, of which little is documented, are not among them. */
    private static final List<OrderKind> US_KINDS = List.of(
            OrderKind.LIMIT,
            OrderKind.DAY_MARKET,
            OrderKind.regular(OrderType.LOO),
            OrderKind.regular(OrderType.LOC),
            OrderKind.regular(OrderType.MOO),
            OrderKind.regular(OrderType.MOC));

    private final OrderDivisions divisions;
    private final boolean paper;

    /** @param paper whether KIS's paper trading is behind it, which has a few kinds on KRX */
    public KisOrderForm(OrderDivisions divisions, boolean paper) {
        this.divisions = divisions;
        this.paper = paper;
    }

    @Override
    public Optional<Refusal> refusal(Side side, OrderKind kind, Venue venue, LocalDate day) {
        return switch (venue) {
            case KRX, NXT, SOR -> koreanRefusal(kind, venue, day);
            case NASD, NYSE, AMEX -> usRefusal(side, kind, venue);
        };
    }

    @Override
    public Optional<Refusal> creditRefusal() {
        return paper
                ? Optional.of(Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "KIS's paper trading has no credit orders; omit credit to order in cash, or practise credit orders"
                                + " with the simulator (KIS_ENV=sim)"))
                : Optional.empty();
    }

    private Optional<Refusal> usRefusal(Side side, OrderKind kind, Venue venue) {
        if (isUs(side, kind)) {
            return Optional.empty();
        }
        var others = US_KINDS.stream().filter(it -> isUs(side, it)).toList();
        var refusal = Refusal.of(
                        ErrorCode.INVALID_ORDER_TYPE,
                        (paper ? "KIS's paper trading has no " : "KIS has no ") + kind + " " + side + " order on "
                                + venue
                                + "; it has "
                                + others.stream().map(OrderKind::toString).collect(Collectors.joining(", ")))
                .with("nearest", others.stream().map(it -> fields(it, venue)).toList());
        return Optional.of(withAllowed(refusal, kind, venue, List.of(), (it, _) -> isUs(side, it)));
    }

    /** Market orders for the open and the close are for sales alone. */
    private boolean isUs(Side side, OrderKind kind) {
        return usAcceptance(kind).isPresent() && (kind.type().isPriced() || side == Side.SELL);
    }

    @Override
    public Optional<UsAcceptance> usAcceptance(OrderKind kind) {
        if (!US_KINDS.contains(kind) || paper && !kind.equals(OrderKind.LIMIT)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (kind.type()) {
                    case LOO, MOO -> new UsAcceptance(Set.of(UsSession.PRE), UsSession.PRE);
                    case LOC, MOC -> new UsAcceptance(Set.of(UsSession.PRE, UsSession.REGULAR), UsSession.REGULAR);
                    default -> limit(kind);
                });
    }

    private UsAcceptance limit(OrderKind kind) {
        if (kind.session() == OrderSession.DAY_MARKET) {
            return new UsAcceptance(Set.of(UsSession.DAY_MARKET), UsSession.DAY_MARKET);
        }
        return new UsAcceptance(
                paper ? Set.of(UsSession.REGULAR) : Set.of(UsSession.PRE, UsSession.REGULAR, UsSession.AFTER),
                UsSession.AFTER);
    }

    private Optional<Refusal> koreanRefusal(OrderKind kind, Venue venue, LocalDate day) {
        if (isKorean(kind, venue, day)) {
            return Optional.empty();
        }
        boolean found = divisions.find(kind, venue, day).isPresent();
        var nearest = divisions.nearest(kind, venue, day, paper, NEAREST);
        var refusal = Refusal.of(
                        ErrorCode.INVALID_ORDER_TYPE,
                        (found ? "KIS's paper trading has no " : "KIS has no ") + kind + " order on " + venue
                                + "; nearest are "
                                + nearest.stream()
                                        .map(it -> it.kind() + " on " + it.venue())
                                        .collect(Collectors.joining(", ")))
                .with(
                        "nearest",
                        nearest.stream()
                                .map(it -> fields(it.kind(), it.venue()))
                                .toList());
        return Optional.of(withAllowed(
                refusal, kind, venue, List.of(Venue.KRX, Venue.NXT, Venue.SOR), (it, on) -> isKorean(it, on, day)));
    }

    private boolean isKorean(OrderKind kind, Venue venue, LocalDate day) {
        return divisions
                .find(kind, venue, day)
                .filter(it -> !paper || it.paper() && venue == Venue.KRX)
                .isPresent();
    }

    /**
     * The refusal with the one field whose change makes the order one that exists, and the values it may have then; without those
     * where more than one field has to change.
     *
     * @param exists whether there are orders of a kind on a venue
     */
    private static Refusal withAllowed(
            Refusal refusal, OrderKind kind, Venue venue, List<Venue> venues, BiPredicate<OrderKind, Venue> exists) {
        Map<String, List<String>> allowed = new LinkedHashMap<>();
        allowed.put(
                "time_in_force",
                names(TimeInForce.values(), it -> exists.test(new OrderKind(kind.type(), kind.session(), it), venue)));
        allowed.put(
                "session",
                names(
                        OrderSession.values(),
                        it -> exists.test(new OrderKind(kind.type(), it, kind.timeInForce()), venue)));
        allowed.put("venue", names(venues.toArray(Venue[]::new), it -> exists.test(kind, it)));
        allowed.put(
                "order_type",
                names(
                        OrderType.values(),
                        it -> exists.test(new OrderKind(it, kind.session(), kind.timeInForce()), venue)));
        return allowed.entrySet().stream()
                .filter(it -> !it.getValue().isEmpty())
                .findFirst()
                .map(it -> refusal.with("field", it.getKey()).with("allowed", it.getValue()))
                .orElseGet(() -> refusal.with("field", "order_type"));
    }

    private static <E extends Enum<E>> List<String> names(E[] values, Predicate<E> allowed) {
        return Arrays.stream(values).filter(allowed).map(Enum::name).toList();
    }

    /** The fields of an order of a kind as the API names them. */
    private static Map<String, String> fields(OrderKind kind, Venue venue) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("order_type", kind.type().name());
        fields.put("session", kind.session().name());
        fields.put("time_in_force", kind.timeInForce().name());
        fields.put("venue", venue.name());
        return fields;
    }

    @Override
    public Optional<Acceptance> acceptance(OrderKind kind, Venue venue, LocalDate day) {
        return divisions
                .find(kind, venue, day)
                .flatMap(it -> it.last().map(last -> new Acceptance(it.accepted(), last, it.sharesOnly())));
    }
}
