package kr.kisgateway.api.order;

import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of a cancel. | 취소 접수 결과.
 *
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param status Always {@code CANCEL_PENDING} for an accepted cancel, whatever the order does next. | 항상
 *     CANCEL_PENDING. 이후 주문 상태와 무관합니다.
 * @param idempotencyKey Idempotency key of the request; {@code cancel:} with the order id when the caller sent none,
 *     followed by a number after a refused cancel. | 요청의 멱등키. 보내지 않으면 "cancel:주문 ID", 취소가 거부된 뒤에는 번호가 붙습니다.
 */
public record CancelAccepted(
        String orderId, @OneOf("CANCEL_PENDING") String status, String idempotencyKey) {}
