package kr.kisgateway.api.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Live bar of a Korean instrument, of 1 to 60 minutes by the Korean clock. It conflates while it is open; the one
 * with {@code final} is published when its time is over, and a later one of the same {@code ts} has
 * {@code corrected}. | 국내 종목의 실시간 봉(한국 시각 기준 1 ~ 60분). 진행 중에는 최신값으로 병합하고, 시간이 끝나면 final 로 발행합니다. 이후 같은 ts 의 봉은
 * corrected 로 표시합니다.
 *
 * @param ch Channel, {@code bars:} with the period. | 채널. bars: 뒤에 주기가 붙습니다.
 * @param s Symbol. | 종목코드.
 * @param ts Start of the bar in epoch seconds. | 봉 시작 시각(epoch 초).
 * @param open First price in won. | 시가(원).
 * @param high Highest price in won. | 고가(원).
 * @param low Lowest price in won. | 저가(원).
 * @param close Last price in won. | 종가(원).
 * @param volume Shares traded in the bar. | 거래량(주).
 * @param turnover Won traded in the bar. | 거래대금(원).
 * @param complete False while trades of the bar are known to be missing; its minutes are then requested from KIS. |
 *     빠진 체결이 없으면 true. 빠진 체결이 있으면 false 이며 해당 분을 KIS 에 조회합니다.
 * @param isFinal Whether the time of the bar is over. | 봉의 시간이 끝났는지 여부.
 * @param corrected True for a bar that replaces an earlier final one of the same {@code ts}; left out otherwise. | 같은
 *     ts 의 확정 봉을 대체하면 true. 아니면 생략.
 * @param tsMs Time of this message in epoch ms. | 메시지 생성 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamBar(
        @OneOf({"bars:1m", "bars:3m", "bars:5m", "bars:10m", "bars:30m", "bars:60m"})
        String ch,

        @Symbol String s,
        long ts,
        long open,
        long high,
        long low,
        long close,
        long volume,
        long turnover,
        boolean complete,
        @JsonProperty("final") boolean isFinal,
        @OmittedWhenFalse boolean corrected,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
