package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code tick}: what one trade costs the gateway between KIS's socket and those of {@value #CLIENTS} clients, by stage, in processor time:
 * the flight recorder samples the threads of a running gateway while they are busy, and the frames of a sample show its stage. The share
 * of a stage is that of its samples, because the system's timer drops some. It has no floor and no bar; those of the whole way are
 * {@code stream}'s.
 */
final class TickBench implements Bench {
    private static final int CLIENTS = 50;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 10;
    private static final String SAMPLED = "10ms";
    private static final String SAMPLE = "jdk.CPUTimeSample";
    /** Share of samples whose thread cannot be known. */
    private static final double TRUNCATED_MAX = 0.01;

    /** Frames of the JDK between a call of the scheduler and the newest one. */
    private static final int NEWEST = 3;

    private static final String PROJECT = "kr.kisgateway.";
    private static final String KIS_THREAD = "kr.kisgateway.client.ws.TextSocket";
    private static final String CLIENT_THREAD = "kr.kisgateway.gateway.stream.StreamClient";

    /** Of a trade's way, in its order. */
    enum Stage {
        /** The system's read, and the frames of the WebSocket. */
        READ,
        /** KIS's text into a trade, with all its checks. */
        DECODE,
        /** Quotes, meters, the JSON text of the trade, and a place in the mailbox of each client. */
        PUBLISH,
        /** The clients' threads: what is in their mailboxes into frames. */
        COLLECT,
        /** The server library: a message's frame into a buffer, and its callbacks. */
        SEND,
        /** The system's write. */
        WRITE,
        /** Threads that are woken and go to sleep. */
        WAKE,
        /** Whatever else the gateway does meanwhile. */
        REST,
        /** The collector, the compilers, the flight recorder and other threads of the JVM, by the system's count. */
        JVM
    }

    /** Microseconds for each trade that arrived. */
    private record Round(Map<Stage, Double> micros, double rate) {
        double of(Stage stage) {
            return micros.getOrDefault(stage, 0.0);
        }

        double sum() {
            return micros.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        for (int perSecond : new int[] {1_000, 5_000}) {
            var load = CLIENTS + "x" + perSecond;
            environment.progress(load);
            var rounds = StreamBench.besideSimulator(
                    environment, CLIENTS, perSecond, gateway -> rounds(environment, gateway));
            results.addAll(results(load, rounds));
        }
        return results;
    }

    private static List<Round> rounds(BenchEnvironment environment, StreamBench.Streaming streaming)
            throws IOException, InterruptedException {
        var rounds = new ArrayList<Round>();
        int seconds = environment.seconds(SECONDS);
        int count = environment.rounds(ROUNDS);
        for (int number = 1; number <= count; number++) {
            rounds.add(round(environment, streaming, seconds));
            environment.progress(String.format(
                    Locale.ROOT,
                    "round %d of %d: %.1f µs a trade, %,.0f trades/s",
                    number,
                    count,
                    rounds.getLast().sum(),
                    rounds.getLast().rate()));
        }
        return rounds;
    }

    private static Round round(BenchEnvironment environment, StreamBench.Streaming streaming, int seconds)
            throws IOException, InterruptedException {
        LocalProgram gateway = streaming.gateway();
        var file = environment.folder("samples").resolve("samples.jfr");
        long recording = streaming
                .probe()
                .startRecording(Map.of(
                        SAMPLE + "#enabled", "true",
                        SAMPLE + "#stackTrace", "true",
                        SAMPLE + "#throttle", SAMPLED));
        long trades = StreamBench.trades(streaming.client());
        var own = JvmProbe.ownSeconds(gateway);
        double cpu = BenchEnvironment.cpuSeconds(gateway);
        long startedAt = System.nanoTime();
        streaming.readers().run(0, seconds);
        double took = (System.nanoTime() - startedAt) / 1e9;
        cpu = BenchEnvironment.cpuSeconds(gateway) - cpu;
        double jvm = JvmProbe.used(own, JvmProbe.ownSeconds(gateway));
        trades = StreamBench.trades(streaming.client()) - trades;
        streaming.probe().stopRecording(recording, file);
        if (trades <= 0) throw new BenchException("No trade arrived");
        var micros = new EnumMap<Stage, Double>(Stage.class);
        double threads = 1e6 * (cpu - jvm) / trades;
        shares(file).forEach((stage, share) -> micros.put(stage, share * threads));
        micros.put(Stage.JVM, 1e6 * jvm / trades);
        return new Round(micros, trades / took);
    }

