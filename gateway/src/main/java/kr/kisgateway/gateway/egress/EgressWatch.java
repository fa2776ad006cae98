package kr.kisgateway.gateway.egress;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.egress.OwnAddress.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the address from which the broker sees the gateway. KIS does not report it, so a service is asked that is reached in the
 * same way. Until an allowed address was seen, and since another one was, orders are blocked; a service that does not answer changes
 * nothing, because its outage says nothing about the address.
 */
public final class EgressWatch {
    /** The blocker of trading. */
    public static final String BLOCKER = "EGRESS_ADDRESS";

    private static final Logger LOG = LoggerFactory.getLogger("gateway.egress");
    private static final String SUBJECT = "egress";
    private static final Duration WHEN_ALLOWED = Duration.ofMinutes(5);
    private static final Duration WHEN_BLOCKED = Duration.ofSeconds(10);

    private final List<Network> allowed;
    private final URI service;
    private final Function<URI, Answer> request;
    private final AlertSource differs;
    private volatile boolean allows;
    private volatile Optional<String> last = Optional.empty();

    /** @param request asks the service */
    public EgressWatch(List<Network> allowed, URI service, Function<URI, Answer> request, AlertSource differs) {
        this.allowed = List.copyOf(allowed);
        this.service = service;
        this.request = request;
        this.differs = differs;
    }

    /** The blocker, while the address is not known to be an allowed one. */
    public List<String> blockers() {
        return allows ? List.of() : List.of(BLOCKER);
    }

    /** The last address that was seen. */
    public Optional<String> lastAddress() {
        return last;
    }

    /** Asks once; the pause before the next time. */
    public Duration check() {
        switch (request.apply(service)) {
            case Answer.Seen(String address) -> seen(address);
            case Answer.Unknown(String reason) ->
                LOG.warn("egress_address_unknown reason=\"{}\" allowed={}", reason, allows);
        }
        return allows ? WHEN_ALLOWED : WHEN_BLOCKED;
    }

    private void seen(String address) {
        boolean isAllowed = allowed.stream().anyMatch(network -> network.contains(address));
        boolean isNew = !last.equals(Optional.of(address));
        if (isAllowed != allows || isNew) {
            LOG.info("egress_address address={} allowed={}", address, isAllowed);
        }
        last = Optional.of(address);
        allows = isAllowed;
        if (isAllowed) {
            differs.settle(SUBJECT);
        } else if (isNew) {
            differs.raise(
                    SUBJECT,
                    "The gateway reaches the internet from " + address
                            + ", which NETWORK_EGRESS_ALLOW does not have: live orders are refused, cancels pass. Check the"
                            + " route (VPN, line), or allow the address.");
        }
    }
}
