package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.database.StoreSchema;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.notification.NotificationCore.Batch;
import kr.kisgateway.gateway.notification.NotificationCore.Change;
import kr.kisgateway.gateway.notification.NotificationCore.Stored;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Notifications in PostgreSQL, which the owner alone may change. */
@Tag("slow")
class PostgresNotificationStoreTest extends NotificationStoreContract {
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
    NotificationStore openStore() {
        return NotificationStore.open(schema.owned());
    }

    @Override
    void refuseMarks() {
        schema.execute("ALTER TABLE mark ADD CONSTRAINT refuse CHECK (value < 0)");
    }

    @Override
    void acceptMarks() {
        schema.execute("ALTER TABLE mark DROP CONSTRAINT refuse");
    }

    private NotificationStore openSource() {
        return NotificationStore.open(StoreDatabase.file(folder.resolve("alone.db")));
    }

    @Test
    void an_empty_store_takes_over_everything_of_another_and_continues_its_numbers() {
        try (var source = openSource();
                var store = openStore()) {
            source.write(everyKind());
            source.write(List.of(new Change.Put(notification(9, true)), new Change.Remove(9)));
            source.write(List.of(new Change.Remove(2)));
            source.markSending(new Batch(
                    "team", new Channel.Slack(Secret.of("https://example.com/a")), List.of(notification(1, false))));
            Stored before = source.stored();
            assertThat(before.notifications()).containsExactly(notification(1, true));

            assertThat(store.addFrom(source)).hasValue(4);

            assertThat(store.stored()).isEqualTo(before);
            assertThat(before.lastId()).isEqualTo(9);
            assertThat(source.stored()).isEqualTo(before);
        }
    }

    @Test
    void a_store_that_was_used_takes_over_nothing() {
        try (var source = openSource();
                var store = openStore()) {
            source.write(everyKind());
            store.write(List.of(new Change.Put(notification(1, false)), new Change.Remove(1)));
            Stored before = store.stored();

            assertThat(store.addFrom(source)).isEmpty();

            assertThat(store.stored()).isEqualTo(before);
        }
    }

    @Test
    void stores_that_open_an_empty_schema_at_once_have_the_same_notifications() {
        var stores = StoreSchema.openAtOnce(4, this::openStore);
        for (int i = 0; i < stores.size(); i++) {
            stores.get(i).write(List.of(new Change.Put(notification(i, false))));
        }
        for (var store : stores) {
            assertThat(store.stored().notifications()).hasSize(4);
            store.close();
        }
    }

    @Test
    void a_former_owner_changes_nothing_and_knows_it() {
        try (var store = openStore()) {
            store.write(everyKind());
            Stored before = store.stored();
            schema.giveLeaseAway();
            assertThat(schema.lease().isHeld()).isTrue();
            assertRefused(() -> store.write(List.of(new Change.Remove(1))));
            assertThat(schema.lease().isHeld()).isFalse();
            assertRefused(() -> store.replaceAll(new NotificationCore(Stored.none(), AT)));
            assertThat(store.stored()).isEqualTo(before);
        }
        assertRefused(this::openStore);
    }

    private static void assertRefused(Runnable change) {
        assertThatThrownBy(change::run)
                .isInstanceOf(NotificationException.class)
                .hasCauseInstanceOf(LeaseLostException.class)
                .hasMessageContaining("belongs to another gateway");
    }

    @Test
    void a_connection_that_the_server_ended_fails_one_call_and_is_replaced() {
        try (var store = openStore()) {
            store.write(everyKind());
            schema.endConnections();
            assertThatThrownBy(() -> store.write(List.of(new Change.Remove(1))))
                    .isInstanceOf(NotificationException.class);
            store.write(List.of(new Change.Remove(2)));
            schema.endConnections();
            assertThatThrownBy(store::stored).isInstanceOf(NotificationException.class);
            assertThat(store.stored().notifications()).containsExactly(notification(1, false));
        }
    }

    @Test
    void tables_of_a_newer_release_are_refused() {
        openStore().close();
        schema.execute("UPDATE store_version SET version = 3, readable_from = 3 WHERE store = 'notifications'");
        assertThatThrownBy(this::openStore)
                .isInstanceOf(NotificationException.class)
                .hasMessageContaining("it was written by a later release");
    }

    @Test
    void no_transaction_stays_open_after_a_call() {
        try (var store = openStore()) {
            store.write(everyKind());
            store.stored();
            schema.awaitConnections(1, "state = 'idle'");
        }
    }
}
