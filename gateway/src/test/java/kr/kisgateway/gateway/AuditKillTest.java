package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditRow;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditVerifier;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway as a process of its own that is killed (SIGKILL) while it answers calls: what was answered is in the audit, once. */
@Tag("slow")
class AuditKillTest {
    private static final int ROUNDS = 4;
    private static final int CALLS_BEFORE_KILL = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    @Requirement(value = "A-16", clause = "chain")
    void each_answered_change_is_one_row_after_a_kill_at_any_moment(@TempDir Path folder) throws Exception {
        Queue<String> answered = new ConcurrentLinkedQueue<>();
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                        .withTime(new OpenCalendar(), InstantSource.system())
                        .withRates(5_000, 5_000)
                        .withSynchronous("OFF"));
                var http = HttpClient.newHttpClient()) {
            var process = new GatewayProcess(http, folder, simulator.restBase(), Map.of());
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    killWhileAnswering(process, http, round, answered);
                    process.start();
                }
            } finally {
                process.kill();
            }
        }

        var data = folder.resolve("data").resolve("sim");
        var rows = new ArrayList<AuditRow>();
        new AuditSearch(data).all(AuditFilter.all(), rows::add);
        var traces = rows.stream()
                .map(row -> row.entry().traceId())
                .filter(trace -> trace.startsWith("kill-"))
                .toList();
        assertThat(answered).hasSizeGreaterThanOrEqualTo(ROUNDS * CALLS_BEFORE_KILL);
        assertThat(traces).containsAll(answered).doesNotHaveDuplicates();
        assertThat(rows)
                .filteredOn(row -> row.entry().parameters().startsWith("after=kill"))
                .hasSize(ROUNDS);
        var report = AuditVerifier.verify(data, Optional.empty(), Instant.now());
        assertThat(report.findings()).isEmpty();
        assertThat(report.rows()).isEqualTo(rows.size());
    }

    private static void killWhileAnswering(GatewayProcess process, HttpClient http, int round, Queue<String> answered)
            throws Exception {
        var killed = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (int thread = 0; thread < 4; thread++) {
            var name = "kill-" + round + "-" + thread + "-";
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; !killed.get() && call(process, http, name + i); i++) {
                    answered.add(name + i);
                }
            }));
        }
        int before = answered.size();
        Await.until("calls are answered", () -> answered.size() >= before + CALLS_BEFORE_KILL);
        process.kill();
        killed.set(true);
        for (var thread : threads) {
            thread.join();
        }
    }

    private static boolean call(GatewayProcess process, HttpClient http, String trace) {
        var request = HttpRequest.newBuilder(process.base().resolve("/v1/orders/cancel-all"))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("X-Trace-Id", trace)
                .header("Idempotency-Key", trace)
                .POST(BodyPublishers.ofString("{\"account_id\":\"A1\"}"))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
