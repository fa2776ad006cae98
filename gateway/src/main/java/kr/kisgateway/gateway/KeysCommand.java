package kr.kisgateway.gateway;

import java.io.PrintStream;
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
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.CommandOptions.BadRequestException;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRequest.InvalidKeyRequestException;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyRing.CreateResult;
import kr.kisgateway.gateway.access.KeyRing.NewKey;
import kr.kisgateway.gateway.access.KeyRoutes;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.settings.DataSettings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;

/**
 * {@code keys create|list|revoke|rotate}: any user who may write the data folder can manage keys, whether the gateway
 * runs or not; a running gateway applies a change within a second. Exit code 0 done, 1 no such key, 2 usage error.
 */
final class KeysCommand {
    private static final int FAILED = 1;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private static final String HELP = """
            ./kis keys: API keys of a gateway, for programs and people
            게이트웨이의 API 키를 만들고, 보고, 폐기하고, 교체합니다.

              create NAME   a new key; its text is printed once and stored nowhere
                              --role quote|trade|operator|admin   its permissions (quote)
                              --accounts A1,A2     only these accounts             (all)
                              --symbols 005930,…   only these symbols              (all)
                              --strategy NAME      its orders have this strategy_id; makes it --own
                              --own                sees and changes only the orders it placed (자기 주문만)
                              --shared             with --strategy: other keys' orders, too
                              --networks 10.0.0.0/8,192.0.2.7   only from there    (anywhere)
                              --calls-per-second N its quota                       (GATEWAY_KEY_RATE, 1000)
                              --expires 90d        or 2027-01-31                   (never)
                              --unlisted           accept unknown accounts and symbols
                              --new-folder         before the gateway's first start: create the folder, too
                                                   (게이트웨이를 처음 시작하기 전에 폴더도 만듭니다)
              list          every key, never its text     [--all: also revoked and expired ones]
                              --json               all of it as JSON, as GET /v1/keys answers
              revoke KEY    KEY is its name or id; refused within a second
              rotate KEY    another text for the same key
                              --grace 1h           how long the old one remains valid (0s)

              --data-dir=./data     the gateway's folder        (GATEWAY_DATA_DIR)
              --env=sim             sim, mock or live           (KIS_ENV)
            Roles: quote reads market data; trade also orders and reads its accounts; operator also stops, limits and
            reconciles; admin also manages keys. Send the key as Authorization: Bearer KEY, or set GATEWAY_API_KEY for
            ./kis.
            """;

    private static final Set<String> COMMON_OPTIONS = Set.of("data-dir", "env");
    private static final Map<String, Set<String>> OPTIONS = Map.of(
            "create", Set.of("role", "accounts", "symbols", "strategy", "networks", "calls-per-second", "expires"),
            "list", Set.of(),
            "revoke", Set.of(),
            "rotate", Set.of("grace"));

    private static final Map<String, Set<String>> FLAGS =
            Map.of("create", Set.of("unlisted", "own", "shared", "new-folder"), "list", Set.of("all", "json"));

    private static final List<Column> COLUMNS = List.of(
            Column.left("KEY"),
            Column.left("NAME"),
            Column.left("ROLE"),
            Column.left("STATE"),
            Column.left("ACCOUNTS"),
            Column.left("SYMBOLS"),
            Column.left("STRATEGY"),
            Column.left("ORDERS"),
            Column.left("FROM"),
            Column.left("UNTIL"));

    /** Symbols displayed in a row; {@code --json} has all. */
    private static final int SYMBOLS_SHOWN = 10;

    private final CommandEnvironment process;
    private final PrintStream out;
    private final Screen screen;
    private final Screen notes;
    private final InstantSource clock;
    private final Map<String, String> variables;
    private final Path workingDir;
    private final Path homeDir;

    KeysCommand(CommandEnvironment process) {
        this.process = process;
        this.out = process.out();
        this.screen = process.screen();
        this.notes = process.notes();
        this.clock = process.clock();
        this.variables = process.variables();
        this.workingDir = process.workingDir();
        this.homeDir = process.homeDir();
    }

