package kr.kisgateway.gateway;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRequest.InvalidKeyRequestException;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyRing.CreateResult;
import kr.kisgateway.gateway.access.KeyRing.NewKey;
import kr.kisgateway.gateway.access.KeyRoutes;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.OwnerCheck;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.settings.DataSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code keys create|list|revoke|rotate}: any user who may write the data folder can manage keys, whether the gateway
 * runs or not; a running gateway applies a change within a second. Exit code 0 done, 1 no such key, 2 usage error.
 */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "API keys of a gateway, for programs and people.%n" + "게이트웨이의 API 키를 만들고, 보고, 폐기하고, 교체합니다.",
        footer = {
            "",
            "Roles: quote reads market data; trade also orders and reads its accounts; operator also stops, limits"
                    + " and reconciles; admin also manages keys. Send the key as Authorization: Bearer KEY, or set"
                    + " GATEWAY_API_KEY for ./kis.",
        })
final class KeysCommand {
    private static final int FAILED = 1;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private static final List<Column> COLUMNS = List.of(
            Column.left("KEY"),
            Column.left("NAME"),
            Column.left("ROLE"),
            Column.left("STATE"),
            Column.left("ACCOUNTS"),
            Column.left("SYMBOLS"),
            Column.left("STRATEGY"),
            Column.left("ORDERS"),
            Column.left("KIS PORT"),
            Column.left("FROM"),
            Column.left("UNTIL"));

    /** Symbols displayed in a row; {@code --json} has all. */
    private static final int SYMBOLS_SHOWN = 10;

    private URI faceUrl = URI.create("http://127.0.0.1:8891");
    private boolean faceRunning;
    private Set<String> configuredAccounts = Set.of();
    private final PrintStream out;
    private final Screen screen;
    private final Screen notes;
    private final InstantSource clock;
    private final Map<String, String> variables;
    private final Path workingDir;
    private final Path homeDir;

    @Mixin
    private DataFolderOptions folderOptions = new DataFolderOptions();

    KeysCommand(CommandEnvironment process) {
        this.out = process.out();
        this.screen = process.screen();
        this.notes = process.notes();
        this.clock = process.clock();
        this.variables = process.variables();
        this.workingDir = process.workingDir();
        this.homeDir = process.homeDir();
    }

