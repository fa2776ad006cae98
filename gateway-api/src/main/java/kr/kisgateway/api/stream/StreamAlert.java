package kr.kisgateway.api.stream;

import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.alert.AlertLevel;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;

/**
 * An alert as in {@code /v1/alerts}, published once more with {@code settled_at} when its cause is over. A new
 * subscriber first receives the last 100 alerts. | /v1/alerts 와 같은 알림. 원인이 해소되면 settled_at 과 함께 한 번 더 발행합니다. 구독 시 최근
 * 100건을 먼저 보냅니다.
 *
 * @param ch Channel, always {@code alerts}. | 채널. 항상 alerts.
 * @param level Level of the alert. | 알림 등급.
 * @param event Kind of alert, such as {@code request_in_doubt}. | 알림 종류. 예: request_in_doubt.
 * @param orderId Order id; null when the alert is about no order. | 게이트웨이 주문 ID. 주문에 관한 알림이 아니면 null.
 * @param by Name of the API key that caused the alert, or that placed the order it is about; null when there is none.
 *     | 알림을 일으킨 API 키 또는 해당 주문을 낸 API 키 이름. 없으면 null.
 * @param message What happened and what to do. | 발생 내용과 조치 방법.
 * @param settledAt Time since which the cause is over, as far as the gateway can detect; null until then. | 원인이 해소된
 *     시각(게이트웨이가 확인할 수 있는 경우). 그 전에는 null.
 * @param tsMs Time of the alert in epoch ms. | 알림 발생 시각(epoch ms).
 * @param seq Sequence number in this channel. | 채널 일련번호.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamAlert(
        @OneOf("alerts") String ch,
        @AlertLevel String level,
        String event,
        Optional<String> orderId,
        Optional<String> by,
        String message,
        Optional<OffsetDateTime> settledAt,
        long tsMs,
        long seq,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