    int run(List<String> args) {
        var helpExitCode = process.helpExitCode(args, "keys", HELP, OPTIONS.keySet());
        if (helpExitCode.isPresent()) {
            return helpExitCode.getAsInt();
        }
        String command = args.getFirst();
        try {
            var valueOptions = new java.util.HashSet<>(OPTIONS.getOrDefault(command, Set.of()));
            valueOptions.addAll(COMMON_OPTIONS);
            var options = CommandOptions.read(
                    args.subList(1, args.size()),
                    command.equals("list") ? 0 : 1,
                    valueOptions,
                    FLAGS.getOrDefault(command, Set.of()),
                    "keys help");
            return execute(command, options);
        } catch (BadRequestException e) {
            notes.page(String.valueOf(e.getMessage()));
            return CommandEnvironment.BAD_REQUEST;
        } catch (KeyStoreException | StartException e) {
            notes.page(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    private int execute(String command, CommandOptions options) {
        Optional<String> keyArgument = options.arguments().stream().findFirst();
        if (keyArgument.isEmpty() && !command.equals("list")) {
            throw new BadRequestException(
                    command.equals("create") ? "Name the new key: keys create NAME." : "Name the key.");
        }
        // Validated before anything is written.
        Optional<KeyRequest> keyRequest = command.equals("create")
                ? Optional.of(readKeyRequest(keyArgument.orElseThrow(), options))
                : Optional.empty();
        Duration grace = options.option("grace").map(KeysCommand::parseDuration).orElse(Duration.ZERO);
        Path folder = folder(options);
        Path file = folder.resolve(AccessModule.FILE);
        if (!options.hasFlag("unlisted")) {
            keyRequest.ifPresent(request -> requireExisting(request, folder));
        }
        try (var keys = AccessModule.ring(file, clock, new SecureRandom())) {
            return switch (command) {
                case "create" -> create(keys, keyRequest.orElseThrow());
                case "list" -> list(keys, options.hasFlag("all"), options.hasFlag("json"));
                case "revoke" -> revoke(keys, keyArgument.orElseThrow());
                default -> rotate(keys, keyArgument.orElseThrow(), grace);
            };
        }
    }

    /**
     * The gateway's data folder. A folder without a gateway or key is most likely mistyped: the gateway that the key
     * was meant for would refuse it.
     */
    private Path folder(CommandOptions options) {
        var arguments = new java.util.ArrayList<String>();
        options.option("data-dir").ifPresent(dir -> arguments.add("--data-dir=" + dir));
        options.option("env").ifPresent(env -> arguments.add("--kis-env=" + env));
        DataSettings settings = SettingsLoader.dataFolder(arguments, variables, workingDir, homeDir);
        if (!settings.problems().isEmpty()) {
            throw new BadRequestException(String.join(System.lineSeparator(), settings.problems()));
        }
        Path folder = settings.folder();
        if (!DataFolder.isUsed(folder) && !options.hasFlag("new-folder")) {
            throw new StartException(
                    "No gateway has its files in " + folder + "; nothing was written. Name the folder of"
                            + " the gateway with --data-dir and --env, or create its first key before its first start with keys"
                            + " create NAME --new-folder. (이 폴더는 게이트웨이의 데이터 폴더가 아닙니다.)");
        }
        DataFolder.create(folder);
        notes.line("Keys of " + folder);
        System.setProperty(Main.LOG_DIR, folder.resolve("log").toString());
        return folder;
    }

    private void requireExisting(KeyRequest keyRequest, Path folder) {
        if (keyRequest.accounts().isEmpty() && keyRequest.symbols().isEmpty()) {
            return;
        }
        try {
            var listing = InstrumentModule.cachedListing(folder.resolve(InstrumentModule.FOLDER), clock);
            keyRequest.requireExisting(
                    Set.of(Accounts.FIRST_ALIAS), symbol -> listing.lookup(symbol) instanceof Lookup.Found);
        } catch (InvalidKeyRequestException e) {
            throw new BadRequestException("--" + e.field() + " " + e.getMessage());
        }
    }

    private KeyRequest readKeyRequest(String name, CommandOptions options) {
        try {
            return KeyRequest.read(
                    name,
                    options.option("role").orElse("quote"),
                    options.option("accounts").map(KeysCommand::list),
                    options.option("symbols").map(KeysCommand::list),
                    options.option("strategy"),
                    own(options),
                    options.option("networks").map(KeysCommand::list).orElse(List.of()),
                    options.option("calls-per-second")
                            .map(KeysCommand::parseWholeNumber)
                            .map(OptionalInt::of)
                            .orElseGet(OptionalInt::empty),
                    options.option("expires"),
                    clock.instant());
        } catch (InvalidKeyRequestException e) {
            throw new BadRequestException(
                    (e.field().equals("name") ? "The name " : "--" + e.field().replace('_', '-') + " ")
                            + e.getMessage());
        }
    }

    private static Optional<Boolean> own(CommandOptions options) {
        if (options.hasFlag("own") && options.hasFlag("shared")) {
            throw new BadRequestException("--own and --shared contradict each other; use one.");
        }
        if (options.hasFlag("shared") && options.option("strategy").isEmpty()) {
            throw new BadRequestException("--shared needs --strategy; other keys are shared anyway.");
        }
        return options.hasFlag("own")
                ? Optional.of(true)
                : options.hasFlag("shared") ? Optional.of(false) : Optional.empty();
    }

    private int create(KeyRing keys, KeyRequest keyRequest) {
        return switch (keys.create(keyRequest)) {
            case CreateResult.Created(NewKey newKey) -> printNewKey(newKey);
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
    private int printNewKey(NewKey newKey) {
        out.println(newKey.text().reveal());
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
        return printNewKey(newKey.get());
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

    private static int parseWholeNumber(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new BadRequestException("--calls-per-second must be a whole number.");
        }
        return Integer.parseInt(text);
    }

    private static Duration parseDuration(String text) {
        var match = java.util.regex.Pattern.compile("([0-9]{1,4})([smhd])").matcher(text);
        if (!match.matches()) {
            throw new BadRequestException("--grace must be a time as 30m, 1h or 2d.");
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
