package kr.kisgateway.gateway.settings;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.gateway.access.LoginLimits;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.settings.SettingsResult.Loaded;
import kr.kisgateway.gateway.settings.SettingsResult.Problems;
import kr.kisgateway.gateway.venue.VenueRule;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.market.Markets;
import kr.kisgateway.mcp.Toolset;

/**
 * Gathers the settings and validates them once. The same name in two sources is an override (command line over
 * environment over {@code .env} over {@code gateway.yaml} over default); two names that contradict each other prevent
 * the start, and no live-trading setting is ever assumed. Names, defaults and meanings are in {@link Setting}.
 */
public final class SettingsLoader {
    /** Registrations KIS allows on one socket, minus the one for execution notices. */
    public static final int SYMBOLS_MAX = 40;

    private static final Duration LEASE_MIN = Duration.ofSeconds(3);
    private static final Duration LEASE_MAX = Duration.ofSeconds(60);
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final int RETENTION_DAYS_MIN = 30;
    /** In percent. */
    private static final int PORT_MAX = 65_535;

    private static final int PERCENT_MAX = 100;

    private static final int BACKUPS_MAX = 1_000;
    private static final int CALLS_PER_DAY_MAX = 1_000_000_000;
    private static final int KEY_RATE_MAX = 100_000;
    private static final int CONNECTIONS_MAX = 1_500;
    private static final int SIMULATOR_RATE_MAX = 100_000;
    private static final Pattern OFFSET =
            Pattern.compile("(KOSPI|KOSDAQ|KONEX)\\s*:\\s*(-?[0-9]{1,2}(?:\\.[0-9]{1,2})?)");
    /** The limits of a day are no farther away. */
    private static final BigDecimal OFFSET_MAX = BigDecimal.valueOf(30);

    private static final Pattern COMMISSION = Pattern.compile("(KRX|NXT|US)\\s*:\\s*(0(?:\\.[0-9]{1,7})?)");

    private static final Pattern PKCS12 = Pattern.compile("(?i).*\\.(p12|pfx)");
    private static final Pattern SCENARIO_NAME = Pattern.compile("[a-z-]+");

    private final Path workingDir;
    private final Path homeDir;
    private final Markets markets;
    private final SettingValues values = new SettingValues();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final AppKeySettings appKeys = new AppKeySettings(problems, warnings);
    private final AccountSettings accounts = new AccountSettings(problems);
    private final RiskSettings risk = new RiskSettings(problems, accounts::aliases);

    private final StoredSecrets secrets = new StoredSecrets(problems);

    private boolean environmentValid;

    /** With the environment's defaults, once the environment is determined. */
    private SettingForms forms = new SettingForms(values, Target.SIM, problems);

    private SettingsLoader(Path workingDir, Path homeDir, Markets markets) {
        this.workingDir = workingDir;
        this.homeDir = homeDir;
        this.markets = markets;
    }

    /**
     * @param args the command line after the subcommand: {@code --name=value} or {@code --name value}
     * @param environment the process's environment variables
     * @param workingDir folder of {@code .env}, {@code gateway.yaml} and relative paths
     * @param homeDir the user's home
     * @param defaults the broker's defaults
     */
    public static SettingsResult load(
            List<String> args,
            Map<String, String> environment,
            Path workingDir,
            Path homeDir,
            BrokerDefaults defaults) {
        return load(args, environment, workingDir, homeDir, defaults, Markets.standard());
    }

    /** @param markets whose symbols the settings may name */
    public static SettingsResult load(
            List<String> args,
            Map<String, String> environment,
            Path workingDir,
            Path homeDir,
            BrokerDefaults defaults,
            Markets markets) {
        Supplier<SettingsLoader> gathered = () -> {
            var loader = new SettingsLoader(workingDir, homeDir, markets);
            loader.gather(args, environment);
            loader.gatherSecrets();
            return loader;
        };
        var reload = new SettingsReload(workingDir, again -> gathered.get().loading(defaults, again));
        var first = reload.load();
        return first.problems().isEmpty() ? new Loaded(first.settings()) : new Problems(first.problems());
    }

