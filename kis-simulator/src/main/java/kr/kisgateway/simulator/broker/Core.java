package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.Optional;

/** What answers: state and rules without thread, clock, socket or file. One thread drives it. */
public interface Core {
    /** One input at an instant; instants must not go back. */
    Step handle(Input input, Instant now);

    /** When the next {@link Input.Tick} is wanted if nothing else comes; empty when nothing is due. */
    Optional<Instant> nextDue();
}
