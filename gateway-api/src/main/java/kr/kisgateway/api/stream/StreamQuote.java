package kr.kisgateway.api.stream;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OmittedWhenFalse;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Latest quote of a Korean instrument. | 국내 종목의 최신 시세.
 *
 * @param ch Channel, always {@code quotes}. | 채널. 항상 quotes.
 * @param s Symbol. | 종목코드.
 * @param venue Venue: {@code NXT}, or {@code UNIFIED} for KRX and NXT together; left out for the main prices, which are
 *     KRX's. | 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세(KRX)는 생략.
 * @param p Price of the last trade in won. | 현재가(원).
 * @param change Change from the previous close in won, signed. | 전일대비(원, 부호 포함).
 * @param changePct Change in percent of the previous close, signed. | 등락률(%, 부호 포함).
 * @param open First price of the day in won. | 시가(원).
 * @param high Highest price of the day in won. | 고가(원).
 * @param low Lowest price of the day in won. | 저가(원).
 * @param v Shares traded today. | 누적거래량(주).
 * @param turnover Won traded today. | 누적거래대금(원).
 * @param bid Best bid in won; null when there is none. | 최우선 매수호가(원). 없으면 null.
 * @param ask Best ask in won; null when there is none. | 최우선 매도호가(원). 없으면 null.
 * @param halted True while KIS reports that trading of the stock is halted, published at once with the last price;
 *     left out otherwise. | 거래정지 중이면 true. 발생 즉시 마지막 가격과 함께 발행합니다. 아니면 생략.
 * @param interrupted True during a volatility interruption (VI), published in the same way; left out otherwise. |
 *     변동성완화장치(VI) 발동 중이면 true. 같은 방식으로 발행합니다. 아니면 생략.
 * @param tsMs Receipt time at the gateway in epoch ms. | 게이트웨이 수신 시각(epoch ms).
 * @param seq Sequence number in this channel of the symbol. | 종목·채널별 일련번호.
 * @param conflated Unread messages that this one replaced; left out when none. | 이 메시지로 대체된 미수신 메시지 수(최신값 병합). 없으면
 *     생략.
 * @param snapshot True for the snapshot after a subscription; left out otherwise. | 구독 직후의 스냅샷이면 true. 아니면 생략.
 */
public record StreamQuote(
        @OneOf("quotes") String ch,
        @Symbol String s,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
        long p,
        long change,
        BigDecimal changePct,
        long open,
        long high,
        long low,
        long v,
        long turnover,
        OptionalLong bid,
        OptionalLong ask,
        @OmittedWhenFalse boolean halted,
        @OmittedWhenFalse boolean interrupted,
        long tsMs,
        long seq,
        @Range(min = 1) @OmittedWhenEmpty OptionalLong conflated,
        @OmittedWhenFalse boolean snapshot)
        implements StreamMessage {}
