package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.order.Credit;
import kr.kisgateway.api.order.OrderSession;
import kr.kisgateway.api.order.OrderType;
import kr.kisgateway.api.order.Side;
import kr.kisgateway.api.order.TimeInForce;
import kr.kisgateway.api.schema.OneOf;

/**
 * The order of a parent order. | 예약된 주문.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol of the instrument. | 종목코드.
 * @param side {@code BUY} or {@code SELL}. | 매매구분(BUY 매수, SELL 매도).
 * @param qty Quantity in shares. | 주문수량(주).
 * @param orderType Type of the order. | 주문 유형.
 * @param session Session in which the order trades. | 거래 세션.
 * @param timeInForce How long the order is valid. | 유효 조건(DAY 당일, IOC, FOK).
 * @param price Limit price in {@code currency}; null for a type without one. | 주문가격({@code currency}). 가격이 없는 유형은 null.
 * @param stopPrice Price in won whose trade triggers a {@code STOP_LIMIT}; null for all others. | 스톱지정가의 조건가격(원). 그 외에는
 *     null.
 * @param currency Currency of its prices. | 가격의 통화.
 * @param venue Venue of the order; {@code SOR} is smart order routing, {@code AUTO} is chosen when each order is placed, US stocks
 *     have their exchange. | 거래소. SOR 은 최선집행, AUTO 는 주문을 접수할 때 선택, 미국 주식은 상장 거래소.
 * @param strategyId Strategy label; null when there is none. | 전략 이름. 없으면 null.
 * @param credit Loan of a credit order; null for an order in cash. | 신용주문의 융자. 현금 주문은 null.
 */
public record ParentOrder(
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

        @OneOf({"KRX", "NXT", "SOR", "AUTO", "NASD", "NYSE", "AMEX"})
        String venue,

        Optional<String> strategyId,
        Optional<Credit> credit) {}
