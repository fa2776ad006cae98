package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.log.LibraryLevels;
import kr.kisgateway.gateway.order.ControlEvent;
import kr.kisgateway.gateway.service.SystemdService;
import kr.kisgateway.gateway.session.SessionRoutes;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.LaunchArguments;
import sun.misc.Signal;

/** The program: {@code run} starts a gateway and runs until it receives a stop signal. */
public final class Main {
    /** Where commands look for a gateway. */
    private static final String DEFAULT_URL = "http://127.0.0.1:8890";

    private static final DateTimeFormatter SET_AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    static final String LOG_DIR = "gateway.log.dir";

    private static final String REPLACE = "--replace";

    /** For the gateway that is replaced: answers of the broker may take their time, and nothing is killed. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final CommandEnvironment process;
    private final PrintStream out;
    private final PrintStream err;

    Main(CommandEnvironment process) {
        this.process = process;
        this.out = process.out();
        this.err = process.err();
    }

    public static void main(String[] args) {
        var typed = LaunchArguments.of(args, Optional.ofNullable(System.getProperty(LaunchArguments.PROPERTY)));
        System.exit(new Main(CommandEnvironment.ofProcess(System.out, System.err, InstantSource.system())).run(typed));
    }

    int run(List<String> args) {
        boolean starts = args.isEmpty() || args.getFirst().equals("run");
        // A start does not load picocli, for its time and memory.
        return starts && !args.contains("--help") && !args.contains("-h")
                ? start(args.stream().skip(1).toList())
                : Commands.run(process, args, this::start);
    }

    private int start(List<String> arguments) {
        boolean replaces = arguments.contains(REPLACE);
        var loaded = SettingsLoader.load(
                arguments.stream().filter(it -> !it.equals(REPLACE)).toList(),
                process.variables(),
                process.workingDir(),
                process.homeDir(),
                KisDefaults.on(LocalDate.now(TradingCalendar.SEOUL)));
        return switch (loaded) {
            case SettingsResult.Problems(List<String> sentences) -> {
                sentences.forEach(process.notes()::line);
                yield CommandEnvironment.USAGE;
            }
            case SettingsResult.Loaded(Settings settings) -> serve(settings, replaces);
        };
    }

    private static String describeMarket(Settings settings) {
        return switch (settings.environment()) {
            case SIM ->
                "simulated market, no real money"
                        + settings.simulator()
                                .fastTime()
                                .map(time -> "; " + time.speed() + " times as fast, from " + time.start() + " (배속 시계)")
                                .orElse("");
            case MOCK -> "KIS's paper trading, 모의투자, no real money";
            case LIVE -> "real money";
        };
    }

    /** @param replaces whether a gateway that runs is stopped first, once everything that can be checked before is */
    private int serve(Settings settings, boolean replaces) {
        // Before the first logger exists: its configuration reads the property, and logs pages of errors when the
        // folder is not writable.
        var logs = settings.dataDir().resolve("log");
        try {
            Files.createDirectories(logs);
        } catch (IOException e) {
            process.notes().line("The data folder " + settings.dataDir() + " cannot be written: " + e.getMessage());
            return CommandEnvironment.USAGE;
        }
        System.setProperty(LOG_DIR, logs.toString());
        var log = settings.logs();
        System.setProperty("gateway.log.format", log.json() ? "json" : "text");
        System.setProperty("gateway.log.file-bytes", Long.toString(log.fileBytes()));
        System.setProperty("gateway.log.keep-days", Integer.toString(log.keepDays()));
        System.setProperty("gateway.log.total-bytes", Long.toString(log.totalBytes()));
        LibraryLevels.cap();
        settings.warnings().forEach(warning -> process.notes().line("Warning: " + warning));
        var stop = new CompletableFuture<Void>();
        stopOnSignals(stop);
        var service =
                SystemdService.of(process.variables(), ProcessHandle.current().pid());
        try {
            if (replaces) {
                DataFolder.replaceGateway(settings.dataDir(), STOP_TIMEOUT, process.clock(), process.notes()::line);
            }
            if (settings.cluster().isPresent()) {
                runNode(settings, stop, service);
            } else {
                runGateway(() -> Gateway.start(settings), settings, stop, service);
            }
            service.ifPresent(SystemdService::stopping);
        } catch (StartException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return e.mayPass() ? CommandEnvironment.FAILED : CommandEnvironment.USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            service.ifPresent(SystemdService::close);
        }
        return 0;
    }

