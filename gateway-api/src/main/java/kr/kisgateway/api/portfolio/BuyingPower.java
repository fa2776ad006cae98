package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.order.OrderType;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * How many shares a buy may be for: KIS's figure, the gateway's own, and what the limits of orders leave. | 매수 가능 수량: KIS 조회
 * 값, 게이트웨이 계산 값, 주문 한도에 따른 값.
 *
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol to buy. | 종목코드.
 * @param side Always {@code BUY}. | 매매구분. 항상 BUY.
 * @param orderType Type of the order. | 주문 유형.
 * @param price Its limit price; null for a type without one. | 주문 가격. 가격이 없는 유형은 null.
 * @param currency Currency of the amounts. | 통화.
 * @param qty Shares that a buy may be for: the smallest of KIS's quantity, the gateway's and those of the limits. Null when
 *     the available cash is unknown. | 매수 가능 수량 (주): KIS, 게이트웨이, 한도의 수량 중 가장 작은 값. 주문가능현금을 알 수 없으면 null.
 * @param boundBy What that quantity comes from: {@code KIS}, {@code CASH} (the gateway's figure) or {@code LIMIT} (the
 *     first of {@code limits}); of equal ones the first of these. Null when {@code qty} is. | 수량을 정한 기준. KIS: KIS 조회 값,
 *     CASH: 게이트웨이 계산 값, LIMIT: {@code limits} 의 첫 항목. 같으면 앞의 것. {@code qty} 가 null이면 null.
 * @param kis KIS's figure. | KIS 매수가능조회 값.
 * @param gateway The gateway's figure. | 게이트웨이 계산 값.
 * @param limits Limits of orders that bound a quantity, the strictest first; of each the strictest layer. | 수량을 제한하는 주문 한도.
 *     가장 엄격한 것부터, 한도마다 가장 엄격한 계층.
 * @param asOfMs Time at which KIS was asked for its figure, epoch milliseconds. | KIS 요청 전송 시각 (epoch 밀리초).
 */
public record BuyingPower(
        String accountId,
        @AnySymbol String symbol,
        @OneOf("BUY") String side,
        @OrderType String orderType,
        Optional<BigDecimal> price,
        @OneOf({"KRW", "USD"}) String currency,
        @Range(min = 0) OptionalLong qty,
        @OneOf({"KIS", "CASH", "LIMIT"}) Optional<String> boundBy,
        KisFigure kis,
        GatewayFigure gateway,
        List<QuantityLimit> limits,
        long asOfMs) {

    /**
     * KIS's buying power (inquire-psbl-order). | KIS 매수가능조회 결과.
     *
     * @param cash Cash for orders ({@code ord_psbl_cash}). | 주문가능현금.
     * @param unitPrice Price that the quantities count with ({@code psbl_qty_calc_unpr}): the limit price, or the upper
     *     price limit where no price bounds the order. | 가능수량계산단가: 지정가, 또는 가격이 정해지지 않는 유형은 상한가.
     * @param amount Buying power without credit ({@code nrcvb_buy_amt}). | 미수 없는 매수금액.
     * @param qty The same in shares ({@code nrcvb_buy_qty}). | 미수 없는 매수수량 (주).
     * @param maxAmount Buying power with credit ({@code max_buy_amt}). | 최대 매수금액.
     * @param maxQty The same in shares ({@code max_buy_qty}). | 최대 매수수량 (주).
     */
    public record KisFigure(
            BigDecimal cash,
            BigDecimal unitPrice,
            BigDecimal amount,
            @Range(min = 0) long qty,
            BigDecimal maxAmount,
            @Range(min = 0) long maxQty) {}

    /**
     * The gateway's buying power: the available cash of the balance, which its own open buys are subtracted from, divided by
     * the price with commission, whole shares. | 게이트웨이 계산: 잔고의 주문가능현금(미체결 매수를 뺀 금액)을 수수료를 포함한 단가로 나눈 정수 수량.
     *
     * @param cashAvailable {@code cash_available} of {@code /v1/balances}; null when it is unknown. |
     *     {@code /v1/balances} 의 {@code cash_available}. 알 수 없으면 null.
     * @param unitPrice Price counted per share: the limit price, or the upper price limit where no price bounds the
     *     order. | 계산 단가: 지정가, 또는 가격이 정해지지 않는 유형은 상한가.
     * @param qty Shares that it buys; null with the cash. | 매수 가능 수량 (주). 현금을 알 수 없으면 null.
     * @param cost Their cost, commission included; null with the cash. | 수수료를 포함한 매수금액. 현금을 알 수 없으면 null.
     * @param fee The commission in it, at KIS's usual rate; null with the cash. | 그중 수수료 (KIS 기본 요율). 현금을 알 수
     *     없으면 null.
     */
    public record GatewayFigure(
            Optional<BigDecimal> cashAvailable,
            BigDecimal unitPrice,
            @Range(min = 0) OptionalLong qty,
            Optional<BigDecimal> cost,
            Optional<BigDecimal> fee) {}

    /**
     * A limit of orders that bounds the quantity of a buy. | 매수 수량을 제한하는 주문 한도.
     *
     * @param limitName Name of the limit, as in {@code /v1/risk/limits}. | 한도 이름 ({@code /v1/risk/limits} 와 같음).
     * @param layer Layer that sets it, as {@code gateway} or {@code account A1}. | 한도를 정한 계층. 예: gateway, account A1.
     * @param limit Its value, shares or the currency. | 한도 값 (주 또는 통화).
     * @param qty Shares that it leaves for one buy. | 이 한도에서 매수할 수 있는 수량 (주).
     */
    public record QuantityLimit(
            @OneOf({
                "max_qty",
                "max_notional",
                "max_notional_usd",
                "daily_notional",
                "daily_notional_usd",
                "max_position",
                "max_position_value",
                "max_position_value_usd"
            })
            String limitName,

            String layer,
            BigDecimal limit,
            @Range(min = 0) long qty) {}
}
