package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A killed process loses nothing even without a disk flush, because the kernel keeps what was written; only a power cut
 * would show a missing flush. So this test checks the system calls themselves.
 */
@Requirement(value = "A-01", clause = "durable")
@Tag("slow")
class DurabilityTest {
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(.*)$");

    @TempDir
    Path folder;

    @Test
    void an_order_is_answered_only_after_the_journal_is_flushed_to_disk() throws Exception {
        var keys = List.of("durable-one", "durable-two", "durable-three");
        // Dispatch is off, so that an order is one commit and no later event hides a missing flush.
        var launch = Programs.gateway(folder).withEnvironment("ORDER_WORKER_ENABLED", "false");
        var calls = traceCalls(launch, client -> {
            for (var key : keys) {
                ok(client.post("/v1/orders", Programs.order("005930", "BUY", 1, Optional.of(150_000L)), key));
            }
        });
        for (var key : keys) assertFlushedBefore(calls, key, c -> c.contains(key), answeredWith("ACCEPTED", key));
    }

    /** Every change of an order and every request to KIS: after a power cut each of them must be on disk. */
    @Test
    void neither_an_answer_nor_a_byte_to_kis_leaves_before_the_journal_is_flushed_to_disk() throws Exception {
        var orders = new ArrayList<String>();
        var numbers = new ArrayList<String>();
        List<String> calls;
        try (var simulator = Programs.simulator(folder)) {
            calls = traceCalls(Programs.gateway(folder, simulator), client -> {
                var batch = ok(client.post(
                        "/v1/orders/batch",
                        "{\"orders\":[" + ofBatch(11) + "," + ofBatch(12) + "," + ofBatch(13) + "]}"));
                batch.body()
                        .path("orders")
                        .forEach(order -> orders.add(order.path("order_id").asString()));
                orders.forEach(order -> numbers.add(
                        await(client, order, "SENT").path("kis_order_no").asString()));
                ok(client.post("/v1/orders/" + orders.get(0) + "/modify", "{\"price\":149900}", "change-price"));
                await(client, orders.get(0), "SENT", 149_900);
                ok(client.post("/v1/orders/" + orders.get(1) + "/modify", "{\"qty\":5}", "change-qty"));
                await(client, orders.get(1), "SENT");
                ok(client.post("/v1/orders/" + orders.get(1) + "/cancel", "{}", "take-back"));
                await(client, orders.get(1), "CANCELED");
                ok(client.post(
                        "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"stop-it-all\",\"cancel_open\":true}"));
                await(client, orders.get(2), "CANCELED");
            });
        }
        for (int n = 0; n < 3; n++) {
            var key = "batch-" + (11 + n);
            assertFlushedBefore(calls, key, event("Accepted", orders.get(n)), answeredWith("\\\"accepted\\\":3", key));
            assertFlushedBefore(
                    calls,
                    "the send of " + key,
                    sendStarted(orders.get(n), 1),
                    sent("order-cash", "\\\"ORD_QTY\\\":\\\"" + (11 + n) + "\\\""));
        }
        assertFlushedBefore(
                calls,
                "another price",
                event("ModifyRequested", orders.get(0)),
                answeredWith("MODIFY_PENDING", "change-price"));
        assertFlushedBefore(
                calls,
                "the send of another price",
                sendStarted(orders.get(0), 2),
                sent("order-rvsecncl", "\\\"RVSE_CNCL_DVSN_CD\\\":\\\"01\\\""));
        assertFlushedBefore(
                calls,
                "fewer shares",
                event("ModifyRequested", orders.get(1)),
                answeredWith("MODIFY_PENDING", "change-qty"));
        assertFlushedBefore(
                calls,
                "the send of fewer shares",
                sendStarted(orders.get(1), 2),
                sent("order-rvsecncl", "\\\"QTY_ALL_ORD_YN\\\":\\\"N\\\""));
        assertFlushedBefore(
                calls,
                "a cancel",
                event("CancelRequested", orders.get(1)),
                answeredWith("CANCEL_PENDING", "take-back"));
        var ofSecond = sent("order-rvsecncl", numbers.get(1));
        assertFlushedBefore(
                calls,
                "the send of a cancel",
                sendStarted(orders.get(1), 3),
                c -> ofSecond.test(c) && c.contains("\\\"QTY_ALL_ORD_YN\\\":\\\"Y\\\""));
        assertFlushedBefore(
                calls,
                "the kill switch",
                c -> c.contains("KillSwitchSet") && c.contains("stop-it-all"),
                answeredWith("\\\"on\\\":true", "open_before"));
        assertFlushedBefore(
                calls,
                "the send of the kill switch's cancel",
                sendStarted(orders.get(2), 2),
                sent("order-rvsecncl", numbers.get(2)));
    }

    private static String ofBatch(int qty) {
        return Programs.order("005930", "BUY", qty, Optional.of(150_000L))
                .replaceFirst("}$", ",\"idempotency_key\":\"batch-" + qty + "\"}");
    }

