package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The clients of other languages do the same against the packaged gateway. */
@Tag("slow")
class ClientsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private enum Language {
        PYTHON(ThirdParty.PYTHON, "behaviour.py"),
        TYPESCRIPT(ThirdParty.NODE, "behaviour.cjs");

        private final ThirdParty interpreter;
        private final String program;

        Language(ThirdParty interpreter, String program) {
            this.interpreter = interpreter;
            this.program = program;
        }

        /** The folder of the client, compiled where it has to be. */
        private String client(Path folder) {
            interpreter.require();
            var clients = Launch.projectHome().resolve("clients");
            if (this == PYTHON) {
                return clients.resolve("python/src").toString();
            }
            var built = folder.resolve("typescript");
            interpreter.compile(clients.resolve("typescript"), built, LIMIT);
            return built.toString();
        }

        /** @param client its folder */
        private JsonNode run(Path folder, String client, String what, String url) {
            return interpreter.run(folder, LIMIT, program, client, what, url);
        }

        /** @param cases JSON, what to do with the hostile server */
        private JsonNode run(Path folder, String client, HostileServer server, String cases) {
            return interpreter.run(folder, LIMIT, program, client, "hostile", server.url(), cases);
        }
    }

    private static String url(Running gateway) {
        return "http://127.0.0.1:" + gateway.program().gatewayPort();
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void it_quotes_is_refused_with_a_code_and_places_an_order_once(Language language) {
        try (var gateway = Running.start(Programs.gateway(folder))) {
            var report = language.run(folder, language.client(folder), "basics", url(gateway));

            assertThat(report.path("price").asLong()).isPositive();
            assertThat(report.path("code").asString()).isEqualTo("INVALID_SYMBOL");
            assertThat(report.path("once").asBoolean(false)).isTrue();
            assertThat(report.path("cancelled").asString()).isEqualTo("CANCEL_PENDING");
            assertThat(report.path("concurrent").toString()).isEqualTo("[\"005930\",\"000660\",\"035420\"]");
            assertThat(report.path("batch").toString())
                    .isEqualTo("{\"expected\":1,\"code\":1,\"stats\":1,\"symbol\":2}");
            assertThat(report.path("bars").toString())
                    .isEqualTo("{\"expected\":1,\"code\":0,\"stats\":1,\"symbol\":2}");
            if (language == Language.PYTHON) {
                assertThat(report.path("exact").asBoolean(false)).isTrue();
            }
            assertThat(gateway.get("/v1/orders").path("orders").size()).isEqualTo(1);
        }
    }

    @Test
    void the_notebook_reads_the_history_that_a_backfill_wrote() {
        ThirdParty.NOTEBOOK.require();
        try (var gateway = Running.start(Programs.gateway(folder))) {
            var days = "\"period\":\"D\",\"from\":\"2026-01-02\",\"to\":\"2026-06-30\"";
            var started =
                    gateway.client().post("/v1/history/backfill", "{\"symbols\":[\"005930\",\"000660\"]," + days + "}");
            assertThat(started.status()).as(started.toString()).isEqualTo(202);
            var job = started.body().path("id").asString();
            Eventually.await(
                    "the backfill",
                    LIMIT,
                    () -> gateway.get("/v1/jobs/" + job),
                    it -> it.path("state").asString().equals("DONE"));
            var history = history(folder).toString();
            var report = ThirdParty.NOTEBOOK.run(
                    folder,
                    LIMIT,
                    "notebook.py",
                    Launch.projectHome()
                            .resolve("clients/python/examples/history.ipynb")
                            .toString(),
                    history);
            var bars = gateway.get("/v1/bars/005930?period=D&from=2026-01-02&to=2026-06-30&limit=1000")
                    .path("bars");
            assertThat(report.path("symbols").toString()).isEqualTo("[\"000660\",\"005930\"]");
            assertThat(report.path("days").asInt()).isEqualTo(bars.size()).isGreaterThan(100);
            assertThat(report.path("last").asLong())
                    .isEqualTo(bars.path(0).path("close").asLong());
        }
    }

    private static Path history(Path folder) {
        try (var found = Files.find(folder, 6, (path, _) -> path.endsWith("coverage.parquet"))) {
            return found.findFirst().orElseThrow().getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In Python a time limit is one of the socket, which does not run between two reads. */
    @Test
    void a_program_that_takes_its_time_for_each_line_gets_the_whole_batch() {
        try (var gateway = Running.start(Programs.gateway(folder))) {
            var language = Language.TYPESCRIPT;
            var report = language.run(folder, language.client(folder), "slow", url(gateway));

            assertThat(report.path("batch").toString())
                    .isEqualTo("{\"expected\":1,\"code\":0,\"stats\":1,\"symbol\":2}");
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void an_order_whose_answer_is_lost_is_repeated_under_its_key_and_exists_once(Language language) throws IOException {
        try (var gateway = Running.start(Programs.gateway(folder));
                var proxy = new LosingProxy(gateway.program().gatewayPort())) {
            var report = language.run(folder, language.client(folder), "order", proxy.url());

            assertThat(proxy.lost()).isEqualTo(1);
            var orders = gateway.get("/v1/orders").path("orders");
            assertThat(orders.size()).isEqualTo(1);
            assertThat(report.path("order").asString())
                    .isEqualTo(orders.path(0).path("order_id").asString());
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void a_stream_survives_the_gateways_death_and_misses_no_fill(Language language) throws IOException {
        int port = FreePort.find();
        var client = language.client(folder);
        var launch = Programs.gateway(folder).withEnvironment("GATEWAY_PORT", Integer.toString(port));
        CompletableFuture<JsonNode> report;
        try (var gateway = Running.start(launch)) {
            report = CompletableFuture.supplyAsync(
                    () -> language.run(folder, client, "stream", "http://127.0.0.1:" + port));
            Eventually.await(
                    "the fill of the client's order",
                    LIMIT,
                    () -> gateway.get("/v1/executions"),
                    answer -> !answer.path("executions").isEmpty());
            gateway.program().kill();
        }
        try (var gateway = Running.start(launch)) {
            var id = gateway.placed("after", "005930", "BUY", 1, Optional.empty());
            gateway.awaitStatus(id, "FILLED");
            var seen = report.join();
            var expected = gateway.get("/v1/executions")
                    .path("executions")
                    .valueStream()
                    .map(it -> it.path("exec_id").asString())
                    .distinct()
                    .toList();
            assertThat(seen.path("executions")
                            .valueStream()
                            .map(JsonNode::asString)
                            .distinct())
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(seen.path("disconnected").asInt()).isPositive();
            assertThat(seen.path("epochs").asInt()).isGreaterThan(1);
            assertThat(seen.path("trades").asInt()).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void another_server_can_neither_end_a_program_nor_take_its_keys_nor_hide_an_order(Language language)
            throws IOException {
        try (var server = new HostileServer()) {
            var report = language.run(folder, language.client(folder), server, """
                    {"hosts": ["127.0.0.1", "127.200.3.4", "[::1]", "localhost",
                               "127.0.0.1.evil.example", "127.evil.example", "localhost.evil.example", "128.0.0.1"],
                     "batches": ["line-of-number", "line-of-deep", "line-without-end"],
                     "streams": ["number", "text", "null", "list", "broken", "deep", "bytes", "no-epoch", "text-as-seq",
                                 "list-as-symbol", "no-gap", "text-as-conflated", "id-of-two-lines",
                                 "event-without-end", "crlf", "backwards"]}
                    """);

            assertThat(report.path("hosts").toString())
                    .isEqualTo("[\"127.0.0.1\",\"127.200.3.4\",\"[::1]\",\"localhost\"]");
            assertThat(report.path("order").asString()).isEqualTo("O-1");
            assertThat(server.attempts("unreadable")).isEqualTo(4);
            assertThat(server.keys("unreadable")).hasSize(1);
            assertThat(report.path("given").toString()).isEqualTo("[\"Unavailable\",\"unknown\",\"given\",true]");
            var made = server.keys("never").stream().filter(key -> !key.equals("given"));
            assertThat(made)
                    .singleElement()
                    .satisfies(key -> assertThat(report.path("never").toString())
                            .isEqualTo("[\"Unavailable\",\"unknown\",\"" + key + "\",true]"));
            assertThat(server.keys("lost"))
                    .singleElement()
                    .satisfies(key -> assertThat(report.path("lost").toString())
                            .isEqualTo("[\"Refused\",\"unknown\",\"" + key + "\",true]"));
            assertThat(report.path("redirected").toString())
                    .isEqualTo("[[\"Unavailable\",\"unknown\",null,false],\"Unavailable\",[\"disconnected\",\"end\"]]");
            assertThat(server.stolen()).isEmpty();
            assertThat(report.path("slow").asDouble()).isBetween(0.9, 8.0);
            assertThat(report.path("closed").asDouble()).isLessThan(8.0);
            assertThat(report.path("batches").valueStream().map(JsonNode::asString))
                    .containsOnly("Unavailable");
            var streams = report.path("streams");
            assertThat(streams.path("crlf").toString()).isEqualTo("[\"a\",\"end\"]");
            assertThat(streams.path("backwards").toString())
                    .isEqualTo("[\"trades 5\",\"trades 3\",\"trades 6\",\"missed 7 7\",\"trades 8\",\"end\"]");
            assertThat(streams.propertyStream()
                            .filter(it -> !Set.of("crlf", "backwards").contains(it.getKey())))
                    .allSatisfy(it -> assertThat(it.getValue().toString())
                            .as(it.getKey())
                            .isEqualTo("[\"disconnected\",\"end\"]"));
            assertThat(server.unbounded()).isEmpty();
        }
    }

    /** Passes everything on, but the answer to the first order is lost with its connection. */
    private static final class LosingProxy implements AutoCloseable {
        private final ServerSocket server;
        private final int target;
        private final AtomicInteger lost = new AtomicInteger();

        LosingProxy(int target) throws IOException {
            this.target = target;
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort();
        }

        int lost() {
            return lost.get();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    var client = server.accept();
                    var gateway = new Socket(InetAddress.getLoopbackAddress(), target);
                    Thread.ofVirtual().start(() -> pass(client, gateway));
                } catch (IOException e) {
                    return; // closed
                }
            }
        }

        private void pass(Socket client, Socket gateway) {
            var answersToLose = new AtomicInteger();
            Thread.ofVirtual()
                    .start(() -> copy(client, gateway, text -> {
                        if (text.startsWith("POST /v1/orders ") && lost.compareAndSet(0, 1)) {
                            answersToLose.set(1);
                        }
                        return true;
                    }));
            copy(gateway, client, _ -> answersToLose.get() == 0);
        }

        private interface Passing {
            boolean passes(String text);
        }

        private static void copy(Socket from, Socket to, Passing passing) {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                var bytes = new byte[65_536];
                for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    if (!passing.passes(new String(bytes, 0, read, StandardCharsets.ISO_8859_1))) {
                        return;
                    }
                    out.write(bytes, 0, read);
                    out.flush();
                }
            } catch (IOException e) {
                // the other side has ended
            }
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
