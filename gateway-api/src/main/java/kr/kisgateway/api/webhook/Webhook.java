package kr.kisgateway.api.webhook;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import kr.kisgateway.api.schema.OneOf;

/**
 * A webhook, without its secret. | 웹훅 (비밀값 제외).
 *
 * @param name Name of the webhook. | 웹훅 이름.
 * @param key Name of the API key as which it orders. | 주문에 쓰는 API 키의 이름.
 * @param keyState Whether that key is usable; otherwise every alert is refused. | 그 키의 사용 가능 상태. 사용할 수 없으면 모든 알림을
 *     거부합니다.
 * @param order Template of each field of the order. | 주문 항목별 템플릿.
 * @param values Accepted words of a field and what each stands for. | 항목별로 허용하는 값과 그 뜻.
 * @param id Template of the alert's own id. | 알림 ID의 템플릿.
 * @param time Template of the alert's time. | 알림 시각의 템플릿.
 * @param replayWindowSec Seconds by which an alert's time may differ from the gateway's. | 알림 시각의 허용 차이(초).
 * @param networks IP addresses or ranges from which alerts are accepted; empty for any. | 알림을 받을 IP 주소 또는 대역. 제한이 없으면
 *     빈 배열.
 * @param perMinute Alerts per minute. | 분당 허용 알림 수.
 * @param bytesMax Maximum bytes of an alert. | 알림의 최대 바이트 수.
 * @param dryRun Whether alerts are only checked. | 검사만 하는지 여부.
 * @param createdAt Time of creation. | 생성 시각.
 * @param createdBy Name of the API key that created it, or {@code local}. | 생성한 API 키의 이름 또는 {@code local}.
 */
public record Webhook(
        String name,
        String key,
        @OneOf({"VALID", "EXPIRED", "REVOKED"}) String keyState,
        Map<String, String> order,
        Map<String, Map<String, String>> values,
        String id,
        String time,
        long replayWindowSec,
        List<String> networks,
        long perMinute,
        long bytesMax,
        boolean dryRun,
        OffsetDateTime createdAt,
        String createdBy) {}
