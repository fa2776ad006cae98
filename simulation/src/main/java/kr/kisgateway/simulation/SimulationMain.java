package kr.kisgateway.simulation;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kr.kisgateway.terminal.ProgressBar;
import kr.kisgateway.terminal.Screen;

/** {@code ./kis simulate}: runs days by their seeds, or replays one with its timeline. */
public final class SimulationMain {
    private static final int WRONG_ARGUMENTS = 2;
    private static final int DEFAULT_DAYS = 200;
    private static final int ACTIVE = 50;
    private static final int ACTIVE_MAX = 2_000;
    private static final int DIGITS = 16;
    private static final String HELP = """
        ./kis simulate [--seed N] [--days N] [--timeline] [--cluster]
        ./kis simulate --market-day [--seed N] [--active N]
        ./kis simulate --report FILE [--seed N] [--days N]

        Runs whole trading days in virtual time, with faults of every kind, and verifies each.
        거래일 전체를 가상 시간으로 실행하고 판정합니다; 시드 하나를 그대로 재현합니다.

          --seed N      only the day of this seed
          --days N      number of days, from --seed on (200 from 1 without either)
          --timeline    prints every event, line by line
          --cluster     three gateways that share a database, with faults of all
                        데이터베이스를 함께 쓰는 게이트웨이 셋과 그 장애를 실행합니다
          --market-day  only the simulator's market: all shares on both venues from 08:00 to 20:00
                        시뮬레이터 시장만 하루 전체를 실행합니다 (모든 종목, 08:00~20:00)
          --active N    with --market-day: number of stocks order by order, the busiest (50)

          --report FILE days of one gateway and of three, and every planted defect,
                        as a page: docs/RELIABILITY.md
                        거래일과 심은 결함을 모두 실행하고 결과를 문서로 씁니다

        Exit 0: no findings. 1: findings; the seed is printed and replays alone. 2: wrong arguments.
        """;

    private SimulationMain() {}

    public static void main(String[] args) {
        // A timeline is long: unbuffered it would cost more than the day.
        try (var out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            int width = Screen.width(Optional.ofNullable(System.getenv("KIS_COLUMNS")));
            var progress = new ProgressBar(System.err, width != Screen.UNBOUNDED, width, InstantSource.system());
            int result = run(List.of(args), out, System.err, progress);
            out.flush();
            System.exit(result);
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err, ProgressBar progress) {
        long seed = 1;
        int days = DEFAULT_DAYS;
        boolean timeline = false;
        boolean market = false;
        boolean cluster = false;
        int active = ACTIVE;
        Optional<Path> report = Optional.empty();
        try {
            for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
                String name = left.next();
                switch (name) {
                    case "--seed" -> {
                        seed = wholeNumber(name, left, Long.MIN_VALUE, Long.MAX_VALUE);
                        days = arguments.contains("--days") ? days : 1;
                    }
                    case "--days" -> days = (int) wholeNumber(name, left, 1, Integer.MAX_VALUE);
                    case "--timeline" -> timeline = true;
                    case "--cluster" -> cluster = true;
                    case "--market-day" -> market = true;
                    case "--report" -> report = Optional.of(file(name, left));
                    case "--active" -> active = (int) wholeNumber(name, left, 1, ACTIVE_MAX);
                    case "--help", "-h" -> {
                        out.print(HELP);
                        return 0;
                    }
                    default -> throw new WrongArgumentException("There is no option \"" + name + "\".");
                }
            }
        } catch (WrongArgumentException e) {
            err.println(e.getMessage());
            err.println();
            err.print(HELP);
            return WRONG_ARGUMENTS;
        }
        if (report.isPresent()) {
            return report(report.get(), seed, days, out, err, progress);
        }
        return market ? market(seed, active, out) : days(seed, days, timeline, cluster, out, progress);
    }