    private static Answer ok(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    private static JsonNode await(GatewayClient client, String order, String status) {
        return Eventually.await(
                order + " to be " + status,
                Programs.SHORT_TIMEOUT,
                () -> client.get("/v1/orders/" + order).body(),
                body -> body.path("status").asString().equals(status));
    }

    private static void await(GatewayClient client, String order, String status, long price) {
        Eventually.await(
                order + " to be " + status + " at " + price,
                Programs.SHORT_TIMEOUT,
                () -> client.get("/v1/orders/" + order).body(),
                body -> body.path("status").asString().equals(status)
                        && body.path("price").longValue() == price);
    }

    // ---- what the trace must show; quotes carry a backslash, bytes that are no text are octal ----

    private static Predicate<String> event(String type, String order) {
        return Pattern.compile(type + "[^{]{0,12}" + order).asPredicate();
    }

    private static Predicate<String> sendStarted(String order, int request) {
        return Pattern.compile("SendStarted[^{]{0,12}" + order + Pattern.quote("{\\\"request\\\":" + request + ","))
                .asPredicate();
    }

    private static Predicate<String> answeredWith(String... fragments) {
        return c -> c.contains("HTTP/1.1 200") && Stream.of(fragments).allMatch(c::contains);
    }

    private static Predicate<String> sent(String call, String fragment) {
        return c -> c.contains("POST /uapi/domestic-stock/v1/trading/" + call + " HTTP/1.1") && c.contains(fragment);
    }

    private static void assertFlushedBefore(
            List<String> calls, String what, Predicate<String> event, Predicate<String> outside) {
        int written = indexOfFirst(
                calls, 0, c -> c.startsWith("pwrite64(") && c.contains("journal.db-wal>") && event.test(c));
        assertThat(written).as(what + " is written to the journal's log").isNotNegative();
        int flushed = indexOfFirst(
                calls,
                written,
                c -> (c.startsWith("fdatasync(") || c.startsWith("fsync("))
                        && c.contains("journal.db-wal>")
                        && c.endsWith("= 0"));
        int left = indexOfFirst(calls, 0, outside);
        assertThat(left).as(what + " is answered or sent").isNotNegative();
        assertThat(flushed).as(what + " is flushed after it was written").isNotNegative();
        assertThat(flushed)
                .as(what + " is flushed before it is answered or sent")
                .isLessThan(left);
    }

    private static int indexOfFirst(List<String> calls, int from, Predicate<String> condition) {
        for (int i = from; i < calls.size(); i++) if (condition.test(calls.get(i))) return i;
        return -1;
    }

    // ---- the trace ----

    @FunctionalInterface
    private interface TracedAction {
        void with(GatewayClient client) throws Exception;
    }

    /** The system calls of a gateway that does {@code work}. */
    private List<String> traceCalls(Launch launch, TracedAction work) throws Exception {
        var straceInstalled = haveStrace();
        if (System.getenv("CI") != null)
            assertThat(straceInstalled).as("strace, which CI must have").isTrue();
        assumeTrue(straceInstalled, "not run: strace is missing");
        var trace = folder.resolve("trace");
        var process = start(launch, trace);
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            var port = port(lines);
            var drain = Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(line -> {}));
            try (var client = GatewayClient.onPort(port)) {
                Eventually.await("readiness", Programs.START_TIMEOUT, () -> client.get("/health/ready"), Answer::ok);
                work.with(client);
            } finally {
                process.descendants().forEach(ProcessHandle::destroy); // else its output could not be closed
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            drain.join();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return calls(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
    }

    /** The calls in the order in which they ended; a call interrupted by another thread is joined again. */
    private static List<String> calls(List<String> trace) {
        Map<String, String> unfinished = new HashMap<>();
        var calls = new ArrayList<String>();
        for (var line : trace) {
            var match = CALL.matcher(line);
            if (!match.matches()) continue;
            var thread = match.group(1);
            var call = match.group(2);
            if (call.endsWith("<unfinished ...>")) {
                unfinished.put(thread, call.substring(0, call.length() - "<unfinished ...>".length()));
                // Outgoing data counts from its beginning: the reader may have it before the call ends.
                if (call.contains("HTTP/1.1")) calls.add(call);
            } else if (call.startsWith("<... ")) {
                var unfinishedCall = unfinished.remove(thread);
                if (unfinishedCall != null && !unfinishedCall.contains("HTTP/1.1")) {
                    calls.add(unfinishedCall + call.substring(call.indexOf('>') + 1));
                }
            } else {
                calls.add(call);
            }
        }
        return calls;
    }

    private static boolean haveStrace() throws InterruptedException {
        try {
            var probe = new ProcessBuilder("strace", "-qq", "-e", "trace=none", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(Launch launch, Path trace) throws IOException {
        var command = new ArrayList<>(List.of(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-s",
                "5000",
                "-e",
                "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg",
                "-o",
                trace.toString()));
        command.addAll(launch.command());
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG"));
        builder.environment().putAll(launch.environment());
        return builder.start();
    }

    private static int port(BufferedReader lines) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("{\"gateway_port\"")) {
                return new JsonMapper().readTree(line).path("gateway_port").intValue();
            }
        }
        throw new AssertionError("the gateway did not start under strace");
    }
}
