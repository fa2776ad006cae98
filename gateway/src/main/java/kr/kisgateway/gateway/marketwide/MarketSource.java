package kr.kisgateway.gateway.marketwide;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Symbol;

/** Requests market-wide figures. Each call blocks until the answer or for a few seconds. */
public interface MarketSource {
    /** Up to thirty places, the first place first. */
    Result<List<Ranked>> ranking(RankingKind kind, String tenant);

    /** @param code four digits, 0001 KOSPI */
    Result<IndexValue> index(String code, String tenant);

    /** The last thirty days, newest first. */
    Result<List<InvestorsOfDay>> investors(Symbol symbol, String tenant);

    Result<NetAssetValue> nav(Symbol etf, String tenant);

    /**
     * One place of a ranking, in won and shares.
     *
     * @param turnover where the ranking has it
     * @param marketCap won, to the hundred million; where the ranking has it
     * @param volumeGrowthPct volume of today in percent of the usual one (거래증가율); where the ranking has it
     * @param turnoverRatePct volume of today in percent of the listed shares (회전율); where the ranking has it
     */
    record Ranked(
            int rank,
            Symbol symbol,
            String name,
            long price,
            long change,
            BigDecimal changePct,
            long volume,
            OptionalLong turnover,
            OptionalLong marketCap,
            Optional<BigDecimal> volumeGrowthPct,
            Optional<BigDecimal> turnoverRatePct) {}

    /**
     * An index in points.
     *
     * @param open absent before the first value of the day; so are {@code high} and {@code low}
     * @param volume as KIS counts it: the unit is not documented
     * @param turnover as KIS counts it
     * @param rising stocks above their base, those at the upper limit included or not as KIS counts
     */
    record IndexValue(
            BigDecimal value,
            BigDecimal change,
            BigDecimal changePct,
            Optional<BigDecimal> open,
            Optional<BigDecimal> high,
            Optional<BigDecimal> low,
            long volume,
            long turnover,
            long rising,
            long atUpperLimit,
            long unchanged,
            long falling,
            long atLowerLimit) {}

    /** Purchases and sales on one day; a group is absent while KIS has no figures, as before the evening of the day. */
    record InvestorsOfDay(
            LocalDate date,
            long close,
            long change,
            Optional<Flow> persons,
            Optional<Flow> foreigners,
            Optional<Flow> institutions) {}

    /** Trading of one group, in shares and in won; KIS counts the won in millions. */
    record Flow(long netQty, long netAmount, long boughtQty, long boughtAmount, long soldQty, long soldAmount) {}

    /**
     * Net asset value of an ETF's share, in won.
     *
     * @param deviationPct deviation of the price from the value (괴리율), where KIS sends it
     * @param trackingErrorPct 추적오차율, where KIS sends it
     */
    record NetAssetValue(
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
            OptionalLong components) {}
}
