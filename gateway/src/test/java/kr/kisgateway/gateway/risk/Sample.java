package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** Facts about an order to start from; each {@code with} changes one. Everything is known and nothing is tight. */
record Sample(Facts facts) {
    static final Instant NOW = Instant.parse("2026-11-20T02:00:00Z");
    static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    static final Symbol SAMSUNG = new Symbol("005930");
    static final RiskScope SCOPE = new RiskScope("A1", RiskScope.KR, DAY, "local", Optional.of("swing"));
    static final AccountFigures RICH = new AccountFigures(1_000_000_000L, 1_000, 1_000, OptionalLong.of(0));

    static Sample buy(long qty, long price) {
        return of(Side.BUY, qty, OptionalLong.of(price));
    }

    static Sample sell(long qty, long price) {
        return of(Side.SELL, qty, OptionalLong.of(price));
    }

    static Sample marketBuy(long qty, OptionalLong worst) {
        var limit = of(Side.BUY, qty, OptionalLong.empty());
        return limit.asking(
                new Facts.Asked(SAMSUNG, Side.BUY, qty, 0, OptionalLong.empty(), worst, Optional.empty(), false));
    }

    private static Sample of(Side side, long qty, OptionalLong price) {
        return new Sample(new Facts(
                SCOPE,
                new Facts.Asked(SAMSUNG, side, qty, 0, price, OptionalLong.empty(), Optional.empty(), false),
                Session.REGULAR,
                NOW,
                new MarketFacts(
                        OptionalLong.of(70_000),
                        OptionalLong.of(49_000),
                        OptionalLong.of(91_000),
                        MarketFacts.Standing.NORMAL),
                new Seen.Known<>(RICH, NOW),
                Facts.Control.none()));
    }

    Sample asking(Facts.Asked asked) {
        return new Sample(new Facts(
                facts.scope(), asked, facts.session(), facts.now(), facts.market(), facts.account(), facts.control()));
    }

    Sample modifying(String order, long filled) {
        var asked = facts.asked();
        return asking(new Facts.Asked(
                asked.symbol(),
                asked.side(),
                asked.qty(),
                filled,
                asked.limitPrice(),
                asked.worstPrice(),
                Optional.of(order),
                false));
    }

    Sample dryRun() {
        var asked = facts.asked();
        return asking(new Facts.Asked(
                asked.symbol(),
                asked.side(),
                asked.qty(),
                asked.filled(),
                asked.limitPrice(),
                asked.worstPrice(),
                asked.replaces(),
                true));
    }

    Sample from(RiskScope scope) {
        return new Sample(new Facts(
                scope, facts.asked(), facts.session(), facts.now(), facts.market(), facts.account(), facts.control()));
    }

    Sample in(Session session) {
        return new Sample(new Facts(
                facts.scope(), facts.asked(), session, facts.now(), facts.market(), facts.account(), facts.control()));
    }

    Sample at(Instant now) {
        return new Sample(new Facts(
                facts.scope(), facts.asked(), facts.session(), now, facts.market(), facts.account(), facts.control()));
    }

    Sample where(MarketFacts market) {
        return new Sample(new Facts(
                facts.scope(), facts.asked(), facts.session(), facts.now(), market, facts.account(), facts.control()));
    }

    Sample told(Seen<AccountFigures> account) {
        return new Sample(new Facts(
                facts.scope(), facts.asked(), facts.session(), facts.now(), facts.market(), account, facts.control()));
    }

    Sample under(Facts.Control control) {
        return new Sample(new Facts(
                facts.scope(), facts.asked(), facts.session(), facts.now(), facts.market(), facts.account(), control));
    }

    /** An order of the sample's scope that is open since {@code taken}, or unsent. */
    static Working working(String id, Side side, long filled, long value, long remaining, long price, boolean taken) {
        return new Working(
                id,
                SCOPE,
                SAMSUNG,
                side,
                filled,
                value,
                remaining,
                OptionalLong.of(price),
                OptionalLong.empty(),
                taken ? Optional.of(NOW) : Optional.empty(),
                false);
    }

    static RiskLimits usual() {
        return RiskLimits.none()
                .with(RiskLimit.DAILY_ORDERS, 50)
                .with(RiskLimit.MAX_QTY, 100)
                .with(RiskLimit.MAX_NOTIONAL, 10_000_000);
    }

    static Set<Symbol> only(Symbol symbol) {
        return Set.of(symbol);
    }
}
