package kr.kisgateway.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Trust;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** All commands, and the options that each of them takes. */
@Command(
        name = "./kis",
        synopsisSubcommandLabel = "COMMAND",
        description = "What a person does with a running gateway.%n" + "실행 중인 게이트웨이를 터미널에서 다룹니다.",
        footerHeading = "%nExit codes%n",
        footer = {
            "  0  done",
            "  1  refused by the gateway, not confirmed, orders left open by kill-switch on --cancel-open, or warm not complete",
            "  2  asked for wrongly",
            "  3  the gateway cannot be reached, or did not answer",
        })
final class Kis {
    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NOT_REACHED = 3;

    private static final String DEFAULT_HOST = "http://127.0.0.1";
    private static final String DEFAULT_URL = DEFAULT_HOST + ":8890";
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int HIGHEST_PORT = 65_535;

    /** picocli takes no narrower page; a wider one is hard to read. */
    private static final int NARROWEST_PAGE = 55;

    private static final int WIDEST_PAGE = 100;

    private final World world;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "where the gateway is (GATEWAY_URL; else " + DEFAULT_HOST + " and GATEWAY_PORT, 8890)")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "the gateway's answer, refusals too, as JSON on stdout")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "this page")
    private boolean help;

    private Kis(World world) {
        this.world = world;
    }

    /** Runs one command and gives its exit code. */
    static int run(World world, List<String> args) {
        CommandLine line = line(world);
        if (args.isEmpty()) {
            line.usage(world.err());
            return USAGE;
        }
        return line.execute(args.toArray(String[]::new));
    }

    static CommandLine line(World world) {
        var kis = new Kis(world);
        var line = new CommandLine(kis);
        // From the root downwards, because a command inherits options when it is added.
        var orders = with(line, "orders", new Group.Orders());
        with(orders, "list", new OrdersList(kis));
        with(orders, "show", new OrderShow(kis));
        with(orders, "events", new OrderEvents(kis));
        with(orders, "cancel", new OrderCancel(kis));
        with(orders, "modify", new OrderModify(kis));
        with(orders, "cancel-all", new OrdersCancelAll(kis));
        with(orders, "resolve", new OrderResolve(kis));
        with(orders, "unresolved", new OrdersUnresolved(kis));
        with(line, "reconcile", new Reconcile(kis));
        var killSwitch = with(line, "kill-switch", new Group.KillSwitch());
        with(killSwitch, "status", new KillSwitchStatus(kis));
        with(killSwitch, "on", new KillSwitchOn(kis));
        with(killSwitch, "off", new KillSwitchOff(kis));
        var limits = with(line, "limits", new Limits(kis));
        with(limits, "set", new LimitsSet(kis));
        with(line, "status", new Status(kis));
        with(line, "balance", new Balance(kis));
        with(line, "positions", new Positions(kis));
        with(line, "alerts", new Alerts(kis));
        with(line, "why", new Why(kis));
        with(line, "search", new Search(kis));
        with(line, "instrument", new Instrument(kis));
        with(line, "quote", new Quote(kis));
        with(line, "book", new Book(kis));
        with(line, "bars", new Bars(kis));
        with(line, "market", new MarketStatus(kis));
        with(line, "ranking", new Ranking(kis));
        with(line, "index", new Index(kis));
        with(line, "backfill", new Backfill(kis));
        with(line, "warm", new Warm(kis));
        var ticks = with(line, "ticks", new Group.Ticks());
        with(ticks, "start", new TicksStart(kis));
        with(ticks, "list", new TicksList(kis));
        with(ticks, "stop", new TicksStop(kis));
        var jobs = with(line, "jobs", new Group.Jobs());
        with(jobs, "list", new JobsList(kis));
        with(jobs, "show", new JobShow(kis));
        with(jobs, "cancel", new JobCancel(kis));
        line.setOut(writer(world.out()));
        line.setErr(writer(world.err()));
        return line.setUsageHelpWidth(Math.clamp(world.width(), NARROWEST_PAGE, WIDEST_PAGE));
    }

    private static CommandLine with(CommandLine parent, String name, Object command) {
        var child = new CommandLine(command);
        parent.addSubcommand(name, child);
        return child;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    World world() {
        return world;
    }

    boolean json() {
        return json;
    }

    /**
     * What to tell a gateway of oneself; it does not cross a network readable.
     *
     * @param changes whether something is to be changed, for which an operator's token may be needed
     */
    Identity identity(URI base, boolean changes) {
        var identity = new Identity(
                world.variable("GATEWAY_API_KEY"),
                changes ? world.variable("GATEWAY_OPERATOR_TOKEN") : Optional.empty());
        if (identity.isSecret() && base.getScheme().equals("http") && !here(base.getHost())) {
            throw new ParameterException(
                    spec.commandLine(),
                    (identity.apiKey().isPresent() ? "GATEWAY_API_KEY" : "GATEWAY_OPERATOR_TOKEN")
                            + " would cross the network readable: use an https URL, or run this where the gateway"
                            + " runs");
        }
        return identity;
    }

    /** Trust in a certificate that no public authority signed ({@code GATEWAY_CA}). */
    Optional<SSLContext> trust() {
        try {
            return world.variable("GATEWAY_CA")
                    .map(file -> Trust.in(world.folder().resolve(file)));
        } catch (GatewayException e) {
            throw new ParameterException(spec.commandLine(), "GATEWAY_CA: " + e.getMessage());
        }
    }

    private static boolean here(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** A gateway started in this environment listens there, unless its command line said otherwise. */
    private String onPort(String port) {
        if (PORT.matcher(port).matches() && Integer.parseInt(port) <= HIGHEST_PORT) {
            return DEFAULT_HOST + ":" + port;
        }
        throw new ParameterException(
                spec.commandLine(),
                "GATEWAY_PORT=" + port + " tells no port where the gateway could be; say where it is by --url, as "
                        + DEFAULT_URL);
    }

    /** Where the gateway is. */
    URI base() {
        String text = url.or(() -> world.variable("GATEWAY_URL"))
                .or(() -> world.variable("GATEWAY_PORT").map(this::onPort))
                .orElse(DEFAULT_URL);
        try {
            var base = URI.create(text);
            boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (web && base.getHost() != null && base.getUserInfo() == null && base.getQuery() == null) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            // told below with all the others
        }
        throw new ParameterException(
                spec.commandLine(), "The gateway's URL has the form " + DEFAULT_URL + ", without a user: " + text);
    }
}
