package kr.kisgateway.gateway.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.market.MarketSymbol;

/** Reads the market-data settings: registrations, quotes, caches, instruments and history. */
final class MarketDataSettings {
    private static final Duration CACHE_LIFE_MAX = Duration.ofDays(1);
    private static final Pattern SAFE_PRICE = Pattern.compile("([^:]{1,24}):((?:0|[1-9][0-9]{0,9})(?:\\.[0-9]{1,4})?)");
    private static final Pattern HOURS =
            Pattern.compile("((?:[01]\\d|2[0-3]):[0-5]\\d)\\s*-\\s*((?:[01]\\d|2[0-3]):[0-5]\\d)");

    private final SettingForms forms;
    private final SymbolSettings symbolSettings;
    private final SettingValues values;
    private final List<String> warnings;

    MarketDataSettings(SettingForms forms, SymbolSettings symbolSettings, SettingValues values, List<String> warnings) {
        this.forms = forms;
        this.symbolSettings = symbolSettings;
        this.values = values;
        this.warnings = warnings;
    }

    /** Configured symbols; set to empty text, none is registered. */
    List<MarketSymbol> symbols() {
        var symbols = symbolSettings.list(
                Setting.KIS_WS_SYMBOLS,
                values.explicit(Setting.KIS_WS_SYMBOLS)
                        .map(SettingValues.SettingValue::text)
                        .or(() -> forms.effective(Setting.KIS_WS_SYMBOLS))
                        .orElse(""));
        if (symbols.size() > SettingsLoader.SYMBOLS_MAX) {
            forms.problem("KIS_WS_SYMBOLS has " + symbols.size() + " symbols, and KIS accepts "
                    + SettingsLoader.SYMBOLS_MAX + " beside the execution notices.");
        }
        return symbols;
    }

    boolean isUsFeedPaid() {
        return forms.choice(Setting.KIS_US_FEED, List.of("free", "paid")).equals(Optional.of("paid"));
    }

    boolean marketStatus(KisEnvironment environment) {
        if (environment != KisEnvironment.MOCK) {
            return forms.flag(Setting.KIS_WS_MARKET_STATUS);
        }
        if (forms.explicitFlag(Setting.KIS_WS_MARKET_STATUS).orElse(false)) {
            warnings.add("KIS_WS_MARKET_STATUS has no effect on paper, where KIS does not push halts.");
        }
        return false;
    }

    /** {@code 08:30-16:30}. */
    Optional<Settings.Hours> koreanHours() {
        var text = forms.text(Setting.KIS_WS_KR_HOURS);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var match = HOURS.matcher(text.get());
        if (match.matches() && !match.group(1).equals(match.group(2))) {
            return Optional.of(new Settings.Hours(LocalTime.parse(match.group(1)), LocalTime.parse(match.group(2))));
        }
        forms.problem("KIS_WS_KR_HOURS must be two different times of the day in Seoul, as 08:30-16:30.");
        return Optional.empty();
    }

    Settings.Quotes quotes() {
        return new Settings.Quotes(
                forms.duration(Setting.QUOTE_STALE_AFTER),
                forms.duration(Setting.QUOTE_HEARTBEAT),
                forms.duration(Setting.QUOTE_COOLDOWN),
                forms.choice(Setting.QUOTE_WS_HOURS, List.of("regular", "all")).equals(Optional.of("all"))
                        ? Settings.WsHours.ALL
                        : Settings.WsHours.REGULAR,
                safeValue());
    }

    /** {@code none}, {@code last-close}, or prices as {@code 005930:70000,AAPL.NASD:187.5}. */
    private Settings.SafeValue safeValue() {
        var text = forms.keyword(Setting.QUOTE_SAFE_VALUE).orElse("none");
        if (text.equals("none")) {
            return new Settings.SafeValue.None();
        }
        if (text.equals("last-close")) {
            return new Settings.SafeValue.LastClose();
        }
        var units = new LinkedHashMap<MarketSymbol, Long>();
        for (var part : text.split(",")) {
            if (!addSafePrice(part.strip().toUpperCase(Locale.ROOT), units)) {
                forms.problem("QUOTE_SAFE_VALUE must be none, last-close, or prices in won and dollars as"
                        + " 005930:70000,AAPL.NASD:187.5.");
                return new Settings.SafeValue.None();
            }
        }
        return new Settings.SafeValue.Prices(units);
    }

