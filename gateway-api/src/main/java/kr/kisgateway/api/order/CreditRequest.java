package kr.kisgateway.api.order;

import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;

/**
 * Loan that an order takes out or repays. | 주문이 새로 받거나 상환하는 융자.
 *
 * @param type {@code SELF_LOAN_OPEN} or {@code KSFC_LOAN_OPEN} for a buy, {@code SELF_LOAN_REPAY} or {@code KSFC_LOAN_REPAY} for a
 *     sell, in any letter case. | 신용유형(대소문자 무관). 매수는
 *     SELF_LOAN_OPEN(자기융자신규) 또는 KSFC_LOAN_OPEN(유통융자신규), 매도는 SELF_LOAN_REPAY(자기융자상환) 또는 KSFC_LOAN_REPAY(유통융자상환).
 * @param loanDate Date of the loan that a sell repays; of a buy today, so that it may be left out. | 매도로 상환할 융자의 대출일. 매수는 오늘이며
 *     생략할 수 있습니다.
 */
public record CreditRequest(String type, @OmittedWhenEmpty Optional<LocalDate> loanDate) {}
