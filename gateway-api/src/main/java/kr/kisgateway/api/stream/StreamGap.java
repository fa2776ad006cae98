package kr.kisgateway.api.stream;

import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Marks messages of a channel that this client does not receive. | 이 클라이언트가 받지 못하는 메시지의 표시(누락 구간).
 *
 * @param ch Channel. | 채널.
 * @param s Symbol; left out for {@code alerts}. | 종목코드. alerts 는 생략.
 * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
 *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
 * @param gap The missed numbers and their cause. | 누락된 일련번호와 원인.
 * @param seq Last number of the gap. | 누락 구간의 마지막 일련번호.
 */
public record StreamGap(
        @OneOf({
            "quotes",
            "trades",
            "books",
            "bars:1m",
            "bars:3m",
            "bars:5m",
            "bars:10m",
            "bars:30m",
            "bars:60m",
            "alerts"
        })
        String ch,

        @AnySymbol @OmittedWhenEmpty Optional<String> s,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
        MissedRange gap,
        long seq)
        implements StreamMessage {

    /**
     * Sequence numbers that are missing, and why. | 누락된 일련번호의 범위와 원인.
     *
     * @param from First missing number. | 누락된 첫 일련번호.
     * @param to Last missing number. | 누락된 마지막 일련번호.
     * @param cause {@code RECONNECT}: the socket to KIS dropped or was reopened. {@code SILENCE}: KIS was silent for
     *     too long. {@code STOLEN_SESSION}: another program took the app key's session. {@code SLOT_LOST}: KIS
     *     dropped the registration. {@code MISSED_TRADES}: the day's volume shows trades that did not arrive or could
     *     not be read. {@code POLLED}: prices were polled instead of trades pushed. {@code SLOW_CONSUMER}: this
     *     client read too slowly. | 원인. RECONNECT: KIS 접속 끊김 또는 재접속. SILENCE: KIS 무응답. STOLEN_SESSION: 다른 프로그램이 앱키의
     *     접속을 가져감. SLOT_LOST: KIS 의 등록 해제. MISSED_TRADES: 누적거래량으로 확인된 미수신 또는 판독 불가 체결. POLLED: 체결 수신 대신 시세 반복 조회.
     *     SLOW_CONSUMER: 이 클라이언트의 수신 지연.
     */
    public record MissedRange(
            long from,
            long to,

            @OneOf({"RECONNECT", "SILENCE", "STOLEN_SESSION", "SLOT_LOST", "MISSED_TRADES", "POLLED", "SLOW_CONSUMER"})
            String cause) {}
}
