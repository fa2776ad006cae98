package kr.kisgateway.gateway.lease;

import static kr.kisgateway.gateway.Await.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Leases in a real database. */
@Tag("slow")
class LeaseKeeperTest {
    private static final LeaseTimes SHORT = new LeaseTimes(Duration.ofSeconds(1));
    /** Longer than a machine stalls. */
    private static final LeaseTimes SECONDS = new LeaseTimes(Duration.ofSeconds(6));

    private static final LeaseTimes LONG = new LeaseTimes(Duration.ofMinutes(10));

    private final List<LeaseKeeper> keepers = new ArrayList<>();
    private final ThreadTaskRunner tasks = new ThreadTaskRunner();
    private Postgres postgres;

    @BeforeEach
    void createTable() throws SQLException {
        String url = JournalPlace.SharedPostgres.server().newDatabase();
        postgres = Postgres.open(PostgresAddress.parse(url).orElseThrow(), "sim", "test");
        try (var connection = postgres.connect()) {
            LeaseStore.create(connection);
        }
    }

    @AfterEach
    void closeKeepers() {
        keepers.forEach(LeaseKeeper::close);
    }

    private LeaseKeeper keeper(String id, LeaseTimes times) {
        var keeper = new LeaseKeeper(
                postgres,
                "owner",
                new LeaseNode(id, "", "node-" + id, "http://127.0.0.1:1", "1", true),
                times,
                System::nanoTime,
                InstantSource.system());
        keepers.add(keeper);
        return keeper;
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void one_of_many_that_ask_at_once_gets_it() throws Exception {
        var taken = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 16)
                .mapToObj(n -> {
                    LeaseKeeper keeper = keeper("n" + n, LONG);
                    return Thread.ofPlatform().start(() -> {
                        keeper.acquire().ifPresent(_ -> taken.incrementAndGet());
                    });
                })
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(1);
    }

    @Test
    void another_gets_it_when_its_time_is_over_and_with_a_higher_epoch() throws Exception {
        Lease first = keeper("a", SECONDS).acquire().orElseThrow(); // which is never renewed
        LeaseKeeper other = keeper("b", LONG);
        assertThat(other.acquire()).isEmpty();
        assertThat(other.holder().orElseThrow().node()).isEqualTo("node-a");
        var second = new CompletableFuture<Lease>();
        until("the end of the lease", () -> {
            other.acquire().ifPresent(second::complete);
            return second.isDone();
        });
        assertThat(first.isHeld()).as("its holder ended first").isFalse();
        assertThat(second.join().epoch()).isEqualTo(first.epoch() + 1);
    }

    @Test
    void a_renewed_one_stays() throws Exception {
        LeaseKeeper keeper = keeper("a", SECONDS);
        Lease lease = keeper.acquire().orElseThrow();
        var first = keeper.holder().orElseThrow().expires();
        keeper.keep(lease, tasks, () -> {});
        LeaseKeeper other = keeper("b", SHORT);
        until("three renewals", () -> {
            assertThat(other.acquire()).isEmpty();
            return keeper.holder().orElseThrow().expires().isAfter(first.plus(SECONDS.ttl()));
        });
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void the_same_node_gets_it_again_at_once_after_a_crash() throws Exception {
        Lease first = keeper("a", LONG).acquire().orElseThrow();
        Lease second = keeper("a", LONG).acquire().orElseThrow();
        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
    }

    @Test
    void a_keeper_notices_that_another_has_it_and_reports_it_once() throws Exception {
        LeaseKeeper keeper = keeper("a", SHORT);
        Lease lease = keeper.acquire().orElseThrow();
        var lost = new AtomicInteger();
        keeper.keep(lease, tasks, lost::incrementAndGet);
        execute("UPDATE lease SET epoch = epoch + 1, holder = 'other'");
        until("noticed", () -> lost.get() > 0);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.isLost()).isTrue();
        keeper.close();
        assertThat(lost).hasValue(1);
        assertThat(keeper("b", SHORT).holder().orElseThrow().epoch())
                .as("a lost lease is not released for its new holder")
                .isEqualTo(lease.epoch() + 1);
    }

    @Test
    void a_loss_that_a_transaction_of_the_holder_noticed_first_is_reported_too() throws Exception {
        LeaseKeeper keeper = keeper("a", SHORT);
        Lease lease = keeper.acquire().orElseThrow();
        var lost = new AtomicInteger();
        keeper.keep(lease, tasks, lost::incrementAndGet);
        lease.lose(); // as the check of a commit does it
        until("reported", () -> lost.get() > 0);
        assertThat(lost).hasValue(1);
    }

    @Test
    void a_closed_keeper_leaves_it_to_the_next_at_once() throws Exception {
        LeaseKeeper keeper = keeper("a", LONG);
        Lease lease = keeper.acquire().orElseThrow();
        keeper.keep(lease, tasks, () -> {});
        keeper.close();
        assertThat(lease.isHeld()).isFalse();
        assertThat(keeper("b", LONG).acquire()).isPresent();
    }

    @Test
    void a_connection_that_the_server_ended_is_replaced() throws Exception {
        LeaseKeeper keeper = keeper("a", SECONDS);
        Lease lease = keeper.acquire().orElseThrow();
        var first = keeper.holder().orElseThrow().expires();
        keeper.keep(lease, tasks, () -> {});
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        until("a renewal", () -> {
            try {
                return keeper.holder().orElseThrow().expires().isAfter(first);
            } catch (DatabaseException e) {
                return false; // the call that meets the ended connection
            }
        });
        assertThat(lease.isHeld()).isTrue();
    }
}
