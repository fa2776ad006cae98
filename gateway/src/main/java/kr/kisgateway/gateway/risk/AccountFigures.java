package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.MarketSymbol;

/**
 * The broker's figures of an account and one symbol, all from one answer.
 *
 * @param cash in units of the currency, after all recorded settlements (D+2); fills are in it, open orders are not
 * @param holdingQty shares of the symbol
 * @param sellable of these, not reserved by a sale recorded at the broker
 * @param dayResult worth of everything less its worth at the last close, if the broker reported both
 */
public record AccountFigures(long cash, long holdingQty, long sellable, OptionalLong dayResult) {
    /** The figures of {@code symbol} in {@code observation}; a symbol missing there is not held. */
    public static Observation<AccountFigures> of(Observation<Holdings> observation, MarketSymbol symbol) {
        return switch (observation) {
            case Observation.Current<Holdings>(Holdings holdings, Instant requestedAt) ->
                new Observation.Current<>(of(holdings, symbol), requestedAt);
            case Observation.Stale<Holdings>(Holdings holdings, Instant requestedAt, String reason) ->
                new Observation.Stale<>(of(holdings, symbol), requestedAt, reason);
            case Observation.Unknown<Holdings>(String reason) -> new Observation.Unknown<>(reason);
        };
    }

    private static AccountFigures of(Holdings holdings, MarketSymbol symbol) {
        long holdingQty = 0;
        long sellable = 0;
        for (Holdings.Position position : holdings.positions()) {
            if (position.symbol().equals(symbol)) { // one row for each kind of credit
                holdingQty += position.qty();
                sellable += position.sellableQty();
            }
        }
        return new AccountFigures(
                holdings.cash().settled(), holdingQty, sellable, holdings.cash().changeToday());
    }
}
