package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy of the data folder contains after a day of use. */
@Requirement("A-14")
@Tag("slow")
class CopiedFolderTest {
    private static final Map<String, String> PLANTED = Map.of(
            "KIS_APP_KEY", "planted-app-key-4711-4711",
            "KIS_APP_SECRET", "planted-app-secret-4711-4711-4711",
            "GATEWAY_OPERATOR_TOKEN", "planted-operator-token-4711",
            "TELEGRAM_TOKEN", "planted-telegram-token-4711");

    @TempDir
    Path folder;

    @Test
    void a_copied_data_folder_yields_no_secret() throws Exception {
        var random = new SecureRandom();
        var keys = MasterKeys.inFile(folder.resolve("home/.config/kis-gateway"));
        SecretFile.change(folder.resolve("data"), keys.open(random), random, secrets -> {
            PLANTED.forEach((name, value) -> secrets.put(
                    name,
                    new StoredSecret(name, Secret.of(value), Instant.parse("2026-11-20T00:00:00Z"), Optional.empty())));
            return secrets;
        });
        var apiKey = KeyCommands.printed(folder, List.of("create", "bot", "--role", "trade"));
        var shown = new ArrayList<String>();
        try (var gateway = GatewayFixture.start(
                folder, Map.of("KIS_ENV", "sim", "GATEWAY_OPERATOR_TOKEN", "", "GATEWAY_KEYS_REQUIRED", "false"))) {
            assertThat(gateway.settings().kis().appSecret()).contains(Secret.of(PLANTED.get("KIS_APP_SECRET")));
            shown.add(gateway.buy("one").body());
            shown.add(gateway.get("/v1/quotes/005930").body());
            shown.add(gateway.get("/v1/quotes/" + PLANTED.get("KIS_APP_KEY")).body());
            shown.add(gateway.send(
                            "POST", "/v1/session/reconnect", "{}", "X-Operator-Token", "wrong-token-of-an-attacker")
                    .body());
            shown.add(gateway.get("/v1/alerts?limit=1000").body());
            shown.add(gateway.get("/v1/session/status").body());
            shown.add(gateway.get("/v1/metrics/order").body());
        }
        // What the caller sent comes back in the refusal, and only there.
        shown.remove(2);
        PLANTED.values()
                .forEach(value ->
                        assertThat(shown).noneSatisfy(text -> assertThat(text).contains(value)));

        try (var files = Files.walk(folder.resolve("data"))) {
            var searched = files.filter(Files::isRegularFile).toList();
            assertThat(searched.stream().map(path -> path.getFileName().toString()))
                    .contains("journal.db", "token", "secrets.json");
            for (var file : searched) {
                assertThat(foundIn(file, apiKey.lines().toList()))
                        .as(file.toString())
                        .isEmpty();
            }
        }
        // On another machine, with a master key of its own, the secrets stay closed.
        var other = MasterKeys.inFile(folder.resolve("other"));
        var otherKey = other.open(random);
        assertThatThrownBy(() -> SecretFile.read(folder.resolve("data"), otherKey))
                .isInstanceOf(SecretException.class);
    }

    private static List<String> foundIn(Path file, List<String> apiKeyLines) throws IOException {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        var sought = new ArrayList<>(PLANTED.values());
        apiKeyLines.stream()
                .map(String::strip)
                .filter(it -> it.startsWith("kgw_"))
                .forEach(sought::add);
        assertThat(sought).hasSizeGreaterThan(PLANTED.size());
        return sought.stream().filter(text::contains).toList();
    }
}
