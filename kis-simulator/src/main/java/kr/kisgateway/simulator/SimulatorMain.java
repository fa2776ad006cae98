package kr.kisgateway.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.server.Store;
import sun.misc.Signal;

/**
 * The simulator as a program of its own; {@code --help} lists its options. Prints one JSON line when it accepts calls; SIGTERM
 * and Ctrl-C stop it gracefully with exit code 0.
 */
public final class SimulatorMain {
    private static final String USAGE = "usage: simulator [--port N] [--ws-port N] [--paper | --both [--paper-port N]"
            + " [--paper-ws-port N]] [--data-dir DIR] [--reset] [--identities FILE] [--columns classic|current] [--seed N] [--rate N]"
            + " [--ledger-rate N] [--ticks N] [--activity even|real] [--clock open|open-fixed|real|xN@START] [--synchronous FULL|NORMAL|OFF]"
            + " [--scenario NAME|FILE] [--scenarios] [--record FILE] | --replay FILE [--speed N] [--port N]";

    private static final String HELP = """
            A KIS on your own machine, as a process of its own. It prints its ports as one JSON line; Ctrl-C stops it.
            시뮬레이터만 별도 프로세스로 실행합니다. 포트는 JSON 한 줄로 알려 주고 Ctrl-C로 종료합니다.

              --port N             port on 127.0.0.1; 0 takes a free one (0)
              --ws-port N          a port of its own for WebSockets (the same as --port)
                                   웹소켓 전용 포트
              --paper              KIS's paper face: V TR ids, 1 call a second, only the calls that paper has
                                   모의투자로 실행합니다: V로 시작하는 TR, 초당 1건, 모의투자가 제공하는 API만
              --both               live and paper in one process, each with its own port, file, keys and limits
                                   실전투자와 모의투자를 한 프로세스에서 함께 실행합니다
              --paper-port N       with --both: the port of the paper face (0)
              --paper-ws-port N    with --both: a port of its own for the paper face's WebSockets
              --data-dir DIR       the folder of accounts and orders (data/simulator)
              --reset              starts with empty accounts: removes the stored ones
                                   저장된 계좌와 주문을 지우고 새로 시작합니다
              --identities FILE    app keys, secrets, accounts and HTS ids in YAML (any well-formed key)
                                   앱키, 시크릿, 계좌, HTS ID 목록 (없으면 형식이 맞는 모든 앱키를 받습니다)
              --columns KIND       of trades and books: current, or classic, those before 2026-09-14 (current)
                                   체결·호가 컬럼 수: current 현재, classic 2026-09-14 이전 (고정 폭으로 읽는 프로그램용)
              --seed N             of the market
              --rate N             calls a second (18)
              --ledger-rate N      calls a second to the ledger (10, or the value of --rate)
              --ticks N            about so many trades a second in each live stock (4 with even)
              --activity KIND      real: as active as each stock really is; even: equally active (real, with --ticks even)
                                   even 모든 종목 같은 빈도, real 실제 거래대금에 따른 빈도와 수량
              --clock KIND         open: always open (the default); open-fixed: always, on the day of the start;
                                   real: the sessions of KRX and NXT; x10@2026-11-20T08:55: the same, time starting
                                   then (Korean time) and running 10 times as fast (1 to 60)
                                   open 항상 개장, real 실제 장 시간, x10@2026-11-20T08:55 그 시각부터 10배속
              --synchronous KIND   of the SQLite file: FULL, NORMAL or OFF (FULL)
              --scenario NAME      scheduled faults: a ready scenario, or a YAML file; see docs/SIMULATOR.md
                                   스스로 일어나는 장애: 준비된 시나리오 이름 또는 YAML 파일
              --scenarios          lists the ready scenarios / 준비된 시나리오 목록
              --record FILE        records the traffic without secrets, accounts and HTS ids
                                   주고받은 내용을 기록합니다 (앱키, 토큰, 계좌, HTS ID는 제거)
              --replay FILE        plays such a recording instead of simulating
                                   기록한 내용을 그대로 재생합니다
              --speed N            with --replay: N times as fast (1)

            A gateway uses it with SIMULATOR_URL=http://127.0.0.1:<port>.
            """;

