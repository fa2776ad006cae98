package kr.kisgateway.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.server.Store;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** {@code simulator}: its options, and the simulator that they configure. Exit code 0 stopped, 2 usage error or no start. */
@Command(
        name = "./kis simulator",
        sortOptions = false,
        description = "A KIS on your own machine, as a process of its own. It prints its ports as one JSON line; Ctrl-C"
                + " stops it.%n"
                + "시뮬레이터만 별도 프로세스로 실행합니다. 포트는 JSON 한 줄로 알려 주고 Ctrl-C로 종료합니다.",
        footer = {"", "A gateway uses it with SIMULATOR_URL=http://127.0.0.1:<port>."})
final class SimulatorCommand implements Callable<Integer> {
    private static final int NOT_STARTED = 2;
    private static final Set<String> OPTIONS_OF_REPLAY = Set.of("--replay", "--speed", "--port");

    private final PrintStream out;
    private final PrintStream err;
    private final InstantSource realClock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", paramLabel = "N", description = "port on 127.0.0.1; 0 takes a free one (0)")
    private int port;

    @Option(
            names = "--ws-port",
            paramLabel = "N",
            description = "a port of its own for WebSockets (the same as --port)%n" + "웹소켓 전용 포트")
    private Optional<Integer> wsPort = Optional.empty();

    @Option(
            names = "--paper",
            description = "KIS's paper face: V TR ids, 1 call a second, only the calls that paper has%n"
                    + "모의투자로 실행합니다: V로 시작하는 TR, 초당 1건, 모의투자가 제공하는 API만")
    private boolean paper;

    @Option(
            names = "--both",
            description = "live and paper in one process, each with its own port, file, keys and limits%n"
                    + "실전투자와 모의투자를 한 프로세스에서 함께 실행합니다")
    private boolean both;

    @Option(names = "--paper-port", paramLabel = "N", description = "with --both: the port of the paper face (0)")
    private Optional<Integer> paperPort = Optional.empty();

