package kr.kisgateway.api.stream;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.AcceptsNull;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Size;

/**
 * Subscribes to channels, or unsubscribes from them. | 채널 구독 또는 구독 해제.
 *
 * @param op {@code subscribe} or {@code unsubscribe}. | subscribe(구독) 또는 unsubscribe(구독 해제).
 * @param id Id of the request, at most 256 characters, which the answer repeats. | 요청 식별자. 최대 256자. 응답에 그대로 담깁니다.
 * @param channels Channels to subscribe to or to unsubscribe from. | 구독하거나 해제할 채널 목록.
 * @param symbols Symbols; required for channels of a symbol, which are quotes, trades, books and bars. A connection
 *     may subscribe to 1,000. | 종목코드 목록. 종목별 채널(quotes, trades, books, bars)은 필수. 접속당 최대 1,000종목.
 * @param venue Venue of quotes, trades and books of Korean stocks: {@code NXT} alone, {@code UNIFIED} for KRX and NXT
 *     together, {@code KRX} for the main prices, which are also sent without it. Of a stock that KRX alone trades
 *     {@code UNIFIED} is KRX. | 국내 종목의 quotes, trades, books 의 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT), KRX 또는 생략 시 기본 시세.
 *     KRX 에서만 거래되는 종목의 UNIFIED 는 KRX 시세.
 */
@AcceptsNull
public record StreamSubscribe(
        @OneOf({"subscribe", "unsubscribe"}) String op,
        @OmittedWhenEmpty Optional<String> id,

        @Size(min = 1)
        List<
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
                            "orders",
                            "executions",
                            "session",
                            "alerts"
                        })
                        String>
                channels,

        @Size(max = 1000) @OmittedWhenEmpty Optional<List<@AnySymbol String>> symbols,
        @OneOf({"KRX", "NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue)
        implements StreamRequest {}
