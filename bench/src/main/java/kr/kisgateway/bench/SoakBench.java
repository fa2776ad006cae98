package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.bench.soak.Growth;
import kr.kisgateway.bench.soak.Leak;
import kr.kisgateway.bench.soak.Pauses;
import kr.kisgateway.bench.soak.SoakFigure;
import kr.kisgateway.bench.soak.SoakLoad;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code soak}: a gateway with its simulator for days under a steady load, some hours of each day with the faults of a built-in
 * scenario, and what grows meanwhile. A day is one of the gateway's clock, which runs {@value #FAST} times as fast as the
 * machine's ({@code fast}) or as it does ({@code real}); {@code leak} is the first with planted leaks, each of which the
 * judgement has to find. The first day warms up.
 */
final class SoakBench implements Bench {
    private static final int FAST = 60;
    private static final int FAST_DAYS = 3;
    private static final int REAL_DAYS = 7;
    private static final int DAYS_MIN = 3;

    /** A Tuesday before the market opens. */
    private static final String FAST_START = "2026-11-17T00:00";

    /** Longer than what an order waits in real time: the limits are times of the gateway's clock. */
    private static final String WAITING = "10m";

    /** Steps a day of planted leaks. */
    private static final int LEAK_STEPS = 10;

    private static final Duration QUICK_LEAK_STEP = Duration.ofSeconds(1);

    /** A planted stop of all threads, in milliseconds for each day since the start. */
    private static final int LEAK_STOP_MS = 150;

    /** For the counting of figures between the loads of two hours. */
    private static final int COUNTING_SECONDS = 4;

    /** Hours of a smoke test, and how long the load of each is. */
    private static final int QUICK_HOURS = 2;

