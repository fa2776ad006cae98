package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams after the rotation of the secret that opened them. */
@Requirement("A-15")
@Tag("slow")
class RotatedKeyTest {
    private static final int KEY_ENDED = 4001;

    @Test
    void a_stream_of_a_rotated_secret_closes_and_one_of_the_new_secret_continues(@TempDir Path folder)
            throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            String before = gateway.key("bot", "trade");
            var stream = gateway.stream(before).listening("\"orders\"");
            HttpResponse<InputStream> events = gateway.client()
                    .send(gateway.request("/v1/events?channels=orders", before).build(), BodyHandlers.ofInputStream());

            var rotated = gateway.post("/v1/keys/bot/rotate", "{}", gateway.admin);
            String after = gateway.json(rotated).path("key").asString("");
            var next = gateway.stream(after).listening("\"orders\"");

            assertThat(stream.closeCode()).isEqualTo(KEY_ENDED);
            // The events end; an endless answer would block the reader until the limit.
            assertThat(CompletableFuture.supplyAsync(() -> ended(events.body())).get(30, TimeUnit.SECONDS))
                    .isTrue();
            gateway.post("/v1/keys/bot/rotate", "{\"grace_sec\":3}", gateway.admin);
            // During the grace period the former secret opens streams, and those that it opened continue.
            gateway.stream(after).listening("\"orders\"");
            String id = gateway.placeResting("005930", gateway.admin);
            next.await(message -> message.path("order_id").asString("").equals(id));
            assertThat(next.closeCode()).isEqualTo(KEY_ENDED);
        }
    }

    @Test
    void a_scheduled_order_of_a_rotated_key_still_waits_and_of_a_revoked_one_ends(@TempDir Path folder)
            throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            String before = gateway.key("bot", "trade");
            String body = "{\"at\":\"" + Instant.now().plusSeconds(3_600)
                    + "\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":2}}";
            KeyedGateway.until(() -> gateway.post("/v1/parents", body, before).statusCode() == 200);
            String path = "/v1/parents/"
                    + gateway.json(gateway.get("/v1/parents", before))
                            .at("/parents/0/parent_id")
                            .asString("");

            String after = gateway.json(gateway.post("/v1/keys/bot/rotate", "{}", gateway.admin))
                    .path("key")
                    .asString("");

            // Decided after the end of the former secret: both are inputs of one queue.
            var changed = gateway.post(path + "/modify", "{\"qty\":3}", after);
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(gateway.json(changed).path("status").asString("")).isEqualTo("WAITING");
            assertThat(gateway.send("DELETE", "/v1/keys/bot", "", gateway.admin).statusCode())
                    .isEqualTo(200);
            KeyedGateway.until(() -> gateway.json(gateway.get(path, gateway.admin))
                    .path("status")
                    .asString("")
                    .equals("CANCELED"));
        }
    }

    private static boolean ended(InputStream events) {
        try {
            events.readAllBytes();
            return true;
        } catch (java.io.IOException e) {
            return true; // a cut connection has ended as well
        }
    }
}
