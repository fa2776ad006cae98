package kr.kisgateway.gateway.journal;

import java.time.LocalDate;
import java.util.List;

/**
 * Entries to append to a stream in one commit; the owner of the journal assigns their positions and the time.
 *
 * @param stream never an account's alias
 * @param tables updates query tables in the same commit
 */
public record JournalAppend(String stream, List<Draft> entries, Journal.Work tables) {
    /**
     * An entry without position and time.
     *
     * @param subject what it is about
     * @param type the kind of event
     * @param version version of the payload's form
     * @param payload the event as one JSON object
     */
    public record Draft(String subject, String type, int version, LocalDate tradingDay, String payload) {}

    public JournalAppend {
        entries = List.copyOf(entries);
    }
}
