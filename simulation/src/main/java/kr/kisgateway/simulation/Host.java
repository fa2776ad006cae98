package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.lease.Lease;

/** The machine of a gateway process: its clock, the journal that it writes, and the faults that it can have there. */
interface Host {
    /** A moment of a send at which the machine may stop for a while. */
    enum Step {
        /** The send is durable and has not begun. */
        BEFORE_SEND,
        /** It was checked when it began, and no byte has left. */
        BEFORE_COMPARISON,
        /** It was compared with its deadline, and no byte has left: nothing can check it any more. */
        BEFORE_WRITE
    }

    /**
     * What a process reads of the journal when it opens it.
     *
     * @param fence number of this opening, higher than every earlier one
     */
    record OpenedJournal(List<JournalEntry> entries, int fence) {}

    /** The process's clock, which may be wrong. */
    Instant clock();

    /** The time until the clock shows {@code at}. */
    Duration until(Instant at);

    /** Runs {@code work} when the machine does not stand still, in the order of the calls. */
    void whenAwake(Runnable work);

    /** Whether the machine stops now, at a step of a send. */
    boolean stopsAt(Step step, String order);

    /** The time that no machine knows for certain. */
    Instant trueTime();

    /**
     * The first byte of a request for {@code order} leaves.
     *
     * @param compared true time of its last comparison with the clock
     */
    void left(String order, Instant compared);

    /** Whether anything that is sent to the broker arrives. */
    boolean reachesBroker();

    /** The lease of the process; empty when it needs none. */
    Optional<Lease> lease();

    /** Begins to write a commit. */
    void write(List<JournalEntry> entries);

    /**
     * Makes the commit durable that was begun last, and runs one of both, unless the process ends before.
     *
     * @param failed it is unknown whether the commit is durable
     */
    void flush(GatewayProcess process, List<JournalEntry> entries, Runnable durable, Runnable failed);

    /** Opens the journal again after a failed commit; empty when that is not possible now. */
    void reopen(Consumer<Optional<OpenedJournal>> done);

    /** The process has died. */
    void died(GatewayProcess process);

    /** The planted defects of a process here. */
    Set<Bug> bugs();

    /** Logs an event of the machine. */
    void log(Supplier<String> what);
}
