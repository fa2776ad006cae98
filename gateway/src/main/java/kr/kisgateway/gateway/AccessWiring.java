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

/** Builds what decides who comes in. */
final class AccessWiring {
    /** The keys' file in the data folder. */
    static final String FILE = "access.db";

    private AccessWiring() {}

    /** @param random of the kind that nobody can foretell */
    static KeyRing keys(Path file, InstantSource clock, RandomGenerator random) {
        try {
            return new KeyRing(KeyStore.open(file), clock, random);
        } catch (KeyStoreException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /** @param onInvalidated receives name and secret's mark of each pass that is valid no more */
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
