package kr.kisgateway.gateway;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The meters of a running gateway. {@code -Dkis.docs.write=true} writes the table of docs/METRICS.md. */
@Tag("slow")
class MetersTableTest {
    private static final Path PAGE = Path.of("..", "docs", "METRICS.md");
    private static final String BEGIN = "<!-- the table below is made by MetersTableTest -->\n";
    private static final String END = "<!-- end of the table -->";
    /** Tags whose values are many, or of the machine: what they are. */
    private static final Map<String, String> SUMMARIES =
            Map.of("route", "each call of [ACCESS.md](ACCESS.md#roles)", "tr", "each TR of the gateway, `other`");

    private GatewayFixture gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        gateway = GatewayFixture.start(folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void the_page_lists_the_meters_of_a_running_gateway() throws IOException {
        var page = Files.readString(PAGE);
        var table =
                "| meter | type | unit | tags | value |\n|---|---|---|---|---|\n" + String.join("\n", rows()) + "\n";
        if (Boolean.getBoolean("kis.docs.write")) {
            page = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table + page.substring(page.indexOf(END));
            Files.writeString(PAGE, page);
        }
        assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)))
                .isEqualTo(table);
    }

    @Test
    void calls_about_symbols_orders_and_bars_add_no_meter() {
        var atStart = rows();
        assertThat(gateway.get("/v1/quotes?symbols=005930,000660,AAPL").statusCode())
                .isEqualTo(200);
        assertThat(gateway.get("/v1/orderbooks/005930").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v1/bars/005930?period=D&to=2026-11-18&limit=5").statusCode())
                .isEqualTo(200);
        gateway.buy("one");
        assertThat(gateway.get("/v1/metrics/quote").body())
                .contains("\"caches\":{\"quote\":{\"hits\":", "\"us_quote\":", "\"book\":{\"hits\":0,\"misses\":1");
        assertThat(rows()).isEqualTo(atStart);
    }

    /** One row for each name: type, unit, tags with all their values, description. */
    private List<String> rows() {
        return gateway.gateway().meters().registry().getMeters().stream()
                // These depend on the garbage collector.
                .filter(meter -> !meter.getId().getName().startsWith("jvm.gc."))
                .collect(groupingBy(meter -> meter.getId().getName(), TreeMap::new, toList()))
                .entrySet()
                .stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String row(String name, List<Meter> meters) {
        var tags = new TreeMap<String, TreeSet<String>>();
        for (var meter : meters) {
            meter.getId()
                    .getTags()
                    .forEach(tag -> tags.computeIfAbsent(tag.getKey(), _ -> new TreeSet<>())
                            .add("`" + tag.getValue() + "`"));
        }
        var id = meters.getFirst().getId();
        assertThat(meters).as(name).allSatisfy(meter -> {
            assertThat(meter.getId().getDescription()).isEqualTo(id.getDescription());
            assertThat(meter.getId().getType()).isEqualTo(id.getType());
        });
        return "| `%s` | %s | %s | %s | %s |"
                .formatted(
                        name,
                        id.getType().name().toLowerCase(Locale.ROOT),
                        Optional.ofNullable(id.getBaseUnit()).orElse("–"),
                        tags.entrySet().stream()
                                .map(tag -> "`" + tag.getKey() + "`" + values(name, tag.getKey(), tag.getValue()))
                                .collect(joining("; ")),
                        id.getDescription());
    }

    private static String values(String name, String tag, TreeSet<String> values) {
        if (name.startsWith("jvm.")) {
            return "";
        }
        return ": " + Optional.ofNullable(SUMMARIES.get(tag)).orElseGet(() -> String.join(" ", values));
    }
}