    @Option(
            names = "--paper-ws-port",
            paramLabel = "N",
            description = "with --both: a port of its own for the paper face's WebSockets")
    private Optional<Integer> paperWsPort = Optional.empty();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "the folder of accounts and orders (data/simulator)")
    private Path dataDir = Path.of("data/simulator");

    @Option(
            names = "--reset",
            description = "starts with empty accounts: removes the stored ones%n" + "저장된 계좌와 주문을 지우고 새로 시작합니다")
    private boolean reset;

    @Option(
            names = "--identities",
            paramLabel = "FILE",
            description = "app keys, secrets, accounts and HTS ids in YAML (any well-formed key)%n"
                    + "앱키, 시크릿, 계좌, HTS ID 목록 (없으면 형식이 맞는 모든 앱키를 받습니다)")
    private Optional<Path> identities = Optional.empty();

    @Option(
            names = "--columns",
            paramLabel = "KIND",
            description = "columns of trades and books: current, or classic, those before 2026-09-14 (current)%n"
                    + "체결·호가 컬럼 수: current 현재, classic 2026-09-14 이전 (고정 폭으로 읽는 프로그램용)")
    private String columns = "current";

    @Option(names = "--seed", paramLabel = "N", description = "the seed of the market")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--rate", paramLabel = "N", description = "calls a second (18)")
    private Optional<Double> rate = Optional.empty();

    @Option(
            names = "--ledger-rate",
            paramLabel = "N",
            description = "calls a second to the ledger (10, or the value of --rate)")
    private Optional<Double> ledgerRate = Optional.empty();

    @Option(
            names = "--ticks",
            paramLabel = "N",
            description = "about so many trades a second in each live stock (4 with even)")
    private Optional<Double> ticks = Optional.empty();

    @Option(
            names = "--activity",
            paramLabel = "KIND",
            description = "real: as active as each stock really is; even: equally active (real, with --ticks even)%n"
                    + "even 모든 종목 같은 빈도, real 실제 거래대금에 따른 빈도와 수량")
    private Optional<String> activity = Optional.empty();

    @Option(
            names = "--clock",
            paramLabel = "KIND",
            description =
                    "open: always open (the default); open-fixed: always, on the day of the start; real: the sessions of KRX and"
                            + " NXT; x10@2026-11-20T08:55: the same, time starting then (Korean time) and running 10 times as fast"
                            + " (1 to 60)%n" + "open 항상 개장, real 실제 장 시간, x10@2026-11-20T08:55 그 시각부터 10배속")
    private String clock = "open";

    @Option(
            names = "--synchronous",
            paramLabel = "KIND",
            description = "how the SQLite file is written: FULL, NORMAL or OFF (FULL)")
    private Optional<String> synchronous = Optional.empty();

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "scheduled faults: a ready scenario, or a YAML file; see docs/SIMULATOR.md%n"
                    + "스스로 일어나는 장애: 준비된 시나리오 이름 또는 YAML 파일")
    private Optional<String> scenario = Optional.empty();

    @Option(names = "--scenarios", description = "lists the ready scenarios%n" + "준비된 시나리오 목록")
    private boolean scenarios;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "records the traffic without secrets, accounts and HTS ids%n"
                    + "주고받은 내용을 기록합니다 (앱키, 토큰, 계좌, HTS ID는 제거)")
    private Optional<Path> recording = Optional.empty();

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description = "plays such a recording instead of simulating%n" + "기록한 내용을 그대로 재생합니다")
    private Optional<Path> replay = Optional.empty();

    @Option(names = "--speed", paramLabel = "N", description = "with --replay: N times as fast (1)")
    private Optional<Double> speed = Optional.empty();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "this page")
    private boolean help;

    /** The running parts: ports by their names in the JSON line, and how to close them. */
    private record Running(Map<String, Integer> ports, AutoCloseable closeable) {}

    SimulatorCommand(PrintStream out, PrintStream err, InstantSource realClock) {
        this.out = out;
        this.err = err;
        this.realClock = realClock;
    }

    /** The command line, its errors in lines that fit the terminal. */
    CommandLine commandLine(Optional<String> columnsOfTerminal) {
        return CommandLines.attach(new CommandLine(this), out, err, Screen.width(columnsOfTerminal));
    }

    /** Runs until a stop signal. */
    @Override
    public Integer call() throws Exception {
        if (scenarios) {
            ScenarioFile.names()
                    .forEach(name -> out.printf(
                            "%-15s %s%n", name, ScenarioFile.named(name).description()));
            return 0;
        }
        Path folder = dataDir.toAbsolutePath().normalize();
        Running running;
        try {
            running = start(folder);
        } catch (UsageException e) {
            throw e;
        } catch (RuntimeException e) {
            // Failures of the simulator's own thread, such as to open its file, are wrapped.
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            err.println("simulator: " + cause.getMessage());
            return NOT_STARTED;
        }
        CountDownLatch stop = new CountDownLatch(1);
        for (String name : List.of("INT", "TERM")) {
            // A handler, not a shutdown hook: a requested stop is no failure, so the process ends with 0.
            Signal.handle(new Signal(name), signal -> stop.countDown());
        }
        StringBuilder line = new StringBuilder("{");
        running.ports()
                .forEach((name, number) -> line.append('"')
                        .append(name)
                        .append("\":")
                        .append(number)
                        .append(','));
        out.println(line + "\"data_dir\":\"" + escaped(folder.toString()) + "\",\"pid\":"
                + ProcessHandle.current().pid() + "}");
        stop.await();
        running.closeable().close();
        return 0;
    }

    private Running start(Path folder) {
        if (replay.isPresent()) {
            return startReplay(replay.get());
        }
        if (both && recording.isPresent()) {
            throw new UsageException("--record is for one face at a time, not for --both.");
        }
        if (speed.isPresent()) {
            throw new UsageException("--speed needs --replay.");
        }
        SimulatorConfig config = config(folder);
        Optional<SimulatorConfig> paperConfig = both ? Optional.of(paperConfig(folder)) : Optional.empty();
        if (reset) {
            reset(config.dataFile());
            paperConfig.ifPresent(other -> reset(other.dataFile()));
        }
        Map<String, Integer> ports = new TreeMap<>();
        if (paperConfig.isEmpty()) {
            KisSimulator simulator = KisSimulator.start(config);
            ports.put("simulator_port", simulator.port());
            ports.put("ws_port", simulator.wsBase().getPort());
            return new Running(ports, simulator);
        }
        KisFaces faces = KisFaces.start(config, paperConfig.get());
        ports.put("simulator_port", faces.live().port());
        ports.put("ws_port", faces.live().wsBase().getPort());
        ports.put("paper_port", faces.paper().port());
        ports.put("paper_ws_port", faces.paper().wsBase().getPort());
        return new Running(ports, faces);
    }

    private Running startReplay(Path file) {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!OPTIONS_OF_REPLAY.contains(option.longestName())) {
                throw new UsageException(option.longestName() + " does not go with --replay.");
            }
        }
        KisReplay played = KisReplay.start(file, speed.orElse(1.0), port, realClock);
        Map<String, Integer> ports = new TreeMap<>();
        ports.put("simulator_port", played.port());
        ports.put("ws_port", played.port());
        return new Running(ports, played);
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
    SimulatorConfig config(Path folder) {
        if (both && paper) {
            throw new UsageException("--both and --paper exclude each other.");
        }
        if (!both && paperPort.isPresent()) {
            throw new UsageException("--paper-port needs --both.");
        }
        if (!both && paperWsPort.isPresent()) {
            throw new UsageException("--paper-ws-port needs --both.");
        }
        return config(folder, paper ? Face.PAPER : Face.LIVE, port, wsPort);
    }

    /** The configuration of the paper face with {@code --both}. */
    SimulatorConfig paperConfig(Path folder) {
        return config(folder, Face.PAPER, paperPort.orElse(0), paperWsPort);
    }

    private SimulatorConfig config(Path folder, Face face, int restPort, Optional<Integer> socketPort) {
        ClockOption time = ClockOption.parse(clock, realClock);
        SimulatorConfig config = SimulatorConfig.defaults(folder.resolve(face.fileName()))
                .withTime(time.calendar(), time.clock(), time.speed());
        if (face == Face.PAPER) {
            config = config.withFace(face);
        }
        double calls = rate.orElse(config.callsPerSecond());
        // A user who raises the call limit wants the calls to reach the ledger too, unless set otherwise.
        double ledger = ledgerRate.orElse(rate.orElse(config.ledgerPerSecond()));
        if (scenario.isPresent()) {
            config = config.withScenario(ScenarioFile.find(scenario.get()));
        }
        Customers customers = Customers.unrestricted().withColumns(IdentitiesFile.columns(columns));
        config = config.withCustomers(
                identities.isPresent() ? customers.withIdentities(IdentitiesFile.read(identities.get())) : customers);
        if (recording.isPresent()) {
            config = config.withRecording(recording.get());
        }
        if (socketPort.isPresent()) {
            config = config.withSocketPort(socketPort.get());
        }
        if (ticks.isPresent()) {
            config = config.withTicksPerSecond(ticks.get());
        }
        config = switch (activity.orElse("")) {
            case "" -> config;
            case "even" -> config.withTicksPerSecond(config.ticksPerSecond());
            case "real" -> config.withRealTurnover();
            default -> throw new UsageException("--activity is even or real.");
        };
        return config.withPort(restPort)
                .withSeed(seed.orElse(config.seed()))
                .withRates(calls, ledger)
                .withSynchronous(synchronous.orElse(config.synchronous()));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
