package kr.kisgateway.gateway;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Configured cache lifetimes on a whole gateway: without a setting each of these answers is cached for a second. */
@Requirement("P-07")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class CacheLifetimeTest {
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @BeforeAll
    void start(@TempDir Path folder) {
        var loaded = SettingsLoader.load(
                List.of("--port=0", "--simulator-port=0", "--simulator-clock=open-fixed", "--simulator-seed=7"),
                Map.of(
                        "KIS_CACHE_TTL_PRICE", "3",
                        "KIS_CACHE_TTL_ORDERBOOK", "3",
                        "KIS_CACHE_TTL_CHART", "3",
                        "KIS_CACHE_TTL_STOCK_INFO", "2"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var settings = ((SettingsResult.Loaded) loaded).settings();
        assertThat(settings.warnings()).isEmpty();
        gateway = Gateway.start(settings);
        until(() -> get("/v1/quotes/005930").has("price"));
    }

    @AfterAll
    void stop() {
        gateway.close();
        client.close();
    }

    @Test
    @Requirement(value = "P-07", clause = "price")
    void a_price_is_cached_for_three_seconds() {
        assertCachedForThreeSeconds("/v1/quotes/035720");
    }

    @Test
    @Requirement(value = "P-07", clause = "orderbook")
    void a_book_is_cached_for_three_seconds() {
        assertCachedForThreeSeconds("/v1/orderbooks/035720");
    }

    @Test
    void a_us_price_is_cached_for_three_seconds() {
        assertCachedForThreeSeconds("/v1/quotes/NVDA.NASD");
    }

    @Test
    void a_us_book_is_cached_for_three_seconds() {
        assertCachedForThreeSeconds("/v1/orderbooks/NVDA.NASD");
    }

    @Test
    @Requirement(value = "P-07", clause = "chart")
    void the_current_days_bar_is_cached_for_three_seconds() {
        long[] requested = new long[2];
        for (int i = 0; i < 2; i++) {
            int call = i;
            long calls = calls("chartprice");
            until(() -> {
                requested[call] = System.nanoTime();
                get("/v1/bars/035720?period=D&limit=1");
                return calls("chartprice") > calls;
            });
        }
        assertThat(System.nanoTime() - requested[0]).isGreaterThan(3_000_000_000L);
    }

    @Test
    @Requirement(value = "P-07", clause = "stock-info")
    void issue_facts_from_kis_are_cached_between_order_checks() {
        long from = System.nanoTime();
        checkOrder();
        long calls = calls("inquire-price");
        until(() -> {
            checkOrder();
            return calls("inquire-price") > calls;
        });
        assertThat(System.nanoTime() - from).isGreaterThan(1_500_000_000L);
    }

    /** Requests until an answer that was two seconds old changes: none is older than three. */
    private void assertCachedForThreeSeconds(String path) {
        var first = get(path);
        assertThat(first.path("source").asString("")).isEqualTo("kis-rest");
        double[] oldest = {0};
        until(() -> {
            double age = get(path).path("freshness_sec").asDouble(0);
            assertThat(age).isLessThanOrEqualTo(3.0);
            boolean another = age < oldest[0];
            boolean wasOld = oldest[0] >= 2; // it was not requested at that age if the machine stalled
            oldest[0] = another ? age : Math.max(oldest[0], age);
            return another && wasOld;
        });
    }

    private void checkOrder() {
        var body = "{\"account_id\":\"A1\",\"symbol\":\"068270\",\"side\":\"BUY\",\"qty\":1,\"price\":150000}";
        try {
            client.send(
                    HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/risk/check"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private long calls(String path) {
        var state = get(URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + "/simulator/state"));
        long calls = 0;
        for (var call : state.get("calls").properties()) {
            calls += call.getKey().endsWith(path) ? call.getValue().longValue() : 0;
        }
        return calls;
    }

    private JsonNode get(String path) {
        return get(gateway.baseUri().resolve(path));
    }

    private JsonNode get(URI uri) {
        try {
            return mapper.readTree(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
