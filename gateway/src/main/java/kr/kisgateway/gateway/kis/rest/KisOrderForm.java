package kr.kisgateway.gateway.kis.rest;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
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
        boolean sellsOnly = kind.type() == OrderType.MOO || kind.type() == OrderType.MOC;
        if (usAcceptance(kind).isPresent() && !(sellsOnly && side == Side.BUY)) {
            return Optional.empty();
        }
        var others = US_KINDS.stream()
                .filter(it -> usAcceptance(it).isPresent())
                .filter(it -> it.type().isPriced() || side == Side.SELL)
                .toList();
        return Optional.of(Refusal.of(
                        ErrorCode.INVALID_ORDER_TYPE,
                        (paper ? "KIS's paper trading has no " : "KIS has no ") + kind + " " + side + " order on "
                                + venue
                                + "; it has "
                                + others.stream().map(OrderKind::toString).collect(Collectors.joining(", ")))
                .with("nearest", others.stream().map(it -> fields(it, venue)).toList()));
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
        Optional<OrderDivision> found = divisions.find(kind, venue, day);
        if (found.isPresent() && (!paper || found.get().paper() && venue == Venue.KRX)) {
            return Optional.empty();
        }
        var nearest = divisions.nearest(kind, venue, day, paper, NEAREST);
        return Optional.of(Refusal.of(
                        ErrorCode.INVALID_ORDER_TYPE,
                        (found.isPresent() ? "KIS's paper trading has no " : "KIS has no ") + kind + " order on "
                                + venue
                                + "; nearest are "
                                + nearest.stream()
                                        .map(it -> it.kind() + " on " + it.venue())
                                        .collect(Collectors.joining(", ")))
                .with(
                        "nearest",
                        nearest.stream()
                                .map(it -> fields(it.kind(), it.venue()))
                                .toList()));
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
