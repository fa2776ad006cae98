package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;

/**
 * Evaluates an order with the cached account answer, and a second time with a new one when the first evaluation refused
 * for missing shares or cash: only a newer answer has what was bought or released since. Requesting first would cost one
 * call per order.
 */
public final class AccountRefresh {
    private final PerMarket<Portfolio> portfolios;

    public AccountRefresh(PerMarket<Portfolio> portfolios) {
        this.portfolios = portfolios;
    }

    /**
     * The answer of {@code evaluation}, which is called twice at most.
     *
     * @param credit of the order that is evaluated
     * @param evaluation decides by the facts of the account
     * @param refusal the code of a decision that refuses
     */
    public <A> A evaluate(
            String account,
            MarketSymbol symbol,
            Optional<Credit> credit,
            Function<Observation<AccountFigures>, A> evaluation,
            Function<A, Optional<ErrorCode>> refusal) {
        Portfolio portfolio = portfolios.of(symbol);
        Observation<Holdings> cached = portfolio.holdingsForOrder(account).holdings();
        A first = evaluation.apply(AccountFigures.of(cached, symbol, credit));
        if (refusal.apply(first).filter(RiskRules::mayPassAfterRefresh).isEmpty()) {
            return first;
        }
        Observation<Holdings> refreshed = portfolio.currentHoldings(account).holdings();
        boolean newer =
                requestedAt(refreshed).isPresent() && !requestedAt(refreshed).equals(requestedAt(cached));
        return newer ? evaluation.apply(AccountFigures.of(refreshed, symbol, credit)) : first;
    }

    private static Optional<Instant> requestedAt(Observation<Holdings> observation) {
        return switch (observation) {
            case Observation.Current<Holdings>(Holdings _, Instant requestedAt) -> Optional.of(requestedAt);
            case Observation.Stale<Holdings>(Holdings _, Instant requestedAt, String _) -> Optional.of(requestedAt);
            case Observation.Unknown<Holdings> _ -> Optional.empty();
        };
    }
}
