package kr.kisgateway.api.webhook;

import java.util.Map;
import java.util.Optional;

/**
 * What a webhook makes of a sample alert; nothing was ordered. | 예시 알림의 처리 결과. 주문하지 않습니다.
 *
 * @param wouldOrder Whether the alert would become an order now. | 지금 이 알림이 주문이 되는지 여부.
 * @param dryRun Whether the webhook only checks, and orders nothing. | 검사만 하는 웹훅인지 여부.
 * @param order Fields of the order; empty when the alert cannot be read. | 주문 항목. 알림을 읽을 수 없으면 비어 있습니다.
 * @param idempotencyKey Idempotency key of the order; null when the alert has no id. | 주문의 멱등키. 알림에 ID가 없으면 null.
 * @param code Code of the refusal; null without one. | 거부 코드. 없으면 null.
 * @param message What is wrong and where; null without a refusal. | 거부 이유와 위치. 없으면 null.
 */
public record WebhookTrial(
        boolean wouldOrder,
        boolean dryRun,
        Map<String, String> order,
        Optional<String> idempotencyKey,
        Optional<String> code,
        Optional<String> message) {}
