package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Shares of one symbol that an account owns, paid in cash or with one loan. | 계좌의 보유종목. 현금 매수분과 융자별 매수분을 나눕니다.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol of the position. | 종목코드.
 * @param name Korean name. | 종목명.
 * @param qty Shares owned. | 보유수량 (주).
 * @param sellableQty Shares owned less those that open sells reserve. | 매도가능수량 (주): 보유수량에서 미체결 매도수량을 뺀 수량.
 * @param avgPrice Average cost per share. | 매입평균가.
 * @param cost Cost of the position. | 매입금액.
 * @param price Current price. | 현재가.
 * @param value Valuation at the current price. | 평가금액.
 * @param pnl Profit and loss: valuation less cost. | 평가손익: 평가금액에서 매입금액을 뺀 금액.
 * @param currency Currency of the amounts. | 통화.
 * @param loan Loan with which the shares were bought; null for shares paid in cash. | 신용 매수분의 융자. 현금 매수분은 null.
 * @param asOfMs Time at which the request was sent to KIS, epoch milliseconds; later changes may be missing. | KIS 요청
 *     전송 시각 (epoch 밀리초). 이후의 변경은 빠져 있을 수 있습니다.
 * @param state Reliability of the figures. | 수치의 상태.
 * @param ageMs Time since the request was sent to KIS, milliseconds. | KIS 요청 전송 후 경과 시간 (밀리초).
 */
public record Position(
        String accountId,
        @AnySymbol String symbol,
        String name,
        @Range(min = 0) long qty,
        @Range(min = 0) long sellableQty,
        BigDecimal avgPrice,
        BigDecimal cost,
        BigDecimal price,
        BigDecimal value,
        BigDecimal pnl,
        @OneOf({"KRW", "USD"}) String currency,
        Optional<PositionLoan> loan,
        long asOfMs,
        @DataState String state,
        @Range(min = 0) long ageMs) {}
