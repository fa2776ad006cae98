package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import kr.kisgateway.bench.load.HistoricalOrders;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.gatewayclient.GatewayClient;

/** A gateway whose journal has ten years of orders: few, ten times and a hundred times as many. */
final class OrderGrowth {
    private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000);
    private static final List<Integer> QUICK_SIZES = List.of(4_000, 8_000);
    private static final int DAYS = 3_650;
    private static final int TODAYS_ORDERS = 100;
    private static final int READS = 300;
    private static final int WARMUP_READS = 200;

    private static final String START = "growth.start_ms";
    private static final String TODAY = "growth.orders_of_today_ms";
    private static final String OLD_DAY = "growth.first_order_of_an_old_day_ms";
    private static final String OLD_ORDER = "growth.an_old_order_ms";
    private static final String EXECUTIONS = "growth.page_of_executions_ms";
    private static final String DISK = "growth.disk_bytes_an_order";
    private static final String BACKUP = "growth.backup_ms_a_megabyte";

    private OrderGrowth() {}

    static List<Result> measure(BenchEnvironment environment) throws IOException, InterruptedException, SQLException {
        var simulator = environment.start(environment.simulator());
        var figures = new GrowthFigures("orders");
        for (int size : environment.isQuick() ? QUICK_SIZES : SIZES) {
            var launch = environment.gateway(simulator.simulatorPort());
            measure(new GrownGateway(environment, launch, size, "orders", figures));
        }
        environment.stop(simulator);
        return List.of(
                figures.start(START),
                figures.flat(DISK, "bytes"),
                figures.flat(TODAY, "ms"),
                figures.flat(OLD_DAY, "ms"),
                figures.flat(OLD_ORDER, "ms"),
                figures.flat(EXECUTIONS, "ms"),
                figures.flat(BACKUP, "ms"));
    }

    private static void measure(GrownGateway gateway) throws IOException, InterruptedException, SQLException {
        var environment = gateway.environment();
        environment.progress("writing " + gateway.label() + " of ten years");
        OrderRestart.start(environment, gateway.launch(), "");
        var file = OrderRestart.journal(gateway.launch());
        long empty = Files.size(file);
        double emptyBackup = gateway.backupMillis(); // mostly the start of the command
        List<String> oldOrders;
        try (var history = HistoricalOrders.open(file)) {
            oldOrders = history.addOrders(Orders.today(), DAYS, gateway.quantity() - TODAYS_ORDERS, TODAYS_ORDERS);
        }
        long bytes = Files.size(file) - empty;
        gateway.put(START, gateway.startMillis(oldOrders.getFirst()));
        gateway.put(DISK, (double) bytes / gateway.quantity());
        read(gateway, oldOrders);
        gateway.put(BACKUP, (gateway.backupMillis() - emptyBackup) / (bytes / GrownGateway.MEGABYTE));
    }

    /** @param oldOrders the first one of each day */
    private static void read(GrownGateway gateway, List<String> oldOrders) throws InterruptedException {
        var environment = gateway.environment();
        var today = Orders.today();
        int warmup = environment.normalOrQuick(WARMUP_READS, 10);
        int reads = environment.normalOrQuick(READS, 10);
        var process = environment.start(gateway.launch());
        try (var client = GatewayClient.onPort(process.gatewayPort())) {
            Orders.awaitReady(client);
            gateway.put(
                    TODAY,
                    gateway.readMillis(client, "orders", warmup, reads, _ -> "/v1/orders?limit=100&date=" + today));
            // Another day each time, and another order of one: none is in memory.
            gateway.put(
                    OLD_DAY,
                    gateway.readMillis(
                            client,
                            "orders",
                            warmup,
                            reads,
                            n -> "/v1/orders?limit=1&date=" + today.minusDays(30 + n * 7 % (DAYS - 30))));
            gateway.put(
                    OLD_ORDER,
                    gateway.readMillis(
                            client,
                            "order_id",
                            warmup,
                            reads,
                            n -> "/v1/orders/" + oldOrders.get(n * 7 % oldOrders.size())));
            gateway.put(
                    EXECUTIONS,
                    gateway.readMillis(
                            client,
                            "executions",
                            warmup,
                            reads,
                            n -> "/v1/executions?limit=100&account_id=A1&from=" + today.minusDays(DAYS - n) + "&to="
                                    + today.minusDays(1)));
        } finally {
            environment.stop(process);
        }
    }
}
