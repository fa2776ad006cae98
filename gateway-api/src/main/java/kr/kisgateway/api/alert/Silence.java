package kr.kisgateway.api.alert;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Alerts that are not sent for a while. What persists when it ends is sent then. | 일정 시간 보내지 않는 알림. 끝난 뒤에도 진행 중이면 그때 보냅니다.
 *
 * @param id Number of the silence. | 번호.
 * @param event Event of the alerts. | 알림의 event.
 * @param subject Subject of the alerts; null for all of the event. | 알림의 subject. 모두이면 null.
 * @param from When it was created. | 만든 시각.
 * @param until When it ends. | 끝나는 시각.
 * @param reason Why. | 이유.
 * @param by Name of the API key that created it. | 만든 API 키 이름.
 */
public record Silence(
        long id,
        String event,
        Optional<String> subject,
        OffsetDateTime from,
        OffsetDateTime until,
        String reason,
        String by) {}
