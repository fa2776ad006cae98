package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The answer to a second cancel or modification of an order, state by state over HTTP. The simulator brings about each
 * state, and each cell is requested once; the answers are the table of {@code docs/ORDERS.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class RepeatedRequestsTest {
    private static final String BEGIN = "<!-- the table below is made by RepeatedRequestsTest -->";
    private static final String END = "<!-- end of that table -->";
    private static final String SYMBOL = "005930";
    /** Delay of the broker's answers: long enough to test requests that wait for them, and below the timeout. */
    private static final int LATE_MS = 3_000;

    private static final int ATTEMPTS_MAX = 20;

    private GatewayFixture gateway;
    private long price;
    /** Equal orders wait for each other, so each has a quantity of its own. */
    private int qty = 10;

    private int keys;

    /** An order in a state, and the keys of its cancel and modification; the modification's key is followed by its body. */
    private record TestOrder(String order, String cancelKey, String modifyKey) {
        TestOrder cancelledBy(String key) {
            return new TestOrder(order, key, modifyKey);
        }

        TestOrder modifiedBy(String key) {
            return new TestOrder(order, cancelKey, key);
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        // Answers are lost one after another here, which would open the breaker of orders.
        gateway = GatewayFixture.start(
                folder,
                "--simulator-clock=open-fixed",
                "--order-reconcile-every=60s",
                "--risk-max-qty=1000000",
                "--kis-api-circuit-breaker-threshold=1000");
        gateway.awaitReady();
        price = gateway.json("/v1/quotes/" + SYMBOL).path("price").longValue() * 80 / 100 / 1000 * 1000;
    }

    @AfterAll
    void stop() {
        gateway.fault("{\"clear\":true}");
        gateway.close();
    }

    // ---- states ----

    private TestOrder placed(String more) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL + "\",\"side\":\"BUY\",\"qty\":" + ++qty + more + "}",
                "Idempotency-Key",
                "place-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new TestOrder(gateway.tree(answer).path("order_id").asString(""), "", "");
    }

    private TestOrder limit() {
        return placed(",\"price\":" + price);
    }

    private TestOrder awaitStatus(TestOrder testOrder, String... statuses) {
        Await.until(
                testOrder + " is " + String.join(" or ", statuses),
                () -> List.of(statuses).contains(status(testOrder)));
        return testOrder;
    }

    private String status(TestOrder testOrder) {
        return gateway.json("/v1/orders/" + testOrder.order()).path("status").asString("");
    }

    private TestOrder sent() {
        return awaitStatus(limit(), "SENT");
    }

    private void delayAnswers(String calls) {
        gateway.fault("{\"late_answers\":{\"on\":\"" + calls + "\",\"count\":1},\"late_answer_ms\":" + LATE_MS + "}");
    }

    private TestOrder dispatching() {
        delayAnswers("orders");
        return awaitStatus(limit(), "DISPATCHING", "SENT");
    }

    /** An order that waits behind an equal one in doubt. */
    private TestOrder queued() {
        unknown();
        qty--;
        return awaitStatus(limit(), "QUEUED");
    }

    private TestOrder unknown() {
        gateway.fault("{\"lose_answers\":{\"on\":\"orders\",\"count\":1},\"hide_orders_seconds\":600,"
                + "\"lose_notices\":{\"on\":\"receipts\",\"count\":1}}");
        return awaitStatus(limit(), "UNKNOWN");
    }

    /** Buys more than is offered at the best price, of the stock of which that costs least, until a part of it fills. */
    private TestOrder partiallyFilled() {
        for (int i = 0; i < 20; i++) {
            var testOrder = sweep();
            if (status(testOrder).equals("PARTIAL_FILLED")) {
                return testOrder;
            }
            cancel(testOrder);
        }
        throw new AssertionError("no order was filled in part");
    }

    /** An order that is partly filled, or that rests because the market moved away from it. */
    private TestOrder sweep() {
        var thinnest = Stream.of("001500", "003240", "004410", "035420", "005180")
                .min(Comparator.comparingLong(symbol -> offered(symbol, "qty") * offered(symbol, "price")))
                .orElseThrow();
        long best = offered(thinnest, "price");
        var sweep = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + thinnest + "\",\"side\":\"BUY\",\"qty\":"
                        + (offered(thinnest, "qty") * 2 + 20 + ++qty) + ",\"price\":" + best + "}",
                "Idempotency-Key",
                "sweep-" + ++keys);
        assertThat(sweep.statusCode()).as(sweep.body()).isEqualTo(200);
        var testOrder = new TestOrder(gateway.tree(sweep).path("order_id").asString(""), "", "");
        awaitStatus(testOrder, "SENT", "PARTIAL_FILLED", "FILLED");
        Await.until(
                "a part of it fills, or the market moves away",
                () -> !status(testOrder).equals("SENT") || offered(thinnest, "price") > best);
        return testOrder;
    }

    private long offered(String symbol, String what) {
        return gateway.json("/v1/orderbooks/" + symbol).at("/asks/0/" + what).longValue();
    }

    private TestOrder requestCancel(TestOrder testOrder) {
        String key = "cancel-" + ++keys;
        assertThat(cancel(testOrder, key).statusCode()).isEqualTo(200);
        return testOrder.cancelledBy(key);
    }

    private TestOrder requestModification(TestOrder testOrder) {
        String key = "modify-" + ++keys;
        String body = smaller(testOrder);
        assertThat(send(testOrder, "modify", body, key).statusCode()).isEqualTo(200);
        return testOrder.modifiedBy(key + " " + body);
    }

    private TestOrder cancelPending() {
        var testOrder = sent();
        slowExchange(true);
        var pending = awaitStatus(requestCancel(testOrder), "CANCEL_PENDING", "CANCELED");
        slowExchange(false);
        return pending;
    }

    private TestOrder modifyPending() {
        var testOrder = sent();
        delayAnswers("revisions");
        slowExchange(true);
        var pending = awaitStatus(requestModification(testOrder), "MODIFY_PENDING", "SENT");
        slowExchange(false);
        return pending;
    }

    private void slowExchange(boolean slow) {
        gateway.fault("{\"exchange_delay_ms\":" + (slow ? LATE_MS : 0) + "}");
    }

    private TestOrder rejected() {
        gateway.fault("{\"reject_by_exchange\":{\"on\":\"orders\",\"count\":1}}");
        return awaitStatus(limit(), "REJECTED");
    }

    /** An order that waits behind an equal one in doubt until its deadline. */
    private TestOrder expired() {
        unknown();
        qty--;
        return awaitStatus(limit(), "EXPIRED");
    }

    private Map<String, Supplier<TestOrder>> states() {
        var states = new LinkedHashMap<String, Supplier<TestOrder>>();
        states.put("`DISPATCHING`", this::dispatching);
        states.put("`DISPATCHING`, a cancel requested", () -> requestCancel(dispatching()));
        states.put("`DISPATCHING`, a modification requested", () -> requestModification(dispatching()));
        states.put("`SENT`", this::sent);
        states.put("`PARTIAL_FILLED`", this::partiallyFilled);
        states.put("`MODIFY_PENDING`", this::modifyPending);
        states.put("`CANCEL_PENDING`", this::cancelPending);
        states.put("`FILLED`", () -> awaitStatus(placed(""), "FILLED"));
        states.put("`FILLED`, modified before", () -> awaitStatus(filledAfterModification(), "FILLED"));
        states.put("`CANCELED`", () -> awaitStatus(requestCancel(sent()), "CANCELED"));
        states.put("`REJECTED`", this::rejected);
        states.put("`UNKNOWN`", this::unknown);
        states.put("`UNKNOWN`, a cancel requested", () -> requestCancel(unknown()));
        states.put("`QUEUED`", this::queued);
        states.put("`EXPIRED`", this::expired);
        return states;
    }

    private TestOrder filledAfterModification() {
        var testOrder = sent();
        long high = gateway.json("/v1/quotes/" + SYMBOL).path("price").longValue() * 110 / 100 / 1000 * 1000;
        String key = "modify-" + ++keys;
        var answer = gateway.send(
                "POST",
                "/v1/orders/" + testOrder.order() + "/modify",
                "{\"price\":" + high + "}",
                "Idempotency-Key",
                key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return testOrder.modifiedBy(key + " {\"price\":" + high + "}");
    }

    // ---- requests ----

    private HttpResponse<String> cancel(TestOrder testOrder, String... key) {
        return send(testOrder, "cancel", "{}", key);
    }

    private HttpResponse<String> modify(TestOrder testOrder, String... key) {
        return send(testOrder, "modify", smaller(testOrder), key);
    }

    private String smaller(TestOrder testOrder) {
        return "{\"qty\":"
                + (gateway.json("/v1/orders/" + testOrder.order()).path("qty").longValue() - 1) + "}";
    }

    private HttpResponse<String> send(TestOrder testOrder, String what, String body, String... key) {
        String path = "/v1/orders/" + testOrder.order() + "/" + what;
        var answer = key.length == 0
                ? gateway.send("POST", path, body)
                : gateway.send("POST", path, body, "Idempotency-Key", key[0]);
        gateway.contract().check("POST", "/v1/orders/{id}/" + what, answer);
        return answer;
    }

    /** An answer in the form of the table. */
    private String format(HttpResponse<String> answer) {
        var body = gateway.tree(answer);
        if (answer.headers().firstValue("Idempotent-Replay").isPresent()) {
            return answer.statusCode() + " as before";
        }
        return answer.statusCode() + " `"
                + body.path(answer.statusCode() == 200 ? "status" : "code").asString("") + "`";
    }

    private String repeat(String key, String path, TestOrder testOrder) {
        if (key.isEmpty()) {
            return "–";
        }
        String[] parts = key.split(" ");
        String body = parts.length > 1 ? parts[1] : "{}";
        return format(send(testOrder, path, body, parts[0]));
    }

    /** Requests about orders in one state. Some states pass by themselves, so an answer counts that was given in the state. */
    private final class StateRequests {
        private final String name;
        private final String expected;
        private final Supplier<TestOrder> state;
        private Optional<TestOrder> current = Optional.empty();

        StateRequests(String name, Supplier<TestOrder> state) {
            this.name = name;
            this.expected = name.split("`")[1];
            this.state = state;
        }

        /** The answer in the form of the table. An order is used until a request changes it. */
        String answer(Function<TestOrder, String> request) {
            var last = "";
            for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                var testOrder = current.orElseGet(state);
                current = Optional.empty();
                last = status(testOrder);
                if (last.equals(expected)) {
                    String answer = request.apply(testOrder);
                    last = status(testOrder);
                    boolean accepted = answer.startsWith("200 `");
                    if (!accepted && last.equals(expected)) {
                        current = Optional.of(testOrder);
                    }
                    if (accepted || last.equals(expected)) {
                        return answer;
                    }
                }
            }
            throw new AssertionError(name + ": no order stayed in the state until an answer; the last is " + last);
        }
    }

    private String row(String name, Supplier<TestOrder> state) {
        var requests = new StateRequests(name, state);
        String repeatedCancel = requests.answer(it -> repeat(it.cancelKey(), "cancel", it));
        String repeatedModify = requests.answer(it -> repeat(it.modifyKey(), "modify", it));
        String modified = requests.answer(it -> format(modify(it)));
        // The modification with another key is sent before the cancel, which may end the order.
        if (!modified.startsWith("200")) {
            assertThat(requests.answer(it -> format(modify(it, "another-" + ++keys))))
                    .as(name)
                    .isEqualTo(modified);
        }
        String cancelled = requests.answer(it -> format(cancel(it)));
        assertThat(requests.answer(it -> format(cancel(it, "another-" + ++keys))))
                .as(name + ": a key that was never used changes nothing")
                .isEqualTo(cancelled);
        return "| " + String.join(" | ", name, cancelled, repeatedCancel, modified, repeatedModify) + " |\n";
    }

    @Test
    @Requirement("G-14")
    void the_document_lists_the_answer_to_each_repeated_cancel_or_modification() throws IOException {
        var table = new StringBuilder(
                "| the order is | cancel without a key, or with another | with the key of the earlier cancel"
                        + " | modify without a key, or with another | with the key of the earlier modification |\n"
                        + "|---|---|---|---|---|\n");
        states().forEach((name, state) -> table.append(row(name, state)));

        Path document = Path.of("..", "docs", "ORDERS.md");
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        if (Boolean.getBoolean("kis.docs.write")) {
            Files.writeString(document, text.substring(0, begin) + "\n" + table + text.substring(end));
            return;
        }
        assertThat(table.toString().strip())
                .as("the table of docs/ORDERS.md; -Dkis.docs.write=true writes it")
                .isEqualTo(text.substring(begin, end).strip());
    }
}
