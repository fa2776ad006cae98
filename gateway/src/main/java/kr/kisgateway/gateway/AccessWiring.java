package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.access.ApiKeyGatekeeper;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.access.KeyStore.KeyStoreException;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.TlsFiles;
import kr.kisgateway.gateway.http.TlsFiles.TlsFilesException;
import kr.kisgateway.gateway.settings.Settings;

/** Builds API-key authentication. */
final class AccessWiring {
    /** File name of the API keys in the data folder. */
    static final String FILE = "access.db";

    private AccessWiring() {}

    /** @param random a cryptographically strong source */
    static KeyRing keys(Path file, InstantSource clock, RandomGenerator random) {
        try {
            return new KeyRing(KeyStore.open(file), clock, random);
        } catch (KeyStoreException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** @param onInvalidated receives the key name and secret fingerprint of each credential that is no longer valid */
    static ApiKeyGatekeeper gatekeeper(
            Settings settings, KeyRing keys, SteadyClock clock, BiConsumer<String, String> onInvalidated) {
        var access = new ApiKeyGatekeeper(
                settings.access().keysRequired(),
                keys,
                settings.http().operatorToken(),
                settings.access().callsPerSecond(),
                clock,
                clock.monotonicClock());
        keys.onPassInvalidated(pass -> {
            access.releaseKey(pass.name());
            onInvalidated.accept(pass.name(), pass.secretFingerprint());
        });
        return access;
    }

    static EdgeSettings edge(Settings settings, Parts parts) {
        var http = settings.http();
        try {
            return EdgeSettings.defaults(http.bind(), http.port())
                    .withAnyHost(settings.access().keysRequired())
                    .withConnectionsPerAddress(settings.access().connectionsPerAddress())
                    .withTls(http.tls()
                            .map(tls -> parts.add(TlsFiles.openAndWatch(tls.certificate(), tls.key()))
                                    .context()));
        } catch (TlsFilesException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }
}
