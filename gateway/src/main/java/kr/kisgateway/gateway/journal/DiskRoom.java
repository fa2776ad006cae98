package kr.kisgateway.gateway.journal;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/** Whether the journal has space for new orders. Any thread may call it, without cost. */
public interface DiskRoom {
    /** The blocker of trading in the words of readiness. */
    String BLOCKER = "DISK_LOW";

    /**
     * The refusal of a new order ({@code DISK_LOW}), or empty. Not for cancels, fills and answers: the last of the space is
     * reserved for them.
     */
    Optional<Refusal> refusal();
}
