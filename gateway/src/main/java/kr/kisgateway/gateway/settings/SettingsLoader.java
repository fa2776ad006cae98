package kr.kisgateway.gateway.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.gateway.settings.SettingsResult.Loaded;
import kr.kisgateway.gateway.settings.SettingsResult.Problems;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/**
 * Gathers the settings and judges them once. The same name in two places is an override (command line over
 * environment over {@code .env} over {@code gateway.yaml} over default); two names that say different things are a
 * contradiction, and nothing is ever guessed about live trading.
 */
public final class SettingsLoader {
    /** Registrations KIS allows on one socket, less the one for execution notices. */
    public static final int SYMBOLS_MAX = 40;

    /** One account so far. */
    private static final String ACCOUNT_ALIAS = "A1";

    private static final int KEEP_DAYS_MIN = 30;

    /** Far above what a program needs, far below what one program could take from the others. */
    private static final int KEY_RATE = 1_000;

    private static final Pattern ACCOUNT = Pattern.compile("(\\d{8})-?(\\d{2})");
    private static final Duration CACHE_LIFE_MAX = Duration.ofDays(1);
    private static final Pattern SAFE_PRICE = Pattern.compile("([^:]{1,24}):((?:0|[1-9][0-9]{0,9})(?:\\.[0-9]{1,4})?)");
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*(ms|s|m|h)?");
    private static final Pattern DAYS = Pattern.compile("([1-9]\\d{0,3})d?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,15})\\s*(kb|mb|gb)?");
    private static final Pattern HOURS =
            Pattern.compile("((?:[01]\\d|2[0-3]):[0-5]\\d)\\s*-\\s*((?:[01]\\d|2[0-3]):[0-5]\\d)");
    private static final Pattern SCENARIO_NAME = Pattern.compile("[a-z-]+");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|localhost|::1|\\[::1]");

    private final Path workingDir;
    private final Path homeDir;
    private final Map<SettingName, String> values = new EnumMap<>(SettingName.class);
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final AppKeySettings appKeys = new AppKeySettings(problems, warnings);
    private final RiskSettings risk = new RiskSettings(problems, Set.of(ACCOUNT_ALIAS));

    private SettingsLoader(Path workingDir, Path homeDir) {
        this.workingDir = workingDir;
        this.homeDir = homeDir;
    }

    /**
     * @param args the command line after the subcommand: {@code --name=value} or {@code --name value}
     * @param environment the process's environment variables
     * @param workingDir where {@code .env}, {@code gateway.yaml} and relative folders are
     * @param homeDir the user's home
     * @param defaults what holds at the broker
     */
    public static SettingsResult load(
            List<String> args,
            Map<String, String> environment,
            Path workingDir,
            Path homeDir,
            BrokerDefaults defaults) {
        var loader = new SettingsLoader(workingDir, homeDir);
        loader.gather(args, environment);
        var settings = loader.read(defaults);
        return loader.problems.isEmpty() ? new Loaded(settings) : new Problems(loader.problems);
    }

