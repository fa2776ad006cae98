package kr.kisgateway.api.order;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Result of a batch of which at least one order was accepted. | 하나 이상 접수된 일괄 주문의 결과.
 *
 * @param orders Result of each order, in the order of the request. | 주문별 결과(요청 순서).
 * @param accepted Orders accepted, replays included. | 접수 건수. 응답 재사용을 포함합니다.
 * @param refused Orders refused. | 거부 건수.
 */
public record BatchAnswer(List<Result> orders, long accepted, long refused) {

    /**
     * Result of one order of a batch. | 일괄 주문 한 건의 결과.
     *
     * @param orderId Order id; null when the order was refused. | 게이트웨이 주문 ID. 거부 시 null.
     * @param status {@code ACCEPTED} or {@code REFUSED}. | ACCEPTED(접수) 또는 REFUSED(거부).
     * @param idempotencyKey Idempotency key of the order; left out when it was refused. | 주문의 멱등키. 거부 시 생략.
     * @param replay Whether an earlier request with the same idempotency key was accepted and its answer is repeated;
     *     left out when refused. | 같은 멱등키의 이전 응답을 재사용했는지 여부. 거부 시 생략.
     * @param code Error code of the refusal; left out when accepted. | 거부 오류 코드. 접수 시 생략.
     * @param message What happened and what to do; left out when accepted. | 거부 사유와 조치 방법. 접수 시 생략.
     * @param retryable Whether the same order may succeed later; left out when accepted. | 같은 주문을 나중에 재시도할 수 있는지 여부.
     *     접수 시 생략.
     * @param details Machine-readable facts about the refusal, possibly an empty object; left out when accepted. | 거부
     *     상세 정보(빈 객체 가능). 접수 시 생략.
     */
    public record Result(
            Optional<String> orderId,
            @OneOf({"ACCEPTED", "REFUSED"}) String status,
            @OmittedWhenEmpty Optional<String> idempotencyKey,
            @OmittedWhenEmpty Optional<Boolean> replay,
            @OmittedWhenEmpty Optional<String> code,
            @OmittedWhenEmpty Optional<String> message,
            @OmittedWhenEmpty Optional<Boolean> retryable,
            @OmittedWhenEmpty Optional<Map<String, Object>> details) {}
}
