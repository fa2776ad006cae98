package kr.kisgateway.simulator;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import kr.kisgateway.simulator.catalog.Face;
import sun.misc.Signal;

/**
 * The simulator as a program of its own: {@code [--port N] [--data-dir DIR] [--seed N] [--rate N] [--ledger-rate N]
 * [--ticks N] [--clock open|open-fixed|real|xN@START] [--synchronous FULL|NORMAL|OFF] [--scenario FILE] [--paper]}. Prints one JSON line when
 * it takes calls; SIGTERM and Ctrl-C stop it gracefully with exit code 0.
 */
public final class SimulatorMain {
    private static final String USAGE = "usage: simulator [--port N] [--data-dir DIR] [--seed N] [--rate N]"
            + " [--ledger-rate N] [--ticks N] [--clock open|open-fixed|real|xN@START] [--synchronous FULL|NORMAL|OFF] [--scenario FILE]"
            + " [--paper]";

    private static final String HELP = """
            A KIS on your own machine, as a process of its own. One JSON line says the port; Ctrl-C stops.
            시뮬레이터만 별도 프로세스로 실행합니다. 포트는 JSON 한 줄로 알려 주고 Ctrl-C로 종료합니다.

              --port N             port on 127.0.0.1; 0 takes a free one (0)
              --data-dir DIR       where accounts and orders are kept (data/simulator)
              --seed N             which market
              --rate N             calls a second (18)
              --ledger-rate N      calls a second to the ledger (10, or what --rate says)
              --ticks N            trades a second in each live stock, about
              --clock KIND         open: always open (the default); open-fixed: always, on the day of the start;
                                   real: the sessions of KRX and NXT; x10@2026-11-20T08:55: the same, time beginning
                                   then (Korean time) and running 10 times as fast (1 to 60)
                                   open 항상 개장, real 실제 장 시간, x10@2026-11-20T08:55 그 시각부터 10배속
              --synchronous KIND   of the SQLite file: FULL, NORMAL or OFF (FULL)
              --scenario FILE      faults that happen by themselves, in YAML; see docs/SIMULATOR.md
              --paper              KIS's paper face: V TR ids, 1 call a second, what paper has and no more
                                   모의투자로 실행합니다: V로 시작하는 TR, 초당 1건, 모의투자가 제공하는 API만

            A gateway uses it with SIMULATOR_URL=http://127.0.0.1:<port>.
            """;

    private SimulatorMain() {}

    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            System.out.print(HELP);
            return;
        }
        KisSimulator simulator;
        Path folder;
        try {
            Map<String, String> options = options(args);
            folder = Path.of(options.getOrDefault("--data-dir", "data/simulator"))
                    .toAbsolutePath()
                    .normalize();
            simulator = KisSimulator.start(config(options, folder));
        } catch (RuntimeException e) {
            System.err.println("simulator: " + e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch stop = new CountDownLatch(1);
        for (String name : List.of("INT", "TERM")) {
            // A handler, not a shutdown hook: being told to stop is no failure, so the process ends with 0.
            Signal.handle(new Signal(name), signal -> stop.countDown());
        }
        System.out.println("{\"simulator_port\":" + simulator.port() + ",\"data_dir\":\"" + escaped(folder.toString())
                + "\",\"pid\":" + ProcessHandle.current().pid() + "}");
        stop.await();
        simulator.close();
        System.exit(0);
    }

    static SimulatorConfig config(Map<String, String> options, Path folder) {
        SimulatorConfig config = SimulatorConfig.defaults(folder.resolve("simulator.db"));
        ClockOption time = ClockOption.parse(options.getOrDefault("--clock", "open"), InstantSource.system());
        if (options.containsKey("--paper")) {
            config = SimulatorConfig.defaults(folder.resolve(Face.PAPER.fileName()))
                    .withTime(time.calendar(), time.clock())
                    .withFace(Face.PAPER);
        }
        double rate = number(options, "--rate", config.callsPerSecond());
        // Whoever raises the calls wants them to reach the ledger too, unless he says otherwise.
        double ledger =
                number(options, "--ledger-rate", options.containsKey("--rate") ? rate : config.ledgerPerSecond());
        if (options.containsKey("--scenario")) {
            config = config.withScenario(ScenarioFile.read(Path.of(options.getOrDefault("--scenario", ""))));
        }
        return config.withPort((int) number(options, "--port", 0))
                .withSeed((long) number(options, "--seed", (double) config.seed()))
                .withRates(rate, ledger)
                .withTicksPerSecond(number(options, "--ticks", config.ticksPerSecond()))
                .withTime(time.calendar(), time.clock())
                .withSynchronous(options.getOrDefault("--synchronous", config.synchronous()));
    }

    static Map<String, String> options(String[] args) {
        Map<String, String> options = new TreeMap<>();
        List<String> given = new ArrayList<>(List.of(args));
        if (given.remove("--paper")) {
            options.put("--paper", "yes");
        }
        for (int i = 0; i < given.size(); i += 2) {
            if (!given.get(i).matches("--(port|data-dir|seed|rate|ledger-rate|ticks|clock|synchronous|scenario)")) {
                throw new IllegalArgumentException("no option is called " + given.get(i) + "; " + USAGE);
            }
            if (i + 1 == given.size()) {
                throw new IllegalArgumentException(given.get(i) + " needs a value; " + USAGE);
            }
            options.put(given.get(i), given.get(i + 1));
        }
        return options;
    }

    private static double number(Map<String, String> options, String name, double otherwise) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " needs a number, not " + text, e);
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
