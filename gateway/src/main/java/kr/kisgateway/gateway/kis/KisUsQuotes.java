package kr.kisgateway.gateway.kis;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.ask.SharedAnswers;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuoteSource;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasDetailAnswer;
import kr.kisgateway.wire.parse.OverseasPriceAnswer;

/**
 * American prices from price-detail (해외주식 현재가상세), on paper, which lacks it, from price (해외주식 현재체결가), which tells
 * neither the day's first price nor the highest and lowest.
 */
public final class KisUsQuotes implements UsQuoteSource {
    private final Supplier<KisClient> kis;

    /** @param kis whom to ask, at each call anew */
    public KisUsQuotes(Supplier<KisClient> kis) {
        this.kis = kis;
    }

    @Override
    public Fetched<UsFigures> fetch(UsSymbol symbol, boolean dayMarket, String tenant) {
        var client = kis.get();
        var options = CallOptions.standard().in(Lane.QUOTE).as(tenant).within(SharedAnswers.CALL_LIMIT);
        var code = wire(symbol);
        var calls = client.overseas();
        return client.environment() == Environment.PAPER_FACE
                ? price(symbol, dayMarket ? calls.dayPrice(code, options) : calls.price(code, options))
                : detail(symbol, dayMarket ? calls.dayDetail(code, options) : calls.detail(code, options));
    }

    /** The symbol as KIS's wire has it. */
    static OverseasSymbol wire(UsSymbol symbol) {
        return new OverseasSymbol(OverseasExchange.valueOf(symbol.exchange().name()), symbol.ticker());
    }

    private static Fetched<UsFigures> price(UsSymbol symbol, KisReply<OverseasPriceAnswer> reply) {
        return switch (reply) {
            case KisReply.Ok<OverseasPriceAnswer>(OverseasPriceAnswer it)
            when it.price().signum() > 0 ->
                new Fetched.Got<>(new UsFigures(
                        it.price(),
                        it.change(),
                        it.changePct(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        it.volume(),
                        it.turnover()));
            case KisReply.Ok<OverseasPriceAnswer> _ -> unknown(symbol);
            case KisReply.Failed<OverseasPriceAnswer>(KisFailure failure) ->
                new Fetched.Failed<>(KisWords.marketData(failure));
        };
    }

    /** This call tells no change; it follows from the close before. */
    private static Fetched<UsFigures> detail(UsSymbol symbol, KisReply<OverseasDetailAnswer> reply) {
        return switch (reply) {
            case KisReply.Ok<OverseasDetailAnswer>(OverseasDetailAnswer it)
            when it.price().signum() > 0 -> {
                var change = it.base().signum() > 0 ? it.price().subtract(it.base()) : BigDecimal.ZERO;
                yield new Fetched.Got<>(new UsFigures(
                        it.price(),
                        change,
                        UsFigures.percent(change, it.base()),
                        positive(it.open()),
                        positive(it.high()),
                        positive(it.low()),
                        Optional.empty(),
                        Optional.empty(),
                        it.volume(),
                        it.turnover()));
            }
            case KisReply.Ok<OverseasDetailAnswer> _ -> unknown(symbol);
            case KisReply.Failed<OverseasDetailAnswer>(KisFailure failure) ->
                new Fetched.Failed<>(KisWords.marketData(failure));
        };
    }

    /** KIS writes 0 before the first trade of the day. */
    private static Optional<BigDecimal> positive(Optional<BigDecimal> price) {
        return price.filter(it -> it.signum() > 0);
    }

    private static <T> Fetched<T> unknown(UsSymbol symbol) {
        return new Fetched.Failed<>(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "KIS has no price of " + symbol + ".")
                .with("symbol", symbol.toString()));
    }
}
