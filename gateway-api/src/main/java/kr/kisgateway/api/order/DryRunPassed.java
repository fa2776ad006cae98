package kr.kisgateway.api.order;

import kr.kisgateway.api.schema.OneOf;

/**
 * Result of a dry run that passed every check; nothing was placed. | 모든 점검을 통과한 모의 점검 결과. 주문은 접수하지 않습니다.
 *
 * @param status Always {@code DRY_RUN}. | 항상 DRY_RUN.
 * @param ok Always {@code true}. | 항상 true.
 */
public record DryRunPassed(@OneOf("DRY_RUN") String status, boolean ok) implements PlaceAnswer {}