    private static final List<String> FLAGS = List.of("--paper", "--both", "--reset");
    private static final String WITH_VALUE =
            "--(port|ws-port|paper-port|paper-ws-port|data-dir|identities|columns|seed|rate"
                    + "|ledger-rate|ticks|activity|clock|synchronous|scenario|record|replay|speed)";

    private SimulatorMain() {}

    /** The running parts: ports by their names in the JSON line, and how to close them. */
    private record Running(Map<String, Integer> ports, AutoCloseable closeable) {}

    public static void main(String[] args) throws Exception {
        if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
            System.out.print(HELP);
            return;
        }
        if (List.of(args).contains("--scenarios")) {
            ScenarioFile.names()
                    .forEach(name -> System.out.printf(
                            "%-15s %s%n", name, ScenarioFile.named(name).description()));
            return;
        }
        Running running;
        Path folder;
        try {
            Map<String, String> options = options(args);
            folder = Path.of(options.getOrDefault("--data-dir", "data/simulator"))
                    .toAbsolutePath()
                    .normalize();
            running = start(options, folder);
        } catch (RuntimeException e) {
            // Failures of the simulator's own thread, such as to open its file, are wrapped.
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            System.err.println("simulator: " + cause.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch stop = new CountDownLatch(1);
        for (String name : List.of("INT", "TERM")) {
            // A handler, not a shutdown hook: a requested stop is no failure, so the process ends with 0.
            Signal.handle(new Signal(name), signal -> stop.countDown());
        }
        StringBuilder line = new StringBuilder("{");
        running.ports()
                .forEach((name, port) ->
                        line.append('"').append(name).append("\":").append(port).append(','));
        System.out.println(line + "\"data_dir\":\"" + escaped(folder.toString()) + "\",\"pid\":"
                + ProcessHandle.current().pid() + "}");
        stop.await();
        running.closeable().close();
        System.exit(0);
    }

    private static Running start(Map<String, String> options, Path folder) {
        boolean both = options.containsKey("--both");
        if (options.containsKey("--replay")) {
            return replay(options);
        }
        if (both && options.containsKey("--record")) {
            throw new IllegalArgumentException("--record is for one face at a time, not for --both; " + USAGE);
        }
        if (options.containsKey("--speed")) {
            throw new IllegalArgumentException("--speed needs --replay; " + USAGE);
        }
        SimulatorConfig config = config(options, folder);
        Optional<SimulatorConfig> paper = both ? Optional.of(paperConfig(options, folder)) : Optional.empty();
        if (options.containsKey("--reset")) {
            reset(config.dataFile());
            paper.ifPresent(other -> reset(other.dataFile()));
        }
        Map<String, Integer> ports = new TreeMap<>();
        if (paper.isEmpty()) {
            KisSimulator simulator = KisSimulator.start(config);
            ports.put("simulator_port", simulator.port());
            ports.put("ws_port", simulator.wsBase().getPort());
            return new Running(ports, simulator);
        }
        KisFaces faces = KisFaces.start(config, paper.get());
        ports.put("simulator_port", faces.live().port());
        ports.put("ws_port", faces.live().wsBase().getPort());
        ports.put("paper_port", faces.paper().port());
        ports.put("paper_ws_port", faces.paper().wsBase().getPort());
        return new Running(ports, faces);
    }

    private static Running replay(Map<String, String> options) {
        for (String name : options.keySet()) {
            if (!List.of("--replay", "--speed", "--port").contains(name)) {
                throw new IllegalArgumentException(name + " does not go with --replay; " + USAGE);
            }
        }
        KisReplay replay = KisReplay.start(
                Path.of(options.getOrDefault("--replay", "")),
                number(options, "--speed", 1),
                (int) number(options, "--port", 0),
                InstantSource.system());
        Map<String, Integer> ports = new TreeMap<>();
        ports.put("simulator_port", replay.port());
        ports.put("ws_port", replay.port());
        return new Running(ports, replay);
    }

    /** Removes the files of an earlier run. The files beside it are SQLite's own. */
    static void reset(Path dataFile) {
        Store.checkUnused(dataFile);
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Path file = dataFile.resolveSibling(dataFile.getFileName() + suffix);
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new IllegalArgumentException("--reset cannot remove " + file + ": " + e.getMessage(), e);
            }
        }
    }

    /** The configuration of the single face, or of the live one of both. */
    static SimulatorConfig config(Map<String, String> options, Path folder) {
        if (options.containsKey("--both") && options.containsKey("--paper")) {
            throw new IllegalArgumentException("--both and --paper exclude each other; " + USAGE);
        }
        for (String name : List.of("--paper-port", "--paper-ws-port")) {
            if (options.containsKey(name) && !options.containsKey("--both")) {
                throw new IllegalArgumentException(name + " needs --both; " + USAGE);
            }
        }
        return config(options, folder, options.containsKey("--paper") ? Face.PAPER : Face.LIVE, "--port", "--ws-port");
    }

    /** The configuration of the paper face with {@code --both}. */
    static SimulatorConfig paperConfig(Map<String, String> options, Path folder) {
        return config(options, folder, Face.PAPER, "--paper-port", "--paper-ws-port");
    }

    private static SimulatorConfig config(
            Map<String, String> options, Path folder, Face face, String portOption, String wsPortOption) {
        ClockOption time = ClockOption.parse(options.getOrDefault("--clock", "open"), InstantSource.system());
        SimulatorConfig config =
                SimulatorConfig.defaults(folder.resolve(face.fileName())).withTime(time.calendar(), time.clock());
        if (face == Face.PAPER) {
            config = config.withFace(face);
        }
        double rate = number(options, "--rate", config.callsPerSecond());
        // A user who raises the call limit wants the calls to reach the ledger too, unless set otherwise.
        double ledger =
                number(options, "--ledger-rate", options.containsKey("--rate") ? rate : config.ledgerPerSecond());
        if (options.containsKey("--scenario")) {
            config = config.withScenario(ScenarioFile.find(options.getOrDefault("--scenario", "")));
        }
        Customers customers = Customers.unrestricted()
                .withColumns(IdentitiesFile.columns(options.getOrDefault("--columns", "current")));
        config = config.withCustomers(
                options.containsKey("--identities")
                        ? customers.withIdentities(
                                IdentitiesFile.read(Path.of(options.getOrDefault("--identities", ""))))
                        : customers);
        if (options.containsKey("--record")) {
            config = config.withRecording(Path.of(options.getOrDefault("--record", "")));
        }
        if (options.containsKey(wsPortOption)) {
            config = config.withSocketPort((int) number(options, wsPortOption, 0));
        }
        if (options.containsKey("--ticks")) {
            config = config.withTicksPerSecond(number(options, "--ticks", config.ticksPerSecond()));
        }
        config = switch (options.getOrDefault("--activity", "")) {
            case "" -> config;
            case "even" -> config.withTicksPerSecond(config.ticksPerSecond());
            case "real" -> config.withRealTurnover();
            default -> throw new IllegalArgumentException("--activity is even or real; " + USAGE);
        };
        return config.withPort((int) number(options, portOption, 0))
                .withSeed((long) number(options, "--seed", (double) config.seed()))
                .withRates(rate, ledger)
                .withSynchronous(options.getOrDefault("--synchronous", config.synchronous()));
    }

    static Map<String, String> options(String[] args) {
        Map<String, String> options = new TreeMap<>();
        List<String> arguments = new ArrayList<>(List.of(args));
        for (String flag : FLAGS) {
            if (arguments.remove(flag)) {
                options.put(flag, "yes");
            }
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!arguments.get(i).matches(WITH_VALUE)) {
                throw new IllegalArgumentException("no option is called " + arguments.get(i) + "; " + USAGE);
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(arguments.get(i) + " needs a value; " + USAGE);
            }
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        return options;
    }

    private static double number(Map<String, String> options, String name, double defaultValue) {
        String text = options.get(name);
        if (text == null) {
            return defaultValue;
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
