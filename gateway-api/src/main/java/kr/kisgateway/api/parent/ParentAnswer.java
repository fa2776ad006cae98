package kr.kisgateway.api.parent;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Acceptance of a parent order, or the result of a dry run of a basket. | 예약 접수 결과 또는 바스켓의 모의 점검 결과.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
public sealed interface ParentAnswer permits ParentAccepted, BasketDryRun {}
