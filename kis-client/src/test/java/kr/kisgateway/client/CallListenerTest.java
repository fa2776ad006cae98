package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import kr.kisgateway.client.CallListener.Result;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.wire.spi.TrafficListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client reports of its calls, against the simulator. */
class CallListenerTest {
    private static final String PRICE = "FHKST01010100";
    private static final String BUY = "TTTC0012U";

    private final Queue<EndedCall> ended = new ConcurrentLinkedQueue<>();
    private KisSimulator simulator;
    private KisClient client;

    private final Queue<Lane> waited = new ConcurrentLinkedQueue<>();

    private final SentHeaders traffic = new SentHeaders();

    /** The headers of the calls that left the client. */
    private static final class SentHeaders implements TrafficListener {
        private final Queue<Map<String, String>> sent = new ConcurrentLinkedQueue<>();

        @Override
        public void requestSent(
                long call, String method, String path, Map<String, String> headers, String query, String body) {
            sent.add(headers);
        }

        @Override
        public void responseReceived(long call, int status, String trId, String trCont, String body) {}

        @Override
        public void responseLost(long call) {}

        @Override
        public void sessionOpened(long session) {}

        @Override
        public void messageSent(long session, String text) {}

        @Override
        public void messageReceived(long session, String text) {}

        @Override
        public void sessionEnded(long session, boolean byBroker, int code) {}
    }

    private final class Listener implements CallListener {
        @Override
        public void ended(EndedCall call) {
            ended.add(call);
        }

        @Override
        public void waited(Lane lane, boolean granted, long nanos) {
            assertThat(granted).isTrue();
            waited.add(lane);
        }

        @Override
        public Optional<String> traceId() {
            return Optional.of("trace-1");
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("simulator.db"))
                .withRates(100_000, 100_000)
                .withTicksPerSecond(0)
                .withSynchronous("OFF"));
        var config = Fixtures.config(
                URI.create("http://127.0.0.1:" + simulator.port()),
                URI.create("ws://127.0.0.1:" + simulator.port()),
                folder);
        client = KisClient.open(
                config.withTuning(
                                config.tuning().withRetry(new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1))))
                        .withCallListener(new Listener())
                        .withTraffic(traffic),
                InstantSource.system(),
                InstantSource.system(),
                new Recorder());
        client.start();
        assertThat(client.awaitToken(Duration.ofSeconds(20))).isEmpty();
    }

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @Test
    void a_token_and_an_answered_query_are_reported_with_their_time() {
        assertThat(price()).isInstanceOf(KisReply.Ok.class);
        assertThat(results("/oauth2/tokenP")).containsExactly(Result.OK);
        assertThat(results(PRICE)).containsExactly(Result.OK);
        assertThat(ended)
                .allSatisfy(call -> assertThat(call.nanos())
                        .isBetween(1L, Duration.ofSeconds(20).toNanos()));
    }

    @Test
    void a_refusal_for_the_call_rate_and_an_error_of_the_server_differ_from_an_answer() {
        simulator.faults().next("rate_limit_storm", 1);
        price();
        simulator.faults().add(Scenario.Fault.byChance("unavailable_before", 1, "queries"));
        price();
        simulator.faults().clear();
        price();
        assertThat(results(PRICE)).containsExactly(Result.RATE_LIMITED, Result.FAILED, Result.OK);
        assertThat(codes(PRICE)).containsExactly("EGW00201", "UNREADABLE", "");
    }

    @Test
    void an_order_is_reported_as_accepted_refused_or_without_an_answer() {
        buy(1);
        simulator.faults().next("refuse_orders", 1);
        buy(2);
        simulator.faults().next("lose_answers", 1);
        buy(3);
        simulator.faults().next("rate_limit_storm", 1);
        buy(4);
        assertThat(results(BUY)).containsExactly(Result.OK, Result.REFUSED, Result.FAILED, Result.RATE_LIMITED);
        assertThat(codes(BUY)).containsExactly("", "80000000", "CONNECTION", "EGW00201");
    }

    @Test
    void a_call_is_reported_with_the_codes_of_kis_and_the_account_by_two_digits_only() {
        price();
        client.inquireBalance(Lane.ACCOUNT, Instant.now().plusSeconds(20));
        simulator.faults().next("refuse_orders", 1);
        buy(1);
        assertThat(waited).contains(Lane.QUOTE, Lane.ACCOUNT);
        assertThat(of(PRICE)).satisfies(call -> {
            assertThat(call.account()).isEmpty();
            assertThat(call.status()).isEqualTo(OptionalInt.of(200));
            assertThat(call.rtCd()).isEqualTo("0");
            assertThat(call.msgCd()).isEqualTo("MCA00000");
        });
        assertThat(of("TTTC8434R").account()).hasToString("Optional[" + client.account() + "]");
        assertThat(of(BUY)).satisfies(call -> {
            assertThat(call.method()).isEqualTo("POST");
            assertThat(call.path()).endsWith("/order-cash");
            assertThat(call.rtCd()).isNotEqualTo("0");
            assertThat(call.msgCd()).isNotEmpty();
            assertThat(call.toString()).doesNotContain(client.account().cano());
        });
    }

    @Test
    void every_call_carries_the_trace_id_that_the_listener_names() {
        price();
        buy(1);
        assertThat(traffic.sent)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(headers -> assertThat(headers).containsEntry("X-Trace-Id", "trace-1"));
        assertThat(ended).allSatisfy(call -> assertThat(call.traceId()).hasValue("trace-1"));
    }

    private EndedCall of(String trId) {
        return ended.stream()
                .filter(call -> call.trId().equals(trId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_connections_of_queries_and_orders_are_counted_apart() {
        price();
        // Token and approval key may have been requested at the same time.
        assertThat(client.queryConnections().idle()).isBetween(1, 2);
        assertThat(client.queryConnections().max()).isEqualTo(20);
        assertThat(client.orderConnections().idle()).isZero();
        buy(1);
        assertThat(client.orderConnections()).isEqualTo(new PoolState(0, 1, 0, 20));
    }

    private List<Result> results(String trId) {
        return ended.stream()
                .filter(call -> call.trId().equals(trId))
                .map(EndedCall::result)
                .toList();
    }

    private List<String> codes(String trId) {
        return ended.stream()
                .filter(call -> call.trId().equals(trId))
                .map(EndedCall::error)
                .toList();
    }

    private KisReply<?> price() {
        return client.inquirePrice(new Symbol("005930"), Instant.now().plusSeconds(10));
    }

    private void buy(long qty) {
        if (client.acquireOrder(Lane.MARKET_ORDER, "test", Instant.now().plusSeconds(10))
                instanceof OrderGrant.Granted(Permit permit)) {
            client.place(permit, new PlaceOrder(new Symbol("005930"), Side.BUY, OrderType.MARKET, qty, 0, Venue.KRX));
        } else {
            throw new AssertionError("no slot");
        }
    }
}
