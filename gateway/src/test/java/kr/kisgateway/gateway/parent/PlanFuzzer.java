package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.OrderRequestFuzzer;
import kr.kisgateway.gateway.parent.PlanParser.Requested;

/** Any body is a plan or a basket, the same whenever it is repeated, or is refused. */
public final class PlanFuzzer {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final Caller CALLER = Caller.local(Role.ADMIN);
    private static final PlanParser PARSER = new PlanParser(OrderRequestFuzzer.parser());

    private PlanFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        Optional<Requested> requested = requested(input);
        if (!requested.equals(requested(input))) {
            throw new IllegalStateException("a repeated request is another plan");
        }
    }

    private static Optional<Requested> requested(byte[] input) {
        try {
            return Optional.of(PARSER.read(CALLER, RequestBody.parse(input), NOW));
        } catch (RefusedException refused) {
            return Optional.empty();
        }
    }
}
