package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Optional;

/** State and rules without thread, clock, socket or file. One thread drives it. */
public interface Core {
    /** Handles one input at an instant; instants must not go back. */
    Step handle(Input input, Instant now);

    /** When the next {@link Input.Tick} is due if no other input arrives; empty when nothing is due. */
    Optional<Instant> nextDue();
}
