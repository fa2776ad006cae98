package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;

/** Facts about an order to start from; each {@code with} changes one. All facts are present and far from every limit. */
record RiskSample(RiskFacts facts) {
    static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");
    static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    static final Symbol SAMSUNG = new Symbol("005930");
    static final RiskScope SCOPE = new RiskScope("A1", TradingDay.korean(DAY), "local", Optional.of("swing"));
    static final AccountFigures RICH = new AccountFigures(1_000_000_000L, 1_000, 1_000, OptionalLong.of(0));

    static RiskSample buy(long qty, long price) {
        return of(Side.BUY, qty, OptionalLong.of(price));
    }

    static RiskSample sell(long qty, long price) {
        return of(Side.SELL, qty, OptionalLong.of(price));
    }

    static RiskSample marketBuy(long qty, OptionalLong worst) {
        var limit = of(Side.BUY, qty, OptionalLong.empty());
        return limit.withRequest(new RiskFacts.RequestedOrder(
                SAMSUNG,
                Side.BUY,
                qty,
                0,
                OrderKind.MARKET,
                Venue.KRX,
                OptionalLong.empty(),
                OptionalLong.empty(),
                worst,
                Optional.empty(),
                false));
    }

    private static RiskSample of(Side side, long qty, OptionalLong price) {
        return new RiskSample(new RiskFacts(
                SCOPE,
                new RiskFacts.RequestedOrder(
                        SAMSUNG,
                        side,
                        qty,
                        0,
                        price.isPresent() ? OrderKind.LIMIT : OrderKind.MARKET,
                        Venue.KRX,
                        price,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false),
                new RiskFacts.TradingWindow(true, "REGULAR"),
                NOW,
                new MarketFacts(
                        OptionalLong.of(70_000),
                        OptionalLong.of(49_000),
                        OptionalLong.of(91_000),
                        MarketFacts.Designation.NORMAL),
                new Observation.Current<>(RICH, NOW),
                RiskFacts.Control.none()));
    }

    RiskSample withRequest(RiskFacts.RequestedOrder request) {
        return new RiskSample(new RiskFacts(
                facts.scope(), request, facts.window(), facts.now(), facts.market(), facts.account(), facts.control()));
    }

    RiskSample modifying(String order, long filled) {
        var request = facts.requested();
        return withRequest(new RiskFacts.RequestedOrder(
                request.symbol(),
                request.side(),
                request.qty(),
                filled,
                request.kind(),
                request.venue(),
                request.limitPrice(),
                request.stopPrice(),
                request.worstPrice(),
                Optional.of(order),
                false));
    }

    RiskSample dryRun() {
        var request = facts.requested();
        return withRequest(new RiskFacts.RequestedOrder(
                request.symbol(),
                request.side(),
                request.qty(),
                request.filled(),
                request.kind(),
                request.venue(),
                request.limitPrice(),
                request.stopPrice(),
                request.worstPrice(),
                request.replaces(),
                true));
    }

    RiskSample withScope(RiskScope scope) {
        return new RiskSample(new RiskFacts(
                scope,
                facts.requested(),
                facts.window(),
                facts.now(),
                facts.market(),
                facts.account(),
                facts.control()));
    }

    RiskSample outOfWindow() {
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                new RiskFacts.TradingWindow(false, "CLOSED"),
                facts.now(),
                facts.market(),
                facts.account(),
                facts.control()));
    }

    RiskSample withTime(Instant now) {
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                facts.window(),
                now,
                facts.market(),
                facts.account(),
                facts.control()));
    }

    RiskSample withMarket(MarketFacts market) {
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                facts.window(),
                facts.now(),
                market,
                facts.account(),
                facts.control()));
    }

    RiskSample withAccount(Observation<AccountFigures> account) {
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                facts.window(),
                facts.now(),
                facts.market(),
                account,
                facts.control()));
    }

    RiskSample withControl(RiskFacts.Control control) {
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                facts.window(),
                facts.now(),
                facts.market(),
                facts.account(),
                control));
    }

    /** An order of the sample's scope that is open since {@code taken}, or unsent. */
    static OpenExposure openExposure(
            String id, Side side, long filled, long value, long remaining, long price, boolean acknowledged) {
        return new OpenExposure(
                id,
                SCOPE,
                SAMSUNG,
                side,
                filled,
                value,
                remaining,
                OptionalLong.of(price),
                OptionalLong.empty(),
                acknowledged ? Optional.of(NOW) : Optional.empty(),
                false);
    }

    static RiskLimits usualLimits() {
        return RiskLimits.none()
                .with(RiskLimit.DAILY_ORDERS, 50)
                .with(RiskLimit.MAX_QTY, 100)
                .with(RiskLimit.MAX_NOTIONAL, 10_000_000);
    }

    static Set<Symbol> only(Symbol symbol) {
        return Set.of(symbol);
    }
}
