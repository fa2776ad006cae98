package kr.kisgateway.api.stream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Acceptance of a request, with the delivery mode of the requested channels. | 요청 접수 응답과 요청한 채널의 수신 방식.
 *
 * @param op Always {@code ack}. | 항상 ack.
 * @param id Id of the request; null when it had none. | 요청의 id. 없으면 null.
 * @param mode {@code push}: nothing requested is polled. {@code poll}: everything requested is polled. {@code mixed}:
 *     a part is polled, see {@code polled}. | 수신 방식. push: 전부 실시간 수신, poll: 전부 반복 조회, mixed: 일부 반복 조회(polled 참조).
 * @param intervalMs Longest polling interval of the polled channels in ms; left out with {@code push}. | 반복 조회 채널의 최장
 *     주기(ms). push 면 생략.
 * @param polled Channels that are polled; left out with {@code push}. | 반복 조회하는 채널. push 면 생략.
 * @param cursors Last journal cursor of each account by alias, when orders or executions are subscribed or resumed;
 *     left out otherwise and while the journal cannot be read. A later {@code resume} from it misses nothing. | 계좌
 *     별칭별 마지막 저널 위치. orders, executions 의 구독과 이어받기에만 있으며, 저널을 읽을 수 없으면 생략. 이 위치부터 resume 하면 빠짐이 없습니다.
 */
public record StreamAck(
        @OneOf("ack") String op,
        Optional<String> id,
        @OneOf({"push", "poll", "mixed"}) String mode,
        @OmittedWhenEmpty OptionalLong intervalMs,
        @OmittedWhenEmpty Optional<List<PolledChannel>> polled,
        @OmittedWhenEmpty Optional<Map<String, Long>> cursors)
        implements StreamMessage {

    /**
     * A channel of a symbol that is polled. | 반복 조회하는 종목별 채널.
     *
     * @param s Symbol. | 종목코드.
     * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
     *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
     * @param ch Channel. | 채널.
     * @param intervalMs Current polling interval in ms. | 현재 조회 주기(ms).
     */
    public record PolledChannel(
            @AnySymbol String s,
            @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
            @OneOf({"quotes", "trades", "books"}) String ch,
            long intervalMs) {}
}
