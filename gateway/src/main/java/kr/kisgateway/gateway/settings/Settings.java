package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.gateway.access.LoginLimits;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.gateway.venue.VenueRules;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.mcp.Toolset;

/**
 * All settings, validated and complete. {@code toString} shows no secret.
 *
 * @param environment the KIS environment
 * @param http listener of the gateway's API
 * @param access authentication of callers
 * @param face the port that speaks KIS's protocol
 * @param kis identity and limits towards KIS
 * @param simulator the simulator, used in {@link KisEnvironment#SIM}
 * @param orders dispatching
 * @param risk limits of orders
 * @param journal disk space and retention of the journal
 * @param cluster the database that several gateways share
 * @param quotes freshness rules
 * @param cache lifetimes of cached responses, and Redis
 * @param warmup what is requested before the market opens
 * @param instruments source of the listing
 * @param marketWide cache lifetimes of rankings, indices and the like
 * @param history sources of past bars beside KIS, and retention of recordings
 * @param dataDir this environment's data folder, for example {@code data/sim}; may not exist yet
 * @param configDir folder of keys and locks, outside the data
 * @param secrets the master key's place, and the stored secrets
 * @param alerts how alerts leave the machine
 * @param logs the log files
 * @param tracing traces of requests
 * @param agents what is offered to agents
 * @param live those that change while the gateway runs, as they were at the start
 * @param reload reads the settings again
 * @param warnings sentences about settings without effect and capped values
 */
