package kr.kisgateway.api.alert;

import java.time.OffsetDateTime;

/**
 * An alert that an operator has taken note of. | 확인된 알림.
 *
 * @param event Event of the alert. | 알림의 event.
 * @param subject Subject of the alert. | 알림의 subject.
 * @param by Name of the API key that took note of it first. | 먼저 확인한 API 키 이름.
 * @param at When. | 확인 시각.
 * @param note What the operator wrote; may be empty. | 운영자의 메모. 비어 있을 수 있음.
 */
public record AcknowledgedAlert(String event, String subject, String by, OffsetDateTime at, String note) {}
