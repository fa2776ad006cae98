package kr.kisgateway.api.parent;

import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * A parent order. | 예약.
 *
 * @param parentId Id of the parent order. | 예약 ID.
 * @param kind What it does; {@code SCHEDULED} places one order at a time. | 종류. SCHEDULED 는 지정한 시각에 주문 하나를 접수합니다.
 * @param status {@code WAITING} until its order is placed, {@code WORKING} while the order is open, {@code COMPLETED} when the order
 *     has ended, filled or not; {@code CANCELED}, {@code REFUSED} when the order was refused as it was to be placed,
 *     {@code MISSED} when it could not be placed in its time. | 상태. WAITING 접수 대기, WORKING 주문 진행 중, COMPLETED 주문 종료(체결 여부 무관),
 *     CANCELED 취소, REFUSED 접수 시점에 거부, MISSED 시간 내 접수 불가.
 * @param at When its order is placed. | 접수 시각.
 * @param until Past which its order is neither placed nor sent. | 접수 기한.
 * @param order The order. | 주문 내용.
 * @param orderId Id of the order once it is about to be placed, of {@code GET /v1/orders/{id}}; null before. | 접수한 주문의 ID. 접수
 *     전에는 null.
 * @param by Name of the API key that created it. | 예약한 API 키 이름.
 * @param canceledBy Name of the API key that requested its cancel; null when none did. | 취소를 요청한 API 키 이름. 없으면 null.
 * @param reason Why it ended; null while it is open. | 종료 사유. 진행 중이면 null.
 * @param idempotencyKey Idempotency key of the request. | 요청의 멱등키.
 * @param createdAt Time of the acceptance. | 예약 시각.
 * @param updatedAt Time of the last change. | 최종 변경 시각.
 */
public record Parent(
        String parentId,
        @OneOf("SCHEDULED") String kind,

        @OneOf({"WAITING", "WORKING", "COMPLETED", "CANCELED", "REFUSED", "MISSED"})
        String status,

        OffsetDateTime at,
        OffsetDateTime until,
        ParentOrder order,
        Optional<String> orderId,
        String by,
        Optional<String> canceledBy,
        Optional<String> reason,
        String idempotencyKey,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {}
