package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kr.kisgateway.bench.decode.DecodeMain;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.wire.print.Layout;

/**
 * {@code decode}: records per second on one core through the code behind the SDK's socket, and through its floor, in turns of 20 ms in one
 * JVM ({@link DecodeMain}); each of five rounds is a JVM of its own, and each of its figures the median of its turns.
 */
public final class DecodeBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 4;
    /** Of a round, beyond its turns. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** What is decoded, and the least part of its floor. */
    private enum Kind {
        TRADE("trade", 0.75),
        BOOK("book", 0.7);

        private final String record;
        private final double minRatio;

        Kind(String record, double minRatio) {
            this.record = record;
            this.minRatio = minRatio;
        }
    }

    /**
     * A pair of turns, or a round of them.
     *
     * @param decoded records a second
     * @param floor those of the floor
     * @param ratio of the two, in the same pair
     * @param bytes that a record allocates
     */
    private record Turns(double decoded, double floor, double ratio, double bytes) {
        static Turns parse(String line) {
            var numbers = Stream.of(line.split(" ")).map(Double::valueOf).toList();
            return new Turns(numbers.get(0), numbers.get(1), numbers.get(0) / numbers.get(1), numbers.get(2));
        }

        /** The median of each figure: a ratio's pair is not the one of the median rate. */
        static Turns median(List<Turns> turns) {
            return new Turns(
                    Median.value(turns, Turns::decoded),
                    Median.value(turns, Turns::floor),
                    Median.value(turns, Turns::ratio),
                    Median.value(turns, Turns::bytes));
        }
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(SECONDS);
        var results = new ArrayList<Result>();
        for (int count : new int[] {1, 4}) {
            for (var kind : Kind.values()) {
                var name = "decode." + kind.record + (count == 1 ? "" : ".x" + count);
                environment.progress(name);
                var rounds = new ArrayList<Turns>();
                for (int round = 0; round < environment.rounds(ROUNDS); round++) {
                    rounds.add(round(environment, kind.record, count, Layout.CURRENT, seconds));
                }
                var middle = Turns.median(rounds);
                var decoded = result(name, middle, seconds)
                        .with("records a frame", count)
                        .withRounds(rounds, Turns::decoded);
                if (count == 1) {
                    decoded =
                            decoded.with(Target.atLeast(kind.minRatio, middle.ratio(), "of the loop without objects"));
                }
                results.add(decoded);
                results.add(
                        Result.of(name + ".floor", middle.floor(), "records/s").withRounds(rounds, Turns::floor));
            }
        }
        return results;
    }

    /** The decoder of trades, one in each frame. */
    static Result trades(BenchEnvironment environment, String name, Layout layout, int seconds)
            throws IOException, InterruptedException {
        var round = round(environment, Kind.TRADE.record, 1, layout, seconds);
        return result(name, round, seconds);
    }

    private static Result result(String name, Turns turns, int seconds) {
        return Result.of(name, turns.decoded(), "records/s")
                .with("per second of one core's time; turns of 20 ms for", 2 * seconds + " s")
                .with("bytes allocated a record", Math.round(turns.bytes()));
    }

    private static Turns round(BenchEnvironment environment, String kind, int count, Layout layout, int seconds)
            throws IOException, InterruptedException {
        var program = environment.run(
                "The decoder",
                environment
                        .floor(DecodeMain.class)
                        .withArguments(
                                kind,
                                String.valueOf(count),
                                String.valueOf(layout.trade()),
                                String.valueOf(2 * seconds))
                        .processBuilder(),
                LIMIT.plusSeconds(2L * seconds));
        if (program.exitCode() != 0) throw new BenchException("The decoder ended: " + program.err());
        return Turns.median(program.out().stream().map(Turns::parse).toList());
    }
}
