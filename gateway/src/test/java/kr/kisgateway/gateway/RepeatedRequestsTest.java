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
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a further cancel or modification of an order is answered, state by state over HTTP. Each state is brought about by
 * the simulator, and each cell is asked for once; the answers are the table of {@code docs/ORDERS.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatedRequestsTest {
    private static final String BEGIN = "<!-- the table below is made by RepeatedRequestsTest -->";
    private static final String END = "<!-- end of that table -->";
    private static final String SYMBOL = "005930";
    /** Answers of the broker come that late: long enough to look at what waits for them, and no timeout. */
    private static final int LATE_MS = 3_000;

    private WholeGateway gateway;
    private long price;
    /** Equal orders wait for each other, so each has a quantity of its own. */
    private int qty = 10;

    private int keys;

    /** An order in a state, and the keys of what was asked about it; behind that of a modification its body. */
    private record Standing(String order, String cancelKey, String modifyKey) {
        Standing cancelledBy(String key) {
            return new Standing(order, key, modifyKey);
        }

        Standing modifiedBy(String key) {
            return new Standing(order, cancelKey, key);
        }
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        // Answers are lost one after the other here, which would open the breaker of orders.
        gateway = WholeGateway.start(
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

    private Standing placed(String more) {
        var answer = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL + "\",\"side\":\"BUY\",\"qty\":" + ++qty + more + "}",
                "Idempotency-Key",
                "place-" + ++keys);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new Standing(gateway.tree(answer).path("order_id").asString(""), "", "");
    }

    private Standing limit() {
        return placed(",\"price\":" + price);
    }

    private Standing in(Standing standing, String... statuses) {
        Await.until(
                standing + " is " + String.join(" or ", statuses),
                () -> List.of(statuses).contains(status(standing)));
        return standing;
    }

    private String status(Standing standing) {
        return gateway.json("/v1/orders/" + standing.order()).path("status").asString("");
    }

    private Standing sent() {
        return in(limit(), "SENT");
    }

    private void late(String calls) {
        gateway.fault("{\"late_answers\":{\"on\":\"" + calls + "\",\"count\":1},\"late_answer_ms\":" + LATE_MS + "}");
    }

    private Standing dispatching() {
        late("orders");
        return in(limit(), "DISPATCHING");
    }

    /** An order that waits behind an equal one of which nobody knows whether the broker has it. */
    private Standing queued() {
        unknown();
        qty--;
        return in(limit(), "QUEUED");
    }

    private Standing unknown() {
        gateway.fault("{\"lose_answers\":{\"on\":\"orders\",\"count\":1},\"hide_orders_seconds\":600,"
                + "\"lose_notices\":{\"on\":\"receipts\",\"count\":1}}");
        return in(limit(), "UNKNOWN");
    }

    /** Buys more than is offered at the best price, of the stock of which that costs least, until a part of it fills. */
    private Standing partFilled() {
        for (int i = 0; i < 20; i++) {
            var standing = sweep();
            if (status(standing).equals("PARTIAL_FILLED")) {
                return standing;
            }
            cancel(standing);
        }
        throw new AssertionError("no order was filled in part");
    }

    /** An order of which something filled, or that stayed behind because the market went away from it. */
    private Standing sweep() {
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
        var standing = new Standing(gateway.tree(sweep).path("order_id").asString(""), "", "");
        in(standing, "SENT", "PARTIAL_FILLED", "FILLED");
        Await.until(
                "a part of it fills, or the market goes away",
                () -> !status(standing).equals("SENT") || offered(thinnest, "price") > best);
        return standing;
    }

    private long offered(String symbol, String what) {
        return gateway.json("/v1/orderbooks/" + symbol).at("/asks/0/" + what).longValue();
    }

    private Standing cancelAsked(Standing standing) {
        String key = "cancel-" + ++keys;
        assertThat(cancel(standing, key).statusCode()).isEqualTo(200);
        return standing.cancelledBy(key);
    }

    private Standing modifyAsked(Standing standing) {
        String key = "modify-" + ++keys;
        String body = smaller(standing);
        assertThat(ask(standing, "modify", body, key).statusCode()).isEqualTo(200);
        return standing.modifiedBy(key + " " + body);
    }

    private Standing cancelPending() {
        var standing = sent();
        slowExchange(true);
        var asked = in(cancelAsked(standing), "CANCEL_PENDING");
        slowExchange(false);
        return asked;
    }

    private Standing modifyPending() {
        var standing = sent();
        late("revisions");
        slowExchange(true);
        var asked = in(modifyAsked(standing), "MODIFY_PENDING");
        slowExchange(false);
        return asked;
    }

    private void slowExchange(boolean slow) {
        gateway.fault("{\"exchange_delay_ms\":" + (slow ? LATE_MS : 0) + "}");
    }

    private Standing rejected() {
        gateway.fault("{\"reject_by_exchange\":{\"on\":\"orders\",\"count\":1}}");
        return in(limit(), "REJECTED");
    }

    /** Behind an equal one in doubt until its deadline. */
    private Standing expired() {
        unknown();
        qty--;
        return in(limit(), "EXPIRED");
    }

    private Map<String, Supplier<Standing>> states() {
        var states = new LinkedHashMap<String, Supplier<Standing>>();
        states.put("`DISPATCHING`", this::dispatching);
        states.put("`DISPATCHING`, a cancel asked for", () -> cancelAsked(dispatching()));
        states.put("`DISPATCHING`, a modification asked for", () -> modifyAsked(dispatching()));
        states.put("`SENT`", this::sent);
        states.put("`PARTIAL_FILLED`", this::partFilled);
        states.put("`MODIFY_PENDING`", this::modifyPending);
        states.put("`CANCEL_PENDING`", this::cancelPending);
        states.put("`FILLED`", () -> in(placed(""), "FILLED"));
        states.put("`FILLED`, modified before", () -> in(filledAfterModification(), "FILLED"));
        states.put("`CANCELED`", () -> in(cancelAsked(sent()), "CANCELED"));
        states.put("`REJECTED`", this::rejected);
        states.put("`UNKNOWN`", this::unknown);
        states.put("`UNKNOWN`, a cancel asked for", () -> cancelAsked(unknown()));
        states.put("`QUEUED`", this::queued);
        states.put("`EXPIRED`", this::expired);
        return states;
    }

    private Standing filledAfterModification() {
        var standing = sent();
        long high = gateway.json("/v1/quotes/" + SYMBOL).path("price").longValue() * 110 / 100 / 1000 * 1000;
        String key = "modify-" + ++keys;
        var answer = gateway.send(
                "POST",
                "/v1/orders/" + standing.order() + "/modify",
                "{\"price\":" + high + "}",
                "Idempotency-Key",
                key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return standing.modifiedBy(key + " {\"price\":" + high + "}");
    }

    // ---- requests ----

    private HttpResponse<String> cancel(Standing standing, String... key) {
        return ask(standing, "cancel", "{}", key);
    }

    private HttpResponse<String> modify(Standing standing, String... key) {
        return ask(standing, "modify", smaller(standing), key);
    }

    private String smaller(Standing standing) {
        return "{\"qty\":"
                + (gateway.json("/v1/orders/" + standing.order()).path("qty").longValue() - 1) + "}";
    }

    private HttpResponse<String> ask(Standing standing, String what, String body, String... key) {
        String path = "/v1/orders/" + standing.order() + "/" + what;
        var answer = key.length == 0
                ? gateway.send("POST", path, body)
                : gateway.send("POST", path, body, "Idempotency-Key", key[0]);
        gateway.contract().check("POST", "/v1/orders/{id}/" + what, answer);
        return answer;
    }

    /** What an answer says, as the table writes it. */
    private String said(HttpResponse<String> answer) {
        var body = gateway.tree(answer);
        if (answer.headers().firstValue("Idempotent-Replay").isPresent()) {
            return answer.statusCode() + " as before";
        }
        return answer.statusCode() + " `"
                + body.path(answer.statusCode() == 200 ? "status" : "code").asString("") + "`";
    }

    private String again(String key, String path, Standing standing) {
        if (key.isEmpty()) {
            return "–";
        }
        String[] parts = key.split(" ");
        String body = parts.length > 1 ? parts[1] : "{}";
        return said(ask(standing, path, body, parts[0]));
    }

    private String row(String name, Supplier<Standing> state) {
        var standing = state.get();
        String wanted = name.split("`")[1];
        assertThat(status(standing)).as(name).isEqualTo(wanted);
        String cancelAgain = again(standing.cancelKey(), "cancel", standing);
        String modifyAgain = again(standing.modifyKey(), "modify", standing);
        var modified = modify(standing);
        boolean taken = modified.statusCode() == 200;
        if (!taken) { // before the cancel below, which may end the order
            assertThat(said(modify(standing, "another-" + ++keys))).as(name).isEqualTo(said(modified));
        }
        var other = taken ? state.get() : standing;
        var cancelled = cancel(other);
        String sameWithKey = said(cancel(cancelled.statusCode() == 200 ? state.get() : other, "another-" + ++keys));
        assertThat(sameWithKey)
                .as(name + ": a key that was never used changes nothing")
                .isEqualTo(said(cancelled));
        return "| " + String.join(" | ", name, said(cancelled), cancelAgain, said(modified), modifyAgain) + " |\n";
    }

    @Test
    @Requirement("G-14")
    void the_document_says_what_a_further_cancel_or_modification_is_answered() throws IOException {
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
