package kr.kisgateway.acceptance;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static kr.kisgateway.acceptance.PageBrowser.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.acceptance.PageBrowser.Visit;
import kr.kisgateway.acceptance.Programs.Running;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How fast the page is, and what it costs. The figures are in docs/DASHBOARD.md; {@code -Dkis.soak=PT1H} is the length of the soak. */
@Tag("long")
@Tag("alone")
@Tag("slow")
class DashboardLoadTest {
    private static final int SYMBOLS = 200;
    private static final int FRAMES_PER_SECOND = 20;
    private static final int UPDATES_PER_SECOND = 2_000;
    private static final Duration SOAK = Duration.parse(System.getProperty("kis.soak", "PT1H"));

    @TempDir
    static Path folder;

    private static Running gateway;
    private static PageBrowser browser;

    @BeforeAll
    static void start() {
        gateway = Running.start(Programs.gateway(folder));
        browser = new PageBrowser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        gateway.close();
    }

    @Test
    void the_first_paint_takes_less_than_a_second_and_a_click_less_than_a_hundred_milliseconds() {
        var paints = new ArrayList<Double>();
        for (int times = 0; times < 5; times++) {
            try (var visit = browser.visit(gateway)) {
                assertThat(visit.page().locator(SAMSUNG + " .flash")).not().hasText("–");
                paints.add(
                        number(
                                visit.page(),
                                "performance.getEntriesByType('paint').find(it => it.name === 'first-contentful-paint').startTime"));
            }
        }
        double clicked;
        try (var visit = browser.visit(gateway)) {
            assertThat(visit.page().locator("[data-symbol='000660'] .flash"))
                    .not()
                    .hasText("–");
            clicked = number(visit.page(), """
                    new Promise(done => {
                      const begun = performance.now();
                      document.querySelector("[data-symbol='000660'] button.name").click();
                      const watch = () => document.querySelector("[data-symbol='000660'].chosen")
                        ? requestAnimationFrame(() => done(performance.now() - begun)) : requestAnimationFrame(watch);
                      watch();
                    })""");
        }
        System.out.println("first paint " + paints + " ms, click to the next frame " + clicked + " ms");
        assertThat(paints.stream().mapToDouble(it -> it).min().orElseThrow()).isLessThan(1_000);
        assertThat(clicked).isLessThan(100);
    }

    @Test
    void two_hundred_symbols_at_two_thousand_updates_a_second_stay_smooth_cheap_and_small() throws Exception {
        var symbols = listed();
        var body = "{\"symbols\":[\"" + String.join("\",\"", symbols) + "\"]}";
        assertThat(gateway.client()
                        .send("PUT", "/v1/watchlists/load", Optional.of(body), Map.of())
                        .ok())
                .isTrue();
        try (var visit = browser.visit(gateway)) {
            visit.field("Watchlists").selectOption("load");
            assertThat(visit.page().locator("table[aria-label='Market'] tbody tr"))
                    .hasCount(SYMBOLS);
            var feed = new AtomicReference<WebSocketRoute>();
            // The gateway's own stream is replaced by one as fast as none of a single app key can be.
            visit.page().routeWebSocket("**/v1/stream", feed::set);
            visit.page().reload();
            assertThat(visit.page().locator("table[aria-label='Market'] tbody tr"))
                    .hasCount(SYMBOLS);
            visit.page().waitForCondition(() -> feed.get() != null);
            feed.get().send("{\"op\":\"hello\",\"epoch\":1}");
            run(visit, feed.get(), symbols, Duration.ofSeconds(10));
            visit.page()
                    .evaluate(
                            "window.frames60 = 0; (function count() { frames60++; requestAnimationFrame(count); })()");
            double framesBefore = number(visit.page(), "frames60");
            long cpuBefore = browserTicks();
            long begun = System.nanoTime();
            run(visit, feed.get(), symbols, Duration.ofSeconds(20));
            double seconds = (System.nanoTime() - begun) / 1e9;
            double frames = (number(visit.page(), "frames60") - framesBefore) / seconds;
            double core = (browserTicks() - cpuBefore) / 100.0 / seconds;
            run(visit, feed.get(), symbols, SOAK);
            visit.context().newCDPSession(visit.page()).send("HeapProfiler.collectGarbage");
            double megabytes = number(visit.page(), "performance.memory.usedJSHeapSize") / 1e6;
            System.out.printf(
                    "%.0f frames/s, %.2f of a core (all of the browser), %.0f MB after %s%n",
                    frames, core, megabytes, SOAK);
            assertThat(frames).isGreaterThanOrEqualTo(50);
            assertThat(core).isLessThan(0.5);
            assertThat(megabytes).isLessThan(150);
        }
    }

