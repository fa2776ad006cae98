package kr.kisgateway.api.order;

import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of an order, which is durable. | 주문 접수 결과. 주문은 저널에 기록된 상태입니다.
 *
 * @param orderId Order id, the same for the whole life of the order. | 게이트웨이 주문 ID. 주문이 끝날 때까지 바뀌지 않습니다.
 * @param status Always {@code ACCEPTED}. | 항상 ACCEPTED.
 * @param idempotencyKey Idempotency key of the request. | 요청의 멱등키.
 */
public record OrderAccepted(
        String orderId, @OneOf("ACCEPTED") String status, String idempotencyKey) implements PlaceAnswer {}
