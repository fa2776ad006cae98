package kr.kisgateway.api.order;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * Acceptance of an order, or a dry run that passed. | 주문 접수 결과 또는 통과한 모의 점검 결과.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
public sealed interface PlaceAnswer permits OrderAccepted, DryRunPassed {}
