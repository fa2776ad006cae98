package kr.kisgateway.gateway.marketwide;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.ask.CallResult;
import kr.kisgateway.market.Symbol;

/** Where market-wide figures are asked for. Each call blocks until there is an answer or a few seconds have passed. */
public interface MarketSource {
    /** Up to thirty places, the first first. */
    CallResult<List<Ranked>> ranking(RankingKind kind, String tenant);

    /** @param code four digits, 0001 KOSPI */
    CallResult<IndexValue> index(String code, String tenant);

    /** The last thirty days, newest first. */
    CallResult<List<InvestorsOfDay>> investors(Symbol symbol, String tenant);

    CallResult<NetAssetValue> nav(Symbol etf, String tenant);

    /**
     * One place of a ranking, in won and shares.
     *
     * @param turnover where the ranking tells
     * @param marketCap won, to the hundred million; where the ranking tells
     * @param volumeGrowthPct volume of today in percent of the usual one (거래증가율); where the ranking tells
     * @param turnoverRatePct volume of today in percent of the listed shares (회전율); where the ranking tells
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

    /** Who bought and sold on one day; a group is absent while KIS has no figures, as before the evening of the day. */
    record InvestorsOfDay(
            LocalDate date,
            long close,
            long change,
            Optional<Flow> persons,
            Optional<Flow> foreigners,
            Optional<Flow> institutions) {}

    /** What one group did, in shares and in won; KIS counts the won in millions. */
    record Flow(long netQty, long netAmount, long boughtQty, long boughtAmount, long soldQty, long soldAmount) {}

    /**
     * What a share of an ETF owns, in won.
     *
     * @param deviationPct how far the price lies from the value (괴리율), where told
     * @param trackingErrorPct 추적오차율, where told
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
