package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;

/**
 * A gateway whose files have twenty years of daily bars: of some stocks, four times as many, and of all. The gateway loads them
 * itself, from a simulator without a limit of calls. Each quantity is a fixed part of the listing, so that old and young stocks
 * are mixed alike.
 */
final class BarGrowth {
    /** Of so many stocks of the listing one is taken. */
    private static final List<Integer> PARTS = List.of(24, 6, 1);

    private static final List<Integer> QUICK_PARTS = List.of(720, 360);
    private static final int YEARS = 20;
    private static final int WARMUP_READS = 10;
    private static final int CALLS_A_SECOND = 50_000;

    private static final String START = "growth.bars.start_ms";
    private static final String BACKFILL = "growth.bars.backfill_ms_a_stock";
    private static final String READ = "growth.bars.first_read_of_a_stock_ms";
    private static final String DISK = "growth.bars.disk_bytes_a_stock";
    private static final String BACKUP = "growth.bars.backup_ms_a_megabyte";

    private BarGrowth() {}

    static List<Result> measure(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator("--rate", String.valueOf(CALLS_A_SECOND)));
        var figures = new GrowthFigures("stocks");
        var parts = environment.isQuick() ? QUICK_PARTS : PARTS;
        var smallest = stocks(parts.getFirst());
        for (int part : parts) {
            var stocks = stocks(part);
            var launch = environment
                    .gateway(simulator.simulatorPort())
                    .withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(CALLS_A_SECOND));
            measure(new GrownGateway(environment, launch, stocks.size(), "stocks", figures), stocks, smallest);
        }
        environment.stop(simulator);
        return List.of(
                figures.start(START),
                figures.flat(BACKFILL, "ms"),
                figures.flat(READ, "ms"),
                figures.flat(DISK, "bytes"),
                figures.flat(BACKUP, "ms"));
    }

    private static List<Instrument> stocks(int part) {
        var listing = Instruments.load().all().stream()
                .filter(stock -> stock.symbol().code().matches("\\d{6}"))
                .toList();
        var stocks = new ArrayList<Instrument>();
        for (int i = 0; i < listing.size(); i += part) stocks.add(listing.get(i));
        return stocks;
    }

    private static void measure(GrownGateway gateway, List<Instrument> stocks, List<Instrument> smallest)
            throws IOException, InterruptedException {
        var environment = gateway.environment();
        var to = Orders.today().minusDays(1);
        environment.progress("loading twenty years of " + gateway.label());
        var process = environment.start(gateway.launch());
        var history = process.dataDirectory().resolve("history");
        try (var client = GatewayClient.onPort(process.gatewayPort())) {
            Orders.awaitReady(client);
            gateway.put(BACKFILL, backfillMillis(client, environment, stocks, to) / stocks.size());
            if (process.stop(Duration.ofSeconds(30)).isEmpty()) throw new BenchException("The gateway did not stop");
        } finally {
            environment.stop(process);
        }
        long bytes = FolderSize.of(history).bytes();
        gateway.put(DISK, (double) bytes / stocks.size());
        gateway.put(START, gateway.startMillis(""));
        read(gateway, smallest, to);
        gateway.put(BACKUP, gateway.historyBackupMillis(bytes));
    }

    /** Stocks that every quantity has, each requested once after a start: none is in memory. */
    private static void read(GrownGateway gateway, List<Instrument> smallest, LocalDate to)
            throws InterruptedException {
        var environment = gateway.environment();
        int warmup = Math.min(WARMUP_READS, smallest.size() / 2);
        var process = environment.start(gateway.launch());
        try (var client = GatewayClient.onPort(process.gatewayPort())) {
            Orders.awaitReady(client);
            gateway.put(
                    READ,
                    gateway.readMillis(
                            client,
                            "bars",
                            warmup,
                            smallest.size() - warmup,
                            n -> "/v1/bars/" + smallest.get(n).symbol().code() + "?period=D&limit=250&from="
                                    + to.minusYears(1) + "&to=" + to));
        } finally {
            environment.stop(process);
        }
    }

    private static double backfillMillis(
            GatewayClient client, BenchEnvironment environment, List<Instrument> stocks, LocalDate to)
            throws InterruptedException {
        var symbols = stocks.stream()
                .map(stock -> "\"" + stock.symbol().code() + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        var request = "{\"symbols\":" + symbols + ",\"period\":\"D\",\"from\":\"" + to.minusYears(YEARS)
                + "\",\"to\":\"" + to + "\"}";
        long startedAt = System.nanoTime();
        DailyBackfill.load(environment, client, request, stocks.size());
        return (System.nanoTime() - startedAt) / 1e6;
    }
}
