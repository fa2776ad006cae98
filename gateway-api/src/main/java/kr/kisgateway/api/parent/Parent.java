package kr.kisgateway.api.parent;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * A parent order. | 예약.
 *
 * @param parentId Id of the parent order. | 예약 ID.
 * @param kind What it does: as in the request. | 종류. 요청과 같습니다.
 * @param status {@code WAITING} until an order is placed, {@code HELD} until somebody releases or cancels it, {@code WORKING} while
 *     orders are open or to follow, {@code COMPLETED} when they have ended, filled or not; {@code CANCELED}, {@code REFUSED} when
 *     the order was refused as it was to be placed, {@code MISSED} when it could not be placed in its time, {@code EXPIRED} when
 *     what it waited for did not happen. | 상태. WAITING 접수 대기, HELD 결정 대기, WORKING 진행 중, COMPLETED 주문 종료(체결 여부 무관), CANCELED 취소,
 *     REFUSED 접수 시점에 거부, MISSED 시간 내 접수 불가, EXPIRED 조건 미충족.
 * @param at When its first order is placed; null when it waits for something else. | 첫 주문의 접수 시각. 다른 조건이면 null.
 * @param until Past which none of its orders is placed. | 접수 기한.
 * @param order The order of the request; of a {@code BASKET} its first one. | 요청한 주문. BASKET 은 첫 주문.
 * @param orderId Id of the first order once it is about to be placed, of {@code GET /v1/orders/{id}}; null before. | 첫 주문의 ID. 접수
 *     전에는 null.
 * @param legs Its orders. | 예약을 이루는 주문들.
 * @param leftOut Lines of a {@code BASKET} that are not among its orders; left out when there are none. | BASKET 에서 제외된 줄. 없으면 생략.
 * @param by Name of the API key that created it. | 예약한 API 키 이름.
 * @param canceledBy Name of the API key that requested its cancel; null when none did. | 취소를 요청한 API 키 이름. 없으면 null.
 * @param reason Why it ended; null while it is open. | 종료 사유. 진행 중이면 null.
 * @param idempotencyKey Idempotency key of the request. | 요청의 멱등키.
 * @param createdAt Time of the acceptance. | 예약 시각.
 * @param updatedAt Time of the last change. | 최종 변경 시각.
 */
public record Parent(
        String parentId,

        @OneOf({"SCHEDULED", "CONDITIONAL", "TRAILING_STOP", "OCO", "BRACKET", "TWAP", "BASKET"})
        String kind,

        @OneOf({"WAITING", "HELD", "WORKING", "COMPLETED", "CANCELED", "REFUSED", "MISSED", "EXPIRED"})
        String status,

        Optional<OffsetDateTime> at,
        OffsetDateTime until,
        ParentOrder order,
        Optional<String> orderId,
        List<ParentLeg> legs,
        @OmittedWhenEmpty Optional<List<BasketProblem>> leftOut,
        String by,
        Optional<String> canceledBy,
        Optional<String> reason,
        String idempotencyKey,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {}
