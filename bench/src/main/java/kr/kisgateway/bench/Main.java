package kr.kisgateway.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import kr.kisgateway.bench.figures.Comparison;
import kr.kisgateway.bench.figures.PerformancePage;
import kr.kisgateway.bench.figures.StoredRun;
import kr.kisgateway.bench.result.BenchException;

/** {@code ./kis bench}: measures one target, prints it beside its floor, and optionally writes JSON. */
public final class Main {
    private static final int WRONG_ARGUMENTS = 2;
    /** Its text; the launcher prints the file without a build. */
    private static final String HELP = "help.txt";

    private static final Map<String, Supplier<Bench>> BENCHES = benches();

    private Main() {}

    public static void main(String[] args) {
        // Also the gateway's own log, which writes files, would be found by its name.
        System.setProperty(BenchEnvironment.LOG_PROPERTY, BenchEnvironment.LOG_CONFIGURATION);
        System.exit(run(List.of(args), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        return switch (Options.parse(arguments, accepted())) {
            case Options.Parsed.Help() -> {
                out.print(help());
                yield 0;
            }
            case Options.Parsed.Invalid(var sentence) -> {
                err.println(sentence);
                yield WRONG_ARGUMENTS;
            }
            case Options.Parsed.WriteReport() -> writeReport(err);
            case Options.Parsed.MeasureStored(var flags) -> measureStored(flags, out, err);
            case Options.Parsed.Run(var options) -> measure(options, out, err);
        };
    }

    private static int measureStored(Set<Options.Flag> flags, PrintStream out, PrintStream err) {
        try {
            return measureAgain(StoredRun.all(BenchEnvironment.projectHome()), flags, out, err);
        } catch (IOException | BenchException e) {
            err.println("kis bench: " + e.getMessage());
            return 1;
        }
    }

    /** One after the other, also after one that fails. */
    static int measureAgain(List<StoredRun> runs, Set<Options.Flag> flags, PrintStream out, PrintStream err) {
        var failed = new ArrayList<String>();
        for (int i = 0; i < runs.size() && !Thread.currentThread().isInterrupted(); i++) {
            var command = runs.get(i).command();
            err.println("bench: " + (i + 1) + " of " + runs.size() + ": " + command);
            int code = switch (Options.ofStored(command, flags, accepted())) {
                case Options.Parsed.Run(var options) -> measure(options, out, err);
                case Options.Parsed.Invalid(var sentence) -> {
                    err.println(sentence);
                    yield 1;
                }
                case Options.Parsed.Help _, Options.Parsed.WriteReport _, Options.Parsed.MeasureStored _ -> {
                    err.println("kis bench: \"" + command + "\" measures nothing");
                    yield 1;
                }
            };
            if (code != 0) failed.add(command);
        }
        if (runs.isEmpty()) err.println("kis bench: no run is stored");
        if (!failed.isEmpty()) err.println("kis bench: failed: " + String.join(", ", failed));
        return runs.isEmpty() || !failed.isEmpty() ? 1 : 0;
    }

    private static String help() {
        try (var text = Objects.requireNonNull(Main.class.getResourceAsStream(HELP), HELP)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int measure(Options options, PrintStream out, PrintStream err) {
        var bench = BENCHES.get(options.bench());
        if (bench == null) throw new IllegalStateException("a parsed name is known");
        try (var environment = BenchEnvironment.open(options, err)) {
            var stored = environment
                    .home()
                    .resolve(StoredRun.file(options.bench(), options.profile().orElse("")));
            var reference = options.compares() ? Optional.of(reference(stored, options)) : Optional.<StoredRun>empty();
            var commit = Origin.commit(environment.home());
            var machine = Machine.current(environment);
            var measured = bench.get();
            var started = InstantSource.system().instant();
            var results = measured.run(environment);
            var origin = Origin.of(options, commit, InstantSource.system().instant());
            if (Origin.includesClosedMinute(started, origin.measured())) {
                err.println("kis bench: the simulator has no prices from 00:00 to 00:01 in Korea, and the run includes"
                        + " that minute; figures of ticks, quotes and orders may be too low");
            }
            var report = new Report(origin, machine, results);
            out.print(report.table());
            if (options.json().isPresent()) write(options.json().get().toAbsolutePath(), report, err);
            boolean isWorse = reference.isPresent() && isWorse(reference.get(), report, out, err);
            if (options.stores() && isWorse) err.println("not stored; --store without --compare stores it");
            if (options.stores() && !isWorse) write(stored, report, err);
            return isWorse || measured.isJudged() && !report.isMet() ? 1 : 0;
        } catch (IOException | BenchException e) {
            err.println("kis bench: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static void write(Path file, Report report, PrintStream err) throws IOException {
        if (file.getParent() != null) Files.createDirectories(file.getParent());
        Files.writeString(file, report.json());
        err.println("written: " + file);
    }

    /** The stored run, which was measured by the same command. */
    private static StoredRun reference(Path stored, Options options) throws IOException {
        if (!Files.exists(stored)) {
            throw new BenchException(stored + " does not exist: --store keeps a run to compare with");
        }
        var run = StoredRun.read(stored);
        if (!run.command().equals(options.command())) {
            throw new BenchException("The stored run was \"" + run.command() + "\": compare with the same command");
        }
        return run;
    }

    private static boolean isWorse(StoredRun reference, Report report, PrintStream out, PrintStream err) {
        var comparison = Comparison.of(reference, StoredRun.parse(report.json()));
        out.print(comparison.describe());
        if (!comparison.isJudged()) err.println("kis bench: nothing could be judged");
        return comparison.isFallen() || !comparison.isJudged();
    }

    private static int writeReport(PrintStream err) {
        try {
            var home = BenchEnvironment.projectHome();
            var unexplained = PerformancePage.of(home, profiles()).write();
            err.println("written: " + home.resolve(PerformancePage.FILE));
            for (var name : unexplained) {
                err.println("kis bench: " + name + " misses a bar, and no line of the page begins with \"- **" + name
                        + "**\"");
            }
            return unexplained.isEmpty() ? 0 : 1;
        } catch (IOException | BenchException e) {
            err.println("kis bench: " + e.getMessage());
            return 1;
        }
    }

    /** The names of the benches, with those of their profiles. */
    static Map<String, List<String>> profiles() {
        var profiles = new LinkedHashMap<String, List<String>>();
        accepted().forEach((name, bench) -> profiles.put(name, bench.profiles()));
        return profiles;
    }

    static Map<String, Options.Accepted> accepted() {
        var accepted = new LinkedHashMap<String, Options.Accepted>();
        BENCHES.forEach((name, supplier) -> {
            var bench = supplier.get();
            accepted.put(name, new Options.Accepted(bench.profiles(), bench.lengths()));
        });
        return accepted;
    }

    private static Map<String, Supplier<Bench>> benches() {
        var benches = new LinkedHashMap<String, Supplier<Bench>>();
        benches.put("decode", DecodeBench::new);
        benches.put("quote", QuoteBench::new);
        benches.put("order", OrderBench::new);
        benches.put("cluster", ClusterBench::new);
        benches.put("stream", StreamBench::new);
        benches.put("tick", TickBench::new);
        benches.put("batch", BatchBench::new);
        benches.put("start", StartBench::new);
        benches.put("load", LoadBench::new);
        benches.put("budget", BudgetBench::new);
        benches.put("simulator", SimulatorBench::new);
        benches.put("reconnect", ReconnectBench::new);
        benches.put("history", HistoryBench::new);
        benches.put("face", FaceBench::new);
        benches.put("preview", PreviewBench::new);
        benches.put("parents", ParentsBench::new);
        benches.put("venue", VenueBench::new);
        benches.put("day", DayBench::new);
        benches.put("page", PageBench::new);
        benches.put("mcp", McpBench::new);
        benches.put("memory", MemoryBench::new);
        benches.put("disk", DiskBench::new);
        benches.put("peers", PeersBench::new);
        benches.put("growth", GrowthBench::new);
        benches.put("soak", SoakBench::new);
        benches.put("traces", SettingsBench::traces);
        benches.put("overhead", SettingsBench::overhead);
        return benches;
    }
}
