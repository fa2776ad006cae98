package kr.kisgateway.bench;

import java.time.Duration;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.gatewayclient.GatewayClient;

/** Loads past bars into a gateway's files and waits until they are there. */
final class DailyBackfill {
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final Duration REPORT = Duration.ofSeconds(20);

    private DailyBackfill() {}

    /**
     * @param request the body of the call
     * @param stocks that it names
     */
    static void load(BenchEnvironment environment, GatewayClient client, String request, int stocks)
            throws InterruptedException {
        long startedAt = System.nanoTime();
        long reportedAt = startedAt;
        var started = client.post("/v1/history/backfill", request);
        var path = "/v1/jobs/" + started.body().path("id").asString("");
        var job = client.get(path);
        while (job.body().path("state").asString("").equals("RUNNING")) {
            long now = System.nanoTime();
            if (now - startedAt > LIMIT.toNanos()) throw new BenchException("The backfill has not ended: " + job);
            if (now - reportedAt > REPORT.toNanos()) {
                reportedAt = now;
                environment.progress(job.body().path("done").asInt() + " of " + stocks + " stocks loaded");
            }
            BenchEnvironment.pause(Duration.ofMillis(100));
            job = client.get(path);
        }
        if (job.body().path("done").asInt() != stocks) {
            throw new BenchException("The backfill did not complete: " + started + ", " + job);
        }
    }
}
