package kr.kisgateway.gateway.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.sqlite.SQLiteConfig.Pragma;

/** Where a store has its tables: a file of its own, or a schema that it shares with other stores and processes. */
public sealed interface StoreDatabase {
    /** A file of SQLite. */
    static StoreDatabase file(Path file) {
        return new SqliteFile(file);
    }

    /**
     * A schema of PostgreSQL.
     *
     * @param ownerCheck of each change
     */
    static StoreDatabase schema(Postgres postgres, OwnerCheck ownerCheck) {
        return new PostgresSchema(postgres, ownerCheck);
    }

    /** A new connection of the caller's own. */
    Connection connect() throws SQLException;

    Dialect dialect();

    /** Runs at the beginning of each change. */
    OwnerCheck ownerCheck();

    /** Names the database in messages: the path of the file, or hosts and name. */
    String description();

    record SqliteFile(Path file) implements StoreDatabase {
        @Override
        public Connection connect() throws SQLException {
            // Not needed; by default the driver reads them with a query of its own after each insert.
            var withoutGeneratedKeys = new Properties();
            withoutGeneratedKeys.setProperty(Pragma.JDBC_GET_GENERATED_KEYS.getPragmaName(), "false");
            return DriverManager.getConnection("jdbc:sqlite:" + file, withoutGeneratedKeys);
        }

        @Override
        public Dialect dialect() {
            return Dialect.SQLITE;
        }

        @Override
        public OwnerCheck ownerCheck() {
            return OwnerCheck.none();
        }

        @Override
        public String description() {
            return file.toString();
        }
    }

    record PostgresSchema(Postgres postgres, OwnerCheck ownerCheck) implements StoreDatabase {
        @Override
        public Connection connect() throws SQLException {
            return postgres.connect();
        }

        @Override
        public Dialect dialect() {
            return Dialect.POSTGRES;
        }

        @Override
        public String description() {
            return postgres.address().toString();
        }
    }
}
