package kr.kisgateway.gateway.settings;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.settings.SettingsResult.Loaded;
import kr.kisgateway.gateway.settings.SettingsResult.Problems;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G-05")
class SettingsLoaderTest {
    private static final String KEY = "PSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKE";
    private static final String SECRET = "secret-value-that-nobody-may-ever-see";

    @TempDir
    Path folder;

    @Test
    void nothing_set_means_the_simulator_with_every_default() {
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
        assertThat(settings.risk()).isEqualTo(new Settings.Risk(10_000, 10_000, 1_000_000_000));
        assertThat(settings.quotes().staleAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.quotes().heartbeat()).isEqualTo(Duration.ofSeconds(120));
        assertThat(settings.quotes().cooldown()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.quotes().wsHours()).isEqualTo(Settings.WsHours.REGULAR);
        assertThat(settings.dataDir()).isEqualTo(folder.resolve("data").resolve("sim"));
        assertThat(settings.configDir()).isEqualTo(folder.resolve("home/.config/kis-gateway"));
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    void a_scenario_lies_beside_the_settings_and_belongs_to_the_embedded_simulator() {
        assertThat(loaded(Map.of("SIMULATOR_SCENARIO", "bad-day.yaml"))
                        .simulator()
                        .scenario())
                .contains(folder.resolve("bad-day.yaml"));
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
    void a_short_name_on_the_command_line_is_the_gateways_own() {
        assertThat(loaded(Map.of(), "--port=0", "--data-dir=elsewhere").http().port())
                .isZero();
        assertThat(loaded(Map.of(), "--data-dir=elsewhere").dataDir())
                .isEqualTo(folder.resolve("elsewhere").resolve("sim"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KIS_ENV=live                                | KIS_ENV=live is refused",
                "KIS_ENV=mock                                | KIS_ENV=mock is refused",
                "KIS_MOCK=true                               | KIS_ENV=mock is refused",
                "KIS_USE_VIRTUAL_SERVER=true                 | KIS_ENV=mock is refused",
                "KIS_ENV=paper                               | KIS_ENV must be sim, mock or live",
                "KIS_ENV=sim,KIS_MOCK=true                   | KIS_ENV=sim contradicts KIS_MOCK=true",
                "KIS_ENV=live,KIS_USE_VIRTUAL_SERVER=true    | KIS_ENV=live contradicts KIS_USE_VIRTUAL_SERVER=true",
                "KIS_ENV=mock,KIS_MOCK=false                 | KIS_ENV=mock contradicts KIS_MOCK=false",
                "KIS_MOCK=true,KIS_USE_VIRTUAL_SERVER=false  | contradict each other",
                "KIS_APP_KEY=PSKEYSKEYSKEY                   | set KIS_ENV=sim",
                "KIS_APP_KEY=PSKEYSKEYSKEY,KIS_MOCK=false    | set KIS_ENV=sim",
                "KIS_ACCOUNT_NO=12345678-01                  | set KIS_ENV=sim",
                "GATEWAY_BIND=0.0.0.0                        | this machine only",
                "GATEWAY_BIND=192.168.0.5                    | this machine only",
                "GATEWAY_AUTH=required                       | GATEWAY_AUTH=required is refused",
                "GATEWAY_AUTH=maybe                          | GATEWAY_AUTH must be",
                "GATEWAY_READ_ONLY=true                      | GATEWAY_READ_ONLY=true is refused",
                "DATA_SOURCE_TYPE=krx                        | no KRX data source",
                "DATA_SOURCE_TYPE=csv                        | DATA_SOURCE_TYPE must be",
                "GATEWAY_PORT=70000                          | GATEWAY_PORT must be a port",
                "GATEWAY_PORT=9000,SIMULATOR_PORT=9000       | both 9000",
                "SIMULATOR_URL=ftp://x                       | SIMULATOR_URL must be",
                "SIMULATOR_URL=http://10.0.0.7:8892          | must name this machine",
                "SIMULATOR_SEED=abc                          | SIMULATOR_SEED must be",
                "SIMULATOR_CLOCK=fast                        | SIMULATOR_CLOCK must be",
                "SIMULATOR_RATE_LIMIT=0                      | SIMULATOR_RATE_LIMIT must be",
                "KIS_API_RATE_LIMIT=-1                       | KIS_API_RATE_LIMIT must be",
                "KIS_WS_SYMBOLS=00593                        | not a six-character code",
                "ORDER_WORKER_ENABLED=perhaps                | ORDER_WORKER_ENABLED must be true or false",
                "RISK_MAX_QTY=0                              | RISK_MAX_QTY must be",
                "QUOTE_STALE_AFTER=soon                      | QUOTE_STALE_AFTER must be a time",
                "QUOTE_STALE_AFTER=0                         | QUOTE_STALE_AFTER must be a time",
                "QUOTE_WS_HOURS=never                        | QUOTE_WS_HOURS must be",
                "KIS_ENV=sim,KIS_CANO=1234                   | KIS_CANO must be eight digits",
                "KIS_ENV=sim,KIS_ACCOUNT_NO=1                | KIS_ACCOUNT_NO must be",
                "KIS_ENV=sim,KIS_APP_KEY=short               | KIS_APP_KEY must have",
            })
    void a_bad_setting_stops_the_start_with_one_sentence(String given, String sentence) {
        var problems = problems(environment(given));

        assertThat(problems)
                .anySatisfy(problem -> assertThat(problem).contains(sentence).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KIS_ENV=live", "KIS_ENV=mock", "GATEWAY_AUTH=required", "GATEWAY_BIND=10.0.0.1"})
    void what_waits_for_access_control_is_refused_in_exactly_one_sentence(String given) {
        assertThat(problems(environment(given))).hasSize(1);
    }

    @Test
    void mock_false_and_no_credentials_is_the_simulator_and_never_live() {
        assertThat(loaded(Map.of("KIS_MOCK", "false")).environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(loaded(Map.of("DATA_SOURCE_TYPE", "mock")).environment()).isEqualTo(KisEnvironment.SIM);
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
    void names_nobody_knows_are_warned_about_and_unused_ones_said_to_be() {
        var names = List.of("GATEWAY_PROT", "RISK_MAX_QTTY", "ORDER_WORKER_INTERVAL_SEC", "KIS_AOT", "PATH");
        var settings = loaded(names.stream().collect(toMap(name -> name, _ -> "1")));
        assertThat(settings.warnings())
                .hasSize(3)
                .anySatisfy(warning -> assertThat(warning).contains("GATEWAY_PROT"))
                .anySatisfy(warning -> assertThat(warning).contains("RISK_MAX_QTTY"))
                .anySatisfy(warning -> assertThat(warning).contains("ORDER_WORKER_INTERVAL_SEC"));
        assertThat(problems(Map.of(), "--no-such=1")).singleElement().asString().contains("--no-such");
        assertThat(problems(Map.of(), "stray")).hasSize(1);
        assertThat(problems(Map.of(), "--port")).singleElement().asString().contains("needs a value");
    }

    @Test
    @Tag("I-10")
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
    @Tag("G-12")
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
    @Tag("G-12")
    void unreadable_files_are_told_without_their_text() throws IOException {
        write("gateway.yaml", "kis: {app: [" + SECRET + "\n");
        write(".env", SECRET + "\n");

        assertThat(problems(Map.of()))
                .hasSize(2)
                .noneSatisfy(problem -> assertThat(problem).contains(SECRET));
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
        return SettingsLoader.load(List.of(args), environment, folder, folder.resolve("home"));
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
