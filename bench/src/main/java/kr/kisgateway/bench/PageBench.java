package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code page}: the page in Chromium, a new profile each time: until something is painted and until the first price stands there, and
 * how much of a core the gateway uses for an open page. The floor of the paint is a text of the same gateway; that of the core the
 * same gateway in the same seconds without the page, in turns.
 */
final class PageBench implements Bench {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 20;
    private static final int WARMUP_SECONDS = 150;
    /** Methods are compiled by how often they are called, and one page causes few calls. */
    private static final int WARMUP_PAGES = 5;

    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final double MAX_PAINT_MS = 1_000;
    private static final double MAX_CORE_PERCENT = 2;

    /** In milliseconds since the page was opened. */
    private record Opened(double paint, double price) {}

    /** Percent of a core. */
    private record Used(double open, double closed) {
        double more() {
            return open - closed;
        }
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator("--seed", "7"));
        var gateway = environment.start(environment.gateway(simulator.simulatorPort()));
        QuoteBench.awaitPushed(gateway.gatewayPort());
        try (var chromium = Chromium.start()) {
            return measure(environment, gateway, chromium, "http://127.0.0.1:" + gateway.gatewayPort());
        } finally {
            environment.stop(gateway);
        }
    }

    private static List<Result> measure(
            BenchEnvironment environment, LocalProgram gateway, Chromium chromium, String address)
            throws InterruptedException {
        open(chromium, address + "/", true); // the browser's own first page, and the gateway's
        var opened = new ArrayList<Opened>();
        var texts = new ArrayList<Opened>();
        int count = environment.rounds(ROUNDS);
        for (int round = 1; round <= count; round++) {
            opened.add(open(chromium, address + "/", true));
            texts.add(open(chromium, address + "/health/live", false));
            environment.progress(String.format(
                    Locale.ROOT,
                    "page %d of %d: painted after %.0f ms, a price after %.0f ms",
                    round,
                    count,
                    opened.getLast().paint(),
                    opened.getLast().price()));
        }
        var cores = cores(environment, gateway, chromium, address, count + count % 2);
        double paint = Median.value(opened, Opened::paint);
        double more = Median.value(cores, Used::more);
        return List.of(
                Result.of("page.first_paint_ms", paint, "ms")
                        .withRounds(opened, Opened::paint)
                        .with(Target.below(MAX_PAINT_MS, paint, "ms")),
                Result.of("page.first_paint_ms.floor", Median.value(texts, Opened::paint), "ms")
                        .withRounds(texts, Opened::paint),
                Result.of("page.first_price_ms", Median.value(opened, Opened::price), "ms")
                        .withRounds(opened, Opened::price),
                Result.of("page.core", Median.value(cores, Used::open), "% of a core")
                        .withRounds(cores, Used::open)
                        .with(Target.below(
                                MAX_CORE_PERCENT, more, "% of a core more than without a page, in the median round")),
                Result.of("page.core.floor", Median.value(cores, Used::closed), "% of a core")
                        .withRounds(cores, Used::closed));
    }

    private static Opened open(Chromium chromium, String address, boolean hasPrices) {
        try (var window = chromium.window()) {
            window.open(address);
            double price = hasPrices ? window.awaitPrice() : 0;
            return new Opened(window.awaitPaint(), price);
        }
    }

    private static List<Used> cores(
            BenchEnvironment environment, LocalProgram gateway, Chromium chromium, String address, int count)
            throws InterruptedException {
        var used = new ArrayList<Used>();
        int seconds = environment.seconds(SECONDS);
        environment.progress("until the compiler is done with what an open page needs");
        warmUp(chromium, address, Duration.ofSeconds(environment.normalOrQuick(WARMUP_SECONDS, 1)));
        try (var window = chromium.window()) {
            show(window, address);
            for (int round = 1; round <= count; round++) {
                // Which comes first alternates: both still fall, as the compiler goes on.
                boolean isOpenFirst = round % 2 == 1;
                double first = corePercent(gateway, seconds);
                if (isOpenFirst) window.leave();
                else show(window, address);
                double second = corePercent(gateway, seconds);
                used.add(isOpenFirst ? new Used(first, second) : new Used(second, first));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: %.2f %% of a core, %.2f without",
                        round,
                        count,
                        used.getLast().open(),
                        used.getLast().closed()));
            }
        }
        return used;
    }

    private static void warmUp(Chromium chromium, String address, Duration time) throws InterruptedException {
        var windows = new ArrayList<Chromium.Window>();
        try {
            for (int i = 0; i < WARMUP_PAGES; i++) {
                windows.add(chromium.window());
                show(windows.getLast(), address);
            }
            BenchEnvironment.pause(time);
        } finally {
            windows.forEach(Chromium.Window::close);
        }
    }

    private static void show(Chromium.Window window, String address) {
        window.open(address + "/");
        window.awaitPrice();
    }

    /** After a pause: what opening or leaving a page costs is not part of it. */
    private static double corePercent(LocalProgram program, int seconds) throws InterruptedException {
        BenchEnvironment.pause(SETTLE);
        double before = BenchEnvironment.cpuSeconds(program);
        if (before <= 0) throw new BenchException("The system does not report a process's time");
        BenchEnvironment.pause(Duration.ofSeconds(seconds));
        return 100 * (BenchEnvironment.cpuSeconds(program) - before) / seconds;
    }
}
