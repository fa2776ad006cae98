package kr.kisgateway.gateway.doctor;

import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.account.AccountProduct;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.session.SessionRoutes;
import kr.kisgateway.gateway.settings.BrokerDefaults;
import kr.kisgateway.gateway.settings.DoctorSettings;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/** What the settings and the calendar show, without a file and without a network. */
public final class SetupChecks {
    /** Registrations of one session: the symbols and the execution notices. */
    static final int REGISTRATIONS_MAX = SettingsLoader.SYMBOLS_MAX + 1;

    /** Length of app keys and secrets as KIS issues them [assumed]. */
    private static final int KEY_LENGTH = 36;

    private static final int SECRET_LENGTH = 180;
    private static final List<RiskLimit> NEEDED =
            List.of(RiskLimit.MAX_QTY, RiskLimit.MAX_NOTIONAL, RiskLimit.DAILY_ORDERS);
    private static final List<RiskLimit> ADVISED =
            List.of(RiskLimit.COLLAR_PCT, RiskLimit.ORDERS_PER_SECOND, RiskLimit.DAILY_LOSS);

    private final DoctorSettings doctor;
    private final Settings settings;
    private final BrokerDefaults defaults;
    private final Instant now;

    /** @param defaults KIS's own addresses */
    public SetupChecks(DoctorSettings doctor, BrokerDefaults defaults, Instant now) {
        this.doctor = doctor;
        this.settings = doctor.settings();
        this.defaults = defaults;
        this.now = now;
    }

    /** Whether a gateway starts with these settings. */
    public Finding settings() {
        String environment = settings.environment().wireName();
        if (!doctor.problems().isEmpty()) {
            String all = String.join(" ", doctor.problems());
            return Finding.fail(
                    DoctorItem.SETTINGS,
                    all,
                    "설정에 문제가 " + doctor.problems().size() + "건 있습니다: " + all,
                    "correct them; ./kis config shows every setting and where it comes from",
                    "수정하세요. ./kis config 가 모든 설정과 출처를 보여 줍니다");
        }
        if (!settings.warnings().isEmpty()) {
            String all = String.join(" ", settings.warnings());
            return Finding.warning(
                    DoctorItem.SETTINGS,
                    environment + "; " + all,
                    environment + ". 확인할 설정이 있습니다: " + all,
                    "check them; ./kis config shows every setting and where it comes from",
                    "확인하세요. ./kis config 가 모든 설정과 출처를 보여 줍니다");
        }
        return Finding.ok(
                DoctorItem.SETTINGS, "valid, environment " + environment, "올바릅니다. 환경은 " + environment + " 입니다");
    }

    /** Whether app keys and addresses belong to the environment, as far as that is visible without a call. */
    public Finding keys() {
        if (settings.environment() == KisEnvironment.SIM) {
            return notApplicable(DoctorItem.KEYS);
        }
        boolean live = settings.environment() == KisEnvironment.LIVE;
        if (settings.kis().appKey().isEmpty() || settings.kis().appSecret().isEmpty()) {
            String names = live ? "KIS_APP_KEY, KIS_APP_SECRET" : "KIS_MOCK_APP_KEY, KIS_MOCK_APP_SECRET";
            return Finding.fail(
                    DoctorItem.KEYS,
                    "no complete app key: " + names + " are needed",
                    "앱키가 없거나 불완전합니다: " + names + " 이 필요합니다",
                    "./kis secrets set stores them encrypted; KIS issues them in its developer portal",
                    "./kis secrets set 으로 암호화해 저장하세요. KIS Developers 에서 발급합니다");
        }
        return contradiction(live).or(() -> oddity(live)).orElseGet(() -> {
            int keys = 1 + settings.kis().furtherKeys().size();
            return Finding.ok(
                    DoctorItem.KEYS,
                    keys + " app key" + (keys == 1 ? "" : "s") + " for "
                            + settings.environment().wireName()
                            + "; whether KIS accepts it only a call shows: ./kis doctor --live",
                    settings.environment().wireName() + " 앱키 " + keys + "개. KIS가 받아들이는지는 호출해야 알 수 있습니다: ./kis doctor"
                            + " --live");
        });
    }

