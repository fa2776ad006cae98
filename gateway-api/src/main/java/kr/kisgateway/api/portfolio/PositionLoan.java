package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/**
 * Loan with which shares were bought on credit. | 신용으로 매수한 보유종목의 융자.
 *
 * @param loanDate Date of the loan, which a sell that repays it names. | 대출일. 상환 매도에 지정합니다.
 * @param amount Amount lent. | 대출금액.
 * @param repaidBy Values of {@code credit.type} with which a sell repays it; none for borrowed stock, which the gateway does not
 *     order. | 상환 매도의 credit.type. 대주는 없음.
 */
public record PositionLoan(LocalDate loanDate, BigDecimal amount, List<String> repaidBy) {}
