package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.market.Symbol;

/**
 * Has an order judged by an answer about its account that is at hand, and a second time by a new one when the first said
 * no for want of shares or cash: what was bought or came back since is only in the newer. Asking first would cost a
 * question an order.
 */
public final class AccountLook {
    private final Portfolio portfolio;

    public AccountLook(Portfolio portfolio) {
        this.portfolio = portfolio;
    }

    /**
     * What {@code judge} says; it is called twice at most.
     *
     * @param judge decides by what is known of the account
     * @param refusal the code of a decision that is a no
     */
    public <A> A judge(
            String account,
            Symbol symbol,
            Function<Seen<AccountFigures>, A> judge,
            Function<A, Optional<ErrorCode>> refusal) {
        Seen<Holdings> held = portfolio.forOrder(account).holdings();
        A first = judge.apply(AccountFigures.of(held, symbol));
        if (refusal.apply(first).filter(RiskRules::worthAskingAnew).isEmpty()) {
            return first;
        }
        Seen<Holdings> anew = portfolio.ask(account).holdings();
        boolean newer = askedAt(anew).isPresent() && !askedAt(anew).equals(askedAt(held));
        return newer ? judge.apply(AccountFigures.of(anew, symbol)) : first;
    }

    private static Optional<Instant> askedAt(Seen<Holdings> seen) {
        return switch (seen) {
            case Seen.Known<Holdings>(Holdings _, Instant askedAt) -> Optional.of(askedAt);
            case Seen.Stale<Holdings>(Holdings _, Instant askedAt, String _) -> Optional.of(askedAt);
            case Seen.Unknown<Holdings> _ -> Optional.empty();
        };
    }
}
