package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.document.Document;
import kr.kisgateway.gateway.document.DocumentException;
import kr.kisgateway.gateway.document.DocumentStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Documents of the data folder, or, where gateways share a database, of that one, so that the next owner of the accounts has them. */
final class Documents {
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    private Documents() {}

    /**
     * What {@code reader} makes of the document {@code name}.
     *
     * @throws StartException when it cannot be read
     */
    static <T> T open(Platform platform, String name, Function<Document, T> reader) {
        return open(platform.ownership().map(Ownership::stores), platform.data().file(name), reader);
    }

    /**
     * The same.
     *
     * @param shared of the owner; a document that is not there yet begins with {@code file}, whose gateway ran alone before
     */
    static <T> T open(Optional<StoreDatabase> shared, Path file, Function<Document, T> reader) {
        var own = Document.file(file);
        try {
            return reader.apply(shared.<Document>map(it -> shared(it, String.valueOf(file.getFileName()), own, reader))
                    .orElse(own));
        } catch (DocumentException e) {
            throw StartException.of(e);
        }
    }

    private static Document shared(StoreDatabase database, String name, Document own, Function<Document, ?> reader) {
        var row = DocumentStore.open(database, name);
        var present = row.read();
        if (present.isPresent()) {
            reportUnused(own, row, present.get());
        } else {
            own.read().ifPresent(content -> {
                // A damaged one stays where it can be corrected.
                var unused = reader.apply(own);
                row.replace(content);
                LOG.info("document_shared name={} file={}", name, own.description());
            });
        }
        return row;
    }

    private static void reportUnused(Document own, Document row, byte[] used) {
        try {
            if (own.read().filter(content -> !Arrays.equals(content, used)).isPresent()) {
                LOG.info("document_of_folder_unused file={} used=\"{}\"", own.description(), row.description());
            }
        } catch (DocumentException e) {
            LOG.info("document_of_folder_unused file={} cause=\"{}\"", own.description(), e.getMessage());
        }
    }
}
