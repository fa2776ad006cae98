package kr.kisgateway.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;

/** {@code growth}: what a gateway costs that has ten years of orders, twenty years of daily bars of every stock, or a year of recorded trades. */
final class GrowthBench implements Bench {
    private static final String ORDERS = "orders";
    private static final String BARS = "bars";
    private static final String TICKS = "ticks";

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<String> profiles() {
        return List.of(ORDERS, BARS, TICKS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        try {
            if (environment.isSelected(ORDERS)) results.addAll(OrderGrowth.measure(environment));
            if (environment.isSelected(BARS)) results.addAll(BarGrowth.measure(environment));
            if (environment.isSelected(TICKS)) results.addAll(TickGrowth.measure(environment));
        } catch (SQLException e) {
            throw new BenchException("A database failed: " + e.getMessage(), e);
        }
        return results;
    }
}
