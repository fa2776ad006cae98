package kr.kisgateway.api.market;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Ranking of Korean stocks by one criterion. | 국내 종목 순위.
 *
 * @param kind Criterion: {@code volume} shares traded (what KIS calls average volume), {@code turnover} won traded,
 *     {@code volume-growth} growth of the volume, {@code turnover-rate} shares traded in relation to those listed,
 *     {@code gainers} and {@code losers} rise and fall since the last close, {@code market-cap} market capitalization.
 *     | 순위 기준: {@code volume}(거래량, KIS의 평균거래량), {@code turnover}(거래대금), {@code volume-growth}(거래증가율),
 *     {@code turnover-rate}(거래회전율), {@code gainers}(상승률), {@code losers}(하락률), {@code market-cap}(시가총액).
 * @param places Places, the first one first, at most thirty; those of symbols outside the key's scope are left out. |
 *     순위 목록 (1위부터 최대 30개). 키의 허용 범위 밖의 종목은 제외합니다.
 * @param source Origin of the figures: {@code kis-rest} for a current answer of KIS, {@code cache} for its last answer
 *     while KIS fails. | 출처: {@code kis-rest}(KIS의 현재 응답), {@code cache}(KIS 장애 중의 마지막 응답).
 * @param ts Time at which KIS answered, epoch seconds. | KIS 응답 시각 (epoch 초).
 * @param tsMs The same in epoch milliseconds. | KIS 응답 시각 (epoch 밀리초).
 * @param freshnessSec Age of KIS's answer in seconds. | KIS 응답의 경과 시간 (초).
 * @param state Reliability; {@code STALE}: KIS fails, this is its last answer, at most ten minutes old. | 신뢰 상태.
 *     {@code STALE}(지연): KIS 장애로 마지막 응답을 제공함 (최대 10분 경과).
 */
public record Ranking(
        @OneOf({"volume", "turnover", "volume-growth", "turnover-rate", "gainers", "losers", "market-cap"})
        String kind,

        List<Place> places,
        @OneOf({"kis-rest", "cache"}) String source,
        long ts,
        long tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state) {

    /**
     * One place of the ranking. | 순위 한 건.
     *
     * @param rank Rank in KIS's list; 1 is the first. | KIS 목록의 순위 (1이 1위).
     * @param symbol Symbol of the stock. | 종목코드.
     * @param name Korean name. | 종목명.
     * @param price Price of the last trade, won. | 현재가 (원).
     * @param change Change from the previous close, won, signed. | 전일대비 (원).
     * @param changePct Change in percent of the previous close, signed. | 등락률 (%).
     * @param volume Shares traded today. | 누적거래량 (주).
     * @param turnover Won traded today; null if KIS's ranking has none. | 누적거래대금 (원). KIS 순위에 없으면 null.
     * @param marketCap Market capitalization in won, to the hundred million; null if KIS's ranking has none. | 시가총액 (원,
     *     억원 단위). KIS 순위에 없으면 null.
     * @param volumeGrowthPct Volume of today in percent of the usual one, the criterion of {@code volume-growth}; null
     *     if KIS's ranking has none. | 거래증가율: 평소 거래량 대비 오늘 거래량 (%), {@code volume-growth}의 기준. KIS 순위에 없으면 null.
     * @param turnoverRatePct Volume of today in percent of the listed shares, the criterion of {@code turnover-rate};
     *     null if KIS's ranking has none. | 거래회전율: 상장주식수 대비 오늘 거래량 (%), {@code turnover-rate}의 기준. KIS 순위에 없으면 null.
     */
    public record Place(
            @Range(min = 1) long rank,
            @Symbol String symbol,
            String name,
            long price,
            long change,
            BigDecimal changePct,
            long volume,
            OptionalLong turnover,
            OptionalLong marketCap,
            Optional<BigDecimal> volumeGrowthPct,
            Optional<BigDecimal> turnoverRatePct) {}
}
