package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * An order with its fills. | 주문과 체결 내역.
 *
 * @param orderId Order id, the same for the whole life of the order. | 게이트웨이 주문 ID. 주문이 끝날 때까지 바뀌지 않습니다.
 * @param status Current status. | 현재 상태.
 * @param error Category of the last error; null when there is none. | 마지막 오류 구분. 없으면 null.
 * @param updatedAt Time of the last change in epoch seconds, with milliseconds as decimals. | 최종 변경 시각(epoch 초, 소수부는
 *     밀리초).
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol of the instrument. | 종목코드.
 * @param side {@code BUY} or {@code SELL}. | 매매구분(BUY 매수, SELL 매도).
 * @param qty Quantity in shares, with accepted modifications applied. | 주문수량(주). 반영된 정정을 포함합니다.
 * @param orderType Type of the order. | 주문 유형.
 * @param session Session in which the order trades. | 거래 세션.
 * @param timeInForce How long the order is valid. | 유효 조건(DAY 당일, IOC, FOK).
 * @param price Limit price in {@code currency}, with accepted modifications applied; null for a type without one. |
 *     주문가격({@code currency}). 반영된 정정을 포함합니다. 가격이 없는 유형은 null.
 * @param stopPrice Price in won whose trade triggers a {@code STOP_LIMIT}; null for all others. | 스톱지정가의 조건가격(원). 그 외에는
 *     null.
 * @param currency Currency of its prices and amounts. | 가격과 금액의 통화.
 * @param venue Venue of the order; {@code SOR} is smart order routing, US stocks have their exchange. | 거래소. SOR 은 최선집행, 미국
 *     주식은 상장 거래소.
 * @param strategyId Strategy label; null when there is none. | 전략 이름. 없으면 null.
 * @param credit Loan of a credit order; null for an order in cash. | 신용주문의 융자. 현금 주문은 null.
 * @param filledQty Shares filled so far. | 총체결수량(주).
 * @param remainingQty Shares still open; 0 once the order has ended. | 미체결수량(주). 종료된 주문은 0.
 * @param avgPrice Average price of the fills, to four decimals; null before the first fill. | 체결평균가(소수 4자리까지). 체결 전에는 null.
 * @param kisOrderNo KIS order number under which the order rests or rested last, ten digits; null before the first
 *     one. | 현재 또는 마지막 KIS 주문번호(10자리). 번호를 받기 전에는 null.
 * @param external Whether the order was placed outside the gateway. | 외부 주문 여부.
 * @param by Name of the API key that placed the order; null for an external order. | 주문한 API 키 이름. 외부 주문은 null.
 * @param lastChange Last cancel, modification or operator decision that a caller requested; null when there is none.
 *     | 호출자가 마지막으로 요청한 취소·정정·수동 확정. 없으면 null.
 * @param kisOrderNos All KIS order numbers of the order, oldest first. | 모든 KIS 주문번호(오래된 순).
 * @param candidates KIS order numbers that the order may have by the list read last, of which resolve accepts one;
 *     only while the order is {@code UNKNOWN}, else left out. | 마지막 목록 기준으로 이 주문일 수 있는 KIS 주문번호. 이 중 하나로 수동 확정합니다.
 *     UNKNOWN 상태에서만 제공하며 그 외에는 생략.
 * @param repricing How the gateway chooses the price; null where the caller does. | 게이트웨이가 정하는 가격. 직접 정한 주문은 null.
 * @param routing Why the gateway chose the venue; null where the caller did. | 게이트웨이가 거래소를 고른 이유. 직접 정한 주문은 null.
 * @param replaces Order that this one replaces after a modification with {@code replace}; null for all others. | 이 주문이 대체한
 *     주문. 없으면 null.
 * @param replacedBy Order that replaces this one once its cancel is proven; {@code reason} tells when it was not placed. Null
 *     when no replacement was requested. | 이 주문을 대체할 주문. 취소가 확인된 뒤 접수되며, 접수되지 않으면 reason 에 사유가 있습니다. 없으면 null.
 * @param reason Why the order ended or is delayed, in words; for an external order, that it is one. Null when there
 *     is nothing to explain. | 종료·지연 사유(문장). 외부 주문은 외부 주문임을 표시. 없으면 null.
 * @param idempotencyKey Idempotency key under which the order was placed; for an external order, trading day and
 *     broker order number. | 주문 요청의 멱등키. 외부 주문은 영업일과 주문번호.
 * @param tradingDay Trading day of the order, of New York for US stocks. | 영업일. 미국 주식은 뉴욕 기준.
 * @param createdAt Time of the acceptance, for an external order of its adoption. | 접수 시각. 외부 주문은 편입 시각.
 * @param dispatchBy Deadline for sending; the order is not sent after it. | 전송 기한. 이후에는 전송하지 않습니다.
 * @param seq Journal cursor of the last change. | 최종 변경의 저널 이어받기 위치.
 * @param fills Fills of the order, in the order in which they were recorded. | 체결 내역(기록 순).
 */
public record Order(
        String orderId,
        @OrderStatus String status,
        @OrderError Optional<String> error,
        BigDecimal updatedAt,
        String accountId,
        @AnySymbol String symbol,
        @Side String side,
        long qty,
        @OrderType String orderType,
        @OrderSession String session,
        @TimeInForce String timeInForce,
        Optional<BigDecimal> price,
        OptionalLong stopPrice,
        @OneOf({"KRW", "USD"}) String currency,

        @OneOf({"KRX", "NXT", "SOR", "NASD", "NYSE", "AMEX"})
        String venue,

        Optional<String> strategyId,
        Optional<Credit> credit,
        long filledQty,
        long remainingQty,
        Optional<BigDecimal> avgPrice,
        Optional<String> kisOrderNo,
        boolean external,
        Optional<String> by,
        Optional<OrderChange> lastChange,
        List<String> kisOrderNos,
        @OmittedWhenEmpty Optional<List<String>> candidates,
        Optional<Repricing> repricing,
        Optional<Routing> routing,
        Optional<String> replaces,
        Optional<String> replacedBy,
        Optional<String> reason,
        String idempotencyKey,
        LocalDate tradingDay,
        OffsetDateTime createdAt,
        OffsetDateTime dispatchBy,
        long seq,
        List<Fill> fills) {}
