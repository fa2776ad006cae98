package kr.kisgateway.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs in a file, also in one of an older version. */
@Tag("slow")
class JobRunnerTest extends JobRunnerContract {
    @Override
    JobStore openStore() {
        return JobStore.open(folder.resolve("jobs.db"));
    }

    @Test
    @Requirement("P-13")
    void a_file_of_an_older_version_is_migrated() throws Exception {
        var file = folder.resolve("jobs.db");
        try (var older = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = older.createStatement()) {
            statement.execute("CREATE TABLE unit (job_id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL,"
                    + " state INTEGER NOT NULL, code TEXT, message TEXT, note TEXT, PRIMARY KEY (job_id, n))"
                    + " WITHOUT ROWID");
        }
        try (var store = openStore();
                var desk = desk(store, new Work())) {
            var id = started(desk, List.of("a"));
            await(() -> state(desk, id) == Job.State.DONE);
        }
    }

    @Test
    @Requirement("P-13")
    void figures_of_large_jobs_add_no_cost_to_a_list_even_in_a_file_of_an_older_version() throws Exception {
        var file = folder.resolve("jobs.db");
        try (var older = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = older.createStatement()) {
            statement.execute("CREATE TABLE job (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
                    + " kind TEXT NOT NULL, request TEXT NOT NULL, tenant TEXT NOT NULL, state TEXT NOT NULL,"
                    + " created_ms INTEGER NOT NULL, ended_ms INTEGER, message TEXT NOT NULL)");
            statement.execute("CREATE TABLE unit (job_id TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL,"
                    + " state INTEGER NOT NULL, code TEXT, message TEXT, note TEXT, PRIMARY KEY (job_id, n))"
                    + " WITHOUT ROWID");
            statement.execute("WITH RECURSIVE up(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM up WHERE i < 24)"
                    + " INSERT INTO job (id, kind, request, tenant, state, created_ms, ended_ms, message)"
                    + " SELECT 'j' || i, 'work', '{\"symbols\":\"' || hex(zeroblob(i * 100)) || '\"}', 't', 'DONE',"
                    + " 1, 2, '' FROM up");
            statement.execute("WITH RECURSIVE up(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM up WHERE i < 499999)"
                    + " INSERT INTO unit (job_id, n, name, state, code, message, note)"
                    + " SELECT 'j' || (i % 25), i / 25, 'u' || i, 2 + (i / 25 % 10 = 0), 'C', 'm',"
                    + " CASE WHEN i / 25 % 10 = 1 THEN 'x' END FROM up");
        }
        try (var store = openStore();
                var desk = desk(store, new Work());
                var edge = HttpEdge.start(
                        EdgeSettings.defaults("127.0.0.1", 0),
                        routes(desk),
                        (_, _) -> Caller.local(Role.ADMIN),
                        new TraceIds(1),
                        new ThreadTaskRunner())) {
            assertThat(requestJson(edge, "GET", "/v1/jobs?limit=100").path("jobs"))
                    .hasSize(25);
            long from = System.nanoTime();
            var list = requestJson(edge, "GET", "/v1/jobs?limit=100").path("jobs");
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(400));
            for (var job : list) {
                assertThat(job.path("total").asInt()).isEqualTo(20_000);
                assertThat(job.path("done").asInt()).isEqualTo(18_000);
                assertThat(job.path("failed").asInt()).isEqualTo(2_000);
                assertThat(job.path("failures_more").asInt()).isEqualTo(2_000);
                assertThat(job.path("notes_more").asInt()).isEqualTo(2_000);
                assertThat(job.path("failures")).isEmpty();
            }
            assertThat(list.path(0).path("request").isNull()).isTrue();
            assertThat(list.path(24).path("request").isObject()).isTrue();
            var detail = requestJson(edge, "GET", "/v1/jobs/j24");
            assertThat(detail.path("failures")).hasSize(100);
            assertThat(detail.path("notes")).hasSize(100);
            assertThat(detail.path("request").path("symbols").asString("")).hasSize(4_800);
        }
    }
}
