package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Adds rows to a table, many at once: in PostgreSQL by one statement whose parameters are the columns as arrays, because a server
 * plans and executes each statement; in a file by one statement a row. Belongs to one connection, with which it closes.
 */
public final class RowBatch implements AutoCloseable {
    private final Connection connection;
    private final String sql;
    private final PreparedStatement insert;
    private final List<Column> columns;
    private final Optional<Condition> condition;
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
     * No row is written when {@code query} finds none. In PostgreSQL.
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
        this(connection, table, columns, conflict, Optional.empty());
    }

    /** The same, in PostgreSQL, for rows that are written on a condition. */
    public static RowBatch onCondition(Connection connection, String table, List<Column> columns, Condition condition)
            throws SQLException {
        return new RowBatch(connection, table, columns, "", Optional.of(condition));
    }

    private RowBatch(
            Connection connection, String table, List<Column> columns, String conflict, Optional<Condition> condition)
            throws SQLException {
        this.connection = connection;
        this.columns = List.copyOf(columns);
        this.condition = condition;
        this.inArrays = Dialect.of(connection) == Dialect.POSTGRES;
        String into = "INSERT INTO " + table + "("
                + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + ") ";
        this.sql = inArrays
                ? condition
                                .map(it -> "WITH held AS MATERIALIZED (" + it.query() + ") ")
                                .orElse("")
                        + into
                        + "SELECT e.* FROM "
                        + (condition.isPresent() ? "held, " : "")
                        + "unnest("
                        + columns.stream()
                                .map(column -> "?::" + column.type() + "[]")
                                .collect(Collectors.joining(", "))
                        + ") AS e "
                        + conflict
                : into + "VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ") " + conflict;
        this.insert = connection.prepareStatement(sql);
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
                bind(insert, 1);
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

    /**
     * Writes the rows of {@code batches}, which belong to one connection, in their order: to a server in one round trip.
     *
     * @return how many rows the first one wrote; in a file not counted, and 0
     */
    public static int executeAll(List<RowBatch> batches) throws SQLException {
        List<RowBatch> filled =
                batches.stream().filter(batch -> !batch.rows.isEmpty()).toList();
        if (filled.isEmpty()) {
            return 0;
        }
        if (!filled.getFirst().inArrays) {
            for (RowBatch batch : filled) {
                batch.execute();
            }
            return 0;
        }
        // The driver keeps what it has prepared by the text, and sends the parts of a statement at once.
        String all = filled.stream().map(batch -> batch.sql).collect(Collectors.joining(";"));
        try (PreparedStatement statement = filled.getFirst().connection.prepareStatement(all)) {
            int parameter = 1;
            for (RowBatch batch : filled) {
                parameter = batch.bind(statement, parameter);
            }
            statement.execute();
            return statement.getUpdateCount();
        } finally {
            filled.forEach(batch -> batch.rows.clear());
        }
    }

    /** Returns the number of the next parameter. */
    private int bind(PreparedStatement statement, int first) throws SQLException {
        int parameter = first;
        for (Object value : condition.map(Condition::parameters).orElse(List.of())) {
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
