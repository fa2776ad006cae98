package kr.kisgateway.api.parent;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of a parent order, which is durable. | 예약 접수 결과. 저널에 기록된 상태입니다.
 *
 * @param parentId Id of the parent order. | 예약 ID.
 * @param status Always {@code ACCEPTED}. | 항상 ACCEPTED.
 * @param idempotencyKey Idempotency key of the request. | 요청의 멱등키.
 * @param leftOut Lines of a {@code BASKET} with {@code partial} that are not among its orders; left out when there are none. |
 *     partial 로 접수한 BASKET 에서 제외된 줄. 없으면 생략.
 */
public record ParentAccepted(
        String parentId,
        @OneOf("ACCEPTED") String status,
        String idempotencyKey,
        @OmittedWhenEmpty Optional<List<BasketProblem>> leftOut)
        implements ParentAnswer {}
