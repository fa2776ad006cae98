package kr.kisgateway.bench;

import java.io.IOException;
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
    private static final int WARMUP_SECONDS = 30;
    private static final double MAX_MS_MORE = 5;
    private static final Map<String, String> HEADERS =
            Map.of("MCP-Protocol-Version", REVISION, "Mcp-Method", "tools/call", "Mcp-Name", TOOL);
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + TOOL
                    + "\",\"arguments\":{\"symbol\":\"005930\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
                    + REVISION + "\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
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
        var calls = new ArrayList<Outcome>();
        var quotes = new ArrayList<Outcome>();
        try (var load = HttpLoad.connect(port, CONNECTIONS, System::nanoTime)) {
            environment.progress("warming up");
            int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
            run(load, called, warmup);
            run(load, got, environment.normalOrQuick(WARMUP_SECONDS / 3, 1));
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                calls.add(run(load, called, seconds));
                quotes.add(run(load, got, seconds));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: p99 %.2f ms, of the API %.2f ms",
                        round,
                        calls.getLast().latency().ms(99),
                        quotes.getLast().latency().ms(99)));
            }
        } finally {
            environment.stop(gateway);
        }
        var result = p99("mcp.get_quote.p99_ms", calls, seconds);
        var floor = p99("mcp.get_quote.p99_ms.floor", quotes, seconds);
        return List.of(
                result.with(Target.below(MAX_MS_MORE, result.value() - floor.value(), "ms more than the API")), floor);
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

    private static Outcome run(HttpLoad load, byte[] request, int seconds) throws IOException {
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
