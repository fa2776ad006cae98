package kr.kisgateway.gateway;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.ControlEvent.KillSwitchSet;
import kr.kisgateway.gateway.settings.Settings;

/** A running gateway. */
public final class Gateway implements AutoCloseable {
    private final Settings settings;
    private final int port;
    private final OptionalInt simulatorPort;
    private final FaceModule.Started face;
    private final RouteTable table;
    private final Meters meters;
    private final Supplier<Optional<KillSwitchSet>> killSwitch;
    private final BooleanSupplier hasKeys;
    private final ServiceModule.Watched watched;
    private final AutoCloseable parts;

    Gateway(
            Settings settings,
            int port,
            OptionalInt simulatorPort,
            FaceModule.Started face,
            RouteTable table,
            Meters meters,
            Supplier<Optional<KillSwitchSet>> killSwitch,
            BooleanSupplier hasKeys,
            ServiceModule.Watched watched,
            AutoCloseable parts) {
        this.face = face;
        this.hasKeys = hasKeys;
        this.watched = watched;
        this.killSwitch = killSwitch;
        this.table = table;
        this.meters = meters;
        this.settings = settings;
        this.port = port;
        this.simulatorPort = simulatorPort;
        this.parts = parts;
    }

    /**
     * Starts a gateway and returns when calls are answered.
     *
     * @throws StartException when it cannot start, with one sentence as its message
     */
    public static Gateway start(Settings settings) {
        return Wiring.start(settings);
    }

    /** Port of the gateway's API. */
    public int port() {
        return port;
    }

    /** Port of the embedded simulator, if one runs. */
    public OptionalInt simulatorPort() {
        return simulatorPort;
    }

    /** Port that speaks KIS's protocol, if there is one. */
    public OptionalInt facePort() {
        return face.port();
    }

    /** Why that port could not be opened, in a sentence; empty where it is open, or off by the settings. */
    Optional<String> faceProblem() {
        return face.problem();
    }

    /** The key for that port which every simulated market has. */
    Optional<KeyRing.NewKey> readyKey() {
        return face.readyKey();
    }

    public Path dataDir() {
        return settings.dataDir();
    }

    /** The kill switch, if it is on. */
    Optional<KillSwitchSet> killSwitch() {
        return killSwitch.get();
    }

    /** Whether calls require an API key and none exists yet. */
    boolean needsFirstKey() {
        return settings.access().keysRequired() && !hasKeys.getAsBoolean();
    }

    /** What a watchdog watches. */
    ServiceModule.Watched watched() {
        return watched;
    }

    /** What the gateway counts. */
    Meters meters() {
        return meters;
    }

    /** All routes of the API. */
    RouteTable table() {
        return table;
    }

    /** Base address of the API. */
    public URI baseUri() {
        return URI.create(settings.http().scheme() + "://" + settings.http().bind() + ":" + port);
    }

    /** Stops gracefully: rejects new calls, completes running ones, releases registrations. */
    @Override
    public void close() {
        try {
            parts.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
