package kr.kisgateway.gateway.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.StoreSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents in PostgreSQL, which the owner of the accounts alone replaces. */
@Tag("slow")
class DocumentStoreTest {
    private static final byte[] CONTENT = "{\"이름\":\"관심\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] OTHER = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private StoreSchema schema;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(folder);
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    private Document open(String name) {
        return DocumentStore.open(schema.owned(), name);
    }

    @Test
    void a_document_has_what_it_was_replaced_by_last_and_no_other_is_changed() {
        var lists = open("lists");
        assertThat(lists.read()).isEmpty();
        open("hooks").replace(OTHER);
        lists.replace(OTHER);
        lists.replace(CONTENT);
        assertThat(open("lists").read()).hasValue(CONTENT);
        assertThat(open("hooks").read()).hasValue(OTHER);
        schema.awaitConnections(0, "true");
    }

    @Test
    void a_gateway_that_lost_the_accounts_replaces_nothing() {
        var lists = open("lists");
        lists.replace(OTHER);
        schema.giveLeaseAway();
        assertThatThrownBy(() -> lists.replace(CONTENT))
                .isInstanceOf(DocumentException.class)
                .hasMessageContaining("\"lists\"")
                .hasMessageContaining("cannot be written");
        assertThat(lists.read()).hasValue(OTHER);
    }

    @Test
    void tables_of_a_newer_release_are_refused() {
        open("lists");
        schema.execute("UPDATE store_version SET version = 2, readable_from = 2 WHERE store = 'documents'");
        assertThatThrownBy(() -> open("lists"))
                .isInstanceOfSatisfying(
                        DocumentException.class,
                        e -> assertThat(Postgres.mayPass(e.getCause())).isFalse())
                .hasMessageContaining("a newer release wrote it (version 2); use that release");
    }
}
