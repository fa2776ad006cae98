package kr.kisgateway.examples;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.batch.Batch;
import kr.kisgateway.client.batch.BatchListener;
import kr.kisgateway.client.batch.BatchOptions;
import kr.kisgateway.client.batch.BatchPrice;
import kr.kisgateway.client.batch.BatchResult;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Symbol;

/** The prices of many stocks at once, and the five with the highest change. */
public final class Prices {
    private static final int MANY = 300;
    private static final int SHOWN = 5;

    private Prices() {}

    /** @param args how many stocks, 300 when left out */
    public static void main(String[] args) {
        int many = args.length > 0 ? Integer.parseInt(args[0]) : MANY;
        List<Symbol> symbols = Instruments.load().all().stream()
                .map(Instrument::symbol)
                .limit(many)
                .toList();
        try (KisClient kis = Kis.connect()) {
            // example: batch
            BatchListener progress = new BatchListener() {
                @Override
                public void started(int total, int calls, Duration atLeast) {
                    IO.println(total + " stocks in " + calls + " calls, at least " + atLeast.toSeconds() + " s");
                }

                @Override
                public void milestone(int completed, int total) {
                    IO.println(completed + " of " + total);
                }
            };
            BatchResult<BatchPrice> result =
                    Batch.over(kis).prices(symbols, BatchOptions.standard().with(progress));
            result.failures().forEach((symbol, why) -> IO.println(symbol + ": " + why.code() + ", " + why.remedy()));
            IO.println(result.values().size() + " prices, " + result.stats().requestCount() + " calls");
            // end
            result.values().values().stream()
                    .sorted(Comparator.comparing(BatchPrice::changePct).reversed())
                    .limit(SHOWN)
                    .forEach(it -> IO.println(it.symbol() + " " + it.price() + " won, " + it.changePct() + " %"));
        }
    }
}
