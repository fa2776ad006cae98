package kr.kisgateway.gateway.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("A-14")
class MasterKeysTest {
    private static final Secret LONG = Secret.of("0123456789abcdef0123456789abcdef");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    @Test
    void the_first_start_creates_a_key_that_only_its_owner_may_read() throws Exception {
        var keys = MasterKeys.inFile(folder.resolve("config"));
        var key = keys.open(random);
        assertThat(keys.open(random)).isEqualTo(key);
        assertThat(key.toString()).doesNotContain(key.text().reveal());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("config/master.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_key_that_others_may_read_is_refused() throws Exception {
        var keys = MasterKeys.inFile(folder);
        keys.open(random);
        Files.setPosixFilePermissions(folder.resolve("master.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> keys.open(random))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("chmod 600");
    }

    @Requirement(value = "A-14", clause = "master-key")
    @Test
    void the_environment_supplies_a_key() throws Exception {
        assertThat(environment(Optional.of(LONG)).open(random).text()).isEqualTo(LONG);
        assertThatThrownBy(() -> environment(Optional.empty()).open(random))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("MASTER_KEY is not set");
        assertThatThrownBy(() -> environment(Optional.of(Secret.of("short"))).open(random))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("32 characters")
                .hasMessageNotContaining("short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault",
                "aws-kms://",
                "pkcs11:",
                "pkcs11:slot-id=x;object=key?module-path=/lib.so",
                "pkcs11:slot-id=1;object=key?module-path=relative.so",
                "pkcs11:slot-id=1;object=key?module-path=/there/is/no/library.so",
                "pkcs11:slot-id=1;slot-id=2;object=key?module-path=/lib.so",
            })
    void an_invalid_place_is_refused_before_anything_is_written(String source) throws Exception {
        var keys = new MasterKeys(folder.resolve("config"), source, Optional.empty(), Optional.of(Secret.of("1234")));
        assertThatThrownBy(keys::check).isInstanceOf(SecretException.class);
        assertThatThrownBy(keys::read).isInstanceOf(SecretException.class);
        assertThat(folder.resolve("config")).doesNotExist();
    }

    @Test
    void a_missing_key_is_not_replaced_where_secrets_need_it() {
        assertThatThrownBy(() -> MasterKeys.inFile(folder).read())
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("There is no master key");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_key_file_left_behind_is_not_ignored_when_another_place_is_configured() throws Exception {
        MasterKeys.inFile(folder).open(random);
        var wrapped = new WrappedKey(folder, new ReversingWrapper());
        assertThat(wrapped.read()).isEmpty();
        var keys = new MasterKeys(folder, "aws-kms://alias/none", Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> keys.open(random))
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("move-master-key --from=file");
    }

    @Test
    void a_wrapped_key_of_another_place_is_refused() throws Exception {
        var wrapped = new WrappedKey(folder, new ReversingWrapper());
        wrapped.create(new MasterKey(LONG), random);
        assertThat(wrapped.read()).contains(new MasterKey(LONG));
        assertThat(Files.readString(folder.resolve("master.key.wrapped"))).doesNotContain(LONG.reveal());
        assertThatThrownBy(new WrappedKey(folder, new KmsWrapper("alias/other"))::read)
                .isInstanceOf(SecretException.class)
                .hasMessageContaining("first line");
    }

    @Test
    void of_two_processes_that_create_a_wrapped_key_both_use_the_first() throws Exception {
        var first = new WrappedKey(folder, new ReversingWrapper());
        first.create(new MasterKey(LONG), random);
        first.create(MasterKey.random(random), random);
        assertThat(first.read()).contains(new MasterKey(LONG));
    }

    private MasterKeys environment(Optional<Secret> value) {
        return new MasterKeys(folder, "env", value, Optional.empty());
    }

    /** Wraps by reversing, without a service. */
    private static final class ReversingWrapper implements KeyWrapper {
        @Override
        public byte[] wrap(byte[] clear, SecureRandom random) {
            return reversed(clear);
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
            return reversed(wrapped);
        }

        private static byte[] reversed(byte[] bytes) {
            var result = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                result[i] = bytes[bytes.length - 1 - i];
            }
            return result;
        }

        @Override
        public String label() {
            return "reversing";
        }
    }
}
