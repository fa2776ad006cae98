package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Version 3.1 is switched off and on by the files of settings, while the gateway runs. */
@Tag("slow")
class AegisSwitchTest {
    private static final Duration REQUIRED = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private GatewayFixture gateway;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void start(Map<String, String> environment, String... arguments) {
        gateway = GatewayFixture.start(folder, Duration.ZERO, environment, arguments);
        gateway.awaitReady();
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int status(String version) {
        return gateway.get("/api/" + version + "/tr/t1101?shcode=005930").statusCode();
    }

    private boolean isOn() {
        return gateway.json("/v1/versions").path("versions").path(2).path("on").asBoolean();
    }

    /** Callers of every version, all the time. */
    private final class Load implements AutoCloseable {
        private final AtomicBoolean ended = new AtomicBoolean();
        private final List<Thread> callers = new ArrayList<>();
        private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();

        Load() {
            for (var path : List.of(
                    "/v1/quotes/005930", "/api/v3.0/tr/t1101?shcode=005930", "/api/v3.1/tr/t1101?shcode=005930")) {
                for (int i = 0; i < 4; i++) {
                    callers.add(Thread.ofVirtual().start(() -> call(path)));
                }
            }
            Await.until("the load runs", () -> count("/v1", 200) > 100 && count("/api/v3.1", 200) > 100);
        }

        private void call(String path) {
            while (!ended.get()) {
                answers.computeIfAbsent(path + " " + gateway.get(path).statusCode(), _ -> new AtomicLong())
                        .incrementAndGet();
            }
        }

        long count(String path, int status) {
            return answers.entrySet().stream()
                    .filter(entry ->
                            entry.getKey().startsWith(path) && entry.getKey().endsWith(" " + status))
                    .mapToLong(entry -> entry.getValue().get())
                    .sum();
        }

        @Override
        public void close() {
            ended.set(true);
            for (var caller : callers) {
                try {
                    caller.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @Test
    @Requirement(value = "A-25", clause = "rollback")
    void version_3_1_is_switched_off_and_on_under_load_within_seconds_and_no_other_call_fails() {
        start(Map.of());
        try (var load = new Load()) {
            Duration off = switched("AEGIS_API_V31=false\n", 404);
            long refused = load.count("/api/v3.1", 404);
            Await.until("callers of 3.1 are refused", () -> load.count("/api/v3.1", 404) > refused + 50);
            assertThat(gateway.get("/api/v3.1/tr/t1101?shcode=005930").body())
                    .contains("\"rsp_cd\":\"404\"", "API_VERSION_OFF");
            assertThat(isOn()).isFalse();
            Duration on = switched("AEGIS_API_V31=true\n", 200);
            long answered = load.count("/api/v3.1", 200);
            Await.until("callers of 3.1 are answered", () -> load.count("/api/v3.1", 200) > answered + 50);
            assertThat(isOn()).isTrue();
            long calls =
                    load.answers.values().stream().mapToLong(AtomicLong::get).sum();
            System.out.printf(
                    "version 3.1 off after %d ms, on after %d ms, under load (%d calls); required: %s%n",
                    off.toMillis(), on.toMillis(), calls, REQUIRED);
            assertThat(off).isLessThan(REQUIRED);
            assertThat(on).isLessThan(REQUIRED);
            assertThat(load.answers.keySet())
                    .as("statuses of all answers")
                    .allMatch(it -> it.endsWith(" 200") || it.startsWith("/api/v3.1") && it.endsWith(" 404"));
        }
    }

    private Duration switched(String settings, int status) {
        long from = System.nanoTime();
        write(".env", settings);
        Await.until("v3.1 answers " + status, () -> status("v3.1") == status);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    @Test
    void a_stream_of_3_1_is_closed_when_it_is_switched_off_and_one_of_3_0_stays() throws Exception {
        start(Map.of());
        var closedNew = new CompletableFuture<String>();
        var closedOld = new CompletableFuture<String>();
        open("v3.1", closedNew);
        var old = open("v3.0", closedOld);
        write("gateway.yaml", "aegis:\n  api-v31: false\n");
        assertThat(closedNew.get(60, TimeUnit.SECONDS)).isEqualTo("4004 API_VERSION_OFF");
        assertThat(closedOld).isNotDone();
        assertThat(gateway.get("/api/v3.1/stream").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/api/v3.0/stream").statusCode()).isEqualTo(400);
        old.abort();
    }

    private WebSocket open(String version, CompletableFuture<String> closed) throws Exception {
        var opened = new CompletableFuture<Void>();
        var socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + gateway.gateway().port() + "/api/" + version + "/stream"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                                opened.complete(null);
                                socket.request(1);
                                return CompletableFuture.completedFuture(null);
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                closed.complete(code + " " + reason);
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .get(60, TimeUnit.SECONDS);
        opened.get(60, TimeUnit.SECONDS);
        return socket;
    }

    @Test
    void the_environment_of_the_start_stays_stronger_than_the_files() {
        start(Map.of("AEGIS_API_V31", "true"));
        write(".env", "AEGIS_API_V31=false\nQUOTE_COOLDOWN=nonsense\n");
        Await.until("the file was read", () -> gateway.alert("settings_refused").isPresent());
        write(".env", "AEGIS_API_V31=false\n");
        Await.until(
                "the file was read",
                () -> !gateway.alert("settings_refused")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull());
        assertThat(status("v3.1")).isEqualTo(200);
    }

    @Test
    void files_with_mistakes_keep_the_settings_before_and_raise_an_alert_that_names_no_value() {
        write(".env", "AEGIS_API_V31=false\n");
        start(Map.of());
        assertThat(status("v3.1")).isEqualTo(404);
        write(".env", "AEGIS_API_V31=true\nQUOTE_COOLDOWN=nonsense\n");
        Await.until(
                "an alert is raised", () -> gateway.alert("settings_refused").isPresent());
        assertThat(gateway.alert("settings_refused")
                        .orElseThrow()
                        .path("message")
                        .asString(""))
                .contains("QUOTE_COOLDOWN", "the settings before it stay");
        assertThat(status("v3.1")).isEqualTo(404);

        write(".env", "AEGIS_API_V31=true\n");
        Await.until("the settings apply", () -> status("v3.1") == 200);
        assertThat(gateway.alert("settings_refused")
                        .orElseThrow()
                        .path("settled_at")
                        .isNull())
                .isFalse();
    }
}
