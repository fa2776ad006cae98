package kr.kisgateway.gateway.access;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreConnection;
import kr.kisgateway.gateway.database.StoreConnection.Layout;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.file.OwnerOnly;
import org.jspecify.annotations.Nullable;

/**
 * The stored keys, hashes only: in {@code access.db} beside the journal, which gateway and {@code keys} command may have open at the
 * same time, or in PostgreSQL, where every node may change them. One platform thread: SQLite pins a virtual thread's carrier.
 */
public final class KeyStore implements AutoCloseable {
    /** Version of the tables; those of a newer release are refused. */
    private static final int LAYOUT = 5;

    private static final String KEYS = """
            id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
              accounts TEXT, symbols TEXT, networks TEXT NOT NULL, calls_per_second INTEGER,
              created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER,
              hash TEXT NOT NULL, former_hash TEXT, former_until_ms INTEGER,
              strategy TEXT, own INTEGER NOT NULL DEFAULT 0, app_key_hash TEXT UNIQUE, app_secret_hash TEXT,
              former_app_secret_hash TEXT, account_number TEXT, hts_id TEXT, layout TEXT,
              own_balances INTEGER NOT NULL DEFAULT 0, records TEXT""";

    /** Access tokens that were issued to virtual app keys, by the second of issue. */
    private static final String TOKENS =
            "key_id TEXT NOT NULL, issued_s INTEGER NOT NULL, revoked INTEGER NOT NULL, PRIMARY KEY(key_id, issued_s)";

    /** Logins of browsers; older releases ignore them. */
    private static final String LOGINS = "token_hash TEXT PRIMARY KEY, key_id TEXT NOT NULL, key_secret TEXT NOT NULL,"
            + " created_ms INTEGER NOT NULL, used_ms INTEGER NOT NULL";

    /** How many changes there were, in one row: another node notices them by it. A file of SQLite counts by itself. */
    private static final String CHANGES = "id INTEGER PRIMARY KEY, changes INTEGER NOT NULL";

    private static final String SAVE_TOKEN = Statements.upsert("issued_tokens", "key_id,issued_s", "revoked");
    private static final String SAVE_LOGIN =
            Statements.upsert("logins", "token_hash", "key_id", "key_secret", "created_ms", "used_ms");

    /** Columns of layout 3. */
    private static final List<String> FACE_COLUMNS =
            List.of("app_key_hash", "app_secret_hash", "former_app_secret_hash", "account_number", "hts_id", "layout");

    private final StoreDatabase database;
    private final StoreConnection connection;
    /** Changes by this process since it opened the keys, which {@link #CHANGES} counts too. */
    private long ownChanges;

    /** The keys cannot be read or written. */
    public static final class KeyStoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        KeyStoreException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Opens or creates {@code file}, readable by its owner only. */
    public static KeyStore open(Path file) {
        return open(StoreDatabase.file(file));
    }

    /** Opens or creates the keys in {@code database}; a new file is readable by its owner only. */
    public static KeyStore open(StoreDatabase database) {
        try {
            if (database instanceof StoreDatabase.SqliteFile(Path file)) {
                OwnerOnly.createFileIfAbsent(file);
            }
            var connection = new StoreConnection(database, it -> prepare(it, database.dialect()));
            connection.migrate(
                    "access",
                    Layout.of(LAYOUT),
                    layout -> "a newer release wrote them (layout " + layout + "); use that release",
                    (it, layout) -> migrate(it, database.dialect(), layout));
            return new KeyStore(database, connection);
        } catch (IOException | SQLException e) {
            throw new KeyStoreException(
                    "The keys in " + database.description() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void prepare(Connection connection, Dialect dialect) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=5000");
                statement.execute("PRAGMA journal_mode=wal");
                statement.execute("PRAGMA synchronous=FULL");
            }
        }
    }