    @Test
    void an_open_page_costs_the_gateway_less_than_two_percent_of_a_core() throws Exception {
        try (var visit = browser.visit(gateway)) {
            assertThat(visit.page().locator(SAMSUNG + " .flash")).not().hasText("–");
            // Until the compiler has done with what the page calls.
            visit.page().waitForTimeout(60_000);
            double market = gatewayCore(visit.page());
            visit.go("orders");
            visit.page().waitForTimeout(30_000);
            double rest = gatewayCore(visit.page());
            visit.page().navigate("about:blank");
            visit.page().waitForTimeout(30_000);
            double without = gatewayCore(visit.page());
            System.out.printf(
                    "gateway and simulator: %.4f of a core with moving prices, %.4f at rest, %.4f without a page%n",
                    market, rest, without);
            assertThat(rest - without).isLessThan(0.02);
        }
    }

    /** What the gateway, with its simulator, uses in a minute. */
    private static double gatewayCore(Page page) throws IOException {
        var stat = Path.of("/proc", Long.toString(gateway.program().pid()), "stat");
        long before = ticks(Files.readString(stat));
        page.waitForTimeout(60_000);
        return (ticks(Files.readString(stat)) - before) / 100.0 / 60;
    }

    private static List<String> listed() {
        var symbols = new ArrayList<String>();
        gateway.get("/v1/instruments?q=0&limit=100")
                .path("instruments")
                .forEach(it -> symbols.add(it.path("symbol").asString()));
        gateway.get("/v1/instruments?q=5&limit=100")
                .path("instruments")
                .forEach(it -> symbols.add(it.path("symbol").asString()));
        gateway.get("/v1/instruments?q=7&limit=100")
                .path("instruments")
                .forEach(it -> symbols.add(it.path("symbol").asString()));
        return symbols.stream().distinct().limit(SYMBOLS).toList();
    }

    /** Sends frames as the gateway combines them under load. */
    private static void run(Visit visit, WebSocketRoute feed, List<String> symbols, Duration length) {
        long begun = System.nanoTime();
        int each = UPDATES_PER_SECOND / FRAMES_PER_SECOND;
        for (long frame = 0; frame < length.toMillis() * FRAMES_PER_SECOND / 1_000; frame++) {
            var text = new StringBuilder("[");
            for (int i = 0; i < each; i++) {
                long number = frame * each + i;
                long price = 10_000 + number * 7_919 % 1_000;
                text.append(i == 0 ? "" : ",")
                        .append("{\"ch\":\"quotes\",\"s\":\"")
                        .append(symbols.get((int) (number % symbols.size())))
                        .append("\",\"seq\":")
                        .append(number)
                        .append(",\"p\":")
                        .append(price)
                        .append(",\"change\":")
                        .append(price - 10_500)
                        .append(",\"change_pct\":")
                        .append((price - 10_500) / 105.0)
                        .append(",\"v\":")
                        .append(number)
                        .append(",\"ts_ms\":")
                        .append(System.currentTimeMillis())
                        .append('}');
            }
            feed.send(text.append(']').toString());
            long due = begun + (frame + 1) * 1_000_000_000L / FRAMES_PER_SECOND;
            visit.page().waitForTimeout(Math.max(0, (due - System.nanoTime()) / 1_000_000.0));
        }
    }

    private static double number(Page page, String script) {
        return ((Number) page.evaluate(script)).doubleValue();
    }

    /** Processor time of all processes of Chromium, in hundredths of a second. */
    private static long browserTicks() throws IOException {
        long ticks = 0;
        try (var processes = Files.list(Path.of("/proc"))) {
            for (var process : processes
                    .filter(it -> it.getFileName().toString().matches("\\d+"))
                    .toList()) {
                var stat = process.resolve("stat");
                try {
                    var text = Files.readString(stat);
                    if (text.contains("(chromium")) {
                        ticks += ticks(text);
                    }
                } catch (IOException gone) {
                    // It ended meanwhile: it used nothing any more.
                }
            }
        }
        return ticks;
    }

    /** Processor time of a process, from its file {@code stat}. */
    private static long ticks(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