    /** Runs a gateway until {@code end} completes. */
    private void runGateway(
            Supplier<Gateway> start, Settings settings, CompletableFuture<?> end, Optional<SystemdService> service) {
        var address = PublishedAddress.ofApi(settings.dataDir());
        try (var gateway = start.get()) {
            address.publish(settings.http().localAddress(gateway.port()));
            try {
                printStartup(gateway, settings);
                service.ifPresent(it -> gateway.watched().begin(it));
                end.join();
                err.println("Stopping.");
            } finally {
                address.withdraw(); // before the gateway refuses calls
            }
        }
    }

    /** Runs one of several gateways that share a database: it waits while another owns the accounts, and runs while it does. */
    private void runNode(Settings settings, CompletableFuture<Void> stop, Optional<SystemdService> service) {
        var clock = Wiring.clock();
        var random = new SecureRandom();
        var address = PublishedAddress.ofApi(settings.dataDir());
        try (var node = ClusterNode.open(settings, clock, random)) {
            while (!stop.isDone()) {
                Optional<Ownership> owned;
                try {
                    owned = node.awaitOwnership(
                            stop,
                            owner -> {
                                address.publish(settings.http()
                                        .localAddress(settings.http().port()));
                                printWaiting(settings, owner);
                            },
                            service);
                } finally {
                    address.withdraw();
                }
                if (owned.isEmpty()) {
                    return;
                }
                try (var ownership = owned.get()) {
                    runGateway(
                            () -> Wiring.start(settings, clock, random, ownership),
                            settings,
                            CompletableFuture.anyOf(stop, ownership.lost()),
                            service);
                    if (ownership.lost().isDone()) {
                        process.notes()
                                .line(
                                        "The accounts are lost: another gateway owns them, or may (계좌 소유를 잃었습니다. 다른 게이트웨이가 이어받습니다).");
                    }
                }
            }
        }
    }

    private void printWaiting(Settings settings, Optional<String> owner) {
        out.println(owner.map(it ->
                        "Serving beside " + it + ", which owns the accounts (" + it + "에 전달하며 응답 중). Ctrl-C stops.")
                .orElse("Serving; no gateway owns the accounts now (지금은 계좌를 맡은 게이트웨이가 없습니다). Ctrl-C stops."));
        out.println(new JsonBuffer(160)
                .beginObject()
                .field("gateway_port", settings.http().port())
                .fieldNull("simulator_port")
                .fieldNull("face_port")
                .field("data_dir", settings.dataDir().toString())
                .field("pid", ProcessHandle.current().pid())
                .endObject());
        out.flush();
    }

    /** The first signal stops gracefully, the second ends the process at once. */
    private static void stopOnSignals(CompletableFuture<Void> stop) {
        var stopRequested = new AtomicBoolean();
        for (var name : List.of("INT", "TERM")) {
            Signal.handle(new Signal(name), signal -> {
                if (stopRequested.getAndSet(true)) {
                    Runtime.getRuntime().halt(128 + signal.getNumber());
                }
                stop.complete(null);
            });
        }
    }

    private static String faceUrl(Settings settings, int port) {
        return settings.http().scheme() + "://127.0.0.1:" + port;
    }

    private static List<String> readyKeyLines(KeyRing.NewKey key) {
        var text = key.face().orElseThrow();
        var identity = key.key().face().orElseThrow();
        return List.of(
                "",
                "  appkey       " + text.appKey(),
                "  appsecret    " + text.appSecret(),
                "  account      " + identity.cano() + "-" + identity.productCode() + ", HTS id " + identity.htsId());
    }

