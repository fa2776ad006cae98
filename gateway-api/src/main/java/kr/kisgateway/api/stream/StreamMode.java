package kr.kisgateway.api.stream;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * New delivery mode of a subscribed channel of a symbol. | 구독 중인 종목 채널의 수신 방식 변경.
 *
 * @param op Always {@code mode}. | 항상 mode.
 * @param ch Channel. | 채널.
 * @param s Symbol. | 종목코드.
 * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
 *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
 * @param mode {@code push}: KIS pushes the values. {@code poll}: the gateway requests them repeatedly. | push: 실시간
 *     수신, poll: 반복 조회.
 * @param intervalMs Polling interval in ms; left out with {@code push}. | 조회 주기(ms). push 면 생략.
 */
public record StreamMode(
        @OneOf("mode") String op,
        @OneOf({"quotes", "trades", "books"}) String ch,
        @AnySymbol String s,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
        @OneOf({"push", "poll"}) String mode,
        @OmittedWhenEmpty OptionalLong intervalMs)
        implements StreamMessage {}
