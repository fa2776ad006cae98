package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code mcp}: an agent's call of a tool, {@value #PER_SECOND} a second, each on schedule regardless of answers. The floor is the same
 * answer by the API, of the same gateway, in turns.
 */
final class McpBench implements Bench {
    private static final String PATH = "/mcp";
    private static final String TOOL = "get_quote";
    private static final String QUOTE = "/v1/quotes/005930";
    private static final String REVISION = "2026-07-28";
    private static final int PER_SECOND = 200;
    private static final int CONNECTIONS = 16;
    private static final int ROUNDS = 5;
    private static final int WARMUPS = 6;
    private static final int WARMUP_SECONDS = 5;
    private static final double MAX_MS_MORE = 5;
    private static final Map<String, String> HEADERS =
            Map.of("MCP-Protocol-Version", REVISION, "Mcp-Method", "tools/call", "Mcp-Name", TOOL);
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + TOOL
                    + "\",\"arguments\":{\"symbol\":\"005930\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
                    + REVISION + "\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    /** Of an answer that is no error, among its last members. */
    private static final String NO_ERROR = "\"isError\":false";

    private static final int LAST_BYTES = 300;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var gateway = environment.start(environment.gateway());
        int port = gateway.gatewayPort();
        QuoteBench.awaitPushed(port);
        requireQuote(port);
        var called = HttpLoad.post(port, PATH, HEADERS, CALL);
        var got = HttpLoad.get(port, QUOTE);
        int seconds = environment.seconds(10);
        var rounds = new ArrayList<Round>();
        try (var load = HttpLoad.connect(port, CONNECTIONS, System::nanoTime)) {
            environment.progress("warming up");
            for (int i = 0; i < environment.normalOrQuick(WARMUPS, 1); i++) {
                int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
                call(load, called, warmup);
                get(load, got, warmup);
            }
            for (int number = 1; number <= environment.rounds(ROUNDS); number++) {
                rounds.add(new Round(call(load, called, seconds), get(load, got, seconds)));
                QuoteBench.requirePushed(port);
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: p99 %.2f ms, of the API %.2f ms",
                        number,
                        rounds.getLast().call().latency().ms(99),
                        rounds.getLast().quote().latency().ms(99)));
            }
        } finally {
            environment.stop(gateway);
        }
        double more = Median.value(rounds, Round::more);
        return List.of(
                p99("mcp.get_quote.p99_ms", rounds.stream().map(Round::call).toList(), seconds)
                        .with("more, in the round of the median difference", Report.format(more) + " ms")
                        .with(Target.below(MAX_MS_MORE, more, "ms more than the API, as the median of the pairs")),
                p99(
                        "mcp.get_quote.p99_ms.floor",
                        rounds.stream().map(Round::quote).toList(),
                        seconds));
    }

    /** Neighbours in time. */
    private record Round(Outcome call, Outcome quote) {
        double more() {
            return call.latency().ms(99) - quote.latency().ms(99);
        }
    }

    /** A tool that fails answers 200, too. */
    private static void requireQuote(int port) throws IOException {
        try (var client = GatewayClient.onPort(port)) {
            var answer = client.send("POST", PATH, Optional.of(CALL), HEADERS);
            if (!answer.ok()
                    || answer.body().at("/result/isError").asBoolean(false)
                    || answer.body().at("/result/structuredContent/price").asLong(0) <= 0) {
                throw new BenchException(TOOL + " was answered " + answer);
            }
        }
    }

    private static Outcome call(HttpLoad load, byte[] request, int seconds) throws IOException {
        return load.run(
                        Pace.open(System.nanoTime(), PER_SECOND, seconds),
                        _ -> request,
                        TIMEOUT,
                        (number, dueNanos, answered, answer) -> {
                            if (!end(answer).contains(NO_ERROR)) {
                                throw new BenchException(TOOL + " was answered " + HttpLoad.text(answer));
                            }
                        })
                .requireAllOk(TOOL);
    }

    private static String end(ByteBuffer answer) {
        var last = new byte[Math.min(LAST_BYTES, answer.position())];
        answer.get(answer.position() - last.length, last);
        return new String(last, StandardCharsets.US_ASCII);
    }

    private static Outcome get(HttpLoad load, byte[] request, int seconds) throws IOException {
        return load.run(Pace.open(System.nanoTime(), PER_SECOND, seconds), _ -> request, TIMEOUT)
                .requireAllOk("A quote");
    }

    private static Result p99(String name, List<Outcome> rounds, int seconds) {
        var median = Median.of(rounds, round -> round.latency().ms(99));
        return Result.of(name, median.latency().ms(99), "ms")
                .with(median.latency().percentiles())
                .withRounds(rounds, round -> round.latency().ms(99))
                .with("rate", PER_SECOND + "/s on schedule")
                .with("rounds", rounds.size() + " × " + seconds + " s");
    }
}
