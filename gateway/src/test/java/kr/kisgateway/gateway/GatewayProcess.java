package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.programs.FreePort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway as a process of its own, which a test can kill (SIGKILL) and start again on the same folder and port. */
final class GatewayProcess {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final JsonMapper mapper = new JsonMapper();
    private final Path folder;
    private final URI broker;
    private final Map<String, String> settings;
    private final URI base;
    private Process process;

    /**
     * Starts it and waits until it can trade.
     *
     * @param folder its working folder
     * @param broker address of the simulator
     * @param settings further settings
     */
    GatewayProcess(HttpClient http, Path folder, URI broker, Map<String, String> settings) throws IOException {
        this.http = http;
        this.folder = folder;
        this.broker = broker;
        this.settings = settings;
        this.base = URI.create("http://127.0.0.1:" + FreePort.find());
        this.process = launch();
    }

    URI base() {
        return base;
    }

    void start() throws IOException {
        process = launch();
    }

    void kill() throws InterruptedException {
        destroy();
        awaitEnd();
    }

    /** Kills it without waiting for its end. */
    void destroy() {
        process.destroyForcibly();
    }

    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private Process launch() throws IOException {
        var builder = MainProcess.of(
                        List.of(
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-XX:-UsePerfData",
                                "-XX:TieredStopAtLevel=1",
                                "-Duser.home=" + folder.resolve("home")),
                        "run",
                        "--port=" + base.getPort())
                .directory(folder.toFile())
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()));
        MainProcess.removeSettings(builder);
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        folder.resolve("home").toString(),
                        "KIS_ENV",
                        "sim",
                        "SIMULATOR_URL",
                        broker.toString(),
                        "SIMULATOR_RATE_LIMIT",
                        "5000",
                        "SIMULATOR_CLOCK",
                        "open",
                        "KIS_FACE",
                        "false",
                        "KIS_WS_SYMBOLS",
                        "",
                        "KIS_WS_MARKET_STATUS",
                        "false"));
        builder.environment().putAll(settings);
        var started = builder.start();
        awaitReady(started);
        return started;
    }

    private void awaitReady(Process started) {
        Await.until("the gateway can trade; its output: " + folder.resolve("out"), () -> {
            assertThat(started.isAlive()).as(output()).isTrue();
            try {
                return get("/v1/session/live-readiness").path("can_trade").asBoolean(false);
            } catch (IOException | InterruptedException e) {
                return false;
            }
        });
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).build();
        return mapper.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
