package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.OrderMix;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code disk}: what the gateway writes to the disk and keeps there: for an order at {@value #PER_SECOND} a second, and in a minute without
 * any, while KIS pushes one stock. What is written is the system's count of the gateway's process; what is kept, the
 * growth of its data folder. It has no floor.
 */
final class DiskBench implements Bench {
    private static final int PER_SECOND = 50;
    private static final int CONNECTIONS = 4;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 20;
    private static final int WARMUP_SECONDS = 10;
    /** Of a round without orders, at least: what is done once a minute is in it. */
    private static final int IDLE_SECONDS = 60;
    /** After orders, and before each round. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /** The 10,000 orders that an account may place on a day by default are then 1.3 GB. */
    private static final double MAX_WRITTEN_KB = 128;

    private static final double MAX_KEPT_KB = 4;
    private static final double MAX_IDLE_KB = 1_024;
    private static final double KILOBYTE = 1_024;

    /** In kilobytes. */
    private record Growth(double written, double kept) {
        Growth dividedBy(double number) {
            return new Growth(written / number, kept / number);
        }
    }

    /** What is done while the disk is watched. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = Orders.simulator(environment);
        var launch = Orders.gatewayWithSimulator(environment, simulator.simulatorPort());
        var data = Path.of(launch.environment().get("GATEWAY_DATA_DIR"));
        var gateway = environment.start(launch);
        int seconds = environment.seconds(SECONDS);
        int idleSeconds = Math.max(seconds, environment.normalOrQuick(IDLE_SECONDS, 1));
        var orders = new ArrayList<Growth>();
        var idle = new ArrayList<Growth>();
        var mix = OrderMix.resting(gateway.gatewayPort(), "disk", Orders.today());
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var load = HttpLoad.connect(gateway.gatewayPort(), CONNECTIONS, System::nanoTime)) {
            Orders.awaitReady(client);
            environment.progress("warming up");
            place(load, client, environment, mix, 0, environment.normalOrQuick(WARMUP_SECONDS, 1));
            for (int round = 0; round < environment.rounds(ROUNDS); round++) {
                int first = (round + 1) * PER_SECOND * Math.max(seconds, WARMUP_SECONDS);
                var placed = growth(gateway, data, () -> {
                    place(load, client, environment, mix, first, seconds);
                    BenchEnvironment.pause(SETTLE); // what the orders still cause
                });
                if (placed.written() <= 0) throw new BenchException("No write to a disk: the folder is in memory");
                orders.add(placed.dividedBy(PER_SECOND * seconds));
                idle.add(growth(gateway, data, () -> BenchEnvironment.pause(Duration.ofSeconds(idleSeconds)))
                        .dividedBy(idleSeconds / 60.0));
                environment.progress("round " + (round + 1) + ": "
                        + Report.format(orders.getLast().written()) + " kB written an order, "
                        + Report.format(idle.getLast().written()) + " kB a minute without any");
            }
        } finally {
            environment.stop(gateway);
        }
        return List.of(
                result("disk.written_kb_an_order", orders, Growth::written, PER_SECOND + " orders/s")
                        .with(Target.below(MAX_WRITTEN_KB, Median.value(orders, Growth::written), "kB")),
                result("disk.kept_kb_an_order", orders, Growth::kept, PER_SECOND + " orders/s")
                        .with(Target.below(MAX_KEPT_KB, Median.value(orders, Growth::kept), "kB")),
                result("disk.idle_written_kb_a_minute", idle, Growth::written, "no order")
                        .with(Target.below(MAX_IDLE_KB, Median.value(idle, Growth::written), "kB")));
    }

    private static void place(
            HttpLoad load, GatewayClient client, BenchEnvironment environment, OrderMix mix, int first, int seconds)
            throws IOException, InterruptedException {
        var pace = Pace.open(System.nanoTime(), PER_SECOND, seconds);
        Orders.place(environment, client, load, pace, n -> mix.request(first + n));
    }

    private static Growth growth(LocalProgram gateway, Path data, Step step) throws IOException, InterruptedException {
        BenchEnvironment.pause(SETTLE);
        long written = written(gateway);
        long kept = FolderSize.of(data).bytes();
        step.run();
        return new Growth(
                (written(gateway) - written) / KILOBYTE, (FolderSize.of(data).bytes() - kept) / KILOBYTE);
    }

    private static long written(LocalProgram gateway) throws IOException {
        long written = JvmProbe.written(gateway);
        if (written < 0) throw new BenchException("The system does not report what a process writes");
        return written;
    }

    private static Result result(String name, List<Growth> rounds, ToDoubleFunction<Growth> figure, String load) {
        return Result.of(name, Median.value(rounds, figure), "kB")
                .withRounds(rounds, figure)
                .with("load", load);
    }
}
