package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** SQL that several stores execute, in the subset of both databases. */
public final class Statements {
    /** PostgreSQL refuses a text that contains it; what a broker or a channel sends may. */
    private static final char NUL = 0;

    private static final char REPLACEMENT = '\uFFFD';

    private Statements() {}

    /**
     * Inserts a row, or replaces the one with the same key. The parameters are the columns in this order.
     *
     * @param key columns of the primary key, separated by commas
     * @param others the other columns, at least one
     */
    public static String upsert(String table, String key, String... others) {
        List<String> columns =
                Stream.concat(Stream.of(key.split(",")), Arrays.stream(others)).toList();
        return "INSERT INTO " + table + " (" + String.join(",", columns) + ") VALUES ("
                + String.join(",", columns.stream().map(_ -> "?").toList()) + ") ON CONFLICT (" + key
                + ") DO UPDATE SET "
                + Arrays.stream(others).map(it -> it + " = excluded." + it).collect(Collectors.joining(", "));
    }

    /**
     * Adds a column to a table in PostgreSQL where it is missing. A change of a table, even one that changes nothing, waits for everything
     * that reads it, as a dump of the database.
     */
    public static void addColumn(Connection connection, String table, String column, String definition)
            throws SQLException {
        try (var select = connection.prepareStatement(
                "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = ?")) {
            select.setString(1, table);
            select.setString(2, column);
            try (var row = select.executeQuery()) {
                if (row.next()) {
                    return;
                }
            }
        }
        execute(connection, "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column + " " + definition);
    }

    /** Executes statements without parameters, one after another. */
    public static void execute(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Sets the parameters of a statement. Texts may contain any character. */
    public static void setParameters(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i] instanceof String text ? text.replace(NUL, REPLACEMENT) : values[i]);
        }
    }
}
