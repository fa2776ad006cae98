package kr.kisgateway.api.market;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.Symbol;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Trading of a stock by investor group on the last thirty days. | 종목의 최근 30일 투자자별 매매.
 *
 * @param symbol Symbol of the stock. | 종목코드.
 * @param name Korean name. | 종목명.
 * @param days Days, newest first. | 일별 내역 (최신순).
 * @param source Origin of the figures: {@code kis-rest} for a current answer of KIS, {@code cache} for its last answer
 *     while KIS fails. | 출처: {@code kis-rest}(KIS의 현재 응답), {@code cache}(KIS 장애 중의 마지막 응답).
 * @param ts Time at which KIS answered, epoch seconds. | KIS 응답 시각 (epoch 초).
 * @param tsMs The same in epoch milliseconds. | KIS 응답 시각 (epoch 밀리초).
 * @param freshnessSec Age of KIS's answer in seconds. | KIS 응답의 경과 시간 (초).
 * @param state Reliability; {@code STALE}: KIS fails, this is its last answer, at most ten minutes old. | 신뢰 상태.
 *     {@code STALE}(지연): KIS 장애로 마지막 응답을 제공함 (최대 10분 경과).
 */
public record Investors(
        @Symbol String symbol,
        String name,
        List<Day> days,
        @OneOf({"kis-rest", "cache"}) String source,
        long ts,
        long tsMs,
        @Range(min = 0) BigDecimal freshnessSec,
        @OneOf({"HEALTHY", "STALE"}) String state) {

    /**
     * Trading of one day by investor group. | 하루의 투자자별 매매.
     *
     * @param date Trading day. | 영업일.
     * @param close Last price of the day, won. | 종가 (원).
     * @param change Change from the close of the day before, won, signed. | 전일대비 (원).
     * @param persons Trading of individuals; null while KIS has no figures, as for today before the evening. | 개인. KIS
     *     집계 전(당일 저녁 이전 등)에는 null.
     * @param foreigners Trading of foreigners; null while KIS has no figures. | 외국인. KIS 집계 전에는 null.
     * @param institutions Trading of institutions; null while KIS has no figures. | 기관계. KIS 집계 전에는 null.
     */
    public record Day(
            LocalDate date,
            long close,
            long change,
            Optional<InvestorFlow> persons,
            Optional<InvestorFlow> foreigners,
            Optional<InvestorFlow> institutions) {}
}
