package kr.kisgateway.gateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.database.StoreSchema;
import kr.kisgateway.gateway.lease.LeaseLostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Jobs in PostgreSQL, which the owner alone may change. */
@Tag("slow")
class PostgresJobStoreTest extends JobStoreContract {
    private StoreSchema schema;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(folder);
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    @Override
    JobStore openStore() {
        return JobStore.open(schema.owned());
    }

    @Override
    void makeQueriesEndless() {
        schema.execute("ALTER TABLE job RENAME TO stored_job");
        schema.execute("CREATE VIEW job AS SELECT stored_job.* FROM stored_job, pg_sleep(600)");
    }

    @Override
    void makeQueriesEnd() {
        Await.until(
                "the server ended the query",
                () -> schema.connections("query LIKE '%FROM job%' AND state = 'active'") == 0);
        schema.execute("DROP VIEW job");
        schema.execute("ALTER TABLE stored_job RENAME TO job");
    }

    @Test
    void stores_that_open_an_empty_schema_at_once_have_the_same_jobs() {
        var stores = StoreSchema.openAtOnce(4, this::openStore);
        for (int i = 0; i < stores.size(); i++) {
            stores.get(i).create(job("j" + i, 2), names(2));
        }
        for (var store : stores) {
            assertThat(store.list(Optional.empty(), 10)).hasSize(4);
            store.close();
        }
    }

    @Test
    void a_former_owner_changes_nothing_and_knows_it() {
        try (var store = openStore()) {
            store.create(job("j", 2), names(2));
            var units = store.units("j");
            schema.giveLeaseAway();
            assertThat(schema.lease().isHeld()).isTrue();
            assertRefused(() -> store.create(job("late", 2), names(2)));
            assertThat(schema.lease().isHeld()).isFalse();
            assertRefused(() -> store.recordRan("j", 0, AT, AT, Optional.of("late")));
            assertRefused(() -> store.recordFailed("j", 0, AT, AT, "CODE", "late"));
            assertRefused(() -> store.recordSettled("j", units, Map.of("u0", "late")));
            assertRefused(() -> store.recordEnded("j", Job.State.DONE, AT, "late"));
            assertThat(store.list(Optional.empty(), 10)).containsExactly(job("j", 2));
            assertThat(store.units("j")).isEqualTo(units);
        }
        assertThatThrownBy(this::openStore).hasMessageContaining("belongs to another gateway");
    }

    private static void assertRefused(Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(LeaseLostException.class);
    }

    @Test
    void connections_that_the_server_ended_fail_one_call_each_and_are_replaced() {
        try (var store = openStore()) {
            store.create(job("j", 2), names(2));
            assertThat(store.find("j")).isPresent();
            schema.endConnections();
            assertThatThrownBy(() -> store.recordRan("j", 0, AT, AT, Optional.empty()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.find("j")).isInstanceOf(IllegalStateException.class);
            store.recordRan("j", 1, AT, AT, Optional.empty());
            assertThat(store.find("j").orElseThrow().done()).isEqualTo(1);
        }
    }

    @Test
    void tables_of_a_newer_release_are_refused() {
        openStore().close();
        schema.execute("UPDATE store_version SET version = 2, readable_from = 2 WHERE store = 'jobs'");
        assertThatThrownBy(this::openStore)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a newer release wrote them (version 2); use that release");
    }

    @Test
    void no_transaction_stays_open_after_a_call() {
        try (var store = openStore()) {
            store.create(job("j", 2), names(2));
            store.units("j");
            store.find("j");
            schema.awaitConnections(2, "state = 'idle'");
        }
    }
}
