package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code history}: twenty years of one symbol's daily bars through the API, all pages, by one client. First from KIS,
 * then from the files after a backfill and a restart, then warm, as a repeated request. It has no floor.
 */
final class HistoryBench implements Bench {
    private static final int WARMUPS_MAX = 10;
    private static final int ROUNDS = 5;
    private static final int DOWNLOADS = 100;
    private static final double MAX_MS = 20;
    private static final Pattern CURSOR = Pattern.compile("\"next_cursor\":\"([^\"]+)\"");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private record Download(int bars, int pages, long nanos) {}

    @Override
    public Set<Options.Length> lengths() {
        return Set.of();
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        LocalDate to = LocalDate.now(ZoneId.of("Asia/Seoul")).minusDays(1);
        String query = "&from=" + to.minusYears(20) + "&to=" + to + "&limit=1000";
        var launch = environment.gateway().withEnvironment("SIMULATOR_RATE_LIMIT", "1000");
        var results = new ArrayList<Result>();
        var gateway = environment.start(launch);
        try (var client = client(gateway.gatewayPort())) {
            Download cold = downloadAll(client, "/v1/bars/000660?period=D" + query);
            results.add(Result.of("history.from_kis_ms", cold.nanos() / 1e6, "ms")
                    .with("bars", cold.bars())
                    .with("calls a second", 1_000));
            var request = "{\"symbols\":[\"005930\",\"000660\"],\"period\":\"D\",\"to\":\"" + to + "\"}";
            DailyBackfill.load(environment, client, request, 2);
        } finally {
            environment.stop(gateway);
        }
        gateway = environment.start(launch);
        try (var client = client(gateway.gatewayPort())) {
            // The first request is for another symbol: DuckDB's library is loaded by then.
            downloadAll(client, "/v1/bars/000660?period=D" + query);
            Download files = downloadAll(client, "/v1/bars/005930?period=D" + query);
            results.add(Result.of("history.from_files_ms", files.nanos() / 1e6, "ms")
                    .with("bars", files.bars())
                    .with("pages", files.pages()));
            results.addAll(warm(environment, gateway.gatewayPort(), "/v1/bars/005930?period=D" + query, files));
        } finally {
            environment.stop(gateway);
        }
        return results;
    }

    /** The bars are counted after a round: parsing the text is not the gateway's time. */
    private static List<Result> warm(BenchEnvironment environment, int port, String path, Download expected)
            throws IOException, InterruptedException {
        int downloads = environment.normalOrQuick(DOWNLOADS, 2);
        var rounds = new ArrayList<Latency>();
        var floors = new ArrayList<Latency>();
        try (var http = HttpClient.newHttpClient()) {
            int bytes = get(http, port, path).length();
            var bare = environment.start(environment.floor(BareRouteMain.class).withArguments(String.valueOf(bytes)));
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "a second, the inverse of the median and of that of the bare route",
                    () -> 1e3 / round(http, port, path, expected, downloads).ms(50),
                    () -> 1e3
                            / floor(http, bare.gatewayPort(), path, expected.pages(), downloads)
                                    .ms(50));
            for (int round = 0; round < environment.normalOrQuick(ROUNDS, 1); round++) {
                rounds.add(round(http, port, path, expected, downloads));
                floors.add(floor(http, bare.gatewayPort(), path, expected.pages(), downloads));
                environment.progress(String.format(
                        Locale.ROOT,
                        "history: warm p50 %.1f ms, p99 %.1f ms; bare route %.1f and %.1f",
                        rounds.getLast().ms(50),
                        rounds.getLast().ms(99),
                        floors.getLast().ms(50),
                        floors.getLast().ms(99)));
            }
            environment.stop(bare);
        }
        var floor = Median.of(floors, round -> round.ms(99));
        var median = Median.of(rounds, round -> round.ms(99));
        return List.of(
                Result.of("history.warm.p99_ms", median.ms(99), "ms")
                        .with(median.percentiles())
                        .withRounds(rounds, round -> round.ms(99))
                        .with("bars", expected.bars())
                        .with("pages", expected.pages())
                        .with("rounds", rounds.size() + " of " + downloads)
                        .with(Target.below(MAX_MS, Median.value(rounds, round -> round.ms(50)), "ms in the middle"))
                        .with(Target.below(MAX_MS, median.ms(99), "ms in 99 of 100")),
                Result.of("history.warm.p99_ms.floor", floor.ms(99), "ms")
                        .with(floor.percentiles())
                        .withRounds(floors, round -> round.ms(99))
                        .with("of", "as many answers of a constant of that length by the server library alone"));
    }

    private static Latency round(HttpClient http, int port, String path, Download expected, int downloads)
            throws IOException, InterruptedException {
        var latency = new Latency();
        for (int i = 0; i < downloads; i++) {
            var texts = new ArrayList<String>();
            long startedAt = System.nanoTime();
            var cursor = "";
            do {
                texts.add(get(http, port, path + cursor));
                var next = CURSOR.matcher(texts.getLast());
                cursor = next.find() ? "&cursor=" + next.group(1) : "";
            } while (!cursor.isEmpty());
            latency.record(System.nanoTime() - startedAt);
            int bars = texts.stream().mapToInt(HistoryBench::bars).sum();
            if (bars != expected.bars()) {
                throw new BenchException("Twenty years have " + expected.bars() + " bars, and then " + bars);
            }
        }
        return latency;
    }

    /** As many answers as a download has pages, one after the other. */
    private static Latency floor(HttpClient http, int port, String path, int pages, int downloads)
            throws IOException, InterruptedException {
        var latency = new Latency();
        for (int i = 0; i < downloads; i++) {
            long startedAt = System.nanoTime();
            for (int page = 0; page < pages; page++) get(http, port, path);
            latency.record(System.nanoTime() - startedAt);
        }
        return latency;
    }

    private static String get(HttpClient http, int port, String path) throws IOException, InterruptedException {
        var answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(LIMIT)
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) throw new BenchException(path + " was answered " + answer.body());
        return answer.body();
    }

    private static int bars(String text) {
        int count = 0;
        for (int at = text.indexOf("\"volume\":"); at >= 0; at = text.indexOf("\"volume\":", at + 1)) count++;
        return count;
    }

    private static GatewayClient client(int port) {
        return GatewayClient.at(URI.create("http://127.0.0.1:" + port), LIMIT);
    }

    private static Download downloadAll(GatewayClient client, String path) {
        long startedAt = System.nanoTime();
        int bars = 0;
        int pages = 0;
        String cursor = "";
        do {
            Answer answer = client.get(path + cursor);
            if (!answer.ok()) {
                throw new BenchException(path + " was answered " + answer);
            }
            bars += answer.body().path("bars").size();
            pages++;
            String next = answer.body().path("next_cursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return new Download(bars, pages, System.nanoTime() - startedAt);
    }
}
