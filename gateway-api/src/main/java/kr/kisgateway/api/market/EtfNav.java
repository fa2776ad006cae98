package kr.kisgateway.api.market;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Price and net asset value of an ETF or ETN. | ETF 또는 ETN의 현재가와 순자산가치(NAV).
 *
 * @param symbol Symbol of the ETF or ETN. | ETF 또는 ETN의 종목코드.
 * @param name Korean name. | 종목명.
 * @param price Price of the last trade, won. | 현재가 (원).
 * @param change Change from the previous close, won, signed. | 전일대비 (원).
 * @param changePct Change in percent of the previous close, signed. | 등락률 (%).
 * @param volume Shares traded today. | 누적거래량 (주).
 * @param nav Net asset value per share, won. | 1주당 순자산가치(NAV) (원).
 * @param navChange Change of the net asset value from that of the previous day, won, signed. | NAV 전일대비 (원).
 * @param navChangePct The same in percent, signed. | NAV 전일대비율 (%).
 * @param previousNav Net asset value per share at the end of the previous day, won; null if KIS does not send it. | 전일
 *     최종 NAV (원). KIS가 제공하지 않으면 null.
 * @param deviationPct Deviation of the price from the net asset value, percent; null if KIS does not send it. | 괴리율
 *     (%). KIS가 제공하지 않으면 null.
 * @param trackingErrorPct Tracking error, percent; null if KIS does not send it. | 추적오차율 (%). KIS가 제공하지 않으면 null.
 * @param multiple Leverage on the underlying index; null if KIS does not send it. | 추적 배수. KIS가 제공하지 않으면 null.
 * @param shares Shares in circulation; null if KIS does not send it. | 유통주식수 (주). KIS가 제공하지 않으면 null.
 * @param components Number of constituents; null if KIS does not send it. | 구성종목수. KIS가 제공하지 않으면 null.
 * @param source Origin of the figures: {@code kis-rest} for a current answer of KIS, {@code cache} for its last answer
 *     while KIS fails. | 출처: {@code kis-rest}(KIS의 현재 응답), {@code cache}(KIS 장애 중의 마지막 응답).
 * @param ts Time at which KIS answered, epoch seconds. | KIS 응답 시각 (epoch 초).
 * @param tsMs The same in epoch milliseconds. | KIS 응답 시각 (epoch 밀리초).
 * @param freshnessSec Age of KIS's answer in seconds. | KIS 응답의 경과 시간 (초).
 * @param state Reliability; {@code STALE}: KIS fails, this is its last answer, at most ten minutes old. | 신뢰 상태.
 *     {@code STALE}(지연): KIS 장애로 마지막 응답을 제공함 (최대 10분 경과).
 */
public record EtfNav(
        @Symbol String symbol,
        String name,
        long price,
        long change,
        BigDecimal changePct,
        long volume,
        BigDecimal nav,
        BigDecimal navChange,
        BigDecimal navChangePct,
        Optional<BigDecimal> previousNav,
        Optional<BigDecimal> deviationPct,
        Optional<BigDecimal> trackingErrorPct,
        Optional<BigDecimal> multiple,
        OptionalLong shares,
        OptionalLong components,
        @OneOf({"kis-rest", "cache"}) String source,
        long ts,
        long tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state) {}
