package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.market.OpenCalendar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recorded hour of a simulator, played to another client over real sockets. */
@Tag("slow")
class ReplayTest {
    private static final String KEY = "PSRECORD0000000000000000000000000001";
    private static final String CANO = "50000001";

    @TempDir
    Path folder;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T01:30:00Z"));
    private Path file;

    /** What the recorded client received, frame by frame. */
    private List<String> frames;

    private String balance;
    private String daily;

    private String price;

    @BeforeEach
    void record() throws Exception {
        file = folder.resolve("hour.jsonl");
        try (KisSimulator simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), clock)
                .withRecording(file)
                .withRates(1_000, 1_000))) {
            RawClient client = new RawClient(simulator, KEY).login();
            String approval = client.approvalKey();
            try (var stream = client.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                stream.await("OPSP0000");
                stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "SECRETHTS"));
                stream.await("\"H0STCNI0\"");
                client.order(CANO, "TTTC0012U", "005930", "01", "3", "0");
                price = price(client, "005930").body();
                stream.await("1|H0STCNI0");
                stream.await("1|H0STCNI0");
                for (int i = 0; i < 100; i++) {
                    clock.advance(Duration.ofSeconds(1));
                    simulator.faults().json();
                }
                stream.send(stream.await("PINGPONG"));
                balance = client.balance(CANO).body();
                daily = client.daily(CANO).body();
                simulator.faults().next("lose_answers", 1);
                assertThatThrownBy(() -> client.order(CANO, "TTTC0012U", "005930", "00", "1", "150000"))
                        .isInstanceOf(UncheckedIOException.class);
                simulator.faults().on("close_sockets");
                stream.await(RawClient.Stream.CLOSED + "1000");
                frames = List.copyOf(stream.all);
            }
        }
    }

    @Test
    void another_client_gets_the_same_frames_byte_for_byte_and_the_same_answers() throws Exception {
        SteppedClock now = new SteppedClock(Instant.parse("2027-03-01T00:00:00Z"));
        try (KisReplay replay = KisReplay.start(file, 10, 0, now)) {
            RawClient client = new RawClient(replay.port(), "PSOTHER00000000000000000000000000002").login();
            List<String> played = new ArrayList<>();
            String approval = client.approvalKey();
            try (var stream = client.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                stream.await("OPSP0000");
                stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "OTHERHTS"));
                stream.await("\"H0STCNI0\"");
                now.advance(Duration.ofMillis(9_999));
                replay.progress();
                assertThat(stream.next(Duration.ofMillis(300)).map(t -> t.contains("PINGPONG")))
                        .as("a hundred seconds are ten, and those are not over")
                        .isNotEqualTo(Optional.of(true));
                now.advance(Duration.ofMillis(2));
                stream.await(RawClient.Stream.CLOSED + "1000");
                played.addAll(stream.all);
            }
            assertThat(market(frames)).hasSizeGreaterThan(20);
            assertThat(market(played)).isEqualTo(market(frames));

            assertThat(client.balance("12345678").body()).isEqualTo(balance.replace(CANO, "90000001"));
            assertThat(client.daily("12345678").body()).isEqualTo(daily.replace(CANO, "90000001"));
            assertThatThrownBy(() -> client.order("12345678", "TTTC0012U", "005930", "00", "1", "150000"))
                    .as("the answer that was lost is lost again")
                    .isInstanceOf(UncheckedIOException.class);
            HttpResponse<String> unknown = client.get("/uapi/domestic-stock/v1/never", Map.of("tr_id", "X"));
            assertThat(unknown.statusCode()).isEqualTo(500);
            assertThat(unknown.body()).contains("녹화에 없는 요청입니다.");
            assertThat(price(client, "005930").body()).isEqualTo(price);
            assertThat(price(client, "000660").statusCode())
                    .as("another stock's price is never the answer")
                    .isEqualTo(500);
            assertThat(replay.progress()).contains("\"calls_not_recorded\":2");
        }
    }

    @Test
    void a_replayed_list_shows_no_order_before_the_client_has_placed_it() {
        Path orders = folder.resolve("orders.rec");
        try (KisSimulator simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve("orders.db")).withRecording(orders))) {
            RawClient client = new RawClient(simulator, KEY).login();
            client.daily(CANO);
            client.order(CANO, "TTTC0012U", "005930", "00", "1", "150000");
            client.daily(CANO);
        }
        try (KisReplay replay = KisReplay.start(orders, 1_000, 0, InstantSource.system())) {
            RawClient client = new RawClient(replay.port(), "PSOTHER00000000000000000000000000003").login();
            for (int i = 0; i < 3; i++) {
                assertThat(RawClient.json(client.daily("12345678").body()).path("output1"))
                        .isEmpty();
            }
            client.order("12345678", "TTTC0012U", "005930", "00", "1", "150000");
            assertThat(RawClient.json(client.daily("12345678").body()).path("output1"))
                    .hasSize(1);
        }
    }

    private static HttpResponse<String> price(RawClient client, String code) {
        return client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=" + code,
                Map.of("tr_id", "FHKST01010100"));
    }

    /** Frames without identities: market data and PINGPONGs, in order. */
    private static List<String> market(List<String> frames) {
        return frames.stream()
                .filter(frame -> frame.startsWith("0|") || frame.contains("PINGPONG"))
                .toList();
    }

    @Test
    void the_recording_names_no_identity() throws Exception {
        String text = Files.readString(file);

        assertThat(text)
                .contains("\"kind\":\"call\"", "inquire-balance", "1|H0STCNI0|001|", "\"kind\":\"reset\"")
                .doesNotContain(KEY, "s".repeat(180), "SECRETHTS", CANO, "모의계좌");
        assertThat(frames.stream().filter(f -> f.startsWith("1|H0STCNI0")))
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(notice -> assertThat(text).doesNotContain(notice));
    }

    @Test
    void the_program_records_and_plays() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "kr.kisgateway.simulator.SimulatorMain",
                        "--replay",
                        file.toString(),
                        "--speed",
                        "1000")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            int port = RawClient.json(out.readLine()).path("simulator_port").asInt();
            RawClient client = new RawClient(port, KEY).login();
            String approval = client.approvalKey();
            try (var stream = client.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNT0", "005930"));
                stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "ANYBODY"));
                stream.await(RawClient.Stream.CLOSED + "1000");
                assertThat(market(stream.all)).isEqualTo(market(frames));
            }
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        SimulatorConfig config = SimulatorCommands.config(
                folder, "--record", folder.resolve("x.jsonl").toString());
        assertThat(config.recordTo()).contains(folder.resolve("x.jsonl"));
    }

    @Test
    void an_invalid_recording_fails_with_one_sentence() throws Exception {
        assertThatThrownBy(() -> KisReplay.start(folder.resolve("none"), 1, 0, clock))
                .hasMessageContaining("there is no recording");
        Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"format\":\"other\"}\n");
        assertThatThrownBy(() -> KisReplay.start(bad, 1, 0, clock))
                .hasMessageContaining("line 1: it does not begin as a recording");
        Files.writeString(bad, "{\"format\":\"kis-recording\",\"version\":2}\n");
        assertThatThrownBy(() -> KisReplay.start(bad, 1, 0, clock)).hasMessageContaining("it is of version 2");
        Files.writeString(bad, "{\"format\":\"kis-recording\",\"version\":1}\n{\"t\":1,\"ws\":1}\n{}\n");
        assertThatThrownBy(() -> KisReplay.start(bad, 1, 0, clock))
                .hasMessageContaining("line 2: unknown kind of event");
        assertThatThrownBy(() -> KisReplay.start(file, 0, 0, clock)).hasMessageContaining("the speed must lie above 0");
        assertThatThrownBy(() -> KisSimulator.start(
                        SimulatorConfig.defaults(folder.resolve("y.db")).withRecording(file)))
                .hasMessageContaining("is there already");
    }

    @Test
    void a_recording_of_a_killed_writer_is_played_up_to_its_last_complete_line() throws Exception {
        String text = Files.readString(file);
        Path cut = Files.writeString(folder.resolve("cut.jsonl"), text.substring(0, text.length() - 20));
        try (KisReplay replay = KisReplay.start(cut, 1, 0, clock)) {
            assertThat(replay.progress()).contains("\"sessions_left\":1");
        }
    }
}
