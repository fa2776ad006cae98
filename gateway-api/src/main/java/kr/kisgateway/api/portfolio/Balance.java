package kr.kisgateway.api.portfolio;

import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Cash of an account. | 계좌의 예수금.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param currency Currency of the amounts. | 통화.
 * @param cashAvailable Cash that orders can spend, won: what is left after all settlements recorded so far (D+2). |
 *     주문가능현금 (원): 현재까지의 결제를 모두 반영한 D+2 예수금.
 * @param deposit Cash today, won. | 예수금 (원).
 * @param depositNextDay Cash after tomorrow's settlement, won. | 익일 결제 후 예수금 (원).
 * @param totalValue Value of cash and positions, won. | 총평가금액 (원): 예수금과 보유종목.
 * @param changeToday Change of {@code total_value} since the last close, won, signed, including money paid in or out;
 *     null if KIS does not report it. | 전일 대비 총평가금액 증감 (원, 입출금 포함). KIS가 제공하지 않으면 null.
 * @param asOfMs Time at which the request was sent to KIS, epoch milliseconds; later changes may be missing. | KIS 요청
 *     전송 시각 (epoch 밀리초). 이후의 변경은 빠져 있을 수 있습니다.
 * @param state Reliability of the figures. | 수치의 상태.
 * @param ageMs Time since the request was sent to KIS, milliseconds. | KIS 요청 전송 후 경과 시간 (밀리초).
 */
public record Balance(
        String accountId,
        @OneOf("KRW") String currency,
        long cashAvailable,
        long deposit,
        long depositNextDay,
        long totalValue,
        OptionalLong changeToday,
        long asOfMs,
        @DataState String state,
        @Range(min = 0) long ageMs) {}
