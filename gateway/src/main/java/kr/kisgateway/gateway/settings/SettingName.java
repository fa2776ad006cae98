package kr.kisgateway.gateway.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every name that may be set, as the environment spells it. Those marked unused are taken and have no effect yet. */
enum SettingName {
    KIS_ENV,
    KIS_MOCK,
    KIS_USE_VIRTUAL_SERVER,
    KIS_APP_KEY,
    KIS_APP_SECRET,
    KIS_ACCOUNT_NO,
    KIS_ACCOUNT_NUMBER,
    KIS_CANO,
    KIS_ACNT_PRDT_CD,
    KIS_MOCK_APP_KEY,
    KIS_MOCK_APP_SECRET,
    KIS_MOCK_CANO,
    KIS_MOCK_ACNT_PRDT_CD,
    KIS_HTS_ID,
    KIS_WS_SYMBOLS,
    KIS_WS_KR_HOURS,
    KIS_WS_MARKET_STATUS,
    KIS_US_FEED,
    KIS_API_BASE_URL_REAL,
    KIS_API_BASE_URL_VIRTUAL,
    KIS_WS_URL_MOCK,
    KIS_WS_URL_LIVE,
    KIS_API_RATE_LIMIT,
    KIS_API_QUEUE_TIMEOUT,
    KIS_API_CIRCUIT_BREAKER_THRESHOLD,
    KIS_API_CIRCUIT_BREAKER_TIMEOUT,
    KIS_WS_SILENCE,
    KIS_RECORD_TO,
    DATA_SOURCE_TYPE,
    GATEWAY_BIND,
    GATEWAY_PORT,
    GATEWAY_DATA_DIR,
    GATEWAY_CONFIG_DIR,
    GATEWAY_AUTH,
    GATEWAY_OPERATOR_TOKEN,
    GATEWAY_KEY_RATE,
    GATEWAY_ADDRESS_CONNECTIONS,
    GATEWAY_TLS_CERT,
    GATEWAY_TLS_KEY,
    GATEWAY_PLAIN_HTTP,
    GATEWAY_READ_ONLY,
    SIMULATOR_PORT,
    SIMULATOR_URL,
    SIMULATOR_SEED,
    SIMULATOR_CLOCK,
    SIMULATOR_RATE_LIMIT,
    SIMULATOR_SCENARIO,
    ORDER_WORKER_ENABLED,
    ORDER_DISPATCH_BY_MARKET,
    ORDER_DISPATCH_BY_LIMIT,
    ORDER_RECONCILE_EVERY,
    GATEWAY_KILL_SWITCH,
    RISK_DAILY_ORDERS,
    RISK_MAX_QTY,
    RISK_MAX_NOTIONAL,
    RISK_SELL_MAX_QTY,
    RISK_MAX_POSITION,
    RISK_MAX_POSITION_VALUE,
    RISK_DAILY_LOSS,
    RISK_ORDERS_PER_SECOND,
    RISK_COLLAR_PCT,
    RISK_CHECK_CASH,
    RISK_REFUSE_MANAGED,
    RISK_REFUSE_WARNED,
    RISK_REFUSE_SELF_CROSS,
    RISK_ALLOW,
    RISK_DENY,
    KIS_LIVE_TRADING,
    KIS_LIVE_ACCOUNTS,
    JOURNAL_DISK_LOW,
    JOURNAL_KEEP_DAYS,
    QUOTE_STALE_AFTER,
    QUOTE_HEARTBEAT,
    QUOTE_COOLDOWN,
    QUOTE_WS_HOURS,
    QUOTE_SAFE_VALUE,
    KIS_CACHE_TTL_PRICE,
    KIS_CACHE_TTL_ORDERBOOK,
    KIS_CACHE_TTL_CHART,
    KIS_CACHE_TTL_STOCK_INFO,
    GATEWAY_WARM_AT,
    GATEWAY_WARM_SYMBOLS,
    GATEWAY_WARM_TOP,
    GATEWAY_WARM_TYPES,
    REDIS_URL,
    KIS_MASTER_URL,
    KIS_MASTER_REFRESH_AT,
    KIS_CACHE_TTL_RANKING,
    KIS_CACHE_TTL_INDEX,
    KIS_CACHE_TTL_INVESTORS,
    KIS_CACHE_TTL_NAV,
    KRX_AUTH_KEY,
    KRX_API_BASE_URL,
    KRX_CALLS_PER_DAY,
    GATEWAY_KEEP_TICKS,
    GATEWAY_KEEP_MINUTES,
    ORDER_WORKER_INTERVAL_SEC(true),
    KIS_FACE_PORT(true),
    DATABASE_URL(true);

    private final boolean unused;

    SettingName() {
        this(false);
    }

    SettingName(boolean unused) {
        this.unused = unused;
    }

    /** Whether the name is known but nothing reads it. */
    boolean unused() {
        return unused;
    }

    /** The setting that {@code text} spells: {@code quote.stale-after}, {@code QUOTE_STALE_AFTER} and the like. */
    static Optional<SettingName> of(String text) {
        var plain = text.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(name -> name.name().equals(plain)).findFirst();
    }
}
