package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticates the senders of alerts, which cannot set headers: by the webhook's address list and secret. The caller is then
 * the API key that the webhook is bound to, with this key's own limits.
 */
public final class WebhookGatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityLog.ATTEMPTS);
    /** The prefix of a secret, by which a search finds those that leaked. */
    private static final String PREFIX = "kwh_";
    /** Holder of attempts at webhooks that do not exist: not the name, which a guessing sender chooses. */
    private static final String UNKNOWN = "webhook";

    private final KeyRing keys;
    private final int callsPerSecond;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final Lockout lockout;
    private final CallRates alertRates = new CallRates(Duration.ofMinutes(1));
    private final CallRates keyRates = new CallRates();

    /**
     * What protects a webhook.
     *
     * @param key name of its API key
     * @param networks addresses that may send; an empty list, any
     */
    public record Protection(String name, SecretHash secret, String key, List<Network> networks, int perMinute) {
        public Protection {
            networks = List.copyOf(networks);
        }
    }

    /** Why an alert is refused. */
    public enum Reason {
        /** No such webhook, or a wrong secret, or not from there: the sender does not learn which. */
        UNKNOWN,
        LOCKED_OUT,
        /** More alerts than the webhook or its key accepts. */
        FLOOD,
        /** The key is not valid, may not order, or not from there. */
        KEY
    }

    /** The result of a check. */
    public sealed interface Admission {
        record Admitted(Caller caller) implements Admission {}

        /** @param retryAfter how long to wait before another attempt; zero when waiting does not help */
        record Refused(Reason reason, Duration retryAfter) implements Admission {}
    }

    /**
     * @param callsPerSecond quota of a key that has none of its own
     * @param monotonicClock a clock that never goes back
     */
    public WebhookGatekeeper(KeyRing keys, int callsPerSecond, InstantSource clock, InstantSource monotonicClock) {
        this.keys = keys;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
        this.lockout = new Lockout(clock::millis);
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        lockout.bindTo(meters, "webhook_lockout");
    }

    /** A new secret; it is displayed once, and only its hash is stored. */
    public static String newSecret(RandomGenerator random) {
        return PREFIX + KeyText.secret(random);
    }

    /**
     * The caller as which an alert orders.
     *
     * @param webhook empty when there is none of the called name
     * @param presented the secret that the sender presents; read only after the address was accepted
     * @param address the peer's IP address
     */
    public Admission admit(Optional<Protection> webhook, Supplier<String> presented, String address) {
        Instant now = clock.instant();
        String holder = webhook.map(it -> UNKNOWN + " " + it.name()).orElse(UNKNOWN);
        var attempt = Lockout.Attempt.of(holder, holder, address);
        var wait = lockout.remainingWait(attempt, now);
        if (wait.isPresent()) {
            LOG.warn("locked_out address={} secret=\"{}\" wait={}", address, holder, wait.get());
            return new Admission.Refused(Reason.LOCKED_OUT, wait.get());
        }
        if (webhook.isEmpty()) {
            lockout.recordFailure(attempt, now);
            LOG.warn("webhook_unknown address={}", address); // its name may be a secret in the wrong place
            return refused(Reason.UNKNOWN);
        }
        Protection found = webhook.get();
        if (!isAllowed(found.networks(), address)) {
            LOG.warn("webhook_network_refused address={} webhook={}", address, found.name());
            return refused(Reason.UNKNOWN);
        }
        if (!found.secret().matches(SecretHash.of(presented.get()))) {
            lockout.recordFailure(attempt, now);
            LOG.warn("webhook_secret_wrong address={} webhook={}", address, found.name());
            return refused(Reason.UNKNOWN);
        }
        lockout.recordSuccess(attempt);
        var flood = alertRates.take(found.name(), found.perMinute(), monotonicClock.instant());
        if (flood.isPresent()) {
            return new Admission.Refused(Reason.FLOOD, flood.get());
        }
        return usableKey(found.key())
                .filter(key -> key.allowsAddress(address))
                .map(key -> keyRates.take(
                                key.name(), key.callsPerSecond().orElse(callsPerSecond), monotonicClock.instant())
                        .<Admission>map(busy -> new Admission.Refused(Reason.FLOOD, busy))
                        .orElseGet(() -> new Admission.Admitted(key.toCaller(key.hash()))))
                .orElseGet(() -> refused(Reason.KEY));
    }

    /** The caller of a key that is valid and may order. */
    public Optional<Caller> caller(String key) {
        return usableKey(key).map(it -> it.toCaller(it.hash()));
    }

    /** Whether the key exists, is valid and may order. */
    private Optional<ApiKey> usableKey(String name) {
        return keys.findByName(name)
                .filter(key -> key.state(clock.instant()) == ApiKey.State.VALID)
                .filter(key -> key.role().covers(Role.TRADE));
    }

    /** Whether the key exists and is valid, expired or revoked: {@code REVOKED} for one that does not exist. */
    public ApiKey.State state(String key) {
        return keys.findByName(key).map(it -> it.state(clock.instant())).orElse(ApiKey.State.REVOKED);
    }

    /** Whether {@code caller} may let others order as that key: a key grants no more than it has. */
    public boolean mayGrant(Caller caller, String key) {
        return caller.isLocal()
                || keys.findByName(caller.name())
                        .flatMap(issuer -> keys.findByName(key).map(issuer::covers))
                        .orElse(false);
    }

    /** Releases the state of a webhook that was deleted. */
    public void release(String name) {
        alertRates.remove(name);
    }

    /** Releases the state of a key that no longer exists. */
    public void releaseKey(String name) {
        if (!keys.hasValid(name)) {
            keyRates.remove(name);
        }
    }

    private static boolean isAllowed(List<Network> networks, String address) {
        return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address));
    }

    private static Admission refused(Reason reason) {
        return new Admission.Refused(reason, Duration.ZERO);
    }
}