    /** Adds {@code keys} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "keys", this);
        CommandLines.add(line, "create", new Create());
        CommandLines.add(line, "list", new ListKeys());
        CommandLines.add(line, "revoke", new Revoke());
        CommandLines.add(line, "rotate", new Rotate());
    }

    @Command(
            description =
                    "A new key; its text is printed once and stored nowhere.%n" + "새 키를 만듭니다. 키는 한 번만 표시되고 저장되지 않습니다.")
    private final class Create implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "its name: " + KeyRequest.NAME_RULE + "; not local, gateway or external")
        private Optional<String> name = Optional.empty();

        @Option(names = "--name", paramLabel = "NAME", description = "the same")
        private Optional<String> nameOption = Optional.empty();

        @Option(
                names = "--face",
                description = "also a virtual app key for programs written for KIS (KIS용 프로그램에서 쓸 가상 앱키도 만듭니다)")
        private boolean face;

        @Option(
                names = "--layout",
                paramLabel = "LAYOUT",
                description =
                        "with --face: the widths of frames: classic, samples, current, or a day as 2026-11-22 (current; with --kis-devlp samples)")
        private Optional<String> layout = Optional.empty();

        @Option(
                names = "--records",
                paramLabel = "RECORDS",
                description =
                        "with --face: the records of a frame: single, or batched as KIS sends them (single with the layouts"
                                + " classic and samples, else batched) (전문당 데이터 건수: single 한 건, batched KIS와 동일)")
        private Optional<String> records = Optional.empty();

        @Option(
                names = "--sees",
                paramLabel = "WHAT",
                description =
                        "with --face: account (all orders, as --shared) or own (its orders, and balances by its own"
                                + " fills) (its orders, the account's balances) (조회 범위: account 계좌 전체, own 자기 주문과 자기 체결분 잔고)")
        private Optional<String> sees = Optional.empty();

        @Option(names = "--json", description = "with --face: print its parts as JSON")
        private boolean json;

        @Option(
                names = "--kis-devlp",
                description = "with --face: print kis_devlp.yaml of KIS's official samples (공식 샘플의 kis_devlp.yaml)")
        private boolean kisDevlp;

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "its permissions: quote, trade, operator or admin (quote)")
        private String role = "quote";

        @Option(names = "--accounts", paramLabel = "A1,A2", description = "only these accounts (all)")
        private Optional<String> accounts = Optional.empty();

        @Option(names = "--symbols", paramLabel = "005930,…", description = "only these symbols (all)")
        private Optional<String> symbols = Optional.empty();

        @Option(
                names = "--strategy",
                paramLabel = "NAME",
                description = "its orders have this strategy_id; makes it --own")
        private Optional<String> strategy = Optional.empty();

        @Option(names = "--own", description = "sees and changes only the orders it placed (자기 주문만)")
        private boolean own;

        @Option(names = "--shared", description = "with --strategy or --face: other keys' orders, too")
        private boolean shared;

        @Option(
                names = "--networks",
                paramLabel = "NETWORKS",
                description = "only from there: 10.0.0.0/8,192.0.2.7 (anywhere)")
        private Optional<String> networks = Optional.empty();

        @Option(names = "--calls-per-second", paramLabel = "N", description = "its quota (GATEWAY_KEY_RATE, 1000)")
        private Optional<Integer> callsPerSecond = Optional.empty();

        @Option(names = "--expires", paramLabel = "WHEN", description = "90d, or 2027-01-31 (never)")
        private Optional<String> expires = Optional.empty();

        @Option(names = "--unlisted", description = "accept unknown accounts and symbols")
        private boolean unlisted;

        @Option(
                names = "--new-folder",
                description = "before the gateway's first start: create the folder, too (게이트웨이를 처음 시작하기 전에 폴더도 만듭니다)")
        private boolean newFolder;

        @Override
        public Integer call() {
            // Validated before anything is written.
            KeyRequest request = request();
            Consumer<Path> check = unlisted ? folder -> {} : folder -> requireExisting(request, folder);
            return inFolder(newFolder, check, keys -> create(keys, request, this::print));
        }

        private String name() {
            if (name.isPresent() == nameOption.isPresent()) {
                throw new UsageException(
                        name.isPresent()
                                ? "./kis keys create takes one name; omit --name."
                                : "./kis keys create needs NAME: its name: " + KeyRequest.NAME_RULE
                                        + "; not local, gateway or external.");
            }
            return name.or(() -> nameOption).orElseThrow();
        }

        private void print(NewKey newKey) {
            if (newKey.face().isEmpty()) {
                out.println(newKey.text().reveal());
            } else if (json) {
                out.println(FaceKeyPrinter.json(newKey, faceUrl));
            } else if (kisDevlp) {
                out.print(FaceKeyPrinter.kisDevlp(newKey, faceUrl));
            } else {
                out.print(FaceKeyPrinter.lines(newKey, faceUrl));
            }
            if (newKey.face().isPresent() && !faceRunning) {
                notes.line("No gateway of this folder has its KIS-compatible port open now; the address is that of the"
                        + " settings, without the command line of ./kis run.");
                notes.line("실행 중인 KIS 호환 포트가 없어 설정의 주소를 표시했습니다.");
            }
        }

        private KeyRequest request() {
            try {
                if (!face && (layout.isPresent() || records.isPresent() || sees.isPresent() || json || kisDevlp)) {
                    throw new UsageException("--layout, --records, --sees, --json and --kis-devlp need --face.");
                }
                if (json && kisDevlp) {
                    throw new UsageException("--json and --kis-devlp contradict each other; use one.");
                }
                var request = KeyRequest.read(
                        name(),
                        role,
                        accounts.map(KeysCommand::list),
                        symbols.map(KeysCommand::list),
                        strategy,
                        ownOrdersOnly(),
                        networks.map(KeysCommand::list).orElse(List.of()),
                        callsPerSecond.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                        expires,
                        clock.instant());
                return face
                        ? request.withFace(layout.orElse(kisDevlp ? "samples" : "current"), records, sees)
                        : request;
            } catch (InvalidKeyRequestException e) {
                throw new UsageException((e.field().equals("name")
                                ? "The name "
                                : "--" + e.field().replace('_', '-') + " ")
                        + e.getMessage());
            }
        }

        private Optional<Boolean> ownOrdersOnly() {
            if (own && shared) {
                throw new UsageException("--own and --shared contradict each other; use one.");
            }
            if (shared && strategy.isEmpty() && !face) {
                throw new UsageException("--shared needs --strategy or --face; other keys are shared anyway.");
            }
            Optional<Boolean> chosen = own || shared ? Optional.of(own) : Optional.empty();
            return face ? Optional.of(KeyRequest.ownOrdersOfFace(chosen, sees)) : chosen;
        }
    }

    @Command(description = "Every key, never its text.%n" + "모든 키를 보여 줍니다. 키 자체는 표시하지 않습니다.")
    private final class ListKeys implements Callable<Integer> {
        @Option(names = "--all", description = "also revoked and expired ones")
        private boolean all;

        @Option(names = "--json", description = "all of it as JSON, as GET /v1/keys answers")
        private boolean json;

        @Override
        public Integer call() {
            return inFolder(keys -> list(keys, all, json));
        }
    }

    @Command(description = "Revoke a key; it is refused within a second.%n" + "키를 폐기합니다. 1초 안에 거부됩니다.")
    private final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "KEY", description = "its name or id")
        private String key = "";

        @Override
        public Integer call() {
            return inFolder(keys -> revoke(keys, key));
        }
    }

    @Command(description = "Another text for the same key.%n" + "같은 키에 새 값을 발급합니다.")
    private final class Rotate implements Callable<Integer> {
        @Parameters(paramLabel = "KEY", description = "its name or id")
        private String key = "";

        @Option(
                names = "--grace",
                paramLabel = "TIME",
                description = "how long the old one remains valid: 30m, 1h or 2d (0s)")
        private Optional<String> grace = Optional.empty();

        @Override
        public Integer call() {
            Duration time = grace.map(KeysCommand::parseDuration).orElse(Duration.ZERO);
            return inFolder(keys -> rotate(keys, key, time));
        }
    }

    private int inFolder(ToIntFunction<KeyRing> command) {
        return inFolder(false, folder -> {}, command);
    }

    private int inFolder(boolean newFolder, Consumer<Path> check, ToIntFunction<KeyRing> command) {
        try {
            DataSettings settings = settings();
            Path folder = folder(settings, newFolder);
            check.accept(folder);
            try (var keys = AccessModule.ring(place(settings), clock, new SecureRandom())) {
                return command.applyAsInt(keys);
            }
        } catch (KeyStoreException | StartException e) {
            notes.page(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    private DataSettings settings() {
        DataSettings settings = SettingsLoader.dataFolder(folderOptions.arguments(), variables, workingDir, homeDir);
        var problems = Stream.concat(settings.problems().stream(), settings.databaseProblems().stream())
                .toList();
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        return settings;
    }

    /** Where the keys are: in the database that gateways share, or in the folder. */
    private StoreDatabase place(DataSettings settings) {
        Path folder = settings.folder();
        if (settings.database().isEmpty()) {
            return StoreDatabase.file(folder.resolve(AccessModule.FILE));
        }
        try {
            Postgres postgres = Postgres.open(
                    settings.database().get(), folder.getFileName().toString(), "kis-keys");
            return StoreDatabase.schema(postgres, OwnerCheck.none());
        } catch (DatabaseException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The gateway's data folder. A folder without a gateway or key is most likely mistyped: the gateway that the key
     * was meant for would refuse it.
     */
    private Path folder(DataSettings settings, boolean newFolder) {
        Path folder = settings.folder();
        configuredAccounts = settings.accounts();
        var running = PublishedAddress.ofFace(folder).running();
        faceRunning = running.isPresent();
        faceUrl = running.orElseGet(settings::faceUrl);
        if (!DataFolder.isUsed(folder) && !newFolder) {
            throw new StartException(
                    "No gateway has its files in " + folder + "; nothing was written. Name the folder of"
                            + " the gateway with --data-dir and --env, or create its first key before its first start with keys"
                            + " create NAME --new-folder. (이 폴더는 게이트웨이의 데이터 폴더가 아닙니다.)");
        }
        DataFolder.create(folder);
        notes.line("Keys of "
                + settings.database().map(address -> "the database " + address).orElse(folder.toString()));
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        return folder;
    }

    private void requireExisting(KeyRequest keyRequest, Path folder) {
        if (keyRequest.accounts().isEmpty() && keyRequest.symbols().isEmpty()) {
            return;
        }
        try {
            var listing = InstrumentModule.cachedListing(folder.resolve(InstrumentModule.FOLDER), clock);
            keyRequest.requireExisting(configuredAccounts, listing::isListed);
        } catch (InvalidKeyRequestException e) {
            throw new UsageException("--" + e.field() + " " + e.getMessage());
        }
    }

    private int create(KeyRing keys, KeyRequest keyRequest, Consumer<NewKey> print) {
        return switch (keys.create(keyRequest)) {
            case CreateResult.Created(NewKey newKey) -> printNewKey(newKey, print);
            case CreateResult.NameTaken() -> {
                notes.line("A key has or had the name " + keyRequest.name() + "; choose another, or rotate that one.");
                yield FAILED;
            }
            case CreateResult.Full() -> {
                notes.line("There are " + KeyRing.KEYS_MAX + " keys; no further key can be created.");
                yield FAILED;
            }
        };
    }

    /** Prints only the key's text to standard output for scripts; everything else goes to standard error. */
    private int printNewKey(NewKey newKey, Consumer<NewKey> print) {
        print.accept(newKey);
        table(notes, List.of(newKey.key()));
        notes.line("Store it now; it cannot be shown again. (지금 보관하십시오. 다시 표시되지 않습니다.)");
        return 0;
    }

    private int list(KeyRing keys, boolean all, boolean json) {
        Instant now = clock.instant();
        Collection<ApiKey> every = keys.all();
        List<ApiKey> shown = every.stream()
                .filter(key -> all || key.state(now) == ApiKey.State.VALID)
                .toList();
        if (json) {
            out.println(ApiJson.text(KeyRoutes.answer(shown, now)));
            return 0;
        }
        if (!shown.isEmpty()) {
            table(screen, shown);
        } else {
            notes.line(
                    every.isEmpty()
                            ? "There is no key yet; keys create NAME creates one."
                            : "No key is valid; see --all.");
        }
        return 0;
    }

    private int revoke(KeyRing keys, String key) {
        var revoked = keys.revoke(key);
        if (revoked.isEmpty()) {
            notes.line("There is no key \"" + key + "\" that is not revoked yet; see keys list --all.");
            return FAILED;
        }
        screen.line("revoked " + revoked.get().id() + " " + revoked.get().name());
        return 0;
    }

    private int rotate(KeyRing keys, String key, Duration grace) {
        var newKey = keys.rotate(key, grace);
        if (newKey.isEmpty()) {
            notes.line("There is no key \"" + key + "\" that is not revoked yet; see keys list --all.");
            return FAILED;
        }
        return printNewKey(newKey.get(), rotated -> {
            out.println(rotated.text().reveal());
            rotated.face().ifPresent(face -> out.println("appsecret " + face.appSecret()));
        });
    }

    private void table(Screen to, List<ApiKey> keys) {
        to.table(
                COLUMNS,
                keys.stream()
                        .map(key -> List.of(
                                "kgw_" + key.id() + "…",
                                key.name(),
                                key.role().wireName(),
                                key.state(clock.instant()).name().toLowerCase(Locale.ROOT),
                                key.accounts()
                                        .map(set -> String.join(", ", set))
                                        .orElse("all"),
                                key.symbols().map(KeysCommand::abbreviate).orElse("all"),
                                key.strategy().orElse(""),
                                key.ownOrdersOnly() ? "own" : "all",
                                key.face().map(KeysCommand::face).orElse(""),
                                key.networks().isEmpty()
                                        ? "anywhere"
                                        : String.join(
                                                ", ",
                                                key.networks().stream()
                                                        .map(Network::text)
                                                        .toList()),
                                key.expiresAt()
                                        .map(at -> DAY.format(at.atZone(TradingCalendar.SEOUL)) + " KST")
                                        .orElse("")))
                        .toList());
    }

    /** The account number and the frames of a virtual app key. */
    private static String face(FaceIdentity face) {
        return face.cano() + "-" + face.productCode() + " " + face.layout() + ", "
                + face.records().wireName() + " records"
                + (face.ownBalances() ? ", own balances" : "");
    }

    private static String abbreviate(Set<String> symbols) {
        var shown = symbols.stream().sorted().limit(SYMBOLS_SHOWN).toList();
        return String.join(", ", shown)
                + (symbols.size() > SYMBOLS_SHOWN
                        ? " and " + (symbols.size() - SYMBOLS_SHOWN) + " more (--json has all)"
                        : "");
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static Duration parseDuration(String text) {
        var match = java.util.regex.Pattern.compile("([0-9]{1,4})([smhd])").matcher(text);
        if (!match.matches()) {
            throw new UsageException("--grace must be a time as 30m, 1h or 2d.");
        }
        long count = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
