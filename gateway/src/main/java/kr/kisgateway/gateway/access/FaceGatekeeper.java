package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.log.SecurityLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates the callers of the port that speaks KIS's protocol: by virtual app key and secret, in KIS's order. */
public final class FaceGatekeeper {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityLog.ATTEMPTS);
    private final KeyRing keys;
    private final Predicate<ApiKey> permitted;
    private final int callsPerSecond;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final CallRates rates = new CallRates();
    private volatile Optional<RefusedKeys> refusedKeys = Optional.empty();

    /** Why a caller is refused. */
    public enum Reason {
        APP_KEY_MISSING,
        /** Unknown, expired or revoked. */
        APP_KEY_INVALID,
        APP_SECRET_MISSING,
        APP_SECRET_WRONG,
        /** The key may not be used from there. */
        ADDRESS
    }

    /** The result of a check. */
    public sealed interface Admission {
        /** @param secretFingerprint of the app secret, of which a key has two while it is being rotated */
        record Admitted(ApiKey key, Caller caller, String secretFingerprint) implements Admission {
            /** Its account and login id. */
            public FaceIdentity identity() {
                return key.face().orElseThrow();
            }
        }

        record Refused(Reason reason) implements Admission {}
    }

    /**
     * @param permitted whether a valid key may be used here
     * @param callsPerSecond quota of a key that has none of its own
     * @param monotonicClock a clock that never goes back
     */
    public FaceGatekeeper(
            KeyRing keys,
            Predicate<ApiKey> permitted,
            int callsPerSecond,
            InstantSource clock,
            InstantSource monotonicClock) {
        this.keys = keys;
        this.permitted = permitted;
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
        this.monotonicClock = monotonicClock;
    }

    /** Sets what counts refused keys by address. */
    public void reportTo(RefusedKeys refused) {
        refusedKeys = Optional.of(refused);
    }

    private Admission refused(Reason reason, String address) {
        refusedKeys.ifPresent(it -> it.refused(address, clock.instant()));
        return new Admission.Refused(reason);
    }

    /**
     * The caller with these credentials.
     *
     * @param appKey empty when the request has none
     * @param address the peer's IP address
     */
    public Admission admit(String appKey, String appSecret, String address) {
        if (appKey.isEmpty()) {
            return new Admission.Refused(Reason.APP_KEY_MISSING);
        }
        Instant now = clock.instant();
        // An app key has 26 random characters and a secret 135 random bytes: guessing has no prospect, and a lock-out
        // would
        // let any caller that knows an app key, which tokens contain, stop its owner.
        Optional<ApiKey> key = keys.findByAppKey(appKey)
                .filter(it -> it.state(now) == ApiKey.State.VALID)
                .filter(permitted);
        if (key.isEmpty()) {
            LOG.warn("app_key_wrong address={}", address);
            return refused(Reason.APP_KEY_INVALID, address);
        }
        String id = key.get().id();
        if (appSecret.isEmpty()) {
            return new Admission.Refused(Reason.APP_SECRET_MISSING);
        }
        var secret = key.get().matchingAppSecret(SecretHash.of(appSecret), now);
        if (secret.isEmpty()) {
            LOG.warn("app_secret_wrong address={} id={}", address, id);
            return refused(Reason.APP_SECRET_WRONG, address);
        }
        if (!key.get().allowsAddress(address)) {
            LOG.warn("key_network_refused address={} id={}", address, id);
            return refused(Reason.ADDRESS, address);
        }
        return new Admission.Admitted(
                key.get(), key.get().toCaller(secret.get()), secret.get().fingerprint());
    }

    /** Takes one call of the key's share; returns how long to wait when none is left. */
    public Optional<Duration> takeCall(ApiKey key) {
        return rates.take(key.name(), key.callsPerSecond().orElse(callsPerSecond), monotonicClock.instant());
    }

    /** Releases the state of a key that no longer exists. */
    public void releaseKey(String name) {
        if (!keys.hasValid(name)) {
            rates.remove(name);
        }
    }
}
