package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What restricted administrators tried in order to exceed their keys. */
@Tag("slow")
class KeyScopeAttackTest {
    @TempDir
    Path folder;

    private KeyedGateway gateway;

    @BeforeEach
    void start() {
        gateway = new KeyedGateway(folder);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_key_cannot_be_named_like_the_id_of_another_one() throws Exception {
        var restricted = gateway.key("adsym", "admin", "\"symbols\":[\"005930\"]");
        var id = gateway.admin.split("_", -1)[1];
        var named = gateway.post(
                "/v1/keys", "{\"name\":\"" + id + "\",\"role\":\"admin\",\"symbols\":[\"005930\"]}", restricted);
        assertThat(named.statusCode()).as(named.body()).isEqualTo(409);
        var unrestricted = gateway.post("/v1/keys", "{\"name\":\"escalated\",\"role\":\"admin\"}", restricted);
        assertThat(unrestricted.statusCode()).as(unrestricted.body()).isEqualTo(403);
    }

    @Test
    void an_administrator_of_own_orders_manages_no_other_key() throws Exception {
        gateway.key("trader", "trade", "\"own\":true");
        var restricted = gateway.key("adown", "admin", "\"own\":true");
        assertThat(gateway.post("/v1/keys/trader/rotate", "{\"grace_sec\":3600}", restricted)
                        .statusCode())
                .isIn(403, 404);
        var itself = gateway.post("/v1/keys/adown/rotate", "{\"grace_sec\":3600}", restricted);
        assertThat(itself.statusCode()).as(itself.body()).isEqualTo(200);
    }

    @Test
    void simultaneous_changes_remove_no_limit_that_is_not_named() throws Exception {
        var base =
                "\"gateway\":{\"daily_orders\":10000,\"max_qty\":10000,\"max_notional\":1000000000,\"check_cash\":true,"
                        + "\"refuse_managed\":true}";
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 20)
                    .mapToObj(i -> callers.submit(() -> gateway.send(
                            "PUT",
                            "/v1/risk/limits",
                            i % 2 == 0 ? "{" + base + "}" : "{" + base + ",\"keys\":{\"bot\":{\"max_qty\":1}}}",
                            gateway.admin)))
                    .toList();
            for (var answer : answers) {
                var limits = answer.get(30, TimeUnit.SECONDS);
                assertThat(limits.statusCode()).as(limits.body()).isIn(200, 400);
            }
            // Those that named the key's limit were accepted, and no later call without it removed it.
            assertThat(gateway.get("/v1/risk/limits", gateway.admin).body()).contains("\"bot\"");
        }
    }

    @Test
    void an_expiry_in_the_far_future_is_refused_and_is_no_failure() throws Exception {
        for (var end :
                new String[] {"+292278994-08-17T07:12:56Z", "+999999999-12-31T00:00:00Z", "9999999999d", "200000d"}) {
            var answer = gateway.post(
                    "/v1/keys", "{\"name\":\"x\",\"role\":\"quote\",\"expires\":\"" + end + "\"}", gateway.admin);
            assertThat(answer.statusCode()).as(end + answer.body()).isEqualTo(400);
        }
    }

    @Test
    void a_refusal_of_a_long_parameter_is_short() throws Exception {
        var answer = gateway.get("/v1/orders?" + "%01".repeat(2_000) + "=1", gateway.admin);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body().length()).isLessThan(4_000);
    }
}
