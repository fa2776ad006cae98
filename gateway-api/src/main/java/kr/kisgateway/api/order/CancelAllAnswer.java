package kr.kisgateway.api.order;

import java.util.List;
import kr.kisgateway.api.schema.OneOf;

/**
 * The orders for which a cancel was accepted. | 취소가 접수된 주문.
 *
 * @param count Number of these orders. | 취소 접수 건수.
 * @param orders Orders whose cancel was accepted; those that already had an open cancel are not among them. | 취소가 접수된
 *     주문 목록. 이미 취소 중인 주문은 제외합니다.
 */
public record CancelAllAnswer(long count, List<PendingCancel> orders) {

    /**
     * An order whose cancel was accepted. | 취소가 접수된 주문.
     *
     * @param orderId Order id. | 게이트웨이 주문 ID.
     * @param status Always {@code CANCEL_PENDING}. | 항상 CANCEL_PENDING.
     */
    public record PendingCancel(
            String orderId, @OneOf("CANCEL_PENDING") String status) {}
}
