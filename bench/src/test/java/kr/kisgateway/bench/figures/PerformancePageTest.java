package kr.kisgateway.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.bench.result.BenchException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformancePageTest {
    private static final String RUN = """
            {"command":"%s","commit":"1234abcd","measured":"%s","machine":{"cpu":"a processor","cores":2,"load_average":0.37},
             "results":[
              {"name":"quote.rate","value":%s,"unit":"requests/s","floor":40000,"ratio":0.75,"rounds":[30000,32000,28000],
               "bars":[{"value":0.75,"wanted":"≥ 0.7 of the bare route","met":true},
                       {"value":30000,"wanted":"≥ 40,000 requests/s","met":false}]},
              {"name":"quote.rate.floor","value":40000,"unit":"requests/s","rounds":[40000,40000,56000]},
              {"name":"quote.p99_ms","value":2.5,"unit":"ms","percentiles":{"p50":0.5,"p90":1.0,"p99":2.5,"p99.9":9}},
              {"name":"growth.start_ms","value":300,"unit":"ms","percentiles":{"10,000":200,"1,000,000":300}},
              {"name":"growth.bars.read_ms","value":8,"unit":"ms","percentiles":{"120":8,"2,879":16}},
              {"name":"growth.ticks.disk_bytes","value":8,"unit":"bytes","percentiles":{"3":8,"250":16}}]}
            """;
    private static final String PAGE = """
            # Performance

            Before.

            <!-- written by ./kis bench report -->
            an older table
            <!-- end of what ./kis bench report writes -->

            After.

            ## Bottlenecks
            """;

    private static final Map<String, List<String>> BENCHES = new TreeMap<>(Map.of(
            "quote", List.of("memory", "cached"),
            "decode", List.of(),
            "growth", List.of("bars", "ticks"),
            "soak", List.of("fast", "real")));

    @TempDir
    Path home;

    private Path page;

    @BeforeEach
    void write() throws IOException {
        page = home.resolve(PerformancePage.FILE);
        Files.createDirectories(home.resolve(StoredRun.FOLDER));
        Files.writeString(page, PAGE);
        store("quote", "30000", "2026-11-28T20:00:00Z");
    }

    @Test
    void the_page_has_each_bar_with_its_floor_command_and_commit_between_the_text() throws IOException {
        PerformancePage.of(home, BENCHES).write();

        assertThat(Files.readString(page))
                .startsWith("# Performance\n\nBefore.\n")
                .endsWith("\nAfter.\n\n## Bottlenecks\n")
                .doesNotContain("an older table")
                .contains("2 bars, 1 of them met")
                .contains(
                        "| <a id=\"quote.rate\"></a>`quote.rate` | ≥ 0.7 of the bare route | 0.750 | met | 30,000 requests/s | 40,000 | 0.75 |"
                                + " `./kis bench quote` | 1234abcd | 2026-11-28 | 0.4 |")
                .contains("| `quote.rate` | ≥ 40,000 requests/s | 30,000 | **missed**, not explained |")
                .contains("| `quote.p99_ms` | 2.50 ms |  |  | `./kis bench quote` | 1234abcd | 2026-11-28 | 0.4 |")
                .contains("\nOn a processor × 2 cores: `./kis bench quote`.\n");
        var once = Files.readString(page);
        PerformancePage.of(home, BENCHES).write();
        assertThat(Files.readString(page)).isEqualTo(once);
    }

    @Test
    void a_missed_bar_without_an_explanation_is_named() throws IOException {
        assertThat(PerformancePage.of(home, BENCHES).write()).containsExactly("quote.rate");

        Files.writeString(page, Files.readString(page) + "\n- **quote.rate**: the generator shares the cores.\n");
        assertThat(PerformancePage.of(home, BENCHES).write()).isEmpty();
        assertThat(Files.readString(page)).contains("| **missed** |").doesNotContain("not explained");
    }

    @Test
    void one_line_explains_all_loads_of_a_figure_and_not_all_figures_of_a_bench() throws IOException {
        store("stream", "20000", "2026-11-29T20:00:00Z");
        var run = home.resolve(StoredRun.FOLDER).resolve("stream.json");
        Files.writeString(run, Files.readString(run).replace("quote.rate", "stream.rate.50x1000"));

        Files.writeString(page, PAGE + "\n- **quote**: one.\n- **stream**: one.\n");
        assertThat(PerformancePage.of(home, BENCHES).write()).containsExactly("quote.rate", "stream.rate.50x1000");

        Files.writeString(page, PAGE + "\n- **quote.rate**: one.\n- **stream.rate**: one.\n");
        assertThat(PerformancePage.of(home, BENCHES).write()).isEmpty();
    }

    @Test
    void what_has_no_stored_run_is_named() throws IOException {
        store("growth-bars", "50000", "2026-11-29T20:00:00Z");

        PerformancePage.of(home, BENCHES).write();

        assertThat(Files.readString(page))
                .contains("\nWithout a stored run: `./kis bench decode`, `./kis bench growth ticks`,"
                        + " `./kis bench soak`. Their bars are not counted.\n");
    }

    @Test
    void of_two_runs_of_a_figure_the_later_one_counts() throws IOException {
        store("quote-memory", "50000", "2026-11-29T20:00:00Z");
        store("a-quote", "20000", "2026-11-27T20:00:00Z");

        PerformancePage.of(home, BENCHES).write();

        assertThat(Files.readString(page)).contains("| 50,000 requests/s |").doesNotContain("20,000 requests/s");
    }

    @Test
    void the_pictures_show_rates_with_their_bars_and_percentiles() throws IOException {
        PerformancePage.of(home, BENCHES).write();

        assertThat(Files.readString(home.resolve("docs/figures/ratios.svg")))
                .contains("quote.rate", "#c2410c")
                .doesNotContain("quote.p99_ms");
        assertThat(Files.readString(home.resolve("docs/figures/latencies.svg")))
                .contains("quote.p99_ms")
                .doesNotContain("quote.rate");
        // From 60 to 610 pixels over the sizes, and from 1 of 2 times in the middle to one and a half.
        assertThat(Files.readString(home.resolve("docs/figures/growth.svg")))
                .contains(">start_ms<", "d=\"M60 219 L610 139\"", ">1,000,000<")
                .doesNotContain("read_ms", "disk_bytes");
        // From 1 of 2 times to twice.
        assertThat(Files.readString(home.resolve("docs/figures/growth-bars.svg")))
                .contains(">read_ms<", "d=\"M60 219 L610 58\"", ">2,879<")
                .doesNotContain("start_ms", "disk_bytes");
        assertThat(Files.readString(home.resolve("docs/figures/growth-ticks.svg")))
                .contains(">disk_bytes<", ">250<")
                .doesNotContain("start_ms", "read_ms");
    }

    @Test
    void rounds_are_relative_to_those_of_the_floor_beside_them() throws IOException {
        var figures = StoredRun.all(home).getFirst().figures();

        assertThat(figures)
                .extracting(StoredRun.Figure::name)
                .containsExactly(
                        "quote.rate",
                        "quote.p99_ms",
                        "growth.start_ms",
                        "growth.bars.read_ms",
                        "growth.ticks.disk_bytes");
        assertThat(figures.getFirst().rounds()).hasSize(3);
        assertThat(figures.getFirst().rounds().get(1)).isCloseTo(0.8, within(1e-9));
        assertThat(figures.getFirst().rounds().get(2)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void a_page_without_the_marks_and_a_file_that_is_no_run_are_refused() throws IOException {
        Files.writeString(page, "# Performance\n");
        assertThatThrownBy(() -> PerformancePage.of(home, BENCHES).write())
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("written by ./kis bench report");
        assertThat(Files.readString(page)).isEqualTo("# Performance\n");

        Files.writeString(home.resolve(StoredRun.FOLDER).resolve("cut.json"), "{\"command\":");
        assertThatThrownBy(() -> PerformancePage.of(home, BENCHES))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("cut.json is no stored run");
    }

    private void store(String name, String rate, String measured) throws IOException {
        Files.writeString(
                home.resolve(StoredRun.FOLDER).resolve(name + ".json"),
                RUN.formatted("./kis bench " + name, measured, rate));
    }
}
