package kr.kisgateway.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.terminal.ProgressBar;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./kis simulate --report}: days of one gateway and of three, every planted defect, and the page about them. */
final class ReliabilityReport {
    private static final String PART = ".part";
    private static final String KILLS = "kills.json";

    private final SimulatedDay days = new SimulatedDay();
    private final long first;
    private final int count;
    private final List<Bug> bugs;
    private final ProgressBar progress;

    /** @param found empty when no day showed it */
    private record Planted(Bug bug, Optional<PlantedBug> found) {}

    /** Days of one kind. */
    private record Campaign(boolean cluster, List<SimulatedDay.Verdict> verdicts) {
        int orders() {
            return verdicts.stream().mapToInt(SimulatedDay.Verdict::orders).sum();
        }

        int deaths() {
            return verdicts.stream().mapToInt(SimulatedDay.Verdict::deaths).sum();
        }

        long events() {
            return verdicts.stream().mapToLong(SimulatedDay.Verdict::events).sum();
        }

        List<SimulatedDay.Verdict> wrong() {
            return verdicts.stream().filter(it -> !it.findings().isEmpty()).toList();
        }

        Map<String, Integer> figures() {
            return sums(new LinkedHashMap<>(), SimulatedDay.Verdict::figures);
        }

        Map<String, Integer> faults() {
            return sums(new TreeMap<>(), SimulatedDay.Verdict::faults);
        }

        private Map<String, Integer> sums(
                Map<String, Integer> sums, Function<SimulatedDay.Verdict, Map<String, Integer>> counts) {
            verdicts.forEach(it -> counts.apply(it).forEach((name, value) -> sums.merge(name, value, Integer::sum)));
            return sums;
        }

        String command(long seed) {
            return "./kis simulate " + (cluster ? "--cluster " : "") + "--seed " + seed;
        }
    }

    /**
     * @param first seed of the first day
     * @param count days of each kind
     * @param bugs defects to plant
     */
    ReliabilityReport(long first, int count, List<Bug> bugs, ProgressBar progress) {
        this.first = first;
        this.count = count;
        this.bugs = List.copyOf(bugs);
        this.progress = progress;
    }

    /**
     * Runs everything and writes the page, complete or not at all.
     *
     * @return whether no day has a finding and every planted defect was found
     */
    boolean write(Path file) throws IOException {
        var single = new Campaign(false, run(false));
        var cluster = new Campaign(true, run(true));
        var planted = new ArrayList<Planted>();
        for (Bug bug : bugs) {
            progress.at("planted defects", planted.size(), bugs.size(), ProgressBar.Unit.COUNT);
            planted.add(new Planted(bug, PlantedBug.find(days, bug)));
        }
        progress.close();
        Path part = file.resolveSibling(file.getFileName() + PART);
        Files.writeString(part, page(file, single, cluster, planted));
        AtomicFile.replace(part, file);
        return single.wrong().isEmpty()
                && cluster.wrong().isEmpty()
                && planted.stream().allMatch(it -> it.found().isPresent());
    }

    private List<SimulatedDay.Verdict> run(boolean cluster) {
        String what = cluster ? "days of three gateways" : "days of one gateway";
        var done = new AtomicInteger();
        return LongStream.range(first, first + count)
                .parallel()
                .mapToObj(seed -> {
                    var verdict = cluster ? days.runCluster(seed) : days.run(seed);
                    synchronized (progress) {
                        progress.at(what, done.incrementAndGet(), count, ProgressBar.Unit.COUNT);
                    }
                    return verdict;
                })
                .toList();
    }

