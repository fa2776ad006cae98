package kr.kisgateway.gateway.document;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.database.StoreConnection;
import kr.kisgateway.gateway.database.StoreConnection.Layout;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.lease.LeaseLostException;

/**
 * A document that is a row of a database. Only the owner of the accounts may replace it. It changes rarely, so that each use has a
 * connection of its own.
 */
public final class DocumentStore implements Document {
    private static final String TABLE = "document";
    private static final Layout LAYOUT = Layout.of(1);
    private static final String READ = "SELECT content FROM " + TABLE + " WHERE name = ?";
    private static final String REPLACE = Statements.upsert(TABLE, "name", "content");

    private final StoreDatabase database;
    private final String name;

    private DocumentStore(StoreDatabase database, String name) {
        this.database = database;
        this.name = name;
    }

    /**
     * The row {@code name}, which need not exist.
     *
     * @throws DocumentException when the database cannot be used
     */
    public static DocumentStore open(StoreDatabase database, String name) {
        var document = new DocumentStore(database, name);
        document.use("read", connection -> {
            connection.migrate(
                    "documents",
                    LAYOUT,
                    version -> "a newer release wrote it (version " + version + "); use that release",
                    (it, version) -> create(it, database, version));
            return true;
        });
        return document;
    }

    private static void create(Connection connection, StoreDatabase database, int version) throws SQLException {
        if (version == 0) {
            Statements.execute(
                    connection, database.dialect().createTable(TABLE, "name TEXT PRIMARY KEY, content TEXT NOT NULL"));
        }
    }

    @Override
    public Optional<byte[]> read() {
        return use(
                "read",
                connection -> connection.query(it -> {
                    try (var select = it.prepareStatement(READ)) {
                        select.setString(1, name);
                        try (var row = select.executeQuery()) {
                            return row.next()
                                    ? Optional.of(row.getString(1).getBytes(StandardCharsets.UTF_8))
                                    : Optional.empty();
                        }
                    }
                }));
    }

    @Override
    public void replace(byte[] content) {
        try {
            write(content);
        } catch (DocumentException e) {
            // The answer may be lost, and not the change.
            if (!isWritten(content)) {
                throw e;
            }
        }
    }

    private boolean isWritten(byte[] content) {
        try {
            return read().filter(it -> Arrays.equals(it, content)).isPresent();
        } catch (DocumentException _) {
            return false; // the caller gets the failure of the change
        }
    }

    private void write(byte[] content) {
        use(
                "written",
                connection -> connection.change(it -> {
                    try (var upsert = it.prepareStatement(REPLACE)) {
                        Statements.setParameters(upsert, name, new String(content, StandardCharsets.UTF_8));
                        return upsert.executeUpdate();
                    }
                }));
    }

    @Override
    public String description() {
        return "the row \"" + name + "\" of the table " + TABLE + " in " + database.description();
    }

    @Override
    public String remedy() {
        return "Correct the row, or delete it (DELETE FROM " + TABLE + " WHERE name = '" + name
                + "') and create them again.";
    }

    private interface Use<T> {
        T of(StoreConnection connection) throws SQLException;
    }

    private <T> T use(String what, Use<T> use) {
        try (var connection = new StoreConnection(database, Postgres::limitStatements)) {
            return use.of(connection);
        } catch (SQLException | LeaseLostException e) {
            throw new DocumentException(description() + " cannot be " + what + ": " + e.getMessage(), e);
        }
    }
}
