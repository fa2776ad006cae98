package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway whose disk has less free space than the settings require. */
@Tag("slow")
class DiskLowTest {
    private static final String RESTING =
            "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1,\"order_type\":\"LIMIT\",\"price\":%d}";

    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    private Gateway start(String diskLow) {
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=0",
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7",
                        "--journal-disk-low=" + diskLow),
                Map.of(),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    private JsonNode get(Gateway gateway, String path) throws Exception {
        return mapper.readTree(client.send(
                        HttpRequest.newBuilder(gateway.baseUri().resolve(path)).build(), BodyHandlers.ofString())
                .body());
    }

    private HttpResponse<String> post(Gateway gateway, String path, String key, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(gateway.baseUri() + path))
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private interface Check {
        boolean isTrue() throws Exception;
    }

    private static void until(Check check) throws Exception {
        var never = new CountDownLatch(1);
        for (var left = Duration.ofSeconds(30); !check.isTrue(); left = left.minusMillis(20)) {
            assertThat(left).isPositive();
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void a_low_disk_refuses_orders_backfills_and_recordings_and_accepts_cancels() throws Exception {
        String body;
        String order;
        try (var gateway = start("0")) {
            until(() ->
                    get(gateway, "/v1/session/live-readiness").get("can_trade").booleanValue());
            until(() -> get(gateway, "/v1/quotes/005930").has("price"));
            long price = get(gateway, "/v1/quotes/005930").get("price").longValue();
            body = RESTING.formatted(price * 8 / 10 / 1_000 * 1_000);
            var placed = post(gateway, "/v1/orders", "k1", body);
            assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
            order = mapper.readTree(placed.body()).get("order_id").stringValue();
            until(() -> get(gateway, "/v1/orders/" + order)
                    .get("status")
                    .stringValue()
                    .equals("SENT"));
        }
        try (var gateway = start("8000000GB")) {
            until(() -> get(gateway, "/v1/session/live-readiness")
                    .get("blocker_reasons")
                    .toString()
                    .equals("[\"DISK_LOW\"]"));
            assertThat(get(gateway, "/v1/alerts?limit=50").get("alerts").toString())
                    .contains("\"disk_low\"", "JOURNAL_DISK_LOW");
            assertThat(get(gateway, "/v1/metrics/journal").get("low").booleanValue())
                    .isTrue();

            var refused = post(gateway, "/v1/orders", "k2", body);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(mapper.readTree(refused.body()).get("code").stringValue())
                    .isEqualTo("DISK_LOW");
            assertThat(refused.headers().firstValue("Retry-After")).contains("10");

            var replayed = post(gateway, "/v1/orders", "k1", body);
            assertThat(replayed.statusCode()).isEqualTo(200);
            assertThat(replayed.headers().firstValue("Idempotent-Replay")).contains("true");

            var backfill = post(
                    gateway,
                    "/v1/history/backfill",
                    "b1",
                    "{\"symbols\":[\"005930\"],\"period\":\"D\",\"from\":\"2026-11-02\",\"to\":\"2026-11-06\"}");
            assertThat(backfill.statusCode()).as(backfill.body()).isEqualTo(503);
            assertThat(backfill.body()).contains("DISK_LOW");
            var recording = post(
                    gateway, "/v1/history/recordings", "r1", "{\"symbols\":[\"005930\"],\"channels\":[\"trades\"]}");
            assertThat(recording.statusCode()).as(recording.body()).isEqualTo(503);
            assertThat(recording.body()).contains("DISK_LOW");

            assertThat(post(gateway, "/v1/orders/" + order + "/cancel", "c1", "")
                            .statusCode())
                    .isEqualTo(200);
            until(() -> get(gateway, "/v1/orders/" + order)
                    .get("status")
                    .stringValue()
                    .equals("CANCELED"));
        }
    }
}
