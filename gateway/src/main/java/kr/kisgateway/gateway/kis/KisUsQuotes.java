package kr.kisgateway.gateway.kis;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuoteSource;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.parse.OverseasDetailAnswer;
import kr.kisgateway.wire.parse.OverseasPriceAnswer;

/**
 * US prices from price-detail (해외주식 현재가상세), on paper, which lacks it, from price (해외주식 현재체결가), which returns neither the
 * day's first price nor the highest and lowest.
 */
public final class KisUsQuotes implements UsQuoteSource {
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(60);

    private final Supplier<KisClient> kis;
    private final Lane lane;
    private final Duration timeout;

    /** @param kis resolved at each call */
    public KisUsQuotes(Supplier<KisClient> kis) {
        this(kis, Lane.QUOTE, AnswerCache.CALL_LIMIT);
    }

    private KisUsQuotes(Supplier<KisClient> kis, Lane lane, Duration timeout) {
        this.kis = kis;
        this.lane = lane;
        this.timeout = timeout;
    }

    /** For many prices one after the other, each of which may wait for a minute. */
    public static KisUsQuotes forBatch(Supplier<KisClient> kis) {
        return new KisUsQuotes(kis, Lane.QUOTE, BATCH_TIMEOUT);
    }

    /** The same in the lane of charts, behind all other requests. */
    public static KisUsQuotes background(Supplier<KisClient> kis) {
        return new KisUsQuotes(kis, Lane.HISTORY, BATCH_TIMEOUT);
    }

    @Override
    public Result<UsFigures> fetch(UsSymbol symbol, boolean dayMarket, String tenant) {
        var options = CallOptions.standard().withLane(lane).withTenant(tenant).withTimeout(timeout);
        return KisRefusals.marketData(figures(symbol, dayMarket, options), found -> found)
                .flatMap(found -> found.map(Result::success)
                        .orElseGet(() -> Result.refused(
                                Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS has no price of " + symbol + ".")
                                        .with("symbol", symbol.code()))));
    }

    /** The figures; empty when KIS has no price of {@code symbol}. */
    KisReply<Optional<UsFigures>> figures(UsSymbol symbol, boolean dayMarket, CallOptions options) {
        var client = kis.get();
        var code = KisTr.toOverseasSymbol(symbol);
        var calls = client.overseas();
        return client.environment() == Environment.PAPER_FACE
                ? price(dayMarket ? calls.dayPrice(code, options) : calls.price(code, options))
                : detail(dayMarket ? calls.dayDetail(code, options) : calls.detail(code, options));
    }

    private static KisReply<Optional<UsFigures>> price(KisReply<OverseasPriceAnswer> reply) {
        return switch (reply) {
            case KisReply.Ok<OverseasPriceAnswer>(OverseasPriceAnswer it) ->
                new KisReply.Ok<>(Optional.of(new UsFigures(
                                it.price(),
                                it.change(),
                                it.changePct(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                it.volume(),
                                it.turnover()))
                        .filter(KisUsQuotes::hasPrice));
            case KisReply.Failed<OverseasPriceAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    /** This call returns no change; it is computed from the previous close. */
    private static KisReply<Optional<UsFigures>> detail(KisReply<OverseasDetailAnswer> reply) {
        return switch (reply) {
            case KisReply.Ok<OverseasDetailAnswer>(OverseasDetailAnswer it) -> {
                var change = it.base().signum() > 0 ? it.price().subtract(it.base()) : BigDecimal.ZERO;
                yield new KisReply.Ok<>(Optional.of(new UsFigures(
                                it.price(),
                                change,
                                UsFigures.percent(change, it.base()),
                                positive(it.open()),
                                positive(it.high()),
                                positive(it.low()),
                                Optional.empty(),
                                Optional.empty(),
                                it.volume(),
                                it.turnover()))
                        .filter(KisUsQuotes::hasPrice));
            }
            case KisReply.Failed<OverseasDetailAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    private static boolean hasPrice(UsFigures figures) {
        return figures.price().signum() > 0;
    }

    /** KIS writes 0 before the first trade of the day. */
    private static Optional<BigDecimal> positive(Optional<BigDecimal> price) {
        return price.filter(it -> it.signum() > 0);
    }
}
