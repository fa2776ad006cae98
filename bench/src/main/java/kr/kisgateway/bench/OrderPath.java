package kr.kisgateway.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import kr.kisgateway.bench.floor.GroupedInserts;
import kr.kisgateway.bench.load.ExecutionReader;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.KisTap;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.wire.ExecutionNotice;

/**
 * From an order's answer until its first byte towards KIS, from its schedule until then, and from the notice of a fill until a client of
 * the stream has read the execution. Between answer and first byte nothing is committed when a slot of the call budget is free; a
 * notice has one commit, which is its floor, in turns. A tap between gateway and simulator records when the bytes passed; all clocks are this
 * process's.
 */
final class OrderPath {
    /** A program's own orders. */
    static final Load CALM = new Load("", 200, 0, 60);
    /** The load of the goals. */
    static final Load GOAL = new Load(".1000", 1_000, 40_000, 5);

    private static final int CLIENTS = 64;
    private static final double PATH_MS = 2;
    private static final int ROUNDS = 5;
    private static final int FLOOR_SECONDS = 1;
    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** Share of the orders that are filled, at least: some rest, where the other side of the book has nothing left. */
    private static final double FILLS_MIN = 0.9;

    private final Map<OrderMix.Terms, Long> sentAt = new ConcurrentHashMap<>();
    private final Map<Long, Deque<Long>> noticed = new ConcurrentHashMap<>();
    private final Map<Long, Deque<Long>> executed = new ConcurrentHashMap<>();

    /**
     * What is placed.
     *
     * @param suffix of the figures' names
     * @param perSecond orders that fill at once
     * @param resting orders that rest meanwhile, and are placed before
     * @param warmupSeconds with orders that fill
     */
    record Load(String suffix, int perSecond, int resting, int warmupSeconds) {
        private String unit() {
            return "ms at " + describe();
        }

        private String describe() {
            return String.format(Locale.ROOT, "%,d orders a second", perSecond)
                    + (resting == 0 ? "" : String.format(Locale.ROOT, " beside %,d resting", resting));
        }
    }

    private record Answered(OrderMix.Terms order, long dueNanos, long at) {}

    /** @param sentBefore orders that were sent before their answer was read */
    private record Round(
            Latency commit,
            HttpLoad.Outcome accepted,
            Latency fromAnswer,
            Latency fromRequest,
            Latency toStream,
            int sentBefore) {}

    private final Load load;

    private OrderPath(Load load) {
        this.load = load;
    }

    /** @param simulator the port of one that has no orders yet: the gateway reads the list of all that it has */
    static List<Result> measure(BenchEnvironment environment, int simulator, int seconds, Load load)
            throws IOException, InterruptedException, SQLException {
        return new OrderPath(load).run(environment, simulator, Math.max(1, 4 * seconds / ROUNDS));
    }

    private List<Result> run(BenchEnvironment environment, int simulator, int seconds)
            throws IOException, InterruptedException, SQLException {
        int count = environment.rounds(ROUNDS);
        environment.progress("from the answer to KIS and from the notice to the stream: " + load.describe() + ", "
                + count + " x " + seconds + " s");
        try (var inserts = GroupedInserts.open(environment.folder("store").resolve("floor.db"));
                var tap = KisTap.open(simulator, System::nanoTime, watcher())) {
            inserts.singleCommits(1, System::nanoTime);
            var gateway = environment.start(Orders.gatewayWithSimulator(environment, tap.port()));
            var mix = OrderMix.filling(gateway.gatewayPort(), "path-" + gateway.pid(), Orders.today());
            try (var client = GatewayClient.onPort(gateway.gatewayPort());
                    var http = HttpLoad.connect(gateway.gatewayPort(), CLIENTS, System::nanoTime);
                    var reader = ExecutionReader.open(
                            gateway.gatewayPort(),
                            System::nanoTime,
                            (odno, at) -> executed.computeIfAbsent(odno, n -> new ConcurrentLinkedDeque<>())
                                    .add(at))) {
                Orders.awaitReady(client);
                placeResting(environment, gateway.gatewayPort(), http, client);
                int warm = load.perSecond * environment.normalOrQuick(load.warmupSeconds, 1);
                int each = load.perSecond * seconds;
                requireDistinct(mix, warm + count * each);
                var warmup = Pace.open(System.nanoTime(), load.perSecond, warm / load.perSecond);
                Orders.place(environment, client, http, warmup, mix::request);
                BenchEnvironment.pause(SETTLE);
                var rounds = new ArrayList<Round>();
                for (int round = 0; round < count; round++) {
                    clear();
                    int first = warm + round * each;
                    var commit = inserts.singleCommits(FLOOR_SECONDS, System::nanoTime);
                    Deque<Answered> answers = new ArrayDeque<>();
                    var accepted = Orders.place(
                            environment,
                            client,
                            http,
                            Pace.open(System.nanoTime(), load.perSecond, seconds),
                            n -> mix.request(first + n),
                            (n, dueNanos, at, body) -> answers.add(new Answered(mix.terms(first + n), dueNanos, at)));
                    BenchEnvironment.pause(SETTLE);
                    rounds.add(round(answers, accepted, commit));
                }
                return results(rounds);
            } finally {
                environment.stop(gateway);
            }
        }
    }

