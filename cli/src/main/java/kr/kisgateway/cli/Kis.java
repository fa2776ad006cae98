package kr.kisgateway.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Trust;
import kr.kisgateway.terminal.CommandLines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** All commands, and their common options. */
@Command(
        name = "./kis",
        synopsisSubcommandLabel = "COMMAND",
        description = "Commands for a running gateway.%n" + "실행 중인 게이트웨이를 터미널에서 다룹니다.",
        footerHeading = "%nExit codes%n",
        footer = {
            "  0  done",
            "  1  refused by the gateway, not confirmed, orders left open by kill-switch on --cancel-open, warm not complete,"
                    + " or an item of the checklist fails",
            "  2  usage error",
            "  3  the gateway cannot be reached, or did not answer",
        })
final class Kis {
    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NOT_REACHED = 3;

    /** Options of ./kis run and other programs, and what means the same here. */
    private static final Map<String, String> FOREIGN_OPTIONS = Map.of(
            "--data-dir",
            ": it speaks to a gateway, which --url names, or the variable GATEWAY_DATA_DIR by its data folder.",
            "--gateway-url",
            "; did you mean \"--url\"?",
            "--port",
            "; --url names the gateway, as --url http://127.0.0.1:8890.",
            "--env",
            "; --url names the gateway, or the variable KIS_ENV one of several on the data folder.");

