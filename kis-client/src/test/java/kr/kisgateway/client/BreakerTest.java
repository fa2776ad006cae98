package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The circuit breakers of a complete client, against a server with scripted failures. */
@Requirement("A-08")
@Tag("slow")
class BreakerTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final RetryRule NEVER = new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1));

    private final InstantSource clock = InstantSource.system();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @TempDir
    private Path folder;

    private RawServer server;
    private KisClient client;
    private Recorder recorder;

    @BeforeEach
    void start() {
        server = new RawServer();
        open(Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder)
                .tuning());
    }

    private void open(Tuning tuning) {
        recorder = new Recorder();
        client = KisClient.open(
                Fixtures.config(server.address(), Fixtures.unreachable("ws"), folder)
                        .withTuning(tuning.withRetry(NEVER)),
                clock,
                () -> clock.instant().plus(ahead.get()),
                recorder);
        client.start();
        recorder.awaitEvent("token_issued");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    @Requirement(value = "P-08", clause = "breaker")
    @Requirement(value = "A-08", clause = "window")
    void the_breaker_opens_when_half_of_ten_calls_get_no_answer() {
        for (int i = 0; i < 10; i++) {
            server.script.add(i % 2 == 0 ? RawServer.RESET : price());
            requestPrice();
        }
        KisFailure failure = failure(requestPrice());
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure.retryAfter()).isPositive();
        assertThat(server.calls()).hasSize(10);
        recorder.awaitEvent("breaker_changed");
    }

    @Test
    @Requirement(value = "A-08", clause = "window")
    void the_breaker_stays_closed_when_four_of_ten_calls_get_no_answer() {
        for (int i = 0; i < 10; i++) {
            server.script.add(i < 4 ? RawServer.RESET : price());
            requestPrice();
        }
        server.script.add(price());
        assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
    }

    @Test
    @Requirement(value = "A-08", clause = "counted")
    void refusals_and_rate_limits_count_as_answers() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.json(
                    500,
                    i % 2 == 0
                            ? "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00201\",\"msg1\":\"\"}"
                            : "{\"rt_cd\":\"1\",\"msg_cd\":\"MCA05918\",\"msg1\":\"\"}"));
            requestPrice();
        }
        server.script.add(price());
        assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
    }

    @Test
    @Requirement(value = "A-08", clause = "half-open")
    void after_thirty_seconds_five_calls_probe_an_open_breaker() {
        failTenQueries();
        assertThat(failure(requestPrice()).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(29));
        assertThat(failure(requestPrice()).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(31));
        for (int i = 0; i < 6; i++) {
            server.script.add(price());
            assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
        }
    }

    @Test
    @Requirement(value = "A-08", clause = "half-open")
    void five_probes_that_fail_open_the_breaker_again() {
        failTenQueries();
        ahead.set(Duration.ofSeconds(31));
        int before = server.calls().size();
        for (int i = 0; i < 5; i++) {
            server.script.add(RawServer.RESET);
            assertThat(failure(requestPrice()).kind()).isNotEqualTo(KisFailure.Kind.BREAKER_OPEN);
        }
        assertThat(server.calls()).as("each probe reaches KIS").hasSize(before + 5);
        assertThat(failure(requestPrice()).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(60));
        assertThat(failure(requestPrice()).kind())
                .as("for another thirty seconds")
                .isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(62));
        server.script.add(price());
        assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
    }

    @Test
    @Requirement(value = "A-08", clause = "classes")
    @Requirement(value = "A-08", clause = "passes")
    void orders_without_answers_open_the_breaker_and_cancels_still_pass() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.RESET);
            assertThat(place()).isInstanceOf(Placement.Unknown.class);
        }
        assertThat(place())
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("BREAKER_OPEN"));
        server.script.add(price());
        assertThat(requestPrice()).as("queries have their own breaker").isInstanceOf(KisReply.Ok.class);
        int before = server.calls().size();
        server.script.add(RawServer.RESET);
        client.cancel(permit(Lane.CANCEL), new CancelOrder("01790", 7, SAMSUNG, Venue.KRX, "00", 1, true));
        assertThat(server.calls()).hasSize(before + 1);
    }

    @Test
    void an_open_order_breaker_grants_no_free_slot_but_to_cancels_and_probes_and_keeps_none() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.RESET);
            place();
        }
        ahead.set(Duration.ofSeconds(5)); // no call counts any more
        assertThat(orderNow(Lane.LIMIT_ORDER)).isEmpty();
        // Calls of the session may count for a second; a slot that is not released would for thirty.
        recorder.await("it was released", () -> client.budget().state().usedLastSecond() == 0);
        orderNow(Lane.CANCEL).orElseThrow().release();
        ahead.set(Duration.ofSeconds(31));
        var probes = new ArrayList<Permit>();
        for (int i = 0; i < 5; i++) {
            probes.add(orderNow(Lane.LIMIT_ORDER).orElseThrow());
        }
        assertThat(orderNow(Lane.LIMIT_ORDER)).as("a sixth probe").isEmpty();
        probes.getFirst().release();
        assertThat(orderNow(Lane.LIMIT_ORDER)).as("in place of the unused one").isPresent();
    }

    private Optional<Permit> orderNow(Lane lane) {
        return client.acquireOrderNow(lane, "test", clock.instant().plusSeconds(10));
    }

    @Test
    void an_open_order_breaker_stops_modifications_of_every_call_path() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.RESET);
            place();
        }
        assertThat(client.send(
                        "TTTC0013U", revision("01"), CallOptions.standard().withLane(Lane.CANCEL)))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("BREAKER_OPEN"));
        int before = server.calls().size();
        server.script.add(RawServer.RESET);
        client.send("TTTC0013U", revision("02"), CallOptions.standard());
        assertThat(server.calls()).hasSize(before + 1);
    }

    @Test
    void a_call_that_its_caller_interrupts_is_not_counted_as_a_failure() throws Exception {
        for (int i = 0; i < 12; i++) {
            var requestReceived = new CountDownLatch(1);
            server.script.add((_, socket) -> {
                requestReceived.countDown();
                return socket.getInputStream().read() >= 0;
            });
            Thread caller = Thread.ofVirtual().start(this::requestPrice);
            assertThat(requestReceived.await(10, TimeUnit.SECONDS)).isTrue();
            caller.interrupt();
            assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        }
        server.script.add(price());
        assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
    }

    private static Map<String, String> revision(String what) {
        return Map.of(
                "KRX_FWDG_ORD_ORGNO", "06010",
                "ORGN_ODNO", "0000000007",
                "ORD_DVSN", "00",
                "RVSE_CNCL_DVSN_CD", what,
                "ORD_QTY", "1",
                "ORD_UNPR", "70000",
                "QTY_ALL_ORD_YN", "Y",
                "EXCG_ID_DVSN_CD", "KRX");
    }

    @Test
    void orders_pass_an_open_breaker_when_the_rule_exempts_them() throws IOException {
        client.close();
        Tuning tuning = Tuning.standard(Fixtures.LIMITS);
        BreakerRule rule = tuning.breaker();
        open(tuning.withBreaker(
                new BreakerRule(rule.window(), rule.failurePercent(), rule.open(), rule.halfOpenCalls(), false)));
        for (int i = 0; i < 12; i++) {
            server.script.add(RawServer.RESET);
            assertThat(place()).isInstanceOf(Placement.Unknown.class);
        }
    }

    @Test
    @Requirement(value = "A-08", clause = "passes")
    void a_call_that_resolves_an_order_in_doubt_passes_an_open_breaker() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.RESET);
            client.inquireBalance(Lane.ACCOUNT, soon());
        }
        assertThat(failure(client.inquireBalance(Lane.ACCOUNT, soon())).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        int before = server.calls().size();
        client.inquireBalance(Lane.RESOLVE, soon());
        assertThat(server.calls()).hasSize(before + 1);
    }

    @Test
    @Requirement(value = "P-03", clause = "profile")
    @Requirement(value = "A-08", clause = "profile")
    @Requirement(value = "P-03", clause = "half-open")
    void the_pipeline_profile_opens_for_a_minute_after_five_failures_in_a_row() throws IOException {
        client.close();
        open(Tuning.pipeline(Fixtures.LIMITS));
        for (int i = 0; i < 5; i++) {
            server.script.add(RawServer.RESET);
            requestPrice();
        }
        assertThat(failure(requestPrice()).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(59));
        assertThat(failure(requestPrice()).kind()).isEqualTo(KisFailure.Kind.BREAKER_OPEN);
        ahead.set(Duration.ofSeconds(61));
        server.script.add(price());
        assertThat(requestPrice()).isInstanceOf(KisReply.Ok.class);
    }

    /** As many as open the breaker. */
    private void failTenQueries() {
        for (int i = 0; i < 10; i++) {
            server.script.add(RawServer.RESET);
            requestPrice();
        }
    }

    private KisReply<?> requestPrice() {
        return client.inquirePrice(SAMSUNG, soon());
    }

    private Placement place() {
        return client.place(
                permit(Lane.LIMIT_ORDER), new PlaceOrder(SAMSUNG, Side.BUY, OrderType.LIMIT, 1, 70_000, Venue.KRX));
    }

    private Permit permit(Lane lane) {
        return ((Grant.Granted) Fixtures.budget(client).acquire(lane, "test", true, soon())).permit();
    }

    private Instant soon() {
        return clock.instant().plusSeconds(20);
    }

    private static RawServer.Answer price() {
        return RawServer.json(
                200, "{\"output\":{\"stck_prpr\":\"1\"},\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}");
    }

    private static KisFailure failure(KisReply<?> reply) {
        assertThat(reply).isInstanceOf(KisReply.Failed.class);
        return ((KisReply.Failed<?>) reply).failure();
    }
}