    private String page(Path file, Campaign single, Campaign cluster, List<Planted> planted) throws IOException {
        var lines = new ArrayList<String>();
        lines.add("# Reliability");
        lines.add("");
        lines.add("Written by `./kis simulate --report " + file + " --seed " + first + " --days " + count
                + "`; not by hand. What a day contains: [SIMULATION.md](SIMULATION.md). The same sources write the same page to the"
                + " byte, so a difference shows that it is of other sources.");
        lines.add("");
        lines.add("시뮬레이션한 거래일, 발생시킨 장애, 일부러 심은 결함과 이를 발견한 판정의 기록입니다. 위 명령으로 다시 만들 수 있습니다.");
        lines.add("");
        lines.add("## Days");
        lines.add("");
        lines.add("| | one gateway | three gateways |");
        lines.add("|---|---|---|");
        lines.add(row("seeds", first + " to " + (first + count - 1), first + " to " + (first + count - 1)));
        lines.add(row("days", number(count), number(count)));
        lines.add(row("orders", number(single.orders()), number(cluster.orders())));
        lines.add(row("deaths between two steps of a gateway", number(single.deaths()), number(cluster.deaths())));
        lines.add(row("simulated steps", number(single.events()), number(cluster.events())));
        lines.addAll(rows(single.figures(), cluster.figures()));
        lines.add(row(
                "**days with findings**",
                "**" + single.wrong().size() + "**",
                "**" + cluster.wrong().size() + "**"));
        lines.add("");
        for (Campaign campaign : List.of(single, cluster)) {
            campaign.wrong()
                    .forEach(day -> day.findings()
                            .forEach(finding ->
                                    lines.add("- `" + campaign.command(day.seed()) + "`: " + line(finding))));
        }
        if (!lines.getLast().isEmpty()) {
            lines.add("");
        }
        lines.add("## Faults");
        lines.add("");
        lines.add(
                "Planned for the days above, or drawn for a call. One day in ten has none of broker, network and processes, and one"
                        + " in ten of those of three gateways none of machines and database.");
        lines.add("");
        lines.add("| | one gateway | three gateways |");
        lines.add("|---|---|---|");
        lines.addAll(rows(single.faults(), cluster.faults()));
        lines.add("");
        lines.add("## Invariants");
        lines.add("");
        lines.add(
                "Compared on each of these days by a checker that has no code of the gateway: what clients requested and were"
                        + " answered, what was sent when, what was durable by then, and the broker's own file. The last column has the"
                        + " [planted defects](#planted-defects) that broke it. Where it is empty, histories written by hand show that the"
                        + " checker finds it (`simulation/src/test`, package `history`).");
        lines.add("");
        lines.add("| invariant | gateways | finding | planted defects |");
        lines.add("|---|---|---|---|");
        for (Invariant invariant : Invariant.values()) {
            lines.add("| " + invariant.sentence() + " | " + (invariant.isOfCluster() ? "3" : "1 and 3") + " | "
                    + invariant.findings().stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "))
                    + " | " + brokenBy(invariant, planted) + " |");
        }
        lines.add("");
        lines.add("## Planted defects");
        lines.add("");
        lines.add(
                "A checker that finds nothing proves nothing. Each of these defects was put into the gateway of a day,"
                        + " and the sentence is that by which the checker found it.");
        lines.add("");
        lines.add("| defect | gateways | seed | found as |");
        lines.add("|---|---|---|---|");
        planted.forEach(it -> lines.add("| " + Words.of(it.bug().name()) + " | "
                + (it.bug().isOfCluster() ? 3 : 1)
                + " | "
                + it.found().map(found -> found.seed() + " | " + found.rule()).orElse("– | **not found**")
                + " |"));
        lines.add("");
        lines.add("## Processes");
        lines.add("");
        lines.add(
                "Days in one thread prove nothing about sockets, disks and processes. These tests kill, stop and starve real ones"
                        + " under load, and the same checker compares what clients received with the gateway and with the broker's book:"
                        + " `KillTest` (SIGKILL between any two steps), `DurabilityTest` (flushed before it is answered), `DiskFullTest`,"
                        + " `InDoubtTest`, `ClusterTest` ([CLUSTER.md](CLUSTER.md#limits) has its take-overs),"
                        + " `ClusterParentsTest` (brackets), `AppKeysTest` (20 accounts), `ClusterRedisTest`, `EdgeLinkTest`."
                        + " `./kis test --all` runs them, `KillTest`, `ClusterTest` and `ClusterParentsTest` with some rounds;"
                        + " `./kis test --long` has 200, 50 and 50.");
        kills(file.resolveSibling(KILLS)).ifPresent(record -> {
            lines.add("");
            lines.add("The last stored run of `KillTest` with "
                    + record.path("rounds").asInt() + " rounds, of "
                    + record.path("day").asString() + " at commit "
                    + record.path("commit").asString() + " (seed "
                    + record.path("seed").asLong() + "; `" + KILLS + "` beside this page, written by the test with"
                    + " `-Dkis.docs.write=true`):");
            lines.add("");
            lines.add("| | |");
            lines.add("|---|---|");
            record.path("figures")
                    .properties()
                    .forEach(figure -> lines.add("| " + figure.getKey() + " | "
                            + number(figure.getValue().asLong()) + " |"));
        });
        return String.join("\n", lines) + "\n";
    }

    /** What the kills of real processes found, where such a run was stored. */
    private static Optional<JsonNode> kills(Path record) throws IOException {
        return Files.exists(record)
                ? Optional.of(JsonMapper.shared().readTree(Files.readString(record)))
                : Optional.empty();
    }

    private static String brokenBy(Invariant invariant, List<Planted> planted) {
        return planted.stream()
                .filter(it -> it.found()
                        .filter(found -> invariant.isBrokenBy(found.rule()))
                        .isPresent())
                .map(it -> Words.of(it.bug().name()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> rows(Map<String, Integer> single, Map<String, Integer> cluster) {
        var names = new LinkedHashSet<>(single.keySet());
        names.addAll(cluster.keySet());
        return names.stream()
                .map(name -> row(
                        name,
                        Optional.ofNullable(single.get(name))
                                .map(ReliabilityReport::number)
                                .orElse("–"),
                        Optional.ofNullable(cluster.get(name))
                                .map(ReliabilityReport::number)
                                .orElse("–")))
                .toList();
    }

    private static String row(String name, String single, String cluster) {
        return "| " + name + " | " + single + " | " + cluster + " |";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String line(String finding) {
        return finding.replace('\n', ' ');
    }
}