    private static final String DEFAULT_HOST = "http://127.0.0.1";
    private static final String DEFAULT_URL = DEFAULT_HOST + ":8890";
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int PORT_MAX = 65_535;
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private final CommandEnvironment process;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            // Addresses have lines of their own: the help would break them after a slash.
            description = "where the gateway is: GATEWAY_URL, else%nGATEWAY_PORT, else the one of the data folder%n"
                    + "(GATEWAY_DATA_DIR, ./data), else%n" + DEFAULT_URL)
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "the gateway's answer, refusals too, as JSON on stdout")
    private boolean json;

    @Option(
            names = "--csv",
            scope = ScopeType.INHERIT,
            description = "the gateway's answer as CSV on stdout: a line for each element of its list")
    private boolean csv;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "nothing on stdout; refusals go to stderr, and the exit code says whether it was done")
    private boolean quiet;

    @Option(names = "--watch", scope = ScopeType.INHERIT, description = "again every two seconds, until Ctrl-C")
    private boolean watch;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "this page")
    private boolean help;

    private record Commands(CommandLine line, Predicate<String> wanted) {
        void add(String name, Supplier<Object> command) {
            add(name, command, _ -> {});
        }

        void add(String name, Supplier<Object> command, Consumer<CommandLine> below) {
            if (wanted.test(name)) {
                below.accept(CommandLines.add(line, name, command.get()));
            }
        }
    }

    private Kis(CommandEnvironment process) {
        this.process = process;
    }

    /** Runs one command and returns its exit code. */
    static int run(CommandEnvironment process, List<String> args) {
        if (args.isEmpty()) {
            commandLine(process).usage(process.err());
            return USAGE;
        }
        String first = args.getFirst();
        CommandLine line = commandLine(process, first::equals);
        // The shell's completion lists every command; a word that is none is compared with all of them.
        if (first.equals("completion") || !line.getSubcommands().containsKey(first)) {
            line = commandLine(process);
        }
        return line.execute(args.toArray(String[]::new));
    }

    /** The complete tree of commands. */
    static CommandLine commandLine(CommandEnvironment process) {
        return commandLine(process, _ -> true);
    }

    /** With the commands of the first level that are wanted: to read the options of all takes five times as long as the rest of a start. */
    private static CommandLine commandLine(CommandEnvironment process, Predicate<String> wanted) {
        var kis = new Kis(process);
        var line = new CommandLine(kis);
        var commands = new Commands(line, wanted);
        commands.add("buy", () -> new Buy(kis));
        commands.add("sell", () -> new Sell(kis));
        commands.add("bracket", () -> new Bracket(kis));
        commands.add("basket", () -> new Basket(kis));
        commands.add("modify", () -> new Modify(kis));
        commands.add("cancel", () -> new Cancel(kis));
        commands.add("orders", Group.Orders::new, orders -> {
            CommandLines.add(orders, "list", new OrdersList(kis));
            CommandLines.add(orders, "show", new OrderShow(kis));
            CommandLines.add(orders, "events", new OrderEvents(kis));
            CommandLines.add(orders, "cancel", new OrderCancel(kis));
            CommandLines.add(orders, "modify", new OrderModify(kis));
            CommandLines.add(orders, "cancel-all", new OrdersCancelAll(kis));
            CommandLines.add(orders, "resolve", new OrderResolve(kis));
            CommandLines.add(orders, "unresolved", new OrdersUnresolved(kis));
        });
        commands.add("parents", Group.Parents::new, parents -> {
            CommandLines.add(parents, "list", new ParentsList(kis));
            CommandLines.add(parents, "show", new ParentShow(kis));
            CommandLines.add(parents, "events", new ParentEvents(kis));
            CommandLines.add(parents, "modify", new ParentModify(kis));
            CommandLines.add(parents, "release", new ParentRelease(kis));
            CommandLines.add(parents, "cancel", new ParentCancel(kis));
        });
        commands.add("reconcile", () -> new Reconcile(kis));
        commands.add("kill-switch", Group.KillSwitch::new, killSwitch -> {
            CommandLines.add(killSwitch, "status", new KillSwitchStatus(kis));
            CommandLines.add(killSwitch, "on", new KillSwitchOn(kis));
            CommandLines.add(killSwitch, "off", new KillSwitchOff(kis));
        });
        commands.add("limits", () -> new Limits(kis), limits -> {
            CommandLines.add(limits, "set", new LimitsSet(kis));
        });
        commands.add("webhook", Group.Webhook::new, webhook -> {
            CommandLines.add(webhook, "list", new WebhooksList(kis));
            CommandLines.add(webhook, "create", new WebhookCreate(kis));
            CommandLines.add(webhook, "delete", new WebhookDelete(kis));
            CommandLines.add(webhook, "test", new WebhookTry(kis));
        });
        commands.add("live-order", () -> new LiveOrder(kis));
        commands.add("status", () -> new Status(kis));
        commands.add("cluster", () -> new Cluster(kis));
        commands.add("health", () -> new Health(kis));
        commands.add("balance", () -> new Balance(kis));
        commands.add("positions", () -> new Positions(kis));
        commands.add("accounts", () -> new Accounts(kis));
        commands.add("executions", () -> new Executions(kis));
        commands.add("pnl", () -> new ProfitAndLoss(kis));
        commands.add("dividends", () -> new Dividends(kis));
        commands.add("buying-power", () -> new BuyingPower(kis));
        commands.add("checklist", () -> new Checklist(kis));
        commands.add("log", () -> new LogList(kis), log -> {
            CommandLines.add(log, "set", new LogSet(kis));
            CommandLines.add(log, "reset", new LogReset(kis));
        });
        commands.add("alerts", () -> new Alerts(kis), alerts -> {
            CommandLines.add(alerts, "list", new Alerts(kis));
            CommandLines.add(alerts, "ack", new AlertAck(kis));
            CommandLines.add(alerts, "silence", new AlertSilence(kis));
            CommandLines.add(alerts, "test", new AlertTry(kis));
        });
        commands.add("why", () -> new Why(kis));
        commands.add("trace", () -> new Trace(kis));
        commands.add("search", () -> new Search(kis));
        commands.add("instrument", () -> new Instrument(kis));
        commands.add("quote", () -> new Quote(kis));
        commands.add("book", () -> new Book(kis));
        commands.add("bars", () -> new Bars(kis));
        commands.add("chart", () -> new Chart(kis));
        commands.add("market", () -> new MarketStatus(kis));
        commands.add("ranking", () -> new Ranking(kis));
        commands.add("index", () -> new Index(kis));
        commands.add("backfill", () -> new Backfill(kis));
        commands.add("warm", () -> new Warm(kis));
        commands.add("top", () -> new Top(kis));
        commands.add("stream", () -> new Stream(kis));
        commands.add("watch", () -> new Watch(kis));
        commands.add("simulator", Group.Simulator::new, simulator -> {
            CommandLines.add(simulator, "state", new SimulatorShow(kis));
            CommandLines.add(simulator, "scenario", new SimulatorScenarioStart(kis));
            CommandLines.add(simulator, "faults", new SimulatorFaults(kis));
            CommandLines.add(simulator, "market", new SimulatorMarket(kis));
            CommandLines.add(simulator, "play", new SimulatorPlay(kis));
        });
        commands.add("completion", () -> new Completion(kis, line));
        commands.add("demo", () -> new Demo(kis));
        commands.add("mcp", () -> new Mcp(kis));
        commands.add("ticks", Group.Ticks::new, ticks -> {
            CommandLines.add(ticks, "start", new TicksStart(kis));
            CommandLines.add(ticks, "list", new TicksList(kis));
            CommandLines.add(ticks, "stop", new TicksStop(kis));
        });
        commands.add("jobs", Group.Jobs::new, jobs -> {
            CommandLines.add(jobs, "list", new JobsList(kis));
            CommandLines.add(jobs, "show", new JobShow(kis));
            CommandLines.add(jobs, "cancel", new JobCancel(kis));
        });
        leaveOutOptions(line);
        return CommandLines.attach(
                line, process.out(), process.err(), process.width(), LauncherCommands.of(process), FOREIGN_OPTIONS);
    }

    /** Removes the common options that mean nothing to a command: its help does not list them, and it refuses them. */
    private static void leaveOutOptions(CommandLine line) {
        Set<String> without = switch (line.getCommand()) {
            case GatewayCommand command -> command.withoutOptions();
            case Completion _ -> Set.of("--url", "--json", "--csv", "--quiet", "--watch");
            default -> Set.of();
        };
        CommandSpec spec = line.getCommandSpec();
        without.stream()
                .flatMap(name -> Optional.ofNullable(spec.findOption(name)).stream())
                .forEach(spec::remove);
        line.getSubcommands().values().forEach(Kis::leaveOutOptions);
    }

    CommandEnvironment process() {
        return quiet ? process.silent() : process;
    }

    boolean json() {
        return json;
    }

    boolean csv() {
        return csv;
    }

    boolean quiet() {
        return quiet;
    }

    /** Whether a command that changes nothing is repeated until it is stopped. */
    boolean watch() {
        return watch;
    }

    /**
     * Credentials for the gateway; they are not sent in plain text over a network.
     *
     * @param changes whether the request changes something, which may need an operator's token
     */
    Identity identity(URI base, boolean changes) {
        var identity = new Identity(
                process.variable("GATEWAY_API_KEY"),
                changes ? process.variable("GATEWAY_OPERATOR_TOKEN") : Optional.empty());
        if (identity.isSecret() && base.getScheme().equals("http") && !isLoopback(base.getHost())) {
            throw new ParameterException(
                    spec.commandLine(),
                    (identity.apiKey().isPresent() ? "GATEWAY_API_KEY" : "GATEWAY_OPERATOR_TOKEN")
                            + " would cross the network readable: use an https URL, or run this where the gateway"
                            + " runs");
        }
        return identity;
    }

    /** Trust in a certificate without a public authority ({@code GATEWAY_CA}). */
    Optional<SSLContext> sslContext() {
        try {
            return process.variable("GATEWAY_CA")
                    .map(file -> Trust.in(process.workingFolder().resolve(file)));
        } catch (GatewayException e) {
            throw new ParameterException(spec.commandLine(), "GATEWAY_CA: " + e.getMessage());
        }
    }

    /** Whether {@code host} is this machine by its form; a name that begins with 127 is not. */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK.matcher(host).matches();
    }

    /** Address of the gateway that runs on the data folder of this environment. */
    private Optional<String> urlOfDataFolder() {
        var running = RunningGateways.of(process).addresses(process.variable("KIS_ENV"));
        if (running.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "More than one gateway runs on this data folder: name one by --url or KIS_ENV; they are at "
                            + running.stream().map(URI::toString).collect(Collectors.joining(", ")) + ".");
        }
        return running.stream().findFirst().map(URI::toString);
    }

    /** Address of a gateway started in this environment, unless its command line sets another. */
    private String urlOfPort(String port) {
        if (PORT.matcher(port).matches() && Integer.parseInt(port) <= PORT_MAX) {
            return DEFAULT_HOST + ":" + port;
        }
        throw new ParameterException(
                spec.commandLine(),
                "GATEWAY_PORT=" + port + " is no usable port; set the gateway's address by --url, as " + DEFAULT_URL);
    }

    /**
     * Address of a gateway.
     *
     * @param isAssumed whether neither a setting nor the data folder names it
     */
    record Address(URI base, boolean isAssumed) {}

    Address address() {
        Optional<String> named = url.or(() -> process.variable("GATEWAY_URL"))
                .or(() -> process.variable("GATEWAY_PORT").map(this::urlOfPort))
                .or(this::urlOfDataFolder);
        return new Address(baseUri(named.orElse(DEFAULT_URL)), named.isEmpty());
    }

    private URI baseUri(String text) {
        try {
            var base = URI.create(text);
            boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (web && base.getHost() != null && base.getUserInfo() == null && base.getQuery() == null) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            // reported below with all others
        }
        throw new ParameterException(
                spec.commandLine(), "The gateway's URL has the form " + DEFAULT_URL + ", without a user: " + text);
    }
}
