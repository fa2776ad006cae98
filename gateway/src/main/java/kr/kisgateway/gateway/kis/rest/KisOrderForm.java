package kr.kisgateway.gateway.kis.rest;

import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivision;
import kr.kisgateway.wire.OrderDivisions;

/** KIS's kinds of orders: those of its order divisions (ORD_DVSN) by venue and date. */
public final class KisOrderForm implements OrderForm {
    private static final int NEAREST = 3;

    private final OrderDivisions divisions;
    private final boolean paper;

    /** @param paper whether KIS's paper trading is behind it, which has a few kinds on KRX */
    public KisOrderForm(OrderDivisions divisions, boolean paper) {
        this.divisions = divisions;
        this.paper = paper;
    }

    @Override
    public Optional<Refusal> refusal(OrderKind kind, Venue venue, LocalDate day) {
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
                .with("nearest", nearest.stream().map(KisOrderForm::fields).toList()));
    }

    /** The fields of an order of a division as the API names them. */
    private static Map<String, String> fields(OrderDivision division) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("order_type", division.kind().type().name());
        fields.put("session", division.kind().session().name());
        fields.put("time_in_force", division.kind().timeInForce().name());
        fields.put("venue", division.venue().name());
        return fields;
    }

    @Override
    public Optional<Acceptance> acceptance(OrderKind kind, Venue venue, LocalDate day) {
        return divisions
                .find(kind, venue, day)
                .flatMap(it -> it.last().map(last -> new Acceptance(it.accepted(), last, it.sharesOnly())));
    }
}
