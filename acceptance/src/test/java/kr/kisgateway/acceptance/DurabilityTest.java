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
import java.util.regex.Pattern;
import kr.kisgateway.gatewayclient.GatewayClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A killed process loses nothing even without a disk flush, because the kernel keeps what was written; only a power cut
 * would show that one is missing. So the system calls themselves are looked at.
 */
class DurabilityTest {
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(.*)$");

    @TempDir
    Path folder;

    @Test
    void an_order_is_answered_only_after_the_journal_was_flushed_to_disk() throws Exception {
        var there = haveStrace();
        if (System.getenv("CI") != null)
            assertThat(there).as("strace, which CI must have").isTrue();
        assumeTrue(there, "not run: strace is missing");

        var trace = folder.resolve("trace");
        var keys = List.of("durable-one", "durable-two", "durable-three");
        var process = start(trace);
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            var port = port(lines);
            var drain = Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(line -> {}));
            try (var client = GatewayClient.onPort(port)) {
                for (var key : keys) {
                    var answer =
                            client.post("/v1/orders", Programs.order("005930", "BUY", 1, Optional.of(150_000L)), key);
                    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                }
            }
            process.descendants().forEach(ProcessHandle::destroy);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            drain.join();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        var calls = calls(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
        for (var key : keys) assertFlushedBeforeTold(key, calls);
    }

    private static void assertFlushedBeforeTold(String key, List<String> calls) {
        int written =
                first(calls, 0, c -> c.startsWith("pwrite64(") && c.contains("journal.db-wal>") && c.contains(key));
        assertThat(written).as(key + " is written to the journal's log").isNotNegative();
        int flushed = first(
                calls,
                written,
                c -> (c.startsWith("fdatasync(") || c.startsWith("fsync("))
                        && c.contains("journal.db-wal>")
                        && c.endsWith("= 0"));
        int told = first(calls, 0, c -> c.contains("HTTP/1.1 200") && c.contains("ACCEPTED") && c.contains(key));
        assertThat(told).as(key + " is answered").isNotNegative();
        assertThat(flushed).as(key + " is flushed after it was written").isNotNegative();
        assertThat(flushed).as(key + " is flushed before it is told").isLessThan(told);
    }

    private static int first(List<String> calls, int from, java.util.function.Predicate<String> wanted) {
        for (int i = from; i < calls.size(); i++) if (wanted.test(calls.get(i))) return i;
        return -1;
    }

    /** The calls in the order in which they ended; one that another thread interrupted is put together again. */
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
                // Data that goes out counts from its beginning: the reader may have it before the call ends.
                if (call.contains("HTTP/1.1")) calls.add(call);
            } else if (call.startsWith("<... ")) {
                var begun = unfinished.remove(thread);
                if (begun != null && !begun.contains("HTTP/1.1")) {
                    calls.add(begun + call.substring(call.indexOf('>') + 1));
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

    private Process start(Path trace) throws IOException {
        // Dispatch is held, so that an order is one commit and no later event hides a missing flush.
        var launch = Programs.gateway(folder).withEnvironment("ORDER_WORKER_ENABLED", "false");
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