    private Optional<Finding> contradiction(boolean live) {
        if (doctor.credentials().sameKey()) {
            return Optional.of(keysFail(
                    "KIS_APP_KEY and KIS_MOCK_APP_KEY are the same key",
                    "KIS_APP_KEY 와 KIS_MOCK_APP_KEY 가 같은 키입니다",
                    "KIS issues one key for live and another for paper trading: set each where it belongs",
                    "KIS는 실전투자와 모의투자 앱키를 따로 발급합니다. 각각 맞는 설정에 넣으세요"));
        }
        var foreign = foreignHosts(live);
        if (!foreign.isEmpty()) {
            String hosts = String.join(", ", foreign);
            String other = live ? "paper trading" : "live";
            return Optional.of(keysFail(
                    "the environment is " + settings.environment().wireName() + ", and " + hosts
                            + " is KIS's address of " + other,
                    "환경은 " + settings.environment().wireName() + " 인데 " + hosts + " 는 " + (live ? "모의투자" : "실전투자")
                            + " 주소입니다",
                    "remove the address settings (KIS_API_BASE_URL_…, KIS_WS_URL_…), or correct KIS_ENV",
                    "주소 설정(KIS_API_BASE_URL_…, KIS_WS_URL_…)을 지우거나 KIS_ENV 를 고치세요"));
        }
        return Optional.empty();
    }

