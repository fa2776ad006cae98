package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./kis secrets} as a process of its own, with every place of the master key. */
@Requirement("A-14")
@Tag("slow")
class SecretsCommandTest {
    private static final String PLANTED = "planted-app-secret-4711";
    private static final String PIN = "4711";
    private static final Path SOFT_HSM = Path.of("/usr/lib/softhsm/libsofthsm2.so");

    @TempDir
    Path folder;

    private record Result(int code, String output) {}

    @Test
    void a_secret_is_stored_listed_replaced_and_removed() throws Exception {
        assertThat(secrets(Map.of(), "", "list").output()).contains("No secret is stored");
        assertThat(secrets(Map.of(), PLANTED + "\n", "set", "KIS_APP_SECRET", "--expires", "2027-01-31"))
                .satisfies(it -> assertThat(it.code()).isZero())
                .satisfies(it -> assertThat(it.output()).contains("is stored").doesNotContain(PLANTED));
        assertThat(secrets(Map.of(), "", "list").output())
                .contains("KIS_APP_SECRET", "2027-01-31")
                .doesNotContain(PLANTED);
        assertThat(secrets(Map.of(), "of-a-later-day-0815\n", "set", "KIS_APP_SECRET")
                        .output())
                .contains("was replaced");
        assertThat(secrets(Map.of(), "", "list").output()).doesNotContain("2027-01-31");
        assertThat(secrets(Map.of(), "", "remove", "KIS_APP_SECRET").output()).contains("was removed");
        assertThat(secrets(Map.of(), "", "remove", "KIS_APP_SECRET").code()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("data/secrets.json"))).doesNotContain(PLANTED);
    }

    @Test
    void bad_input_stores_nothing() throws Exception {
        assertThat(secrets(Map.of(), PLANTED, "set", "kis_app_secret").code()).isEqualTo(2);
        assertThat(secrets(Map.of(), PLANTED, "set", "GATEWAY_PORT").output()).contains("is no secret");
        assertThat(secrets(Map.of(), PLANTED, "set", "MASTER_KEY").output()).contains("cannot be one of them");
        assertThat(secrets(Map.of(), PLANTED, "set", "KIS_APP_SECRE").output()).contains("KIS_APP_SECRET");
        assertThat(secrets(Map.of(), PLANTED, "set", "KIS_APP_SECRET", "--expires", "soon")
                        .code())
                .isEqualTo(2);
        assertThat(secrets(Map.of(), "\n", "set", "KIS_APP_SECRET").code()).isEqualTo(1);
        assertThat(secrets(Map.of(), "x".repeat(8_193), "set", "KIS_APP_SECRET").code())
                .isEqualTo(1);
        assertThat(secrets(Map.of("MASTER_KEY_SOURCE", "vault"), PLANTED, "set", "KIS_APP_SECRET")
                        .output())
                .contains("MASTER_KEY_SOURCE must be");
        assertThat(folder.resolve("data/secrets.json")).doesNotExist();
    }

    @Test
    void commands_at_the_same_time_lose_no_secret() throws Exception {
        var running = new ArrayList<Process>();
        for (int i = 0; i < 4; i++) {
            running.add(start(Map.of(), "value-of-" + i, List.of("set", "NAME_" + i)));
        }
        for (var process : running) {
            assertThat(end(process).code()).isZero();
        }
        assertThat(secrets(Map.of(), "", "list").output()).contains("NAME_0", "NAME_1", "NAME_2", "NAME_3");
    }

    @Requirement(value = "A-14", clause = "master-key")
    @Test
    void a_key_management_service_opens_the_secrets_and_without_it_nothing_does() throws Exception {
        try (var kms = new LocalKms()) {
            var aws = kms.environment();
            assertThat(secrets(aws, PLANTED, "set", "KIS_APP_SECRET").output()).contains("is stored");
            assertThat(secrets(aws, "", "list").output()).contains("KIS_APP_SECRET");
            assertThat(secrets(aws, "", "rotate", "--master").output()).contains("new master and data key: 1");
            assertThat(secrets(aws, "", "list").output()).contains("KIS_APP_SECRET");

            assertThat(kms.actions).contains("Encrypt", "Decrypt");
            assertThat(folder.resolve("home/.config/kis-gateway/master.key")).doesNotExist();
            assertThat(secrets(Map.of(), "", "list").output()).contains("There is no master key");
            kms.changeKey();
            var refused = secrets(aws, "", "list");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.output()).contains("AWS KMS did not decrypt").doesNotContain(PLANTED);
        }
    }

    @Test
    void a_key_in_a_file_moves_to_a_key_management_service() throws Exception {
        secrets(Map.of(), PLANTED, "set", "KIS_APP_SECRET");
        try (var kms = new LocalKms()) {
            var aws = kms.environment();
            assertThat(secrets(aws, "", "list").output()).contains("There is no master key");
            assertThat(secrets(aws, "", "move-master-key", "--from=file").code())
                    .isZero();
            assertThat(folder.resolve("home/.config/kis-gateway/master.key")).doesNotExist();
            assertThat(secrets(aws, "", "list").output()).contains("KIS_APP_SECRET");
            assertThat(secrets(aws, "", "move-master-key", "--from=file").code())
                    .isEqualTo(1);
        }
    }

    @Requirement(value = "A-14", clause = "master-key")
    @Test
    void a_pkcs_11_module_opens_the_secrets_and_not_with_another_pin_or_key() throws Exception {
        assertThat(SOFT_HSM).as("SoftHSM, Debian's package softhsm2").exists();
        var hsm = softHsm();

        assertThat(secrets(hsm, PLANTED, "set", "KIS_APP_SECRET").output()).contains("is stored");
        assertThat(secrets(hsm, "", "list").output()).contains("KIS_APP_SECRET");
        assertThat(folder.resolve("home/.config/kis-gateway/master.key")).doesNotExist();

        assertThat(secrets(with(hsm, "MASTER_KEY_PIN", "0000"), "", "list"))
                .satisfies(it -> assertThat(it.code()).isEqualTo(1))
                .satisfies(
                        it -> assertThat(it.output()).contains("MASTER_KEY_PIN").doesNotContain(PLANTED));
        assertThat(secrets(
                                with(
                                        hsm,
                                        "MASTER_KEY_SOURCE",
                                        hsm.get("MASTER_KEY_SOURCE").replace("object=kis", "object=none")),
                                "",
                                "list")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void the_users_keyring_opens_the_secrets_and_not_without_its_session() throws Exception {
        assertThatCode(() -> run(Map.of(), "", List.of("secret-tool", "--version")))
                .as("secret-tool, Debian's package libsecret-tools")
                .doesNotThrowAnyException();
        var script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n" + "printf " + PLANTED
                + " | \"$@\" set KIS_APP_SECRET && \"$@\" list";
        var command = new ArrayList<>(List.of("dbus-run-session", "--", "sh", "-c", script, "sh"));
        command.addAll(command(List.of()));

        Files.createDirectories(folder.resolve("home/.cache"));
        var stored = run(Map.of("MASTER_KEY_SOURCE", "keyring", "XDG_DATA_HOME", folder + "/keyring"), "", command);

        assertThat(stored.output()).contains("is stored").containsPattern("KIS_APP_SECRET +20");
        assertThat(folder.resolve("home/.config/kis-gateway/master.key")).doesNotExist();
        assertThat(secrets(
                                Map.of("MASTER_KEY_SOURCE", "keyring", "DBUS_SESSION_BUS_ADDRESS", "unix:path=/none"),
                                "",
                                "list")
                        .code())
                .isEqualTo(1);
    }

    /** A token with an AES key that never leaves it, in files of the test's folder. */
    private Map<String, String> softHsm() throws Exception {
        var tokens = Files.createDirectories(folder.resolve("tokens"));
        var configuration = folder.resolve("softhsm2.conf");
        Files.writeString(configuration, "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
        var environment = Map.of("SOFTHSM2_CONF", configuration.toString());
        var initialized = run(
                environment,
                "",
                List.of("softhsm2-util", "--init-token", "--free", "--label", "test", "--pin", PIN, "--so-pin", PIN));
        var slot = initialized.output().replaceAll("(?s).*slot ([0-9]+).*", "$1");
        assertThat(slot).matches("[0-9]+");
        var created = run(
                environment,
                "",
                List.of(
                        "pkcs11-tool",
                        "--module",
                        SOFT_HSM.toString(),
                        "--slot",
                        slot,
                        "--login",
                        "--pin",
                        PIN,
                        "--keygen",
                        "--key-type",
                        "AES:32",
                        "--label",
                        "kis",
                        "--id",
                        "01"));
        assertThat(created.code()).as(created.output()).isZero();
        return Map.of(
                "SOFTHSM2_CONF",
                configuration.toString(),
                "MASTER_KEY_PIN",
                PIN,
                "MASTER_KEY_SOURCE",
                "pkcs11:slot-id=" + slot + ";object=kis?module-path=" + SOFT_HSM);
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        var other = new java.util.HashMap<>(environment);
        other.put(name, value);
        return other;
    }

    private Result secrets(Map<String, String> environment, String input, String... arguments) throws Exception {
        return end(start(environment, input, List.of(arguments)));
    }

    private Process start(Map<String, String> environment, String input, List<String> arguments) throws IOException {
        return launch(environment, input, command(arguments));
    }

    private List<String> command(List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + folder.resolve("home"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "secrets"));
        command.addAll(arguments);
        return command;
    }

    private Result run(Map<String, String> environment, String input, List<String> command) throws Exception {
        return end(launch(environment, input, command));
    }

    private Process launch(Map<String, String> environment, String input, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|MASTER|AWS|SECRETS)_.*"));
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        var process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // A command that refuses its arguments ends without reading.
        }
        return process;
    }

    private static Result end(Process process) throws Exception {
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), output);
    }

    /** AWS KMS's protocol over HTTP: Encrypt and Decrypt, with a key of its own, bound to the encryption context. */
    private static final class LocalKms implements AutoCloseable {
        private static final String KEY_ID = "alias/kis-gateway";

        private final JsonMapper mapper = new JsonMapper();
        private final SecureRandom random = new SecureRandom();
        private final List<String> actions = new CopyOnWriteArrayList<>();
        private final HttpServer server;
        private volatile byte[] key = new byte[32];

        LocalKms() throws IOException {
            changeKey();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
                var action = target.replace("TrentService.", "");
                boolean signed = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                        .startsWith("AWS4-HMAC-SHA256 Credential=test-id/");
                actions.add(action);
                byte[] answer;
                int status = 200;
                try {
                    if (!signed) {
                        throw new GeneralSecurityException("not signed");
                    }
                    answer = answer(
                            action, mapper.readTree(exchange.getRequestBody().readAllBytes()));
                } catch (GeneralSecurityException _) {
                    status = 400;
                    answer = "{\"__type\":\"InvalidCiphertextException\"}".getBytes(StandardCharsets.UTF_8);
                }
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            server.start();
        }

        void changeKey() {
            var fresh = new byte[32];
            random.nextBytes(fresh);
            key = fresh;
        }

        Map<String, String> environment() {
            return Map.of(
                    "MASTER_KEY_SOURCE",
                    "aws-kms://" + KEY_ID,
                    "AWS_ENDPOINT_URL_KMS",
                    "http://127.0.0.1:" + server.getAddress().getPort(),
                    "AWS_REGION",
                    "ap-northeast-2",
                    "AWS_ACCESS_KEY_ID",
                    "test-id",
                    "AWS_SECRET_ACCESS_KEY",
                    "test-secret");
        }

        private byte[] answer(String action, JsonNode request) throws GeneralSecurityException {
            boolean encrypts = action.equals("Encrypt");
            byte[] input = Base64.getDecoder()
                    .decode(request.path(encrypts ? "Plaintext" : "CiphertextBlob")
                            .asString());
            var context = request.path("EncryptionContext").toString().getBytes(StandardCharsets.UTF_8);
            var answer = mapper.createObjectNode().put("KeyId", KEY_ID);
            if (encrypts) {
                var nonce = new byte[12];
                random.nextBytes(nonce);
                byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(input);
                var blob = java.nio.ByteBuffer.allocate(12 + ciphertext.length)
                        .put(nonce)
                        .put(ciphertext)
                        .array();
                answer.put("CiphertextBlob", Base64.getEncoder().encodeToString(blob));
            } else {
                byte[] clear = cipher(Cipher.DECRYPT_MODE, java.util.Arrays.copyOf(input, 12), context)
                        .doFinal(input, 12, input.length - 12);
                answer.put("Plaintext", Base64.getEncoder().encodeToString(clear));
            }
            return mapper.writeValueAsBytes(answer);
        }

        private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(context);
            return cipher;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
