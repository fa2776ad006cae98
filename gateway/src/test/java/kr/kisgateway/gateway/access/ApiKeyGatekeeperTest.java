package kr.kisgateway.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Gatekeeper.RequestCredentials;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The keys in a file, and its older layouts. */
@Requirement("A-15")
class ApiKeyGatekeeperTest extends ApiKeyGatekeeperContract {
    @Override
    KeyStore openStore() {
        return KeyStore.open(folder.resolve("access.db"));
    }

    @Override
    String stored() throws Exception {
        var text = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    @Test
    void the_file_is_readable_by_its_owner_only() throws Exception {
        assertThat(Files.getPosixFilePermissions(folder.resolve("access.db")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void keys_of_the_first_layout_are_valid_and_unrestricted_in_the_second() throws Exception {
        var file = folder.resolve("old.db");
        var text = create("old", "trade", Optional.of(List.of("A1")), List.of(), Optional.empty())
                .text();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("""
                    CREATE TABLE api_keys(
                      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
                      accounts TEXT, symbols TEXT, networks TEXT NOT NULL, calls_per_second INTEGER,
                      created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER,
                      hash TEXT NOT NULL, former_hash TEXT, former_until_ms INTEGER) STRICT""");
            statement.execute("INSERT INTO api_keys VALUES ('" + text.id() + "', 'old', 'trade', 'A1', NULL, '', NULL, "
                    + now.toEpochMilli() + ", NULL, NULL, '" + text.hash().hex() + "', NULL, NULL)");
            statement.execute("PRAGMA user_version=1");
        }
        for (int start = 1; start <= 2; start++) { // the second start opens the second layout
            try (var ring = new KeyRing(KeyStore.open(file), clock, new SecureRandom())) {
                var caller = new ApiKeyGatekeeper(true, ring, Optional.empty(), RATE, clock, clock)
                        .admit(
                                new RequestCredentials(
                                        LOOPBACK, Optional.empty(), Optional.of(text.reveal()), Optional.empty()),
                                Optional.of(Role.TRADE));
                assertThat(caller.name()).isEqualTo("old");
                assertThat(caller.accounts()).contains(Set.of("A1"));
                assertThat(caller.strategy()).isEmpty();
                assertThat(caller.ownOrdersOnly()).isFalse();
            }
        }
        try (var store = KeyStore.open(file)) {
            assertThat(store.all()).hasSize(1);
        }
    }

    @Test
    void virtual_app_keys_of_the_fourth_layout_keep_the_records_of_their_frames() throws Exception {
        var file = folder.resolve("fourth.db");
        KeyStore.open(file).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE api_keys DROP COLUMN records");
            for (String layout : List.of("classic", "current")) {
                statement.execute("INSERT INTO api_keys (id, name, role, networks, created_ms, hash, app_key_hash,"
                        + " app_secret_hash, account_number, hts_id, layout) VALUES ('" + layout + "', '" + layout
                        + "', 'trade', '', 0, '" + "00".repeat(32) + "', '"
                        + (layout.equals("classic") ? "00" : "11").repeat(32)
                        + "', '" + "00".repeat(32) + "', '9000000001', 'id', '" + layout + "')");
            }
            statement.execute("PRAGMA user_version=4");
        }
        try (var store = KeyStore.open(file)) {
            assertThat(store.all())
                    .extracting(key -> key.face().orElseThrow().records())
                    .containsExactly(FaceRecords.SINGLE, FaceRecords.BATCHED);
        }
    }
}
