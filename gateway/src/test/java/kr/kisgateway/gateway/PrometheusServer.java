package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import kr.kisgateway.programs.FreePort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus of Debian's package that scrapes a gateway with the rules of {@code ops/prometheus}, sixty times as fast: what is a
 * minute in a rule or a dashboard is a second.
 */
final class PrometheusServer implements AutoCloseable {
    private static final Path FOLDER = Path.of("..", "ops", "prometheus");
    /** A time of the configuration; {@code le="5"} and numbers have no unit. */
    private static final Pattern TIME = Pattern.compile("(?<![\\w.])(\\d+)([smh])(?![\\w])");

    private static final int PACE = 60;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI base;
    private final long startedAt;

    private PrometheusServer(Process process, URI base, long startedAt) {
        this.process = process;
        this.base = base;
        this.startedAt = startedAt;
    }

    static PrometheusServer start(Path folder, int gatewayPort) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("prometheus.yaml"),
                Files.readString(FOLDER.resolve("prometheus.yaml"))
                        .replace("interval: 15s", "interval: 500ms")
                        .replace("127.0.0.1:8890", "127.0.0.1:" + gatewayPort));
        Files.writeString(folder.resolve("rules.yaml"), accelerated(Files.readString(FOLDER.resolve("rules.yaml"))));
        int port = FreePort.find();
        var process = new ProcessBuilder(
                        PrometheusProgram.program("prometheus"),
                        "--config.file=" + folder.resolve("prometheus.yaml"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        var server = new PrometheusServer(
                process, URI.create("http://127.0.0.1:" + port), System.currentTimeMillis() / 1_000);
        Await.until("Prometheus is ready", server::isReady);
        return server;
    }

    /** The text with its times divided by the pace. */
    static String accelerated(String text) {
        return TIME.matcher(text).replaceAll(time -> {
            int unit = switch (time.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                default -> 3_600;
            };
            return Long.parseLong(time.group(1)) * unit * 1_000 / PACE + "ms";
        });
    }

    /** The names of the rules that fire. */
    Set<String> firing() {
        var names = new TreeSet<String>();
        get("/api/v1/alerts").path("data").path("alerts").forEach(alert -> {
            if (alert.path("state").asString("").equals("firing")) {
                names.add(alert.path("labels").path("alertname").asString(""));
            }
        });
        return names;
    }

    /** The names of all rules. */
    Set<String> rules() {
        var names = new TreeSet<String>();
        get("/api/v1/rules")
                .path("data")
                .path("groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> names.add(rule.path("name").asString(""))));
        return names;
    }

    /** Whether an expression had a value at any time since the start. */
    boolean hasValue(String expression) {
        var answer = get("/api/v1/query_range?start=" + startedAt + "&end=" + (System.currentTimeMillis() / 1_000 + 1)
                + "&step=1&query=" + URLEncoder.encode(accelerated(expression), StandardCharsets.UTF_8));
        assertThat(answer.path("status").asString("")).as(expression).isEqualTo("success");
        for (var series : answer.path("data").path("result")) {
            for (var sample : series.path("values")) {
                if (!sample.get(1).asString("").equals("NaN")) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isReady() throws IOException {
        assertThat(process.isAlive()).as("Prometheus runs").isTrue();
        try {
            return client.send(HttpRequest.newBuilder(base.resolve("/-/ready")).build(), BodyHandlers.ofString())
                            .statusCode()
                    == 200;
        } catch (ConnectException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private JsonNode get(String path) {
        try {
            return mapper.readTree(
                    client.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
