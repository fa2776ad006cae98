package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.database.StoreSchema;
import kr.kisgateway.gateway.document.Document;
import kr.kisgateway.gateway.document.DocumentStore;
import kr.kisgateway.gateway.watchlist.Watchlists;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which document an owner of the accounts begins with: that of the database, or that of its folder. */
@Tag("slow")
class DocumentsTest {
    private static final String EMPTY = "{\"format\":1,\"count\":0,\"watchlists\":[]}";

    @TempDir
    private Path folder;

    private StoreSchema schema;
    private Path file;

    @BeforeEach
    void createSchema() {
        schema = new StoreSchema(folder);
        file = folder.resolve("watchlists.json");
    }

    @AfterEach
    void closeSchema() {
        schema.close();
    }

    /** Opens it as a reader does that takes every text. */
    private String open() {
        return Documents.open(Optional.of(schema.owned()), file, DocumentsTest::text);
    }

    private static String text(Document document) {
        return document.read()
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .orElse("nothing");
    }

    private Optional<String> stored() {
        return DocumentStore.open(schema.shared(), "watchlists.json")
                .read()
                .map(content -> new String(content, StandardCharsets.UTF_8));
    }

    @Test
    void the_file_of_the_first_owner_becomes_the_document_of_all_and_that_of_a_later_one_is_not_used()
            throws Exception {
        assertThat(open()).isEqualTo("nothing");
        assertThat(stored()).isEmpty();
        Files.writeString(file, "first");
        assertThat(open()).isEqualTo("first");
        assertThat(stored()).hasValue("first");
        Files.writeString(file, "of another owner");
        assertThat(open()).isEqualTo("first");
        assertThat(Files.readString(file)).isEqualTo("of another owner");
        Files.delete(file);
        assertThat(open()).isEqualTo("first");
    }

    @Test
    void a_damaged_file_is_not_taken_over() throws Exception {
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Documents.open(Optional.of(schema.owned()), file, Watchlists::open))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.mayPass()).isFalse())
                .hasMessageContaining(file + " cannot be read")
                .hasMessageContaining("Correct the file");
        assertThat(stored()).isEmpty();
    }

    @Test
    void a_damaged_document_of_the_database_is_named_with_what_to_do() throws Exception {
        Files.writeString(file, EMPTY);
        Documents.open(Optional.of(schema.owned()), file, Watchlists::open);
        schema.execute("UPDATE document SET content = '{'");
        assertThatThrownBy(() -> Documents.open(Optional.of(schema.owned()), file, Watchlists::open))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.mayPass()).isFalse())
                .hasMessageContaining("DELETE FROM document WHERE name = 'watchlists.json'");
    }

    @Test
    void a_gateway_that_lost_the_accounts_while_it_starts_may_be_started_again() throws Exception {
        Files.writeString(file, "first");
        schema.giveLeaseAway();
        StoreDatabase lost = schema.owned();
        assertThatThrownBy(() -> Documents.open(Optional.of(lost), file, DocumentsTest::text))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.mayPass()).isTrue());
        assertThat(stored()).isEmpty();
    }
}
