package kr.kisgateway.api.stream;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.market.MarketSession;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.session.SessionState;

/**
 * State of the session with KIS and of the Korean market, published when either changes. | KIS 실시간 접속과 국내 시장의 상태. 바뀔
 * 때마다 발행합니다.
 *
 * @param ch Channel, always {@code session}. | 채널. 항상 session.
 * @param state State of the session with KIS. | KIS 실시간 접속 상태.
 * @param connected Whether KIS can push. | 실시간 수신 가능 여부.
 * @param lastError Last error since the socket was opened; null when there is none. | 접속 이후 마지막 오류. 없으면 null.
 * @param market Phase of the Korean market, as in {@code /v1/session/status}. | 국내 시장의 장 구분. /v1/session/status 와
 *     같습니다.
 * @param tsMs Time of this message in epoch ms. | 메시지 생성 시각(epoch ms).
 * @param seq Sequence number in this channel. | 채널 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamSession(
        @OneOf("session") String ch,
        @SessionState String state,
        boolean connected,
        Optional<String> lastError,
        @MarketSession String market,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
