package kr.kisgateway.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stored secrets as a source of settings. */
@Requirement("A-14")
class StoredSecretsTest {
    private static final String STORED = "stored-app-secret-of-180-characters";
    private static final String OTHER = "another-app-secret-in-clear-text";

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    @BeforeEach
    void storeOne() throws SecretException {
        store("KIS_APP_SECRET", STORED);
    }

    @Test
    void a_stored_secret_is_the_setting_of_its_name() {
        assertThat(loaded(Map.of()).kis().appSecret()).contains(Secret.of(STORED));
    }

    @Test
    void the_environment_is_stronger_and_the_yaml_file_weaker() throws IOException {
        assertThat(loaded(Map.of("KIS_APP_SECRET", OTHER)).kis().appSecret()).contains(Secret.of(OTHER));
        Files.writeString(folder.resolve("gateway.yaml"), "kis:\n  app-secret: " + OTHER + "\n");
        var withYaml = loaded(Map.of());
        assertThat(withYaml.kis().appSecret()).contains(Secret.of(STORED));
        assertThat(withYaml.warnings())
                .anySatisfy(text -> assertThat(text).contains("KIS_APP_SECRET", "gateway.yaml", "does not apply"))
                .noneSatisfy(text -> assertThat(text).contains(OTHER));
    }

    @Test
    void a_secret_that_is_also_in_clear_in_dot_env_is_reported() throws IOException {
        Files.writeString(folder.resolve(".env"), "KIS_APP_SECRET=" + OTHER + "\n");
        var settings = loaded(Map.of());
        assertThat(settings.kis().appSecret()).contains(Secret.of(OTHER));
        assertThat(settings.warnings())
                .anySatisfy(text -> assertThat(text).contains(".env", "which applies", "remove it there"));
    }

    @Test
    void further_app_keys_refer_to_stored_secrets() throws IOException, SecretException {
        store("K2_KEY", "second-app-key-0815");
        store("K2_SECRET", "second-app-secret-of-180-characters");
        Files.writeString(
                folder.resolve("gateway.yaml"),
                "kis:\n  app-keys:\n    - id: K2\n      app-key: secret:K2_KEY\n      app-secret: secret:K2_SECRET\n");
        assertThat(loaded(Map.of()).kis().furtherKeys())
                .singleElement()
                .satisfies(key -> assertThat(key.appKey()).contains(Secret.of("second-app-key-0815")))
                .satisfies(
                        key -> assertThat(key.appSecret()).contains(Secret.of("second-app-secret-of-180-characters")));

        Files.writeString(
                folder.resolve("gateway.yaml"),
                "kis:\n  app-keys:\n    - id: K2\n      app-key: secret:K2_KEY\n      app-secret: secret:K3_SECRET\n");
        assertThat(problems())
                .anySatisfy(problem -> assertThat(problem).contains("K2.app-secret", "./kis secrets set NAME"));
    }

    @Test
    void without_the_master_key_the_gateway_does_not_start_and_none_is_created() throws IOException {
        Files.delete(folder.resolve("home/.config/kis-gateway/master.key"));
        assertThat(problems()).anySatisfy(problem -> assertThat(problem).contains("There is no master key"));
        assertThat(folder.resolve("home/.config/kis-gateway/master.key")).doesNotExist();
    }

    @Test
    void the_report_of_settings_names_the_origin_and_masks_the_value() {
        var report = SettingsLoader.report(
                List.of(),
                Map.of("KIS_ENV", "sim"),
                folder,
                folder.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        assertThat(report.rows())
                .filteredOn(row -> row.setting().name().equals("KIS_APP_SECRET"))
                .singleElement()
                .satisfies(row -> assertThat(row.origin().label()).isEqualTo("./kis secrets"))
                .satisfies(row -> assertThat(row.value()).contains("***"));
    }

    @Test
    void commands_on_the_keys_find_the_stored_address_of_a_database_and_refuse_one_that_cannot_be_read()
            throws IOException, SecretException {
        store("DATABASE_URL", "postgresql://kis:stored-password@db.example:5432/kis");
        var settings = SettingsLoader.dataFolder(List.of(), Map.of("KIS_ENV", "sim"), folder, folder.resolve("home"));
        assertThat(settings.database())
                .hasValueSatisfying(address ->
                        assertThat(address).asString().contains("db.example").doesNotContain("stored-password"));

        Files.delete(folder.resolve("home/.config/kis-gateway/master.key"));
        var unreadable = SettingsLoader.dataFolder(List.of(), Map.of("KIS_ENV", "sim"), folder, folder.resolve("home"));
        assertThat(unreadable.problems()).isEmpty();
        assertThat(unreadable.databaseProblems()).singleElement().asString().contains("There is no master key");
    }

    private void store(String name, String value) throws SecretException {
        var keys = MasterKeys.inFile(folder.resolve("home/.config/kis-gateway"));
        SecretFile.change(folder.resolve("data"), keys.open(random), random, secrets -> {
            secrets.put(
                    name,
                    new StoredSecret(name, Secret.of(value), Instant.parse("2026-11-20T00:00:00Z"), Optional.empty()));
            return secrets;
        });
    }

    private SettingsResult load(Map<String, String> environment) {
        var all = new java.util.HashMap<>(Map.of("KIS_ENV", "sim", "KIS_APP_KEY", "first-app-key-4711"));
        all.putAll(environment);
        return SettingsLoader.load(
                List.of(), all, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
    }

    private Settings loaded(Map<String, String> environment) {
        return switch (load(environment)) {
            case SettingsResult.Loaded(Settings settings) -> settings;
            case SettingsResult.Problems(List<String> sentences) -> throw new AssertionError(sentences);
        };
    }

    private List<String> problems() {
        return switch (load(Map.of())) {
            case SettingsResult.Loaded(Settings settings) -> throw new AssertionError("loaded " + settings);
            case SettingsResult.Problems(List<String> sentences) -> sentences;
        };
    }
}
