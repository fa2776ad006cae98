package kr.kisgateway.api.order;

import java.math.BigDecimal;
import java.util.List;

/**
 * Result of a comparison with the broker's lists of orders. | 증권사 주문 목록과의 대사 결과.
 *
 * @param checked Orders compared: those that the lists could still change. | 대조한 주문 수. 목록에 따라 변경될 수 있는 주문입니다.
 * @param mismatched Orders that differed from the lists or that the lists did not settle, corrected ones included. |
 *     불일치 또는 미확정 주문 수. 정정 기록을 포함합니다.
 * @param updated The same as {@code corrected}. | corrected 와 같은 값.
 * @param corrected Corrections made. | 정정 기록 수.
 * @param adopted External orders adopted, which are followed from now on. | 새로 편입한 외부 주문 수.
 * @param events The corrections. | 정정 기록 목록.
 */
public record ReconcileReport(
        long checked, long mismatched, long updated, long corrected, long adopted, List<Correction> events) {

    /**
     * A change of an order that only the broker's list showed. | 증권사 목록으로만 확인된 주문 변경.
     *
     * @param orderId Order id. | 게이트웨이 주문 ID.
     * @param internalStatus Status before the correction. | 변경 전 상태.
     * @param brokerStatus State of the order in the broker's list, in words. | 증권사 목록의 주문 상태(문장).
     * @param correctedStatus Status after the correction. | 변경 후 상태.
     * @param ts Time of the correction in epoch seconds, with milliseconds as decimals. | 정정 시각(epoch 초, 소수부는 밀리초).
     */
    public record Correction(
            String orderId,
            @OrderStatus String internalStatus,
            String brokerStatus,
            @OrderStatus String correctedStatus,
            BigDecimal ts) {}
}
