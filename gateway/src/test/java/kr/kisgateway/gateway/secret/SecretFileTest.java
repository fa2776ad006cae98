package kr.kisgateway.gateway.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Requirement("A-14")
class SecretFileTest {
    private static final Instant SET_AT = Instant.parse("2026-11-20T01:02:03Z");
    private static final String PLANTED = "planted-app-secret-4711";

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);

    @TempDir
    Path folder;

    @Requirement(value = "A-14", clause = "secrets")
    @Test
    void stored_secrets_are_read_again_and_the_file_contains_none_of_them() throws Exception {
        set("KIS_APP_SECRET", PLANTED, Optional.of(LocalDate.of(2027, 1, 31)));
        set("TELEGRAM_TOKEN", "another-planted-value", Optional.empty());

        var read = SecretFile.read(folder, master).all();

        assertThat(read.keySet()).containsExactly("KIS_APP_SECRET", "TELEGRAM_TOKEN");
        assertThat(read.get("KIS_APP_SECRET"))
                .isEqualTo(new StoredSecret(
                        "KIS_APP_SECRET", Secret.of(PLANTED), SET_AT, Optional.of(LocalDate.of(2027, 1, 31))));
        assertThat(Files.readString(file())).doesNotContain(PLANTED, "another-planted-value");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void another_master_key_opens_nothing() throws Exception {
        set("KIS_APP_SECRET", PLANTED, Optional.empty());
        assertThatThrownBy(() -> SecretFile.read(folder, MasterKey.random(random)))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("master key does not open");
    }

    @ParameterizedTest
    @CsvSource({
        "name, KIS_MOCK_APP_SECRET",
        "set_at, 2026-11-21T01:02:03Z",
        "expires_on, 2099-12-31",
    })
    void a_changed_name_or_date_is_detected(String member, String text) throws Exception {
        set("KIS_APP_SECRET", PLANTED, Optional.of(LocalDate.of(2027, 1, 31)));
        rewrite(root -> ((ObjectNode) root.path("secrets").path(0)).put(member, text));
        assertRefused("damaged");
    }

    @Test
    void two_exchanged_values_are_detected() throws Exception {
        set("KIS_APP_SECRET", PLANTED, Optional.empty());
        set("KIS_MOCK_APP_SECRET", "paper-secret-of-the-same-day", Optional.empty());
        rewrite(root -> {
            var first = (ObjectNode) root.path("secrets").path(0);
            var second = (ObjectNode) root.path("secrets").path(1);
            var value = first.path("value").asString();
            first.put("value", second.path("value").asString());
            second.put("value", value);
        });
        assertRefused("damaged");
    }

    @Test
    void a_file_of_another_form_is_refused_with_what_to_do() throws Exception {
        Files.writeString(file(), "{\"format\":1}");
        assertRefused("./kis secrets set");
        Files.writeString(file(), "not json, " + PLANTED);
        assertThatThrownBy(() -> SecretFile.read(folder, master))
                .isInstanceOf(SecretException.class)
                .hasMessageNotContaining(PLANTED);
        Files.writeString(file(), "{\"format\":2,\"data_keys\":[],\"secrets\":[]}");
        assertRefused("another release");
    }

    @Test
    void a_rotated_file_has_other_bytes_and_the_same_secrets() throws Exception {
        set("KIS_APP_SECRET", PLANTED, Optional.empty());
        var before = new JsonMapper().readTree(Files.readAllBytes(file()));
        SecretFile.rotate(folder, master, random);
        var after = new JsonMapper().readTree(Files.readAllBytes(file()));

        assertThat(after.path("data_keys").path(0))
                .isNotEqualTo(before.path("data_keys").path(0));
        assertThat(after.path("secrets").path(0).path("value"))
                .isNotEqualTo(before.path("secrets").path(0).path("value"));
        // The value of before is not readable with the data key of afterwards.
        rewrite(root -> ((ObjectNode) root.path("secrets").path(0))
                .put("value", before.path("secrets").path(0).path("value").asString()));
        assertRefused("damaged");
    }

    @Test
    void a_rotated_master_key_opens_the_secrets_and_the_former_one_does_not() throws Exception {
        var keys = MasterKeys.inFile(folder.resolve("config"));
        var former = keys.open(random);
        change(former, "KIS_APP_SECRET", PLANTED);

        SecretFile.rotateMaster(folder, keys, random);

        assertThat(keys.read()).isNotEqualTo(former);
        assertThat(SecretFile.read(folder, keys.read()).all()).containsKey("KIS_APP_SECRET");
        assertThatThrownBy(() -> SecretFile.read(folder, former)).isInstanceOf(SecretException.class);
    }

    @Test
    void between_the_steps_of_a_rotation_both_master_keys_open_the_secrets() throws Exception {
        var keys = MasterKeys.inFile(folder.resolve("config"));
        var former = keys.open(random);
        change(former, "KIS_APP_SECRET", PLANTED);
        // The new key cannot be stored: the rotation ends after its first step.
        var config = folder.resolve("config");
        var elsewhere = new MasterKeys(config, "env", Optional.of(former.text()), Optional.empty());

        assertThatThrownBy(() -> SecretFile.rotateMaster(folder, elsewhere, random))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("MASTER_KEY");

        var dataKeys = (ArrayNode)
                new JsonMapper().readTree(Files.readAllBytes(file())).path("data_keys");
        assertThat(dataKeys).hasSize(2);
        assertThat(SecretFile.read(folder, former).all().get("KIS_APP_SECRET").value())
                .isEqualTo(Secret.of(PLANTED));
    }

    @Test
    void a_change_leaves_no_part_of_a_file_behind() throws Exception {
        change(master, "KIS_APP_SECRET", PLANTED);
        change(master, "KIS_APP_SECRET", "the-value-of-afterwards");
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(SecretFile.NAME, SecretFile.NAME + ".lock");
        }
    }

    private void set(String name, String value, Optional<LocalDate> expires) throws SecretException {
        SecretFile.change(folder, master, random, secrets -> {
            secrets.put(name, new StoredSecret(name, Secret.of(value), SET_AT, expires));
            return secrets;
        });
    }

    private void change(MasterKey key, String name, String value) throws SecretException {
        SecretFile.change(folder, key, random, secrets -> {
            secrets.put(name, new StoredSecret(name, Secret.of(value), SET_AT, Optional.empty()));
            return secrets;
        });
    }

    private void assertRefused(String text) {
        assertThatThrownBy(() -> SecretFile.read(folder, master))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining(text);
    }

    private interface Edit {
        void apply(ObjectNode root);
    }

    private void rewrite(Edit edit) throws IOException {
        var root = (ObjectNode) new JsonMapper().readTree(Files.readAllBytes(file()));
        edit.apply(root);
        Files.write(file(), new JsonMapper().writeValueAsBytes(root));
    }

    private Path file() {
        return folder.resolve(SecretFile.NAME);
    }
}
