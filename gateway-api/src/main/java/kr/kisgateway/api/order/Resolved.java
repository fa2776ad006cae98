package kr.kisgateway.api.order;

import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of an operator's decision about a request in doubt. | 수동 확정 결과.
 *
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param status Always {@code RESOLVED}. | 항상 RESOLVED.
 * @param idempotencyKey Idempotency key of the request; {@code resolve:} with the order id when the caller sent none.
 *     | 요청의 멱등키. 보내지 않으면 "resolve:주문 ID".
 */
public record Resolved(String orderId, @OneOf("RESOLVED") String status, String idempotencyKey) {}