    /** Gateway and command, or two nodes, may do so at the same moment. */
    private static void migrate(Connection connection, Dialect dialect, int layout) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : creation(dialect)) {
                statement.execute(sql);
            }
            // PostgreSQL has had the tables since layout 5.
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
        }
    }

    private static List<String> creation(Dialect dialect) {
        return switch (dialect) {
            case SQLITE ->
                List.of(
                        "CREATE TABLE IF NOT EXISTS api_keys(" + KEYS + ") STRICT",
                        "CREATE TABLE IF NOT EXISTS issued_tokens(" + TOKENS + ") STRICT, WITHOUT ROWID",
                        "CREATE TABLE IF NOT EXISTS logins(" + LOGINS + ") STRICT, WITHOUT ROWID");
            case POSTGRES ->
                List.of(
                        dialect.createTable("api_keys", KEYS),
                        dialect.createTable("issued_tokens", TOKENS),
                        dialect.createTable("logins", LOGINS),
                        dialect.createTable("key_changes", CHANGES),
                        "INSERT INTO key_changes VALUES (1, 0) ON CONFLICT DO NOTHING");
        };
    }

    private KeyStore(StoreDatabase database, StoreConnection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** A number that changes when another process has changed the keys, the tokens or the logins. */
    long version() {
        return switch (database.dialect()) {
            case SQLITE -> number("PRAGMA data_version");
            case POSTGRES -> number("SELECT changes FROM key_changes") - ownChanges;
        };
    }

    private long number(String sql) {
        return query(sql, row -> row.getLong(1)).stream().findFirst().orElse(0L);
    }

    /** Every key, oldest first. */
    List<ApiKey> all() {
        return query("SELECT * FROM api_keys ORDER BY created_ms, id", KeyStore::read);
    }

    /** Stores a key; false when the name or the id was used before, and nothing changed. */
    boolean insert(ApiKey key) {
        return change(
                        "INSERT INTO api_keys VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                        key.id(),
                        key.name(),
                        key.role().wireName(),
                        joinList(key.accounts()),
                        joinList(key.symbols()),
                        String.join(
                                " ", key.networks().stream().map(Network::text).toList()),
                        key.callsPerSecond().isPresent()
                                ? (Integer) key.callsPerSecond().getAsInt()
                                : null,
                        key.createdAt().toEpochMilli(),
                        millis(key.expiresAt()),
                        millis(key.revokedAt()),
                        key.hash().hex(),
                        key.formerSecret().map(f -> f.hash().hex()).orElse(null),
                        millis(key.formerSecret().map(ApiKey.FormerSecret::until)),
                        key.strategy().orElse(null),
                        key.ownOrdersOnly() ? 1 : 0,
                        key.face().map(f -> f.appKey().hex()).orElse(null),
                        key.face().map(f -> f.appSecret().hex()).orElse(null),
                        null,
                        key.face().map(FaceIdentity::accountNumber).orElse(null),
                        key.face().map(FaceIdentity::htsId).orElse(null),
                        key.face().map(FaceIdentity::layout).orElse(null),
                        key.face().filter(FaceIdentity::ownBalances).isPresent() ? 1 : 0,
                        key.face().map(face -> face.records().wireName()).orElse(null))
                == 1;
    }

    /** Revokes a key; false when there was none that was not revoked yet. */
    boolean revoke(String id, Instant at) {
        return change("UPDATE api_keys SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", at.toEpochMilli(), id)
                == 1;
    }

    /**
     * Replaces the key's secrets; the previous ones are valid until {@code formerUntil}.
     *
     * @param appSecret of its virtual app key, if it has one
     */
    boolean rotate(String id, SecretHash hash, Optional<SecretHash> appSecret, Instant formerUntil) {
        return change(
                        "UPDATE api_keys SET former_hash = hash, former_until_ms = ?, hash = ?,"
                                + " former_app_secret_hash = app_secret_hash, app_secret_hash = ?"
                                + " WHERE id = ? AND revoked_ms IS NULL",
                        formerUntil.toEpochMilli(),
                        hash.hex(),
                        appSecret.map(SecretHash::hex).orElse(null),
                        id)
                == 1;
    }

    /** The tokens issued after {@code second}; earlier ones are deleted. */
    List<IssuedToken> tokensAfter(long second) {
        change("DELETE FROM issued_tokens WHERE issued_s <= ?", second);
        return query(
                "SELECT key_id, issued_s, revoked FROM issued_tokens",
                row -> new IssuedToken(row.getString(1), row.getLong(2), row.getInt(3) == 1));
    }

    /** Stores a token, or that it was revoked. */
    void save(IssuedToken token) {
        change(SAVE_TOKEN, token.keyId(), token.issuedAt(), token.revoked() ? 1 : 0);
    }

    List<Login> logins() {
        return query(
                "SELECT * FROM logins",
                row -> new Login(
                        SecretHash.ofHex(row.getString("token_hash")),
                        row.getString("key_id"),
                        row.getString("key_secret"),
                        Instant.ofEpochMilli(row.getLong("created_ms")),
                        Instant.ofEpochMilli(row.getLong("used_ms"))));
    }

    /** Stores a login. */
    void save(Login login) {
        change(
                SAVE_LOGIN,
                login.token().hex(),
                login.keyId(),
                login.keySecret(),
                login.createdAt().toEpochMilli(),
                login.usedAt().toEpochMilli());
    }

    /** Stores when a login was used last, unless it was ended meanwhile, or another node stored a later time. */
    void saveUse(Login login) {
        long used = login.usedAt().toEpochMilli();
        change(
                "UPDATE logins SET used_ms = ? WHERE token_hash = ? AND used_ms < ?",
                used,
                login.token().hex(),
                used);
    }

    void delete(Login login) {
        change("DELETE FROM logins WHERE token_hash = ?", login.token().hex());
    }

    /**
     * Result of {@link #addFrom}.
     *
     * @param added keys that this store did not have, the revoked and expired ones, too
     * @param omitted names of valid keys that were not added: another key here has the name, or the virtual app key
     */
    public record Addition(int added, List<String> omitted) {}

    /**
     * Adds the keys of another store, the revoked ones, too, with their issued tokens and logins, in one transaction. Keys that are
     * here already stay as they are, so that one that was revoked here does not become valid again by a repetition.
     *
     * @param now at which a key that is left out is valid, or of no use any more
     */
    public Addition addFrom(KeyStore source, Instant now) {
        Set<String> valid = source.all().stream()
                .filter(key -> key.state(now) == ApiKey.State.VALID)
                .map(ApiKey::id)
                .collect(Collectors.toSet());
        var keys = source.stored("api_keys", "id");
        var tokens = source.stored("issued_tokens", "key_id");
        var logins = source.stored("logins", "key_id");
        try {
            return connection.change(it -> {
                var added = new LinkedHashSet<String>();
                var omitted = new ArrayList<String>();
                for (Stored key : keys) {
                    if (key.insert(it)) {
                        added.add(key.keyId());
                    } else if (valid.contains(key.keyId()) && !exists(it, key.keyId())) {
                        omitted.add(key.text("name"));
                    }
                }
                for (Stored row :
                        Stream.concat(tokens.stream(), logins.stream()).toList()) {
                    if (added.contains(row.keyId())) {
                        row.insert(it);
                    }
                }
                countChange(it);
                ownChanges++;
                return new Addition(added.size(), List.copyOf(omitted));
            });
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    private static boolean exists(Connection connection, String id) throws SQLException {
        try (var select = connection.prepareStatement("SELECT 1 FROM api_keys WHERE id = ?")) {
            select.setString(1, id);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private List<Stored> stored(String table, String keyColumn) {
        return query("SELECT * FROM " + table, row -> Stored.read(table, keyColumn, row));
    }

    /**
     * A row as it is stored, whatever its columns.
     *
     * @param keyId of the key that it belongs to
     */
    private record Stored(
            String table,
            String keyId,
            List<String> columns,
            @Nullable Object[] values) {
        static Stored read(String table, String keyColumn, ResultSet row) throws SQLException {
            var meta = row.getMetaData();
            var columns = new ArrayList<String>();
            @Nullable Object[] values = new Object[meta.getColumnCount()];
            for (int i = 0; i < values.length; i++) {
                columns.add(meta.getColumnName(i + 1));
                values[i] = row.getObject(i + 1);
            }
            return new Stored(table, row.getString(keyColumn), columns, values);
        }

        /** Whether it was inserted: there was none with its unique values. */
        boolean insert(Connection connection) throws SQLException {
            try (var insert = connection.prepareStatement("INSERT INTO " + table + " (" + String.join(",", columns)
                    + ") VALUES ("
                    + String.join(",", columns.stream().map(_ -> "?").toList())
                    + ") ON CONFLICT DO NOTHING")) {
                Statements.setParameters(insert, values);
                return insert.executeUpdate() == 1;
            }
        }

        String text(String column) {
            return String.valueOf(values[columns.indexOf(column)]);
        }
    }

    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, RowReader<T> reader) {
        try {
            return connection.query(it -> {
                try (var select = it.prepareStatement(sql);
                        ResultSet row = select.executeQuery()) {
                    var found = new ArrayList<T>();
                    while (row.next()) {
                        found.add(reader.read(row));
                    }
                    return found;
                }
            });
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    /** The number of rows that were changed. */
    private int change(String sql, @Nullable Object... values) {
        try {
            int changed = connection.change(it -> {
                try (var statement = it.prepareStatement(sql)) {
                    Statements.setParameters(statement, values);
                    int rows = statement.executeUpdate();
                    if (rows > 0) {
                        countChange(it);
                    }
                    return rows;
                }
            });
            ownChanges += changed > 0 ? 1 : 0;
            return changed;
        } catch (SQLException e) {
            throw storeFailure(e);
        }
    }

    private void countChange(Connection connection) throws SQLException {
        if (database.dialect() == Dialect.POSTGRES) {
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE key_changes SET changes = changes + 1");
            }
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

    private KeyStoreException storeFailure(SQLException e) {
        return new KeyStoreException("The keys in " + database.description() + " cannot be used: " + e.getMessage(), e);
    }
}
