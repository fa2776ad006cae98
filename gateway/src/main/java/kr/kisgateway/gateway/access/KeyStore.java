package kr.kisgateway.gateway.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * The keys on disk, hashes only: {@code access.db} beside the journal. Gateway and {@code keys} command may have it
 * open at the same time. One platform thread: SQLite pins a virtual thread's carrier.
 */
public final class KeyStore implements AutoCloseable {
    /** Version of the table; a file of a newer release is refused. */
    private static final int LAYOUT = 5;

    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS api_keys(
              id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
              accounts TEXT, symbols TEXT, networks TEXT NOT NULL, calls_per_second INTEGER,
              created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER,
              hash TEXT NOT NULL, former_hash TEXT, former_until_ms INTEGER,
              strategy TEXT, own INTEGER NOT NULL DEFAULT 0, app_key_hash TEXT UNIQUE, app_secret_hash TEXT,
              former_app_secret_hash TEXT, account_number TEXT, hts_id TEXT, layout TEXT,
              own_balances INTEGER NOT NULL DEFAULT 0, records TEXT) STRICT""";

    /** Access tokens that were issued to virtual app keys, by the second of issue. */
    private static final String TOKENS = """
            CREATE TABLE IF NOT EXISTS issued_tokens(
              key_id TEXT NOT NULL, issued_s INTEGER NOT NULL, revoked INTEGER NOT NULL,
              PRIMARY KEY(key_id, issued_s)) STRICT, WITHOUT ROWID""";

    /** Logins of browsers; older releases ignore them. */
    private static final String LOGINS = """
            CREATE TABLE IF NOT EXISTS logins(
              token_hash TEXT PRIMARY KEY, key_id TEXT NOT NULL, key_secret TEXT NOT NULL,
              created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID""";

    /** Columns of layout 3. */
    private static final List<String> FACE_COLUMNS =
            List.of("app_key_hash", "app_secret_hash", "former_app_secret_hash", "account_number", "hts_id", "layout");

    private final Path file;
    private final Connection connection;

    /** The keys cannot be read or written. */
    public static final class KeyStoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        KeyStoreException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Opens or creates {@code file}, readable by its owner only. */
    public static KeyStore open(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.createFile(file);
                if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
            }
            return new KeyStore(file, DriverManager.getConnection("jdbc:sqlite:" + file));
        } catch (IOException | SQLException e) {
            throw new KeyStoreException("The keys in " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private KeyStore(Path file, Connection connection) throws SQLException {
        this.file = file;
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            statement.execute("PRAGMA journal_mode=wal");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("BEGIN IMMEDIATE"); // gateway and command may open an old file at the same moment
            int layout = number("PRAGMA user_version");
            if (layout > LAYOUT) {
                throw new SQLException("a newer release wrote them (layout " + layout + "); use that release");
            }
            statement.execute(TABLE);
            statement.execute(TOKENS);
            statement.execute(LOGINS);
            if (layout == 1) {
                statement.execute("ALTER TABLE api_keys ADD COLUMN strategy TEXT");
                statement.execute("ALTER TABLE api_keys ADD COLUMN own INTEGER NOT NULL DEFAULT 0");
            }
            if (layout == 1 || layout == 2) {
                for (String column : FACE_COLUMNS) {
                    statement.execute("ALTER TABLE api_keys ADD COLUMN " + column + " TEXT");
                }
                statement.execute("CREATE UNIQUE INDEX app_keys ON api_keys(app_key_hash)");
            }
            if (layout >= 1 && layout <= 3) {
                statement.execute("ALTER TABLE api_keys ADD COLUMN own_balances INTEGER NOT NULL DEFAULT 0");
            }
            if (layout >= 1 && layout <= 4) {
                statement.execute("ALTER TABLE api_keys ADD COLUMN records TEXT");
            }
            statement.execute("PRAGMA user_version=" + LAYOUT);
            statement.execute("COMMIT");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A number that changes when another process has changed the file. */
    int version() {
        try {
            return number("PRAGMA data_version");
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** Every key, oldest first. */
    List<ApiKey> all() {
        try (var select = connection.prepareStatement("SELECT * FROM api_keys ORDER BY created_ms, id");
                ResultSet row = select.executeQuery()) {
            var keys = new ArrayList<ApiKey>();
            while (row.next()) {
                keys.add(read(row));
            }
            return keys;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** Stores a key; false when the name or the id was used before, and nothing changed. */
    boolean insert(ApiKey key) {
        String sql =
                "INSERT INTO api_keys VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, key.id());
            insert.setString(2, key.name());
            insert.setString(3, key.role().wireName());
            insert.setString(4, joinList(key.accounts()));
            insert.setString(5, joinList(key.symbols()));
            insert.setString(
                    6,
                    String.join(" ", key.networks().stream().map(Network::text).toList()));
            insert.setObject(
                    7,
                    key.callsPerSecond().isPresent()
                            ? (Integer) key.callsPerSecond().getAsInt()
                            : null);
            insert.setLong(8, key.createdAt().toEpochMilli());
            insert.setObject(9, millis(key.expiresAt()));
            insert.setObject(10, millis(key.revokedAt()));
            insert.setString(11, key.hash().hex());
            insert.setString(12, key.formerSecret().map(f -> f.hash().hex()).orElse(null));
            insert.setObject(13, millis(key.formerSecret().map(ApiKey.FormerSecret::until)));
            insert.setString(14, key.strategy().orElse(null));
            insert.setInt(15, key.ownOrdersOnly() ? 1 : 0);
            insert.setString(16, key.face().map(f -> f.appKey().hex()).orElse(null));
            insert.setString(17, key.face().map(f -> f.appSecret().hex()).orElse(null));
            insert.setString(18, null);
            insert.setString(19, key.face().map(FaceIdentity::accountNumber).orElse(null));
            insert.setString(20, key.face().map(FaceIdentity::htsId).orElse(null));
            insert.setString(21, key.face().map(FaceIdentity::layout).orElse(null));
            insert.setInt(22, key.face().filter(FaceIdentity::ownBalances).isPresent() ? 1 : 0);
            insert.setString(
                    23, key.face().map(face -> face.records().wireName()).orElse(null));
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** Revokes a key; false when there was none that was not revoked yet. */
    boolean revoke(String id, Instant at) {
        String sql = "UPDATE api_keys SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, at.toEpochMilli());
            update.setString(2, id);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /**
     * Replaces the key's secrets; the previous ones are valid until {@code formerUntil}.
     *
     * @param appSecret of its virtual app key, if it has one
     */
    boolean rotate(String id, SecretHash hash, Optional<SecretHash> appSecret, Instant formerUntil) {
        String sql = "UPDATE api_keys SET former_hash = hash, former_until_ms = ?, hash = ?,"
                + " former_app_secret_hash = app_secret_hash, app_secret_hash = ?"
                + " WHERE id = ? AND revoked_ms IS NULL";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, formerUntil.toEpochMilli());
            update.setString(2, hash.hex());
            update.setString(3, appSecret.map(SecretHash::hex).orElse(null));
            update.setString(4, id);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** The tokens issued after {@code second}; earlier ones are deleted. */
    List<IssuedToken> tokensAfter(long second) {
        try (var delete = connection.prepareStatement("DELETE FROM issued_tokens WHERE issued_s <= ?");
                var select = connection.prepareStatement("SELECT key_id, issued_s, revoked FROM issued_tokens")) {
            delete.setLong(1, second);
            delete.executeUpdate();
            var tokens = new ArrayList<IssuedToken>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    tokens.add(new IssuedToken(row.getString(1), row.getLong(2), row.getInt(3) == 1));
                }
            }
            return tokens;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** Stores a token, or that it was revoked. */
    void save(IssuedToken token) {
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO issued_tokens VALUES (?,?,?)")) {
            insert.setString(1, token.keyId());
            insert.setLong(2, token.issuedAt());
            insert.setInt(3, token.revoked() ? 1 : 0);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    List<Login> logins() {
        try (var select = connection.prepareStatement("SELECT * FROM logins");
                ResultSet row = select.executeQuery()) {
            var logins = new ArrayList<Login>();
            while (row.next()) {
                logins.add(new Login(
                        SecretHash.ofHex(row.getString("token_hash")),
                        row.getString("key_id"),
                        row.getString("key_secret"),
                        Instant.ofEpochMilli(row.getLong("created_ms")),
                        Instant.ofEpochMilli(row.getLong("used_ms"))));
            }
            return logins;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** Stores a login, or when it was used last. */
    void save(Login login) {
        try (var insert = connection.prepareStatement("INSERT OR REPLACE INTO logins VALUES (?,?,?,?,?)")) {
            insert.setString(1, login.token().hex());
            insert.setString(2, login.keyId());
            insert.setString(3, login.keySecret());
            insert.setLong(4, login.createdAt().toEpochMilli());
            insert.setLong(5, login.usedAt().toEpochMilli());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    void delete(Login login) {
        try (var delete = connection.prepareStatement("DELETE FROM logins WHERE token_hash = ?")) {
            delete.setString(1, login.token().hex());
            delete.executeUpdate();
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    private static ApiKey read(ResultSet row) throws SQLException {
        var networks = new ArrayList<Network>();
        for (String text : splitList(row.getString("networks"))) {
            networks.add(Network.parse(text).orElseThrow(() -> new SQLException("\"" + text + "\" is no network")));
        }
        String role = row.getString("role");
        var formerUntil = instant(row, "former_until_ms");
        int calls = row.getInt("calls_per_second");
        return new ApiKey(
                row.getString("id"),
                row.getString("name"),
                Role.of(role).orElseThrow(() -> new SQLException("\"" + role + "\" is no role")),
                set(row.getString("accounts")),
                set(row.getString("symbols")),
                Optional.ofNullable(row.getString("strategy")),
                row.getInt("own") == 1,
                networks,
                calls == 0 ? OptionalInt.empty() : OptionalInt.of(calls),
                Instant.ofEpochMilli(row.getLong("created_ms")),
                instant(row, "expires_ms"),
                instant(row, "revoked_ms"),
                SecretHash.ofHex(row.getString("hash")),
                former(row.getString("former_hash"), formerUntil),
                face(row, formerUntil));
    }

    private static Optional<FaceIdentity> face(ResultSet row, Optional<Instant> formerUntil) throws SQLException {
        String appKey = row.getString("app_key_hash");
        return appKey == null
                ? Optional.empty()
                : Optional.of(new FaceIdentity(
                        SecretHash.ofHex(appKey),
                        SecretHash.ofHex(row.getString("app_secret_hash")),
                        former(row.getString("former_app_secret_hash"), formerUntil),
                        row.getString("account_number"),
                        row.getString("hts_id"),
                        row.getString("layout"),
                        records(row),
                        row.getInt("own_balances") == 1));
    }

    /** Keys of before the column have what their layout had. */
    private static FaceRecords records(ResultSet row) throws SQLException {
        String name = row.getString("records");
        return name == null
                ? FaceRecords.byLayout(row.getString("layout"))
                : FaceRecords.of(name).orElseThrow(() -> new SQLException("\"" + name + "\" is no form of records"));
    }

    private static Optional<ApiKey.FormerSecret> former(@Nullable String hash, Optional<Instant> until) {
        return hash == null ? Optional.empty() : until.map(at -> new ApiKey.FormerSecret(SecretHash.ofHex(hash), at));
    }

    private static Optional<Set<String>> set(@Nullable String text) {
        return text == null ? Optional.empty() : Optional.of(new LinkedHashSet<>(splitList(text)));
    }

    private static List<String> splitList(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
    }

    private static @Nullable String joinList(Optional<Set<String>> values) {
        return values.map(set -> String.join(" ", set.stream().sorted().toList()))
                .orElse(null);
    }

    private static @Nullable Long millis(Optional<Instant> at) {
        return at.map(Instant::toEpochMilli).orElse(null);
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private int number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private KeyStoreException storeFailure(SQLException e) {
        return new KeyStoreException("The keys in " + file + " cannot be used: " + e.getMessage(), e);
    }
}
