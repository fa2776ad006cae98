package kr.kisgateway.client.batch;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.DayBar;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;

/**
 * Queries for many symbols. Each method blocks until every symbol has its answer or its failure, or the batch is
 * stopped; interrupting the thread stops it too. A repeated symbol is requested once; without symbols nothing is sent.
 *
 * <p>A batch runs as fast as the client's call budget allows: live some 16 of the 18 calls a second, because two are reserved
 * for cancels, and less while other calls wait.
 */
public final class Batch {
    private final KisClient kis;

    private Batch(KisClient kis) {
        this.kis = kis;
    }

    /** Batches through {@code kis}, which stays open. */
    public static Batch over(KisClient kis) {
        return new Batch(kis);
    }

    /**
     * The current prices of all {@code symbols} on KRX: live 30 with one call (관심종목 멀티종목 시세조회, FHKST11300006), in paper,
     * which does not offer that, one by one (주식현재가 시세, FHKST01010100) at one call a second; {@link BatchListener#started}
     * first reports how long that takes.
     */
    public BatchResult<BatchPrice> prices(Collection<Symbol> symbols, BatchOptions options) {
        return kis.environment() == Environment.LIVE_FACE
                ? run(symbols, DomesticCalls.PRICES_MAX, group -> requestGroup(group, options.call()), options)
                : each(symbols, this::requestSingle, options);
    }

    /** The charts of all {@code symbols}, as of {@link DomesticCalls#chart}; live and paper. */
    public BatchResult<List<DayBar>> charts(
            Collection<Symbol> symbols,
            BarPeriod period,
            LocalDate from,
            LocalDate to,
            boolean adjusted,
            BatchOptions options) {
        return each(symbols, (symbol, call) -> kis.domestic().chart(symbol, period, from, to, adjusted, call), options);
    }

    /**
     * Any query for each of {@code symbols}, such as its minutes; for one with several calls the reported time is
     * too short.
     *
     * @param request queries one symbol with the given options, on a virtual thread of the batch; its exception is that
     *     symbol's failure, of a {@link kr.kisgateway.client.KisException} the one inside it
     */
    public <T> BatchResult<T> each(
            Collection<Symbol> symbols, BiFunction<Symbol, CallOptions, KisReply<T>> request, BatchOptions options) {
        return run(
                symbols,
                1,
                group -> switch (request.apply(group.getFirst(), options.call())) {
                    case KisReply.Ok<T>(T value) -> new KisReply.Ok<>(Map.of(group.getFirst(), value));
                    case KisReply.Failed<T>(KisFailure failure) -> new KisReply.Failed<>(failure);
                },
                options);
    }

    private <T> BatchResult<T> run(
            Collection<Symbol> symbols,
            int size,
            Function<List<Symbol>, KisReply<Map<Symbol, T>>> request,
            BatchOptions options) {
        return new BatchRun<>(symbols, size, request, options, kis.clock())
                .run(kis.budget().historyPerSecond());
    }

    /** A symbol that KIS does not list has no price. */
    private KisReply<Map<Symbol, BatchPrice>> requestGroup(List<Symbol> group, CallOptions call) {
        return switch (kis.domestic().prices(group, call)) {
            case KisReply.Failed<List<QuickPrice>>(KisFailure failure) -> new KisReply.Failed<>(failure);
            case KisReply.Ok<List<QuickPrice>>(List<QuickPrice> rows) ->
                new KisReply.Ok<>(rows.stream()
                        .filter(row -> row.price() > 0)
                        .map(BatchPrice::of)
                        .collect(Collectors.toMap(BatchPrice::symbol, it -> it, (first, _) -> first)));
        };
    }

    private KisReply<BatchPrice> requestSingle(Symbol symbol, CallOptions call) {
        return switch (kis.domestic().price(symbol, call)) {
            case KisReply.Failed<PriceAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
            case KisReply.Ok<PriceAnswer>(PriceAnswer answer)
            when answer.price() > 0 -> new KisReply.Ok<>(BatchPrice.of(symbol, answer));
            case KisReply.Ok<PriceAnswer> _ -> new KisReply.Failed<>(BatchRun.unknownSymbol(symbol));
        };
    }
}
