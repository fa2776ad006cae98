package kr.kisgateway.gateway.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kr.kisgateway.client.settings.BrokerSettings;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/**
 * Everything that was set, checked and complete. Printing it shows no secret.
 *
 * @param environment which KIS
 * @param http the gateway's own face
 * @param access who may call it
 * @param kis identity and limits towards KIS
 * @param simulator the simulator, used in {@link KisEnvironment#SIM}
 * @param orders dispatching
 * @param risk limits of orders
 * @param journal room and age of the journal
 * @param quotes freshness rules
 * @param cache what is kept of answers, and where
 * @param warmup what is fetched before the market opens
 * @param instruments where the listing comes from
 * @param marketWide how long rankings, indices and the like are kept
 * @param history where bars of the past come from beside KIS, and how long what is recorded is kept
 * @param dataDir this environment's data folder, for example {@code data/sim}; may not exist yet
 * @param configDir folder of keys and locks that must not lie beside the data
 * @param warnings sentences about settings that were taken but have no effect, or were capped
 */
public record Settings(
        KisEnvironment environment,
        Http http,
        Access access,
        Kis kis,
        Simulator simulator,
        Orders orders,
        Risk risk,
        Journal journal,
        Quotes quotes,
        Cache cache,
        Warmup warmup,
        Instruments instruments,
        MarketWide marketWide,
        History history,
        Path dataDir,
        Path configDir,
        List<String> warnings) {
    public Settings {
        warnings = List.copyOf(warnings);
    }

    /** How often KIS is asked for fills, where no login id is set and it cannot push them; empty where it does. */
    public Optional<Duration> fillPollInterval() {
        return environment == KisEnvironment.SIM || kis.htsId().isPresent()
                ? Optional.empty()
                : Optional.of(orders.reconcileEvery());
    }

    /**
     * @param bind address to listen on ({@code GATEWAY_BIND})
     * @param port {@code GATEWAY_PORT}; 0 takes a free one
     * @param operatorToken {@code GATEWAY_OPERATOR_TOKEN}; absent, operator calls are refused
     * @param tls certificate and key; absent, plain HTTP
     */
    public record Http(String bind, int port, Optional<Masked> operatorToken, Optional<Tls> tls) {
        /** What a browser or program writes before the address. */
        public String scheme() {
            return tls.isPresent() ? "https" : "http";
        }
    }

    /**
     * PEM files, read again when they change.
     *
     * @param certificate {@code GATEWAY_TLS_CERT}: the gateway's certificate and those between it and the root
     * @param key {@code GATEWAY_TLS_KEY}: its private key, not encrypted
     */
    public record Tls(Path certificate, Path key) {}

    /**
     * @param keysRequired what {@code GATEWAY_AUTH}, the environment and the address together mean
     * @param callsPerSecond {@code GATEWAY_KEY_RATE}: quota of a key that has none of its own
     * @param connectionsPerAddress {@code GATEWAY_ADDRESS_CONNECTIONS}: connections at once of one address; absent, 1,200 of
     *     this machine and 300 of another
     * @param pushShare {@code GATEWAY_KEY_PUSH_SHARE}: places of a hundred that the symbols of one key have before another's
     */
    public record Access(boolean keysRequired, int callsPerSecond, OptionalInt connectionsPerAddress, int pushShare) {}

    /**
     * @param restBase where KIS answers; empty when that is the simulator
     * @param wsBase where its WebSocket is; empty when that is the simulator
     * @param appKey {@code KIS_APP_KEY}, in mock {@code KIS_MOCK_APP_KEY} before it
     * @param appSecret {@code KIS_APP_SECRET}
     * @param account {@code KIS_ACCOUNT_NO} or its other spellings, the account behind alias {@code A1}
     * @param htsId {@code KIS_HTS_ID}
     * @param symbols {@code KIS_WS_SYMBOLS}: registered from the start
     * @param callsPerSecond calls a second towards KIS, never above the dated limit
     * @param calls how calls are made, as the SDK reads it, too
     * @param furtherKeys {@code kis.app-keys} of {@code gateway.yaml}: app keys beside the first, for prices and pushes
     * @param koreanHours {@code KIS_WS_KR_HOURS}: when Korean registrations are on the sockets; absent, always
     * @param marketStatus {@code KIS_WS_MARKET_STATUS}: whether places of the WebSocket that nobody wants tell of halts; never on
     *     paper, which does not offer it
     * @param paidUsFeed {@code KIS_US_FEED=paid}: whether American values are pushed by the feed that a customer pays for (유료시세)
     * @param recordTo {@code KIS_RECORD_TO}: a new file for what passes between KIS and the gateway, cleared of secrets
     */
    public record Kis(
            Optional<URI> restBase,
            Optional<URI> wsBase,
            Optional<Masked> appKey,
            Optional<Masked> appSecret,
            Optional<Account> account,
            Optional<String> htsId,
            List<MarketSymbol> symbols,
            int callsPerSecond,
            CallSettings calls,
            List<AppKey> furtherKeys,
            Optional<Hours> koreanHours,
            boolean marketStatus,
            boolean paidUsFeed,
            Optional<Path> recordTo) {
        public Kis {
            symbols = List.copyOf(symbols);
            furtherKeys = List.copyOf(furtherKeys);
        }
    }

    /**
     * A further app key.
     *
     * @param id its name in answers; K1 is the first one
     * @param appKey absent in sim: the gateway then makes one itself
     * @param appSecret belongs to {@code appKey}
     * @param account the account KIS gave it out for; absent, the first one's
     */
    public record AppKey(String id, Optional<Masked> appKey, Optional<Masked> appSecret, Optional<Account> account) {}

    /**
     * A part of every day in Seoul.
     *
     * @param from the first moment
     * @param until the first moment behind it; earlier than {@code from} it is on the next day
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
     * @param port {@code SIMULATOR_PORT} of the embedded one; 0 takes a free one
     * @param url {@code SIMULATOR_URL}: a simulator elsewhere; then none is embedded
     * @param seed {@code SIMULATOR_SEED}; absent, the market is another one at each start
     * @param clock {@code SIMULATOR_CLOCK}
     * @param callsPerSecond {@code SIMULATOR_RATE_LIMIT}; absent, the dated limit
     * @param scenario {@code SIMULATOR_SCENARIO}: faults that happen by themselves: a ready scenario's name, or a file
     */
    public record Simulator(
            int port,
            Optional<URI> url,
            OptionalLong seed,
            Clock clock,
            OptionalInt callsPerSecond,
            Optional<String> scenario) {}

    /** Which trading calendar the simulated market keeps. */
    public enum Clock {
        /** Always open, the day rolls at midnight in Seoul. */
        OPEN,
        /** Always open, the start's date for ever; for tests. */
        OPEN_FIXED,
        /** The exchange's hours and holidays. */
        REAL
    }

    /**
     * @param workerEnabled {@code ORDER_WORKER_ENABLED}: whether orders are sent at all
     * @param dispatchMarket {@code ORDER_DISPATCH_BY_MARKET}: how long a market order may wait to be sent
     * @param dispatchLimit {@code ORDER_DISPATCH_BY_LIMIT}: the same for a limit order
     */
    public record Orders(
            boolean workerEnabled,
            Duration dispatchMarket,
            Duration dispatchLimit,
            Duration reconcileEvery,
            boolean killSwitch) {}

    /**
     * @param layers the gateway's layer from {@code RISK_…}, the others from {@code risk.accounts}, {@code
     *     risk.strategies} and {@code risk.keys} of {@code gateway.yaml}
     * @param guards {@code KIS_LIVE_TRADING}, {@code KIS_LIVE_ACCOUNTS} and {@code GATEWAY_READ_ONLY}
     */
    public record Risk(RiskLayers layers, LiveGuards guards) {}

    /**
     * @param diskLow {@code JOURNAL_DISK_LOW}: free bytes below which no order is taken; 0 never minds
     * @param retentionDays {@code JOURNAL_KEEP_DAYS}: what {@code journal prune} keeps; empty keeps everything
     */
    public record Journal(long diskLow, OptionalInt retentionDays) {}

    /**
     * @param staleAfter {@code QUOTE_STALE_AFTER}: age past which a value without a live feed is stale
     * @param heartbeat {@code QUOTE_HEARTBEAT}: silence of the whole socket past which the feed counts as dead
     * @param cooldown {@code QUOTE_COOLDOWN}: no call for a symbol this long after KIS refused for its rate
     * @param wsHours {@code QUOTE_WS_HOURS}
     * @param safeValue {@code QUOTE_SAFE_VALUE}: what is told when there is no price at all
     */
    public record Quotes(
            Duration staleAfter, Duration heartbeat, Duration cooldown, WsHours wsHours, SafeValue safeValue) {}

    /** What is told, marked as such, when no source has a price and none was ever known. */
    public sealed interface SafeValue {
        /** Nothing: an error is better. */
        record None() implements SafeValue {}

        /** The close of the listing. */
        record LastClose() implements SafeValue {}

        /**
         * Prices that somebody set.
         *
         * @param won of Korean instruments
         * @param dollars of American stocks
         */
        record Prices(Map<Symbol, Long> won, Map<UsSymbol, BigDecimal> dollars) implements SafeValue {
            public Prices {
                won = Map.copyOf(won);
                dollars = Map.copyOf(dollars);
            }
        }
    }

    /**
     * @param redis {@code REDIS_URL}: a second cache, and a lock that several machines share
     * @param price {@code KIS_CACHE_TTL_PRICE}: how long a price is told again; absent, a second, and 30 s from Redis
     * @param orderbook {@code KIS_CACHE_TTL_ORDERBOOK}: the same of a book; absent, a second
     * @param chart {@code KIS_CACHE_TTL_CHART}: the same of the running day's bars; absent, a second
     * @param stockInfo {@code KIS_CACHE_TTL_STOCK_INFO}: how old KIS's word on an issue's limits and standing may be when an
     *     order is judged; absent, ten minutes, and in sim any age
     */
    public record Cache(
            Optional<Masked> redis,
            Optional<Duration> price,
            Optional<Duration> orderbook,
            Optional<Duration> chart,
            Optional<Duration> stockInfo) {
        private static final Duration DEFAULT_PRICE_LIFETIME = Duration.ofSeconds(30);

        /** How long Redis keeps a price. */
        public Duration priceLifetime() {
            return price.orElse(DEFAULT_PRICE_LIFETIME);
        }
    }

    /**
     * What is asked for before the market opens, so that it is at hand then.
     *
     * @param at {@code GATEWAY_WARM_AT}: the time of a trading day in Seoul; empty, never by itself
     * @param symbols {@code GATEWAY_WARM_SYMBOLS}; empty, the most traded
     * @param top {@code GATEWAY_WARM_TOP}: how many of the most traded
     * @param types {@code GATEWAY_WARM_TYPES}
     */
    public record Warmup(Optional<LocalTime> at, List<Symbol> symbols, int top, Set<WarmupType> types) {
        public Warmup {
            symbols = List.copyOf(symbols);
            types = Collections.unmodifiableSet(new TreeSet<>(types));
        }
    }

    /** What can be at hand of an instrument. */
    public enum WarmupType {
        /** What {@code /v1/quotes} tells. */
        PRICE,
        /** What {@code /v1/bars} tells of days. */
        CHART,
        /** What {@code /v1/instruments} tells of today: limits and standing. */
        INFO;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<WarmupType> of(String wireName) {
            return Arrays.stream(values())
                    .filter(type -> type.wireName().equals(wireName))
                    .findFirst();
        }

        /** All words, for a sentence. */
        public static String wireNames() {
            return Arrays.stream(values()).map(WarmupType::wireName).collect(Collectors.joining(", "));
        }
    }

    /**
     * @param masterUrl {@code KIS_MASTER_URL}: the folder with the master files, ending with /; absent, the broker's own
     * @param downloads whether master files are downloaded at all: not with a simulator, which
     *     trades the shipped list, unless an address is set; and never with {@code KIS_MASTER_URL=off}
     * @param refreshAt {@code KIS_MASTER_REFRESH_AT}: the time of a trading day in Seoul from which on they are renewed
     */
    public record Instruments(Optional<URI> masterUrl, boolean downloads, LocalTime refreshAt) {}

    /**
     * How long an answer serves before KIS is asked again.
     *
     * @param ranking {@code KIS_CACHE_TTL_RANKING}
     * @param index {@code KIS_CACHE_TTL_INDEX}
     * @param investors {@code KIS_CACHE_TTL_INVESTORS}
     * @param nav {@code KIS_CACHE_TTL_NAV}
     */
    public record MarketWide(Duration ranking, Duration index, Duration investors, Duration nav) {}

    /**
     * @param krxKey {@code KRX_AUTH_KEY}: the key of one's own to the exchange's Open API
     * @param krxBase {@code KRX_API_BASE_URL}, ending with /; absent, the exchange's own
     * @param krxCallsPerDay {@code KRX_CALLS_PER_DAY}; absent, what the exchange allows
     * @param tickRetentionDays {@code GATEWAY_KEEP_TICKS}: days of recorded ticks; empty keeps all
     * @param minuteRetentionDays {@code GATEWAY_KEEP_MINUTES}: days of minutes; empty keeps all
     */
    public record History(
            Optional<Masked> krxKey,
            Optional<URI> krxBase,
            OptionalInt krxCallsPerDay,
            OptionalInt tickRetentionDays,
            OptionalInt minuteRetentionDays) {}

    /** In which sessions a pushed value answers a quote. */
    public enum WsHours {
        /** 09:00–15:30: regular trading and the closing auction. */
        REGULAR,
        /** Every session in which something can trade. */
        ALL
    }
}
