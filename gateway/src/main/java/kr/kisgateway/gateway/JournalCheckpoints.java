package kr.kisgateway.gateway;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditException;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditRow;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.AuditTrail;
import kr.kisgateway.gateway.journal.ChainHead;
import kr.kisgateway.gateway.journal.JournalCheckpoint;
import kr.kisgateway.gateway.journal.JournalWitness;

/**
 * Where the journal's chains stood, in rows of the audit. The audit is signed, so a journal whose hashes were all computed again
 * contradicts it. A row is {@code journal=ID STREAM:SEQ:HASH …}.
 */
final class JournalCheckpoints {
    /** {@link AuditEntry#call()} of the rows. */
    static final String CALL = "journal checkpoint";

    /** Streams of one row: more would not fit into its bound. */
    private static final int STREAMS_MAX = 6;

    private static final String ID = "journal=";

    private JournalCheckpoints() {}

    /** Records the heads in {@code audit}. */
    static JournalWitness recordedIn(AuditTrail audit, InstantSource clock) {
        return (journalId, heads) ->
                texts(heads).forEach(text -> audit.report(clock.instant(), CALL, ID + journalId + text));
    }

    private static List<String> texts(Map<String, ChainHead> heads) {
        var texts = new ArrayList<String>();
        var text = new StringBuilder();
        int streams = 0;
        for (var head : new TreeMap<>(heads).entrySet()) {
            text.append(' ')
                    .append(head.getKey())
                    .append(':')
                    .append(head.getValue().seq())
                    .append(':')
                    .append(HexFormat.of().formatHex(head.getValue().hash()));
            if (++streams % STREAMS_MAX == 0) {
                texts.add(text.toString());
                text.setLength(0);
            }
        }
        if (!text.isEmpty()) {
            texts.add(text.toString());
        }
        return texts;
    }

    /**
     * Those in the audit of {@code folder}; none where there is no audit.
     *
     * @param unreadable receives why the audit cannot be read
     */
    static JournalCheckpoint.Source of(Path folder, Consumer<String> unreadable) {
        return reader -> {
            try {
                if (AuditSearch.existsIn(folder)) {
                    new AuditSearch(folder)
                            .all(AuditFilter.all().from(AuditSource.GATEWAY, CALL), row -> checkpoints(row, reader));
                }
            } catch (AuditException | UncheckedIOException e) {
                unreadable.accept(
                        "The journal was not compared with the audit, which cannot be read: " + e.getMessage());
            }
        };
    }

    private static void checkpoints(AuditRow row, Consumer<JournalCheckpoint> reader) {
        String[] words = row.entry().parameters().split(" ");
        if (!words[0].startsWith(ID)) {
            return;
        }
        for (int i = 1; i < words.length; i++) {
            head(words[i])
                    .ifPresent(it -> reader.accept(new JournalCheckpoint(
                            words[0].substring(ID.length()),
                            it.getKey(),
                            it.getValue(),
                            row.entry().at(),
                            "row " + row.seq() + " of the audit")));
        }
    }

    /** A changed row of the audit may have anything; {@code audit verify} reports it. */
    private static Optional<Map.Entry<String, ChainHead>> head(String word) {
        String[] parts = word.split(":");
        try {
            return parts.length == 3
                    ? Optional.of(Map.entry(
                            parts[0],
                            new ChainHead(
                                    Long.parseLong(parts[1]), HexFormat.of().parseHex(parts[2]))))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