    /** What the commands on a journal need, by the same sources as {@link #load}. */
    public static JournalSettings journal(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir);
        loader.gather(args, environment);
        var root = loader.dataRoot();
        var days = loader.keepDays();
        return new JournalSettings(root, days, loader.problems);
    }

    /** Where the gateway that is set up here keeps its data, by the same sources as {@link #load}. */
    public static DataSettings dataFolder(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir);
        loader.gather(args, environment);
        var folder = loader.dataRoot().resolve(loader.environment().word());
        return new DataSettings(folder, loader.problems);
    }

    /** The real app key and secret by the same sources as {@link #load}, whatever environment is set. */
    public static LiveKeys liveKeys(
            Map<String, String> environment, Path workingDir, Path homeDir, BrokerDefaults defaults) {
        var loader = new SettingsLoader(workingDir, homeDir);
        loader.gather(List.of(), environment);
        var appKey = loader.secret(SettingName.KIS_APP_KEY, 8, 64);
        var appSecret = loader.secret(SettingName.KIS_APP_SECRET, 16, 256);
        var rest = loader.address(SettingName.KIS_API_BASE_URL_REAL, defaults.liveRest(), "https", "http");
        if (appKey.isEmpty() || appSecret.isEmpty()) {
            loader.problems.add("KIS_APP_KEY and KIS_APP_SECRET must be set, in the environment or in .env.");
        }
        return new LiveKeys(appKey, appSecret, rest, loader.problems);
    }

    private void gather(List<String> args, Map<String, String> environment) {
        new SettingsSources(workingDir, values, problems, warnings, risk::take, appKeys::take)
                .gather(args, environment);
    }

    private Path dataRoot() {
        return folder(SettingName.GATEWAY_DATA_DIR, workingDir.resolve("data"));
    }

    /** Days, at least {@value #KEEP_DAYS_MIN}: a key is repeated within hours, a dispute comes within weeks. */
    private OptionalInt keepDays() {
        var text = text(SettingName.JOURNAL_KEEP_DAYS);
        if (text.isEmpty() || text.get().equals("0")) {
            return OptionalInt.empty();
        }
        if (text.get().matches("\\d{1,5}") && Integer.parseInt(text.get()) >= KEEP_DAYS_MIN) {
            return OptionalInt.of(Integer.parseInt(text.get()));
        }
        problems.add(
                "JOURNAL_KEEP_DAYS must be 0 (keep everything) or a number of days from " + KEEP_DAYS_MIN + " on.");
        return OptionalInt.empty();
    }

    // Judging: the one method that knows which settings go together.

    private Settings read(BrokerDefaults defaults) {
        var environment = environment();
        var bind = text(SettingName.GATEWAY_BIND).orElse("127.0.0.1");
        var tls = tls(bind);
        var access = new Settings.Access(
                keysRequired(environment, bind),
                positive(SettingName.GATEWAY_KEY_RATE, 100_000).orElse(KEY_RATE),
                positive(SettingName.GATEWAY_ADDRESS_CONNECTIONS, 1_500));
        dataSource();

        var port = port(SettingName.GATEWAY_PORT, 8890);
        var url = simulatorUrl();
        var simulatorPort = port(SettingName.SIMULATOR_PORT, 8892);
        if (url.isPresent() && values.containsKey(SettingName.SIMULATOR_PORT)) {
            warnings.add("SIMULATOR_PORT has no effect beside SIMULATOR_URL, because no simulator is embedded.");
        }
        if (url.isEmpty() && port != 0 && port == simulatorPort) {
            problems.add("GATEWAY_PORT and SIMULATOR_PORT are both " + port + "; give them different ports.");
        }
        var broker = broker(environment, defaults);
        // A simulator elsewhere allows what it is told to; KIS does not.
        var simulated = broker.rest().map(SettingsLoader::isLoopback).orElse(true);
        var simulatorRate = simulated ? positive(SettingName.SIMULATOR_RATE_LIMIT, 100_000) : OptionalInt.empty();
        var limit = simulatorRate.orElse(defaults.callsPerSecond(environment));
        var rate = positive(SettingName.KIS_API_RATE_LIMIT, 1_000_000).orElse(limit);
        if (rate > limit) {
            warnings.add(
                    "KIS_API_RATE_LIMIT=" + rate + " is above what KIS allows; " + limit + " calls a second are used.");
            rate = limit;
        }
        // At a call a second the look at the account alone takes one of them.
        var slow = environment == KisEnvironment.MOCK;
        return new Settings(
                environment,
                new Settings.Http(bind, port, secret(SettingName.GATEWAY_OPERATOR_TOKEN, 1, 256), tls),
                access,
                new Settings.Kis(
                        broker.rest(),
                        broker.ws(),
                        broker.appKey(),
                        broker.appSecret(),
                        broker.account(),
                        text(SettingName.KIS_HTS_ID),
                        symbols(),
                        rate,
                        duration(SettingName.KIS_API_QUEUE_TIMEOUT, Duration.ofSeconds(5)),
                        positive(SettingName.KIS_API_CIRCUIT_BREAKER_THRESHOLD, 1_000),
                        duration(SettingName.KIS_API_CIRCUIT_BREAKER_TIMEOUT, Duration.ofSeconds(30)),
                        duration(SettingName.KIS_WS_SILENCE, Duration.ofSeconds(120)),
                        appKeys.read(environment, broker.appKey()),
                        koreanHours(),
                        marketStatus(environment),
                        usPaid(),
                        text(SettingName.KIS_RECORD_TO).map(workingDir::resolve)),
                new Settings.Simulator(
                        simulatorPort,
                        url,
                        seed(),
                        simulated ? clock() : Settings.Clock.REAL,
                        simulatorRate,
                        scenario(url)),
                new Settings.Orders(
                        flag(SettingName.ORDER_WORKER_ENABLED, true),
                        duration(SettingName.ORDER_DISPATCH_BY_MARKET, Duration.ofSeconds(slow ? 10 : 2)),
                        duration(SettingName.ORDER_DISPATCH_BY_LIMIT, Duration.ofSeconds(slow ? 15 : 5)),
                        duration(SettingName.ORDER_RECONCILE_EVERY, Duration.ofSeconds(5)),
                        flag(SettingName.GATEWAY_KILL_SWITCH, false)),
                new Settings.Risk(risk.layers(environment, this::text), liveGuards(environment)),
                new Settings.Journal(bytes(SettingName.JOURNAL_DISK_LOW, 256L << 20), keepDays()),
                new Settings.Quotes(
                        duration(SettingName.QUOTE_STALE_AFTER, Duration.ofSeconds(5)),
                        duration(SettingName.QUOTE_HEARTBEAT, Duration.ofSeconds(120)),
                        duration(SettingName.QUOTE_COOLDOWN, Duration.ofSeconds(3)),
                        wsHours(),
                        safeValue()),
                new Settings.Cache(
                        redis(),
                        ttl(SettingName.KIS_CACHE_TTL_PRICE),
                        ttl(SettingName.KIS_CACHE_TTL_ORDERBOOK),
                        ttl(SettingName.KIS_CACHE_TTL_CHART),
                        ttl(SettingName.KIS_CACHE_TTL_STOCK_INFO)),
                new WarmSettings(problems).read(this::text, environment == KisEnvironment.SIM),
                instruments(simulated),
                new Settings.MarketWide(
                        duration(SettingName.KIS_CACHE_TTL_RANKING, Duration.ofSeconds(10)),
                        duration(SettingName.KIS_CACHE_TTL_INDEX, Duration.ofSeconds(2)),
                        duration(SettingName.KIS_CACHE_TTL_INVESTORS, Duration.ofSeconds(60)),
                        duration(SettingName.KIS_CACHE_TTL_NAV, Duration.ofSeconds(5))),
                new Settings.History(
                        secret(SettingName.KRX_AUTH_KEY, 8, 256),
                        krxBase(),
                        positive(SettingName.KRX_CALLS_PER_DAY, 1_000_000),
                        kept(SettingName.GATEWAY_KEEP_TICKS, OptionalInt.of(30)),
                        kept(SettingName.GATEWAY_KEEP_MINUTES, OptionalInt.empty())),
                dataRoot().resolve(environment.word()),
                folder(
                        SettingName.GATEWAY_CONFIG_DIR,
                        homeDir.resolve(".config").resolve("kis-gateway")),
                warnings);
    }

    /** {@code none}, {@code last-close}, or prices as {@code 005930:70000,AAPL.NASD:187.5}. */
    private Settings.SafeValue safeValue() {
        var text = word(SettingName.QUOTE_SAFE_VALUE).orElse("none");
        if (text.equals("none")) {
            return new Settings.SafeValue.None();
        }
        if (text.equals("last-close")) {
            return new Settings.SafeValue.LastClose();
        }
        var won = new LinkedHashMap<Symbol, Long>();
        var dollars = new LinkedHashMap<UsSymbol, BigDecimal>();
        for (var part : text.split(",")) {
            if (!isSafePrice(part.strip().toUpperCase(Locale.ROOT), won, dollars)) {
                problems.add("QUOTE_SAFE_VALUE must be none, last-close, or prices in won and dollars as"
                        + " 005930:70000,AAPL.NASD:187.5.");
                return new Settings.SafeValue.None();
            }
        }
        return new Settings.SafeValue.Prices(won, dollars);
    }

    /** Puts {@code part} where it belongs, if it is a symbol with a price of its currency. */
    private static boolean isSafePrice(String part, Map<Symbol, Long> won, Map<UsSymbol, BigDecimal> dollars) {
        var pair = SAFE_PRICE.matcher(part);
        var symbol = pair.matches() ? MarketSymbol.parse(pair.group(1)) : Optional.<MarketSymbol>empty();
        if (symbol.isEmpty()) {
            return false;
        }
        var price = new BigDecimal(pair.group(2));
        if (price.signum() == 0 || symbol.get() instanceof Symbol && price.scale() > 0) {
            return false;
        }
        switch (symbol.get()) {
            case Symbol korean -> won.put(korean, price.longValueExact());
            case UsSymbol american -> dollars.put(american, price);
        }
        return true;
    }

    private Optional<Masked> redis() {
        return text(SettingName.REDIS_URL).flatMap(text -> {
            try {
                var uri = URI.create(text);
                if (Set.of("redis", "rediss").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                    return Optional.of(new Masked(text));
                }
            } catch (IllegalArgumentException e) {
                // Said below, without the text: it may hold a password.
            }
            problems.add("REDIS_URL must be an address as redis://host:6379 or rediss://user:password@host:6380/0.");
            return Optional.empty();
        });
    }

    /** Whole seconds, as the old service had them. */
    private Optional<Duration> ttl(SettingName name) {
        var seconds = positive(name, (int) CACHE_LIFE_MAX.toSeconds());
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsInt())) : Optional.empty();
    }

    /** Days as {@code 30d}; {@code off} deletes nothing. */
    private OptionalInt kept(SettingName name, OptionalInt otherwise) {
        var text = word(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.get().equals("off")) {
            return OptionalInt.empty();
        }
        var match = DAYS.matcher(text.get());
        if (match.matches()) {
            return OptionalInt.of(Integer.parseInt(match.group(1)));
        }
        problems.add(name + " must be off, or days from 1d to 9999d.");
        return otherwise;
    }

    private Optional<URI> krxBase() {
        var text = text(SettingName.KRX_API_BASE_URL);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return folderAddress(text.get()).or(() -> {
            problems.add(
                    "KRX_API_BASE_URL must be the address of a folder as https://host/svc/apis/ (http to this machine"
                            + " only).");
            return Optional.empty();
        });
    }

    private Settings.Instruments instruments(boolean simulated) {
        var url = text(SettingName.KIS_MASTER_URL);
        boolean off = url.isPresent() && url.get().equalsIgnoreCase("off");
        var base = off ? Optional.<URI>empty() : url.flatMap(this::masterUrl);
        return new Settings.Instruments(base, !off && (base.isPresent() || !simulated), refreshAt());
    }

    private Optional<URI> masterUrl(String text) {
        return folderAddress(text).or(() -> {
            problems.add(
                    "KIS_MASTER_URL must be off, or the address of a folder as https://host/common/master/ (http to this"
                            + " machine only).");
            return Optional.empty();
        });
    }

    private static Optional<URI> folderAddress(String text) {
        try {
            var uri = URI.create(text.endsWith("/") ? text : text + "/");
            boolean safe = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && isLoopback(uri);
            if (safe && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // The caller says it, in our own words.
        }
        return Optional.empty();
    }

    private LocalTime refreshAt() {
        var text = text(SettingName.KIS_MASTER_REFRESH_AT).orElse("07:30");
        if (!text.matches("([01]\\d|2[0-3]):[0-5]\\d")) {
            problems.add("KIS_MASTER_REFRESH_AT must be a time of the day in Seoul, as 07:30.");
            return LocalTime.of(7, 30);
        }
        return LocalTime.parse(text);
    }

    private LiveGuards liveGuards(KisEnvironment environment) {
        return new LiveGuards(
                environment == KisEnvironment.LIVE,
                flag(SettingName.KIS_LIVE_TRADING, false),
                liveAccounts(),
                flag(SettingName.GATEWAY_READ_ONLY, false));
    }

    /** Aliases; the number of the account that is configured is its alias, and another number is a mistake. */
    private Set<String> liveAccounts() {
        var aliases = new LinkedHashSet<String>();
        for (var part : text(SettingName.KIS_LIVE_ACCOUNTS).orElse("").split(",")) {
            var name = part.strip();
            var number = ACCOUNT.matcher(name);
            if (number.matches()) {
                if (account().equals(Optional.of(new Settings.Account(number.group(1), number.group(2))))) {
                    aliases.add(ACCOUNT_ALIAS);
                } else {
                    problems.add(
                            "KIS_LIVE_ACCOUNTS names an account number that is not configured; give aliases, as A1.");
                }
            } else if (ALIAS.matcher(name).matches()) {
                aliases.add(name);
            } else if (!name.isEmpty()) {
                problems.add("KIS_LIVE_ACCOUNTS must be aliases of accounts with commas between, as A1.");
            }
        }
        return aliases;
    }

    private KisEnvironment environment() {
        var mock = optionalFlag(SettingName.KIS_MOCK);
        var virtual = optionalFlag(SettingName.KIS_USE_VIRTUAL_SERVER);
        var paper = mock.orElse(false) || virtual.orElse(false);
        var notPaper = mock.isPresent() && !mock.get() || virtual.isPresent() && !virtual.get();
        if (paper && notPaper) {
            problems.add("KIS_MOCK and KIS_USE_VIRTUAL_SERVER contradict each other; set KIS_ENV to sim, mock or live"
                    + " and leave both out.");
        }
        var asked = word(SettingName.KIS_ENV);
        KisEnvironment environment;
        if (asked.isPresent()) {
            environment = switch (asked.get()) {
                case "sim" -> KisEnvironment.SIM;
                case "mock" -> KisEnvironment.MOCK;
                case "live" -> KisEnvironment.LIVE;
                default -> {
                    problems.add("KIS_ENV must be sim, mock or live.");
                    yield KisEnvironment.SIM;
                }
            };
            if (paper && !notPaper && environment != KisEnvironment.MOCK) {
                problems.add("KIS_ENV=" + environment.word() + " contradicts "
                        + (mock.orElse(false) ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                        + "=true, which means mock; leave one of them out.");
            }
            if (notPaper && !paper && environment == KisEnvironment.MOCK) {
                problems.add("KIS_ENV=mock contradicts " + (mock.isPresent() ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                        + "=false; leave one of them out.");
            }
        } else if (paper) {
            environment = KisEnvironment.MOCK;
        } else if (hasCredentials()) {
            problems.add("Credentials are set but no environment; set KIS_ENV=sim (simulator), KIS_ENV=mock (KIS paper"
                    + " trading) or KIS_ENV=live (real money).");
            environment = KisEnvironment.SIM;
        } else {
            environment = KisEnvironment.SIM;
        }
        return environment;
    }

    /** Where real money is, and where others than this machine's users can knock, nobody comes in without a key. */
    private boolean keysRequired(KisEnvironment environment, String bind) {
        var exposed =
                environment == KisEnvironment.LIVE || !LOOPBACK.matcher(bind).matches();
        return switch (word(SettingName.GATEWAY_AUTH).orElse("auto")) {
            case "auto" -> exposed;
            case "required" -> true;
            case "off" -> {
                if (exposed) {
                    problems.add("GATEWAY_AUTH=off is refused with KIS_ENV=live and with a GATEWAY_BIND other than"
                            + " 127.0.0.1: whoever reaches the gateway could trade. Leave it out and make keys with"
                            + " ./kis keys create.");
                }
                yield exposed;
            }
            default -> {
                problems.add("GATEWAY_AUTH must be auto, required or off.");
                yield true;
            }
        };
    }

    private Optional<Settings.Tls> tls(String bind) {
        var certificate = text(SettingName.GATEWAY_TLS_CERT);
        var key = text(SettingName.GATEWAY_TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            problems.add("GATEWAY_TLS_CERT and GATEWAY_TLS_KEY belong together; set both or none.");
        }
        if (certificate.isPresent() && key.isPresent()) {
            return Optional.of(new Settings.Tls(workingDir.resolve(certificate.get()), workingDir.resolve(key.get())));
        }
        if (!LOOPBACK.matcher(bind).matches() && !flag(SettingName.GATEWAY_PLAIN_HTTP, false)) {
            problems.add("GATEWAY_BIND=" + bind + " without TLS would carry API keys and orders in the clear: set"
                    + " GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or GATEWAY_PLAIN_HTTP=true where a proxy before the gateway"
                    + " encrypts.");
        }
        return Optional.empty();
    }

    /** Where the broker is and whom it knows us as. */
    private record Broker(
            Optional<URI> rest,
            Optional<URI> ws,
            Optional<Masked> appKey,
            Optional<Masked> appSecret,
            Optional<Settings.Account> account) {}

    private Broker broker(KisEnvironment environment, BrokerDefaults defaults) {
        var appKey = secret(SettingName.KIS_APP_KEY, 8, 64);
        var appSecret = secret(SettingName.KIS_APP_SECRET, 16, 256);
        var account = account();
        if (environment == KisEnvironment.SIM) {
            return new Broker(Optional.empty(), Optional.empty(), appKey, appSecret, account);
        }
        if (environment == KisEnvironment.LIVE) {
            return live(defaults, appKey, appSecret, account);
        }
        // KIS gives paper trading a pair and an account of its own.
        var paperKey = secret(SettingName.KIS_MOCK_APP_KEY, 8, 64);
        var paperSecret = secret(SettingName.KIS_MOCK_APP_SECRET, 16, 256);
        var paperAccount = paperAccount();
        var missing = new ArrayList<String>();
        if (paperKey.isEmpty() && appKey.isEmpty()) {
            missing.add("KIS_MOCK_APP_KEY");
        }
        if (paperSecret.isEmpty() && appSecret.isEmpty()) {
            missing.add("KIS_MOCK_APP_SECRET");
        }
        if (paperAccount.isEmpty() && account.isEmpty()) {
            missing.add("KIS_MOCK_CANO");
        }
        if (!missing.isEmpty()) {
            problems.add("KIS_ENV=mock needs " + String.join(", ", missing)
                    + ": KIS gives paper trading (모의투자) an app key and an account of its own. KIS_ENV=sim needs none.");
        }
        if (paperKey.isPresent() != paperSecret.isPresent()) {
            problems.add("KIS_MOCK_APP_KEY and KIS_MOCK_APP_SECRET belong together; set both or none.");
        }
        return new Broker(
                Optional.of(address(SettingName.KIS_API_BASE_URL_VIRTUAL, defaults.paperRest(), "https", "http")),
                Optional.of(address(SettingName.KIS_WS_URL_MOCK, defaults.paperWs(), "wss", "ws")),
                paperKey.or(() -> appKey),
                paperSecret.or(() -> appSecret),
                paperAccount.or(() -> account));
    }

    /** Nothing is made up where real money is: whatever is missing is named. */
    private Broker live(
            BrokerDefaults defaults,
            Optional<Masked> appKey,
            Optional<Masked> appSecret,
            Optional<Settings.Account> account) {
        var missing = new ArrayList<String>();
        if (appKey.isEmpty()) {
            missing.add("KIS_APP_KEY");
        }
        if (appSecret.isEmpty()) {
            missing.add("KIS_APP_SECRET");
        }
        if (account.isEmpty()) {
            missing.add("KIS_ACCOUNT_NO");
        }
        if (text(SettingName.KIS_HTS_ID).isEmpty()) {
            missing.add("KIS_HTS_ID (execution notices come under it)");
        }
        if (!missing.isEmpty()) {
            problems.add("KIS_ENV=live needs " + String.join(", ", missing) + ".");
        }
        return new Broker(
                Optional.of(address(SettingName.KIS_API_BASE_URL_REAL, defaults.liveRest(), "https", "http")),
                Optional.of(address(SettingName.KIS_WS_URL_LIVE, defaults.liveWs(), "wss", "ws")),
                appKey,
                appSecret,
                account);
    }

    private Optional<Settings.Account> paperAccount() {
        var cano = text(SettingName.KIS_MOCK_CANO);
        var product = text(SettingName.KIS_MOCK_ACNT_PRDT_CD).orElse("01");
        if (cano.isPresent() && !cano.get().matches("\\d{8}")) {
            problems.add("KIS_MOCK_CANO must be eight digits.");
            return Optional.empty();
        }
        if (!product.matches("\\d{2}")) {
            problems.add("KIS_MOCK_ACNT_PRDT_CD must be two digits.");
            return Optional.empty();
        }
        return cano.map(number -> new Settings.Account(number, product));
    }

    /** An address as it is set, or KIS's own; REST goes unencrypted to this machine only. */
    private URI address(SettingName name, URI kis, String secure, String plain) {
        var text = text(name);
        if (text.isEmpty()) {
            return kis;
        }
        try {
            var uri = URI.create(
                    text.get().endsWith("/")
                            ? text.get().substring(0, text.get().length() - 1)
                            : text.get());
            var safe = secure.equals(uri.getScheme())
                    || plain.equals(uri.getScheme()) && (plain.equals("ws") || isLoopback(uri));
            if (safe && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, in our own words.
        }
        problems.add(name + " must be a base address as " + kis + " (" + plain + " "
                + (plain.equals("ws") ? "too" : "to this machine only") + ").");
        return kis;
    }

    private static boolean isLoopback(URI uri) {
        return uri.getHost() != null && LOOPBACK.matcher(uri.getHost()).matches();
    }

    private boolean hasCredentials() {
        return java.util.stream.Stream.of(
                                SettingName.KIS_APP_KEY,
                                SettingName.KIS_APP_SECRET,
                                SettingName.KIS_ACCOUNT_NO,
                                SettingName.KIS_ACCOUNT_NUMBER,
                                SettingName.KIS_CANO,
                                SettingName.KIS_MOCK_APP_KEY,
                                SettingName.KIS_MOCK_APP_SECRET,
                                SettingName.KIS_MOCK_CANO)
                        .anyMatch(name -> text(name).isPresent())
                || appKeys.given();
    }

    private void dataSource() {
        switch (word(SettingName.DATA_SOURCE_TYPE).orElse("")) {
            // The simulator is the source in sim whatever the word says.
            case "", "kis", "mock" -> {}
            case "krx" ->
                problems.add(
                        "DATA_SOURCE_TYPE=krx is refused: the exchange publishes no prices of"
                                + " the running day, so a gateway needs KIS. Its days of the past come by ./kis backfill --source krx.");
            default -> problems.add("DATA_SOURCE_TYPE must be empty, kis, krx or mock.");
        }
    }

    private Optional<Settings.Account> account() {
        var found = new LinkedHashSet<Settings.Account>();
        var names = new ArrayList<String>();
        for (var name : List.of(SettingName.KIS_ACCOUNT_NO, SettingName.KIS_ACCOUNT_NUMBER)) {
            text(name).ifPresent(text -> {
                var match = ACCOUNT.matcher(text);
                if (match.matches()) {
                    found.add(new Settings.Account(match.group(1), match.group(2)));
                    names.add(name.name());
                } else {
                    problems.add(name + " must be eight digits, a hyphen and two digits.");
                }
            });
        }
        var product = text(SettingName.KIS_ACNT_PRDT_CD);
        if (product.isPresent() && !product.get().matches("\\d{2}")) {
            problems.add("KIS_ACNT_PRDT_CD must be two digits.");
            product = Optional.empty();
        }
        var code = product;
        text(SettingName.KIS_CANO)
                .ifPresentOrElse(
                        cano -> {
                            if (cano.matches("\\d{8}")) {
                                // Without a product code KIS_CANO says nothing about it, so it cannot disagree on it.
                                var rest =
                                        code.or(() -> found.stream().findFirst().map(Settings.Account::productCode));
                                found.add(new Settings.Account(cano, rest.orElse("01")));
                                names.add(SettingName.KIS_CANO.name());
                            } else {
                                problems.add("KIS_CANO must be eight digits.");
                            }
                        },
                        () -> found.stream().findFirst().ifPresent(account -> {
                            if (code.isPresent() && !code.get().equals(account.productCode())) {
                                problems.add("KIS_ACNT_PRDT_CD and " + names.getFirst() + " name different accounts.");
                            }
                        }));
        if (found.size() > 1) {
            problems.add(String.join(" and ", names) + " name different accounts; give one.");
        }
        return found.stream().findFirst();
    }

    private List<MarketSymbol> symbols() {
        var symbols = new LinkedHashSet<MarketSymbol>();
        for (var text :
                values.getOrDefault(SettingName.KIS_WS_SYMBOLS, "005930").split(",")) {
            var code = text.strip();
            if (!code.isEmpty()) {
                MarketSymbol.parse(code)
                        .ifPresentOrElse(
                                symbols::add,
                                () -> problems.add(
                                        "KIS_WS_SYMBOLS: \"" + code
                                                + "\" is not a six-character code, nor a ticker with its exchange (AAPL.NASD)."));
            }
        }
        if (symbols.size() > SYMBOLS_MAX) {
            problems.add("KIS_WS_SYMBOLS has " + symbols.size() + " symbols, and KIS takes " + SYMBOLS_MAX
                    + " beside the execution notices.");
        }
        return List.copyOf(symbols);
    }

    private boolean usPaid() {
        return switch (text(SettingName.KIS_US_FEED).orElse("free").toLowerCase(Locale.ROOT)) {
            case "free" -> false;
            case "paid" -> true;
            default -> {
                problems.add("KIS_US_FEED must be free or paid.");
                yield false;
            }
        };
    }

    private boolean marketStatus(KisEnvironment environment) {
        var wanted = optionalFlag(SettingName.KIS_WS_MARKET_STATUS);
        if (environment != KisEnvironment.MOCK) {
            return wanted.orElse(true);
        }
        if (wanted.orElse(false)) {
            warnings.add("KIS_WS_MARKET_STATUS has no effect on paper, where KIS does not push halts.");
        }
        return false;
    }

    /** {@code 08:30-16:30}. */
    private Optional<Settings.Hours> koreanHours() {
        var text = text(SettingName.KIS_WS_KR_HOURS);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var match = HOURS.matcher(text.get());
        if (match.matches() && !match.group(1).equals(match.group(2))) {
            return Optional.of(new Settings.Hours(LocalTime.parse(match.group(1)), LocalTime.parse(match.group(2))));
        }
        problems.add("KIS_WS_KR_HOURS must be two different times of the day in Seoul, as 08:30-16:30.");
        return Optional.empty();
    }

    private Optional<URI> simulatorUrl() {
        return text(SettingName.SIMULATOR_URL).flatMap(text -> {
            try {
                var uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
                if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                    if (!LOOPBACK.matcher(uri.getHost()).matches()) {
                        problems.add("SIMULATOR_URL must name this machine, as http://127.0.0.1:8892: keys and orders"
                                + " would travel unencrypted.");
                    }
                    return Optional.of(uri);
                }
            } catch (IllegalArgumentException e) {
                // Said below, in our own words.
            }
            problems.add("SIMULATOR_URL must be a base address as http://127.0.0.1:8892.");
            return Optional.empty();
        });
    }

    /** A single word is a ready scenario's name; anything else a file. */
    private Optional<String> scenario(Optional<URI> url) {
        var scenario = text(SettingName.SIMULATOR_SCENARIO)
                .map(text -> SCENARIO_NAME.matcher(text).matches()
                        ? text
                        : workingDir.resolve(text).toString());
        if (scenario.isPresent() && url.isPresent()) {
            warnings.add(
                    "SIMULATOR_SCENARIO has no effect beside SIMULATOR_URL; start that simulator with --scenario.");
        }
        return scenario;
    }

    private OptionalLong seed() {
        var text = text(SettingName.SIMULATOR_SEED);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            problems.add("SIMULATOR_SEED must be a whole number.");
            return OptionalLong.empty();
        }
    }

    private Settings.Clock clock() {
        return switch (word(SettingName.SIMULATOR_CLOCK).orElse("open")) {
            case "open" -> Settings.Clock.OPEN;
            case "open-fixed" -> Settings.Clock.OPEN_FIXED;
            case "real" -> Settings.Clock.REAL;
            default -> {
                problems.add("SIMULATOR_CLOCK must be open, open-fixed or real.");
                yield Settings.Clock.OPEN;
            }
        };
    }

    private Settings.WsHours wsHours() {
        return switch (word(SettingName.QUOTE_WS_HOURS).orElse("regular")) {
            case "regular" -> Settings.WsHours.REGULAR;
            case "all" -> Settings.WsHours.ALL;
            default -> {
                problems.add("QUOTE_WS_HOURS must be regular or all.");
                yield Settings.WsHours.REGULAR;
            }
        };
    }

    // Forms.

    /** The value, when it is set to something. */
    private Optional<String> text(SettingName name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private Optional<String> word(SettingName name) {
        return text(name).map(text -> text.toLowerCase(Locale.ROOT));
    }

    private Optional<Masked> secret(SettingName name, int min, int max) {
        var text = text(name);
        text.ifPresent(secret -> {
            if (!isSecret(secret, min, max)) {
                problems.add(name + " must have " + min + " to " + max + " printable ASCII characters.");
            }
        });
        return text.map(Masked::new);
    }

    static boolean isSecret(String text, int min, int max) {
        return text.length() >= min && text.length() <= max && text.chars().allMatch(c -> c >= 0x21 && c <= 0x7E);
    }

    private boolean flag(SettingName name, boolean otherwise) {
        return optionalFlag(name).orElse(otherwise);
    }

    private Optional<Boolean> optionalFlag(SettingName name) {
        return word(name).flatMap(word -> {
            if (Set.of("true", "1", "yes", "on").contains(word)) {
                return Optional.of(true);
            }
            if (Set.of("false", "0", "no", "off").contains(word)) {
                return Optional.of(false);
            }
            problems.add(name + " must be true or false.");
            return Optional.empty();
        });
    }

    private int port(SettingName name, int otherwise) {
        var text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.get().matches("\\d{1,5}") && Integer.parseInt(text.get()) <= 65_535) {
            return Integer.parseInt(text.get());
        }
        problems.add(name + " must be a port from 0 to 65535 (0 takes a free one).");
        return otherwise;
    }

    /** Bytes, or a number with kB, MB or GB (of 1,024); 0 is allowed. */
    private long bytes(SettingName name, long otherwise) {
        var text = word(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        var match = BYTES.matcher(text.get());
        if (match.matches()) {
            var number = Long.parseLong(Optional.ofNullable(match.group(1)).orElse("0"));
            var shift = switch (Optional.ofNullable(match.group(2)).orElse("")) {
                case "kb" -> 10;
                case "mb" -> 20;
                case "gb" -> 30;
                default -> 0;
            };
            if (number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        }
        problems.add(name + " must be a size as 256MB, 1GB or a number of bytes.");
        return otherwise;
    }

    private OptionalInt positive(SettingName name, int max) {
        var text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (text.get().matches("\\d{1,7}")) {
            var number = Integer.parseInt(text.get());
            if (number > 0 && number <= max) {
                return OptionalInt.of(number);
            }
        }
        problems.add(name + " must be a whole number from 1 to " + max + ".");
        return OptionalInt.empty();
    }

    /** Seconds, or a number with ms, s, m or h; between 1 ms and a day. */
    private Duration duration(SettingName name, Duration otherwise) {
        var text = word(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        var match = DURATION.matcher(text.get());
        if (match.matches()) {
            var unit = Optional.ofNullable(match.group(2)).orElse("s");
            var millis = new java.math.BigDecimal(
                            Optional.ofNullable(match.group(1)).orElse("0"))
                    .multiply(java.math.BigDecimal.valueOf(
                            switch (unit) {
                                case "ms" -> 1;
                                case "s" -> 1_000;
                                case "m" -> 60_000;
                                default -> 3_600_000;
                            }))
                    .longValue();
            if (millis >= 1 && millis <= Duration.ofDays(1).toMillis()) {
                return Duration.ofMillis(millis);
            }
        }
        problems.add(name + " must be a time as 5s, 500ms or 2m, from 1 ms to a day.");
        return otherwise;
    }

    private Path folder(SettingName name, Path otherwise) {
        return text(name)
                .map(text -> text.equals("~") || text.startsWith("~/")
                        ? homeDir.resolve(text.length() > 2 ? text.substring(2) : "")
                        : workingDir.resolve(text))
                .orElse(otherwise)
                .toAbsolutePath()
                .normalize();
    }
}
