package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to a table, many at once: in PostgreSQL by one statement whose parameters are the columns as arrays, because a server
 * plans and executes each statement; in a file by one statement a row. Belongs to one connection, with which it closes.
 */
public final class RowBatch implements AutoCloseable {
    private final Connection connection;
    private final String into;
    /** The rows as a statement of PostgreSQL reads them. */
    private final String arrays;

    private final String conflict;
    private final PreparedStatement insert;
    private final List<Column> columns;
    private final boolean inArrays;
    /** Each with its values in the order of the columns. */
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    /**
     * A column.
     *
     * @param type in PostgreSQL
     * @param array class of an array of its values
     */
    public record Column(String name, String type, Class<? extends Object[]> array) {
        /** A text. */
        public static Column text(String name) {
            return new Column(name, "text", String[].class);
        }

        /** An integer of 64 bits. */
        public static Column integer(String name) {
            return new Column(name, "bigint", Long[].class);
        }

        /** Bytes. */
        public static Column bytes(String name) {
            return new Column(name, "bytea", byte[][].class);
        }
    }

    /**
     * Rows are written only when {@code query} finds one. In PostgreSQL.
     *
     * @param parameters of the query: strings and longs
     */
    public record Condition(String query, List<Object> parameters) {
        public Condition {
            parameters = List.copyOf(parameters);
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
        this.conflict = conflict;
        this.inArrays = Dialect.of(connection) == Dialect.POSTGRES;
        this.into = "INSERT INTO " + table + "("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ") ";
        this.arrays = "unnest("
                + columns.stream().map(column -> "?::" + column.type() + "[]").collect(Collectors.joining(", "))
                + ") AS e ";
        this.insert = connection.prepareStatement(
                inArrays
                        ? into + "SELECT e.* FROM " + arrays + conflict
                        : into + "VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ") "
                                + conflict);
    }

    /** Adds a row: strings, longs and bytes in the order of the columns. */
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
                bind(insert, 1, List.of());
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

    /** Writes the rows of {@code batches} in their order. */
    public static void executeEach(List<RowBatch> batches) throws SQLException {
        for (RowBatch batch : batches) {
            batch.execute();
        }
    }

    /**
     * Writes the rows of {@code batches}, which belong to one connection to PostgreSQL, in their order and in one round trip, each
     * table's on the condition.
     *
     * @param batches the first one must have rows
     * @return how many rows the first one wrote: none where the condition does not hold
     */
    public static int executeTogether(Condition condition, List<RowBatch> batches) throws SQLException {
        List<RowBatch> filled =
                batches.stream().filter(batch -> !batch.rows.isEmpty()).toList();
        // The driver keeps what it has prepared by the text, and sends the parts of a statement at once.
        String all = filled.stream().map(batch -> batch.on(condition)).collect(Collectors.joining(";"));
        try (PreparedStatement statement = filled.getFirst().connection.prepareStatement(all)) {
            int parameter = 1;
            for (RowBatch batch : filled) {
                parameter = batch.bind(statement, parameter, condition.parameters());
            }
            statement.execute();
            return statement.getUpdateCount();
        } finally {
            filled.forEach(batch -> batch.rows.clear());
        }
    }

    private String on(Condition condition) {
        return "WITH held AS MATERIALIZED (" + condition.query() + ") " + into + "SELECT e.* FROM held, " + arrays
                + conflict;
    }

    /** Returns the number of the next parameter. */
    private int bind(PreparedStatement statement, int first, List<Object> before) throws SQLException {
        int parameter = first;
        for (Object value : before) {
            statement.setObject(parameter++, value);
        }
        for (int column = 0; column < columns.size(); column++) {
            @Nullable Object[] values = new Object[rows.size()];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.get(row)[column];
            }
            statement.setArray(
                    parameter++,
                    connection.createArrayOf(
                            columns.get(column).type(),
                            Arrays.copyOf(
                                    values, values.length, columns.get(column).array())));
        }
        return parameter;
    }

    @Override
    public void close() throws SQLException {
        insert.close();
    }
}
