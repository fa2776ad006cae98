package kr.kisgateway.gateway.kis.rest;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.VolumeRanking;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.marketwide.MarketSource;
import kr.kisgateway.gateway.marketwide.RankingKind;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.EtfAnswer;
import kr.kisgateway.wire.parse.IndexAnswer;
import kr.kisgateway.wire.parse.InvestorDay;
import kr.kisgateway.wire.parse.RankRow;

/** Rankings (순위), indices (업종), investors (투자자) and net asset values (NAV) from KIS. */
public final class KisMarket implements MarketSource {
    /** {@code stck_avls} is in hundred millions of won (억원). */
    private static final long EOK = 100_000_000;

    /** Investors' won are in millions (백만원). */
    private static final long MILLION = 1_000_000;

    private final DomesticCalls kis;

    public KisMarket(KisClient kis) {
        this.kis = kis.domestic();
    }

    @Override
    public Result<List<Ranked>> ranking(RankingKind kind, String tenant) {
        var options = options(tenant);
        return KisRefusals.marketData(
                switch (kind) {
                    case VOLUME -> kis.mostTraded(VolumeRanking.VOLUME, options);
                    case TURNOVER -> kis.mostTraded(VolumeRanking.AMOUNT, options);
                    case VOLUME_GROWTH -> kis.mostTraded(VolumeRanking.GROWTH, options);
                    case TURNOVER_RATE -> kis.mostTraded(VolumeRanking.TURNOVER_RATE, options);
                    case GAINERS -> kis.risers(options);
                    case LOSERS -> kis.fallers(options);
                    case MARKET_CAP -> kis.largestByMarketCap(options);
                },
                rows -> rows.stream().map(KisMarket::ranked).toList());
    }

    private static Ranked ranked(RankRow row) {
        return new Ranked(
                row.rank(),
                row.symbol(),
                row.name(),
                row.price(),
                row.change(),
                row.changePct(),
                row.volume(),
                row.turnover(),
                row.marketCap().isPresent()
                        ? OptionalLong.of(Math.multiplyExact(row.marketCap().getAsLong(), EOK))
                        : OptionalLong.empty(),
                row.volumeGrowthPct(),
                row.turnoverRatePct());
    }

    @Override
    public Result<IndexValue> index(String code, String tenant) {
        return KisRefusals.marketData(kis.index(code, options(tenant)), KisMarket::index)
                .flatMap(index -> index.value().signum() == 0
                        ? Result.refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS has no index " + code + ".")
                                .with("code", code))
                        : Result.success(index));
    }

    private static IndexValue index(IndexAnswer answer) {
        return new IndexValue(
                answer.value(),
                answer.change(),
                answer.changePct(),
                positive(answer.open()),
                positive(answer.high()),
                positive(answer.low()),
                answer.volume(),
                answer.turnover(),
                answer.rising(),
                answer.atUpperLimit(),
                answer.unchanged(),
                answer.falling(),
                answer.atLowerLimit());
    }

    private static Optional<BigDecimal> positive(BigDecimal value) {
        return Optional.of(value).filter(it -> it.signum() > 0);
    }

    @Override
    public Result<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
        return KisRefusals.marketData(
                kis.investors(symbol, options(tenant)),
                days -> days.stream().map(KisMarket::day).toList());
    }

    private static InvestorsOfDay day(InvestorDay day) {
        return new InvestorsOfDay(
                day.date(),
                day.close(),
                day.change(),
                day.persons().map(KisMarket::flow),
                day.foreigners().map(KisMarket::flow),
                day.institutions().map(KisMarket::flow));
    }

    private static Flow flow(InvestorDay.Flow flow) {
        return new Flow(
                flow.netQty(),
                Math.multiplyExact(flow.netAmount(), MILLION),
                flow.boughtQty(),
                Math.multiplyExact(flow.boughtAmount(), MILLION),
                flow.soldQty(),
                Math.multiplyExact(flow.soldAmount(), MILLION));
    }

    @Override
    public Result<NetAssetValue> nav(Symbol etf, String tenant) {
        return KisRefusals.marketData(kis.etf(etf, options(tenant)), KisMarket::nav);
    }

    private static NetAssetValue nav(EtfAnswer answer) {
        return new NetAssetValue(
                answer.price(),
                answer.change(),
                answer.changePct(),
                answer.volume(),
                answer.nav(),
                answer.navChange(),
                answer.navChangePct(),
                answer.previousNav(),
                answer.deviationPct(),
                answer.trackingErrorPct(),
                answer.multiple(),
                answer.shares(),
                answer.components());
    }

    private static CallOptions options(String tenant) {
        return CallOptions.standard().withTenant(tenant).withTimeout(AnswerCache.CALL_LIMIT);
    }
}
