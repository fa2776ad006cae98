package kr.kisgateway.api.market;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Current value of an index. | 업종 현재지수.
 *
 * @param code Code of the index at KIS, four digits: 0001 KOSPI, 1001 KOSDAQ, 2001 KOSPI 200. | KIS 업종코드 4자리 (0001
 *     KOSPI, 1001 KOSDAQ, 2001 KOSPI 200).
 * @param name Name of the index: {@code KOSPI}, {@code KOSDAQ}, {@code KOSPI200}, or of an index by size, as
 *     {@code KOSPI Large Cap}; null for industries. | 지수명 ({@code KOSPI}, {@code KOSDAQ}, {@code KOSPI200}, 규모별 지수는
 *     {@code KOSPI Large Cap} 등). 업종 지수는 null.
 * @param value Current value, points. | 현재지수 (포인트).
 * @param change Change from the previous close, points, signed. | 전일대비 (포인트).
 * @param changePct Change in percent of the previous close, signed. | 등락률 (%).
 * @param open First value of the day, points; null before it. | 시가지수 (포인트). 첫 지수 산출 전에는 null.
 * @param high Highest value of the day, points; null before the first value. | 고가지수 (포인트). 첫 지수 산출 전에는 null.
 * @param low Lowest value of the day, points; null before the first value. | 저가지수 (포인트). 첫 지수 산출 전에는 null.
 * @param rawVolume Volume of the day as KIS sends it; KIS does not document the unit. | 누적거래량. KIS 값 그대로이며 단위는 KIS 문서에
 *     없습니다.
 * @param rawTurnover Turnover of the day as KIS sends it; KIS does not document the unit. | 누적거래대금. KIS 값 그대로이며 단위는 KIS
 *     문서에 없습니다.
 * @param rising Number of stocks above their base price. | 상승종목수.
 * @param atUpperLimit Number of stocks at their upper limit. | 상한종목수.
 * @param unchanged Number of stocks at their base price. | 보합종목수.
 * @param falling Number of stocks below their base price. | 하락종목수.
 * @param atLowerLimit Number of stocks at their lower limit. | 하한종목수.
 * @param source Origin of the figures: {@code kis-rest} for a current answer of KIS, {@code cache} for its last answer
 *     while KIS fails. | 출처: {@code kis-rest}(KIS의 현재 응답), {@code cache}(KIS 장애 중의 마지막 응답).
 * @param ts Time at which KIS answered, epoch seconds. | KIS 응답 시각 (epoch 초).
 * @param tsMs The same in epoch milliseconds. | KIS 응답 시각 (epoch 밀리초).
 * @param freshnessSec Age of KIS's answer in seconds. | KIS 응답의 경과 시간 (초).
 * @param state Reliability; {@code STALE}: KIS fails, this is its last answer, at most ten minutes old. | 신뢰 상태.
 *     {@code STALE}(지연): KIS 장애로 마지막 응답을 제공함 (최대 10분 경과).
 */
public record Index(
        String code,
        Optional<String> name,
        BigDecimal value,
        BigDecimal change,
        BigDecimal changePct,
        Optional<BigDecimal> open,
        Optional<BigDecimal> high,
        Optional<BigDecimal> low,
        long rawVolume,
        long rawTurnover,
        long rising,
        long atUpperLimit,
        long unchanged,
        long falling,
        long atLowerLimit,
        @OneOf({"kis-rest", "cache"}) String source,
        long ts,
        long tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state) {}
