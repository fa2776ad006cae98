package kr.kisgateway.api.quote;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.UsSymbol;
import kr.kisgateway.api.market.UsMarketSession;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Quote of a US stock, in dollars. Figures that the source does not send are null. | 미국 주식의 시세 (달러). 출처가 제공하지 않는 값은
 * null.
 *
 * @param symbol Ticker and exchange, as AAPL.NASD. | 티커와 거래소. 예: AAPL.NASD.
 * @param price Price of the last trade in dollars. | 현재가 (달러).
 * @param changePct Change in percent of the previous close, signed. | 등락률 (%). 부호 포함.
 * @param turnover Dollars traded today. | 누적거래대금 (달러).
 * @param source Where the value came from: kis-ws (pushed), kis-rest (requested or polled), listing (the close of the
 *     broker's list) and settings (safe values), cache (the last known value, only while KIS fails). | 시세 출처. kis-ws
 *     실시간 수신, kis-rest 조회, listing 증권사 종목마스터의 종가(안전값), settings 설정값(안전값), cache KIS 장애 중 마지막으로 확인된 값.
 * @param ts Epoch seconds at which the pushed or polled value was received; null for others, which have no time of
 *     their own. | 실시간 수신 또는 반복 조회 값의 수신 시각 (epoch 초). 그 밖의 값은 자체 시각이 없어 null.
 * @param freshnessSec Age of the value in seconds, to the ms. | 값의 경과 시간 (초, ms 단위까지).
 * @param state Reliability: HEALTHY, STALE (older than its promised age, or the last known value) or FALLBACK (no
 *     market price: a safe value). | 상태. HEALTHY 정상, STALE 지연 또는 마지막으로 확인된 값, FALLBACK 시장 가격이 없어 안전값.
 * @param name Korean name where there is one, otherwise the English one. | 종목명. 한글명이 없으면 영문명.
 * @param market Exchange: NASD, NYSE or AMEX. | 거래소. NASD, NYSE, AMEX.
 * @param change Change from the previous close in dollars, signed. | 전일대비 (달러). 부호 포함.
 * @param open Open in dollars; null before the first trade and where the source does not send it. | 시가 (달러). 첫 체결
 *     전이거나 출처가 제공하지 않으면 null.
 * @param high High in dollars; null before the first trade and where the source does not send it. | 고가 (달러). 첫 체결
 *     전이거나 출처가 제공하지 않으면 null.
 * @param low Low in dollars; null before the first trade and where the source does not send it. | 저가 (달러). 첫 체결 전이거나
 *     출처가 제공하지 않으면 null.
 * @param volume Shares traded today. | 누적거래량 (주).
 * @param bid Best bid in dollars; null where the source does not send it. | 매수호가 1단계 (달러). 출처가 제공하지 않으면 null.
 * @param ask Best ask in dollars; null where the source does not send it. | 매도호가 1단계 (달러). 출처가 제공하지 않으면 null.
 * @param prevClose Previous close in dollars, from which the change is measured. | 전일종가 (달러). 전일대비의 기준.
 * @param currency Always USD. | 통화. 항상 USD.
 * @param session Current session of New York, as a Korean broker offers it. | 현재 미국 장 구분 (국내 증권사 기준).
 * @param tsMs The same in epoch ms; null with {@code ts}. | 같은 시각 (epoch ms). {@code ts} 가 null 이면 null.
 * @param feed KIS feed that pushed it: free, paid or day-market; null for a requested or polled value. | 실시간 시세 구분.
 *     free 무료시세, paid 유료시세, day-market 주간거래. 조회 또는 반복 조회한 값이면 null.
 */
public record UsQuote(
        @UsSymbol String symbol,
        BigDecimal price,
        BigDecimal changePct,
        BigDecimal turnover,

        @OneOf({"kis-ws", "kis-rest", "listing", "settings", "cache"})
        String source,

        OptionalLong ts,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE", "FALLBACK"}) String state,
        String name,
        @OneOf({"NASD", "NYSE", "AMEX"}) String market,
        BigDecimal change,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        long volume,
        Optional<BigDecimal> bid,
        Optional<BigDecimal> ask,
        BigDecimal prevClose,
        @OneOf("USD") String currency,
        @UsMarketSession String session,
        OptionalLong tsMs,
        @OneOf({"free", "paid", "day-market"}) Optional<String> feed)
        implements AnyQuote {}
