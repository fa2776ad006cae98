package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.TradingFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Each condition that keeps the gateway from trading is caused from outside: it is reported, orders are refused because of
 * it, cancels and repeated requests pass, and it clears. The kill switch, also a blocker, has its tests in {@link
 * OperatorTest}.
 */
@Requirement(value = "G-10", clause = "blockers")
@Requirement(value = "G-10", clause = "refused")
@Tag("slow")
class ReadinessTest {
    private static final String SYMBOL = "005930";
    private static final String REPLAYED_KEY = "standing";

    @TempDir
    static Path folder;

    private static TradingFixture trading;
    private static long price;

    @BeforeAll
    static void start() {
        trading = TradingFixture.start(folder);
        price = trading.low(SYMBOL);
        var id = trading.resting(REPLAYED_KEY, SYMBOL, 1);
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @AfterAll
    static void stop() {
        trading.close();
    }

    @AfterEach
    void clear() {
        trading.noFaults();
        trading.gateway().ready();
        awaitAccountFigures();
    }

    /** For a second after a failure of the broker the account is not requested again. */
    private static void awaitAccountFigures() {
        Eventually.await(
                "current account figures",
                Programs.SHORT_TIMEOUT,
                () -> trading.post("/v1/risk/check", Programs.order(SYMBOL, "BUY", 7, Optional.of(price))),
                a -> a.body().path("ok").booleanValue());
    }

    private static Set<String> blockers() {
        var readiness = trading.get("/v1/session/live-readiness").body();
        var blockers = readiness
                .path("blocker_reasons")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
        assertThat(readiness.path("can_trade").booleanValue()).isEqualTo(blockers.isEmpty());
        return blockers;
    }

    private static void await(String what, Predicate<Set<String>> condition) {
        Eventually.await(what, Programs.START_TIMEOUT, ReadinessTest::blockers, condition);
    }

    private static Answer place(String key) {
        return trading.place(key, SYMBOL, "BUY", 7, Optional.of(price));
    }

    /** New orders are refused because of {@code blocker}; repeated requests receive their first answer. */
    private static void assertRefused(String code, String blocker) {
        long accepted = trading.metric("accepted");
        var refused = place("refused-" + blocker);
        assertThat(refused.status()).as(refused.toString()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.body().path("retryable").booleanValue()).isTrue();
        assertThat(refused.body().path("retry_after_ms").longValue()).isPositive();
        if (code.equals("NOT_READY")) {
            assertThat(refused.body()
                            .path("details")
                            .path("blockers")
                            .valueStream()
                            .map(JsonNode::asString))
                    .contains(blocker);
        }
        var batch = trading.post(
                "/v1/orders/batch",
                "{\"orders\":["
                        + TradingFixture.body(
                                SYMBOL, "BUY", 1, Optional.of(price), "\"idempotency_key\":\"refused-" + blocker + "\"")
                        + "]}");
        assertThat(batch.status()).as(batch.toString()).isIn(400, 503);
        assertThat(trading.metric("accepted")).isEqualTo(accepted);
        assertThat(trading.get("/health/ready").status()).isEqualTo(503);
        assertThat(trading.get("/health/live").status()).isEqualTo(200);
        assertThat(trading.place(REPLAYED_KEY, SYMBOL, "BUY", 1, Optional.of(price))
                        .header("Idempotent-Replay"))
                .contains("true");
    }

    /** The key of the refusal is still free, and orders are sent again. */
    private static void assertTrades(String blocker) {
        trading.gateway().ready();
        assertThat(blockers()).isEmpty();
        awaitAccountFigures();
        var id = TradingFixture.id(place("refused-" + blocker));
        trading.await(id, "SENT", "CANCELED");
        trading.cancel(id);
        trading.await(id, "CANCELED");
    }

    @Test
    @Requirement(value = "G-09", clause = "figures")
    void without_the_brokers_socket_orders_are_refused_and_cancels_pass() {
        var resting = trading.resting("ws-cancel", SYMBOL, 2);
        var other = trading.resting("ws-modify", SYMBOL, 3);
        for (var drop = 0; drop < 3; drop++) { // each retry waits longer than the one before, at last 4 s
            await("a socket", Set::isEmpty);
            trading.fault("{\"drop_sockets\":true}");
            await("the lost socket", b -> b.containsAll(List.of("WS_DISCONNECTED", "WS_ERROR_PRESENT")));
        }
        assertThat(trading.get("/v1/session/live-readiness")
                        .body()
                        .path("ws_last_error")
                        .isNull())
                .isFalse();
        assertRefused("NOT_READY", "WS_DISCONNECTED");
        assertThat(trading.modify(other, "{\"qty\":2}").code()).isEqualTo("NOT_READY");
        assertThat(trading.cancel(resting).status()).isEqualTo(200);
        trading.await(resting, "CANCELED"); // reported by the list, because no notice can arrive
        await("a new socket", Set::isEmpty);
        trading.cancel(other);
        assertTrades("WS_DISCONNECTED");
    }

    @Test
    @Requirement(value = "G-17", clause = "start")
    void orders_are_refused_until_the_first_reconciliation_is_done() {
        var resting = trading.resting("reconcile-cancel", SYMBOL, 2);
        trading.fault("{\"query_errors\":100000}");
        trading.restartUnready();
        await("RECONCILING as the only blocker", Set.of("RECONCILING")::equals);
        assertRefused("NOT_READY", "RECONCILING");
        assertThat(trading.cancel(resting).status()).isEqualTo(200);
        assertThat(status(trading.order(resting))).isEqualTo("CANCEL_PENDING");
        trading.noFaults();
        trading.await(resting, "CANCELED");
        assertTrades("RECONCILING");
    }

    @Test
    void a_gateway_started_before_its_broker_waits_for_token_socket_and_list() {
        var resting = trading.resting("down-cancel", SYMBOL, 2);
        trading.killBroker();
        await("the lost socket", b -> b.contains("WS_DISCONNECTED"));
        // Without its stored token, as after a day: the start has to request one.
        trading.stopAndDeleteToken();
        trading.restartUnready();
        await("all blockers", b -> b.containsAll(List.of("WS_DISCONNECTED", "TOKEN_UNAVAILABLE", "RECONCILING")));
        assertRefused("NOT_READY", "TOKEN_UNAVAILABLE");
        assertThat(trading.cancel(resting).status()).isEqualTo(200);
        trading.restartBroker();
        await("no blocker", Set::isEmpty);
        trading.await(resting, "CANCELED");
        assertTrades("TOKEN_UNAVAILABLE");
    }

    @Test
    void an_unwritable_journal_stops_intake_and_loses_nothing() throws Exception {
        var resting = trading.resting("journal-cancel", SYMBOL, 2);
        var file = trading.gateway().program().dataDirectory().resolve("journal.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE"); // another process opens a write transaction and does not end it
            var unsure = place("unsure");
            assertThat(unsure.status()).as(unsure.toString()).isEqualTo(503);
            assertThat(unsure.code()).isEqualTo("JOURNAL_UNAVAILABLE");
            await("the journal to be closed", b -> b.contains("JOURNAL_UNAVAILABLE"));
            var refused = place("refused-JOURNAL_UNAVAILABLE");
            assertThat(refused.code()).isEqualTo("JOURNAL_UNAVAILABLE");
            assertThat(refused.body().path("retryable").booleanValue()).isTrue();
            assertThat(trading.cancel(resting).code())
                    .as("a cancel that cannot be journaled")
                    .isIn("JOURNAL_UNAVAILABLE");
            assertThat(trading.get("/health/ready").status()).isEqualTo(503);
            statement.execute("ROLLBACK");
        }
        await("the journal to be reopened", Set::isEmpty);
        assertThat(status(trading.order(resting))).isEqualTo("SENT");
        var repeated = place("unsure"); // placed before or now, and once
        assertThat(repeated.status()).isEqualTo(200);
        trading.await(TradingFixture.id(repeated), "SENT");
        assertThat(trading.open(SYMBOL)).hasSize(2);
        trading.cancel(resting);
        trading.cancel(TradingFixture.id(repeated));
        Eventually.await("nothing open", Programs.SHORT_TIMEOUT, () -> trading.open(SYMBOL), List::isEmpty);
        assertTrades("JOURNAL_UNAVAILABLE");
    }

    @Test
    void a_nearly_full_journal_disk_refuses_orders_and_accepts_cancels() {
        var resting = trading.resting("disk-cancel", SYMBOL, 2);
        var other = trading.resting("disk-modify", SYMBOL, 3);
        trading.restartUnready("JOURNAL_DISK_LOW=1000000000MB"); // no disk has that much room
        await("the disk as the only blocker", Set.of("DISK_LOW")::equals);
        assertRefused("DISK_LOW", "DISK_LOW");
        assertThat(trading.place("disk-market", SYMBOL, "BUY", 1, Optional.empty())
                        .code())
                .isEqualTo("DISK_LOW");
        assertThat(trading.modify(other, "{\"qty\":2}").code()).isEqualTo("DISK_LOW");
        assertThat(trading.get("/v1/metrics/journal").body().path("low").booleanValue())
                .isTrue();
        trading.cancel(resting);
        trading.await(resting, "CANCELED");
        trading.restart();
        trading.cancel(other);
        trading.await(other, "CANCELED");
        assertTrades("DISK_LOW");
    }
}
