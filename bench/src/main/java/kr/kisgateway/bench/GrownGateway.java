package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;

/**
 * A gateway with a quantity of stored data, and what is measured of each.
 *
 * @param quantity of what grows
 * @param unit of the quantity: {@code orders}
 */
record GrownGateway(BenchEnvironment environment, Launch launch, int quantity, String unit, GrowthFigures figures) {
    static final double MEGABYTE = 1 << 20;

    private static final int STARTS = 5;
    private static final Duration BACKUP_LIMIT = Duration.ofMinutes(10);

    /**
     * Starts it once for what only one start does, then several times.
     *
     * @param order one that has to be there; empty for none
     * @return the middle time until it was ready
     */
    double startMillis(String order) throws InterruptedException {
        OrderRestart.start(environment, launch, order);
        var starts = new ArrayList<Double>();
        for (int i = 0; i < environment.rounds(STARTS); i++) {
            starts.add(OrderRestart.start(environment, launch, order));
        }
        return Median.of(starts, millis -> millis);
    }

    /**
     * The median time of a GET request, one at a time.
     *
     * @param part of the answer that must not be empty
     * @param warmup requests that are not counted
     */
    double readMillis(GatewayClient client, String part, int warmup, int reads, IntFunction<String> path) {
        var latency = new Latency();
        for (int n = 0; n < warmup + reads; n++) {
            long startedAt = System.nanoTime();
            var answer = client.get(path.apply(n));
            long took = System.nanoTime() - startedAt;
            if (!answer.ok()
                    || answer.body().path(part).isEmpty()
                            && !answer.body().path(part).isString()) {
                throw new BenchException(path.apply(n) + " was answered " + answer);
            }
            if (n >= warmup) latency.record(took);
        }
        return latency.ms(50);
    }

    /** How long {@code ./kis backup create} takes beside no gateway. */
    double backupMillis(String... options) throws IOException, InterruptedException {
        var into = environment.folder("backup");
        var arguments = new ArrayList<>(List.of("backup", "create", "--to", into.toString()));
        arguments.addAll(List.of(options));
        // As the gateway, with other arguments.
        var command = new Launch(
                launch.home(),
                launch.section(),
                launch.mainClass(),
                launch.workingDirectory(),
                arguments,
                launch.environment(),
                launch.jvmFlags());
        long startedAt = System.nanoTime();
        var backup = environment.run("The backup", command.processBuilder(), BACKUP_LIMIT);
        double millis = (System.nanoTime() - startedAt) / 1e6;
        if (backup.exitCode() != 0) {
            throw new BenchException("The backup failed: " + String.join("\n", backup.out()) + backup.err());
        }
        environment.progress(String.format(
                Locale.ROOT,
                "%s: backup of %,d MB after %,.0f ms",
                label(),
                FolderSize.of(into).bytes() >> 20,
                millis));
        return millis;
    }

    /** What a backup with the history takes longer than one without, for each megabyte of the history's {@code bytes}. */
    double historyBackupMillis(long bytes) throws IOException, InterruptedException {
        return (backupMillis("--history") - backupMillis()) / (bytes / MEGABYTE);
    }

    /** Records a figure of this gateway. */
    void put(String figure, double value) {
        figures.put(figure, quantity, value);
        environment.progress(String.format(Locale.ROOT, "%s: %s %.3f", label(), figure, value));
    }

    String label() {
        return String.format(Locale.ROOT, "%,d %s", quantity, unit);
    }
}
