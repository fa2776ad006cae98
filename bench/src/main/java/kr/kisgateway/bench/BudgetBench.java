package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Limits;
import kr.kisgateway.market.Symbol;

/**
 * {@code budget}: how much of KIS's limit the SDK uses when a hundred threads send requests at once, and whether KIS
 * refuses any. The simulator counts a sliding window of its own.
 */
final class BudgetBench implements Bench {
    private static final int THREADS = 100;
    private static final int SECONDS = 60;
    private static final double USED_MIN = 99;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final Symbol SYMBOL = new Symbol("005930");

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(SECONDS);
        Limits limits = LocalSdk.limits();
        environment.progress("starting a simulator that allows " + limits.callsPerSecond() + " calls/s");
        var simulator = environment.start(environment.simulator(
                "--port", "0", "--ticks", "0", "--rate", String.valueOf(limits.callsPerSecond())));
        var answered = new ConcurrentLinkedQueue<Long>();
        var failed = new AtomicLong();
        try (var kis = LocalSdk.start(simulator.simulatorPort(), environment.folder("token"), new KisListener() {})) {
            if (!(kis.inquirePrice(SYMBOL, LocalSdk.now().plus(TIMEOUT)) instanceof KisReply.Ok)) {
                throw new BenchException("The simulator did not answer.");
            }
            environment.progress(THREADS + " threads send requests for " + seconds + " s");
            // Lets the window of the call above pass, so that the first second is not a short one.
            BenchEnvironment.pause(Duration.ofMillis(1_100));
            long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(Thread.ofVirtual().start(() -> requestPrices(kis, until, answered, failed)));
            }
            for (var thread : threads) thread.join();
            long refused = kis.budget().state().refusedByKis();
            double used = 100.0 * answered.size() / ((double) limits.callsPerSecond() * seconds);
            return List.of(
                    Result.of("budget.used", used, "% of the limit")
                            .with("calls", answered.size())
                            .with("limit", limits.callsPerSecond() + "/s for " + seconds + " s")
                            .with("threads", THREADS)
                            .with("median time of so many calls", periods(answered, limits.callsPerSecond()))
                            .with(Target.atLeast(USED_MIN, used, "% of the limit"))
                            .with("failed", failed.get()),
                    Result.of("budget.refused", refused, "calls refused with EGW00201")
                            .with(Target.atMost(0, refused, "calls refused")));
        }
    }

    /** Answers after the end do not count: the slots of the last second belong to them. */
    private static void requestPrices(KisClient kis, long until, Queue<Long> answered, AtomicLong failed) {
        while (System.nanoTime() < until) {
            boolean ok = kis.inquirePrice(SYMBOL, LocalSdk.now().plus(TIMEOUT)) instanceof KisReply.Ok;
            long now = System.nanoTime();
            if (now >= until) return;
            if (ok) answered.add(now);
            else failed.incrementAndGet();
        }
    }

    /** A slot is used again a second after its answer and a margin, so what an answer takes is part of it. */
    private static String periods(Collection<Long> answered, int limit) {
        var times = answered.stream().sorted().toList();
        var millis = new ArrayList<Double>();
        for (int i = limit; i < times.size(); i += limit) millis.add((times.get(i) - times.get(i - limit)) / 1e6);
        return millis.isEmpty() ? "not measured" : Report.format(Median.of(millis, Double::doubleValue)) + " ms";
    }
}
