package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code tick}: what one trade costs the gateway between KIS's socket and those of {@value #CLIENTS} clients, by stage, in processor time:
 * the flight recorder samples the threads of a running gateway after each {@value #SAMPLED_MILLIS} ms that they were busy, and the frames
 * of a sample tell its stage. It has no floor and no bar; those of the whole way are {@code stream}'s.
 */
final class TickBench implements Bench {
    private static final int CLIENTS = 50;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 15;
    private static final int SAMPLED_MILLIS = 2;
    private static final double SAMPLED_MICROS = 1e3 * SAMPLED_MILLIS;
    private static final String SAMPLE = "jdk.CPUTimeSample";
    private static final String OURS = "kr.kisgateway.";
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
        /** The collector and the compilers: all that the process used and no thread's sample has. */
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
        long trades = StreamBench.trades(streaming.client());
        double cpu = BenchEnvironment.cpuSeconds(gateway);
        long startedAt = System.nanoTime();
        long recording = streaming
                .probe()
                .startRecording(Map.of(
                        SAMPLE + "#enabled", "true",
                        SAMPLE + "#stackTrace", "true",
                        SAMPLE + "#throttle", SAMPLED_MILLIS + "ms"));
        streaming.readers().run(0, seconds);
        streaming.probe().stopRecording(recording, file);
        double took = (System.nanoTime() - startedAt) / 1e9;
        cpu = BenchEnvironment.cpuSeconds(gateway) - cpu;
        trades = StreamBench.trades(streaming.client()) - trades;
        if (trades <= 0) throw new BenchException("No trade arrived");
        return round(file, trades, cpu, took);
    }

    private static Round round(Path file, long trades, double cpu, double seconds) throws IOException {
        var micros = new EnumMap<Stage, Double>(Stage.class);
        try (var samples = new RecordingFile(file)) {
            while (samples.hasMoreEvents()) {
                var event = samples.readEvent();
                if (event.getEventType().getName().equals(SAMPLE)) {
                    micros.merge(stage(event), SAMPLED_MICROS / trades, Double::sum);
                }
            }
        }
        if (micros.isEmpty()) throw new BenchException("This JVM has no " + SAMPLE + ": it needs JDK 25 on Linux");
        double sampled =
                micros.values().stream().mapToDouble(Double::doubleValue).sum();
        micros.put(Stage.JVM, Math.max(0, 1e6 * cpu / trades - sampled));
        return new Round(micros, trades / seconds);
    }

    private static Stage stage(RecordedEvent sample) {
        if (sample.getStackTrace() == null) return Stage.REST;
        return stage(sample.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .toList());
    }

    /** @param frames classes of a thread's frames, from the newest */
    static Stage stage(List<String> frames) {
        boolean isOfKis = frames.contains(KIS_THREAD);
        boolean isOfClient = frames.contains(CLIENT_THREAD);
        var newest = frames.isEmpty() ? "" : frames.getFirst();
        if (isScheduling(newest)) return Stage.WAKE;
        if (!isOfKis && !isOfClient) return Stage.REST;
        if (newest.startsWith("sun.nio.ch.")) return isOfClient ? Stage.WRITE : Stage.READ;
        var ours = frames.stream()
                .filter(name -> name.startsWith(OURS))
                .findFirst()
                .orElse("");
        if (isOfClient) return ours.startsWith(OURS + "gateway.http.") ? Stage.SEND : Stage.COLLECT;
        if (ours.startsWith(OURS + "wire.") || ours.equals(OURS + "client.session.Frames")) return Stage.DECODE;
        return ours.startsWith(OURS + "gateway.") || ours.startsWith(OURS + "client.session.Delivery")
                ? Stage.PUBLISH
                : Stage.READ;
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
        double sum = Median.of(rounds, Round::sum).sum();
        results.add(Result.of("tick.us." + load, sum, "µs a trade")
                .withRounds(rounds, Round::sum)
                .with("clients", CLIENTS)
                .with("trades", Report.format(Median.of(rounds, Round::rate).rate()) + "/s"));
        for (var stage : Stage.values()) {
            double micros = Median.of(rounds, round -> round.of(stage)).of(stage);
            results.add(Result.of("tick." + stage.name().toLowerCase(Locale.ROOT) + "_us." + load, micros, "µs a trade")
                    .withRounds(rounds, round -> round.of(stage)));
        }
        return results;
    }
}
