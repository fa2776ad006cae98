package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.programs.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A listener that passes calls on to another one, over real sockets. */
@Tag("slow")
class CallForwarderTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Secret SHARED = Secret.of("a secret of all gateways of the cluster");

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<Gatekeeper.RequestCredentials> seen = new AtomicReference<>();
    private final AtomicInteger placed = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicReference<Optional<CallForwarder.Owner>> owner = new AtomicReference<>(Optional.empty());
    /** Of the hand-over. */
    private final AtomicLong nanos = new AtomicLong();
    /** What the owner refuses orders with. */
    private final AtomicReference<Optional<Refusal>> refused = new AtomicReference<>(Optional.empty());

    private HandOver handOver = HandOver.none();
    private HttpEdge owning;
    private HttpEdge passing;
    private CallForwarder forwarder;

    @BeforeEach
    void start() throws IOException {
        var table = new RouteTable()
                .get(
                        Role.QUOTE,
                        "/v1/things/{id}",
                        List.of("q"),
                        call -> call.answer(new JsonBuffer()
                                .beginObject()
                                .field("id", call.pathParameter("id"))
                                .field("q", call.query("q"))
                                .field("address", call.address())
                                .field("cookie", call.loginToken())
                                .endObject()))
                .get(Role.QUOTE, "/v1/login", call -> {
                    call.answerHeader(
                            "Set-Cookie", LoginCookie.of(owning.port(), false).header("abc", Duration.ofHours(1)));
                    call.answer(new JsonBuffer().beginObject().endObject());
                })
                .get(
                        Role.QUOTE,
                        "/v1/long",
                        call -> call.answer(
                                200,
                                "[\"".concat("x".repeat(3 << 20)).concat("\"]").getBytes(StandardCharsets.US_ASCII)))
                .post(Role.TRADE, "/v1/orders", call -> {
                    refused.get().ifPresent(refusal -> {
                        refusals.incrementAndGet();
                        throw new RefusedException(refusal);
                    });
                    placed.incrementAndGet();
                    call.answer(new JsonBuffer()
                            .beginObject()
                            .field("key", call.header("Idempotency-Key"))
                            .field("qty", call.body().wholeNumber("qty"))
                            .endObject());
                })
                .get(Role.QUOTE, "/v1/refused", call -> {
                    throw new RefusedException(
                            Refusal.of(ErrorCode.ORDER_RATE_LIMIT, "later").retryAfter(Duration.ofSeconds(3)));
                });
        owning = started(table, signature(SHARED));
        passing = passing(signature(SHARED), false);
        owner.set(Optional.of(ownerAt(owning.port())));
    }

    private static NodeSignature signature(Secret secret) {
        return new NodeSignature(secret, CLOCK);
    }

    private static CallForwarder.Owner ownerAt(int port) {
        return new CallForwarder.Owner("a", 1, URI.create("http://127.0.0.1:" + port));
    }

    private HttpEdge passing(NodeSignature signature, boolean keysRequired) {
        var settings = EdgeSettings.defaults("127.0.0.1", 0)
                .withNodes(Optional.of(signature))
                .withAnyHost(keysRequired);
        forwarder = new CallForwarder(
                owner::get, Optional.empty(), signature, settings.anyHost(), settings.loginCookie(), "b", handOver);
        return HttpEdge.start(
                settings,
                new RouteTable().others(forwarder),
                (_, _) -> Caller.local(Role.QUOTE),
                new TraceIds(2),
                new ThreadTaskRunner());
    }

    private HttpEdge started(RouteTable table, NodeSignature signature) throws IOException {
        return HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", FreePort.find()).withNodes(Optional.of(signature)),
                table,
                (credentials, _) -> {
                    seen.set(credentials);
                    return Caller.local(Role.ADMIN);
                },
                new TraceIds(1),
                new ThreadTaskRunner());
    }

    @AfterEach
    void stop() {
        passing.close();
        forwarder.close();
        owning.close();
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + passing.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void a_call_reaches_the_owner_as_it_was_sent_and_its_answer_comes_back() throws Exception {
        var answer =
                send(request("/v1/things/a%20b%2Fc?q=%EC%82%BC%20%26").header("X-Trace-Id", "trace-of-the-caller"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\":\"a b/c\"").contains("\"q\":\"삼 &\"");
        assertThat(answer.headers().allValues("X-Trace-Id")).containsExactly("trace-of-the-caller");
        assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");

        var order = send(request("/v1/orders")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k1")
                .header("Authorization", "Bearer key")
                .POST(BodyPublishers.ofString("{\"qty\":7}")));
        assertThat(order.body()).isEqualTo("{\"key\":\"k1\",\"qty\":7}");
        assertThat(seen.get().authorization()).contains("Bearer key");
        assertThat(placed).hasValue(1);
    }

    @Test
    void a_refusal_of_the_owner_is_passed_on_unchanged() throws Exception {
        var answer = send(request("/v1/refused"));
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.body()).contains("ORDER_RATE_LIMIT");
        assertThat(answer.headers().allValues("Retry-After")).containsExactly("3");
        assertThat(send(request("/v1/nothing")).body()).contains("NOT_FOUND");
        assertThat(send(request("/v1/orders").DELETE()).body()).contains("METHOD_NOT_ALLOWED");
    }

    @Test
    void a_long_answer_arrives_whole() throws Exception {
        var answer = send(request("/v1/long"));
        assertThat(answer.body()).hasSize((3 << 20) + 4);
        assertThat(forwarder).isNotNull();
    }

    @Test
    void the_cookie_of_a_login_has_the_name_of_the_gateway_that_the_page_called() throws Exception {
        var answer = send(request("/v1/login"));
        String name = LoginCookie.of(0, false).name();
        assertThat(answer.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith(name + "=abc");
        send(request("/v1/things/1").header("Cookie", "other=1; " + name + "=abc"));
        assertThat(seen.get().login().map(Gatekeeper.LoginCredentials::token)).contains("abc");
    }

    @Test
    void the_owner_sees_whether_a_key_is_needed_and_a_program_on_the_same_machine_as_one() throws Exception {
        send(request("/v1/things/1"));
        assertThat(seen.get().keyNeeded()).isFalse();
        assertThat(seen.get().address()).isEqualTo("127.0.0.1");

        passing.close();
        forwarder.close();
        passing = passing(signature(SHARED), true);
        send(request("/v1/things/1"));
        assertThat(seen.get().keyNeeded()).isTrue();
    }

    @Test
    void the_address_of_a_caller_on_another_machine_is_the_one_that_the_owner_judges() throws Exception {
        String header =
                new ForwardedCall(Optional.of("203.0.113.7"), true).header(signature(SHARED), "GET", "/v1/things/1");
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + owning.port() + "/v1/things/1"))
                        .header(ForwardedCall.HEADER, header)
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.body()).contains("\"address\":\"203.0.113.7\"");
        assertThat(seen.get().address()).isEqualTo("203.0.113.7");
        assertThat(ForwardedCall.from("2001:db8::1", false).header(signature(SHARED), "GET", "/"))
                .startsWith("O2001:db8::1 ");
    }

    @Test
    void no_other_program_can_state_where_a_call_came_from() throws Exception {
        var real = new ForwardedCall(Optional.of("203.0.113.7"), false);
        var forged = List.of(
                "O127.0.0.1 1 " + "A".repeat(43),
                "",
                real.header(signature(Secret.of("another secret of another cluster")), "GET", "/v1/things/1"),
                real.header(signature(SHARED), "POST", "/v1/things/1"),
                real.header(signature(SHARED), "GET", "/v1/things/2"),
                real.header(new NodeSignature(SHARED, () -> Instant.now().minusSeconds(120)), "GET", "/v1/things/1"),
                real.header(signature(SHARED), "GET", "/v1/things/1").replace("203", "204"));
        for (String header : forged) {
            seen.set(null);
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + owning.port() + "/v1/things/1"))
                            .header(ForwardedCall.HEADER, header)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(header).isEqualTo(400);
            assertThat(answer.body()).contains(ForwardedCall.HEADER);
            assertThat(seen.get()).isNull();
        }
    }

    @Test
    void without_an_owner_nothing_is_done_and_the_call_can_be_repeated() throws Exception {
        owner.set(Optional.empty());
        var none = send(order());
        assertThat(none.statusCode()).isEqualTo(503);
        assertThat(none.body()).contains("\"NO_OWNER\"").contains("\"retryable\":true");

        owner.set(Optional.of(ownerAt(FreePort.find())));
        var unreachable = send(order());
        assertThat(unreachable.body()).contains("\"NO_OWNER\"").contains("cannot be reached");
        assertThat(placed).hasValue(0);
    }

    @Test
    void an_order_whose_answer_was_lost_is_in_doubt_and_sent_once_and_a_question_can_be_repeated() throws Exception {
        var connections = new AtomicInteger();
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var accepting = Thread.ofVirtual().start(() -> {
                while (true) {
                    try (var socket = silent.accept()) {
                        connections.incrementAndGet();
                        socket.getInputStream().read(new byte[4_096]);
                    } catch (IOException e) {
                        return; // the test is over
                    }
                }
            });
            owner.set(Optional.of(ownerAt(silent.getLocalPort())));
            var order = send(order());
            assertThat(order.statusCode()).isEqualTo(503);
            assertThat(order.body()).contains("\"OWNER_UNAVAILABLE\"").contains("\"retryable\":true");
            assertThat(connections).hasValue(1);
            assertThat(send(request("/v1/things/1")).body()).contains("\"NO_OWNER\"");
            silent.close();
            accepting.join();
        }
    }

    @Test
    void a_call_that_waits_for_a_gateway_which_is_the_owner_no_longer_ends() throws Exception {
        try (var hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            owner.set(Optional.of(ownerAt(hanging.getLocalPort())));
            var waiting = client.sendAsync(order().build(), BodyHandlers.ofString());
            try (var accepted = hanging.accept()) {
                assertThat(accepted.getInputStream().read()).isPositive();
                owner.set(
                        Optional.of(new CallForwarder.Owner("c", 2, URI.create("http://127.0.0.1:" + owning.port()))));
                forwarder.ownerChanged();
                assertThat(waiting.get().body()).contains("\"OWNER_UNAVAILABLE\"");
            }
        }
        assertThat(send(order()).statusCode()).isEqualTo(200);
    }

    @Test
    void what_another_gateway_passed_on_is_not_passed_on_again() throws Exception {
        owner.set(Optional.of(ownerAt(passing.port())));
        var answer = send(request("/v1/things/1"));
        assertThat(answer.body()).contains("\"NO_OWNER\"").contains("does not pass on what another passed on");
    }

    /** An edge whose calls wait for an owner, for five seconds of {@link #nanos}. */
    private void letCallsWait() {
        passing.close();
        forwarder.close();
        handOver = new HandOver(Duration.ofSeconds(5), nanos::get);
        passing = passing(signature(SHARED), false);
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Returns when a call waits. */
    private void awaitWaiting() {
        Await.until(() -> handOver.waiting() > 0);
    }

    @Test
    void an_order_waits_while_the_accounts_change_their_owner_and_is_placed_once() throws Exception {
        letCallsWait();
        owner.set(Optional.empty());
        var waiting = sendAsync(order());
        awaitWaiting();
        owner.set(Optional.of(ownerAt(owning.port())));
        forwarder.ownerChanged();
        assertThat(waiting.get().statusCode()).isEqualTo(200);

        owner.set(Optional.of(ownerAt(FreePort.find()))); // known, and does not listen yet
        waiting = sendAsync(order());
        awaitWaiting();
        owner.set(Optional.of(ownerAt(owning.port())));
        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertThat(placed).hasValue(2);
        assertThat(forwarder.withoutOwner()).isZero();
    }

    @Test
    void an_order_that_a_stopping_owner_refused_is_placed_at_the_next_one() throws Exception {
        letCallsWait();
        assertThat(send(request("/v1/things/1")).statusCode()).isEqualTo(200);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos()); // it has been the owner for a while
        for (var refusal : List.of(
                Refusal.of(ErrorCode.NOT_READY, "The gateway is stopping."),
                Refusal.of(ErrorCode.NO_OWNER, "Another gateway has the accounts."))) {
            int before = refusals.get();
            refused.set(Optional.of(refusal));
            var waiting = sendAsync(order());
            Await.until(() -> refusals.get() > before);
            owner.set(Optional.of(new CallForwarder.Owner(
                    "c", 2 + before, ownerAt(owning.port()).address())));
            refused.set(Optional.empty());
            assertThat(waiting.get().statusCode()).isEqualTo(200);
        }
        assertThat(placed).hasValue(2);
    }

    @Test
    void an_order_waits_for_an_owner_that_has_just_begun_and_not_for_one_that_cannot_trade_later() throws Exception {
        refused.set(Optional.of(Refusal.of(ErrorCode.NOT_READY, "no").with("blockers", List.of("WS_DISCONNECTED"))));
        letCallsWait();
        assertThat(send(order()).body()).as("of the owner at the start").contains("WS_DISCONNECTED");
        refusals.set(0);
        owner.set(Optional.of(
                new CallForwarder.Owner("c", 2, ownerAt(owning.port()).address())));
        refused.set(Optional.of(Refusal.of(ErrorCode.NOT_READY, "not yet").with("blockers", List.of("RECONCILING"))));
        var waiting = sendAsync(order());
        Await.until(() -> refusals.get() > 1);
        refused.set(Optional.empty());
        assertThat(waiting.get().statusCode()).isEqualTo(200);

        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        refused.set(Optional.of(Refusal.of(ErrorCode.NOT_READY, "no").with("blockers", List.of("WS_DISCONNECTED"))));
        assertThat(send(order()).body()).contains("WS_DISCONNECTED");
    }

    @Test
    void without_a_next_owner_a_waiting_order_is_refused_and_later_ones_at_once() throws Exception {
        letCallsWait();
        owner.set(Optional.empty());
        var waiting = sendAsync(order());
        awaitWaiting();
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(waiting.get().body()).contains("\"NO_OWNER\"");
        assertThat(sendAsync(order()).get(20, TimeUnit.SECONDS).body()).contains("\"NO_OWNER\"");

        owner.set(Optional.of(ownerAt(owning.port())));
        assertThat(send(order()).statusCode()).isEqualTo(200);
        owner.set(Optional.empty());
        waiting = sendAsync(order());
        awaitWaiting(); // an owner has answered since: another hand-over
        handOver.end();
        assertThat(waiting.get(20, TimeUnit.SECONDS).body()).contains("\"NO_OWNER\"");
        assertThat(placed).hasValue(1);
    }

    @Test
    void of_more_calls_than_may_wait_the_others_are_refused_at_once_and_of_one_network_still_fewer() throws Exception {
        var crowded = new HandOver(Duration.ofSeconds(5), nanos::get);
        String here = "127.0.0.1";
        String elsewhere = "203.0.113.7";
        var pause = Duration.ofMillis(1);
        var waits = new ArrayList<HandOver.Wait>();
        for (int n = 0; n < HandOver.WAITING_MAX; n++) {
            waits.add(crowded.waitOf(n < HandOver.WAITING_OF_NETWORK ? elsewhere : here));
            assertThat(waits.getLast().awaitTrial(pause)).isTrue();
            if (n == HandOver.WAITING_OF_NETWORK) {
                assertThat(crowded.waitOf(elsewhere).awaitTrial(pause))
                        .as("of one network")
                        .isFalse();
            }
        }
        assertThat(crowded.waitOf(here).awaitTrial(pause)).isFalse();
        assertThat(waits.getFirst().awaitTrial(pause))
                .as("a call that waits already")
                .isTrue();
        waits.forEach(HandOver.Wait::close);
        assertThat(crowded.waiting()).isZero();
        assertThat(crowded.waitOf(elsewhere).awaitTrial(pause)).isTrue();
    }

    @Test
    void no_call_waits_longer_because_others_are_answered() {
        var answered = new HandOver(Duration.ofSeconds(5), nanos::get);
        try (var wait = answered.waitOf("127.0.0.1")) {
            assertThat(wait.awaitTrial(Duration.ofMillis(1))).isTrue();
            nanos.addAndGet(Duration.ofSeconds(4).toNanos());
            answered.ownerAnswered();
            assertThat(wait.awaitTrial(Duration.ofMillis(1))).isTrue();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            answered.ownerAnswered();
            assertThat(wait.awaitTrial(Duration.ofMillis(1))).isFalse();
        }
    }

    @Test
    void what_could_undo_a_later_call_does_not_wait() throws Exception {
        letCallsWait();
        owner.set(Optional.empty());
        for (String path : List.of(
                "/v1/risk/kill-switch",
                "/v1/orders/cancel-all",
                "/v1/orders/ord_1/modify",
                "/v1/parents/par_1/release",
                "/v1/orders/../risk/kill-switch/cancel")) {
            assertThat(sendAsync(request(path)
                                    .header("Content-Type", "application/json")
                                    .header("Idempotency-Key", "k1")
                                    .POST(BodyPublishers.ofString("{}")))
                            .get(20, TimeUnit.SECONDS)
                            .body())
                    .as(path)
                    .contains("\"code\":");
        }
        assertThat(sendAsync(request("/v1/orders")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"qty\":1}")))
                        .get(20, TimeUnit.SECONDS)
                        .body())
                .as("an order without a key")
                .contains("\"NO_OWNER\"");
        var cancel = sendAsync(request("/v1/orders/ord_1/cancel").POST(BodyPublishers.noBody()));
        awaitWaiting();
        handOver.end();
        assertThat(cancel.get(20, TimeUnit.SECONDS).body()).contains("\"NO_OWNER\"");
    }

    private HttpRequest.Builder order() {
        return request("/v1/orders")
                .header("Idempotency-Key", "k1")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"qty\":1}"));
    }
}
