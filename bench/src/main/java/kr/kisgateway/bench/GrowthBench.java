package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import kr.kisgateway.bench.load.HistoricalOrders;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;

/** {@code growth}: what a gateway costs whose journal has ten years of orders: few, ten times and a hundred times as many. */
final class GrowthBench implements Bench {
    private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000);
    private static final List<Integer> QUICK_SIZES = List.of(4_000, 8_000);
    private static final int DAYS = 3_650;
    private static final int TODAYS_ORDERS = 100;
    private static final int STARTS = 5;
    private static final int READS = 300;
    private static final int WARMUP_READS = 200;
    private static final Duration BACKUP_LIMIT = Duration.ofMinutes(10);

    /** For a hundred times as many orders: what is linear grows a hundredfold. */
    private static final double TIMES_MAX = 2;

    private static final double START_MS_MORE = 500;

    private static final double MEGABYTE = 1 << 20;

    /** What is measured for each number of orders. */
    private enum Figure {
        START("growth.start_ms", "ms"),
        TODAY("growth.orders_of_today_ms", "ms"),
        OLD_DAY("growth.first_order_of_an_old_day_ms", "ms"),
        OLD_ORDER("growth.an_old_order_ms", "ms"),
        EXECUTIONS("growth.page_of_executions_ms", "ms"),
        DISK("growth.disk_bytes_an_order", "bytes"),
        BACKUP("growth.backup_ms_a_megabyte", "ms");

        private final String label;
        private final String unit;

        Figure(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator());
        var sizes = environment.isQuick() ? QUICK_SIZES : SIZES;
        var measured = new EnumMap<Figure, Map<Integer, Double>>(Figure.class);
        try {
            for (int size : sizes) {
                var launch = environment
                        .gateway()
                        .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulator.simulatorPort());
                new Journal(environment, launch, size).measure(measured);
            }
        } catch (SQLException e) {
            throw new BenchException("A database failed: " + e.getMessage(), e);
        }
        environment.stop(simulator);
        return measured.entrySet().stream()
                .map(each -> result(each.getKey(), each.getValue(), sizes))
                .toList();
    }

    private static Result result(Figure figure, Map<Integer, Double> bySize, List<Integer> sizes) {
        double least = bySize.getOrDefault(sizes.getFirst(), 0.0);
        double most = bySize.getOrDefault(sizes.getLast(), 0.0);
        var each = new LinkedHashMap<String, Double>();
        bySize.forEach((size, value) -> each.put(String.format(Locale.ROOT, "%,d", size), value));
        var smallest = String.format(Locale.ROOT, "%,d orders", sizes.getFirst());
        return Result.of(figure.label, most, figure.unit)
                .with(each)
                .with(
                        figure == Figure.START
                                ? Target.atMost(START_MS_MORE, most - least, "ms more than with " + smallest)
                                : Target.atMost(TIMES_MAX, most / least, "times that with " + smallest));
    }

    /** A gateway whose journal has {@code size} orders. */
    private record Journal(BenchEnvironment environment, Launch launch, int size) {
        void measure(Map<Figure, Map<Integer, Double>> measured)
                throws IOException, InterruptedException, SQLException {
            environment.progress(String.format(Locale.ROOT, "writing %,d orders of ten years", size));
            OrderRestart.start(environment, launch, "");
            var file = OrderRestart.journal(launch);
            long empty = Files.size(file);
            double emptyBackup = backupMillis(); // mostly the start of the command
            List<String> oldOrders;
            try (var history = HistoricalOrders.open(file)) {
                oldOrders = history.addOrders(Orders.today(), DAYS, size - TODAYS_ORDERS, TODAYS_ORDERS);
            }
            var oldest = oldOrders.getFirst();
            long bytes = Files.size(file) - empty;
            OrderRestart.start(environment, launch, oldest); // what one start does once
            var starts = new ArrayList<Double>();
            for (int i = 0; i < environment.rounds(STARTS); i++) {
                starts.add(OrderRestart.start(environment, launch, oldest));
            }
            put(measured, Figure.START, Median.of(starts, millis -> millis));
            put(measured, Figure.DISK, (double) bytes / size);
            read(measured, oldOrders);
            put(measured, Figure.BACKUP, (backupMillis() - emptyBackup) / (bytes / MEGABYTE));
        }

        /** @param oldOrders the first one of each day */
        private void read(Map<Figure, Map<Integer, Double>> measured, List<String> oldOrders)
                throws InterruptedException {
            var today = Orders.today();
            var gateway = environment.start(launch);
            try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
                Orders.awaitReady(client);
                put(measured, Figure.TODAY, median(client, "orders", _ -> "/v1/orders?limit=100&date=" + today));
                // Another day each time, and another order of one: none is in memory.
                put(
                        measured,
                        Figure.OLD_DAY,
                        median(
                                client,
                                "orders",
                                n -> "/v1/orders?limit=1&date=" + today.minusDays(30 + n * 7 % (DAYS - 30))));
                put(
                        measured,
                        Figure.OLD_ORDER,
                        median(client, "order_id", n -> "/v1/orders/" + oldOrders.get(n * 7 % oldOrders.size())));
                put(
                        measured,
                        Figure.EXECUTIONS,
                        median(
                                client,
                                "executions",
                                n -> "/v1/executions?limit=100&account_id=A1&from=" + today.minusDays(DAYS - n) + "&to="
                                        + today.minusDays(1)));
            } finally {
                environment.stop(gateway);
            }
        }

        /** The median time of a GET request, one at a time. */
        private double median(GatewayClient client, String part, IntFunction<String> path) {
            var latency = new Latency();
            int warmup = environment.normalOrQuick(WARMUP_READS, 10);
            int reads = environment.normalOrQuick(READS, 10);
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

        private double backupMillis() throws IOException, InterruptedException {
            var into = environment.folder("backup");
            // As the gateway, with other arguments.
            var command = new Launch(
                    launch.home(),
                    launch.section(),
                    launch.mainClass(),
                    launch.workingDirectory(),
                    List.of("backup", "create", "--to", into.toString()),
                    launch.environment(),
                    launch.jvmFlags());
            long startedAt = System.nanoTime();
            var backup = environment.run("The backup", command.processBuilder(), BACKUP_LIMIT);
            double millis = (System.nanoTime() - startedAt) / 1e6;
            if (backup.exitCode() != 0) {
                throw new BenchException("The backup failed: " + String.join("\n", backup.out()) + backup.err());
            }
            environment.progress(String.format(
                    Locale.ROOT, "%,d orders: backup of %,d MB after %,.0f ms", size, bytes(into) >> 20, millis));
            return millis;
        }

        private static long bytes(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                long sum = 0;
                for (var file : files.toList()) sum += Files.size(file);
                return sum;
            }
        }

        private void put(Map<Figure, Map<Integer, Double>> measured, Figure figure, double value) {
            measured.computeIfAbsent(figure, _ -> new LinkedHashMap<>()).put(size, value);
            environment.progress(String.format(Locale.ROOT, "%,d orders: %s %.3f", size, figure.label, value));
        }
    }
}
