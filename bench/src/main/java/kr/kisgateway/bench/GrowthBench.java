package kr.kisgateway.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;

/** {@code growth}: what a gateway costs that has ten years of orders, or twenty years of daily bars of every stock. */
final class GrowthBench implements Bench {
    private static final String ORDERS = "orders";
    private static final String BARS = "bars";

    @Override
    public List<String> profiles() {
        return List.of(ORDERS, BARS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        try {
            if (environment.isSelected(ORDERS)) results.addAll(OrderGrowth.measure(environment));
            if (environment.isSelected(BARS)) results.addAll(BarGrowth.measure(environment));
        } catch (SQLException e) {
            throw new BenchException("A database failed: " + e.getMessage(), e);
        }
        return results;
    }
}