    private static Path file(String name, Iterator<String> left) {
        if (!left.hasNext()) {
            throw new WrongArgumentException(name + " needs a file after it.");
        }
        try {
            Path file = Path.of(left.next());
            if (!Files.isDirectory(file.resolveSibling(".")) || Files.isDirectory(file)) {
                throw new WrongArgumentException(
                        name + " cannot write " + file + ": no such folder, or a folder itself.");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new WrongArgumentException(name + " needs a file, not \"" + e.getInput() + "\".");
        }
    }

    private static int report(Path file, long seed, int days, PrintStream out, PrintStream err, ProgressBar progress) {
        try {
            boolean good = new ReliabilityReport(seed, days, List.of(Bug.values()), progress).write(file);
            out.println(file + (good ? ": no findings, and every planted defect was found" : ": findings, see there"));
            return good ? 0 : 1;
        } catch (IOException e) {
            progress.close();
            err.println(file + " was not written: " + e.getMessage());
            return 1;
        }
    }

    private static int market(long seed, int active, PrintStream out) {
        var threads = ManagementFactory.getThreadMXBean();
        long startedAt = threads.getCurrentThreadCpuTime();
        MarketDay.Outcome day = MarketDay.allShares(seed, active).run(MarketDay.MORNING, MarketDay.EVENING);
        long millis = (threads.getCurrentThreadCpuTime() - startedAt) / 1_000_000;
        day.findings().forEach(out::println);
        out.println("a day of " + day.stocks() + " stocks on both venues, " + active + " of them order by order: "
                + day.trades() + " trades, " + day.shares() + " shares in all, " + millis + " ms of CPU, digest "
                + day.digest().substring(0, DIGITS) + ", " + day.findings().size() + " findings");
        return day.findings().isEmpty() ? 0 : 1;
    }

    private static long wholeNumber(String name, Iterator<String> left, long min, long max) {
        String requirement = name + " needs a whole number" + (min == 1 ? " above 0" : "");
        if (!left.hasNext()) {
            throw new WrongArgumentException(requirement + " after it.");
        }
        String text = left.next();
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below together with values out of range
        }
        throw new WrongArgumentException(requirement + ", not \"" + text + "\".");
    }

    private static final class WrongArgumentException extends RuntimeException {
        private static final long serialVersionUID = 1;

        WrongArgumentException(String message) {
            super(message);
        }
    }

    private static int days(
            long first, int days, boolean timeline, boolean cluster, PrintStream out, ProgressBar progress) {
        var simulated = new SimulatedDay();
        var threads = ManagementFactory.getThreadMXBean();
        long startedAt = threads.getCurrentThreadCpuTime();
        int bad = 0;
        int orders = 0;
        int deaths = 0;
        var figures = new LinkedHashMap<String, Integer>();
        for (long seed = first; seed < first + days; seed++) {
            if (days > 1 && !timeline) {
                progress.at("days", seed - first, days, ProgressBar.Unit.COUNT);
            }
            Consumer<String> lines = out::println;
            SimulatedDay.Verdict verdict = cluster
                    ? timeline ? simulated.runCluster(seed, lines) : simulated.runCluster(seed)
                    : timeline ? simulated.run(seed, lines) : simulated.run(seed);
            orders += verdict.orders();
            deaths += verdict.deaths();
            verdict.figures().forEach((name, count) -> figures.merge(name, count, Integer::sum));
            if (!verdict.findings().isEmpty()) {
                bad++;
                progress.close();
                out.println("seed " + seed + " is wrong; ./kis simulate " + (cluster ? "--cluster " : "") + "--seed "
                        + seed + " --timeline shows why:");
                verdict.findings().forEach(sentence -> out.println("  " + sentence));
            }
        }
        progress.close();
        long millis = (threads.getCurrentThreadCpuTime() - startedAt) / 1_000_000 / Math.max(1, days);
        out.println(days + " days, " + orders + " orders, " + deaths + " deaths of the gateway, "
                + figures.entrySet().stream()
                        .map(figure -> figure.getValue() + " " + figure.getKey())
                        .collect(Collectors.joining(", "))
                + ", " + millis + " ms of CPU a day, " + bad + " days wrong");
        return bad == 0 ? 0 : 1;
    }
}
