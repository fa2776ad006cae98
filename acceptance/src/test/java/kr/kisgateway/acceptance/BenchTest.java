package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Benches of market data and of the ordinary load run to their end, most of them in the long run; their figures here are not measurements. */
@Tag("slow")
class BenchTest {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    static Path home;

    private static InstalledBench bench;

    @BeforeAll
    static void install() throws IOException {
        bench = InstalledBench.in(home);
    }

    @AfterAll
    static void unlink() throws IOException {
        bench.close();
    }

    @ParameterizedTest
    @CsvSource({"quote cached, quote.cached.p99_ms"})
    void a_benchmark_reports_its_measurements_and_its_targets(String what, String results) throws Exception {
        runBenchmark(what, results);
    }

    /** The bench itself fails where an order has not ended as it should, or an answer is an error. */
    @Requirement(value = "A-20", clause = "users")
    @Requirement(value = "A-20", clause = "streams")
    @Test
    void ten_orders_a_second_of_a_hundred_users_all_end_and_fifty_streams_are_within_100_ms() throws Exception {
        var load = bench.run(LIMIT, "load", "--seconds", "30");

        assertThat(load.exitCode()).as(load.log()).isZero();
        assertThat(load.results().get("load.orders").path("value").asInt())
                .as("five of six requests are orders, and one that finds none to cancel")
                .isBetween(300, 305);
        assertThat(load.results().get("load.stream.p99_ms").path("bars"))
                .as(load.log())
                .singleElement()
                .matches(bar -> bar.path("met").asBoolean());
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "history, history.from_kis_ms history.from_files_ms history.warm.p99_ms",
        "stream 50x1000, stream.rate.50x1000 stream.p99_ms.50x1000 stream.allocated.50x1000",
        "stream idle, stream.idle_kb",
        "quote memory, quote.rate quote.p99_ms",
        "batch api, batch.api_s",
        "stream 500xmax, stream.rate.500xmax",
        "stream a20, stream.a20.p99_ms",
        "batch sdk, batch.prices_s",
        "reconnect, reconnect.first_tick_ms",
        "mcp, mcp.get_quote.p99_ms",
        "day, day.cpu_ms day.cluster.cpu_ms",
        "preview, preview.p99_ms preview.basket.p99_ms",
        "cluster streams, cluster.streams.rate.2000x20 cluster.streams.p99_ms.2000x20",
        "disk, disk.written_kb_an_order disk.kept_kb_an_order disk.idle_written_kb_a_minute",
        "memory, memory.face_mb memory.history_mb",
        "page, page.first_paint_ms page.first_price_ms page.core",
        "tick, tick.us.50x1000 tick.decode_us.50x5000"
    })
    void a_long_benchmark_reports_its_measurements_and_its_targets(String what, String results) throws Exception {
        runBenchmark(what, results);
    }

    private static void runBenchmark(String what, String results) throws Exception {
        var measured = bench.run(LIMIT, (what + " --quick").split(" "));

        assertThat(measured.exitCode()).as(measured.log()).isZero();
        assertThat(measured.results()).containsKeys(results.split(" "));
        assertThat(measured.results().values())
                .allMatch(result -> Double.isFinite(result.path("value").asDouble(Double.NaN)));
        if (!List.of("reconnect", "tick").contains(what)) {
            assertThat(measured.results().values())
                    .anyMatch(result -> result.path("bars").size() > 0);
        }
        assertThat(measured.log()).contains(results.split(" ")[0]);
        assertThat(bench.leftovers()).isEmpty();
    }
}
