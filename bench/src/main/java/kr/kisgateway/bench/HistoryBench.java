package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;

/**
 * {@code history}: twenty years of one symbol's daily bars through the API, all pages, by one client. First from KIS, then from
 * the files after a backfill and a restart, then warm, as it is asked for again. It has no floor.
 */
final class HistoryBench implements Bench {
    private static final int WARM_UP = 200;
    private static final int ROUNDS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private record All(int bars, int pages, long nanos) {}

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        LocalDate to = LocalDate.now(ZoneId.of("Asia/Seoul")).minusDays(1);
        String question = "&from=" + to.minusYears(20) + "&to=" + to + "&limit=1000";
        var launch = workshop.gateway().withEnvironment("SIMULATOR_RATE_LIMIT", "1000");
        var results = new ArrayList<Result>();
        var program = workshop.start(launch);
        try (var client = client(program.gatewayPort())) {
            All cold = all(client, "/v1/bars/000660?period=D" + question);
            results.add(Result.of("history.from_kis_ms", cold.nanos() / 1e6, "ms")
                    .with("bars", cold.bars())
                    .with("calls a second", 1_000));
            backfill(client, to);
        } finally {
            workshop.stop(program);
        }
        program = workshop.start(launch);
        try (var client = client(program.gatewayPort())) {
            // The first asks for another symbol: DuckDB's library is loaded by then.
            all(client, "/v1/bars/000660?period=D" + question);
            All files = all(client, "/v1/bars/005930?period=D" + question);
            results.add(Result.of("history.from_files_ms", files.nanos() / 1e6, "ms")
                    .with("bars", files.bars())
                    .with("pages", files.pages()));
            var latency = new Latency();
            for (int round = 0; round < WARM_UP + ROUNDS; round++) {
                All warm = all(client, "/v1/bars/005930?period=D" + question);
                if (warm.bars() != files.bars()) {
                    throw new BenchException("Twenty years have " + files.bars() + " bars, and then " + warm.bars());
                }
                if (round >= WARM_UP) {
                    latency.record(warm.nanos());
                }
            }
            workshop.progress(String.format(Locale.ROOT, "history: warm p50 %.1f ms", latency.ms(50)));
            results.add(Result.of("history.warm.p99_ms", latency.ms(99), "ms")
                    .with(latency.percentiles())
                    .with("bars", files.bars())
                    .with("pages", files.pages())
                    .with("rounds", ROUNDS));
        } finally {
            workshop.stop(program);
        }
        return results;
    }

    private static GatewayClient client(int port) {
        return GatewayClient.at(URI.create("http://127.0.0.1:" + port), LIMIT);
    }

    private static void backfill(GatewayClient client, LocalDate to) throws InterruptedException {
        String body = "{\"symbols\":[\"005930\",\"000660\"],\"period\":\"D\",\"to\":\"" + to + "\"}";
        Answer begun = client.post("/v1/history/backfill", body);
        String path = "/v1/jobs/" + begun.body().path("id").asString("");
        Answer job = client.get(path);
        while (job.body().path("state").asString("").equals("RUNNING")) {
            Workshop.pause(Duration.ofMillis(100));
            job = client.get(path);
        }
        if (job.body().path("done").asInt() != 2) {
            throw new BenchException("The backfill did not come through: " + begun + ", " + job);
        }
    }

    private static All all(GatewayClient client, String path) {
        long began = System.nanoTime();
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
        return new All(bars, pages, System.nanoTime() - began);
    }
}
