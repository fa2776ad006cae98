package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.MarketSymbol;

/**
 * The broker's figures of an account and one symbol, all from one answer.
 *
 * @param cash in units of the currency, after all recorded settlements (D+2); fills are in it, open orders are not
 * @param holdingQty shares of the symbol
 * @param sellable of these, not reserved by a sale recorded at the broker: for an order in cash those paid in cash, for one that
 *     repays a loan those bought with it
 * @param dayResult worth of everything less its worth at the last close, if the broker reported both
 * @param loans the loans with which the symbol was bought, oldest first
 */
public record AccountFigures(
        long cash, long holdingQty, long sellable, OptionalLong dayResult, List<Holdings.Loan> loans) {
    public AccountFigures {
        loans = List.copyOf(loans);
    }

    /** Figures without loans. */
    public AccountFigures(long cash, long holdingQty, long sellable, OptionalLong dayResult) {
        this(cash, holdingQty, sellable, dayResult, List.of());
    }

    /**
     * The figures of {@code symbol} in {@code observation}; a symbol missing there is not held.
     *
     * @param credit of the order whose figures they are
     */
    public static Observation<AccountFigures> of(
            Observation<Holdings> observation, MarketSymbol symbol, Optional<Credit> credit) {
        return switch (observation) {
            case Observation.Current<Holdings>(Holdings holdings, Instant requestedAt) ->
                new Observation.Current<>(of(holdings, symbol, credit), requestedAt);
            case Observation.Stale<Holdings>(Holdings holdings, Instant requestedAt, String reason) ->
                new Observation.Stale<>(of(holdings, symbol, credit), requestedAt, reason);
            case Observation.Unknown<Holdings>(String reason) -> new Observation.Unknown<>(reason);
        };
    }

    private static AccountFigures of(Holdings holdings, MarketSymbol symbol, Optional<Credit> credit) {
        long holdingQty = 0;
        long sellable = 0;
        List<Holdings.Loan> loans = new ArrayList<>();
        for (Holdings.Position position : holdings.positions()) {
            if (position.symbol().equals(symbol)) { // one row for shares paid in cash and for each loan
                holdingQty += position.qty();
                sellable += isSoldBy(position, credit) ? position.sellableQty() : 0;
                position.loan().ifPresent(loans::add);
            }
        }
        loans.sort(Comparator.comparing(Holdings.Loan::date));
        return new AccountFigures(
                holdings.cash().settled(), holdingQty, sellable, holdings.cash().changeToday(), loans);
    }

    /** Whether a sale with that loan, or in cash, sells these shares. */
    private static boolean isSoldBy(Holdings.Position position, Optional<Credit> credit) {
        return credit.isEmpty()
                ? position.loan().isEmpty()
                : position.loan()
                        .filter(loan -> loan.date().equals(credit.get().loanDate()))
                        .filter(loan -> loan.repaidBy().contains(credit.get().type()))
                        .isPresent();
    }
}
