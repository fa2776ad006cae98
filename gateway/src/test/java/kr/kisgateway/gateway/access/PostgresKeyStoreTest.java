package kr.kisgateway.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.database.StoreSchema;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The keys in PostgreSQL, which every node may change. */
@Tag("slow")
class PostgresKeyStoreTest extends KeyStoreContract {
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
    KeyStore openStore() {
        return KeyStore.open(schema.shared());
    }

    @Test
    void nodes_that_open_an_empty_schema_at_once_have_the_same_keys() {
        var stores = StoreSchema.openAtOnce(4, this::openStore);
        for (int i = 0; i < stores.size(); i++) {
            stores.get(i).insert(key("key-" + i, "bot-" + i));
        }
        for (var store : stores) {
            assertThat(store.all()).hasSize(4);
            store.close();
        }
        assertThat(schema.number("SELECT changes FROM key_changes")).isEqualTo(4);
    }

    @Test
    void tables_of_a_newer_release_are_refused() {
        store();
        schema.execute("UPDATE store_version SET version = 6, readable_from = 6 WHERE store = 'access'");
        assertThatThrownBy(this::openStore)
                .isInstanceOf(KeyStoreException.class)
                .hasMessageContaining("a newer release wrote them (layout 6); use that release");
        schema.awaitConnections(0, "state <> 'idle'");
    }

    @Test
    void a_connection_that_the_server_ended_fails_one_call_and_is_replaced() {
        var store = store();
        store.insert(key("abcdefgh", "bot"));
        schema.endConnections();
        assertThatThrownBy(() -> store.insert(key("ijklmnop", "other"))).isInstanceOf(KeyStoreException.class);
        assertThat(store.all()).containsExactly(key("abcdefgh", "bot"));
        assertThat(store.insert(key("ijklmnop", "other"))).isTrue();
        schema.endConnections();
        assertThatThrownBy(store::all).isInstanceOf(KeyStoreException.class);
        assertThat(store.all()).hasSize(2);
    }

    @Test
    void a_change_that_could_not_be_counted_is_not_made() {
        var store = store();
        schema.execute("ALTER TABLE key_changes RENAME TO other");
        assertThatThrownBy(() -> store.insert(key("abcdefgh", "bot"))).isInstanceOf(KeyStoreException.class);
        schema.execute("ALTER TABLE other RENAME TO key_changes");
        assertThat(store.all()).isEmpty();
    }

    @Test
    void a_change_that_could_not_be_read_is_read_with_the_next_check() {
        var tasks = new ManualTaskRunner();
        var ring = ring(tasks);
        store().insert(key("abcdefgh", "bot"));
        schema.execute("ALTER TABLE api_keys RENAME TO other");
        tasks.advance(CHECK);
        schema.execute("ALTER TABLE other RENAME TO api_keys");
        assertThat(ring.hasName("bot")).isFalse();
        tasks.advance(CHECK);
        assertThat(ring.hasName("bot")).isTrue();
    }

    @Test
    void no_transaction_stays_open_after_a_call() {
        var store = store();
        store.insert(key("abcdefgh", "bot"));
        store.all();
        store.tokensAfter(0);
        store.version();
        schema.awaitConnections(1, "state = 'idle'");
    }
}