    /** The part of each stage of the samples that have frames. */
    private static Map<Stage, Double> shares(Path file) throws IOException {
        var counts = new EnumMap<Stage, Integer>(Stage.class);
        int truncated = 0;
        try (var samples = new RecordingFile(file)) {
            while (samples.hasMoreEvents()) {
                var event = samples.readEvent();
                if (event.getEventType().getName().equals(SAMPLE) && event.getStackTrace() != null) {
                    counts.merge(stage(classes(event.getStackTrace())), 1, Integer::sum);
                    truncated += event.getStackTrace().isTruncated() ? 1 : 0;
                }
            }
        }
        if (counts.isEmpty()) throw new BenchException("This JVM has no " + SAMPLE + ": it needs JDK 25 on Linux");
        double all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (truncated > TRUNCATED_MAX * all) {
            throw new BenchException(truncated + " of " + Math.round(all) + " samples lack their oldest frames");
        }
        var shares = new EnumMap<Stage, Double>(Stage.class);
        counts.forEach((stage, count) -> shares.put(stage, count / all));
        return shares;
    }

    private static List<String> classes(RecordedStackTrace stack) {
        return stack.getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .toList();
    }

    /** @param frames classes of a thread's frames, from the newest */
    static Stage stage(List<String> frames) {
        int kis = frames.indexOf(KIS_THREAD);
        int client = frames.indexOf(CLIENT_THREAD);
        boolean isOfKis = kis >= 0;
        boolean isOfClient = client >= 0 && !isOfKis;
        var own = isOfKis ? frames.subList(0, kis + 1) : isOfClient ? frames.subList(0, client + 1) : frames;
        if (own.stream().limit(NEWEST).anyMatch(TickBench::isScheduling)) return Stage.WAKE;
        if (!isOfKis && !isOfClient) return Stage.REST;
        if (own.getFirst().startsWith("sun.nio.ch.")) return isOfClient ? Stage.WRITE : Stage.READ;
        return own.stream()
                .map(name -> isOfClient ? clientStage(name) : kisStage(name))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(Stage.REST);
    }

    /** The stage that a class belongs to; empty for one that several stages use, as those of the market. */
    private static Optional<Stage> kisStage(String name) {
        if (name.startsWith(PROJECT + "wire.") || name.equals(PROJECT + "client.session.Frames")) {
            return Optional.of(Stage.DECODE);
        }
        if (name.startsWith(PROJECT + "gateway.") || name.startsWith(PROJECT + "client.session.Delivery")) {
            return Optional.of(Stage.PUBLISH);
        }
        return name.startsWith(PROJECT + "client.") ? Optional.of(Stage.READ) : Optional.empty();
    }

    private static Optional<Stage> clientStage(String name) {
        if (name.startsWith(PROJECT + "gateway.http.")) return Optional.of(Stage.SEND);
        return name.startsWith(PROJECT + "gateway.") ? Optional.of(Stage.COLLECT) : Optional.empty();
    }

    private static boolean isScheduling(String name) {
        return Stream.of(
                        "java.util.concurrent.ForkJoin",
                        "java.util.concurrent.locks.LockSupport",
                        "java.lang.VirtualThread",
                        "jdk.internal.vm.Continuation",
                        "sun.nio.ch.EPoll",
                        "sun.nio.ch.Poller")
                .anyMatch(name::startsWith);
    }

    private static List<Result> results(String load, List<Round> rounds) {
        var results = new ArrayList<Result>();
        double sum = Median.value(rounds, Round::sum);
        results.add(Result.of("tick.us." + load, sum, "µs a trade")
                .withRounds(rounds, Round::sum)
                .with("clients", CLIENTS)
                .with("trades", Report.format(Median.value(rounds, Round::rate)) + "/s"));
        for (var stage : Stage.values()) {
            double micros = Median.of(rounds, round -> round.of(stage)).of(stage);
            results.add(Result.of("tick." + stage.name().toLowerCase(Locale.ROOT) + "_us." + load, micros, "µs a trade")
                    .withRounds(rounds, round -> round.of(stage)));
        }
        return results;
    }
}
