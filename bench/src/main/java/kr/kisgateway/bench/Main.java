package kr.kisgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kr.kisgateway.bench.decode.DecodeBench;

/** {@code ./kis bench}: measures one promise, prints it beside its floor, and writes JSON when asked. */
public final class Main {
    private static final int WRONG_ARGUMENTS = 2;
    private static final String HELP = """
            ./kis bench <what> [--json FILE] [--seconds N]
            성능을 측정하고 기준값과 비교합니다.

              decode     frames of KIS into ticks, one core; floor: the same characters into longs without objects
              quote      GET /v1/quotes/005930 from memory; floor: a bare route of the same server library
              order      all that was promised of orders: until durable, until KIS, until the stream, after a restart;
                         floor: grouped inserts, one commit, an empty journal
              stream     ticks to 50 and 500 WebSocket clients; floor: a bare hub of the same server library
              batch      the prices of all stocks through the SDK; floor: as many calls at KIS's rate
              start      ./kis run until the first quote, and its resident memory
              load       100 users with 10 orders/s at default limits and 50 stream clients, for ten minutes
              budget     a hundred threads with one app key: how much of KIS's limit is used, and how much refused
              simulator  the simulator alone on one core with 500 stocks active: calls, frames, start, memory
              reconnect  from a cut of the socket to the first tick behind it; floor: the second that is waited
              history    twenty years of one symbol's daily bars: from KIS, from the files, and warm

              --json FILE   also writes {"machine":{…},"results":[…]}
              --seconds N   how long each round measures (the default makes a run of one to five minutes)

            Everything runs on this machine's loopback in folders that are removed at the end, Ctrl-C included.
            Measured and measuring share the cores: close what else runs, and compare with the floor of the same run.
            """;

    private static final Map<String, Supplier<Bench>> BENCHES = benches();

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return switch (Options.parse(arguments, BENCHES.keySet())) {
            case Options.Parsed.Help() -> {
                out.print(HELP);
                yield 0;
            }
            case Options.Parsed.Wrong(var sentence) -> {
                err.println(sentence);
                yield WRONG_ARGUMENTS;
            }
            case Options.Parsed.Run(var options) -> measure(options, out, err);
        };
    }

    private static int measure(Options options, PrintStream out, PrintStream err) {
        var bench = BENCHES.get(options.what());
        if (bench == null) throw new IllegalStateException("a parsed name is known");
        try (var workshop = Workshop.open(options.seconds(), err)) {
            var machine = Machine.here(workshop);
            var report = new Report(machine, bench.get().run(workshop));
            out.print(report.table());
            if (options.json().isPresent()) {
                var file = options.json().get().toAbsolutePath();
                if (file.getParent() != null) Files.createDirectories(file.getParent());
                Files.writeString(file, report.json());
                err.println("written: " + file);
            }
            return 0;
        } catch (IOException | BenchException e) {
            err.println("kis bench: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static Map<String, Supplier<Bench>> benches() {
        var benches = new LinkedHashMap<String, Supplier<Bench>>();
        benches.put("decode", DecodeBench::new);
        benches.put("quote", QuoteBench::new);
        benches.put("order", OrderBench::new);
        benches.put("stream", StreamBench::new);
        benches.put("batch", BatchBench::new);
        benches.put("start", StartBench::new);
        benches.put("load", LoadBench::new);
        benches.put("budget", BudgetBench::new);
        benches.put("simulator", SimulatorBench::new);
        benches.put("reconnect", ReconnectBench::new);
        benches.put("history", HistoryBench::new);
        return benches;
    }
}
