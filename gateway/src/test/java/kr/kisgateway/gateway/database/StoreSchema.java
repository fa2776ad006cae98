package kr.kisgateway.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.Await;
import kr.kisgateway.gateway.journal.JournalPlace;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseCheck;

/** An empty schema of PostgreSQL for the stores of a test, on the server of all tests. Its owner has a lease. */
public final class StoreSchema implements AutoCloseable {
    /** Name of the connections of stores, by which the server finds them. */
    private static final String STORES = "stores";

    private final JournalPlace.Database place;
    private final Postgres postgres;

    public StoreSchema(Path folder) {
        place = new JournalPlace.Database(folder);
        postgres = Postgres.open(place.postgres().address(), "sim", STORES);
    }

    /** For stores that the owner alone may change. */
    public StoreDatabase owned() {
        return StoreDatabase.schema(postgres, new LeaseCheck(place.lease()));
    }

    /** For stores that every node may change. */
    public StoreDatabase shared() {
        return StoreDatabase.schema(postgres, OwnerCheck.none());
    }

    public Lease lease() {
        return place.lease();
    }

    /** Gives the lease to another node, which this one does not notice by itself. */
    public void giveLeaseAway() {
        execute("UPDATE lease SET epoch = epoch + 1, holder = 'other'");
    }

    /** Opens a store {@code times} times at the same moment. */
    public static <T> List<T> openAtOnce(int times, Supplier<T> open) {
        var start = new CyclicBarrier(times);
        List<CompletableFuture<T>> opening = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                start.await();
                            } catch (InterruptedException | BrokenBarrierException e) {
                                throw new AssertionError(e);
                            }
                            return open.get();
                        },
                        task -> Thread.ofPlatform().start(task)))
                .limit(times)
                .toList();
        return opening.stream().map(CompletableFuture::join).toList();
    }

    /** A connection behind the stores' back. */
    public Connection connect() throws SQLException {
        return place.connect();
    }

    public void execute(String sql) {
        place.execute(sql);
    }

    /** The number in the first column and row. */
    public long number(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Ends the connections of all stores, as a server does that restarts. */
    public void endConnections() {
        execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + ofStores());
        Await.until("the server ended the connections", () -> connections("true") == 0);
    }

    /**
     * Waits until so many of the stores' connections meet a condition: the server ends one a moment after its client, but one that
     * stays in a transaction only after {@link Postgres}'s limit for that, which is longer.
     */
    public void awaitConnections(long count, String condition) {
        Await.until(
                Duration.ofSeconds(1),
                count + " connections of which " + condition,
                () -> connections(condition) == count);
    }

    /** The number of the stores' connections that meet a condition. */
    public long connections(String condition) {
        return number("SELECT count(*) FROM pg_stat_activity WHERE " + ofStores() + " AND " + condition);
    }

    private static String ofStores() {
        return "datname = current_database() AND application_name = '" + STORES + "'";
    }

    @Override
    public void close() {
        place.close();
    }
}
