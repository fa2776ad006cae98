package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.market.Symbol;

/**
 * What the broker said of an account and one symbol, all in one answer.
 *
 * @param cash won after all settlements known (D+2); fills are in it, open orders are not
 * @param held shares of the symbol
 * @param sellable of these, not tied up in a sale that the broker knew of
 * @param dayResult worth of everything less its worth at the last close, if the broker said both
 */
public record AccountFigures(long cash, long held, long sellable, OptionalLong dayResult) {
    /** What {@code seen} says of {@code symbol}; a symbol that it does not name is not held. */
    public static Seen<AccountFigures> of(Seen<Holdings> seen, Symbol symbol) {
        return switch (seen) {
            case Seen.Known<Holdings>(Holdings holdings, Instant askedAt) ->
                new Seen.Known<>(of(holdings, symbol), askedAt);
            case Seen.Stale<Holdings>(Holdings holdings, Instant askedAt, String reason) ->
                new Seen.Stale<>(of(holdings, symbol), askedAt, reason);
            case Seen.Unknown<Holdings>(String reason) -> new Seen.Unknown<>(reason);
        };
    }

    private static AccountFigures of(Holdings holdings, Symbol symbol) {
        long held = 0;
        long sellable = 0;
        for (Holdings.Position position : holdings.positions()) {
            if (position.symbol().equals(symbol)) { // one row for each kind of credit
                held += position.qty();
                sellable += position.sellableQty();
            }
        }
        return new AccountFigures(
                holdings.cash().available(), held, sellable, holdings.cash().changeToday());
    }
}
