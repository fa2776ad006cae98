package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.time.LocalDate;
import kr.kisgateway.gateway.journal.JournalEntry;

/** Entries of the journal with events of parent orders. */
final class ParentEntries {
    private static final ParentEventJson JSON = new ParentEventJson();

    private ParentEntries() {}

    /** The event as it is written now, in an entry of {@code version}. */
    static JournalEntry of(ParentEvent event, int version, Instant at) {
        return new JournalEntry(
                ParentEvent.STREAM,
                1,
                at,
                LocalDate.of(2026, 11, 23),
                ParentEventJson.type(event),
                version,
                1,
                event.parent().text(),
                JSON.write(event));
    }
}
