package kr.kisgateway.api.stream;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Latest quote of a US stock, in dollars. | 미국 주식의 최신 시세(달러).
 *
 * @param ch Channel, always {@code quotes}. | 채널. 항상 quotes.
 * @param s Symbol. | 종목코드.
 * @param p Price of the last trade in dollars. | 현재가(달러).
 * @param change Change from the previous close in dollars, signed. | 전일대비(달러, 부호 포함).
 * @param changePct Change in percent of the previous close, signed. | 등락률(%, 부호 포함).
 * @param open First price of the day in dollars; null before the first trade of the day, and where KIS does not
 *     report it. | 시가(달러). 당일 첫 체결 전이거나 KIS 가 제공하지 않으면 null.
 * @param high Highest price of the day in dollars; null before the first trade of the day, and where KIS does not
 *     report it. | 고가(달러). 당일 첫 체결 전이거나 KIS 가 제공하지 않으면 null.
 * @param low Lowest price of the day in dollars; null before the first trade of the day, and where KIS does not
 *     report it. | 저가(달러). 당일 첫 체결 전이거나 KIS 가 제공하지 않으면 null.
 * @param v Shares traded today. | 누적거래량(주).
 * @param turnover Dollars traded today. | 누적거래대금(달러).
 * @param bid Best bid in dollars; null when there is none or KIS does not report it. | 최우선 매수호가(달러). 없거나 KIS 가 제공하지
 *     않으면 null.
 * @param ask Best ask in dollars; null when there is none or KIS does not report it. | 최우선 매도호가(달러). 없거나 KIS 가 제공하지
 *     않으면 null.
 * @param feed KIS feed that pushed it: {@code free}, {@code paid} or {@code day-market}; null when it was polled. |
 *     KIS 시세 구분(free 무료, paid 유료, day-market 주간거래). 반복 조회한 값은 null.
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamUsQuote(
        @OneOf("quotes") String ch,
        @UsSymbol String s,
        BigDecimal p,
        BigDecimal change,
        BigDecimal changePct,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        long v,
        BigDecimal turnover,
        Optional<BigDecimal> bid,
        Optional<BigDecimal> ask,
        @OneOf({"free", "paid", "day-market"}) Optional<String> feed,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
