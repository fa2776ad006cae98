package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * A fill of an order. | 주문의 체결.
 *
 * @param execId Execution id: the order id, a dot and a number. | 체결 ID. 주문 ID, 점, 일련번호로 구성됩니다.
 * @param kind {@code FILL} for a fill from an execution notice, {@code CORRECTION} for one that only the broker's
 *     list of orders showed. | FILL: 체결통보로 받은 체결. CORRECTION: 증권사 주문 목록으로만 확인된 체결.
 * @param qty Shares filled. | 체결수량(주).
 * @param price Price per share in the order's currency; an average to four decimals where several fills are known only as one sum. |
 *     체결가(주문 통화). 여러 체결을 합계로만 확인한 경우 소수 4자리까지의 평균가.
 * @param value Amount of the fill. | 체결금액.
 * @param kisOrderNo KIS order number of the fill, ten digits. | 체결된 KIS 주문번호(10자리).
 * @param time Time of the fill in Seoul, {@code HHmmss}; null when only the list of orders showed it. | 체결시각(서울,
 *     HHmmss). 주문 목록으로만 확인된 체결은 null.
 * @param source {@code NOTICE} for an execution notice, {@code QUERY} for the broker's list of orders. | 출처. NOTICE:
 *     체결통보, QUERY: 증권사 주문 목록.
 * @param venue Where the shares traded: of an order sent to SOR, KRX or NXT as its notice reports, null when only the list showed the
 *     fill. | 체결된 시장. SOR 주문은 체결통보에 따라 KRX 또는 NXT, 주문 목록으로만 확인된 체결은 null.
 */
public record Fill(
        String execId,
        @OneOf({"FILL", "CORRECTION"}) String kind,
        long qty,
        BigDecimal price,
        BigDecimal value,
        String kisOrderNo,
        Optional<String> time,
        @OneOf({"NOTICE", "QUERY"}) String source,
        @OneOf({"KRX", "NXT", "NASD", "NYSE", "AMEX"}) Optional<String> venue) {}
