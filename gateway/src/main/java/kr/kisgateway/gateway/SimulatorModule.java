package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.simulator.SimulatorRoutes;
import kr.kisgateway.market.FastTime;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.ScenarioFile;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.spi.TrafficListener;

/**
 * The broker's address: KIS's, or that of a simulator inside this process. The only class that depends on the simulator; in
 * live it is loaded for recording only.
 *
 * @param brokerBase base address of the broker's REST calls
 * @param port port of the simulator, if one runs in this process
 */
record SimulatorModule(URI brokerBase, OptionalInt port) {
    private static final String FILE = "simulator.db";

    /** Records the traffic between KIS and the gateway in the format that the simulator replays. */
    static TrafficListener recorder(Path file, DiskGuard disk, InstantSource clock, Parts parts) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        try {
            return parts.add(
                    RecordingWriter.open(file, clock, () -> DiskGuard.usable(folder) >= disk.historyMinimumBytes()));
        } catch (IllegalArgumentException e) {
            throw new StartException("KIS_RECORD_TO: " + e.getMessage());
        }
    }

    /** Starts a simulator unless the settings name a broker. */
    static SimulatorModule startIfNeeded(Platform platform) {
        var settings = platform.settings();
        var address = settings.kis().restBase().or(() -> settings.simulator().url());
        if (address.isPresent()) {
            return new SimulatorModule(address.get(), OptionalInt.empty());
        }
        var file = platform.data().file(FILE);
        if (startsEmpty(file, platform.data().file(OrderModule.JOURNAL))) {
            platform.alertSource(AlertEvent.SIMULATOR_BEGAN_EMPTY).raise(FILE, STARTED_EMPTY);
        }
        var simulator = platform.parts()
                .add(HttpModule.startListener(
                        "SIMULATOR_PORT",
                        "127.0.0.1",
                        settings.simulator().port(),
                        DoctorModule.ports(settings),
                        () -> start(platform, file)));
        return new SimulatorModule(simulator.restBase(), OptionalInt.of(simulator.port()));
    }

    /**
     * In sim, operators reach the simulator's control calls through the gateway, and play past days.
     *
     * @param bars of Korea
     */
    void registerRoutes(Platform platform, BarService bars) {
        if (platform.settings().environment() == KisEnvironment.SIM) {
            platform.parts()
                    .add(new SimulatorRoutes(
                            brokerBase,
                            bars::minutesOfDay,
                            platform.tasks(),
                            platform.clock().nanos()))
                    .register(platform.routes());
        }
    }

    /** Message of the alert about a simulator that lost its file. */
    private static final String STARTED_EMPTY =
            "The simulator's file simulator.db was empty or missing, so its account starts as on the first day: earlier"
                    + " holdings, cash and orders are lost, and open orders of the journal end as not found. Restore a copy"
                    + " of the file while the gateway is stopped, or continue with the new one."
                    + " (시뮬레이터 파일이 비어 있어 계좌가 처음 상태로 시작되었습니다.)";

    /** Whether the simulator starts with an empty {@code file} while {@code journal} has orders. */
    private static boolean startsEmpty(Path file, Path journal) {
        return isEmpty(file) && isEmpty(file.resolveSibling(file.getFileName() + "-wal")) && !isEmpty(journal);
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            return false; // opening it reports the cause
        }
    }

    private static KisSimulator start(Platform platform, Path file) {
        var settings = platform.settings().simulator();
        var config = SimulatorConfig.defaults(file)
                .withPort(settings.port())
                .withSeed(settings.seed()
                        .orElseGet(
                                () -> SimIdentity.seed(platform.data().file(BrokerModule.IDENTITY), platform.random())))
                .withTime(
                        platform.calendar(),
                        platform.clock(),
                        settings.fastTime().map(FastTime::speed).orElse(1));
        if (settings.callsPerSecond().isPresent()) {
            var rate = settings.callsPerSecond().getAsInt();
            config = config.withRates(rate, rate);
        }
        if (settings.scenario().isPresent()) {
            try {
                config = config.withScenario(
                        ScenarioFile.find(settings.scenario().get()));
            } catch (IllegalArgumentException e) {
                throw new StartException("SIMULATOR_SCENARIO: " + e.getMessage());
            }
        }
        try {
            return KisSimulator.start(config);
        } catch (CompletionException e) {
            // The recorder's thread could not open the file; the cause has the message.
            var cause = e.getCause();
            throw new StartException(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
        }
    }
}
