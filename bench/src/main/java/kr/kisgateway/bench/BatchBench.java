package kr.kisgateway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.batch.Batch;
import kr.kisgateway.client.batch.BatchOptions;
import kr.kisgateway.client.batch.BatchPrice;
import kr.kisgateway.client.batch.BatchResult;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;

/**
 * {@code batch}: the prices of all listed stocks through the SDK, from a simulator that has KIS's call rate. The floor is
 * arithmetic: as many calls at 18 a second, the first 18 at once.
 */
final class BatchBench implements Bench {
    private static final int ROUNDS = 3;
    private static final int CALLS_PER_SECOND = 18;

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        List<Symbol> stocks = Instruments.load().all().stream()
                .filter(it -> it.product() == Product.STOCK)
                .map(Instrument::symbol)
                .toList();
        int calls = (stocks.size() + DomesticCalls.PRICES_MAX - 1) / DomesticCalls.PRICES_MAX;
        var seconds = new ArrayList<Double>();
        long refused = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            try (KisClient kis = Kis.connect(Map.of(), workshop.folder("batch"), new KisListener() {})) {
                BatchResult<BatchPrice> result = Batch.over(kis).prices(stocks, BatchOptions.standard());
                if (!result.complete()) {
                    throw new BenchException(
                            "Not every stock has a price: " + result.stats().failures());
                }
                seconds.add(result.stats().took().toMillis() / 1_000.0);
                long tooFast = kis.budget().state().refusedByKis();
                refused += tooFast;
                workshop.progress(String.format(
                        Locale.ROOT,
                        "batch %d of %d: %.3f s, %d refused for the rate",
                        round,
                        ROUNDS,
                        seconds.getLast(),
                        tooFast));
            }
        }
        return List.of(
                Result.of("batch.prices_s", Median.of(seconds, it -> it), "s")
                        .with("stocks", stocks.size())
                        .with("calls", calls)
                        .with("refused for the rate", refused),
                Result.of("batch.prices_s.floor", (calls - CALLS_PER_SECOND) / (double) CALLS_PER_SECOND, "s"));
    }
}
