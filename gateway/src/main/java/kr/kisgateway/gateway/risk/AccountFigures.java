package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.Symbol;

/**
 * What the broker said of an account and one symbol, all in one answer.
 *
 * @param cash won after all settlements known (D+2); fills are in it, open orders are not
 * @param holdingQty shares of the symbol
 * @param sellable of these, not tied up in a sale that the broker knew of
 * @param dayResult worth of everything less its worth at the last close, if the broker said both
 */
public record AccountFigures(long cash, long holdingQty, long sellable, OptionalLong dayResult) {
    /** What {@code seen} says of {@code symbol}; a symbol that it does not name is not held. */
    public static Observation<AccountFigures> of(Observation<Holdings> observation, Symbol symbol) {
        return switch (observation) {
            case Observation.Current<Holdings>(Holdings holdings, Instant requestedAt) ->
                new Observation.Current<>(of(holdings, symbol), requestedAt);
            case Observation.Stale<Holdings>(Holdings holdings, Instant requestedAt, String reason) ->
                new Observation.Stale<>(of(holdings, symbol), requestedAt, reason);
            case Observation.Unknown<Holdings>(String reason) -> new Observation.Unknown<>(reason);
        };
    }

    private static AccountFigures of(Holdings holdings, Symbol symbol) {
        long holdingQty = 0;
        long sellable = 0;
        for (Holdings.Position position : holdings.positions()) {
            if (position.symbol().equals(symbol)) { // one row for each kind of credit
                holdingQty += position.qty();
                sellable += position.sellableQty();
            }
        }
        return new AccountFigures(
                holdings.cash().available(),
                holdingQty,
                sellable,
                holdings.cash().changeToday());
    }
}
