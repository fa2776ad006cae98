package kr.kisgateway.gateway.journal;

import java.util.Optional;
import kr.kisgateway.gateway.error.Refusal;

/** Whether the journal has room for new orders. Any thread may ask; it costs nothing. */
public interface DiskRoom {
    /** What keeps the gateway from trading, by the words of readiness. */
    String BLOCKER = "DISK_LOW";

    /**
     * Why no new order is taken ({@code DISK_LOW}), or empty. Cancels, fills and answers are not to be asked for: they are
     * what the last of the room is kept for.
     */
    Optional<Refusal> refusal();
}