    /** In slices: more than the gateway can send meanwhile would wait longer than KIS's answers may take. */
    private void placeResting(BenchEnvironment environment, int port, HttpLoad http, GatewayClient client)
            throws IOException, InterruptedException {
        var mix = OrderMix.resting(port, "resting-" + port, Orders.today());
        int count = environment.normalOrQuick(load.resting, load.resting / 100);
        requireDistinct(mix, count);
        for (int placed = 0; placed < count; placed += load.perSecond) {
            int first = placed;
            var slice = Pace.even(System.nanoTime(), Math.min(load.perSecond, count - placed), 1);
            Orders.place(environment, client, http, slice, n -> mix.request(first + n));
        }
    }

    /** KIS cannot distinguish equal orders, and they are sent one at a time. */
    private static void requireDistinct(OrderMix mix, int orders) {
        if (orders > mix.distinctCount()) {
            throw new BenchException("Only " + mix.distinctCount() + " orders are distinct, and " + orders
                    + " would be placed: use fewer --seconds");
        }
    }

    private KisTap.Watcher watcher() {
        return new KisTap.Watcher() {
            @Override
            public void orderSent(OrderMix.Terms order, long nanos) {
                sentAt.put(order, nanos);
            }

            @Override
            public void noticeReceived(ExecutionNotice notice, long nanos) {
                if (notice.kind() == ExecutionNotice.Kind.FILL) {
                    noticed.computeIfAbsent(notice.odno(), n -> new ConcurrentLinkedDeque<>())
                            .add(nanos);
                }
            }
        };
    }

    private void clear() {
        sentAt.clear();
        noticed.clear();
        executed.clear();
    }

    private Round round(Deque<Answered> answers, HttpLoad.Outcome accepted, Latency commit) {
        var fromAnswer = new Latency();
        var fromRequest = new Latency();
        int sentBefore = 0;
        for (var answered : answers) {
            var sent = Optional.ofNullable(sentAt.get(answered.order()));
            if (sent.isEmpty()) throw new BenchException("An accepted order was never sent: " + answered.order());
            fromAnswer.record(sent.get() - answered.at()); // 0 for one that was sent before its answer was read
            sentBefore += sent.get() < answered.at() ? 1 : 0;
            fromRequest.record(sent.get() - answered.dueNanos());
        }
        var toStream = new Latency();
        noticed.forEach((odno, times) -> {
            var read =
                    executed.getOrDefault(odno, new ConcurrentLinkedDeque<>()).iterator();
            for (long time : times) {
                if (!read.hasNext()) throw new BenchException("The fill of " + odno + " never arrived on the stream");
                toStream.record(read.next() - time);
            }
        });
        if (noticed.size() < FILLS_MIN * answers.size()) {
            throw new BenchException("Only " + noticed.size() + " of " + answers.size() + " orders were filled");
        }
        return new Round(commit, accepted, fromAnswer, fromRequest, toStream, sentBefore);
    }

    private List<Result> results(List<Round> rounds) {
        return List.of(
                judged(latency("order.first_byte.p99_ms", rounds, Round::fromAnswer))
                        .with("from", "the answer to the client")
                        .with("to", "the first byte at KIS")
                        .with(
                                "sent before the answer was read",
                                Report.format(Median.value(
                                                rounds,
                                                round -> 100.0
                                                        * round.sentBefore()
                                                        / round.fromAnswer().count()))
                                        + " %")
                        .with("load", load.describe()),
                latency("order.scheduled_to_kis.p99_ms", rounds, Round::fromRequest)
                        .with("from", "the order's schedule")
                        .with("to", "the first byte at KIS")
                        .with("load", load.describe())
                        .with("connections", CLIENTS)
                        .with(
                                "accepted",
                                Report.format(Median.value(
                                                rounds,
                                                round -> round.accepted().rate()))
                                        + "/s")
                        .with(
                                "from its schedule until the client sent it",
                                "p99 "
                                        + Report.format(Median.value(
                                                rounds,
                                                round -> p99(round.accepted().lateness())))
                                        + " ms")
                        .with(
                                "from its schedule until its answer",
                                "p99 "
                                        + Report.format(Median.value(
                                                rounds,
                                                round -> p99(round.accepted().latency())))
                                        + " ms"),
                judged(latency("order.notice.p99_ms", rounds, Round::toStream))
                        .with("from", "the notice's frame from KIS")
                        .with("to", "a client of the stream has read the execution")
                        .with(
                                "fills",
                                rounds.stream()
                                        .mapToLong(round -> round.toStream().count())
                                        .sum()),
                latency("order.notice.p99_ms", ".floor", rounds, Round::commit)
                        .with("store", "one durable commit of one order, before each round"));
    }

    private Result judged(Result result) {
        return result.with(Target.atMost(PATH_MS, result.value(), load.unit()));
    }

    private Result latency(String name, List<Round> rounds, Function<Round, Latency> what) {
        return latency(name, "", rounds, what);
    }

    private Result latency(String name, String suffix, List<Round> rounds, Function<Round, Latency> what) {
        var median = what.apply(Median.of(rounds, round -> p99(what.apply(round))));
        return Result.of(name + load.suffix + suffix, p99(median), "ms")
                .with(median.percentiles())
                .withRounds(rounds, round -> p99(what.apply(round)));
    }

    private static double p99(Latency latency) {
        return latency.ms(99);
    }
}
