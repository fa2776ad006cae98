package kr.kisgateway.api.stream;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.order.OrderStatus;
import kr.kisgateway.api.order.Side;
import kr.kisgateway.api.schema.OneOf;

/**
 * A fill of an order, or a fill that only the broker's list of orders showed. | 주문의 체결. 증권사 주문 목록으로만 확인된 체결을 포함합니다.
 *
 * @param ch Channel, always {@code executions}. | 채널. 항상 executions.
 * @param s Symbol, as {@code symbol}. | 종목코드. symbol 과 같은 값.
 * @param seq Journal cursor of the account: increasing, not dense. | 계좌의 저널 이어받기 위치. 증가하지만 연속되지는 않습니다.
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param symbol Symbol of the instrument. | 종목코드.
 * @param side {@code BUY} or {@code SELL}. | 매매구분(BUY 매수, SELL 매도).
 * @param execId Execution id: the order id, a dot and a number. | 체결 ID. 주문 ID, 점, 일련번호로 구성됩니다.
 * @param kind {@code FILL} for a fill from an execution notice, {@code CORRECTION} for one that only the broker's
 *     list of orders showed. | FILL: 체결통보로 받은 체결. CORRECTION: 증권사 주문 목록으로만 확인된 체결.
 * @param qty Shares filled. | 체결수량(주).
 * @param price Price per share in {@code currency}; an average to four decimals where several fills are known only as one sum. |
 *     체결가({@code currency}). 여러 체결을 합계로만 확인한 경우 소수 4자리까지의 평균가.
 * @param value Amount of the fill. | 체결금액.
 * @param currency Currency of price and amount. | 가격과 금액의 통화.
 * @param kisOrderNo KIS order number of the fill, ten digits. | 체결된 KIS 주문번호(10자리).
 * @param time Time of the fill in Seoul, {@code HHmmss}; null when only the list of orders showed it. | 체결시각(서울,
 *     HHmmss). 주문 목록으로만 확인된 체결은 null.
 * @param source {@code NOTICE} for an execution notice, {@code QUERY} for the broker's list of orders. | 출처. NOTICE:
 *     체결통보, QUERY: 증권사 주문 목록.
 * @param venue Where the shares traded: of an order sent to SOR, KRX or NXT as its notice reports, null when only the list showed the
 *     fill. | 체결된 시장. SOR 주문은 체결통보에 따라 KRX 또는 NXT, 주문 목록으로만 확인된 체결은 null.
 * @param orderStatus Status of the order after the fill. | 체결 후 주문 상태.
 * @param filledQty Shares of the order filled so far. | 주문의 총체결수량(주).
 * @param tsMs Time of the last change of the order in epoch ms. | 주문의 최종 변경 시각(epoch ms).
 */
public record StreamExecution(
        @OneOf("executions") String ch,
        @AnySymbol String s,
        long seq,
        String accountId,
        String orderId,
        @AnySymbol String symbol,
        @Side String side,
        String execId,
        @OneOf({"FILL", "CORRECTION"}) String kind,
        long qty,
        BigDecimal price,
        BigDecimal value,
        @OneOf({"KRW", "USD"}) String currency,
        String kisOrderNo,
        Optional<String> time,
        @OneOf({"NOTICE", "QUERY"}) String source,
        @OneOf({"KRX", "NXT", "NASD", "NYSE", "AMEX"}) Optional<String> venue,
        @OrderStatus String orderStatus,
        long filledQty,
        long tsMs)
        implements StreamMessage {}
