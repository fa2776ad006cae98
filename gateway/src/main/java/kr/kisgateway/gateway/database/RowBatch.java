package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to a table, many at once: in PostgreSQL by one statement whose parameters are the columns as arrays, because a server
 * plans and executes each statement; in a file by one statement a row. Compiled once per connection, with which it closes.
 */
public final class RowBatch implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement insert;
    private final List<Column> columns;
    private final boolean inArrays;
    /** Each with its values in the order of the columns. */
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /** A column, with its type in PostgreSQL. */
    public record Column(String name, String type) {
        /** A text. */
        public static Column text(String name) {
            return new Column(name, "text");
        }

        /** An integer of 64 bits. */
        public static Column integer(String name) {
            return new Column(name, "bigint");
        }
    }

    /**
     * Prepares it.
     *
     * @param conflict what happens to a row that exists, as {@code ON CONFLICT …}; empty where that is an error
     */
    public RowBatch(Connection connection, String table, List<Column> columns, String conflict) throws SQLException {
        this.connection = connection;
        this.columns = List.copyOf(columns);
        this.inArrays = Dialect.of(connection) == Dialect.POSTGRES;
        String values = inArrays
                ? "SELECT * FROM unnest("
                        + columns.stream()
                                .map(column -> "?::" + column.type() + "[]")
                                .collect(Collectors.joining(", ")) + ")"
                : "VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        this.insert = connection.prepareStatement("INSERT INTO " + table + "("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ") " + values + " "
                + conflict);
    }

    /** Adds a row: strings and longs in the order of the columns. */
    public void add(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        rows.add(values);
    }

    /** Writes the rows that were added since the last time, if any. */
    public void execute() throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try {
            if (inArrays) {
                for (int i = 0; i < columns.size(); i++) {
                    @Nullable Object[] values = new Object[rows.size()];
                    for (int row = 0; row < values.length; row++) {
                        values[row] = rows.get(row)[i];
                    }
                    insert.setArray(
                            i + 1, connection.createArrayOf(columns.get(i).type(), values));
                }
                insert.executeUpdate();
            } else {
                for (@Nullable Object[] row : rows) {
                    for (int i = 0; i < columns.size(); i++) {
                        insert.setObject(i + 1, row[i]);
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        } finally {
            rows.clear();
        }
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
