package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Cash of an account in one currency. | 계좌의 통화별 예수금.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param currency Currency of the amounts. | 통화.
 * @param cashAvailable What a further buy may cost, commission included: {@code deposit_in_two_days} less open buys
 *     and buys that KIS's answer may not include yet. The limit {@code check_cash} accepts a buy of exactly that cost.
 *     Null when it is unknown: KIS's answer is older than a minute, the price of an open buy is unknown, or the journal
 *     is unavailable. | 주문가능현금 (수수료 포함): {@code deposit_in_two_days}에서 미체결 매수와 KIS 응답에 아직
 *     반영되지 않았을 수 있는 매수를 뺀 금액. {@code check_cash} 한도는 이 금액과 같은 매수까지 허용합니다. 알 수 없으면 null:
 *     KIS 응답이 1분보다 오래되었거나, 미체결 매수의 가격을 모르거나, 저널을 쓸 수 없는 경우.
 * @param deposit Cash today. | 예수금.
 * @param depositNextDay Cash after tomorrow's settlement. | 익일 결제 후 예수금.
 * @param depositInTwoDays Cash after all settlements recorded so far (D+2; of dollars D+1); open orders are not subtracted. | 결제 후
 *     예수금(원화 D+2, 달러 D+1). 미체결 주문은 차감하지 않습니다.
 * @param nextSettlementDay Day to which {@code deposit_next_day} belongs. | {@code deposit_next_day}의 결제일.
 * @param lastSettlementDay Day to which {@code deposit_in_two_days} belongs: when trades of today settle. | 오늘 체결의 결제일.
 *     {@code deposit_in_two_days}의 기준일.
 * @param totalValue Value of cash and positions. | 총평가금액: 예수금과 보유종목.
 * @param changeToday Change of {@code total_value} since the last close, signed, including money paid in or out;
 *     null if KIS does not report it. | 전일 대비 총평가금액 증감 (입출금 포함). KIS가 제공하지 않으면 null.
 * @param asOfMs Time at which the request was sent to KIS, epoch milliseconds; later changes may be missing. | KIS 요청
 *     전송 시각 (epoch 밀리초). 이후의 변경은 빠져 있을 수 있습니다.
 * @param state Reliability of the figures. | 수치의 상태.
 * @param ageMs Time since the request was sent to KIS, milliseconds. | KIS 요청 전송 후 경과 시간 (밀리초).
 */
public record Balance(
        String accountId,
        @OneOf({"KRW", "USD"}) String currency,
        @Range(min = 0) Optional<BigDecimal> cashAvailable,
        BigDecimal deposit,
        BigDecimal depositNextDay,
        BigDecimal depositInTwoDays,
        LocalDate nextSettlementDay,
        LocalDate lastSettlementDay,
        BigDecimal totalValue,
        Optional<BigDecimal> changeToday,
        long asOfMs,
        @DataState String state,
        @Range(min = 0) long ageMs) {}
