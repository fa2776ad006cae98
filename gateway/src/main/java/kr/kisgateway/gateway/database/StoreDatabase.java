package kr.kisgateway.gateway.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

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
            // Generated keys are not needed; by default the driver reads them with a query of its own after each
            // insert.
            return DriverManager.getConnection("jdbc:sqlite:" + file + "?jdbc.get_generated_keys=false");
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
