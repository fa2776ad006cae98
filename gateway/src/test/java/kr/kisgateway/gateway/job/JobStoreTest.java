package kr.kisgateway.gateway.job;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;

/** Jobs in a file. */
@Tag("slow")
class JobStoreTest extends JobStoreContract {
    @Override
    JobStore openStore() {
        return JobStore.open(folder.resolve("jobs.db"));
    }

    @Override
    void makeQueriesEndless() {
        execute("ALTER TABLE job RENAME TO stored_job");
        execute("CREATE VIEW job AS SELECT * FROM stored_job WHERE (WITH RECURSIVE up(i) AS"
                + " (SELECT 1 UNION ALL SELECT i + 1 FROM up) SELECT count(*) FROM up) > 0");
    }

    @Override
    void makeQueriesEnd() {
        execute("DROP VIEW job");
        execute("ALTER TABLE stored_job RENAME TO job");
    }

    private void execute(String sql) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("jobs.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }
}