    /** Configured addresses that are KIS's of the other environment: the host of REST, host and port of the WebSocket. */
    private List<String> foreignHosts(boolean live) {
        URI otherRest = live ? defaults.paperRest() : defaults.liveRest();
        URI otherWs = live ? defaults.paperWs() : defaults.liveWs();
        return Stream.of(
                        settings.kis().restBase().map(URI::getAuthority).filter(otherRest.getAuthority()::equals),
                        settings.kis().wsBase().map(URI::getAuthority).filter(otherWs.getAuthority()::equals))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Finding> oddity(boolean live) {
        var credentials = doctor.credentials();
        if (credentials.sameAccount()) {
            return Optional.of(keysWarning(
                    "live and paper trading have the same account number",
                    "실전투자와 모의투자의 계좌번호가 같습니다",
                    "KIS issues an account of its own for paper trading: check KIS_MOCK_CANO and KIS_ACCOUNT_NO",
                    "모의투자 계좌번호는 따로 발급됩니다. KIS_MOCK_CANO 와 KIS_ACCOUNT_NO 를 확인하세요"));
        }
        if (!live && credentials.ownPaperKey() != credentials.ownPaperAccount()) {
            return Optional.of(keysWarning(
                    credentials.ownPaperKey()
                            ? "the app key is paper's own (KIS_MOCK_APP_KEY), and the account is not (KIS_MOCK_CANO is not set)"
                            : "the account is paper's own (KIS_MOCK_CANO), and the app key is not (KIS_MOCK_APP_KEY is not set)",
                    credentials.ownPaperKey()
                            ? "앱키는 모의투자용인데 계좌는 아닙니다(KIS_MOCK_CANO 없음)"
                            : "계좌는 모의투자용인데 앱키는 아닙니다(KIS_MOCK_APP_KEY 없음)",
                    "set both, or neither",
                    "둘 다 설정하거나 둘 다 비우세요"));
        }
        boolean usual =
                settings.kis().appKey().map(it -> length(it) == KEY_LENGTH).orElse(true)
                        && settings.kis()
                                .appSecret()
                                .map(it -> length(it) == SECRET_LENGTH)
                                .orElse(true);
        return usual
                ? Optional.empty()
                : Optional.of(keysWarning(
                        "the app key has "
                                + settings.kis()
                                        .appKey()
                                        .map(SetupChecks::length)
                                        .orElse(0) + " characters and the secret "
                                + settings.kis()
                                        .appSecret()
                                        .map(SetupChecks::length)
                                        .orElse(0)
                                + "; KIS's have " + KEY_LENGTH + " and " + SECRET_LENGTH + " [assumed]",
                        "앱키는 "
                                + settings.kis()
                                        .appKey()
                                        .map(SetupChecks::length)
                                        .orElse(0) + "자, 시크릿은 "
                                + settings.kis()
                                        .appSecret()
                                        .map(SetupChecks::length)
                                        .orElse(0)
                                + "자입니다. KIS는 " + KEY_LENGTH + "자와 " + SECRET_LENGTH + "자로 발급합니다[추정]",
                        "check that both were copied completely, without blanks",
                        "앞뒤 공백 없이 끝까지 복사했는지 확인하세요"));
    }

    private static int length(Secret secret) {
        return secret.reveal().length();
    }

    private static Finding keysFail(String measured, String measuredKo, String fix, String fixKo) {
        return Finding.fail(DoctorItem.KEYS, measured, measuredKo, fix, fixKo);
    }

    private static Finding keysWarning(String measured, String measuredKo, String fix, String fixKo) {
        return Finding.warning(DoctorItem.KEYS, measured, measuredKo, fix, fixKo);
    }

    /** Whether the gateway can trade the products of the accounts. */
    public Finding accounts() {
        var products = products();
        if (settings.environment() == KisEnvironment.SIM && products.isEmpty()) {
            return notApplicable(DoctorItem.ACCOUNTS);
        }
        if (products.isEmpty()) {
            return Finding.fail(
                    DoctorItem.ACCOUNTS,
                    "no account is set",
                    "계좌가 설정되지 않았습니다",
                    "set KIS_ACCOUNT_NO as 12345678-01, for paper KIS_MOCK_CANO",
                    "KIS_ACCOUNT_NO 를 12345678-01 형식으로, 모의투자는 KIS_MOCK_CANO 를 설정하세요");
        }
        String all = products.entrySet().stream()
                .map(account -> account.getKey() + " " + account.getValue() + name(account.getValue()))
                .collect(Collectors.joining(", "));
        var kinds = products.values().stream().map(AccountProduct::of).toList();
        if (kinds.stream()
                .flatMap(Optional::stream)
                .anyMatch(it -> it == AccountProduct.FUTURES || it == AccountProduct.OVERSEAS_FUTURES)) {
            return Finding.fail(
                    DoctorItem.ACCOUNTS,
                    all + ": the gateway trades no futures and options",
                    all + ": 선물옵션은 거래하지 않습니다",
                    "use the account that ends with 01, and an app key that KIS issued for it",
                    "01로 끝나는 계좌와 그 계좌로 발급한 앱키를 쓰세요");
        }
        return kinds.stream().allMatch(it -> it.equals(Optional.of(AccountProduct.BROKERAGE)))
                ? Finding.ok(DoctorItem.ACCOUNTS, all, all)
                : Finding.warning(
                        DoctorItem.ACCOUNTS,
                        all + ": 01 is the ordinary stock account; KIS refuses parts of its API for others",
                        all + ": 01은 위탁계좌입니다. 다른 상품은 KIS가 일부 API를 거절합니다",
                        "check the two digits after the hyphen in the HTS; dry_run an order before the first one",
                        "HTS에서 계좌번호 뒤 두 자리를 확인하고, 첫 주문 전에 dry_run 으로 점검하세요");
    }

    private Map<String, String> products() {
        var products = new LinkedHashMap<String, String>();
        settings.kis().account().ifPresent(it -> products.put(Accounts.FIRST_ALIAS, it.productCode()));
        settings.kis()
                .furtherAccounts()
                .forEach(further -> further.number().ifPresent(it -> products.put(further.alias(), it.productCode())));
        return products;
    }

    private static String name(String product) {
        return AccountProduct.of(product)
                .map(it -> " (" + it.koreanName() + ")")
                .orElse(" (?)");
    }

    /** Whether KIS can push execution notices. */
    public Finding htsId() {
        if (settings.environment() == KisEnvironment.SIM) {
            return notApplicable(DoctorItem.HTS_ID);
        }
        return settings.kis().htsId().isPresent()
                ? Finding.ok(DoctorItem.HTS_ID, "set: execution notices are pushed", "설정되어 있어 체결통보를 실시간으로 받습니다")
                : Finding.warning(
                        DoctorItem.HTS_ID,
                        "not set: KIS's list of orders is requested every "
                                + settings.orders().reconcileEvery().toMillis() / 1000.0
                                + " s while one is open, and fills arrive that late",
                        "설정되지 않아 미체결 주문이 있는 동안 "
                                + settings.orders().reconcileEvery().toMillis() / 1000.0
                                + "초마다 주문 내역을 조회하며, 체결이 그만큼 늦게 보입니다",
                        "add to .env: " + SessionRoutes.NOTICES_LINE,
                        ".env 에 추가하세요: " + SessionRoutes.NOTICES_LINE);
    }

    /** The gateway's layer of limits, as a first start has it. */
    public Finding limits() {
        var layer = settings.risk().layers().gateway();
        var missing = NEEDED.stream().filter(it -> layer.get(it).isEmpty()).toList();
        String all = Stream.concat(NEEDED.stream(), ADVISED.stream())
                .map(it -> it.jsonName() + " "
                        + (layer.get(it).isPresent()
                                ? it.figure(layer.get(it).getAsLong()).toPlainString()
                                : "none"))
                .collect(Collectors.joining(", "));
        String measured = all + "; limits set by calls are in the journal: ./kis limits";
        String measuredKo = all + ". 호출로 바꾼 한도는 저널에 있습니다: ./kis limits";
        boolean real = settings.environment() == KisEnvironment.LIVE;
        if (!missing.isEmpty()) {
            String names = names(missing);
            String fix = "set " + names + "; without them a mistake has no bound";
            String fixKo = names + " 를 설정하세요. 없으면 실수에 한도가 없습니다";
            return real
                    ? Finding.fail(DoctorItem.LIMITS, measured, measuredKo, fix, fixKo)
                    : Finding.warning(DoctorItem.LIMITS, measured, measuredKo, fix, fixKo);
        }
        var advised = ADVISED.stream().filter(it -> layer.get(it).isEmpty()).toList();
        return real && !advised.isEmpty()
                ? Finding.warning(
                        DoctorItem.LIMITS,
                        measured,
                        measuredKo,
                        "consider " + names(advised),
                        names(advised) + " 도 설정하는 것이 좋습니다")
                : Finding.ok(DoctorItem.LIMITS, measured, measuredKo);
    }

    private static String names(List<RiskLimit> limits) {
        return limits.stream().map(it -> "RISK_" + it.name()).collect(Collectors.joining(", "));
    }

    /** Whether orders would reach the real market. */
    public Finding liveTrading() {
        var guards = settings.risk().guards();
        if (settings.environment() != KisEnvironment.LIVE) {
            return Finding.skipped(
                    DoctorItem.LIVE_TRADING,
                    "no real money in " + settings.environment().wireName(),
                    settings.environment().wireName() + " 에서는 실제 돈이 움직이지 않습니다");
        }
        if (!guards.missing().isEmpty()) {
            String names = String.join(", ", guards.missing());
            return Finding.warning(
                    DoctorItem.LIVE_TRADING,
                    "no order is sent: " + names + " not set",
                    names + " 가 설정되지 않아 주문을 보내지 않습니다",
                    "set them when real orders are meant; docs/RISK.md, then ./kis doctor --live-order SYMBOL",
                    "실주문을 하려면 설정하세요(docs/RISK.md). 그 뒤 ./kis doctor --live-order SYMBOL 로 점검합니다");
        }
        String accounts =
                String.join(", ", guards.liveAccounts().stream().sorted().toList());
        return guards.readOnly()
                ? Finding.ok(
                        DoctorItem.LIVE_TRADING, "none is placed: GATEWAY_READ_ONLY", "GATEWAY_READ_ONLY 라서 주문하지 않습니다")
                : Finding.ok(DoctorItem.LIVE_TRADING, "accounts " + accounts, "계좌 " + accounts);
    }

    /** Registrations that the settings alone need. */
    public Finding registrations() {
        int sessions = 1 + settings.kis().furtherKeys().size();
        int room = sessions * REGISTRATIONS_MAX;
        int notices = (int) trading().count();
        int symbols = settings.kis().symbols().size();
        int needed = symbols + notices;
        String measured = needed + " of " + room + " (KIS_WS_SYMBOLS " + symbols + ", execution notices " + notices
                + ", " + sessions + " app key" + (sessions == 1 ? "" : "s") + ")";
        String measuredKo = room + "개 중 " + needed + "개(KIS_WS_SYMBOLS " + symbols + ", 체결통보 " + notices + ", 앱키 "
                + sessions + "개)";
        if (needed < room) {
            return Finding.ok(DoctorItem.REGISTRATIONS, measured, measuredKo);
        }
        String fix =
                "shorten KIS_WS_SYMBOLS, or add an app key (kis.app-keys), which has " + REGISTRATIONS_MAX + " more";
        String fixKo = "KIS_WS_SYMBOLS 를 줄이거나 앱키를 추가하세요(kis.app-keys, 앱키마다 " + REGISTRATIONS_MAX + "개)";
        return needed > room
                ? Finding.fail(DoctorItem.REGISTRATIONS, measured, measuredKo, fix, fixKo)
                : Finding.warning(
                        DoctorItem.REGISTRATIONS,
                        measured + ": none is left, so every symbol of a client is polled",
                        measuredKo + ": 남은 자리가 없어 프로그램이 요청하는 종목은 모두 조회로 받습니다",
                        fix,
                        fixKo);
    }

    /** App keys that trade, and whose owners' notices are registered. */
    private Stream<String> trading() {
        boolean pushed = settings.environment() == KisEnvironment.SIM
                || settings.kis().htsId().isPresent();
        var further = settings.kis().furtherAccounts().stream()
                .map(Settings.FurtherAccount::appKey)
                .collect(Collectors.toSet());
        return pushed ? Stream.concat(Stream.of("K1"), further.stream()).distinct() : Stream.empty();
    }

    /** Whether today is a trading day, and what is open now. */
    public Finding tradingDay() {
        if (settings.environment() == KisEnvironment.SIM
                && settings.simulator().fastTime().isPresent()) {
            return Finding.skipped(
                    DoctorItem.TRADING_DAY,
                    "the simulated market has a day of its own (SIMULATOR_CLOCK)",
                    "시뮬레이터 시장은 별도의 날짜로 진행됩니다(SIMULATOR_CLOCK)");
        }
        if (settings.environment() == KisEnvironment.SIM && settings.simulator().clock() != Settings.Clock.REAL) {
            return Finding.skipped(
                    DoctorItem.TRADING_DAY,
                    "the simulated market is always open (SIMULATOR_CLOCK)",
                    "시뮬레이터 시장은 항상 열려 있습니다(SIMULATOR_CLOCK)");
        }
        var calendar = new KrxCalendar();
        LocalDate today = LocalDate.ofInstant(now, TradingCalendar.SEOUL);
        var nxt = VenueHours.of(calendar).bookPhase(Venue.NXT, now).phase();
        boolean trades = calendar.isTradingDay(today);
        String holiday = calendar.holidayName(today).map(it -> " (" + it + ")").orElse("");
        String next = calendar.tradingDayAfter(today, 1).toString();
        LocalDate newYork = LocalDate.ofInstant(now, UsHours.NEW_YORK);
        boolean usTrades = NyseDays.load().isTradingDay(newYork);
        String measured = today + ": KRX "
                + (trades ? "trading day, " + calendar.session(now).name() : "closed" + holiday)
                + ", NXT " + nxt.name() + ", next trading day " + next + "; New York " + newYork + " "
                + (usTrades ? "trading day" : "closed");
        String measuredKo =
                today + ": KRX " + (trades ? "거래일, " + calendar.session(now).name() : "휴장" + holiday) + ", NXT "
                        + nxt.name() + ", 다음 거래일 " + next + ". 뉴욕 " + newYork + " " + (usTrades ? "거래일" : "휴장");
        return calendar.coverageWarning(today)
                .map(warning -> Finding.warning(
                        DoctorItem.TRADING_DAY,
                        measured + ". " + warning,
                        measuredKo + ". 휴장일 목록은 " + calendar.lastCoveredDay() + " 까지입니다",
                        "install a newer release",
                        "새 버전을 설치하세요"))
                .orElseGet(() -> Finding.ok(DoctorItem.TRADING_DAY, measured, measuredKo));
    }

    private Finding notApplicable(DoctorItem item) {
        return notApplicable(item, doctor.environment());
    }

    /** Why an item about KIS is not checked: in sim, or where the settings select no environment. */
    public static Finding notApplicable(DoctorItem item, Optional<KisEnvironment> environment) {
        return environment.isPresent()
                ? Finding.skipped(
                        item, "sim: the simulator on this machine takes KIS's place", "sim: 이 컴퓨터의 시뮬레이터가 KIS를 대신합니다")
                : Finding.skipped(
                        item, "the settings select no environment; see the first line", "설정에서 환경을 정할 수 없습니다. 첫 줄을 보세요");
    }
}
