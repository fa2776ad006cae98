package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.broker.Violation;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The releases of a session before it closes its socket, over real sockets. */
@Tag("slow")
class ReleaseOnLossTest {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final List<RealtimeKey> REGISTERED = List.of(
            new RealtimeKey("H0STCNT0", "005930"),
            new RealtimeKey("H0STASP0", "005930"),
            new RealtimeKey("H0STCNT0", "000660"));
    /** With the execution notices. */
    private static final int ALL = REGISTERED.size() + 1;

    private final InstantSource clock = InstantSource.system();
    private final Recorder recorder = new Recorder();

    @TempDir
    private Path folder;

    private KisSimulator simulator;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("sim.db")).withTicksPerSecond(20));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    @Requirement(value = "I-05", clause = "release")
    void a_silent_socket_releases_every_registration_before_the_next_one_opens() throws Exception {
        try (KisClient client = registered()) {
            fault("{\"stop_data\":true,\"stop_pingpong\":true}");
            awaitConnections(2);
            fault("{\"clear\":true}");
            assertThat(releasedBeforeTheSecondSocket()).isEqualTo(ALL);
            recorder.await("everything registered again", () -> recorder.acked.size() >= 2 * ALL);
            assertThat(client.realtime().status().connected()).isTrue();
        }
        assertThat(simulator.verdict().count(Violation.REGISTRATIONS_LEAKED))
                .as(simulator.verdict().toString())
                .isZero();
    }

    @Test
    @Requirement(value = "I-05", clause = "release")
    void registrations_are_released_with_a_new_approval_key_when_the_old_one_is_invalid() throws Exception {
        try (KisClient client = registered()) {
            fault("{\"forget_approvals\":true}");
            client.realtime().register(new RealtimeKey("H0STASP0", "000660"));
            awaitConnections(2);
            assertThat(releasedBeforeTheSecondSocket()).isEqualTo(ALL);
            recorder.await("everything registered again", () -> recorder.acked.size() >= 2 * ALL + 1);
            assertThat(recorder.names())
                    .filteredOn("approval_key_issued"::equals)
                    .hasSize(2);
        }
        assertThat(simulator.verdict().count(Violation.REGISTRATIONS_LEAKED))
                .as(simulator.verdict().toString())
                .isZero();
    }

    @Test
    @Requirement(value = "I-05", clause = "grace")
    void a_socket_that_answers_no_release_is_closed_after_three_seconds_of_grace() throws Exception {
        try (KisClient client = registered()) {
            long frozen = System.nanoTime();
            fault("{\"freeze_sockets\":true}");
            awaitConnections(2);
            assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isGreaterThan(SILENCE.plus(GRACE));
            assertThat(releasedBeforeTheSecondSocket()).isZero();
            recorder.await("everything registered again", () -> recorder.acked.size() >= 2 * ALL);
            assertThat(client.realtime().status().connected()).isTrue();
        }
    }

    private long releasedBeforeTheSecondSocket() {
        var names = recorder.names();
        int second = names.lastIndexOf("ws_connected");
        assertThat(names.indexOf("ws_connected")).as(names.toString()).isLessThan(second);
        return names.subList(0, second).stream().filter("unsubscribed"::equals).count();
    }

    private void awaitConnections(int count) {
        recorder.await("socket " + count, () -> recorder.connections == count);
        recorder.await(
                "its event",
                () -> recorder.names().stream().filter("ws_connected"::equals).count() == count);
    }

    private KisClient registered() {
        KisConfig config = Fixtures.config(simulator.restBase(), simulator.wsBase(), folder);
        KisClient client = KisClient.open(
                config.withTuning(
                        config.tuning().withTimeouts(config.tuning().timeouts().withSilence(SILENCE))),
                clock,
                clock,
                recorder);
        client.start();
        REGISTERED.forEach(client.realtime()::register);
        recorder.await("the registrations", () -> recorder.acked.size() == ALL);
        return client;
    }

    private void fault(String json) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.restBase() + "/simulator/faults"))
                            .timeout(Duration.ofSeconds(5))
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }
}
