package kr.kisgateway.api.alert;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The latest alerts, newest first. | 최근 알림. 최신순.
 *
 * @param raised Alerts raised since the start, also those no longer retained. | 시작 이후 발생한 알림 건수. 더 이상 보관하지 않는 것 포함.
 * @param alerts Alerts, newest first; the last 1,000 are retained until a restart. | 알림 목록, 최신순. 최근 1,000건을 재시작 전까지
 *     보관합니다.
 */
public record Alerts(long raised, List<Alert> alerts) {

    /**
     * A condition that an operator has to be informed of. | 운영자가 알아야 하는 상황.
     *
     * @param at When the alert was raised. | 발생 시각.
     * @param level Level: P1, P2 or P3. | 알림 등급. P1, P2, P3.
     * @param event What happened, as {@code request_in_doubt}. | 발생한 상황. 예: {@code request_in_doubt}.
     * @param subject What it is about, as an app key, a symbol or an order; identifies the alert together with {@code event}.
     *     | 대상. 앱키, 종목, 주문 등. {@code event}와 함께 알림을 식별합니다.
     * @param orderId Order that the alert is about; null when it is about none. | 관련 주문 ID. 없으면 null.
     * @param by Name of the API key that caused the alert or placed the order it is about; null without one. | 알림의
     *     원인이 된, 또는 관련 주문을 낸 API 키 이름. 없으면 null.
     * @param message What happened and what to do. | 발생 내용과 조치 방법.
     * @param settledAt When the condition ended, where the gateway can detect that; null until then. | 상황이 해소된 시각
     *     (게이트웨이가 확인할 수 있는 경우). 그 전에는 null.
     * @param acknowledged Which operator has taken note of it, while it persists; null without one. | 진행 중인 알림을 확인한 운영자.
     *     없으면 null.
     * @param silenced Whether a silence covers it: it is not sent. | 보내지 않도록 지정되어 있는지 여부.
     */
    public record Alert(
            OffsetDateTime at,
            @AlertLevel String level,
            String event,
            String subject,
            Optional<String> orderId,
            Optional<String> by,
            String message,
            Optional<OffsetDateTime> settledAt,
            Optional<Acknowledged> acknowledged,
            boolean silenced) {}

    /**
     * An operator has taken note of an alert. | 운영자의 알림 확인.
     *
     * @param by Name of the API key. | API 키 이름.
     * @param at When. | 확인 시각.
     * @param note What the operator wrote; may be empty. | 운영자의 메모. 비어 있을 수 있음.
     */
    public record Acknowledged(String by, OffsetDateTime at, String note) {}
}
