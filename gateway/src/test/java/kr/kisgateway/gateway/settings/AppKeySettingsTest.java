package kr.kisgateway.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsResult.Loaded;
import kr.kisgateway.gateway.settings.SettingsResult.Problems;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("A-04")
@Requirement("G-05")
class AppKeySettingsTest {
    private static final String FIRST = "PSFIRSTFIRSTFIRSTFIRSTFIRSTFIRSTFIRS";
    private static final String SECOND = "PSSECONDSECONDSECONDSECONDSECONDSECO";
    private static final String SECRET = "secret-value-that-nobody-may-ever-see";

    @TempDir
    Path folder;

    @Test
    void further_app_keys_are_read_masked_and_validated() throws IOException {
        yaml("""
                kis:
                  env: sim
                  app-keys:
                    - id: K2
                      app-key: %s
                      app-secret: %s
                      account: "87654321-01"
                    - id: spare
                """.formatted(SECOND, SECRET));
        var settings = loaded(Map.of("KIS_APP_KEY", FIRST, "KIS_APP_SECRET", SECRET));
        var keys = settings.kis().furtherKeys();

        assertThat(settings.environment()).isEqualTo(KisEnvironment.SIM);
        assertThat(keys).extracting(Settings.AppKey::id).containsExactly("K2", "spare");
        assertThat(keys.getFirst().appKey().orElseThrow().reveal()).isEqualTo(SECOND);
        assertThat(keys.getFirst().account()).contains(new Settings.Account("87654321", "01"));
        assertThat(keys.getLast().appKey()).isEmpty();
        assertThat(settings.toString()).doesNotContain(SECOND, SECRET, "87654321");
    }

    @Test
    void without_the_list_one_app_key_registers_everything_all_day() {
        var kis = loaded(Map.of()).kis();
        assertThat(kis.furtherKeys()).isEmpty();
        assertThat(kis.koreanHours()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{id: K1, app-key: KEY, app-secret: SECRET}   | the id K1 is used twice",
                "{id: 2, app-key: KEY, app-secret: SECRET}    | [0].id must be a letter",
                "{app-key: KEY, app-secret: SECRET}           | [0].id must be a letter",
                "{id: K2, app-key: short, app-secret: SECRET} | [0].app-key must have 8 to 64",
                "{id: K2, app-key: KEY, app-secret: short}    | [0].app-secret must have 16 to 256",
                "{id: K2, app-key: KEY}                       | K2 needs app-key and app-secret",
                "{id: K2, app-key: FIRST, app-secret: SECRET} | K2 has the app key of another",
                "{id: K2, account: 1}                         | [0].account must be eight digits",
                "{id: K2, secret: x}                          | [0] has no member secret",
                "K2                                           | [0] must have id",
            })
    void an_invalid_app_key_stops_the_start_with_a_sentence_that_reveals_no_secret(String entry, String sentence)
            throws IOException {
        yaml("kis:\n  env: sim\n  app-keys:\n    - "
                + entry.replace("KEY", SECOND).replace("SECRET", SECRET).replace("FIRST", FIRST));
        assertThat(problems(Map.of("KIS_APP_KEY", FIRST, "KIS_APP_SECRET", SECRET)))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("gateway.yaml: kis.app-keys")
                        .contains(sentence)
                        .endsWith(".")
                        .doesNotContain(SECRET, SECOND, FIRST));
    }

    @Test
    void paper_needs_real_keys_and_an_hts_id_of_a_further_key_has_no_effect() throws IOException {
        yaml("kis:\n  env: mock\n  app-keys:\n    - {id: K2}");
        var own = Map.of("KIS_APP_KEY", FIRST, "KIS_APP_SECRET", SECRET, "KIS_ACCOUNT_NO", "12345678-01");
        assertThat(problems(own)).singleElement().asString().contains("K2 needs app-key and app-secret");
        yaml("kis:\n  env: mock\n  app-keys:\n    - {id: K2, app-key: %s, app-secret: %s, hts-id: someone}"
                .formatted(SECOND, SECRET));
        assertThat(loaded(own).warnings())
                .singleElement()
                .asString()
                .contains("the hts-id of K2 has no effect")
                .doesNotContain("someone");
    }

    @Test
    void app_keys_without_an_environment_report_the_choices() throws IOException {
        yaml("kis:\n  app-keys:\n    - {id: K2, app-key: %s, app-secret: %s}".formatted(SECOND, SECRET));
        assertThat(problems(Map.of())).anySatisfy(it -> assertThat(it).contains("KIS_ENV=mock"));
    }

    @Test
    void twenty_further_app_keys_are_one_too_many() throws IOException {
        yaml("kis:\n  app-keys: [" + "{id: K}, ".repeat(20) + "]");
        assertThat(problems(Map.of())).singleElement().asString().contains("at most 19", "it has 20");
    }

    @Test
    @Requirement(value = "I-02", clause = "windows")
    void the_hours_of_korean_registrations_are_two_times_of_the_day() {
        assertThat(loaded(Map.of("KIS_WS_KR_HOURS", "08:30-16:30")).kis().koreanHours())
                .contains(new Settings.Hours(LocalTime.of(8, 30), LocalTime.of(16, 30)));
    }

    @Test
    @Requirement("A-07")
    void halt_statuses_are_registered_unless_disabled_or_unavailable_on_paper() throws IOException {
        assertThat(loaded(Map.of()).kis().marketStatus()).isTrue();
        assertThat(loaded(Map.of("KIS_WS_MARKET_STATUS", "off")).kis().marketStatus())
                .isFalse();
        assertThat(problems(Map.of("KIS_WS_MARKET_STATUS", "krx")))
                .singleElement()
                .asString()
                .isEqualTo("KIS_WS_MARKET_STATUS must be true or false.");
        Files.writeString(
                folder.resolve(".env"),
                "KIS_ENV=mock\nKIS_APP_KEY=%s\nKIS_APP_SECRET=%s\nKIS_CANO=50000001\nKIS_HTS_ID=me"
                        .formatted(SECOND, SECRET));
        assertThat(loaded(Map.of()).kis().marketStatus()).isFalse();
        var mock = loaded(Map.of("KIS_WS_MARKET_STATUS", "on"));
        assertThat(mock.kis().marketStatus()).isFalse();
        assertThat(mock.warnings()).anyMatch(it -> it.contains("KIS_WS_MARKET_STATUS has no effect on paper"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8-16", "08:30", "24:00-16:30", "08:30-08:30"})
    @Requirement("I-02")
    void invalid_hours_stop_the_start(String text) {
        assertThat(problems(Map.of("KIS_WS_KR_HOURS", text)))
                .singleElement()
                .asString()
                .startsWith("KIS_WS_KR_HOURS must be");
    }

    private void yaml(String text) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), text);
    }

    private Settings loaded(Map<String, String> environment) {
        var result = load(environment);
        assertThat(result).isInstanceOf(Loaded.class);
        return ((Loaded) result).settings();
    }

    private List<String> problems(Map<String, String> environment) {
        var result = load(environment);
        assertThat(result).isInstanceOf(Problems.class);
        return ((Problems) result).sentences();
    }

    private SettingsResult load(Map<String, String> environment) {
        return SettingsLoader.load(
                List.of(), environment, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
    }
}
