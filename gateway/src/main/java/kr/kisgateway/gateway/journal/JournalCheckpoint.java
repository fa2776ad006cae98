package kr.kisgateway.gateway.journal;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * Where the chain of a stream stood, as a {@link JournalWitness} recorded it.
 *
 * @param journalId the random id of the journal
 * @param head position and hash of an event
 * @param at when it was recorded
 * @param place where it is recorded, for messages: {@code row 17 of the audit}
 */
public record JournalCheckpoint(String journalId, String stream, ChainHead head, Instant at, String place) {

    /** Recorded checkpoints, in the order in which they were recorded. */
    @FunctionalInterface
    public interface Source {
        void forEach(Consumer<JournalCheckpoint> reader);

        /** No checkpoints. */
        static Source none() {
            return _ -> {};
        }
    }
}
