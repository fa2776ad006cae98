package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Requirement(value = "P-14", clause = "library")
@Tag("slow")
class KisTest {
    private static final Map<String, String> PRICE = Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", "005930");

    private static final Map<String, String> LIVE_UNREACHABLE = Map.of(
            "KIS_ENV",
            "live",
            "KIS_APP_KEY",
            Fixtures.APP_KEY,
            "KIS_APP_SECRET",
            Fixtures.APP_SECRET,
            "KIS_ACCOUNT_NO",
            "12345678-01",
            "KIS_API_BASE_URL_REAL",
            Fixtures.unreachable("http").toString());

    @TempDir
    private Path folder;

    @Test
    void without_credentials_a_simulator_of_this_process_answers_and_ends_with_the_client() {
        URI rest;
        try (KisClient kis = Kis.connect(Map.of(), folder, new KisListener() {})) {
            assertThat(price(kis)).isPositive();
            assertThat(kis.realtime().status().state()).isNotEqualTo(RealtimeStatus.State.CLOSED);
            rest = kis.restBase();
        }
        assertThat(rest.getHost()).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), rest.getPort()).close())
                .isInstanceOf(ConnectException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Requirement(value = "A-18", clause = "rate")
    void mock_without_credentials_has_the_papers_calls_and_rate() {
        try (KisClient kis = Kis.connect(Map.of("KIS_ENV", "mock"), folder, new KisListener() {})) {
            assertThat(price(kis)).isPositive();
            assertThat(kis.call("FHKST11300006", Map.of("FID_COND_MRKT_DIV_CODE_1", "J", "FID_INPUT_ISCD_1", "005930")))
                    .isInstanceOfSatisfying(
                            KisReply.Failed.class,
                            it -> assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED));
            assertThat(kis.budget().state().limit()).isEqualTo(1);
        }
    }

    @Test
    @Requirement(value = "P-07", clause = "queue")
    @Requirement(value = "P-02", clause = "queue")
    void a_call_waits_for_its_slot_no_longer_than_the_queue_timeout() {
        var settings = Map.of("KIS_ENV", "mock", "KIS_API_QUEUE_TIMEOUT", "300ms");
        try (KisClient kis = Kis.connect(settings, folder, new KisListener() {})) {
            CallOptions resolving = kis.standardOptions().withLane(Lane.RESOLVE);
            assertThat(kis.call("FHKST01010100", PRICE, resolving)).isInstanceOf(KisReply.Ok.class);
            // Paper has one call a second, so the next slot comes later than that, whatever the caller's timeout.
            assertThat(kis.call("FHKST01010100", PRICE, kis.standardOptions()))
                    .isInstanceOfSatisfying(
                            KisReply.Failed.class,
                            it -> assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.QUEUE_TIMEOUT));
            assertThat(kis.domestic().price(new Symbol("005930"))).isInstanceOf(KisReply.Failed.class);
            assertThat(kis.call("FHKST01010100", PRICE, resolving)).isInstanceOf(KisReply.Ok.class);
        }
    }

    @Test
    void with_credentials_the_broker_named_answers_and_the_next_start_uses_the_same_token() throws IOException {
        try (KisSimulator broker = broker()) {
            Files.writeString(
                    folder.resolve(".env"),
                    "KIS_ENV=mock\nKIS_APP_KEY=" + Fixtures.APP_KEY + "\nexport KIS_APP_SECRET='" + Fixtures.APP_SECRET
                            + "' # secret\nKIS_ACCOUNT_NO=12345678-01\nKIS_API_BASE_URL_REAL=" + broker.restBase()
                            + "\nKIS_WS_URL_LIVE=" + broker.wsBase() + "\n");
            // The environment takes precedence over the file: live, not mock.
            var environment = new HashMap<>(Map.of("KIS_ENV", "live"));
            environment.put("GATEWAY_CONFIG_DIR", folder.resolve("config").toString());
            var first = new Recorder();
            try (KisClient kis = Kis.connect(environment, folder, first)) {
                assertThat(price(kis)).isPositive();
                first.awaitEvent("token_issued");
                kis.realtime().register(new RealtimeKey("H0STCNT0", "005930"));
                first.await("a trade", () -> !first.trades.isEmpty());
            }
            var second = new Recorder();
            try (KisClient kis = Kis.connect(environment, folder, second)) {
                assertThat(price(kis)).isPositive();
                second.awaitEvent("token_issued");
                assertThat(second.events)
                        .anyMatch(it -> it instanceof KisEvent.TokenIssued issued && issued.fromStore());
            }
        }
        Path key = folder.resolve("config").resolve("master.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        try (Stream<Path> tokens = Files.list(folder.resolve("config").resolve("tokens"))) {
            assertThat(tokens.map(it -> it.getFileName().toString())).anyMatch(it -> it.matches("live-[0-9a-f]{8}"));
        }
    }

    @Test
    @Requirement("P-08")
    void credentials_that_the_broker_rejects_fail_the_connection_with_its_code() {
        try (KisSimulator broker = broker()) {
            var environment = new HashMap<String, String>();
            environment.put("KIS_ENV", "live");
            environment.put("KIS_APP_KEY", Fixtures.APP_KEY);
            environment.put("KIS_APP_SECRET", Fixtures.APP_SECRET);
            environment.put("KIS_ACCOUNT_NO", "12345678-01");
            environment.put("KIS_API_BASE_URL_REAL", broker.restBase().toString());
            environment.put("KIS_TOKEN_KEY", Fixtures.STORE_KEY);
            environment.put("KIS_TOKEN_DIR", folder.resolve("tokens").toString());
            Kis.connect(environment, folder, new KisListener() {}).close();
            environment.put("KIS_APP_SECRET", "another" + Fixtures.APP_SECRET.substring(7));
            environment.put("KIS_TOKEN_KEY", "anotherkey-" + Fixtures.STORE_KEY);
            assertThatThrownBy(() -> Kis.connect(environment, folder, new KisListener() {}))
                    .isInstanceOfSatisfying(KisException.class, it -> {
                        assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.TOKEN);
                        assertThat(it.failure().retryable()).isFalse();
                        assertThat(it).hasMessageContaining("EGW").hasMessageNotContaining("PLANTED");
                    });
        }
    }

    @Test
    @Requirement("P-08")
    void a_bad_file_or_incomplete_credentials_fail_before_anything_is_opened() throws IOException {
        assertThatThrownBy(() -> Kis.connect(
                        Map.of("KIS_ENV", "live", "KIS_APP_KEY", Fixtures.APP_KEY), folder, new KisListener() {}))
                .isInstanceOf(KisException.class)
                .hasMessage(
                        "CREDENTIALS_MISSING: KIS_APP_SECRET is not set. KIS_ACCOUNT_NO is not set. set KIS_ENV=live"
                                + " or mock with KIS_APP_KEY, KIS_APP_SECRET and KIS_ACCOUNT_NO in the environment or in .env, or"
                                + " set none of them and add the kis-simulator artifact for invented prices");
        Files.writeString(folder.resolve(".env"), "KIS_ENV=sim\nPLANTEDSECRET\n");
        assertThatThrownBy(() -> Kis.connect(Map.of(), folder, new KisListener() {}))
                .isInstanceOf(KisException.class)
                .hasMessageStartingWith("INVALID_SETTINGS: .env line 2 is not NAME=value")
                .hasMessageNotContaining("PLANTED");
        assertThat(folder).isDirectoryNotContaining("glob:**data");
    }

    @Test
    void a_damaged_key_file_is_reported_and_not_overwritten() throws IOException {
        Path key = folder.resolve("master.key");
        Files.writeString(key, "short\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        var environment = new HashMap<>(LIVE_UNREACHABLE);
        environment.put("GATEWAY_CONFIG_DIR", folder.toString());
        assertThatThrownBy(() -> Kis.connect(environment, folder, new KisListener() {}))
                .isInstanceOf(KisException.class)
                .hasMessageContaining("is damaged");
        assertThat(key).hasContent("short");
    }

    @Test
    void the_paper_faces_address_is_none_for_live() {
        for (String name : List.of("KIS_API_BASE_URL_REAL", "KIS_WS_URL_LIVE")) {
            var environment = new HashMap<>(LIVE_UNREACHABLE);
            environment.put("KIS_TOKEN_KEY", Fixtures.STORE_KEY);
            environment.put(
                    name,
                    (name.contains("WS") ? Environment.PAPER_FACE.wsBase() : Environment.PAPER_FACE.restBase())
                            .toString());
            assertThatThrownBy(() -> Kis.connect(environment, folder, new KisListener() {}))
                    .isInstanceOf(KisException.class)
                    .hasMessageContaining("INVALID_SETTINGS")
                    .hasMessageContaining("paper face");
        }
    }

    @Test
    void a_key_file_that_others_can_read_is_not_used() throws IOException {
        Path key = folder.resolve("master.key");
        Files.writeString(key, "k".repeat(40));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        var environment = new HashMap<>(LIVE_UNREACHABLE);
        environment.put("GATEWAY_CONFIG_DIR", folder.toString());
        assertThatThrownBy(() -> Kis.connect(environment, folder, new KisListener() {}))
                .isInstanceOf(KisException.class)
                .hasMessageContaining("can be read or written by others");
    }

    @Test
    @Requirement("P-08")
    void an_unreachable_broker_is_a_connection_failure_and_not_a_wrong_key() {
        InstantSource clock = InstantSource.system();
        KisConfig config = Fixtures.config(Fixtures.unreachable("http"), Fixtures.unreachable("ws"), folder);
        try (KisClient client = KisClient.openWithoutRealtime(config, clock, clock, new KisListener() {}, () -> {})) {
            assertThat(client.awaitToken(Duration.ofSeconds(1))).hasValueSatisfying(failure -> {
                assertThat(failure.kind()).isEqualTo(KisFailure.Kind.CONNECTION);
                assertThat(failure.remedy()).contains("network");
                assertThat(failure.msg1()).doesNotContain("token request");
            });
        }
    }

    private KisSimulator broker() {
        return KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker"))
                .withFace(Face.LIVE)
                .withSynchronous("OFF"));
    }

    private static long price(KisClient kis) {
        KisReply<KisAnswer> reply = kis.call("FHKST01010100", PRICE);
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<KisAnswer>) reply)
                .value()
                .row("output")
                .orElseThrow()
                .won("stck_prpr");
    }
}
