package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;

/**
 * A fill of an order, placed here or elsewhere, with the fields that the stream's {@code executions} have. | 체결 내역의 한 건.
 * 스트림의 {@code executions} 와 같은 필드를 사용합니다.
 *
 * @param execId Execution id: the order id, a dot and a number. | 체결 ID. 주문 ID, 점, 일련번호로 구성됩니다.
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param symbol Symbol of the instrument. | 종목코드.
 * @param side {@code BUY} or {@code SELL}. | 매매구분(BUY 매수, SELL 매도).
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
 * @param external Whether the order was placed elsewhere (HTS, phone). | 외부(HTS, 전화 등)에서 낸 주문 여부.
 * @param strategyId Strategy label of the order; null without one. | 주문의 전략 이름. 없으면 null.
 * @param tradingDay Trading day of the order. | 주문의 거래일.
 * @param settlementDay Day on which money and shares of the fill move: two trading days later, of US stocks one. | 결제일. 국내 주식은
 *     2거래일 뒤, 미국 주식은 현지 1거래일 뒤.
 * @param seq Journal cursor of the account, as on the stream. | 스트림과 같은, 계좌의 저널 이어받기 위치.
 * @param tsMs Time at which the gateway recorded the fill, epoch ms. | 게이트웨이가 체결을 기록한 시각(epoch ms).
 */
public record Execution(
        String execId,
        String orderId,
        String accountId,
        @AnySymbol String symbol,
        @Side String side,
        @OneOf({"FILL", "CORRECTION"}) String kind,
        long qty,
        BigDecimal price,
        BigDecimal value,
        @OneOf({"KRW", "USD"}) String currency,
        String kisOrderNo,
        Optional<String> time,
        @OneOf({"NOTICE", "QUERY"}) String source,
        @OneOf({"KRX", "NXT", "NASD", "NYSE", "AMEX"}) Optional<String> venue,
        boolean external,
        Optional<String> strategyId,
        LocalDate tradingDay,
        LocalDate settlementDay,
        long seq,
        long tsMs) {}
