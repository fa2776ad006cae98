package kr.kisgateway.api.parent;

import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of a parent order, which is durable. | 예약 접수 결과. 저널에 기록된 상태입니다.
 *
 * @param parentId Id of the parent order. | 예약 ID.
 * @param status Always {@code ACCEPTED}. | 항상 ACCEPTED.
 * @param idempotencyKey Idempotency key of the request. | 요청의 멱등키.
 */
public record ParentAccepted(
        String parentId, @OneOf("ACCEPTED") String status, String idempotencyKey) {}
