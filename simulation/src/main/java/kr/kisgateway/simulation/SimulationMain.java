package kr.kisgateway.simulation;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@code ./kis simulate}: runs days by their seeds, and tells one step by step. */
public final class SimulationMain {
    private static final int WRONG_ARGUMENTS = 2;
    private static final int SEVERAL = 200;
    private static final String HELP = """
            ./kis simulate [--seed N] [--days N] [--timeline]

            Runs whole trading days in virtual time, with everything going wrong that can, and judges each.

              --seed N      the day of this seed alone
              --days N      so many days, from --seed on (200 from 1 without either)
              --timeline    tells everything that happens, line by line

            Exit 0: nothing wrong. 1: something is; its seed is printed and replays alone. 2: wrong arguments.
            """;

    private SimulationMain() {}

    public static void main(String[] args) {
        // A timeline is long: unbuffered it would cost more than the day.
        try (var out = new PrintStream(System.out, false, StandardCharsets.UTF_8)) {
            int result = run(List.of(args), out, System.err);
            out.flush();
            System.exit(result);
        }
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        long seed = 1;
        int days = SEVERAL;
        boolean timeline = false;
        try {
            for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
                switch (left.next()) {
                    case "--seed" -> {
                        seed = Long.parseLong(left.next());
                        days = arguments.contains("--days") ? days : 1;
                    }
                    case "--days" -> days = Integer.parseInt(left.next());
                    case "--timeline" -> timeline = true;
                    case "--help", "-h" -> {
                        out.print(HELP);
                        return 0;
                    }
                    default -> {
                        err.print(HELP);
                        return WRONG_ARGUMENTS;
                    }
                }
            }
        } catch (NumberFormatException | java.util.NoSuchElementException e) {
            err.print(HELP);
            return WRONG_ARGUMENTS;
        }
        return days(seed, days, timeline, out);
    }

    private static int days(long first, int days, boolean timeline, PrintStream out) {
        var simulated = new SimulatedDay();
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        int bad = 0;
        int orders = 0;
        int deaths = 0;
        var figures = new LinkedHashMap<String, Integer>();
        for (long seed = first; seed < first + days; seed++) {
            Consumer<String> lines = out::println;
            SimulatedDay.Verdict verdict = timeline ? simulated.run(seed, lines) : simulated.run(seed);
            orders += verdict.orders();
            deaths += verdict.deaths();
            verdict.figures().forEach((name, count) -> figures.merge(name, count, Integer::sum));
            if (!verdict.wrong().isEmpty()) {
                bad++;
                out.println("seed " + seed + " is wrong; ./kis simulate --seed " + seed + " --timeline shows why:");
                verdict.wrong().forEach(sentence -> out.println("  " + sentence));
            }
        }
        long millis = (threads.getCurrentThreadCpuTime() - began) / 1_000_000 / Math.max(1, days);
        out.println(days + " days, " + orders + " orders, " + deaths + " deaths of the gateway, "
                + figures.entrySet().stream()
                        .map(figure -> figure.getValue() + " " + figure.getKey())
                        .collect(Collectors.joining(", "))
                + ", " + millis + " ms of CPU a day, " + bad + " days wrong");
        return bad == 0 ? 0 : 1;
    }
}