    private static final int QUICK_SECONDS = 8;

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);

    /** The hour of each day that has the first scenario; each later hour has the next one. */
    private static final int FAULTS_FROM = 9;

    private static final int TIME_SAMPLES = 20;
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final double MEGABYTE = 1 << 20;

    private final Map<SoakFigure, List<Growth.Point>> points = new EnumMap<>(SoakFigure.class);

    @Override
    public List<String> profiles() {
        return List.of("fast", "real", "leak");
    }

    @Override
    public boolean isJudged() {
        return true;
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        boolean quick = environment.normalOrQuick(0, 1) == 1;
        boolean real = environment.isNamed("real");
        boolean leaks = environment.isNamed("leak");
        int speed = real ? 1 : FAST;
        int days = quick ? DAYS_MIN : environment.rounds(real ? REAL_DAYS : FAST_DAYS);
        if (days < DAYS_MIN) {
            throw new BenchException(
                    "a soak compares days and the first one warms up: --rounds must be " + DAYS_MIN + " or more");
        }
        var launch = environment
                .gateway()
                .withEnvironment("SIMULATOR_CLOCK", real ? "real" : "x" + speed + "@" + FAST_START)
                .withEnvironment("ORDER_DISPATCH_BY_LIMIT", WAITING)
                .withEnvironment("ORDER_DISPATCH_BY_MARKET", WAITING)
                .withEnvironment("KIS_API_QUEUE_TIMEOUT", WAITING);
        var data = Path.of(launch.environment().getOrDefault("GATEWAY_DATA_DIR", ""));
        if (leaks) {
            var step = quick ? QUICK_LEAK_STEP : DAY.dividedBy((long) speed * LEAK_STEPS);
            launch = launch.withJvmFlags(Leak.agent(environment.folder("leak"), step, data));
        }
        var gateway = environment.start(launch);
        int port = gateway.gatewayPort();
        Instant warmedUp;
        try (var client = GatewayClient.onPort(port);
                var probe = JvmProbe.of(gateway)) {
            Orders.awaitReady(client);
            var clock = clock(client, speed);
            var start = clock.instant();
            environment.progress(String.format(
                    Locale.ROOT,
                    "soak: %d days of a clock that runs %d times as fast, %,d minutes, from %s",
                    days,
                    speed,
                    DAY.multipliedBy(days).dividedBy(speed).toMinutes(),
                    start.atZone(SEOUL).toLocalDateTime()));
            try (var load =
                    SoakLoad.connect(port, speed, clock, start.atZone(SEOUL).toLocalDate())) {
                var soak = new Soak(environment, gateway, data, client, probe, clock, load, start, leaks);
                if (quick) {
                    for (int hour = 0; hour < QUICK_HOURS; hour++) soak.load(QUICK_SECONDS);
                } else {
                    while (clock.instant().isBefore(start.plus(DAY.multipliedBy(days)))) soak.hour();
                }
                soak.settle();
            }
            warmedUp = start.plus(DAY);
        }
        var exit = gateway.stop(STOP);
        if (exit.isEmpty() || exit.getAsInt() != 0) throw new BenchException("The gateway did not stop: " + exit);
        return results(warmedUp, leaks, quick);
    }

    /** A gateway under load. */
    private final class Soak {
        private final BenchEnvironment environment;
        private final LocalProgram gateway;
        private final Path data;
        private final GatewayClient client;
        private final JvmProbe probe;
        private final InstantSource clock;
        private final SoakLoad load;
        private final Instant start;
        private final boolean leaks;

        Soak(
                BenchEnvironment environment,
                LocalProgram gateway,
                Path data,
                GatewayClient client,
                JvmProbe probe,
                InstantSource clock,
                SoakLoad load,
                Instant start,
                boolean leaks) {
            this.environment = environment;
            this.gateway = gateway;
            this.data = data;
            this.client = client;
            this.probe = probe;
            this.clock = clock;
            this.load = load;
            this.start = start;
            this.leaks = leaks;
        }

        /** The load until the end of an hour of the gateway's clock. */
        void hour() throws IOException, InterruptedException {
            var now = clock.instant().atZone(SEOUL);
            var end = now.toLocalDate()
                    .atTime(now.getHour(), 0)
                    .plusHours(1)
                    .atZone(SEOUL)
                    .toInstant();
            long seconds = Duration.between(now.toInstant(), end).toSeconds() / load.speed() - COUNTING_SECONDS;
            if (seconds >= COUNTING_SECONDS) load((int) seconds);
            var left = Duration.between(clock.instant(), end)
                    .dividedBy(load.speed())
                    .plusMillis(10);
            if (left.isPositive()) BenchEnvironment.pause(left);
        }

        /** The load for some seconds of real time, and the figures then. */
        void load(int seconds) throws IOException, InterruptedException {
            var faults = beginFaults(clock.instant().atZone(SEOUL).getHour());
            SoakLoad.Hour hour;
            try (var pauses = Pauses.of(gateway, this::pauseMillis)) {
                hour = load.run(seconds);
            }
            client.post("/v1/simulator", "{\"faults\":{\"clear\":true}}");
            var at = clock.instant();
            count(SoakFigure.HEAP, at, probe.liveHeap() / MEGABYTE);
            count(SoakFigure.DIRECT, at, probe.directBuffers() / MEGABYTE);
            count(SoakFigure.NON_HEAP, at, probe.nonHeap() / MEGABYTE);
            count(SoakFigure.THREADS, at, probe.threadCount());
            count(SoakFigure.DESCRIPTORS, at, probe.descriptors());
            count(SoakFigure.FILES, at, files(data));
            count(SoakFigure.ACCEPT_P50, at, hour.accept().ms(50));
            count(SoakFigure.ACCEPT_P99, at, hour.accept().ms(99));
            count(SoakFigure.QUOTE_P50, at, hour.quote().ms(50));
            count(SoakFigure.QUOTE_P99, at, hour.quote().ms(99));
            count(SoakFigure.LAG_P50, at, hour.lagMs(50));
            count(SoakFigure.LAG_P99, at, hour.lagMs(99));
            environment.progress(describe(at, faults));
        }

        private long pauseMillis() {
            if (!leaks) return 0;
            return Math.round(LEAK_STOP_MS
                    * (double) Duration.between(start, clock.instant()).toSeconds()
                    / DAY.toSeconds());
        }

        /** Begins the scenario of an hour; its name, or an empty text. */
        private String beginFaults(int hour) {
            var names = new ArrayList<String>();
            client.get("/v1/simulator")
                    .body()
                    .path("scenarios")
                    .forEach(scenario -> names.add(scenario.path("name").asString("")));
            if (names.isEmpty()) throw new BenchException("The simulator named no scenarios");
            int index = hour - FAULTS_FROM;
            if (index < 0 || index >= names.size()) return "";
            var answer = client.post("/v1/simulator", "{\"scenario\":\"" + names.get(index) + "\"}");
            if (!answer.ok()) throw new BenchException("The scenario was refused: " + answer);
            return names.get(index);
        }

        private String describe(Instant at, String faults) {
            var text = new StringBuilder(
                    at.atZone(SEOUL).toLocalDateTime().withNano(0).toString());
            points.forEach((figure, values) -> text.append(' ')
                    .append(figure.label())
                    .append(' ')
                    .append(Report.format(values.getLast().value())));
            return text.append(" answers ")
                    .append(new TreeMap<>(load.statuses()))
                    .append(faults.isEmpty() ? "" : " faults " + faults)
                    .toString();
        }

        /** At the end no order may be in doubt, and no answer may have been a defect. */
        void settle() throws InterruptedException {
            long until = System.nanoTime() + STOP.toNanos();
            var metrics = Orders.metrics(client);
            while (metrics.path("in_doubt").asLong() > 0 && System.nanoTime() < until) {
                BenchEnvironment.pause(Duration.ofMillis(500));
                metrics = Orders.metrics(client);
            }
            if (metrics.path("in_doubt").asLong() > 0) {
                throw new BenchException("Orders are still in doubt: " + metrics);
            }
            if (load.statuses().containsKey(500)) {
                throw new BenchException("A call was answered by 500: " + load.statuses());
            }
        }
    }

    private void count(SoakFigure figure, Instant at, double value) {
        points.computeIfAbsent(figure, _ -> new ArrayList<>()).add(new Growth.Point(at, value));
    }

    /** @param from the end of the warm-up */
    private List<Result> results(Instant from, boolean leaks, boolean quick) {
        var results = new ArrayList<Result>();
        points.forEach((figure, values) -> {
            var growth = Growth.of(values, from);
            var result = Result.of("soak." + figure.label(), growth.perDay(), figure.unit() + "/day")
                    .with("first", Report.format(values.getFirst().value()))
                    .with("last", Report.format(values.getLast().value()))
                    .with("noise", Report.format(growth.noise()))
                    .with("pairs of hours", growth.pairs());
            results.add(quick || leaks && !figure.isPlanted() ? result : result.with(bar(figure, growth, leaks)));
        });
        return results;
    }

    private static Target bar(SoakFigure figure, Growth growth, boolean leaks) {
        if (!growth.isKnown()) return Target.atLeast(Growth.PAIRS_MIN, growth.pairs(), "pairs of hours");
        return leaks
                ? Target.atLeast(figure.limit(), growth.certain(), figure.unit() + " a day, as planted")
                : Target.atMost(figure.limit(), growth.certain(), figure.unit() + " a day beyond noise");
    }

    /** Files in a folder, in which others come and go meanwhile. */
    private static int files(Path folder) throws IOException {
        var count = new LongAdder();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                count.increment();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // it was removed
            }
        });
        return count.intValue();
    }

    /**
     * The gateway's clock, by answers that state its time. Of several the one that took the least time is the most exact; this
     * clock is ahead by as much as the question took, so that no delay seems shorter than it is.
     */
    private static InstantSource clock(GatewayClient client, int speed) {
        long best = Long.MAX_VALUE;
        long at = 0;
        var time = Instant.EPOCH;
        for (int i = 0; i < TIME_SAMPLES; i++) {
            long before = System.nanoTime();
            var answer = client.get("/v1/ops/checklist");
            long took = System.nanoTime() - before;
            if (!answer.ok()) throw new BenchException("No time: " + answer);
            if (took >= best) continue;
            best = took;
            at = before;
            time = OffsetDateTime.parse(answer.body().path("at").asString("")).toInstant();
        }
        var known = time;
        long origin = at;
        return () -> known.plusNanos((System.nanoTime() - origin) * speed);
    }
}
