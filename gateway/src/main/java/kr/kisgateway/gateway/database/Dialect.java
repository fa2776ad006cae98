package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What SQLite and PostgreSQL spell differently. All other SQL of the stores is a subset that both execute.
 *
 * <p>Columns are written with SQLite's types {@code TEXT}, {@code INTEGER} (64 bits) and {@code BLOB}. Texts are compared by
 * their bytes in both.
 */
public enum Dialect {
    SQLITE {
        @Override
        public String columns(String definition) {
            return definition;
        }

        @Override
        public String createTable(String name, String columns) {
            return "CREATE TABLE IF NOT EXISTS " + name + "(" + columns + ") WITHOUT ROWID";
        }

        @Override
        public String member(String column, String name) {
            return "(json_extract(" + column + ", '$." + name + "'))";
        }

        @Override
        public String everyPartIn(String column, String separator, String marks) {
            return "NOT EXISTS (SELECT 1 FROM json_each('[\"' || replace(" + column + ", '" + separator
                    + "', '\",\"') || '\"]') WHERE value NOT IN (" + marks + "))";
        }

        @Override
        public String identity() {
            return "INTEGER PRIMARY KEY AUTOINCREMENT";
        }

        @Override
        public String position(String part, String text) {
            return "instr(" + text + ", " + part + ")";
        }

        @Override
        String tableQuery() {
            return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
        }
    },
    POSTGRES {
        @Override
        public String columns(String definition) {
            return definition
                    .replaceAll("\\bTEXT\\b", "TEXT COLLATE \"C\"")
                    .replaceAll("\\bINTEGER\\b", "BIGINT")
                    .replaceAll("\\bBLOB\\b", "BYTEA");
        }

        @Override
        public String createTable(String name, String columns) {
            return "CREATE TABLE IF NOT EXISTS " + name + "(" + columns(columns) + ")";
        }

        @Override
        public String member(String column, String name) {
            return "(" + column + "::json ->> '" + name + "')";
        }

        @Override
        public String everyPartIn(String column, String separator, String marks) {
            return "(string_to_array(" + column + ", '" + separator + "') <@ ARRAY[" + marks + "]::text[])";
        }

        @Override
        public String identity() {
            return "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        }

        @Override
        public String position(String part, String text) {
            return "strpos(" + text + ", " + part + ")";
        }

        @Override
        String tableQuery() {
            return "SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = ?";
        }
    };

    /** The dialect of the database that {@code connection} leads to. */
    public static Dialect of(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL") ? POSTGRES : SQLITE;
    }

    /** Definitions of columns, written with SQLite's types. */
    public abstract String columns(String definition);

    /** Creates a table with a primary key, unless it exists; its rows are stored in the order of the key where that is possible. */
    public abstract String createTable(String name, String columns);

    /** The text of a member of the JSON object in a column. */
    public abstract String member(String column, String name);

    /** Whether each part of a column's text, between separators, is one of the parameters {@code marks}: {@code ?,?,?}. */
    public abstract String everyPartIn(String column, String separator, String marks);

    /** Type of a primary key whose values the database counts up, never one twice. */
    public abstract String identity();

    /** Where the text {@code part} begins first in {@code text}, from 1; 0 when it is not part of it. Both are expressions. */
    public abstract String position(String part, String text);

    abstract String tableQuery();

    /** Whether there is a table {@code name}. */
    public boolean hasTable(Connection connection, String name) throws SQLException {
        try (var select = connection.prepareStatement(tableQuery())) {
            select.setString(1, name);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }
}
