package kr.kisgateway.market;

import java.time.LocalDate;

/**
 * The loan of a credit order (신용주문).
 *
 * @param loanDate the date of the loan in Seoul (대출일자): of a buy its own day, of a sale that of the loan to repay
 */
public record Credit(CreditType type, LocalDate loanDate) {
    /** The same in an order that is placed on {@code day}. */
    public Credit placedOn(LocalDate day) {
        return type.opensLoan() ? new Credit(type, day) : this;
    }

    /** What a repeated request has to repeat: a buy of a later day is the same. */
    public String canonical() {
        return type + (type.opensLoan() ? "" : "|" + loanDate);
    }
}
