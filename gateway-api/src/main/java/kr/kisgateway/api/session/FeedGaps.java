package kr.kisgateway.api.session;

import java.time.OffsetDateTime;
import java.util.List;
import kr.kisgateway.api.schema.OneOf;

/**
 * Times without pushed values since the start of the gateway. | 게이트웨이 시작 이후 실시간 수신 공백.
 *
 * @param gaps The newest 200, the newest first. | 최근 200건. 최신순.
 */
public record FeedGaps(List<Gap> gaps) {
    /**
     * A time without pushed values. | 수신 공백 하나.
     *
     * @param appKey Id of the app key of the socket. | 소켓의 앱키 ID.
     * @param from Last time a value is sure to have arrived. | 마지막 수신이 확인된 시각.
     * @param to When the registrations were confirmed again. | 등록이 다시 확인된 시각.
     * @param cause RECONNECT: the socket dropped; SILENCE: KIS was silent; STOLEN_SESSION: another program took the session;
     *     SLOT_LOST: KIS refused the registration. | 원인. RECONNECT 연결 끊김, SILENCE 무응답, STOLEN_SESSION 세션 탈취, SLOT_LOST 등록
     *     거부.
     * @param registrations Registrations that missed values, as {@code H0STCNT0:005930}. | 수신이 끊긴 등록.
     */
    public record Gap(
            String appKey,
            OffsetDateTime from,
            OffsetDateTime to,

            @OneOf({"RECONNECT", "SILENCE", "STOLEN_SESSION", "SLOT_LOST"})
            String cause,

            List<String> registrations) {}
}