    /** Adds {@code part}, if it is a symbol with a price of its currency. */
    private boolean addSafePrice(String part, Map<MarketSymbol, Long> units) {
        var pair = SAFE_PRICE.matcher(part);
        var symbol = pair.matches() ? symbolSettings.parse(pair.group(1)) : Optional.<MarketSymbol>empty();
        if (symbol.isEmpty()) {
            return false;
        }
        var price = new BigDecimal(pair.group(2));
        int decimals = symbol.get().market().currency().decimals();
        if (price.signum() == 0 || price.scale() > decimals) {
            return false;
        }
        units.put(symbol.get(), price.movePointRight(decimals).longValueExact());
        return true;
    }

    Settings.Cache cache() {
        return new Settings.Cache(
                redis(),
                ttl(Setting.KIS_CACHE_TTL_PRICE),
                ttl(Setting.KIS_CACHE_TTL_ORDERBOOK),
                ttl(Setting.KIS_CACHE_TTL_CHART),
                ttl(Setting.KIS_CACHE_TTL_STOCK_INFO));
    }

    private Optional<Secret> redis() {
        return forms.text(Setting.REDIS_URL).flatMap(text -> {
            try {
                var uri = URI.create(text);
                if (Set.of("redis", "rediss").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                    return Optional.of(Secret.of(text));
                }
            } catch (IllegalArgumentException e) {
                // Reported below, without the text: it may contain a password.
            }
            forms.problem("REDIS_URL must be an address as redis://host:6379 or rediss://user:password@host:6380/0.");
            return Optional.empty();
        });
    }

    /** Whole seconds, as in the old service. */
    private Optional<Duration> ttl(Setting name) {
        var seconds = forms.count(name, (int) CACHE_LIFE_MAX.toSeconds());
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsInt())) : Optional.empty();
    }

    /** @param simulated whether the broker is a simulator, which trades the shipped list */
    Settings.Instruments instruments(boolean simulated) {
        var url = forms.text(Setting.KIS_MASTER_URL);
        boolean off = url.isPresent() && url.get().equalsIgnoreCase("off");
        var base = off ? Optional.<URI>empty() : url.flatMap(SettingForms::folderAddress);
        if (!off && url.isPresent() && base.isEmpty()) {
            forms.problem(
                    "KIS_MASTER_URL must be off, or the address of a folder as https://host/common/master/ (http to this"
                            + " machine only).");
        }
        return new Settings.Instruments(
                base,
                !off && (base.isPresent() || !simulated),
                forms.timeOfDay(Setting.KIS_MASTER_REFRESH_AT, false).orElseThrow());
    }

    Settings.MarketWide marketWide() {
        return new Settings.MarketWide(
                forms.duration(Setting.KIS_CACHE_TTL_RANKING),
                forms.duration(Setting.KIS_CACHE_TTL_INDEX),
                forms.duration(Setting.KIS_CACHE_TTL_INVESTORS),
                forms.duration(Setting.KIS_CACHE_TTL_NAV));
    }

    Settings.History history() {
        return new Settings.History(
                forms.secret(Setting.KRX_AUTH_KEY, 8, 256).map(Secret::of),
                forms.folderAddress(Setting.KRX_API_BASE_URL, "https://host/svc/apis/"),
                forms.count(Setting.KRX_CALLS_PER_DAY, 1_000_000),
                historyFolder(),
                forms.days(Setting.GATEWAY_KEEP_TICKS),
                forms.days(Setting.GATEWAY_KEEP_MINUTES));
    }

    private Optional<Path> historyFolder() {
        return forms.text(Setting.HISTORY_URL).flatMap(text -> {
            Optional<Path> folder = absolutePath(text);
            if (folder.isEmpty()) {
                forms.problem(
                        "HISTORY_URL must be an absolute folder that the gateways share, as file:///mnt/kis or /mnt/kis;"
                                + " object storage as S3 has neither locks nor renames.");
            }
            return folder;
        });
    }

    private static Optional<Path> absolutePath(String text) {
        try {
            return Optional.of(text.startsWith("file:") ? Path.of(URI.create(text)) : Path.of(text))
                    .filter(Path::isAbsolute)
                    .map(Path::normalize);
        } catch (IllegalArgumentException | FileSystemNotFoundException _) {
            return Optional.empty();
        }
    }
}
