package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.access.ApiKeyGatekeeper;
import kr.kisgateway.gateway.access.KeyExpiryRule;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyRoutes;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.access.LoginLimits;
import kr.kisgateway.gateway.access.LoginRoutes;
import kr.kisgateway.gateway.access.RefusedKeys;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.database.OwnerCheck;
import kr.kisgateway.gateway.database.StoreDatabase;
import kr.kisgateway.gateway.http.LoginCookie;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.StreamHub;

/**
 * API keys and what they allow.
 *
 * @param refusedKeys counts refused keys by address
 * @param keyEndListeners receive the name of each key whose secret is no longer valid
 */
record AccessModule(KeyRing keys, RefusedKeys refusedKeys, List<Consumer<String>> keyEndListeners) {
    /** File name of the API keys in the data folder of a gateway that shares no database. */
    static final String FILE = "access.db";

    /** Opens the keys and follows the changes that commands make. */
    static AccessModule open(Platform platform) {
        var ring = ring(
                platform.membership()
                        .map(it -> StoreDatabase.schema(it.postgres(), OwnerCheck.none()))
                        .orElseGet(() -> StoreDatabase.file(platform.data().file(FILE))),
                platform.clock(),
                platform.random(),
                platform.settings().access().logins());
        var refusedKeys = new RefusedKeys(platform.alertSource(AlertEvent.LOGIN_FAILURES));
        platform.evaluator().add(refusedKeys);
        platform.evaluator()
                .add(new KeyExpiryRule(
                        ring::valid,
                        platform.informingAlertSource(AlertEvent.KEY_EXPIRES),
                        platform.alertSource(AlertEvent.KEY_EXPIRES)));
        return new AccessModule(
                platform.parts().add(ring.startWatching(platform.tasks())), refusedKeys, new CopyOnWriteArrayList<>());
    }

    /** @param listener receives the name of a key whose secret is no longer valid */
    void onKeyEnded(Consumer<String> listener) {
        keyEndListeners.add(listener);
    }

    /** The keys for a command, which makes no logins. */
    static KeyRing ring(StoreDatabase database, InstantSource clock, RandomGenerator random) {
        return ring(database, clock, random, LoginLimits.NONE);
    }

    /** @param random a cryptographically strong source */
    private static KeyRing ring(
            StoreDatabase database, InstantSource clock, RandomGenerator random, LoginLimits logins) {
        try {
            return new KeyRing(KeyStore.open(database), clock, random, logins);
        } catch (KeyStoreException e) {
            throw StartException.of(e);
        }
    }

    /** Registers the routes and returns what judges calls; a key that is no longer valid loses its streams. */
    ApiKeyGatekeeper start(
            Platform platform, InstrumentModule instruments, StreamHub hub, Supplier<OptionalInt> facePort) {
        var settings = platform.settings();
        new KeyRoutes(keys, settings.accounts(), instruments.listing()::isListed, platform.clock(), facePort)
                .register(platform.routes());
        new LoginRoutes(keys, loginCookie(settings), platform.clock().monotonicClock()).register(platform.routes());
        return start(platform, hub);
    }

    /** The cookie of a login at this gateway. */
    static LoginCookie loginCookie(Settings settings) {
        return LoginCookie.of(settings.http().port(), settings.http().tls().isPresent());
    }

    /** The same without routes. */
    ApiKeyGatekeeper start(Platform platform, StreamHub hub) {
        var settings = platform.settings();
        var gatekeeper = new ApiKeyGatekeeper(
                settings.access().keysRequired(),
                keys,
                settings.http().operatorToken(),
                settings.access().callsPerSecond(),
                platform.clock(),
                platform.clock().monotonicClock());
        gatekeeper.bindTo(platform.meters());
        gatekeeper.reportTo(refusedKeys);
        keys.bindTo(platform.meters());
        keys.onPassInvalidated(pass -> {
            gatekeeper.releaseKey(pass.name());
            hub.disconnectKey(pass.name(), pass.secretFingerprint());
            if (!pass.isLogin()) {
                keyEndListeners.forEach(listener -> listener.accept(pass.name()));
            }
        });
        return gatekeeper;
    }
}
