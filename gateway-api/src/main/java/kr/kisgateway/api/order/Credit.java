package kr.kisgateway.api.order;

import java.time.LocalDate;
import kr.kisgateway.api.schema.OneOf;

/**
 * Loan of a credit order (신용주문). | 신용주문의 융자.
 *
 * @param type What the order does: a buy opens a loan, a sell repays one; {@code SELF} of the broker, {@code KSFC} of the Korea
 *     Securities Finance Corporation. | 신용유형. 매수는 융자 신규, 매도는 융자 상환. SELF 자기융자, KSFC 유통융자.
 * @param loanDate Date of the loan: of a buy its own day, of a sell that of the loan it repays. | 대출일. 매수는 주문일, 매도는 상환할 융자의
 *     대출일.
 */
public record Credit(
        @OneOf({"SELF_LOAN_OPEN", "KSFC_LOAN_OPEN", "SELF_LOAN_REPAY", "KSFC_LOAN_REPAY"})
        String type,

        LocalDate loanDate) {}
