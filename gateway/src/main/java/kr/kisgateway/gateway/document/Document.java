package kr.kisgateway.gateway.document;

import java.nio.file.Path;
import java.util.Optional;

/** A text in UTF-8 that is replaced completely with each change. Used by one thread at a time. */
public sealed interface Document permits FileDocument, DocumentStore {
    /** A file of a data folder, which is created with the first content and readable by its owner only. */
    static Document file(Path file) {
        return new FileDocument(file);
    }

    /**
     * Its content; empty while it has none.
     *
     * @throws DocumentException when it cannot be read
     */
    Optional<byte[]> read();

    /**
     * Replaces its content, durable when this returns.
     *
     * @throws DocumentException when it cannot be written
     */
    void replace(byte[] content);

    /** Names it in messages. */
    String description();

    /** What a person can do about content that is damaged, as a sentence. */
    String remedy();
}
