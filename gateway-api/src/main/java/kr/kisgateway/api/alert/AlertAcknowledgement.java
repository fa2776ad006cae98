package kr.kisgateway.api.alert;

import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Size;

/**
 * Takes note of an alert that persists: it is not sent again and not escalated until it is over. | 진행 중인 알림을 확인합니다. 해소될 때까지 다시
 * 보내거나 상위로 보내지 않습니다.
 *
 * @param event Event of the alert. | 알림의 event.
 * @param subject Subject of the alert. | 알림의 subject.
 * @param note What is done about it. | 조치 내용.
 */
public record AlertAcknowledgement(
        String event,
        String subject,
        @Size(max = 200) @OmittedWhenEmpty Optional<String> note) {}
