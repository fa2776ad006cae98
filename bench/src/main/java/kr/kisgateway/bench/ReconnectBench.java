package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.RealtimeKey;

/**
 * {@code reconnect}: from the cut of the socket to the first tick of the next one, through the SDK. The floor is the
 * second that the client waits before it reconnects, to protect a broker in trouble.
 */
final class ReconnectBench implements Bench {
    private static final int ROUNDS = 11;
    private static final double MAX_MS = 1_500;
    private static final double FIRST_WAIT_MS = 1_000;
    private static final long TIMEOUT_SECONDS = 20;
    private static final RealtimeKey TRADES = new RealtimeKey("H0STCNT0", "005930");

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator("--port", "0", "--ticks", "50"));
        var folder = environment.folder("token");
        var millis = new ArrayList<Double>();
        int count = environment.rounds(ROUNDS);
        for (int round = 1; round <= count; round++) {
            millis.add(measureReconnect(simulator.simulatorPort(), folder));
            environment.progress(String.format(Locale.ROOT, "cut %d of %d: %.0f ms", round, count, millis.getLast()));
        }
        return List.of(
                Result.of("reconnect.first_tick_ms", Median.of(millis, it -> it), "ms")
                        .with("cuts", count)
                        .with(Target.below(MAX_MS, Median.of(millis, it -> it), "ms"))
                        .withRounds(millis, it -> it)
                        .with(
                                "slowest",
                                Math.round(millis.stream()
                                                .mapToDouble(it -> it)
                                                .max()
                                                .orElse(0)) + " ms"),
                Result.of("reconnect.first_tick_ms.floor", FIRST_WAIT_MS, "ms"));
    }

    /** A new client for each cut: one that is cut repeatedly rightly waits longer. */
    private static double measureReconnect(int port, Path folder) throws IOException, InterruptedException {
        var ticks = new Ticks();
        try (var kis = LocalSdk.start(port, folder, ticks);
                var http = HttpClient.newHttpClient()) {
            kis.realtime().register(TRADES);
            await(ticks.firstTick, "a first tick");
            long cutAt = System.nanoTime();
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/simulator/faults"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"drop_sockets\":true}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) throw new BenchException("The simulator cut nothing: " + answer.body());
            return (await(ticks.tickAfterCut, "a tick behind the cut") - cutAt) / 1e6;
        }
    }

    private static long await(CompletableFuture<Long> tick, String what) throws InterruptedException {
        try {
            return tick.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("There was not " + what + " within " + TIMEOUT_SECONDS + " s", e);
        }
    }

    /** When the first tick arrived, and the first one after the cut. One thread reports both. */
    private static final class Ticks implements KisListener {
        final CompletableFuture<Long> firstTick = new CompletableFuture<>();
        final CompletableFuture<Long> tickAfterCut = new CompletableFuture<>();
        private boolean closed;

        @Override
        public void trade(Trade trade) {
            (closed ? tickAfterCut : firstTick).complete(System.nanoTime());
        }

        @Override
        public void event(KisEvent event) {
            closed |= event instanceof KisEvent.Closed;
        }
    }
}
