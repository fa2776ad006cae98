package kr.kisgateway.gateway.risk;

import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/** Which orders may be on credit. Pure. */
public final class CreditRules {
    private CreditRules() {}

    /** Why an order of this symbol and side cannot have that loan. */
    public static Optional<Refusal> refusal(MarketSymbol symbol, Side side, CreditType type) {
        if (!(symbol instanceof Symbol)) {
            return invalid("only Korean stocks are bought on credit; omit credit to order " + symbol + " in cash");
        }
        if (type.side() != side) {
            var allowed = Stream.of(CreditType.values())
                    .filter(it -> it.side() == side)
                    .map(Enum::name)
                    .toList();
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_CREDIT,
                            "a " + side + " cannot be a " + type
                                    + ": a buy opens a loan, a sell repays one; credit.type is "
                                    + String.join(" or ", allowed))
                    .with("allowed", allowed));
        }
        return Optional.empty();
    }

    /**
     * Why an order may not have that loan on {@code day}. A sale that repays is never refused for the setting: selling out must stay
     * possible.
     */
    static Optional<Refusal> refusal(MarketSymbol symbol, Side side, Credit credit, LocalDate day, LiveGuards guards) {
        Optional<Refusal> impossible = refusal(symbol, side, credit.type());
        if (impossible.isPresent()) {
            return impossible;
        }
        if (!credit.type().opensLoan()) {
            return credit.loanDate().isAfter(day)
                    ? invalid("loan_date " + credit.loanDate() + " is in the future; GET /v1/positions shows the loans")
                    : Optional.empty();
        }
        if (!guards.credit()) {
            return Optional.of(Refusal.of(
                    ErrorCode.CREDIT_DISABLED,
                    "buying on credit is off: set KIS_CREDIT=true and restart to allow it, or omit credit to buy with"
                            + " cash"));
        }
        return credit.loanDate().equals(day)
                ? Optional.empty()
                : invalid("the loan of a buy is of its own day, " + day + "; omit loan_date");
    }

    private static Optional<Refusal> invalid(String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_CREDIT, message));
    }
}
