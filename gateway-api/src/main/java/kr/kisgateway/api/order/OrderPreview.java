package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * What placing an order would be answered, what it would cost and what it would use; nothing is placed or recorded. |
 * 주문 미리보기: 접수 결과, 예상 비용, 한도 사용. 접수하거나 기록하지 않습니다.
 *
 * @param ok Whether placing, or with {@code at} scheduling, would be accepted now. | 지금 접수(at 지정 시 예약) 가능한지 여부.
 * @param refusal The refusal that placing would be answered; null when it would be accepted. | 접수 시 받을 거부 응답. 접수 가능하면
 *     null.
 * @param environment Environment of the gateway; {@code live} is real money. | 환경. live 는 실전투자.
 * @param figures The figures; null when the fields of the body make no order ({@code INVALID_PRICE} and the like), or when the
 *     desk cannot decide now. | 예상 수치. 본문이 주문이 되지 않거나 지금 판단할 수 없으면 null.
 */
public record OrderPreview(
        boolean ok,
        Optional<ApiError> refusal,
        @OneOf({"sim", "mock", "live"}) String environment,
        Optional<Figures> figures) {

    /**
     * The figures of an order. | 주문의 예상 수치.
     *
     * @param accountId Alias of the account. | 계좌 별칭.
     * @param symbol Symbol. | 종목코드.
     * @param name Korean name; null when the symbol is not listed. | 종목명. 상장 종목이 아니면 null.
     * @param board Board; null for a US stock, and when the symbol is not listed. | 시장구분. 미국 종목이거나 상장 종목이 아니면 null.
     * @param product Product; null when the symbol is not listed. | 상품. 상장 종목이 아니면 null.
     * @param side Side. | 매매구분.
     * @param qty Shares. | 주문수량 (주).
     * @param orderType Type. | 주문 유형.
     * @param session Session. | 거래 세션.
     * @param timeInForce Time in force. | 유효 조건.
     * @param price Limit price in {@code currency}; null for a type without one. | 주문 가격({@code currency}). 가격이 없는 유형은 null.
     * @param stopPrice Stop price, won; null for all but STOP_LIMIT. | 조건가격 (원). STOP_LIMIT 외에는 null.
     * @param currency Currency of the prices and amounts. | 가격과 금액의 통화.
     * @param strategyId Strategy label of the order. | 전략 이름.
     * @param credit Loan of a credit order; null for an order in cash. | 신용주문의 융자. 현금 주문은 null.
     * @param venue Venue that it would be sent to. | 거래소.
     * @param venueReason Why: {@code REQUESTED} in the body, {@code DEFAULT} without a venue there, or {@code ROUTED}, chosen for
     *     {@code AUTO}. | 거래소 선택 이유. REQUESTED: 요청에 지정됨, DEFAULT: 지정이 없어 기본값, ROUTED: AUTO 로 선택됨.
     * @param routing Why it was chosen; null unless {@code ROUTED}, and of a scheduled order, whose venue is chosen
     *     when it is placed: the one shown accepts it then. | 선택한 근거. ROUTED 가 아니거나 예약이면 null(예약은 접수할 때 선택하며, 표시한 거래소는 그때
     *     접수 가능한 곳).
     * @param placedAt When it would be placed; null for an order of now. Cash, shares and limits are those of now also then. | 접수
     *     예정 시각. 즉시 주문은 null. 현금, 수량, 한도는 예약이어도 현재 값.
     * @param window Whether the venue accepts it when it is placed. | 접수 시점의 접수 가능 여부.
     * @param dispatchBy Deadline for sending it, of a scheduled order past which it is not placed. | 전송 기한. 예약은 접수 기한.
     * @param cost Estimated amount, commission and tax; null when no price is known, or the symbol is not listed. | 예상 금액과 수수료, 세금. 가격을 알 수 없으면 null.
     * @param cash The gateway's own buying power before and after. | 게이트웨이가 계산한 주문가능현금의 변화.
     * @param shares Shares of the symbol; null for a buy. | 매도 가능 수량의 변화. 매수는 null.
     * @param limits Limits of every layer that apply to it, the widest layer first. | 적용되는 한도. 넓은 계층부터.
     */
    public record Figures(
            String accountId,
            @AnySymbol String symbol,
            Optional<String> name,
            @OneOf({"KOSPI", "KOSDAQ", "KONEX"}) Optional<String> board,
            @OneOf({"STOCK", "ETF", "ETN"}) Optional<String> product,
            @Side String side,
            long qty,
            @OrderType String orderType,
            @OrderSession String session,
            @TimeInForce String timeInForce,
            Optional<BigDecimal> price,
            OptionalLong stopPrice,
            @OneOf({"KRW", "USD"}) String currency,
            Optional<String> strategyId,
            Optional<Credit> credit,

            @OneOf({"KRX", "NXT", "SOR", "NASD", "NYSE", "AMEX"})
            String venue,

            @OneOf({"REQUESTED", "DEFAULT", "ROUTED"}) String venueReason,
            Optional<Routing> routing,
            Optional<OffsetDateTime> placedAt,
            Window window,
            OffsetDateTime dispatchBy,
            Optional<Cost> cost,
            Cash cash,
            Optional<Shares> shares,
            List<Limit> limits) {}

    /**
     * When the venue accepts such an order. | 접수 시간.
     *
     * @param open Whether it accepts one when it is placed. | 접수 시점에 접수 가능한지 여부.
     * @param marketSession Session of the exchange then; {@code DAY_MARKET}, {@code PRE} and {@code AFTER} are those of the
     *     US. | 그때의 장 운영 구간. DAY_MARKET, PRE, AFTER 는 미국 시장.
     * @param restsUntil First instant at which an unfilled rest of that day's order certainly no longer rests; null where the
     *     market never closes (simulator). | 미체결 잔량이 확실히 소멸하는 시각. 장이 닫히지 않는 시뮬레이터에서는 null.
     */
    public record Window(
            boolean open,

            @OneOf({
                "CLOSED",
                "PRE_OPEN_AUCTION",
                "REGULAR",
                "CLOSING_AUCTION",
                "AFTER_HOURS",
                "AFTER_HOURS_SINGLE_PRICE",
                "AFTER_MARKET",
                "DAY_MARKET",
                "PRE",
                "AFTER"
            })
            String marketSession,

            Optional<OffsetDateTime> restsUntil) {}

    /**
     * The estimated amount and costs, in the order's currency and by the account's commission ({@code ORDER_COMMISSION}). | 예상 금액과 비용 (주문 통화, 수수료율은 {@code ORDER_COMMISSION}).
     *
     * @param unitPrice Price counted per share. | 계산 단가.
     * @param basis Where that price is from: {@code LIMIT_PRICE}, the order's own; {@code LAST_PRICE}, the last price of
     *     today; {@code UPPER_LIMIT}, the upper price limit. | 단가 기준. LIMIT_PRICE 주문가격, LAST_PRICE 오늘의 현재가,
     *     UPPER_LIMIT 상한가.
     * @param amount Quantity times that price. | 수량 × 단가.
     * @param commission Commission on the amount, truncated to the unit of the currency. | 수수료 (통화 단위 미만 절사).
     * @param commissionRatePct Its rate, percent. | 수수료율 (%).
     * @param tax Tax on a sale, truncated to whole won; 0 for a buy, null for a sale of a US stock, whose fees are not computed.
     *     | 매도 세금 (원 미만 절사). 매수는 0. 미국 매도 제비용은 계산하지 않아 null.
     * @param taxRatePct Its rate for this board and product today, percent; null with the tax. | 오늘 이 시장과 상품의 세율 (%). 세금이 null이면 null.
     * @param total What a buy costs, or what a sale yields: the amount with commission and the tax, where it is computed. |
     *     매수는 지출액, 매도는 수령액 (계산한 세금까지 반영).
     */
    public record Cost(
            @Range(min = 0) BigDecimal unitPrice,

            @OneOf({"LIMIT_PRICE", "LAST_PRICE", "UPPER_LIMIT"})
            String basis,

            @Range(min = 0) BigDecimal amount,
            @Range(min = 0) BigDecimal commission,
            BigDecimal commissionRatePct,
            @Range(min = 0) Optional<BigDecimal> tax,
            Optional<BigDecimal> taxRatePct,
            BigDecimal total) {}

    /**
     * What further buys in the currency may cost, by the gateway's own figures. | 게이트웨이가 계산한 주문가능현금 (주문 통화).
     *
     * @param before Now, open orders subtracted; below zero when they reserve more than there is, null when it is unknown. |
     *     현재(미체결 주문을 뺀 값). 알 수 없으면 null.
     * @param reserved What the order would reserve: a buy its amount at the price that bounds it, or at the upper price limit,
     *     with commission; a sale nothing. Null when that price is unknown. | 이 주문이 묶는 금액. 매수는 주문가격 또는 상한가에 수수료를 더한 금액, 매도는 0. 가격을
     *     알 수 없으면 null.
     * @param after The rest; below zero when the cash does not suffice, null when either is unknown. The proceeds of a sale
     *     count when KIS reports them. | 나머지. 부족하면 음수, 알 수 없으면 null. 매도 대금은 KIS 잔고에 나타난 뒤 반영.
     */
    public record Cash(Optional<BigDecimal> before, Optional<BigDecimal> reserved, Optional<BigDecimal> after) {}

    /**
     * The shares that may be sold. | 매도 가능 수량 (주).
     *
     * @param before Now; null when it is unknown. | 현재. 알 수 없으면 null.
     * @param after After the order; below zero when there are too few. | 주문 후. 부족하면 음수.
     */
    public record Shares(OptionalLong before, OptionalLong after) {}

    /**
     * A limit that applies to the order. | 주문에 적용되는 한도.
     *
     * @param limitName Name of the limit, as in {@code /v1/risk/limits}. | 한도 이름 ({@code /v1/risk/limits} 와 같음).
     * @param layer Layer that sets it, as {@code gateway} or {@code account A1}. | 한도를 정한 계층. 예: gateway, account A1.
     * @param limit Its value. | 한도 값.
     * @param used What is used without this order; null for a limit of a single order, or when unknown. | 이 주문 전 사용량. 주문 하나에 대한 한도이거나 알
     *     수 없으면 null.
     * @param after What would be used with it; null when unknown. | 이 주문 후 사용량. 알 수 없으면 null.
     * @param ok Whether the order stays within it; an unknown figure does not. | 한도 이내인지 여부. 알 수 없으면 false.
     */
    public record Limit(
            @OneOf({
                "daily_orders",
                "max_qty",
                "max_notional",
                "max_notional_usd",
                "daily_notional",
                "daily_notional_usd",
                "sell_max_qty",
                "max_position",
                "max_position_value",
                "max_position_value_usd",
                "daily_loss",
                "orders_per_second",
                "collar_pct"
            })
            String limitName,

            String layer,
            BigDecimal limit,
            Optional<BigDecimal> used,
            Optional<BigDecimal> after,
            boolean ok) {}
}
