package kr.kisgateway.gateway.journal;

import java.util.Map;

/** Records elsewhere, in a signed place, where the chains of a journal stand: a journal that was rewritten contradicts it. */
@FunctionalInterface
public interface JournalWitness {
    /** Called once a minute while the journal grows, and when it closes; must not block for long. */
    void record(String journalId, Map<String, ChainHead> heads);

    /** Records nothing. */
    static JournalWitness none() {
        return (_, _) -> {};
    }
}
