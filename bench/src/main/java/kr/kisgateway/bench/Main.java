package kr.kisgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import kr.kisgateway.bench.decode.DecodeBench;

/** {@code ./kis bench}: measures one target, prints it beside its floor, and optionally writes JSON. */
public final class Main {
    private static final int WRONG_ARGUMENTS = 2;
    private static final String HELP = """
            ./kis bench <what> [PROFILE] [--json FILE] [--seconds N] [--rounds N] [--quick]
            성능을 측정하고 기준값과 비교합니다.

              decode     frames of KIS into ticks, one core; floor: the same characters into longs without objects   2 min
              quote      answers from memory                                                                         2 min
                           memory  GET /v1/quotes/005930; floor: a bare route of the same server library
                           cached  1,000 requests a second of seven kinds, each on schedule regardless of answers
              order      the targets of orders: until durable, until KIS, until the stream, after a
                         restart; floor: grouped inserts, one commit, an empty journal                               6 min
              stream     ticks to WebSocket clients; floor: a bare hub of the same server library, in turns         10 min
                           50x1000, 50x5000, 500x500  clients x ticks a second to each
                           50xmax, 500xmax            more than can be delivered; the rate is what is delivered
                           a20                        50 clients, 20 stocks, trades, quotes and books
                           idle                       memory of an idle client
              batch      the prices of all stocks at 18 calls/s; floor: the calls at that rate                       1 min
                           sdk     by the SDK alone
                           api     POST /v1/quotes/batch
              start      ./kis run until the first quote, and its resident memory                                    2 min
              load       100 users with 10 orders/s at default limits and 50 stream clients                         10 min
              budget     a hundred threads with one app key: how much of KIS's limit is used, and how much refused   1 min
              simulator  the simulator alone on one core with 500 stocks active: calls, frames, start, memory        3 min
              reconnect  from a cut of the socket to the first tick after it; floor: the one-second delay            1 min
              history    twenty years of one symbol's daily bars: from KIS, from the files, and warm                 1 min

              --json FILE   also writes {"machine":{…},"results":[…]}, with the targets and whether they are met
              --seconds N   how long each round measures
              --rounds N    how many rounds (stream: 5)
              --quick       smoke test: one short round, hardly a warm-up; its figures mean nothing

            Everything runs on this machine's loopback in folders that are removed at the end, Ctrl-C included.
            Subject and load generator share the cores: close other programs, and compare with the floor of the same run.
            """;

    private static final Map<String, Supplier<Bench>> BENCHES = benches();

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return switch (Options.parse(arguments, names())) {
            case Options.Parsed.Help() -> {
                out.print(HELP);
                yield 0;
            }
            case Options.Parsed.Invalid(var sentence) -> {
                err.println(sentence);
                yield WRONG_ARGUMENTS;
            }
            case Options.Parsed.Run(var options) -> measure(options, out, err);
        };
    }

    private static int measure(Options options, PrintStream out, PrintStream err) {
        var bench = BENCHES.get(options.bench());
        if (bench == null) throw new IllegalStateException("a parsed name is known");
        try (var environment = BenchEnvironment.open(options, err)) {
            var machine = Machine.current(environment);
            var report = new Report(machine, bench.get().run(environment));
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

    private static Map<String, List<String>> names() {
        var names = new LinkedHashMap<String, List<String>>();
        BENCHES.forEach((name, bench) -> names.put(name, bench.get().profiles()));
        return names;
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
