package kr.kisgateway.gateway.service;

import java.util.function.BooleanSupplier;
import kr.kisgateway.gateway.task.Heartbeat;

/** Something without which a running gateway is of no use. */
public sealed interface Essential {
    /** Its name in the status of the service. */
    String name();

    /** A loop that turns at least every second. */
    record Loop(String name, Heartbeat heartbeat) implements Essential {}

    /**
     * A request that is answered.
     *
     * @param answers sends it, and waits some seconds at most
     */
    record Answer(String name, BooleanSupplier answers) implements Essential {}
}
