package kr.kisgateway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import kr.kisgateway.terminal.CommandLines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** All commands of the program, and their help. */
@Command(
        name = "./kis",
        synopsisSubcommandLabel = "COMMAND",
        description = "The gateway, and commands for its files.%n" + "게이트웨이를 실행하고, 저널과 API 키를 관리합니다.")
final class Commands {
    private static final String HELP_OPTION = "--help";

    @Option(
            names = {"-h", HELP_OPTION},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "this page")
    private boolean help;

    /** {@code run}: starts the gateway; its options are the settings. */
    @Command(
            description = "Start the gateway, in sim with its own simulator.%n" + "게이트웨이를 내장 시뮬레이터와 함께 실행합니다.",
            footer = """

                    Settings come from the command line, the environment, .env,
                    gateway.yaml, in this order; docs/SETTINGS.md lists all. Common ones:
                      --replace               stops the gateway that runs on the
                                              same data folder, and continues
                                              its work
                      --port=8890             port of the API; 0: a free one
                                              (GATEWAY_PORT)
                      --simulator-port=8892   port of the simulator; 0: a free one
                                              (SIMULATOR_PORT)
                      --data-dir=./data       folder of all files (GATEWAY_DATA_DIR)
                      --simulator-url=URL     the one that ./kis simulator started
                                              (SIMULATOR_URL)
                      --simulator-seed=N      the same market each time
                                              (SIMULATOR_SEED)
                      --simulator-clock=open  always; real: the exchange's hours
                                              (SIMULATOR_CLOCK)
                      --simulator-scenario=S  faults: bad-day, or a YAML file
                                              (SIMULATOR_SCENARIO)
                      --kis-record-to=FILE    records the traffic between KIS and
                                              the gateway, without secrets
                                              (KIS_RECORD_TO)
                      --risk-max-qty=N        shares of one buy at most, 10,000
                                              (RISK_MAX_QTY)
                      --risk-max-notional=N   won of one buy at most,
                                              1,000,000,000 (RISK_MAX_NOTIONAL)
                      --risk-daily-orders=N   orders of a day at most, 10,000
                                              (RISK_DAILY_ORDERS)
                      --journal-disk-low=N    bytes, or 256MB: no orders below
                                              (JOURNAL_DISK_LOW)
                      --kis-ws-symbols=A,B    pushed from the start, 005930
                                              (KIS_WS_SYMBOLS)""")
    private static final class Run implements Callable<Integer> {
        private final ToIntFunction<List<String>> start;

        @Parameters(paramLabel = "--name=value", description = "settings")
        private List<String> settings = List.of();

        Run(ToIntFunction<List<String>> start) {
            this.start = start;
        }

        @Override
        public Integer call() {
            return start.applyAsInt(settings);
        }
    }

    private Commands() {}

    /**
     * Runs one command and returns its exit code.
     *
     * @param start starts a gateway with these settings
     */
    static int run(CommandEnvironment process, List<String> args, ToIntFunction<List<String>> start) {
        var typed = new ArrayList<>(args);
        if (typed.size() <= 2 && typed.getLast().equals("help")) {
            typed.set(typed.size() - 1, HELP_OPTION);
        }
        return commandLine(process, start).execute(typed.toArray(String[]::new));
    }

    static CommandLine commandLine(CommandEnvironment process, ToIntFunction<List<String>> start) {
        var line = new CommandLine(new Commands());
        // Their options are settings, which SettingsLoader knows.
        CommandLines.add(line, "run", new Run(start)).setUnmatchedOptionsArePositionalParams(true);
        CommandLines.add(line, "config", new ConfigCommand(process)).setUnmatchedOptionsArePositionalParams(true);
        new JournalCommand(process).addTo(line);
        new KeysCommand(process).addTo(line);
        new SecretsCommand(process).addTo(line);
        new AuditCommand(process).addTo(line);
        new BackupCommand(process).addTo(line);
        new TlsCommand(process).addTo(line);
        new IncidentCommand(process).addTo(line);
        CommandLines.add(line, "doctor", new DoctorCommand(process));
        return CommandLines.attach(line, process.out(), process.err(), process.width());
    }
}
