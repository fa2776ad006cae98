package kr.kisgateway.client.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.client.Kis;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.parse.DayBar;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches against the simulator with KIS's own limits, which refuses calls that are too fast. */
@Tag("slow")
class BatchTest {
    private static final List<Symbol> STOCKS = Instruments.load().all().stream()
            .filter(it -> it.product() == Product.STOCK)
            .map(Instrument::symbol)
            .toList();

    @TempDir
    private Path folder;

    @Test
    @Requirement(value = "P-09", clause = "thirty")
    void prices_of_six_hundred_stocks_are_requested_thirty_per_call_at_the_full_rate() {
        try (KisClient kis = Kis.connect(Map.of(), folder, new KisListener() {})) {
            BatchResult<BatchPrice> result = Batch.over(kis).prices(STOCKS.subList(0, 600), BatchOptions.standard());
            assertThat(result.isComplete()).isTrue();
            assertThat(result.values().keySet()).containsExactlyElementsOf(STOCKS.subList(0, 600));
            assertThat(result.values()).allSatisfy((symbol, price) -> {
                assertThat(price.symbol()).isEqualTo(symbol);
                assertThat(price.price()).isBetween(price.lowerLimit(), price.upperLimit());
            });
            assertThat(result.stats().requestCount()).isEqualTo(20);
            assertThat(result.stats().took()).isLessThan(Duration.ofSeconds(5));
            assertThat(kis.budget().state().refusedByKis()).isZero();
        }
    }

    @Test
    @Requirement(value = "P-09", clause = "all")
    @Tag("long")
    void all_stocks_take_at_most_seven_seconds() {
        try (KisClient kis = Kis.connect(Map.of(), folder, new KisListener() {})) {
            BatchResult<BatchPrice> result = Batch.over(kis).prices(STOCKS, BatchOptions.standard());
            assertThat(STOCKS).hasSize(2_879);
            assertThat(result.isComplete()).isTrue();
            assertThat(result.stats().took()).isLessThanOrEqualTo(Duration.ofSeconds(7));
            assertThat(kis.budget().state().refusedByKis()).isZero();
        }
    }

    @Test
    @Requirement(value = "P-10", clause = "charts")
    void charts_of_many_stocks_are_requested_at_the_full_rate() {
        try (KisClient kis = Kis.connect(Map.of(), folder, new KisListener() {})) {
            LocalDate to = LocalDate.of(2026, 11, 20);
            BatchResult<List<DayBar>> result = Batch.over(kis)
                    .charts(STOCKS.subList(0, 40), BarPeriod.DAY, to.minusDays(30), to, true, BatchOptions.standard());
            assertThat(result.isComplete()).isTrue();
            assertThat(result.values())
                    .hasSize(40)
                    .allSatisfy((_, bars) -> assertThat(bars).isNotEmpty());
            assertThat(result.stats().took()).as("at 18 a second").isLessThan(Duration.ofSeconds(8));
            assertThat(kis.budget().state().refusedByKis()).isZero();
        }
    }

    @Test
    @Requirement(value = "P-09", clause = "paper")
    @Requirement("A-18")
    void in_paper_prices_are_requested_one_by_one_after_an_estimate_of_the_time() {
        try (KisClient kis = Kis.connect(Map.of("KIS_ENV", "mock"), folder, new KisListener() {})) {
            var announcements = new ArrayList<String>();
            BatchResult<BatchPrice> result = Batch.over(kis)
                    .prices(STOCKS.subList(0, 3), BatchOptions.standard().with(new BatchListener() {
                        @Override
                        public void started(int total, int calls, Duration atLeast) {
                            announcements.add(total + " in " + calls + " calls, " + atLeast.toSeconds() + " s");
                        }
                    }));
            assertThat(announcements).containsExactly("3 in 3 calls, 2 s");
            assertThat(result.isComplete()).isTrue();
            assertThat(kis.budget().state().refusedByKis()).isZero();
        }
    }
}