    /** Lines that the terminal displays after the start. */
    static List<String> startupLines(Gateway gateway, Settings settings) {
        var base = gateway.baseUri().toString();
        var lines = new ArrayList<String>(List.of(
                "KIS Trading Gateway",
                "",
                "  environment  " + settings.environment().wireName() + " (" + describeMarket(settings) + ")",
                "  API          " + base,
                "  stream       " + base.replaceFirst("http", "ws") + "/v1/stream",
                "  contract     " + base + "/openapi.json",
                "  data         " + gateway.dataDir()));
        if (gateway.facePort().isPresent()) {
            lines.add(
                    5,
                    "  KIS face     " + faceUrl(settings, gateway.facePort().getAsInt())
                            + "  (for programs written for KIS; docs/COMPATIBLE-FACE.md)");
        }
        gateway.faceProblem()
                .ifPresent(problem -> lines.addAll(
                        5,
                        List.of(
                                "  KIS face     OFF: programs written for KIS cannot connect (KIS 호환 포트를 열지 못했습니다)",
                                "               " + problem)));
        gateway.readyKey().ifPresent(key -> lines.addAll(readyKeyLines(key)));
        if (settings.risk().guards().readOnly()) {
            lines.add("  orders       none is placed or modified, by GATEWAY_READ_ONLY; cancels pass (읽기 전용)");
        }
        settings.fillPollInterval().ifPresent(interval -> {
            lines.add("");
            lines.add("  fills        no execution notices (체결통보): KIS's list of orders is requested every "
                    + interval.toMillis() / 1000.0 + " s while one is open");
            lines.add("               for notices add to .env:  " + SessionRoutes.NOTICES_LINE);
        });
        gateway.killSwitch().ifPresent(kill -> {
            boolean environment = kill.source() == ControlEvent.Source.ENVIRONMENT;
            Optional<String> by = environment ? Optional.of("the settings") : kill.by();
            lines.add("");
            lines.add("  kill switch  ON: no order is placed or modified; cancels pass");
            lines.add("               set " + SET_AT.format(kill.at().atZone(TradingCalendar.SEOUL))
                    + by.map(name -> " by " + name).orElse("") + ": " + kill.reason());
            lines.add("               "
                    + (environment
                            ? "unset GATEWAY_KILL_SWITCH and start again to allow orders"
                            : "./kis kill-switch off allows orders again"));
        });
        if (gateway.needsFirstKey()) {
            lines.add("");
            lines.add("  API keys     every call needs one, and there is none yet:");
            // The folder of all environments, as the command expects it.
            lines.add("               ./kis keys create me --role admin --data-dir="
                    + settings.dataDir().getParent() + " --env="
                    + settings.environment().name().toLowerCase(Locale.ROOT));
            lines.add("               모든 호출에 API 키가 필요합니다. 먼저 키를 만드십시오.");
        }
        lines.addAll(
                settings.access().keysRequired()
                        ? examplesWithKey(base)
                        : examples(base, base.equals(DEFAULT_URL) ? "" : "GATEWAY_URL=" + base + " "));
        return List.copyOf(lines);
    }

    private static List<String> examplesWithKey(String base) {
        return List.of(
                "",
                "Try:",
                "  curl -H \"Authorization: Bearer $GATEWAY_API_KEY\" " + base + "/v1/quotes/005930",
                "",
                "Ctrl-C stops.");
    }

    /** @param at how the commands find this gateway */
    private static List<String> examples(String base, String at) {
        var things = new LinkedHashMap<String, String>();
        things.put(base + "/", "the page, in a browser (화면)");
        things.put(at + "./kis demo", "a strategy that trades a little (예제 전략)");
        things.put(at + "./kis buy 005930 1", "an order (주문)");
        things.put("curl " + base + "/v1/quotes/005930", "a quote (현재가)");
        int longest = things.keySet().stream().mapToInt(String::length).max().orElseThrow();
        var lines = new ArrayList<String>(List.of("", "Try:"));
        things.forEach((thing, about) -> lines.add("  " + thing + " ".repeat(longest - thing.length()) + "  " + about));
        lines.addAll(List.of("", "Ctrl-C stops."));
        return lines;
    }

    private void printStartup(Gateway gateway, Settings settings) {
        startupLines(gateway, settings).forEach(out::println);
        var json = new JsonBuffer(160).beginObject().field("gateway_port", gateway.port());
        if (gateway.simulatorPort().isPresent()) {
            json.field("simulator_port", gateway.simulatorPort().getAsInt());
        } else {
            json.fieldNull("simulator_port");
        }
        if (gateway.facePort().isPresent()) {
            json.field("face_port", gateway.facePort().getAsInt());
        } else {
            json.fieldNull("face_port");
        }
        json.field("data_dir", gateway.dataDir().toString())
                .field("pid", ProcessHandle.current().pid())
                .endObject();
        out.println(json);
        out.flush();
    }
}
