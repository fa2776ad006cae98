package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.bench.soak.Growth;
import kr.kisgateway.bench.soak.Leak;
import kr.kisgateway.bench.soak.Pauses;
import kr.kisgateway.bench.soak.SoakFigure;
import kr.kisgateway.bench.soak.SoakLoad;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Session;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code soak}: a gateway beside a simulator for days under a steady load, the second half of each hour with the faults of a
 * built-in scenario, and what grows meanwhile. A day is one of the gateway's clock, which runs {@value #FAST} times as fast as the
 * machine's ({@code fast}) or as it does ({@code real}); {@code leak} is the first with planted leaks, each of which the
 * judgement has to find. The first day warms up.
 */
final class SoakBench implements Bench {
    private static final int FAST = 60;
    private static final int FAST_DAYS = 3;
    private static final int REAL_DAYS = 7;
    private static final int DAYS_MIN = 3;

    /** A Tuesday before the market opens. */
    private static final String FAST_START = "2026-11-17T08:00";

    /** Longer than what an order waits in real time: the limits are times of the gateway's clock. */
    private static final String WAITING = "10m";

    /** Steps a day of planted leaks. */
    private static final int LEAK_STEPS = 10;

    private static final Duration QUICK_LEAK_STEP = Duration.ofMillis(500);

    /** A planted stop of all threads, in milliseconds for each day since the start. */
    private static final int LEAK_STOP_MS = 150;

    /** How much later the stream is read, as above: a trade that arrives during a stop is stamped after it, so that stops alone hardly show. */
    private static final int LEAK_LATE_MS = 15;

    /** For the counting of figures between the loads of two hours. */
    private static final int COUNTING_SECONDS = 4;

    /** Hours of a smoke test, and how long the load of each is. */
    private static final int QUICK_HOURS = 2;

    private static final int QUICK_SECONDS = 8;

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration DAY = Duration.ofDays(1);

    /** Parts of 1,000 orders: the gateway remembers 20,000 that have ended. */
    private static final int FILL_PARTS = 21;

    /** What {@link #WAITING} is in real time, and more. */
    private static final Duration FILL_WAIT = Duration.ofSeconds(15);

    /** Cycles of orders in the first half of an hour, which is measured, and in the second one, which has faults. */
    private static final int CYCLES = 40;

    private static final int FAULT_CYCLES = 10;

    /** Share of orders and cancels that a measured half hour of an open market accepts, after the faults of the one before. */
    private static final double ACCEPTED_MIN = 0.8;

    private static final double REFUSED_CALLS_MAX = 0.1;

    private static final KrxCalendar KRX = new KrxCalendar();
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final double MEGABYTE = 1 << 20;

