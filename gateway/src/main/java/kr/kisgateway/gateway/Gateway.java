package kr.kisgateway.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.order.ControlEvent.KillSwitchSet;
import kr.kisgateway.gateway.settings.Settings;

/** A running gateway. */
public final class Gateway implements AutoCloseable {
    private final Settings settings;
    private final int port;
    private final OptionalInt simulatorPort;
    private final RouteTable table;
    private final Supplier<Optional<KillSwitchSet>> killSwitch;
    private final BooleanSupplier hasKeys;
    private final AutoCloseable parts;

    Gateway(
            Settings settings,
            int port,
            OptionalInt simulatorPort,
            RouteTable table,
            Supplier<Optional<KillSwitchSet>> killSwitch,
            BooleanSupplier hasKeys,
            AutoCloseable parts) {
        this.hasKeys = hasKeys;
        this.killSwitch = killSwitch;
        this.table = table;
        this.settings = settings;
        this.port = port;
        this.simulatorPort = simulatorPort;
        this.parts = parts;
    }

    /**
     * Starts everything and returns when calls are answered.
     *
     * @throws StartException when it cannot, in one sentence
     */
    public static Gateway start(Settings settings) {
        return Wiring.start(settings);
    }

    /** The port of the own API. */
    public int port() {
        return port;
    }

    /** The port of the embedded simulator, when there is one. */
    public OptionalInt simulatorPort() {
        return simulatorPort;
    }

    public Path dataDir() {
        return settings.dataDir();
    }

    /** The kill switch, when it is on. */
    Optional<KillSwitchSet> killSwitch() {
        return killSwitch.get();
    }

    /** Whether a call needs an API key and there is none that it could come with. */
    boolean needsFirstKey() {
        return settings.access().keysRequired() && !hasKeys.getAsBoolean();
    }

    /** Every call that is answered. */
    RouteTable table() {
        return table;
    }

    /** Where calls go. */
    public URI baseUri() {
        return URI.create(settings.http().scheme() + "://" + settings.http().bind() + ":" + port);
    }

    /** Stops gracefully: no more calls, running ones end, registrations are released. */
    @Override
    public void close() {
        try {
            parts.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