    private SettingsReload.Loading loading(BrokerDefaults defaults, SettingsReload reload) {
        var settings = read(defaults, reload);
        return new SettingsReload.Loading(
                values, settings, problems, ConfigReport.of(values, settings, environmentValid, problems, warnings));
    }

    /** The effective settings and their origins, from the same sources as {@link #load}, valid or not. */
    public static ConfigReport report(
            List<String> args,
            Map<String, String> environment,
            Path workingDir,
            Path homeDir,
            BrokerDefaults defaults) {
        var loader = gathered(args, environment, workingDir, homeDir);
        return loader.loading(defaults, SettingsReload.none(workingDir)).report();
    }

    /** The settings of the journal commands, from the same sources as {@link #load}. */
    public static JournalSettings journal(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir, Markets.standard());
        loader.gather(args, environment);
        var root = loader.dataRoot();
        var days = loader.retentionDays();
        var problems = List.copyOf(loader.problems);
        var database = loader.storedDatabase();
        return new JournalSettings(root, days, database, problems, loader.problemsAfter(problems));
    }

    /** The database, whose address may be a stored secret. Without the secrets a file is readable nevertheless. */
    private Optional<PostgresAddress> storedDatabase() {
        gatherSecrets();
        return database();
    }

    private List<String> problemsAfter(List<String> first) {
        return problems.subList(first.size(), problems.size());
    }

    /** The data folder of the configured gateway, from the same sources as {@link #load}. */
    public static DataSettings dataFolder(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir, Markets.standard());
        loader.gather(args, environment);
        var folder = loader.dataRoot().resolve(loader.environment().wireName());
        var faceUrl = loader.faceUrl();
        var problems = List.copyOf(loader.problems);
        var database = loader.storedDatabase();
        return new DataSettings(
                folder,
                faceUrl,
                loader.accounts.aliases(),
                database,
                loader.values.text(Setting.BACKUP_FOLDER),
                problems,
                loader.problemsAfter(problems));
    }

    /** The certificate of the configured gateway, from the same sources as {@link #load}. */
    public static TlsSettings tls(Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = gathered(List.of(), environment, workingDir, homeDir);
        var tls = loader.tls(loader.bind());
        return new TlsSettings(tls, loader.problems);
    }

    /** The real app key and secret from the same sources as {@link #load}, in any environment. */
    public static LiveKeys liveKeys(
            Map<String, String> environment, Path workingDir, Path homeDir, BrokerDefaults defaults) {
        var loader = gathered(List.of(), environment, workingDir, homeDir);
        var broker = new BrokerSettings(loader.forms);
        var appKey = broker.appKey(Target.LIVE).map(Secret::of);
        var appSecret = broker.appSecret(Target.LIVE).map(Secret::of);
        var rest = new BrokerAccess(loader.forms, loader.warnings)
                .restUri(Setting.KIS_API_BASE_URL_REAL, defaults.liveRest())
                .orElse(defaults.liveRest());
        if (appKey.isEmpty() || appSecret.isEmpty()) {
            loader.problems.add(
                    "KIS_APP_KEY and KIS_APP_SECRET must be set, by ./kis secrets set, in the environment or in .env.");
        }
        return new LiveKeys(appKey, appSecret, rest, loader.problems);
    }

    /** The settings that {@code doctor} checks, from the same sources as {@link #load}. */
    public static DoctorSettings doctor(
            List<String> args,
            Map<String, String> environment,
            Path workingDir,
            Path homeDir,
            BrokerDefaults defaults) {
        var loader = gathered(args, environment, workingDir, homeDir);
        var settings = loader.loading(defaults, SettingsReload.none(workingDir)).settings();
        return new DoctorSettings(
                Optional.of(settings.environment()).filter(_ -> loader.environmentValid),
                settings,
                loader.credentials(),
                loader.addressService(),
                loader.filesWithSecrets(),
                loader.problems.stream().distinct().toList());
    }

    private DoctorSettings.Credentials credentials() {
        var paperKey = forms.text(Setting.KIS_MOCK_APP_KEY);
        var paperAccount = forms.text(Setting.KIS_MOCK_CANO);
        var liveAccount = new BrokerSettings(new SettingForms(values, Target.LIVE, new ArrayList<>()))
                .account(Target.LIVE)
                .map(BrokerSettings.Account::cano);
        return new DoctorSettings.Credentials(
                paperKey.isPresent() && paperKey.equals(forms.text(Setting.KIS_APP_KEY)),
                paperAccount.isPresent() && paperAccount.equals(liveAccount),
                paperKey.isPresent(),
                paperAccount.isPresent());
    }

    private List<String> filesWithSecrets() {
        return Map.of(Origin.DOT_ENV, SettingsSources.DOT_ENV, Origin.FILE, SettingsSources.YAML).entrySet().stream()
                .filter(file -> values.all().entrySet().stream()
                                .anyMatch(it -> it.getKey().form().isSecret()
                                        && it.getValue().origin() == file.getKey())
                        || file.getKey() == Origin.FILE && appKeys.hasCredentials())
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    /** A loader that has read all sources. */
    private static SettingsLoader gathered(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir, Markets.standard());
        loader.gather(args, environment);
        loader.gatherSecrets();
        return loader;
    }

    private void gather(List<String> args, Map<String, String> environment) {
        new SettingsSources(workingDir, values, problems, warnings, risk::take, kis -> {
                    appKeys.take(kis);
                    accounts.take(kis);
                })
                .gather(args, environment);
    }

    private void gatherSecrets() {
        secrets.gather(dataRoot(), masterKeys(), values, warnings);
    }

    private MasterKeys masterKeys() {
        return new MasterKeys(
                folder(Setting.GATEWAY_CONFIG_DIR),
                forms.effective(Setting.MASTER_KEY_SOURCE).orElse("file"),
                forms.text(Setting.MASTER_KEY).map(Secret::of),
                forms.text(Setting.MASTER_KEY_PIN).map(Secret::of));
    }

    /** Whether a stored secret can be the value of {@code setting}. */
    public static boolean isStorable(Setting setting) {
        return StoredSecrets.isStorable(setting);
    }

    /** The place of stored secrets and of their master key, from the same sources as {@link #load}. */
    public static SecretsPlace secretsPlace(
            List<String> args, Map<String, String> environment, Path workingDir, Path homeDir) {
        var loader = new SettingsLoader(workingDir, homeDir, Markets.standard());
        loader.gather(args, environment);
        return new SecretsPlace(loader.dataRoot(), loader.masterKeys(), loader.problems);
    }

    private KisEnvironment environment() {
        return new BrokerAccess(forms, warnings).environment(appKeys.hasCredentials());
    }

    /** Validates the settings together; the only method with rules across settings. */
    private Settings read(BrokerDefaults defaults, SettingsReload reload) {
        int before = problems.size();
        var environment = environment();
        environmentValid = problems.size() == before;
        forms = forms.in(environment.target());
        var access = new BrokerAccess(forms, warnings);
        var broker = access.broker(environment, defaults);
        var observation = new ObservationSettings(forms);
        var symbols = new SymbolSettings(forms, markets);
        var market = new MarketDataSettings(forms, symbols, values, warnings);
        // An external simulator allows the rate that it was started with; KIS does not.
        var simulated = broker.rest().map(SettingForms::isThisMachine).orElse(true);
        var simulator = simulator(simulated);
        var callers = callers(environment);
        var http = http();
        if (simulator.url().isEmpty() && http.port() != 0 && http.port() == simulator.port()) {
            problems.add("GATEWAY_PORT and SIMULATOR_PORT are both " + http.port() + "; set different ports.");
        }
        var furtherKeys = appKeys.read(environment, broker.appKey(), secrets);
        var furtherAccounts = accounts.read(
                environment,
                broker.account(),
                furtherKeys.stream().map(Settings.AppKey::id).collect(Collectors.toSet()));
        appKeys.warnOfUnusedLogins(
                furtherAccounts.stream().map(Settings.FurtherAccount::appKey).collect(Collectors.toSet()));
        var commissions = commissions();
        return new Settings(
                environment,
                http,
                callers,
                face(http.port(), simulator),
                new Settings.Kis(
                        broker.rest(),
                        broker.ws(),
                        broker.appKey(),
                        broker.appSecret(),
                        broker.account(),
                        forms.text(Setting.KIS_HTS_ID),
                        market.symbols(),
                        CallSettings.rate(
                                forms,
                                simulator.callsPerSecond().orElse(defaults.callsPerSecond(environment)),
                                warnings),
                        callsPerDay(),
                        CallSettings.read(forms),
                        furtherKeys,
                        furtherAccounts,
                        market.koreanHours(),
                        market.marketStatus(environment),
                        market.isUsFeedPaid(),
                        forms.text(Setting.KIS_RECORD_TO).map(workingDir::resolve)),
                simulator,
                new Settings.Orders(
                        forms.flag(Setting.ORDER_WORKER_ENABLED),
                        forms.duration(Setting.ORDER_DISPATCH_BY_MARKET),
                        forms.duration(Setting.ORDER_DISPATCH_BY_LIMIT),
                        forms.duration(Setting.ORDER_RECONCILE_EVERY),
                        offsets(),
                        new VenueRules(venueRules(), forms.duration(Setting.ORDER_VENUE_HOLD), commissions),
                        commissions,
                        forms.choice(Setting.PARENT_MISSED_TRIGGER, List.of("ask", "place"))
                                .equals(Optional.of("ask")),
                        forms.flag(Setting.GATEWAY_KILL_SWITCH)),
                new Settings.Risk(
                        risk.layers(forms),
                        access.liveGuards(environment, numbers(broker.account(), furtherAccounts), accounts.aliases())),
                new Settings.Journal(forms.bytes(Setting.JOURNAL_DISK_LOW), retentionDays()),
                cluster(http),
                market.quotes(),
                market.cache(),
                new WarmupSettingsReader(forms, symbols).read(),
                market.instruments(simulated),
                market.marketWide(),
                market.history(),
                dataRoot().resolve(environment.wireName()),
                folder(Setting.GATEWAY_CONFIG_DIR),
                new Settings.Secrets(masterKeys(), secrets.byName(), forms.days(Setting.SECRETS_REMIND_AFTER)),
                new Settings.Alerts(
                        workingDir.resolve(forms.effective(Setting.ALERTS_FILE).orElseThrow()),
                        forms.flag(Setting.ALERTS_INNER_ADDRESSES)),
                backup(),
                egress(),
                observation.logs(),
                observation.tracing(),
                agents(),
                new Settings.Live(forms.flag(Setting.AEGIS_API_V31)),
                reload,
                warnings);
    }

    private Settings.Agents agents() {
        var toolsets = EnumSet.noneOf(Toolset.class);
        for (String word : forms.effective(Setting.MCP_TOOLSETS).orElse("").split(",")) {
            var name = word.strip().toLowerCase(Locale.ROOT);
            var toolset = Toolset.of(name).filter(Toolset.reading()::contains);
            toolset.ifPresent(toolsets::add);
            if (toolset.isEmpty() && !name.isEmpty()) {
                problems.add("MCP_TOOLSETS: \"" + name + "\" is none of "
                        + Toolset.reading().stream().map(Toolset::wireName).collect(Collectors.joining(", "))
                        + (name.equals(Toolset.TRADING.wireName()) ? "; MCP_TRADING=true offers orders." : "."));
            }
        }
        if (forms.flag(Setting.MCP_TRADING)) {
            toolsets.add(Toolset.TRADING);
        }
        return new Settings.Agents(toolsets);
    }

    private Optional<PostgresAddress> database() {
        return forms.text(Setting.DATABASE_URL).flatMap(text -> {
            Optional<PostgresAddress> address = PostgresAddress.parse(text);
            if (address.isEmpty()) {
                problems.add(
                        "DATABASE_URL must be an address as postgresql://user:password@host:5432/database, with no option"
                                + " but " + String.join(", ", new TreeSet<>(PostgresAddress.OPTIONS)) + ".");
            }
            return address;
        });
    }

    private Optional<Settings.Cluster> cluster(Settings.Http http) {
        Optional<PostgresAddress> database = database();
        Duration lease = forms.duration(Setting.CLUSTER_LEASE);
        if (lease.compareTo(LEASE_MIN) < 0 || lease.compareTo(LEASE_MAX) > 0) {
            problems.add(
                    "CLUSTER_LEASE must be from " + LEASE_MIN.toSeconds() + "s to " + LEASE_MAX.toSeconds() + "s.");
        }
        String node = forms.text(Setting.CLUSTER_NODE).orElseGet(() -> machineName() + ":" + http.port());
        if (!NODE.matcher(node).matches()) {
            problems.add(
                    "CLUSTER_NODE must be a name of up to 64 letters, digits, dots, colons, dashes and underscores.");
        }
        boolean edge =
                forms.choice(Setting.CLUSTER_ROLE, List.of("any", "edge")).equals(Optional.of("edge"));
        URI address = forms.server(Setting.CLUSTER_ADDRESS, "http://10.0.0.1:8890")
                .map(SettingsLoader::withPort)
                .orElseGet(() -> listenAddress(http));
        if (database.isPresent() && address.getHost() == null) {
            problems.add("CLUSTER_ADDRESS is needed: the name of this machine, in " + address + ", is none of a host.");
        }
        return database.map(it -> new Settings.Cluster(
                it, node, lease, edge ? Settings.ClusterRole.EDGE : Settings.ClusterRole.ANY, address));
    }

    private static URI listenAddress(Settings.Http http) {
        boolean everywhere = http.bind().equals("0.0.0.0") || http.bind().equals("::");
        String host = everywhere ? machineName() : Settings.Http.localHost(http.bind());
        return URI.create(http.scheme() + "://" + host + ":" + http.port());
    }

    private static URI withPort(URI address) {
        if (address.getPort() >= 0) {
            return address;
        }
        return URI.create(address.getScheme() + "://" + address.getHost()
                + (address.getScheme().equals("https") ? ":443" : ":80"));
    }

    private static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "gateway"; // a machine that does not know its own name
        }
    }

    private OptionalInt callsPerDay() {
        var calls = forms.count(Setting.LIMITS_CALLS_PER_DAY, CALLS_PER_DAY_MAX);
        if (calls.isPresent() && calls.getAsInt() == 0) {
            problems.add("LIMITS_CALLS_PER_DAY must be at least 1; without it the day's calls are not judged.");
        }
        return calls;
    }

    private Optional<Settings.Backup> backup() {
        Optional<Path> folder = forms.text(Setting.BACKUP_FOLDER).map(workingDir::resolve);
        Optional<LocalTime> at = forms.timeOfDay(Setting.BACKUP_AT, false);
        int keep = forms.count(Setting.BACKUP_KEEP, BACKUPS_MAX).orElseThrow();
        if (keep == 0) {
            problems.add("BACKUP_KEEP must be at least 1; without BACKUP_FOLDER no backup is made.");
        }
        return folder.flatMap(it -> at.map(time -> new Settings.Backup(it, time, keep)));
    }

    private Optional<Settings.Egress> egress() {
        var allowed = forms.text(Setting.NETWORK_EGRESS_ALLOW).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        allowed.stream()
                .filter(text -> Network.parse(text).isEmpty())
                .forEach(text -> problems.add("NETWORK_EGRESS_ALLOW: \"" + text
                        + "\" is no address and no network, as 203.0.113.7 or 203.0.113.0/24."));
        var service = addressService();
        if (!allowed.isEmpty() && service.isEmpty()) {
            problems.add(
                    "NETWORK_EGRESS_ALLOW needs NETWORK_ADDRESS_URL: KIS does not report the address that it sees.");
        }
        return allowed.isEmpty() ? Optional.empty() : service.map(it -> new Settings.Egress(allowed, it));
    }

    private Optional<URI> addressService() {
        return forms.base(Setting.NETWORK_ADDRESS_URL, Set.of("https", "http"), "https://ip.example.com");
    }

    /** The configured account numbers by alias. */
    private static Map<String, Settings.Account> numbers(
            Optional<Settings.Account> first, List<Settings.FurtherAccount> further) {
        var numbers = new LinkedHashMap<String, Settings.Account>();
        first.ifPresent(number -> numbers.put(Accounts.FIRST_ALIAS, number));
        further.forEach(account -> account.number().ifPresent(number -> numbers.put(account.alias(), number)));
        return numbers;
    }

    private Path dataRoot() {
        return folder(Setting.GATEWAY_DATA_DIR);
    }

    private Path folder(Setting name) {
        return SettingForms.path(forms.effective(name).orElseThrow(), workingDir, homeDir);
    }

    /** Boards with a percentage as {@code KOSPI:2,KOSDAQ:3}, or {@code none}; in basis points. */
    private Map<Board, Integer> offsets() {
        var text = forms.keyword(Setting.ORDER_OFFSETS).orElse("none");
        var offsets = new EnumMap<Board, Integer>(Board.class);
        for (var part : text.equals("none") ? new String[0] : text.split(",")) {
            var pair = OFFSET.matcher(part.strip().toUpperCase(Locale.ROOT));
            if (!pair.matches()
                    || new BigDecimal(pair.group(2)).abs().compareTo(OFFSET_MAX) > 0
                    || offsets.put(
                                    Board.valueOf(pair.group(1)),
                                    new BigDecimal(pair.group(2))
                                            .movePointRight(2)
                                            .intValueExact())
                            != null) {
                problems.add("ORDER_OFFSETS must be none, or boards with a percentage up to " + OFFSET_MAX
                        + " as KOSPI:2,KOSDAQ:3.");
                return Map.of();
            }
        }
        return offsets;
    }

    /** Rules as {@code halted,slow:2000}, or {@code none}. */
    private List<VenueRule> venueRules() {
        var text = forms.keyword(Setting.ORDER_VENUE_RULES).orElse("none").strip();
        var rules = new ArrayList<VenueRule>();
        for (var part : text.equals("none") ? new String[0] : text.split(",", -1)) {
            var rule = VenueRuleForm.parse(part.strip());
            if (rule.isEmpty()
                    || rules.stream().anyMatch(it -> it.getClass() == rule.get().getClass())) {
                problems.add("ORDER_VENUE_RULES must be none, or different rules of " + VenueRuleForm.USAGE + ".");
                return List.of();
            }
            rules.add(rule.get());
        }
        return rules;
    }

    /** Venues with a percentage as {@code KRX:0.0140527,NXT:0.0140527,US:0.25}; one that is left out has the usual rate. */
    private Commissions commissions() {
        var usual = Commissions.usual();
        var rates = new HashMap<String, Long>();
        for (var part : forms.keyword(Setting.ORDER_COMMISSION).orElse("").split(",")) {
            var pair = COMMISSION.matcher(part.strip().toUpperCase(Locale.ROOT));
            if (!pair.matches()
                    || rates.put(
                                    pair.group(1),
                                    new BigDecimal(pair.group(2))
                                            .movePointRight(7)
                                            .longValueExact())
                            != null) {
                problems.add("ORDER_COMMISSION must be a percentage below 1 for KRX, NXT and US, as"
                        + " KRX:0.0140527,NXT:0.0139527,US:0.25.");
                return usual;
            }
        }
        return new Commissions(
                rates.getOrDefault("KRX", usual.krx()),
                rates.getOrDefault("NXT", usual.nxt()),
                rates.getOrDefault("US", usual.us()));
    }

    /**
     * Days, at least {@value #RETENTION_DAYS_MIN}: a key is repeated within hours, a dispute is raised within weeks.
     */
    private OptionalInt retentionDays() {
        var text = forms.effective(Setting.JOURNAL_KEEP_DAYS).orElse("0");
        if (text.equals("0")) {
            return OptionalInt.empty();
        }
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) >= RETENTION_DAYS_MIN) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        problems.add("JOURNAL_KEEP_DAYS must be 0 (retain everything) or a number of days from " + RETENTION_DAYS_MIN
                + " on.");
        return OptionalInt.empty();
    }

    private Settings.Http http() {
        var bind = bind();
        return new Settings.Http(
                bind,
                forms.port(Setting.GATEWAY_PORT),
                forms.secret(Setting.GATEWAY_OPERATOR_TOKEN, 1, 256).map(Secret::of),
                tls(bind));
    }

    /** The address to listen at; the default beside a problem where it is no name of a host. */
    private String bind() {
        var text = forms.effective(Setting.GATEWAY_BIND).orElseThrow();
        if (HOST.matcher(text).matches()) {
            return text;
        }
        var problem = "GATEWAY_BIND must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.";
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
        return "127.0.0.1";
    }

    private int facePort(int gatewayPort) {
        if (values.explicit(Setting.KIS_FACE_PORT).isPresent()) {
            return forms.port(Setting.KIS_FACE_PORT);
        }
        return gatewayPort == 0 || gatewayPort == PORT_MAX ? 0 : gatewayPort + 1;
    }

    private URI faceUrl() {
        var bind = bind();
        return URI.create((forms.text(Setting.GATEWAY_TLS_CERT).isPresent() ? "https://" : "http://")
                + Settings.Http.localHost(bind)
                + ':'
                + facePort(forms.port(Setting.GATEWAY_PORT)));
    }

    private Settings.Face face(int gatewayPort, Settings.Simulator simulator) {
        boolean enabled = forms.flag(Setting.KIS_FACE);
        boolean explicit = values.explicit(Setting.KIS_FACE_PORT).isPresent();
        int port = facePort(gatewayPort);
        if (enabled && explicit && port != 0) {
            if (port == gatewayPort) {
                problems.add("KIS_FACE_PORT and GATEWAY_PORT are both " + port + "; set different ports.");
            } else if (simulator.url().isEmpty() && port == simulator.port()) {
                problems.add("KIS_FACE_PORT and SIMULATOR_PORT are both " + port + "; set different ports.");
            }
        }
        return new Settings.Face(
                enabled,
                explicit || values.explicit(Setting.KIS_FACE).isPresent(),
                port,
                forms.duration(Setting.KIS_FACE_QUEUE));
    }

    private Settings.Access callers(KisEnvironment environment) {
        return new Settings.Access(
                keysRequired(environment, bind()),
                forms.count(Setting.GATEWAY_KEY_RATE, KEY_RATE_MAX).orElseThrow(),
                forms.count(Setting.GATEWAY_ADDRESS_CONNECTIONS, CONNECTIONS_MAX),
                forms.count(Setting.GATEWAY_KEY_PUSH_SHARE, PERCENT_MAX).orElseThrow(),
                forms.flag(Setting.GATEWAY_WEBHOOKS),
                new LoginLimits(forms.duration(Setting.GATEWAY_LOGIN_IDLE), forms.duration(Setting.GATEWAY_LOGIN_MAX)));
    }

    /** With real money, or when other hosts can reach the gateway, every call needs an API key. */
    private boolean keysRequired(KisEnvironment environment, String bind) {
        var exposed = environment == KisEnvironment.LIVE || !SettingForms.isThisMachine(bind);
        return switch (forms.choice(Setting.GATEWAY_AUTH, List.of("auto", "required", "off"))
                .orElse("auto")) {
            case "required" -> true;
            case "off" -> {
                if (exposed) {
                    problems.add("GATEWAY_AUTH=off is refused with KIS_ENV=live and with a GATEWAY_BIND other than"
                            + " 127.0.0.1: anyone who reaches the gateway could trade. Remove it and create keys with"
                            + " ./kis keys create.");
                }
                yield exposed;
            }
            default -> exposed;
        };
    }

    private Optional<Settings.Tls> tls(String bind) {
        var certificate = forms.text(Setting.GATEWAY_TLS_CERT);
        var key = forms.text(Setting.GATEWAY_TLS_KEY);
        var password = forms.secret(Setting.GATEWAY_TLS_PASSWORD, 1, 256).map(Secret::of);
        var authorities = forms.text(Setting.GATEWAY_TLS_CLIENT_CA).map(workingDir::resolve);
        boolean isPkcs12 = certificate.filter(PKCS12.asMatchPredicate()).isPresent();
        if (isPkcs12 && key.isPresent()) {
            problems.add("GATEWAY_TLS_CERT is a PKCS#12 file, which has the key; remove GATEWAY_TLS_KEY.");
        } else if (isPkcs12 && password.isEmpty()) {
            problems.add(
                    "GATEWAY_TLS_CERT is a PKCS#12 file; set its password, GATEWAY_TLS_PASSWORD (./kis secrets set).");
        } else if (!isPkcs12 && certificate.isPresent() != key.isPresent()) {
            problems.add("GATEWAY_TLS_CERT and GATEWAY_TLS_KEY belong together; set both or none.");
        }
        if (authorities.isPresent() && certificate.isEmpty()) {
            problems.add("GATEWAY_TLS_CLIENT_CA needs GATEWAY_TLS_CERT: without TLS no caller shows a certificate.");
        }
        if (certificate.isPresent() && (key.isPresent() || isPkcs12)) {
            return Optional.of(new Settings.Tls(
                    workingDir.resolve(certificate.get()), key.map(workingDir::resolve), password, authorities));
        }
        if (!SettingForms.isThisMachine(bind) && !forms.flag(Setting.GATEWAY_PLAIN_HTTP)) {
            problems.add("GATEWAY_BIND=" + bind + " without TLS would carry API keys and orders in the clear: set"
                    + " GATEWAY_TLS_CERT and GATEWAY_TLS_KEY, or GATEWAY_PLAIN_HTTP=true where a proxy before the gateway"
                    + " encrypts.");
        }
        return Optional.empty();
    }

    /** @param simulated whether a simulator is the broker; KIS has the exchange's hours and its own limits */
    private Settings.Simulator simulator(boolean simulated) {
        var url = forms.base(Setting.SIMULATOR_URL, Set.of("http"), "http://127.0.0.1:8892");
        if (url.isPresent() && values.explicit(Setting.SIMULATOR_PORT).isPresent()) {
            warnings.add("SIMULATOR_PORT has no effect beside SIMULATOR_URL, because no simulator is embedded.");
        }
        return new Settings.Simulator(
                forms.port(Setting.SIMULATOR_PORT),
                url,
                seed(),
                simulated ? clock() : Settings.Clock.REAL,
                simulated ? fastTime(url) : Optional.empty(),
                simulated ? forms.count(Setting.SIMULATOR_RATE_LIMIT, SIMULATOR_RATE_MAX) : OptionalInt.empty(),
                scenario(url));
    }

    /** A single word is a built-in scenario's name; any other value is a file. */
    private Optional<String> scenario(Optional<URI> url) {
        var scenario = forms.text(Setting.SIMULATOR_SCENARIO)
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
        var text = forms.text(Setting.SIMULATOR_SEED);
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
        if (forms.text(Setting.SIMULATOR_CLOCK).filter(FastTime::resembles).isPresent()) {
            return Settings.Clock.REAL;
        }
        return switch (forms.choice(Setting.SIMULATOR_CLOCK, List.of("open", "open-fixed", "real"))
                .orElse("open")) {
            case "open-fixed" -> Settings.Clock.OPEN_FIXED;
            case "real" -> Settings.Clock.REAL;
            default -> Settings.Clock.OPEN;
        };
    }

    /** @param url of an external simulator, the clock of which the gateway has to share */
    private Optional<FastTime> fastTime(Optional<URI> url) {
        var text = forms.text(Setting.SIMULATOR_CLOCK).filter(FastTime::resembles);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (forms.text(Setting.DATABASE_URL).isPresent()) {
            problems.add(
                    "SIMULATOR_CLOCK with a speed cannot be set beside DATABASE_URL: leases have the database's clock.");
        }
        try {
            var time = FastTime.parse("SIMULATOR_CLOCK", text.get());
            if (url.isPresent() && time.origin().isEmpty()) {
                problems.add(
                        "SIMULATOR_CLOCK beside SIMULATOR_URL needs the same real time after a slash as that simulator's"
                                + " --clock, as in x10@2026-11-20T08:55/2026-11-28T16:00:00Z.");
            }
            return Optional.of(time);
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage() + ".");
            return Optional.empty();
        }
    }
}
