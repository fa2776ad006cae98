package kr.kisgateway.api.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Live bar of a US stock, in dollars, otherwise as {@code StreamBar}: of 1 to 60 minutes by New York's clock, from
 * trades by the time at which they were traded. The day market (주간거래) is not included. | 미국 주식의 실시간 봉(달러). 뉴욕 시각 기준 1
 * ~ 60분이며 체결된 시각으로 집계합니다. 주간거래는 포함하지 않습니다. 그 밖에는 StreamBar 와 같습니다.
 *
 * @param ch Channel, {@code bars:} with the period. | 채널. bars: 뒤에 주기가 붙습니다.
 * @param s Symbol. | 종목코드.
 * @param ts Start of the bar in epoch seconds. | 봉 시작 시각(epoch 초).
 * @param open First price in dollars. | 시가(달러).
 * @param high Highest price in dollars. | 고가(달러).
 * @param low Lowest price in dollars. | 저가(달러).
 * @param close Last price in dollars. | 종가(달러).
 * @param volume Shares traded in the bar. | 거래량(주).
 * @param turnover Dollars traded in the bar; for minutes supplied by KIS, as exact as KIS reports it. | 거래대금(달러). KIS
 *     에서 조회한 분은 KIS 가 제공하는 정밀도입니다.
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
public record StreamUsBar(
        @OneOf({"bars:1m", "bars:3m", "bars:5m", "bars:10m", "bars:30m", "bars:60m"})
        String ch,

        @UsSymbol String s,
        long ts,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        long volume,
        BigDecimal turnover,
        boolean complete,
        @JsonProperty("final") boolean isFinal,
        @OmittedWhenFalse boolean corrected,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
