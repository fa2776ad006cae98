package kr.kisgateway.api.quote;

import java.math.BigDecimal;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.market.MarketSession;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Quote of a Korean instrument, in won. Figures that the source does not send are null. | 국내 종목의 시세 (원). 출처가 제공하지 않는
 * 값은 null.
 *
 * @param symbol Short code, as 005930. | 종목코드. 예: 005930.
 * @param price Price of the last trade in won. | 현재가 (원).
 * @param changePct Change in percent of the previous close, signed. | 등락률 (%). 부호 포함.
 * @param turnover Won traded today. | 누적거래대금 (원).
 * @param source Where the value came from: kis-ws (pushed), kis-rest (requested or polled), nxt (price of NXT), krx
 *     (the last close) and settings (safe values), cache (the last known value, only while KIS fails). | 시세 출처.
 *     kis-ws 실시간 수신, kis-rest 조회, nxt 넥스트레이드 현재가, krx 최근 종가(안전값), settings 설정값(안전값), cache KIS 장애 중 마지막으로 확인된 값.
 * @param ts Epoch seconds at which the pushed or polled value was received; null for others, which have no time of
 *     their own. | 실시간 수신 또는 반복 조회 값의 수신 시각 (epoch 초). 그 밖의 값은 자체 시각이 없어 null.
 * @param freshnessSec Age of the value in seconds, to the ms. | 값의 경과 시간 (초, ms 단위까지).
 * @param state Reliability: HEALTHY, STALE (older than its promised age, or the last known value) or FALLBACK (no
 *     market price: a safe value). | 상태. HEALTHY 정상, STALE 지연 또는 마지막으로 확인된 값, FALLBACK 시장 가격이 없어 안전값.
 * @param name Korean name. | 종목명 (한글).
 * @param market Market: KOSPI, KOSDAQ or KONEX. | 시장. KOSPI, KOSDAQ, KONEX.
 * @param change Change from the previous close in won, signed. | 전일대비 (원). 부호 포함.
 * @param open Open in won; null before the first trade of the day. | 시가 (원). 당일 첫 체결 전에는 null.
 * @param high High in won; null before the first trade of the day. | 고가 (원). 당일 첫 체결 전에는 null.
 * @param low Low in won; null before the first trade of the day. | 저가 (원). 당일 첫 체결 전에는 null.
 * @param volume Shares traded today. | 누적거래량 (주).
 * @param bid Best bid in won; null where the source does not send it. | 매수호가 1단계 (원). 출처가 제공하지 않으면 null.
 * @param ask Best ask in won; null where the source does not send it. | 매도호가 1단계 (원). 출처가 제공하지 않으면 null.
 * @param prevClose Previous close in won, from which the change is measured. | 전일종가 (원). 전일대비의 기준.
 * @param marketCap Market cap in won; null where the source does not send it. | 시가총액 (원). 출처가 제공하지 않으면 null.
 * @param currency Always KRW. | 통화. 항상 KRW.
 * @param session Current session of the market. | 현재 장 구분.
 * @param tsMs The same in epoch ms; null with {@code ts}. | 같은 시각 (epoch ms). {@code ts} 가 null 이면 null.
 */
public record Quote(
        @Symbol String symbol,
        long price,
        BigDecimal changePct,
        long turnover,

        @OneOf({"kis-ws", "kis-rest", "nxt", "krx", "settings", "cache"})
        String source,

        OptionalLong ts,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE", "FALLBACK"}) String state,
        String name,
        @OneOf({"KOSPI", "KOSDAQ", "KONEX"}) String market,
        long change,
        OptionalLong open,
        OptionalLong high,
        OptionalLong low,
        long volume,
        OptionalLong bid,
        OptionalLong ask,
        long prevClose,
        OptionalLong marketCap,
        @OneOf("KRW") String currency,
        @MarketSession String session,
        OptionalLong tsMs)
        implements AnyQuote {}
