package kr.kisgateway.api.order;

import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of a modification. | 정정 접수 결과.
 *
 * @param orderId Order id. | 게이트웨이 주문 ID.
 * @param status Always {@code MODIFY_PENDING}. | 항상 MODIFY_PENDING.
 * @param idempotencyKey Idempotency key of the request; {@code modify:} with the order id when the caller sent none,
 *     from the second modification on followed by a number. | 요청의 멱등키. 보내지 않으면 "modify:주문 ID", 두 번째 정정부터는 뒤에 번호가
 *     붙습니다.
 */
public record ModifyAccepted(
        String orderId, @OneOf("MODIFY_PENDING") String status, String idempotencyKey) {}
