package kr.kisgateway.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.settings.CallSettings;
import kr.kisgateway.client.setup.KisSettings;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No setting is lost between the table and the parts that use it. */
@Requirement("P-07")
@Tag("slow")
class SettingsUsageTest {
    private static final Map<String, String> LIVE = Map.of(
            "KIS_ENV", "live",
            "KIS_APP_KEY", "PSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKEYSKE",
            "KIS_APP_SECRET", "secret-value-that-nobody-may-ever-see",
            "KIS_ACCOUNT_NO", "12345678-01",
            "KIS_HTS_ID", "me");

    @TempDir
    private Path folder;

    @Test
    void every_part_of_the_settings_is_used_outside_their_packages() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("kr.kisgateway.gateway", "kr.kisgateway.client");
        var records = new ArrayList<Class<?>>(List.of(Settings.class, CallSettings.class));
        Stream.of(Settings.class.getDeclaredClasses()).filter(Class::isRecord).forEach(records::add);
        var unread = new ArrayList<String>();
        for (Class<?> type : records) {
            for (RecordComponent component : type.getRecordComponents()) {
                JavaClass owner = classes.get(type);
                boolean read = owner.getMethod(component.getName()).getCallsOfSelf().stream()
                        .anyMatch(
                                call -> !call.getOriginOwner().getPackageName().endsWith(".settings"));
                if (!read) {
                    unread.add(type.getSimpleName() + "." + component.getName());
                }
            }
        }
        // The age limit of the journal is read by the command journal prune, through JournalSettings.
        assertThat(unread).as("set, and used by no part of the gateway").containsExactly("Journal.retentionDays");
    }

    @ParameterizedTest
    @CsvSource({
        "KIS_API_RATE_LIMIT, 7",
        "KIS_API_QUEUE_TIMEOUT, 700ms",
        "KIS_HTTP_PROFILE, pipeline",
        "KIS_API_CIRCUIT_BREAKER_THRESHOLD, 7",
        "KIS_API_CIRCUIT_BREAKER_TIMEOUT, 7s",
        "KIS_WS_SILENCE, 70s",
        "TOKEN_ROTATION, 7h",
        "KIS_ACCOUNT_NUMBER, 1234567801",
        "KIS_API_BASE_URL_REAL, https://other.example:1"
    })
    void gateway_and_sdk_read_a_setting_alike(String name, String value) {
        var variables = new HashMap<>(LIVE);
        Settings.Kis before = gateway(variables).kis();
        variables.put(name, value);
        Settings.Kis gateway = gateway(variables).kis();
        KisSettings sdk = sdk(variables);
        assertThat(gateway.calls()).isEqualTo(sdk.calls());
        assertThat(gateway.callsPerSecond()).isEqualTo(sdk.limits().callsPerSecond());
        assertThat(gateway.account().map(Settings.Account::cano))
                .isEqualTo(sdk.account().map(account -> account.cano()));
        if (name.startsWith("KIS_API_BASE_URL")) {
            assertThat(gateway.restBase()).isEqualTo(sdk.restBase());
        }
        assertThat(gateway.equals(before)).isEqualTo(name.equals("KIS_ACCOUNT_NUMBER"));
    }

    @ParameterizedTest
    @CsvSource({
        "KIS_API_QUEUE_TIMEOUT, soon",
        "KIS_HTTP_PROFILE, fast",
        "TOKEN_ROTATION, 1h",
        "KIS_API_RATE_LIMIT, 0",
        "KIS_MOCK, maybe",
        "KIS_CANO, 87654321",
        "KIS_WS_SILENCE, 2d",
        "KIS_APP_KEY, short"
    })
    void gateway_and_sdk_refuse_a_wrong_value_with_the_same_sentence(String name, String value) {
        var variables = new HashMap<>(LIVE);
        variables.put(name, value);
        var problems = ((SettingsResult.Problems) load(variables)).sentences();
        var failure = ((KisReply.Failed<KisSettings>) KisSettings.from(variables, LocalDate.of(2026, 11, 20), true))
                .failure();
        assertThat(problems)
                .anySatisfy(problem -> assertThat(failure.msg1() + ".").contains(problem));
    }

    @Test
    void half_a_minute_can_be_written_in_every_supported_notation() {
        for (String spelling : Arrays.asList("30", "30s", "30000ms", "0.5m")) {
            var variables = new HashMap<>(LIVE);
            variables.put("KIS_API_QUEUE_TIMEOUT", spelling);
            assertThat(gateway(variables).kis().calls().queueTimeout()).contains(Duration.ofSeconds(30));
        }
    }

    private Settings gateway(Map<String, String> variables) {
        assertThat(load(variables)).isInstanceOf(SettingsResult.Loaded.class);
        return ((SettingsResult.Loaded) load(variables)).settings();
    }

    private SettingsResult load(Map<String, String> variables) {
        return SettingsLoader.load(
                List.of(), variables, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
    }

    private static KisSettings sdk(Map<String, String> variables) {
        return ((KisReply.Ok<KisSettings>) KisSettings.from(variables, LocalDate.of(2026, 11, 20), true)).value();
    }
}
