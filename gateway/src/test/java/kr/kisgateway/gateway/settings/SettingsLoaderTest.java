package kr.kisgateway.gateway.settings;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.gateway.risk.RiskGuard;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.gateway.settings.SettingsResult.Loaded;
import kr.kisgateway.gateway.settings.SettingsResult.Problems;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("G-05")
class SettingsLoaderTest {
    private static final List<String> NONSENSE = List.of(
            "off",
            "-1",
            "1.5",
            "99999999999999999999",
            "nonsense",
            "a=b;c,d",
            "{}",
            "http://",
            "://",
            "\u0000",
            "x".repeat(5_000));

    private static final String KEY = "PSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKE";
    private static final String SECRET = "secret-value-that-nobody-may-ever-see";

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-05", clause = "symbols")
    @Requirement(value = "G-07", clause = "default")
    @Requirement(value = "A-17", clause = "loopback")
    @Requirement(value = "G-05", clause = "port")
    void without_settings_the_simulator_runs_with_every_default() {
        var settings = loaded(Map.of());

        assertThat(settings.environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(settings.http().bind()).isEqualTo("127.0.0.1");
        assertThat(settings.http().port()).isEqualTo(8890);
        assertThat(settings.simulator().port()).isEqualTo(8892);
        assertThat(settings.simulator().url()).isEmpty();
        assertThat(settings.simulator().clock()).isEqualTo(Settings.Clock.OPEN);
        assertThat(settings.kis().symbols()).containsExactly(new Symbol("005930"));
        assertThat(settings.kis().callsPerSecond()).isEqualTo(18);
        assertThat(settings.orders().workerEnabled()).isTrue();
        assertThat(settings.orders().dispatchMarket()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.orders().dispatchLimit()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.risk().layers())
                .isEqualTo(RiskLayers.of(RiskLimits.none()
                        .with(RiskLimit.DAILY_ORDERS, 10_000)
                        .with(RiskLimit.MAX_QTY, 10_000)
                        .with(RiskLimit.MAX_NOTIONAL, 1_000_000_000)
                        .with(RiskGuard.CHECK_CASH, true)
                        .with(RiskGuard.REFUSE_MANAGED, true)));
        assertThat(settings.risk().guards()).isEqualTo(LiveGuards.unrestricted());
        assertThat(settings.journal()).isEqualTo(new Settings.Journal(256L << 20, OptionalInt.empty()));
        assertThat(settings.quotes().staleAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.quotes().heartbeat()).isEqualTo(Duration.ofSeconds(120));
        assertThat(settings.quotes().cooldown()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.quotes().wsHours()).isEqualTo(Settings.WsHours.REGULAR);
        assertThat(settings.dataDir()).isEqualTo(folder.resolve("data").resolve("sim"));
        assertThat(settings.configDir()).isEqualTo(folder.resolve("home/.config/kis-gateway"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    @Requirement(value = "G-05", clause = "port")
    @Requirement(value = "P-14", clause = "dot-env")
    void a_dotenv_file_is_read_as_the_sdk_reads_it() throws IOException {
        write(
                ".env",
                "\uFEFFKIS_WS_SYMBOLS=000660\r\nexport GATEWAY_PORT=\"9001\" # ours\r\nSIMULATOR_PORT = '9002'  # theirs\r\n"
                        + "SIMULATOR_SEED=\r\nKIS_API_RATE_LIMIT=5 # calls\r\n");
        var settings = loaded(Map.of());
        assertThat(settings.kis().symbols()).containsExactly(new Symbol("000660"));
        assertThat(settings.http().port()).isEqualTo(9001);
        assertThat(settings.simulator().port()).isEqualTo(9002);
        assertThat(settings.simulator().seed()).isEmpty();
        assertThat(settings.kis().callsPerSecond()).isEqualTo(5);
        assertThat(settings.warnings()).isEmpty();

        write(".env", "KIS_HTS_ID=\"never shown\nnonsense\n");
        assertThat(problems(Map.of()))
                .containsExactly(
                        ".env line 1 has a quote that is not closed, or text behind the closing one.",
                        ".env line 2 is not NAME=value.");
    }

    @Test
    void a_setting_in_a_place_the_gateway_ignores_is_warned_of() throws IOException {
        write(".env", "GATEWAY_CA=ca.pem\nKIS_TOKEN_DIR=tokens\n");
        assertThat(loaded(Map.of("GATEWAY_API_KEY", "key", "KIS_JDK_FOLDERS", "/opt"))
                        .warnings())
                .containsExactly("GATEWAY_CA in .env has no effect on the gateway: CLI read it from the environment.");
    }

    @Test
    void a_misspelt_setting_is_refused_with_the_probable_one() throws IOException {
        write(".env", "GATEWAY_PROT=1\nKIS_APPKEY=x\nKS_ENV=sim\nMY_OWN_THING=7\nGATEWAY_NOTHING_LIKE_IT_AT_ALL=1\n");
        write("gateway.yaml", "gateway:\n  prot: 7\n");
        assertThat(loaded(Map.of("GATEWAY_BNID", "127.0.0.1", "KS_ENV", "sim")).warnings())
                .containsExactlyInAnyOrder(
                        "There is no setting GATEWAY_PROT; did you mean GATEWAY_PORT? It is ignored.",
                        "There is no setting KIS_APPKEY; did you mean KIS_APP_KEY? It is ignored.",
                        "There is no setting KS_ENV; did you mean KIS_ENV? It is ignored.",
                        "There is no setting GATEWAY_NOTHING_LIKE_IT_AT_ALL; it is ignored.",
                        "gateway.yaml: There is no setting gateway.prot; did you mean GATEWAY_PORT? It is ignored.",
                        "There is no setting GATEWAY_BNID; did you mean GATEWAY_BIND? It is ignored.");
    }

    @Test
    @Requirement("P-06")
    void mock_prices_come_from_the_simulator_whatever_the_credentials() {
        var invented = loaded(Map.of("DATA_SOURCE_TYPE", "mock", "KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET));
        assertThat(invented.environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(invented.kis().restBase()).isEmpty();

        var paper = loaded(Map.of("DATA_SOURCE_TYPE", "mock", "KIS_MOCK", "true"));
        assertThat(paper.environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(paper.warnings()).singleElement().asString().contains("in place of KIS's paper trading");
    }

    @Test
    void effective_settings_are_reported_with_their_origin_and_without_secrets() throws IOException {
        write("gateway.yaml", "quote:\n  stale-after: 7s\nrisk:\n  strategies:\n    momentum:\n      max-qty: 5\n");
        write(".env", "KIS_APP_KEY=" + KEY + "\nKIS_ACCOUNT_NO=12345678-01\nQUOTE_COOLDOWN=4s\n");
        var report = SettingsLoader.report(
                List.of("--port=9001"),
                Map.of("KIS_ENV", "sim", "REDIS_URL", "redis://:" + SECRET + "@127.0.0.1", "QUOTE_COOLDOWN", "9s"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(report.rows()).hasSameSizeAs(Setting.values());
        assertThat(report.environment()).contains(KisEnvironment.SIM);
        assertThat(row(report, Setting.GATEWAY_PORT)).isEqualTo("9001 command line");
        assertThat(row(report, Setting.KIS_ENV)).isEqualTo("sim environment");
        assertThat(row(report, Setting.QUOTE_COOLDOWN)).isEqualTo("9s environment");
        assertThat(row(report, Setting.KIS_APP_KEY)).isEqualTo("*** .env");
        assertThat(row(report, Setting.KIS_ACCOUNT_NO)).isEqualTo("12*** .env");
        assertThat(row(report, Setting.REDIS_URL)).isEqualTo("*** environment");
        assertThat(row(report, Setting.QUOTE_STALE_AFTER)).isEqualTo("7s gateway.yaml");
        assertThat(row(report, Setting.RISK_MAX_QTY)).isEqualTo("10000 default");
        assertThat(row(report, Setting.SIMULATOR_SEED)).isEqualTo("- default");
        assertThat(report.further()).containsExactly("risk.strategies: momentum");
        assertThat(report.problems()).isEmpty();
        assertThat(report.toString()).doesNotContain(KEY, SECRET, "12345678");
    }

    @Test
    void an_environment_that_cannot_be_determined_is_reported_as_it_was_given() {
        assertThat(environment(Map.of())).isEqualTo("sim");
        assertThat(environment(Map.of("KIS_MOCK", "true", "GATEWAY_PORT", "x"))).isEqualTo("mock");
        assertThat(environment(Map.of("KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET)))
                .isEqualTo("-");
        assertThat(environment(Map.of("KIS_ENV", "paper"))).isEqualTo("paper");
    }

    private String environment(Map<String, String> variables) {
        var report = SettingsLoader.report(
                List.of(), variables, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return report.value(report.rows().get(Setting.KIS_ENV.ordinal()));
    }

    private static String row(ConfigReport report, Setting setting) {
        var row = report.rows().get(setting.ordinal());
        assertThat(row.setting()).isEqualTo(setting);
        return row.value().orElse("-") + " " + row.origin().label();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "5000, 5000", "3kB, 3072", "1 MB, 1048576", "2gb, 2147483648"})
    void a_size_is_bytes_or_has_a_unit(String text, long bytes) {
        assertThat(loaded(Map.of("JOURNAL_DISK_LOW", text)).journal().diskLow()).isEqualTo(bytes);
    }

    @Test
    void recordings_are_retained_for_days_or_forever() {
        assertThat(loaded(Map.of()).history().tickRetentionDays()).hasValue(30);
        assertThat(loaded(Map.of()).history().minuteRetentionDays()).isEmpty();
        var changed = loaded(Map.of("GATEWAY_KEEP_TICKS", "off", "GATEWAY_KEEP_MINUTES", "400d"))
                .history();
        assertThat(changed.tickRetentionDays()).isEmpty();
        assertThat(changed.minuteRetentionDays()).hasValue(400);
    }

    @ParameterizedTest
    @CsvSource({"/mnt/kis, /mnt/kis", "file:///mnt/kis, /mnt/kis", "file:/mnt/../srv/my%20data, /srv/my data"})
    void a_shared_history_is_an_absolute_folder(String text, Path expected) {
        assertThat(loaded(Map.of("HISTORY_URL", text)).history().sharedFolder()).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kis", "s3://bucket/kis", "file:kis", "file://host/kis", "https://host/kis"})
    void a_shared_history_elsewhere_is_refused(String text) {
        assertThat(problems(Map.of("HISTORY_URL", text)))
                .singleElement()
                .asString()
                .startsWith("HISTORY_URL must be an absolute folder");
    }

    @Test
    void a_journal_is_retained_forever_or_for_days() {
        assertThat(loaded(Map.of("JOURNAL_KEEP_DAYS", "0")).journal().retentionDays())
                .isEmpty();
        assertThat(loaded(Map.of("JOURNAL_KEEP_DAYS", "30")).journal().retentionDays())
                .hasValue(30);
    }

    @Test
    void the_folder_of_a_journal_is_found_despite_other_errors() throws IOException {
        write(".env", "GATEWAY_DATA_DIR=elsewhere\nKIS_ENV=live\nRISK_MAX_QTY=none\n");
        var journal = SettingsLoader.journal(List.of(), Map.of(), folder, folder.resolve("home"));
        assertThat(journal.problems()).isEmpty();
        assertThat(journal.dataRoot()).isEqualTo(folder.resolve("elsewhere"));
    }

    @Test
    void a_scenario_is_found_beside_the_settings_and_belongs_to_the_embedded_simulator() {
        assertThat(loaded(Map.of("SIMULATOR_SCENARIO", "bad-day.yaml"))
                        .simulator()
                        .scenario())
                .contains(folder.resolve("bad-day.yaml").toString());
        assertThat(loaded(Map.of("SIMULATOR_SCENARIO", "bad-day")).simulator().scenario())
                .as("a ready one")
                .contains("bad-day");
        assertThat(loaded(Map.of("SIMULATOR_SCENARIO", "a.yaml", "SIMULATOR_URL", "http://127.0.0.1:8892"))
                        .warnings())
                .anyMatch(warning -> warning.startsWith("SIMULATOR_SCENARIO has no effect"));
    }

    @Test
    void the_command_line_wins_over_environment_over_dotenv_over_yaml() throws IOException {
        write(
                "gateway.yaml",
                "gateway:\n  port: 1001\nsimulator:\n  port: 1002\nquote:\n  stale-after: 7s\n  cooldown: 9\n");
        write(".env", "# a comment\nexport SIMULATOR_PORT=2002 # free\nQUOTE_STALE_AFTER=\"8s\"\n");

        var settings = loaded(Map.of("QUOTE_STALE_AFTER", "2500ms", "GATEWAY_PORT", "3001"), "--gateway-port", "4001");

        assertThat(settings.http().port()).isEqualTo(4001);
        assertThat(settings.quotes().staleAfter()).isEqualTo(Duration.ofMillis(2500));
        assertThat(settings.simulator().port()).isEqualTo(2002);
        assertThat(settings.quotes().cooldown()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void a_short_name_on_the_command_line_is_a_gateway_setting() {
        assertThat(loaded(Map.of(), "--port=0", "--data-dir=elsewhere").http().port())
                .isZero();
        assertThat(loaded(Map.of(), "--data-dir=elsewhere").dataDir())
                .isEqualTo(folder.resolve("elsewhere").resolve("sim"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KIS_ENV=mock                                | KIS_ENV=mock needs KIS_MOCK_APP_KEY",
                "KIS_MOCK=true                               | KIS_ENV=mock needs KIS_MOCK_APP_KEY",
                "KIS_USE_VIRTUAL_SERVER=true                 | KIS_ENV=mock needs KIS_MOCK_APP_KEY",
                "KIS_ENV=mock,KIS_MOCK_CANO=123              | KIS_MOCK_CANO must be eight digits",
                "KIS_ENV=mock,KIS_MOCK_APP_KEY=PSKEYSKEYSKEY | belong together",
                "KIS_ENV=mock,KIS_API_BASE_URL_VIRTUAL=http://10.0.0.1:1 | KIS_API_BASE_URL_VIRTUAL must be",
                "KIS_ENV=mock,KIS_WS_URL_MOCK=http://10.0.0.1:1          | KIS_WS_URL_MOCK must be",
                "KIS_ENV=paper                               | KIS_ENV must be sim, mock or live; paper trading (모의투자) is mock.",
                "KIS_ENV=sim,KIS_MOCK=true                   | KIS_ENV=sim contradicts KIS_MOCK=true",
                "KIS_ENV=live,KIS_USE_VIRTUAL_SERVER=true    | KIS_ENV=live contradicts KIS_USE_VIRTUAL_SERVER=true",
                "KIS_ENV=mock,KIS_MOCK=false                 | KIS_ENV=mock contradicts KIS_MOCK=false",
                "KIS_MOCK=true,KIS_USE_VIRTUAL_SERVER=false  | contradict each other",
                "KIS_APP_KEY=PSKEYSKEYSKEY                   | set KIS_ENV=sim",
                "KIS_APP_KEY=PSKEYSKEYSKEY,KIS_MOCK=false    | set KIS_ENV=sim",
                "KIS_ACCOUNT_NO=12345678-01                  | set KIS_ENV=sim",
                "GATEWAY_BIND={}                             | GATEWAY_BIND must be an address",
                "GATEWAY_BIND=0.0.0.0                        | without TLS",
                "GATEWAY_BIND=192.168.0.5                    | without TLS",
                "GATEWAY_BIND=10.0.0.1,GATEWAY_PLAIN_HTTP=true,GATEWAY_AUTH=off | GATEWAY_AUTH=off is refused",
                "KIS_ENV=live,GATEWAY_AUTH=off               | GATEWAY_AUTH=off is refused",
                "KIS_ENV=live                                | KIS_APP_KEY, KIS_APP_SECRET, KIS_ACCOUNT_NO",
                "QUOTE_SAFE_VALUE=yesterday                  | QUOTE_SAFE_VALUE must be",
                "QUOTE_SAFE_VALUE=005930:0                   | QUOTE_SAFE_VALUE must be",
                "QUOTE_SAFE_VALUE=005930:70000.5             | QUOTE_SAFE_VALUE must be",
                "QUOTE_SAFE_VALUE=AAPL.NASD:0.00             | QUOTE_SAFE_VALUE must be",
                "REDIS_URL=http://127.0.0.1:6379             | REDIS_URL must be",
                "KIS_CACHE_TTL_PRICE=0                       | KIS_CACHE_TTL_PRICE must be",
                "KIS_CACHE_TTL_ORDERBOOK=soon                | KIS_CACHE_TTL_ORDERBOOK must be",
                "KIS_CACHE_TTL_CHART=86401                   | KIS_CACHE_TTL_CHART must be",
                "KIS_CACHE_TTL_STOCK_INFO=-1                 | KIS_CACHE_TTL_STOCK_INFO must be",
                "GATEWAY_WARM_AT=8:30                        | GATEWAY_WARM_AT must be",
                "GATEWAY_WARM_AT=morning                     | GATEWAY_WARM_AT must be",
                "GATEWAY_WARM_SYMBOLS=5930                   | did you mean 005930?",
                "GATEWAY_WARM_TOP=0                          | GATEWAY_WARM_TOP must be",
                "GATEWAY_WARM_TOP=4001                       | GATEWAY_WARM_TOP must be",
                "GATEWAY_WARM_TYPES=price;news               | GATEWAY_WARM_TYPES",
                "GATEWAY_TLS_CERT=c.pem                      | belong together",
                "GATEWAY_TLS_KEY=k.pem                       | belong together",
                "GATEWAY_PLAIN_HTTP=maybe,GATEWAY_BIND=0.0.0.0 | GATEWAY_PLAIN_HTTP must be true or false",
                "GATEWAY_KEY_RATE=0                          | GATEWAY_KEY_RATE must be",
                "GATEWAY_ADDRESS_CONNECTIONS=1501            | GATEWAY_ADDRESS_CONNECTIONS must be",
                "GATEWAY_AUTH=maybe                          | GATEWAY_AUTH must be",
                "GATEWAY_READ_ONLY=maybe                     | GATEWAY_READ_ONLY must be true or false",
                "KIS_LIVE_TRADING=maybe                      | KIS_LIVE_TRADING must be true or false",
                "KIS_LIVE_ACCOUNTS=12345678-01               | account number that is not configured",
                "KIS_LIVE_ACCOUNTS=A1;A2                     | KIS_LIVE_ACCOUNTS must be aliases",
                "RISK_COLLAR_PCT=2.505                       | RISK_COLLAR_PCT must be a percentage",
                "RISK_MAX_POSITION=1.5                       | RISK_MAX_POSITION must be a whole number",
                "RISK_CHECK_CASH=perhaps                     | RISK_CHECK_CASH must be true or false",
                "RISK_DENY=5930                              | did you mean 005930?",
                "DATA_SOURCE_TYPE=krx                        | no prices of the running day",
                "GATEWAY_KEEP_TICKS=0                        | GATEWAY_KEEP_TICKS must be off",
                "GATEWAY_KEEP_MINUTES=1y                     | GATEWAY_KEEP_MINUTES must be off",
                "KRX_API_BASE_URL=http://example.com/        | KRX_API_BASE_URL must be",
                "KRX_CALLS_PER_DAY=0                         | KRX_CALLS_PER_DAY must be",
                "DATA_SOURCE_TYPE=csv                        | DATA_SOURCE_TYPE must be",
                "DATA_SOURCE_TYPE=kis                        | DATA_SOURCE_TYPE=kis needs KIS",
                "KIS_ENV=live,DATA_SOURCE_TYPE=mock          | DATA_SOURCE_TYPE=mock contradicts KIS_ENV=live",
                "KIS_HTTP_PROFILE=fast                       | KIS_HTTP_PROFILE must be standard or pipeline",
                "TOKEN_ROTATION=5h                           | TOKEN_ROTATION must be expiry",
                "TOKEN_ROTATION=never                        | TOKEN_ROTATION must be expiry",
                "KIS_API_QUEUE_TIMEOUT=0                     | KIS_API_QUEUE_TIMEOUT must be a time",
                "GATEWAY_PORT=70000                          | GATEWAY_PORT must be a port",
                "KIS_FACE_PORT=off                           | KIS_FACE_PORT must be a port",
                "GATEWAY_PORT=9000,SIMULATOR_PORT=9000       | both 9000",
                "SIMULATOR_URL=ftp://x                       | SIMULATOR_URL must be",
                "SIMULATOR_URL=http://10.0.0.7:8892          | SIMULATOR_URL must be",
                "SIMULATOR_SEED=abc                          | SIMULATOR_SEED must be",
                "SIMULATOR_CLOCK=fast                        | SIMULATOR_CLOCK must be",
                "SIMULATOR_CLOCK=x61@2026-11-20T08:55        | SIMULATOR_CLOCK runs 1 to 60 times",
                "SIMULATOR_CLOCK=x10                         | SIMULATOR_CLOCK is open, open-fixed or real, or a speed and",
                "SIMULATOR_CLOCK=x10@noon                    | SIMULATOR_CLOCK starts at a Korean time",
                "SIMULATOR_CLOCK=x10@1999-01-04T08:55        | SIMULATOR_CLOCK starts on a day of the holiday calendar",
                "SIMULATOR_CLOCK=x2@2026-11-20T08:55,SIMULATOR_URL=http://127.0.0.1:8892 | needs the same real time after a slash",
                "SIMULATOR_CLOCK=x2@2026-11-20T08:55/today    | SIMULATOR_CLOCK has a real time such as",
                "SIMULATOR_RATE_LIMIT=0                      | SIMULATOR_RATE_LIMIT must be",
                "KIS_API_RATE_LIMIT=-1                       | KIS_API_RATE_LIMIT must be",
                "KIS_WS_SYMBOLS=00593                        | not a six-character code",
                "ORDER_WORKER_ENABLED=perhaps                | ORDER_WORKER_ENABLED must be true or false",
                "ORDER_COMMISSION=KRX:1.5                    | ORDER_COMMISSION must be a percentage below 1",
                "ORDER_COMMISSION=SOR:0.1                    | ORDER_COMMISSION must be a percentage below 1",
                "JOURNAL_DISK_LOW=much                       | JOURNAL_DISK_LOW must be",
                "JOURNAL_DISK_LOW=99999999999999GB           | JOURNAL_DISK_LOW must be",
                "JOURNAL_KEEP_DAYS=29                        | JOURNAL_KEEP_DAYS must be",
                "JOURNAL_KEEP_DAYS=ever                      | JOURNAL_KEEP_DAYS must be",
                "LOG_FORMAT=xml                              | LOG_FORMAT must be text or json",
                "LOG_FILE_SIZE=1kB                           | LOG_FILE_SIZE must be",
                "LOG_FILE_SIZE=150MB                         | LOG_TOTAL_SIZE must be at least twice",
                "LOG_KEEP_DAYS=0                             | LOG_KEEP_DAYS must be",
                "TRACING_ENDPOINT=127.0.0.1:4318             | TRACING_ENDPOINT must be",
                "TRACING_ENDPOINT=grpc://127.0.0.1:4317      | TRACING_ENDPOINT must be",
                "TRACING_ENDPOINT=https://u:p@example.com    | TRACING_ENDPOINT must be",
                "TRACING_ENDPOINT=https://example.com?key=1  | TRACING_ENDPOINT must be",
                "TRACING_SAMPLE=2                            | TRACING_SAMPLE must be",
                "TRACING_SAMPLE=-0.1                         | TRACING_SAMPLE must be",
                "TRACING_HEADERS=Authorization               | TRACING_HEADERS must be",
                "TRACING_HEADERS=a b=c                       | TRACING_HEADERS must be",
                "TRACING_ENDPOINT=http://10.0.0.7:4318,TRACING_HEADERS=k=v | would be sent in the clear",
                "KIS_TRACE_HEADER=maybe                      | KIS_TRACE_HEADER must be true or false",
                "RISK_MAX_QTY=0                              | RISK_MAX_QTY must be",
                "QUOTE_STALE_AFTER=soon                      | QUOTE_STALE_AFTER must be a time",
                "QUOTE_STALE_AFTER=0                         | QUOTE_STALE_AFTER must be a time",
                "QUOTE_WS_HOURS=never                        | QUOTE_WS_HOURS must be",
                "KIS_ENV=sim,KIS_CANO=1234                   | KIS_CANO must be eight digits",
                "KIS_ENV=sim,KIS_ACCOUNT_NO=1                | KIS_ACCOUNT_NO must be",
                "KIS_ENV=sim,KIS_APP_KEY=short               | KIS_APP_KEY must have",
            })
    void an_invalid_setting_stops_the_start_with_one_sentence(String settingsText, String sentence) {
        var problems = problems(environment(settingsText));

        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem).contains(sentence).endsWith("."));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void nonsense_in_any_setting_is_an_answer_of_sentences_or_is_accepted(Setting setting) {
        for (var environment : List.of("sim", "mock", "live")) {
            for (var nonsense : NONSENSE) {
                var variables = new HashMap<>(Map.of("KIS_ENV", environment));
                variables.put(setting.name(), nonsense);
                var result = load(variables);

                assertThat(result instanceof Problems found ? found.sentences() : List.of("accepted."))
                        .as(setting + "=" + nonsense)
                        .isNotEmpty()
                        .allSatisfy(sentence -> assertThat(sentence).endsWith("."));
            }
        }
    }

    @Test
    void a_fast_clock_has_the_hours_of_the_exchange() {
        var fast = loaded(Map.of("SIMULATOR_CLOCK", "x60@2026-11-17T08:30")).simulator();

        assertThat(fast.fastTime()).contains(new FastTime(60, LocalDateTime.of(2026, 11, 17, 8, 30), Optional.empty()));
        assertThat(fast.clock()).isEqualTo(Settings.Clock.REAL);
        assertThat(loaded(Map.of("SIMULATOR_CLOCK", "real")).simulator().fastTime())
                .isEmpty();
    }

    @Test
    void gateways_that_share_a_database_have_no_fast_clock() {
        assertThat(problems(Map.of(
                        "SIMULATOR_CLOCK", "x60@2026-11-17T08:30",
                        "DATABASE_URL", "postgresql://gateway:secret@127.0.0.1:5432/gateway")))
                .anySatisfy(problem -> assertThat(problem).contains("cannot be set beside DATABASE_URL"));
    }

    @Test
    void logs_and_traces_are_set_by_name() {
        var usual = loaded(Map.of());
        assertThat(usual.logs()).isEqualTo(new Settings.Logs(false, 20L << 20, 14, 200L << 20));
        assertThat(usual.tracing()).isEqualTo(new Settings.Tracing(Optional.empty(), 1, Map.of(), true));

        var set = loaded(Map.of(
                "LOG_FORMAT", "JSON",
                "LOG_FILE_SIZE", "5MB",
                "LOG_KEEP_DAYS", "3",
                "LOG_TOTAL_SIZE", "10MB",
                "TRACING_ENDPOINT", "https://collector.example.com/",
                "TRACING_SAMPLE", "0.25",
                "TRACING_HEADERS", "Authorization=Bearer planted-key==, X-Tenant=7",
                "KIS_TRACE_HEADER", "false"));
        assertThat(set.logs()).isEqualTo(new Settings.Logs(true, 5L << 20, 3, 10L << 20));
        assertThat(set.tracing().endpoint())
                .hasValueSatisfying(it -> assertThat(it).hasToString("https://collector.example.com/v1/traces"));
        assertThat(set.tracing().share()).isEqualTo(0.25);
        assertThat(set.tracing().kisHeader()).isFalse();
        assertThat(set.tracing().headers()).containsOnlyKeys("authorization", "x-tenant");
        assertThat(set.tracing().headers().get("authorization").reveal()).isEqualTo("Bearer planted-key==");
        assertThat(set.toString()).doesNotContain("planted-key");
        assertThat(loaded(Map.of("TRACING_ENDPOINT", "http://10.0.0.7:4318/otlp"))
                        .tracing()
                        .endpoint())
                .as("a path of its own is kept")
                .hasValueSatisfying(it -> assertThat(it).hasToString("http://10.0.0.7:4318/otlp"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GATEWAY_PORT=1                                     | false",
                "GATEWAY_AUTH=off                                   | false",
                "GATEWAY_AUTH=required                              | true",
                "GATEWAY_BIND=10.0.0.1,GATEWAY_PLAIN_HTTP=true      | true",
                "GATEWAY_BIND=0.0.0.0,GATEWAY_TLS_CERT=c,GATEWAY_TLS_KEY=k | true",
            })
    @Requirement("A-15")
    @Requirement(value = "A-17", clause = "loopback")
    void keys_are_required_on_reachable_addresses_or_when_configured(String settingsText, boolean required) {
        assertThat(loaded(environment(settingsText)).access().keysRequired()).isEqualTo(required);
    }

    @Test
    @Requirement("P-07")
    void price_caching_and_safe_values_are_set_by_name() {
        var set = loaded(Map.of(
                "KIS_CACHE_TTL_PRICE", "7",
                "REDIS_URL", "redis://user:planted-password@127.0.0.1:6379/2",
                "QUOTE_SAFE_VALUE", "005930:70000, 000660:150000, BRK-B.NYSE:480.25"));
        assertThat(set.cache().priceLifetime()).isEqualTo(Duration.ofSeconds(7));
        assertThat(set.cache().price()).contains(Duration.ofSeconds(7));
        assertThat(set.cache().redis().orElseThrow().reveal()).endsWith("/2");
        assertThat(set.toString()).doesNotContain("planted-password");
        assertThat(set.quotes().safeValue())
                .isEqualTo(new Settings.SafeValue.Prices(Map.of(
                        new Symbol("005930"),
                        70_000L,
                        new Symbol("000660"),
                        150_000L,
                        UsSymbol.parse("BRK-B.NYSE").orElseThrow(),
                        4_802_500L)));
        assertThat(loaded(Map.of("QUOTE_SAFE_VALUE", "last-close")).quotes().safeValue())
                .isEqualTo(new Settings.SafeValue.LastClose());
        assertThat(loaded(Map.of()).cache().priceLifetime()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @Requirement(value = "P-11", clause = "turnover")
    void warmup_data_and_times_are_set_by_name() {
        var usual = loaded(Map.of()).warmup();
        assertThat(usual.at()).as("in sim no warm-up starts by itself").isEmpty();
        assertThat(usual.top()).isEqualTo(100);
        assertThat(usual.types()).containsExactly(WarmupType.PRICE, WarmupType.CHART, WarmupType.INFO);
        assertThat(loaded(Map.of(
                                "KIS_ENV",
                                "mock",
                                "KIS_APP_KEY",
                                KEY,
                                "KIS_APP_SECRET",
                                SECRET,
                                "KIS_ACCOUNT_NO",
                                "12345678-01"))
                        .warmup()
                        .at())
                .contains(LocalTime.of(8, 30));

        var set = loaded(Map.of(
                        "GATEWAY_WARM_AT", "07:05",
                        "GATEWAY_WARM_SYMBOLS", "005930, AAPL.NASD,005930",
                        "GATEWAY_WARM_TOP", "30",
                        "GATEWAY_WARM_TYPES", "chart, Price"))
                .warmup();
        assertThat(set.at()).contains(LocalTime.of(7, 5));
        assertThat(set.symbols()).containsExactly(new Symbol("005930"), new UsSymbol(UsExchange.NASD, "AAPL"));
        assertThat(set.top()).isEqualTo(30);
        assertThat(set.types()).containsExactly(WarmupType.PRICE, WarmupType.CHART);
        assertThat(loaded(Map.of("GATEWAY_WARM_AT", "off")).warmup().at()).isEmpty();
    }

    @Test
    @Requirement(value = "G-05", clause = "credentials")
    @Requirement(value = "A-15", clause = "live")
    @Requirement(value = "G-05", clause = "env")
    void live_uses_the_real_addresses_and_requires_a_key() {
        var live = loaded(Map.of(
                "KIS_ENV", "live",
                "KIS_APP_KEY", KEY,
                "KIS_APP_SECRET", SECRET,
                "KIS_ACCOUNT_NO", "12345678-01",
                "KIS_HTS_ID", "trader01"));
        assertThat(live.access().keysRequired()).isTrue();
        assertThat(live.kis().restBase().orElseThrow()).hasHost("openapi.koreainvestment.com");
        assertThat(live.kis().wsBase().orElseThrow()).hasPort(21000);
        assertThat(live.kis().appKey().orElseThrow().reveal()).isEqualTo(KEY);
        assertThat(live.kis().appSecret().orElseThrow().reveal()).isEqualTo(SECRET);
        assertThat(live.kis().account()).contains(new Settings.Account("12345678", "01"));
        assertThat(live.simulator().clock()).isEqualTo(Settings.Clock.REAL);
    }

    @Test
    @Requirement(value = "A-18", clause = "address")
    @Requirement(value = "G-05", clause = "env")
    void paper_has_its_own_pair_account_addresses_and_limit() {
        var kis = loaded(Map.of(
                        "KIS_ENV", "mock",
                        "KIS_APP_KEY", KEY,
                        "KIS_APP_SECRET", SECRET,
                        "KIS_ACCOUNT_NO", "12345678-01",
                        "KIS_MOCK_APP_KEY", "PSPAPERKEY",
                        "KIS_MOCK_APP_SECRET", "paper-secret-of-some-length",
                        "KIS_MOCK_CANO", "50001234",
                        "SIMULATOR_RATE_LIMIT", "100"))
                .kis();
        assertThat(kis.appKey().orElseThrow().reveal()).isEqualTo("PSPAPERKEY");
        assertThat(kis.account()).contains(new Settings.Account("50001234", "01"));
        assertThat(kis.restBase().orElseThrow())
                .hasHost("openapivts.koreainvestment.com")
                .hasPort(29443);
        assertThat(kis.wsBase().orElseThrow()).hasPort(31000);
        assertThat(kis.callsPerSecond()).isEqualTo(1);
    }

    @Test
    void paper_follows_the_exchanges_hours_whatever_clock_the_simulator_has() {
        var paper = new HashMap<>(Map.of(
                "KIS_ENV", "mock",
                "KIS_APP_KEY", KEY,
                "KIS_APP_SECRET", SECRET,
                "KIS_ACCOUNT_NO", "12345678-01",
                "SIMULATOR_CLOCK", "open"));
        assertThat(loaded(paper).simulator().clock()).isEqualTo(Settings.Clock.REAL);
        paper.put("KIS_API_BASE_URL_VIRTUAL", "http://127.0.0.1:9");
        assertThat(loaded(paper).simulator().clock()).isEqualTo(Settings.Clock.OPEN);
    }

    @Test
    @Requirement(value = "G-05", clause = "mock")
    void mock_false_and_no_credentials_is_the_simulator_and_never_live() {
        assertThat(loaded(Map.of("KIS_MOCK", "false")).environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(loaded(Map.of("DATA_SOURCE_TYPE", "mock")).environment()).isEqualTo(KisEnvironment.SIM);
    }

    @Test
    @Requirement(value = "G-05", clause = "mock")
    void mock_true_with_credentials_is_paper() {
        var paper = loaded(Map.of(
                "KIS_MOCK",
                "true",
                "KIS_MOCK_APP_KEY",
                KEY,
                "KIS_MOCK_APP_SECRET",
                SECRET,
                "KIS_MOCK_CANO",
                "50001234"));
        assertThat(paper.environment()).isEqualTo(KisEnvironment.MOCK);
        assertThat(paper.kis().restBase().orElseThrow()).hasHost("openapivts.koreainvestment.com");
    }

    @Test
    void three_spellings_of_one_account_agree_or_stop_the_start() {
        var agreed = loaded(Map.of(
                "KIS_ENV", "sim",
                "KIS_ACCOUNT_NO", "12345678-01",
                "KIS_ACCOUNT_NUMBER", "1234567801",
                "KIS_CANO", "12345678"));
        assertThat(agreed.kis().account()).contains(new Settings.Account("12345678", "01"));
        assertThat(loaded(Map.of("KIS_ENV", "sim", "KIS_CANO", "87654321", "KIS_ACNT_PRDT_CD", "22"))
                        .kis()
                        .account())
                .contains(new Settings.Account("87654321", "22"));
        assertThat(problems(Map.of("KIS_ENV", "sim", "KIS_ACCOUNT_NO", "12345678-01", "KIS_CANO", "99999999")))
                .singleElement()
                .asString()
                .contains("different accounts")
                .doesNotContain("99999999");
        assertThat(problems(Map.of("KIS_ENV", "sim", "KIS_ACCOUNT_NO", "12345678-01", "KIS_ACNT_PRDT_CD", "22")))
                .hasSize(1);
    }

    @Test
    @Requirement(value = "P-02", clause = "capped")
    void a_rate_above_what_kis_allows_is_capped_with_a_warning() {
        var settings = loaded(Map.of("KIS_API_RATE_LIMIT", "50"));
        assertThat(settings.kis().callsPerSecond()).isEqualTo(18);
        assertThat(settings.warnings()).singleElement().asString().contains("KIS_API_RATE_LIMIT=50");

        assertThat(loaded(Map.of("KIS_API_RATE_LIMIT", "5")).kis().callsPerSecond())
                .isEqualTo(5);
        assertThat(loaded(Map.of("SIMULATOR_RATE_LIMIT", "900")).kis().callsPerSecond())
                .isEqualTo(900);
    }

    @Test
    @Requirement(value = "G-03", clause = "interval")
    void unknown_names_are_warned_of_and_unused_ones_reported() {
        var names =
                List.of("GATEWAY_PROT", "RISK_MAX_QTTY", "ORDER_WORKER_INTERVAL_SEC", "KIS_AOT", "GATEWAY_URL", "PATH");
        var settings = loaded(names.stream().collect(toMap(name -> name, _ -> "1")));
        assertThat(settings.warnings())
                .hasSize(3)
                .anySatisfy(warning -> assertThat(warning).contains("GATEWAY_PROT"))
                .anySatisfy(warning -> assertThat(warning).contains("RISK_MAX_QTTY"))
                .anySatisfy(warning -> assertThat(warning).contains("ORDER_WORKER_INTERVAL_SEC"));
        assertThat(problems(Map.of(), "--no-such=1")).singleElement().asString().contains("--no-such");
        for (var misspelt : List.of("--prot=1", "--gateway-prot=1")) {
            assertThat(problems(Map.of(), misspelt)).singleElement().asString().endsWith("; did you mean --port?");
        }
        assertThat(problems(Map.of(), "--simulator-sed=1"))
                .singleElement()
                .asString()
                .endsWith("; did you mean --simulator-seed?");
        assertThat(problems(Map.of(), "stray")).hasSize(1);
        assertThat(problems(Map.of(), "--port")).singleElement().asString().contains("needs a value");
    }

    @Test
    @Requirement("G-15")
    void gateway_limits_come_from_settings_and_finer_ones_from_the_file() throws IOException {
        write("gateway.yaml", """
                risk:
                  max-qty: 500
                  daily-loss: 2_000_000
                  accounts:
                    A1: {max-qty: 50, deny: ["000660", "005930"]}
                  strategies:
                    grid.v2: {orders-per-second: 2, check-cash: true}
                  keys:
                    local: {collar_pct: 2.5, allow: 005930}
                """);
        var layers = loaded(Map.of("RISK_MAX_QTY", "700", "RISK_MAX_NOTIONAL", "none", "RISK_COLLAR_PCT", "7.25"))
                .risk()
                .layers();
        assertThat(layers.gateway().limits())
                .isEqualTo(Map.of(
                        RiskLimit.DAILY_ORDERS, 10_000L,
                        RiskLimit.MAX_QTY, 700L,
                        RiskLimit.DAILY_LOSS, 2_000_000L,
                        RiskLimit.COLLAR_PCT, 725L));
        assertThat(layers.accounts())
                .isEqualTo(Map.of(
                        "A1",
                        RiskLimits.none()
                                .with(RiskLimit.MAX_QTY, 50)
                                .denying(Set.of(new Symbol("000660"), new Symbol("005930")))));
        assertThat(layers.strategies())
                .isEqualTo(Map.of(
                        "grid.v2",
                        RiskLimits.none().with(RiskLimit.ORDERS_PER_SECOND, 2).with(RiskGuard.CHECK_CASH, true)));
        assertThat(layers.keys())
                .isEqualTo(Map.of(
                        "local",
                        RiskLimits.none().with(RiskLimit.COLLAR_PCT, 250).allowing(Set.of(new Symbol("005930")))));
    }

    @Test
    @Requirement("G-15")
    void an_unreadable_finer_limit_stops_the_start() throws IOException {
        write("gateway.yaml", """
                risk:
                  accounts:
                    A1: {max-qtty: 50, max-qty: 0, check-cash: maybe}
                    A2: 7
                  strategies: 5
                """);
        assertThat(problems(Map.of()))
                .hasSize(5)
                .anySatisfy(problem -> assertThat(problem).contains("risk.accounts.A1.max-qtty is no limit"))
                .anySatisfy(problem -> assertThat(problem).contains("risk.accounts.A1.max-qty must be"))
                .anySatisfy(problem -> assertThat(problem).contains("risk.accounts.A1.check-cash must be"))
                .anySatisfy(problem -> assertThat(problem).contains("risk.accounts.A2 must contain limits"))
                .anySatisfy(problem -> assertThat(problem).contains("risk.strategies must name layers"));
    }

    @Test
    void an_alias_under_which_the_journal_has_other_events_stops_the_start() throws IOException {
        write("gateway.yaml", """
                kis:
                  accounts:
                    - {alias: gateway, number: "12345678-02"}
                    - {alias: parents, number: "12345678-03"}
                """);
        assertThat(problems(Map.of("KIS_ENV", "sim")))
                .anySatisfy(problem -> assertThat(problem).contains("accounts[0].alias gateway is reserved"))
                .anySatisfy(problem -> assertThat(problem).contains("accounts[1].alias parents is reserved"));
    }

    @Test
    @Requirement("G-15")
    void a_limit_of_an_account_that_does_not_exist_stops_the_start_and_the_accounts_are_named() throws IOException {
        write("gateway.yaml", """
                risk:
                  accounts:
                    A9: {max-qty: 50}
                """);
        assertThat(problems(Map.of())).containsExactly("gateway.yaml: risk.accounts.A9 names no account; there is A1.");
    }

    @Test
    @Requirement(value = "G-18", clause = "accounts")
    void the_live_guards_are_settings_and_nothing_is_live_by_default() {
        var guards = loaded(Map.of(
                        "KIS_ENV", "sim",
                        "KIS_ACCOUNT_NO", "12345678-01",
                        "KIS_LIVE_TRADING", "true",
                        "KIS_LIVE_ACCOUNTS", "12345678-01, B2",
                        "GATEWAY_READ_ONLY", "true"))
                .risk()
                .guards();
        assertThat(guards).isEqualTo(new LiveGuards(false, true, Set.of("A1", "B2"), true));
        var live = loaded(Map.of(
                "KIS_ENV", "live",
                "KIS_APP_KEY", KEY,
                "KIS_APP_SECRET", SECRET,
                "KIS_ACCOUNT_NO", "12345678-01",
                "KIS_HTS_ID", "me"));
        assertThat(live.risk().layers().gateway().limits())
                .isEqualTo(Map.of(
                        RiskLimit.DAILY_ORDERS, 50L,
                        RiskLimit.MAX_QTY, 100L,
                        RiskLimit.MAX_NOTIONAL, 10_000_000L,
                        RiskLimit.MAX_NOTIONAL_USD, 70_000_000L,
                        RiskLimit.ORDERS_PER_SECOND, 10L,
                        RiskLimit.COLLAR_PCT, 1_000L));
    }

    @Test
    @Requirement(value = "I-10", clause = "empty")
    void an_empty_symbol_list_is_no_registration_and_too_many_are_refused() {
        assertThat(loaded(Map.of("KIS_WS_SYMBOLS", "")).kis().symbols()).isEmpty();
        assertThat(loaded(Map.of("KIS_WS_SYMBOLS", "005930, 000660,005930"))
                        .kis()
                        .symbols())
                .containsExactly(new Symbol("005930"), new Symbol("000660"));
        var many = new StringBuilder("000000");
        for (var i = 1; i <= SettingsLoader.SYMBOLS_MAX; i++) {
            many.append(",%06d".formatted(i));
        }
        assertThat(problems(Map.of("KIS_WS_SYMBOLS", many.toString()))).hasSize(1);
    }

    @Test
    @Requirement(value = "G-12", clause = "type")
    void printing_the_settings_shows_no_secret_and_two_digits_of_the_account() {
        var settings = loaded(Map.of(
                "KIS_ENV", "sim",
                "KIS_APP_KEY", KEY,
                "KIS_APP_SECRET", SECRET,
                "KIS_ACCOUNT_NO", "12345678-01",
                "GATEWAY_OPERATOR_TOKEN", "operator-token-value"));

        assertThat(settings.toString())
                .doesNotContain(KEY)
                .doesNotContain(SECRET)
                .doesNotContain("12345678")
                .doesNotContain("operator-token-value")
                .contains("12******");
        assertThat(settings.http().operatorToken().orElseThrow().matches("operator-token-value"))
                .isTrue();
        assertThat(settings.http().operatorToken().orElseThrow().matches("operator-token-valuE"))
                .isFalse();
    }

    @Test
    @Requirement(value = "G-12", clause = "type")
    void unreadable_files_are_reported_without_their_text() throws IOException {
        write("gateway.yaml", "kis: {app: [" + SECRET + "\n");
        write(".env", SECRET + "\n");

        assertThat(problems(Map.of()))
                .hasSize(2)
                .noneSatisfy(problem -> assertThat(problem).contains(SECRET));
    }

    @Test
    @Requirement("P-07")
    void master_files_come_from_the_broker_unless_simulated_or_disabled() {
        assertThat(loaded(Map.of()).instruments())
                .isEqualTo(new Settings.Instruments(Optional.empty(), false, LocalTime.of(7, 30)));
        var mock = Map.of(
                "KIS_ENV", "mock", "KIS_MOCK_APP_KEY", KEY, "KIS_MOCK_APP_SECRET", SECRET, "KIS_MOCK_CANO", "12345678");
        assertThat(loaded(mock).instruments())
                .isEqualTo(new Settings.Instruments(Optional.empty(), true, LocalTime.of(7, 30)));
        var off = new HashMap<>(mock);
        off.put("KIS_MASTER_URL", "off");
        assertThat(loaded(off).instruments().downloads()).isFalse();
        var otherEnvironment = new HashMap<>(mock);
        otherEnvironment.put("KIS_API_BASE_URL_VIRTUAL", "http://127.0.0.1:8892");
        assertThat(loaded(otherEnvironment).instruments().downloads()).isFalse();
        assertThat(loaded(Map.of("KIS_MASTER_URL", "http://127.0.0.1:9/files", "KIS_MASTER_REFRESH_AT", "06:05"))
                        .instruments())
                .isEqualTo(new Settings.Instruments(
                        Optional.of(URI.create("http://127.0.0.1:9/files/")), true, LocalTime.of(6, 5)));
        for (var bad : List.of("http://files.example/", "ftp://127.0.0.1/", "https://me:word@host/", "here")) {
            assertThat(problems(Map.of("KIS_MASTER_URL", bad)))
                    .singleElement()
                    .asString()
                    .contains("KIS_MASTER_URL");
        }
        for (var bad : List.of("7:30", "24:00", "07:60", "morning")) {
            assertThat(problems(Map.of("KIS_MASTER_REFRESH_AT", bad)))
                    .singleElement()
                    .asString()
                    .contains("KIS_MASTER_REFRESH_AT");
        }
    }

    @Test
    @Requirement("P-07")
    void market_wide_answers_are_cached_as_long_as_configured() {
        assertThat(loaded(Map.of()).marketWide())
                .isEqualTo(new Settings.MarketWide(
                        Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(5)));
        assertThat(loaded(Map.of(
                                "KIS_CACHE_TTL_RANKING", "1",
                                "KIS_CACHE_TTL_INDEX", "2m",
                                "KIS_CACHE_TTL_INVESTORS", "3h",
                                "KIS_CACHE_TTL_NAV", "400ms"))
                        .marketWide())
                .isEqualTo(new Settings.MarketWide(
                        Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofHours(3), Duration.ofMillis(400)));
    }

    private Settings loaded(Map<String, String> environment, String... args) {
        var result = load(environment, args);
        assertThat(result).isInstanceOf(Loaded.class);
        return ((Loaded) result).settings();
    }

    private List<String> problems(Map<String, String> environment, String... args) {
        var result = load(environment, args);
        assertThat(result).isInstanceOf(Problems.class);
        return ((Problems) result).sentences();
    }

    private SettingsResult load(Map<String, String> environment, String... args) {
        return SettingsLoader.load(
                List.of(args), environment, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
    }

    private static Map<String, String> environment(String text) {
        var environment = new HashMap<String, String>();
        for (var pair : text.split(",")) {
            var parts = pair.strip().split("=", 2);
            environment.put(parts[0], parts[1]);
        }
        return environment;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
