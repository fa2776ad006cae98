package kr.kisgateway.cli;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** The other commands of {@code ./kis}, which passes on a word that is no command. */
    static final List<String> OTHER_COMMANDS = List.of(
            "run",
            "record",
            "simulator",
            "simulate",
            "bench",
            "doctor",
            "keys",
            "secrets",
            "audit",
            "backup",
            "incident",
            "tls",
            "release",
            "config",
            "journal",
            "build",
            "version",
            "install",
            "test",
            "requirements",
            "openapi",
            "help");

    private static final String DEFAULT_HOST = "http://127.0.0.1";
    private static final String DEFAULT_URL = DEFAULT_HOST + ":8890";
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int PORT_MAX = 65_535;

    private final CommandEnvironment process;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            // The URL has a line of its own: the help would break it after a slash.
            description = "where the gateway is: GATEWAY_URL, else%n" + DEFAULT_URL + "%nwith GATEWAY_PORT as its port")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "the gateway's answer, refusals too, as JSON on stdout")
    private boolean json;

    @Option(
            names = "--watch",
            scope = ScopeType.INHERIT,
            description = "again every two seconds, until Ctrl-C; commands that change nothing only")
    private boolean watch;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "this page")
    private boolean help;

    private Kis(CommandEnvironment process) {
        this.process = process;
    }

    /** Runs one command and returns its exit code. */
    static int run(CommandEnvironment process, List<String> args) {
        CommandLine line = commandLine(process);
        if (args.isEmpty()) {
            line.usage(process.err());
            return USAGE;
        }
        return line.execute(args.toArray(String[]::new));
    }

    static CommandLine commandLine(CommandEnvironment process) {
        var kis = new Kis(process);
        var line = new CommandLine(kis);
        CommandLines.add(line, "buy", new Buy(kis));
        CommandLines.add(line, "sell", new Sell(kis));
        CommandLines.add(line, "bracket", new Bracket(kis));
        CommandLines.add(line, "basket", new Basket(kis));
        CommandLines.add(line, "modify", new Modify(kis));
        CommandLines.add(line, "cancel", new Cancel(kis));
        var orders = CommandLines.add(line, "orders", new Group.Orders());
        CommandLines.add(orders, "list", new OrdersList(kis));
        CommandLines.add(orders, "show", new OrderShow(kis));
        CommandLines.add(orders, "events", new OrderEvents(kis));
        CommandLines.add(orders, "cancel", new OrderCancel(kis));
        CommandLines.add(orders, "modify", new OrderModify(kis));
        CommandLines.add(orders, "cancel-all", new OrdersCancelAll(kis));
        CommandLines.add(orders, "resolve", new OrderResolve(kis));
        CommandLines.add(orders, "unresolved", new OrdersUnresolved(kis));
        var parents = CommandLines.add(line, "parents", new Group.Parents());
        CommandLines.add(parents, "list", new ParentsList(kis));
        CommandLines.add(parents, "show", new ParentShow(kis));
        CommandLines.add(parents, "events", new ParentEvents(kis));
        CommandLines.add(parents, "modify", new ParentModify(kis));
        CommandLines.add(parents, "release", new ParentRelease(kis));
        CommandLines.add(parents, "cancel", new ParentCancel(kis));
        CommandLines.add(line, "reconcile", new Reconcile(kis));
        var killSwitch = CommandLines.add(line, "kill-switch", new Group.KillSwitch());
        CommandLines.add(killSwitch, "status", new KillSwitchStatus(kis));
        CommandLines.add(killSwitch, "on", new KillSwitchOn(kis));
        CommandLines.add(killSwitch, "off", new KillSwitchOff(kis));
        var limits = CommandLines.add(line, "limits", new Limits(kis));
        CommandLines.add(limits, "set", new LimitsSet(kis));
        var webhook = CommandLines.add(line, "webhook", new Group.Webhook());
        CommandLines.add(webhook, "list", new WebhooksList(kis));
        CommandLines.add(webhook, "create", new WebhookCreate(kis));
        CommandLines.add(webhook, "delete", new WebhookDelete(kis));
        CommandLines.add(webhook, "test", new WebhookTry(kis));
        CommandLines.add(line, "live-order", new LiveOrder(kis));
        CommandLines.add(line, "status", new Status(kis));
        CommandLines.add(line, "balance", new Balance(kis));
        CommandLines.add(line, "positions", new Positions(kis));
        CommandLines.add(line, "accounts", new Accounts(kis));
        CommandLines.add(line, "executions", new Executions(kis));
        CommandLines.add(line, "pnl", new ProfitAndLoss(kis));
        CommandLines.add(line, "dividends", new Dividends(kis));
        CommandLines.add(line, "buying-power", new BuyingPower(kis));
        CommandLines.add(line, "checklist", new Checklist(kis));
        var log = CommandLines.add(line, "log", new LogList(kis));
        CommandLines.add(log, "set", new LogSet(kis));
        CommandLines.add(log, "reset", new LogReset(kis));
        var alerts = CommandLines.add(line, "alerts", new Alerts(kis));
        CommandLines.add(alerts, "list", new Alerts(kis));
        CommandLines.add(alerts, "ack", new AlertAck(kis));
        CommandLines.add(alerts, "silence", new AlertSilence(kis));
        CommandLines.add(alerts, "test", new AlertTry(kis));
        CommandLines.add(line, "why", new Why(kis));
        CommandLines.add(line, "trace", new Trace(kis));
        CommandLines.add(line, "search", new Search(kis));
        CommandLines.add(line, "instrument", new Instrument(kis));
        CommandLines.add(line, "quote", new Quote(kis));
        CommandLines.add(line, "book", new Book(kis));
        CommandLines.add(line, "bars", new Bars(kis));
        CommandLines.add(line, "market", new MarketStatus(kis));
        CommandLines.add(line, "ranking", new Ranking(kis));
        CommandLines.add(line, "index", new Index(kis));
        CommandLines.add(line, "backfill", new Backfill(kis));
        CommandLines.add(line, "warm", new Warm(kis));
        CommandLines.add(line, "top", new Top(kis));
        CommandLines.add(line, "stream", new Stream(kis));
        CommandLines.add(line, "watch", new Watch(kis));
        CommandLines.add(line, "completion", new Completion(kis, line));
        CommandLines.add(line, "demo", new Demo(kis));
        CommandLines.add(line, "mcp", new Mcp(kis));
        var ticks = CommandLines.add(line, "ticks", new Group.Ticks());
        CommandLines.add(ticks, "start", new TicksStart(kis));
        CommandLines.add(ticks, "list", new TicksList(kis));
        CommandLines.add(ticks, "stop", new TicksStop(kis));
        var jobs = CommandLines.add(line, "jobs", new Group.Jobs());
        CommandLines.add(jobs, "list", new JobsList(kis));
        CommandLines.add(jobs, "show", new JobShow(kis));
        CommandLines.add(jobs, "cancel", new JobCancel(kis));
        return CommandLines.attach(line, process.out(), process.err(), process.width(), OTHER_COMMANDS);
    }

    CommandEnvironment process() {
        return process;
    }

    boolean json() {
        return json;
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

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
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

    /** Address of the gateway. */
    URI baseUri() {
        String text = url.or(() -> process.variable("GATEWAY_URL"))
                .or(() -> process.variable("GATEWAY_PORT").map(this::urlOfPort))
                .orElse(DEFAULT_URL);
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
