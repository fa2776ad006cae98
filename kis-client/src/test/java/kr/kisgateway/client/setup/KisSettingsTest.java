package kr.kisgateway.client.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.BreakerRule;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.Target;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement(value = "P-14", clause = "dot-env")
class KisSettingsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final String KEY = "PLANTEDAPPKEY0123456789abcdefghijklm";
    private static final String SECRET = "PLANTEDSECRET".repeat(10);
    private static final Map<String, String> LIVE =
            Map.of("KIS_ENV", "live", "KIS_APP_KEY", KEY, "KIS_APP_SECRET", SECRET, "KIS_ACCOUNT_NO", "12345678-01");

    @Test
    void without_credentials_a_simulator_answers() {
        KisSettings settings = read(Map.of());
        assertThat(settings.target()).isEqualTo(Target.SIM);
        assertThat(settings.needsSimulator()).isTrue();
        assertThat(settings.warnings()).isEmpty();
    }

    @Test
    @Requirement(value = "P-08", clause = "missing")
    void without_credentials_and_simulator_the_failure_names_the_settings_to_set() {
        KisFailure failure = failure(KisSettings.from(Map.of(), DAY, false));
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.CREDENTIALS_MISSING);
        assertThat(failure.code()).isEqualTo("CREDENTIALS_MISSING");
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.remedy()).contains("KIS_APP_KEY", "KIS_APP_SECRET", "KIS_ACCOUNT_NO", "kis-simulator");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KIS_ENV=live                                        | LIVE
            KIS_ENV=MOCK                                        | MOCK
            KIS_ENV=sim                                         | SIM
            KIS_MOCK=true                                       | MOCK
            KIS_USE_VIRTUAL_SERVER=1                            | MOCK
            KIS_ENV=mock KIS_MOCK=true KIS_USE_VIRTUAL_SERVER=yes | MOCK
            KIS_ENV=live KIS_MOCK=false                         | LIVE
            """)
    void the_environment_is_decided_as_the_gateway_decides_it(String set, Target target) {
        assertThat(read(with(set)).target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KIS_ENV=                            | Credentials are set but no environment
            KIS_ENV= KIS_MOCK=false             | Credentials are set but no environment
            KIS_ENV=prod                        | KIS_ENV must be sim, mock or live
            KIS_MOCK=true                       | KIS_ENV=live contradicts KIS_MOCK=true
            KIS_USE_VIRTUAL_SERVER=true         | KIS_ENV=live contradicts KIS_USE_VIRTUAL_SERVER=true
            KIS_ENV=mock KIS_MOCK=false         | KIS_ENV=mock contradicts KIS_MOCK=false
            KIS_MOCK=true KIS_USE_VIRTUAL_SERVER=false | contradict each other
            KIS_MOCK=maybe                      | KIS_MOCK must be true or false
            KIS_APP_KEY=short                   | KIS_APP_KEY must have 8 to 64
            KIS_APP_SECRET=short                | KIS_APP_SECRET must have 16 to 256
            KIS_ACCOUNT_NO=1234                 | KIS_ACCOUNT_NO must be eight digits, a hyphen and two digits
            KIS_ACCOUNT_NUMBER=87654321-01      | KIS_ACCOUNT_NO and KIS_ACCOUNT_NUMBER name different accounts
            KIS_CANO=87654321                   | KIS_ACCOUNT_NO and KIS_CANO name different accounts
            KIS_ACNT_PRDT_CD=22                 | KIS_ACNT_PRDT_CD and KIS_ACCOUNT_NO name different accounts
            KIS_ACNT_PRDT_CD=1                  | KIS_ACNT_PRDT_CD must be two digits
            KIS_CANO=1234                       | KIS_CANO must be eight digits
            KIS_API_BASE_URL_REAL=http://a.example | KIS_API_BASE_URL_REAL must be a base address
            KIS_API_BASE_URL_REAL=https://a.example/foo?bar | KIS_API_BASE_URL_REAL must be a base address
            KIS_API_BASE_URL_REAL=https://my_host:9443 | KIS_API_BASE_URL_REAL must be a base address
            KIS_API_BASE_URL_REAL=nonsense      | KIS_API_BASE_URL_REAL must be a base address
            KIS_WS_URL_LIVE=https://a.example   | KIS_WS_URL_LIVE must be a base address
            KIS_API_RATE_LIMIT=0                | KIS_API_RATE_LIMIT must be a whole number
            KIS_API_CIRCUIT_BREAKER_THRESHOLD=x | KIS_API_CIRCUIT_BREAKER_THRESHOLD must be a whole number
            KIS_API_CIRCUIT_BREAKER_TIMEOUT=2d  | KIS_API_CIRCUIT_BREAKER_TIMEOUT must be a time
            KIS_API_QUEUE_TIMEOUT=0             | KIS_API_QUEUE_TIMEOUT must be a time
            KIS_HTTP_PROFILE=fast               | KIS_HTTP_PROFILE must be standard or pipeline
            KIS_TOKEN_KEY=short                 | KIS_TOKEN_KEY must have 16 to 1000
            """)
    void an_invalid_setting_is_described_without_its_secret(String change, String sentence) {
        var variables = new HashMap<>(LIVE);
        variables.putAll(with(change));
        KisFailure failure = failure(KisSettings.from(variables, DAY, true));
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.INVALID_SETTINGS);
        assertThat(failure.msg1()).contains(sentence).doesNotContain(KEY, SECRET);
    }

    @ParameterizedTest
    @CsvSource({
        "KIS_APP_KEY,KIS_APP_KEY is not set",
        "KIS_APP_SECRET,KIS_APP_SECRET is not set",
        "KIS_ACCOUNT_NO,KIS_ACCOUNT_NO is not set"
    })
    @Requirement("P-08")
    void incomplete_credentials_are_a_failure_and_never_start_a_simulator(String left, String sentence) {
        var variables = new HashMap<>(LIVE);
        variables.remove(left);
        KisFailure live = failure(KisSettings.from(variables, DAY, true));
        assertThat(live.kind()).isEqualTo(KisFailure.Kind.CREDENTIALS_MISSING);
        assertThat(live.msg1()).isEqualTo(sentence);
        variables.put("KIS_ENV", "mock");
        assertThat(failure(KisSettings.from(variables, DAY, true)).msg1()).isEqualTo(sentence);
    }

    @Test
    void live_is_live_with_all_that_was_set_and_prints_no_secret() {
        var variables = new HashMap<>(LIVE);
        variables.putAll(with("KIS_HTS_ID=Me KIS_API_RATE_LIMIT=5 KIS_API_CIRCUIT_BREAKER_THRESHOLD=7"
                + " KIS_API_CIRCUIT_BREAKER_TIMEOUT=90 KIS_API_QUEUE_TIMEOUT=4s KIS_HTTP_PROFILE=pipeline KIS_TOKEN_KEY=PLANTEDTOKENKEY-0123"
                + " KIS_API_BASE_URL_REAL=http://127.0.0.1:8/ KIS_WS_URL_LIVE=ws://127.0.0.1:9"
                + " KIS_CANO=12345678 KIS_ACCOUNT_NUMBER=1234567801"));
        KisSettings settings = read(variables);
        assertThat(settings.needsSimulator()).isFalse();
        assertThat(settings.environment()).isEqualTo(Environment.LIVE_FACE);
        assertThat(settings.account()).contains(new AccountNumber("12345678", "01"));
        assertThat(settings.htsId()).contains("Me");
        assertThat(settings.limits()).isEqualTo(new Limits(5, 5, 41, 10_000));
        assertThat(settings.restBase()).contains(URI.create("http://127.0.0.1:8"));
        assertThat(settings.wsBase()).contains(URI.create("ws://127.0.0.1:9"));
        assertThat(settings.tuning().timeouts().response()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.tuning().queueTimeout()).contains(Duration.ofSeconds(4));
        assertThat(settings.tuning().breaker()).isEqualTo(new BreakerRule(7, 100, Duration.ofSeconds(90), 1, true));
        assertThat(settings.toString()).doesNotContain("PLANTED", "12345678");
    }

    @Test
    @Requirement(value = "P-02", clause = "capped")
    void a_rate_above_the_dated_limit_is_capped_with_a_warning() {
        KisSettings settings = read(with("KIS_API_RATE_LIMIT=50"));
        assertThat(settings.limits().callsPerSecond()).isEqualTo(18);
        assertThat(settings.warnings())
                .containsExactly("KIS_API_RATE_LIMIT=50 is above what KIS allows; 18 calls a second are used.");
        assertThat(read(with("KIS_ENV=mock KIS_API_RATE_LIMIT=18")).limits()).isEqualTo(new Limits(1, 1, 41, 10_000));
    }

    @Test
    @Requirement("A-18")
    void paper_uses_its_own_credentials_and_falls_back_to_the_common_ones() {
        var variables = new HashMap<>(LIVE);
        variables.put("KIS_ENV", "mock");
        assertThat(read(variables).appKey()).contains(Secret.of(KEY));
        variables.putAll(with("KIS_MOCK_APP_KEY=PLANTEDPAPERKEY KIS_MOCK_APP_SECRET=PLANTEDPAPERSECRET"
                + " KIS_MOCK_CANO=50012345 KIS_MOCK_ACNT_PRDT_CD=01"
                + " KIS_API_BASE_URL_VIRTUAL=https://paper.example:1 KIS_WS_URL_MOCK=ws://paper.example:2"));
        KisSettings paper = read(variables);
        assertThat(paper.environment()).isEqualTo(Environment.PAPER_FACE);
        assertThat(paper.appKey()).contains(Secret.of("PLANTEDPAPERKEY"));
        assertThat(paper.appSecret()).contains(Secret.of("PLANTEDPAPERSECRET"));
        assertThat(paper.account()).contains(new AccountNumber("50012345", "01"));
        assertThat(paper.restBase()).contains(URI.create("https://paper.example:1"));
        assertThat(paper.wsBase()).contains(URI.create("ws://paper.example:2"));
        variables.put("KIS_ENV", "live");
        assertThat(read(variables).appKey()).contains(Secret.of(KEY));
        assertThat(read(variables).account()).contains(new AccountNumber("12345678", "01"));
    }

    @Test
    @Requirement("A-18")
    void paper_without_credentials_uses_the_simulator_with_a_warning() {
        KisSettings settings = read(with("KIS_ENV=mock"));
        assertThat(settings.needsSimulator()).isTrue();
        assertThat(settings.environment()).isEqualTo(Environment.PAPER_FACE);
        assertThat(settings.warnings())
                .containsExactly(
                        "There are no credentials for KIS paper trading; a simulator with its limits is used.");
        assertThat(failure(KisSettings.from(with("KIS_ENV=live"), DAY, true)).kind())
                .isEqualTo(KisFailure.Kind.CREDENTIALS_MISSING);
    }

    @Test
    void a_misspelt_setting_is_mentioned_and_the_gateways_are_not() {
        assertThat(read(with("KIS_APPKEY=x KIS_WS_SYMBOLS=005930 KIS_CACHE_TTL_PRICE=5 PATH=/bin"))
                        .warnings())
                .containsExactly("There is no setting KIS_APPKEY; did you mean KIS_APP_KEY? It is ignored.");
    }

    private static KisSettings read(Map<String, String> variables) {
        var all = new HashMap<>(variables);
        if ("live".equals(variables.get("KIS_ENV"))) {
            LIVE.forEach(all::putIfAbsent);
        }
        return ((KisReply.Ok<KisSettings>) KisSettings.from(all, DAY, true)).value();
    }

    private static KisFailure failure(KisReply<KisSettings> reply) {
        return ((KisReply.Failed<KisSettings>) reply).failure();
    }

    private static Map<String, String> with(String assignments) {
        var variables = new HashMap<String, String>();
        for (String each : assignments.split(" ")) {
            variables.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }
        return variables;
    }
}
