package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import kr.kisgateway.gateway.risk.Exposure;
import kr.kisgateway.gateway.risk.OpenExposure;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;

/** What orders bind of the account and of the limits. */
final class OrderExposure {
    private final Exposure all;

    /** When the broker first acknowledged an order. */
    private final Map<OrderId, Instant> acknowledged = new HashMap<>();

    /** Of shared scopes: where each order has a label of its own there is nothing to share. */
    private static final int SCOPES_MAX = 1_000;

    private final Map<RiskScope, RiskScope> scopes = new HashMap<>();

    /** @param commissions that its amounts include */
    OrderExposure(Commissions commissions) {
        this.all = new Exposure(commissions);
    }

    /** The sums that the limits are compared with. */
    Exposure all() {
        return all;
    }

    void recordAccepted(RiskScope scope, Instant at) {
        all.recordAccepted(scope, at);
    }

    void recordNeverTaken(RiskScope scope) {
        all.recordNeverTaken(scope);
    }

    void recordModified(RiskScope scope, Instant at) {
        all.recordModified(scope, at);
    }

    /** Replaces what {@code order} bound before. */
    void update(Order order, Instant now) {
        all.update(openExposure(order, order.replacement().filter(Replacement::isPending), now), now);
    }

    /** Frees what is reserved for the order that is to replace {@code original}: that one is evaluated now. */
    void release(Order original, Instant now) {
        all.update(openExposure(original, Optional.empty(), now), now);
    }

    void rollTo(TradingDay today, Instant now) {
        scopes.keySet().removeIf(scope -> scope.day().isBefore(today));
        all.rollTo(today, now);
    }

    /** Forgets when other orders were acknowledged. */
    void retain(Predicate<OrderId> known) {
        acknowledged.keySet().removeIf(known.negate());
    }

    /** The amount that a further buy may cost, in units of its currency; empty while that is unknown. */
    OptionalLong availableCash(OrderInput.QueryCash query, Instant now) {
        OptionalLong available = RiskRules.isFresh(query.requestedAt(), now)
                ? all.availableCash(query.deposit(), query.requestedAt(), query.account(), query.currency())
                : OptionalLong.empty();
        return available.isPresent() ? OptionalLong.of(Math.max(0, available.getAsLong())) : available;
    }

    /** Whose limits an order counts against. */
    static RiskScope scope(Order order) {
        return new RiskScope(
                order.terms().accountId(),
                order.day(),
                order.key().principal(),
                order.terms().strategyId());
    }

    /** @param replacement a pending one is counted from its request on, so that what it needs is there when it is placed */
    private OpenExposure openExposure(Order order, Optional<Replacement> replacement, Instant now) {
        Terms terms = order.terms();
        if (order.isAtBroker()) {
            acknowledged.putIfAbsent(order.id(), now);
        }
        long replacing = replacement.map(it -> it.qty() - order.filled()).orElse(0L);
        return new OpenExposure(
                order.id().text(),
                shared(scope(order)),
                terms.symbol(),
                terms.side(),
                order.filled(),
                order.value(),
                Math.max(order.remaining(), replacing),
                worsePrice(order, replacement),
                order.worstPrice(),
                Optional.ofNullable(acknowledged.get(order.id())),
                order.external(),
                terms.loanDate());
    }

    private RiskScope shared(RiskScope scope) {
        return scopes.size() < SCOPES_MAX ? scopes.computeIfAbsent(scope, it -> it) : scopes.getOrDefault(scope, scope);
    }

    /** While another price is in flight or a replacement pending, the worse of both. */
    private static OptionalLong worsePrice(Order order, Optional<Replacement> replacement) {
        if (!order.terms().kind().type().isBoundByPrice()) {
            return OptionalLong.empty(); // it may trade at any price
        }
        OptionalLong now = order.terms().price();
        OptionalLong requested = order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY)
                .map(BrokerRequest::price)
                .or(() -> replacement.map(Replacement::price))
                .orElse(OptionalLong.empty());
        if (now.isEmpty() || requested.isEmpty()) {
            return now;
        }
        return OptionalLong.of(
                order.terms().side() == Side.BUY
                        ? Math.max(now.getAsLong(), requested.getAsLong())
                        : Math.min(now.getAsLong(), requested.getAsLong()));
    }
}