    private final Map<SoakFigure, List<Growth.Point>> points = new EnumMap<>(SoakFigure.class);

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.ROUNDS);
    }

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
        boolean quick = environment.isQuick();
        boolean real = environment.isNamed("real");
        boolean leaks = environment.isNamed("leak");
        int speed = real ? 1 : FAST;
        int days = quick ? DAYS_MIN : environment.rounds(real ? REAL_DAYS : FAST_DAYS);
        if (days < DAYS_MIN) {
            throw new BenchException(
                    "a soak compares days and the first one warms up: --rounds must be " + DAYS_MIN + " or more");
        }
        var machine = InstantSource.system();
        var timeSetting = real ? "real" : "x" + FAST + "@" + FAST_START + "/" + machine.instant();
        InstantSource clock =
                real ? machine : FastTime.parse("soak", timeSetting).from(machine);
        var simulator = environment.start(environment.simulator("--clock", timeSetting, "--seed", "7"));
        var launch = environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_CLOCK", timeSetting)
                .withEnvironment("RISK_DAILY_ORDERS", "1000000")
                .withEnvironment("ORDER_DISPATCH_BY_LIMIT", WAITING)
                .withEnvironment("ORDER_DISPATCH_BY_MARKET", WAITING)
                .withEnvironment("KIS_API_QUEUE_TIMEOUT", WAITING);
        var data = Path.of(launch.environment().getOrDefault("GATEWAY_DATA_DIR", ""));
        var agentFolder = environment.folder("leak");
        var leaksBegin = agentFolder.resolve("begin");
        if (leaks) {
            var step = quick ? QUICK_LEAK_STEP : DAY.dividedBy((long) speed * LEAK_STEPS);
            launch = launch.withJvmFlags(Leak.agent(agentFolder, step, leaksBegin, data));
        }
        var gateway = environment.start(launch);
        int port = gateway.gatewayPort();
        Instant warmedUp;
        var checks = new ArrayList<Result>();
        try (var client = GatewayClient.onPort(port);
                var probe = JvmProbe.of(gateway)) {
            Orders.awaitReady(client);
            var start = clock.instant();
            environment.progress(String.format(
                    Locale.ROOT,
                    "soak: %d days of a clock that runs %d times as fast, up to %,d minutes, from %s",
                    days,
                    speed,
                    DAY.multipliedBy(days).dividedBy(speed).toMinutes(),
                    start.atZone(SEOUL).toLocalDateTime()));
            try (var load =
                    SoakLoad.connect(port, speed, clock, start.atZone(SEOUL).toLocalDate())) {
                var soak = new Soak(environment, gateway, data, client, probe, clock, load, start, leaks);
                if (quick) {
                    for (int hour = 0; hour < QUICK_HOURS; hour++) {
                        soak.load(QUICK_SECONDS);
                        if (hour == 0) Files.createFile(leaksBegin); // so that the first figures are without them
                    }
                } else {
                    Files.createFile(leaksBegin);
                    while (!soak.hasLasted(days)) soak.hour();
                    if (!leaks) checks.addAll(soak.checks());
                }
                warmedUp = soak.warmedUp.orElse(clock.instant());
            }
        }
        var exit = gateway.stop(STOP);
        if (exit.isEmpty() || exit.getAsInt() != 0) throw new BenchException("The gateway did not stop: " + exit);
        var results = new ArrayList<>(results(warmedUp, leaks, quick));
        results.addAll(checks);
        return results;
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
        private final List<String> badHours = new ArrayList<>();

        /** The end of the day in which the gateway's bounded memory was filled. */
        private Optional<Instant> warmedUp = Optional.empty();

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

        /** Whether it has lasted for {@code days}, of which the first one warms up. */
        boolean hasLasted(int days) {
            return warmedUp.filter(it -> !clock.instant().isBefore(it.plus(DAY.multipliedBy(days - 1L))))
                    .isPresent();
        }

        /** Whether KRX trades for the whole hour that begins now; the day of the college entrance exam opens at ten. */
        private static boolean isOpen(Instant at) {
            return KRX.session(at) == Session.REGULAR && KRX.session(at.plus(Duration.ofHours(1))) == Session.REGULAR;
        }

        /** The load until the end of an hour of the gateway's clock. */
        void hour() throws IOException, InterruptedException {
            var now = clock.instant().atZone(SEOUL);
            if (warmedUp.isEmpty() && isOpen(now.toInstant())) {
                environment.progress("soak: filling the memory of ended orders");
                // A part after the other has been sent: orders that expire unsent are smaller than those of later days,
                // which would
                // replace them and look like a growth.
                for (int i = 0; i < FILL_PARTS; i++) {
                    long before = Orders.unsentOrders(client);
                    load.fill();
                    long until = System.nanoTime() + FILL_WAIT.toNanos();
                    while (Orders.unsentOrders(client) > before && System.nanoTime() < until) {
                        BenchEnvironment.pause(Duration.ofMillis(100));
                    }
                }
                environment.progress("soak: filled, " + Orders.unsentOrders(client) + " of the orders expired unsent");
                warmedUp = Optional.of(
                        now.toLocalDate().plusDays(1).atStartOfDay(SEOUL).toInstant());
                return;
            }
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

        /** The load for some seconds of real time, half of them with faults, and the figures then. */
        void load(int seconds) throws IOException, InterruptedException {
            var at = clock.instant();
            var time = at.atZone(SEOUL);
            boolean isOpen = isOpen(at);
            SoakLoad.Measured measured;
            String faults;
            try (var pauses = Pauses.of(gateway, () -> planted(LEAK_STOP_MS))) {
                load.visit();
                measured = load.run(seconds / 2, CYCLES, Duration.ofMillis(planted(LEAK_LATE_MS)));
                faults = beginFaults(time.getHour());
                load.run(seconds / 2, FAULT_CYCLES, Duration.ZERO);
                clearFaults();
            }
            if (isOpen && (measured.accepted() < ACCEPTED_MIN || measured.lag().count() == 0)) {
                badHours.add(time.toLocalDateTime() + ": " + Report.format(measured.accepted()) + " accepted, "
                        + measured.lag().count() + " ticks");
            }
            count(SoakFigure.HEAP, at, probe.liveHeap() / MEGABYTE);
            count(SoakFigure.DIRECT, at, probe.directBuffers() / MEGABYTE);
            count(SoakFigure.NON_HEAP, at, probe.nonHeap() / MEGABYTE);
            count(SoakFigure.THREADS, at, probe.threadCount());
            int descriptors = probe.descriptors();
            if (descriptors >= 0) count(SoakFigure.DESCRIPTORS, at, descriptors);
            count(SoakFigure.FILES, at, FolderSize.of(data).files());
            count(SoakFigure.QUOTE_P50, at, measured.quote().ms(50));
            count(SoakFigure.QUOTE_P99, at, measured.quote().ms(99));
            if (isOpen) {
                count(SoakFigure.ACCEPT_P50, at, measured.accept().ms(50));
                count(SoakFigure.ACCEPT_P99, at, measured.accept().ms(99));
                count(SoakFigure.LAG_P50, at, measured.lag().ms(50) / load.speed());
                count(SoakFigure.LAG_P99, at, measured.lag().ms(99) / load.speed());
            }
            environment.progress(describe(at, faults));
        }

        /** A planted delay, given how much it grows a day. */
        private long planted(int millisADay) {
            if (!leaks) return 0;
            return Math.round(millisADay
                    * (double) Duration.between(start, clock.instant()).toSeconds()
                    / DAY.toSeconds());
        }

        /** Begins the scenario of an hour; its name. */
        private String beginFaults(int hour) {
            var names = new ArrayList<String>();
            client.get("/v1/simulator")
                    .body()
                    .path("scenarios")
                    .forEach(scenario -> names.add(scenario.path("name").asString("")));
            if (names.isEmpty()) throw new BenchException("The simulator named no scenarios");
            var name = names.get(hour % names.size());
            changeSimulator("{\"scenario\":\"" + name + "\"}");
            return name;
        }

        private void clearFaults() {
            changeSimulator("{\"faults\":{\"clear\":true}}");
        }

        private void changeSimulator(String change) {
            var answer = client.post("/v1/simulator", change);
            if (!answer.ok()) throw new BenchException("The simulator was not changed by " + change + ": " + answer);
        }

        private String describe(Instant at, String faults) {
            var text = new StringBuilder(
                    at.atZone(SEOUL).toLocalDateTime().withNano(0).toString());
            points.forEach((figure, values) -> {
                var last = values.getLast();
                if (!last.at().equals(at)) return; // not of this hour
                text.append(' ').append(figure.label()).append(' ').append(Report.format(last.value()));
            });
            return text.append(" answers ")
                    .append(new TreeMap<>(load.statuses()))
                    .append(" faults ")
                    .append(faults)
                    .toString();
        }

        /** What has to be true at the end. */
        List<Result> checks() throws InterruptedException {
            long until = System.nanoTime() + STOP.toNanos();
            long unknown = Orders.metrics(client).path("unknown").asLong();
            while (unknown > 0 && System.nanoTime() < until) {
                BenchEnvironment.pause(Duration.ofMillis(500));
                unknown = Orders.metrics(client).path("unknown").asLong();
            }
            long defects = load.statuses().getOrDefault(500, 0L);
            return List.of(
                    Result.of("soak.unknown", unknown, "orders")
                            .with(Target.atMost(0, unknown, "orders are UNKNOWN at the end")),
                    Result.of("soak.defects", defects, "answers")
                            .with(Target.atMost(0, defects, "answers are a 500"))
                            .with("answers", new TreeMap<>(load.statuses())),
                    Result.of("soak.refused_calls", load.refusedVisits(), "of the calls")
                            .with(Target.atMost(
                                    REFUSED_CALLS_MAX, load.refusedVisits(), "of the calls of other kinds")),
                    Result.of("soak.bad_hours", badHours.size(), "hours")
                            .with(Target.atMost(
                                    0, badHours.size(), "hours refuse a fifth of the orders or have no tick"))
                            .with("hours", badHours));
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
            var result = Result.of(
                            (leaks ? "soak.leak." : "soak.") + figure.label(), growth.perDay(), figure.unit() + "/day")
                    .with("first", Report.format(values.getFirst().value()))
                    .with("last", Report.format(values.getLast().value()))
                    .with("noise", Report.format(growth.noise()))
                    .with("pairs of hours", growth.pairs());
            if (!quick && (figure.isPlanted() || !leaks)) result = result.with(bar(figure, growth, leaks));
            if (!quick && !leaks) {
                result = result.with(
                        Target.atMost(figure.noiseLimit(), growth.noise(), figure.unit() + " a day of noise"));
            }
            results.add(result);
        });
        return results;
    }

    private static Target bar(SoakFigure figure, Growth growth, boolean leaks) {
        if (!growth.isKnown()) return Target.atLeast(Growth.PAIRS_MIN, growth.pairs(), "pairs of hours");
        return leaks
                ? Target.atLeast(figure.limit(), growth.certain(), figure.unit() + " a day, as planted")
                : Target.atMost(figure.limit(), growth.certain(), figure.unit() + " a day beyond noise");
    }
}
