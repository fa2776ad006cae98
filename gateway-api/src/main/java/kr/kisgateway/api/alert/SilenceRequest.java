package kr.kisgateway.api.alert;

import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Size;

/**
 * Alerts that are not sent for a while; one for the same alerts is replaced. | 일정 시간 보내지 않을 알림. 같은 대상의 기존 지정은 바뀝니다.
 *
 * @param event Event of the alerts. | 알림의 event.
 * @param subject Subject of the alerts, exactly; all of the event when left out. | 알림의 subject(정확히 일치). 생략하면 모두.
 * @param until When it ends, at most 7 days ahead. | 끝나는 시각. 최대 7일 뒤.
 * @param reason Why. | 이유.
 */
public record SilenceRequest(
        String event,
        @OmittedWhenEmpty Optional<String> subject,
        OffsetDateTime until,
        @Size(min = 1, max = 200) String reason) {}