public record Settings(
        KisEnvironment environment,
        Http http,
        Access access,
        Face face,
        Kis kis,
        Simulator simulator,
        Orders orders,
        Risk risk,
        Journal journal,
        Optional<Cluster> cluster,
        Quotes quotes,
        Cache cache,
        Warmup warmup,
        Instruments instruments,
        MarketWide marketWide,
        History history,
        Path dataDir,
        Path configDir,
        Secrets secrets,
        Alerts alerts,
        Optional<Backup> backup,
        Optional<Egress> egress,
        Logs logs,
        Tracing tracing,
        Agents agents,
        Live live,
        SettingsReload reload,
        List<String> warnings) {
    public Settings {
        warnings = List.copyOf(warnings);
    }

    /** Aliases of the accounts: first that of {@code KIS_ACCOUNT_NO}, then those of {@code kis.accounts}. */
    public Set<String> accounts() {
        var aliases = new LinkedHashSet<>(Set.of(Accounts.FIRST_ALIAS));
        kis.furtherAccounts().forEach(account -> aliases.add(account.alias()));
        return Collections.unmodifiableSet(aliases);
    }

    /** Interval of requests for fills where no login id is set and KIS cannot push them; empty where it pushes. */
    public Optional<Duration> fillPollInterval() {
        return environment == KisEnvironment.SIM || kis.htsId().isPresent()
                ? Optional.empty()
                : Optional.of(orders.reconcileEvery());
    }

    /**
     * @param bind listen address ({@code GATEWAY_BIND})
     * @param port {@code GATEWAY_PORT}; 0 selects a free one
     * @param operatorToken {@code GATEWAY_OPERATOR_TOKEN}; absent, operator calls are refused
     * @param tls certificate and key; absent, plain HTTP
     */
    public record Http(String bind, int port, Optional<Secret> operatorToken, Optional<Tls> tls) {
        /** Scheme of the gateway's address. */
        public String scheme() {
            return tls.isPresent() ? "https" : "http";
        }

        /** Where programs on this machine reach what listens on {@code port} of {@link #bind}. */
        public URI localAddress(int port) {
            return URI.create(scheme() + "://" + localHost(bind) + ":" + port);
        }

        /** The host of an address at which programs on this machine reach a listener on {@code bind}. */
        public static String localHost(String bind) {
            if (bind.equals("0.0.0.0") || bind.equals("::")) {
                return "127.0.0.1";
            }
            return bind.contains(":") ? '[' + bind + ']' : bind;
        }
    }

    /**
     * PEM files, reloaded when they change.
     *
     * @param certificate {@code GATEWAY_TLS_CERT}: the gateway's certificate and the intermediate ones, PEM or PKCS#12
     * @param key {@code GATEWAY_TLS_KEY}: its private key, PEM, not encrypted; absent with PKCS#12
     * @param password {@code GATEWAY_TLS_PASSWORD} of the PKCS#12 file
     * @param clientAuthorities {@code GATEWAY_TLS_CLIENT_CA}; with it every caller needs a certificate of one of them
     */
    public record Tls(
            Path certificate, Optional<Path> key, Optional<Secret> password, Optional<Path> clientAuthorities) {}

    /**
     * From where the broker may see the gateway.
     *
     * @param allowed addresses and networks
     * @param service answers with the caller's address alone
     */
    public record Egress(List<String> allowed, URI service) {
        public Egress {
            allowed = List.copyOf(allowed);
        }
    }

    /**
     * @param keysRequired the result of {@code GATEWAY_AUTH}, the environment and the bind address
     * @param callsPerSecond {@code GATEWAY_KEY_RATE}: quota of a key without one of its own
     * @param connectionsPerAddress {@code GATEWAY_ADDRESS_CONNECTIONS}: concurrent connections of one address; absent, 1,200 of
     *     this machine and 300 of another
     * @param pushShare {@code GATEWAY_KEY_PUSH_SHARE}: percent of the push slots in which a key's symbols precede another's
     * @param webhooks {@code GATEWAY_WEBHOOKS}: whether alerts to webhooks are accepted
     * @param logins {@code GATEWAY_LOGIN_IDLE} and {@code GATEWAY_LOGIN_MAX}: how long a login of the page lasts
     */
    public record Access(
            boolean keysRequired,
            int callsPerSecond,
            OptionalInt connectionsPerAddress,
            int pushShare,
            boolean webhooks,
            LoginLimits logins) {}

    /** @param toolsets {@code MCP_TOOLSETS}, and that of orders with {@code MCP_TRADING} */
    public record Agents(Set<Toolset> toolsets) {
        public Agents {
            toolsets = Set.copyOf(toolsets);
        }
    }

    /**
     * @param enabled {@code KIS_FACE}
     * @param required whether the start fails when its port is not available; else it is reported only
     * @param port {@code KIS_FACE_PORT}, or the one after the gateway's; 0 selects a free one
     * @param queue {@code KIS_FACE_QUEUE}: how long a call waits for the call budget
     */
    public record Face(boolean enabled, boolean required, int port, Duration queue) {}

    /**
     * @param restBase REST address of KIS; empty for the simulator
     * @param wsBase WebSocket address of KIS; empty for the simulator
     * @param appKey {@code KIS_APP_KEY}, in mock {@code KIS_MOCK_APP_KEY} before it
     * @param appSecret {@code KIS_APP_SECRET}
     * @param account {@code KIS_ACCOUNT_NO} or its other spellings, the account behind alias {@code A1}
     * @param htsId {@code KIS_HTS_ID}
     * @param symbols {@code KIS_WS_SYMBOLS}: registered from the start
     * @param callsPerSecond requests per second to KIS, never above the dated limit
     * @param callsPerDay {@code LIMITS_CALLS_PER_DAY}: what the daily checklist compares the day's calls with; absent, nothing
     * @param calls request settings, shared with the SDK
     * @param furtherKeys {@code kis.app-keys} of {@code gateway.yaml}: app keys beside the first, for prices and pushes
     * @param furtherAccounts {@code kis.accounts} of {@code gateway.yaml}: accounts beside the first
     * @param koreanHours {@code KIS_WS_KR_HOURS}: when Korean registrations are on the sockets; absent, always
     * @param marketStatus {@code KIS_WS_MARKET_STATUS}: whether unused WebSocket registrations receive market status
     *     (halts); never on paper, which does not offer it
     * @param paidUsFeed {@code KIS_US_FEED=paid}: whether US values are pushed by the customer's paid feed (유료시세)
     * @param recordTo {@code KIS_RECORD_TO}: a new file for the traffic between KIS and the gateway, without secrets
     */
    public record Kis(
            Optional<URI> restBase,
            Optional<URI> wsBase,
            Optional<Secret> appKey,
            Optional<Secret> appSecret,
            Optional<Account> account,
            Optional<String> htsId,
            List<MarketSymbol> symbols,
            int callsPerSecond,
            OptionalInt callsPerDay,
            CallSettings calls,
            List<AppKey> furtherKeys,
            List<FurtherAccount> furtherAccounts,
            Optional<Hours> koreanHours,
            boolean marketStatus,
            boolean paidUsFeed,
            Optional<Path> recordTo) {
        public Kis {
            symbols = List.copyOf(symbols);
            furtherKeys = List.copyOf(furtherKeys);
            furtherAccounts = List.copyOf(furtherAccounts);
        }
    }

    /**
     * @param masterKeys opens the master key ({@code MASTER_KEY_SOURCE})
     * @param stored the secrets of {@code secrets.json}, by name
     * @param remindAfterDays age of a stored secret at which operators are reminded to replace it; empty never
     */
    public record Secrets(MasterKeys masterKeys, Map<String, StoredSecret> stored, OptionalInt remindAfterDays) {
        public Secrets {
            stored = Map.copyOf(stored);
        }
    }

    /**
     * @param file the rules; may not exist
     * @param allowsInner whether addresses inside the network, and plain HTTP, are allowed
     */
    public record Alerts(Path file, boolean allowsInner) {}

    /**
     * The daily backup.
     *
     * @param folder of the backups
     * @param at time of the day in Korea
     * @param keep backups that are kept
     */
    public record Backup(Path folder, LocalTime at, int keep) {}

    /**
     * @param json {@code LOG_FORMAT}: whether each line is a JSON object
     * @param fileBytes {@code LOG_FILE_SIZE}
     * @param keepDays {@code LOG_KEEP_DAYS}
     * @param totalBytes {@code LOG_TOTAL_SIZE}
     */
    public record Logs(boolean json, long fileBytes, int keepDays, long totalBytes) {}

    /**
     * @param endpoint {@code TRACING_ENDPOINT}, with its path; empty records nothing
     * @param share {@code TRACING_SAMPLE}: of the traces that are recorded, from 0 to 1
     * @param headers {@code TRACING_HEADERS}, by name
     * @param kisHeader {@code KIS_TRACE_HEADER}: whether calls to KIS carry the trace id
     */
    public record Tracing(Optional<URI> endpoint, double share, Map<String, Secret> headers, boolean kisHeader) {
        public Tracing {
            headers = Map.copyOf(headers);
        }
    }

    /**
     * A further app key.
     *
     * @param id its name in answers; K1 is the first one
     * @param appKey absent in sim: the gateway then generates one
     * @param appSecret belongs to {@code appKey}
     * @param account the account for which KIS issued it; absent, the first one's
     * @param htsId login id of its owner, whose execution notices it receives where it trades; absent, {@code KIS_HTS_ID}
     */
    public record AppKey(
            String id,
            Optional<Secret> appKey,
            Optional<Secret> appSecret,
            Optional<Account> account,
            Optional<String> htsId) {}

    /**
     * An account beside the first.
     *
     * @param number absent in sim: the gateway then generates one
     * @param appKey id of the app key that trades it
     */
    public record FurtherAccount(String alias, Optional<Account> number, String appKey) {}

    /**
     * A daily time window in Seoul.
     *
     * @param from inclusive start
     * @param until exclusive end; earlier than {@code from} it is on the next day
     */
    public record Hours(LocalTime from, LocalTime until) {}

    /**
     * An account number; prints two digits only.
     *
     * @param cano eight digits (종합계좌번호)
     * @param productCode two digits (계좌상품코드)
     */
    public record Account(String cano, String productCode) {
        static Account of(BrokerSettings.Account account) {
            return new Account(account.cano(), account.product());
        }

        @Override
        public String toString() {
            return cano.substring(0, 2) + "******-**";
        }
    }

    /**
     * @param port {@code SIMULATOR_PORT} of the embedded simulator; 0 selects a free one
     * @param url {@code SIMULATOR_URL}: an external simulator; then none is embedded
     * @param seed {@code SIMULATOR_SEED}; absent, each data folder has a market of its own
     * @param clock {@code SIMULATOR_CLOCK}
     * @param fastTime the same: when the clock of gateway and simulator starts, and how fast it runs; absent, it is the
     *     machine's
     * @param callsPerSecond {@code SIMULATOR_RATE_LIMIT}; absent, the dated limit
     * @param scenario {@code SIMULATOR_SCENARIO}: scheduled faults: a built-in scenario's name, or a file
     */
    public record Simulator(
            int port,
            Optional<URI> url,
            OptionalLong seed,
            Clock clock,
            Optional<FastTime> fastTime,
            OptionalInt callsPerSecond,
            Optional<String> scenario) {}

    /** Trading calendar of the simulated market. */
    public enum Clock {
        /** Always open; the day rolls at midnight in Seoul. */
        OPEN,
        /** Always open, permanently on the start's date; for tests. */
        OPEN_FIXED,
        /** The exchange's hours and holidays. */
        REAL
    }

    /**
     * @param workerEnabled {@code ORDER_WORKER_ENABLED}: whether orders are sent
     * @param dispatchMarket {@code ORDER_DISPATCH_BY_MARKET}: maximum time a market order waits in the dispatch queue
     * @param dispatchLimit {@code ORDER_DISPATCH_BY_LIMIT}: the same for a limit order
     * @param offsets {@code ORDER_OFFSETS}: basis points of the last price by which a price at an offset is better than it
     * @param venues {@code ORDER_VENUE_RULES}, {@code ORDER_VENUE_HOLD}: how the venue of an order that leaves it open is chosen
     * @param commissions {@code ORDER_COMMISSION}: rates of the broker's commission by venue
     * @param asksAfterAbsence {@code PARENT_MISSED_TRIGGER}: whether an order of which the condition is met by the first price
     *     after an absence is held until somebody decides
     */
    public record Orders(
            boolean workerEnabled,
            Duration dispatchMarket,
            Duration dispatchLimit,
            Duration reconcileEvery,
            Map<Board, Integer> offsets,
            VenueRules venues,
            Commissions commissions,
            boolean asksAfterAbsence,
            boolean killSwitch) {}

    /**
     * @param layers the gateway's layer from {@code RISK_…}, the others from {@code risk.accounts}, {@code
     *     risk.strategies} and {@code risk.keys} of {@code gateway.yaml}
     * @param guards {@code KIS_LIVE_TRADING}, {@code KIS_LIVE_ACCOUNTS}, {@code GATEWAY_READ_ONLY} and {@code KIS_CREDIT}
     */
    public record Risk(RiskLayers layers, LiveGuards guards) {}

    /**
     * @param diskLow {@code JOURNAL_DISK_LOW}: free bytes below which orders are refused; 0 disables the check
     * @param retentionDays {@code JOURNAL_KEEP_DAYS}: what {@code journal prune} retains; empty retains everything
     */
    public record Journal(long diskLow, OptionalInt retentionDays) {}

    /**
     * Gateways that share a database, of which one owns app keys and accounts.
     *
     * @param database {@code DATABASE_URL}
     * @param node {@code CLUSTER_NODE}: name of this gateway among them
     * @param lease {@code CLUSTER_LEASE}: when another takes over from an owner that says nothing
     * @param role {@code CLUSTER_ROLE}
     * @param address {@code CLUSTER_ADDRESS}: where the others reach this gateway, with its port
     */
    public record Cluster(PostgresAddress database, String node, Duration lease, ClusterRole role, URI address) {}

    /** What a gateway of a cluster may be. */
    public enum ClusterRole {
        /** It serves callers, and takes over when the owner is gone. */
        ANY,
        /** It serves callers and never owns the accounts. */
        EDGE
    }

    /**
     * @param staleAfter {@code QUOTE_STALE_AFTER}: age from which a value without a live feed is stale
     * @param heartbeat {@code QUOTE_HEARTBEAT}: silence of the socket after which the feed counts as dead
     * @param cooldown {@code QUOTE_COOLDOWN}: no request for a symbol this long after KIS refused one by rate limit
     * @param wsHours {@code QUOTE_WS_HOURS}
     * @param safeValue {@code QUOTE_SAFE_VALUE}: the answer when there is no price
     */
    public record Quotes(
            Duration staleAfter, Duration heartbeat, Duration cooldown, WsHours wsHours, SafeValue safeValue) {}

    /** The answer, marked as such, when no source has a price and none is cached. */
    public sealed interface SafeValue {
        /** No value: an error is answered. */
        record None() implements SafeValue {}

        /** The close of the listing. */
        record LastClose() implements SafeValue {}

        /**
         * Configured prices.
         *
         * @param units in units of each market's currency
         */
        record Prices(Map<MarketSymbol, Long> units) implements SafeValue {
            public Prices {
                units = Map.copyOf(units);
            }
        }
    }

    /**
     * @param redis {@code REDIS_URL}: a second cache, and a lock that several machines share
     * @param price {@code KIS_CACHE_TTL_PRICE}: lifetime of a cached price; absent, a second, and 30 s in Redis
     * @param orderbook {@code KIS_CACHE_TTL_ORDERBOOK}: the same of an order book; absent, a second
     * @param chart {@code KIS_CACHE_TTL_CHART}: the same of the current day's bars; absent, a second
     * @param stockInfo {@code KIS_CACHE_TTL_STOCK_INFO}: maximum age of an issue's limits and listing status when an
     *     order is validated; absent, ten minutes, and in sim any age
     */
    public record Cache(
            Optional<Secret> redis,
            Optional<Duration> price,
            Optional<Duration> orderbook,
            Optional<Duration> chart,
            Optional<Duration> stockInfo) {
        private static final Duration DEFAULT_PRICE_LIFETIME = Duration.ofSeconds(30);

        /** Lifetime of a price in Redis. */
        public Duration priceLifetime() {
            return price.orElse(DEFAULT_PRICE_LIFETIME);
        }
    }

    /**
     * What is requested before the market opens, so that it is cached then.
     *
     * @param at {@code GATEWAY_WARM_AT}: the time of a trading day in Seoul; empty, no scheduled warmup
     * @param symbols {@code GATEWAY_WARM_SYMBOLS}; empty, the most traded
     * @param top {@code GATEWAY_WARM_TOP}: how many of the most traded
     * @param types {@code GATEWAY_WARM_TYPES}
     */
    public record Warmup(Optional<LocalTime> at, List<MarketSymbol> symbols, int top, Set<WarmupType> types) {
        public Warmup {
            symbols = List.copyOf(symbols);
            types = Collections.unmodifiableSet(new TreeSet<>(types));
        }
    }

    /** Kinds of data that warmup caches for an instrument. */
    public enum WarmupType {
        /** The answer of {@code /v1/quotes}. */
        PRICE,
        /** The daily bars of {@code /v1/bars}. */
        CHART,
        /** Today's part of {@code /v1/instruments}: price limits and listing status. */
        INFO;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<WarmupType> of(String wireName) {
            return Arrays.stream(values())
                    .filter(type -> type.wireName().equals(wireName))
                    .findFirst();
        }

        /** All names. */
        public static List<String> wireNames() {
            return Arrays.stream(values()).map(WarmupType::wireName).toList();
        }
    }

    /**
     * @param masterUrl {@code KIS_MASTER_URL}: the folder with the master files, ending with /; absent, the broker's
     *     own
     * @param downloads whether master files are downloaded: not with a simulator, which trades the shipped list, unless
     *     an address is set; and never with {@code KIS_MASTER_URL=off}
     * @param refreshAt {@code KIS_MASTER_REFRESH_AT}: the time of a trading day in Seoul from which they are refreshed
     */
    public record Instruments(Optional<URI> masterUrl, boolean downloads, LocalTime refreshAt) {}

    /**
     * Lifetimes of cached market-wide responses.
     *
     * @param ranking {@code KIS_CACHE_TTL_RANKING}
     * @param index {@code KIS_CACHE_TTL_INDEX}
     * @param investors {@code KIS_CACHE_TTL_INVESTORS}
     * @param nav {@code KIS_CACHE_TTL_NAV}
     */
    public record MarketWide(Duration ranking, Duration index, Duration investors, Duration nav) {}

    /**
     * @param krxKey {@code KRX_AUTH_KEY}: the user's own key to the exchange's Open API
     * @param krxBase {@code KRX_API_BASE_URL}, ending with /; absent, the exchange's own
     * @param krxCallsPerDay {@code KRX_CALLS_PER_DAY}; absent, the exchange's limit
     * @param sharedFolder {@code HISTORY_URL}, absolute; empty, the history is in the data folder
     * @param tickRetentionDays {@code GATEWAY_KEEP_TICKS}: days of recorded ticks; empty retains all
     * @param minuteRetentionDays {@code GATEWAY_KEEP_MINUTES}: days of minute bars; empty retains all
     */
    public record History(
            Optional<Secret> krxKey,
            Optional<URI> krxBase,
            OptionalInt krxCallsPerDay,
            Optional<Path> sharedFolder,
            OptionalInt tickRetentionDays,
            OptionalInt minuteRetentionDays) {}

    /**
     * The settings that a running gateway follows in {@code .env} and {@code gateway.yaml}: those that {@link
     * kr.kisgateway.client.settings.Setting#isReloadable} names.
     *
     * @param aegisV31 {@code AEGIS_API_V31}: whether {@code /api/v3.1} is answered
     */
    public record Live(boolean aegisV31) {}

    /** Sessions in which a pushed value answers a quote. */
    public enum WsHours {
        /** 09:00–15:30: regular trading and the closing auction. */
        REGULAR,
        /** Every session with trading. */
        ALL
    }
}
