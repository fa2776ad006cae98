package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.ScenarioFile;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.spi.TrafficListener;

/**
 * Starts the simulator inside this process. The only class that depends on it; in live it is loaded for recording only.
 */
final class SimulatorWiring {
    private SimulatorWiring() {}

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

    /** Message of the alert about a simulator that lost its file. */
    static final String STARTED_EMPTY =
            "The simulator's file simulator.db was empty or missing, so its account starts as on the first day: earlier"
                    + " holdings, cash and orders are lost, and open orders of the journal end as not found. Restore a copy"
                    + " of the file while the gateway is stopped, or continue with the new one."
                    + " (시뮬레이터 파일이 비어 있어 계좌가 처음 상태로 시작되었습니다.)";

    /** Whether the simulator starts with an empty {@code file} while {@code journal} has orders. */
    static boolean startsEmpty(Path file, Path journal) {
        return isEmpty(file) && isEmpty(file.resolveSibling(file.getFileName() + "-wal")) && !isEmpty(journal);
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            return false; // opening it reports the cause
        }
    }

    /** @param seed market seed when none is configured */
    static KisSimulator start(
            Settings.Simulator settings, Path file, TradingCalendar calendar, InstantSource clock, long seed) {
        var config = SimulatorConfig.defaults(file)
                .withPort(settings.port())
                .withSeed(settings.seed().orElse(seed))
                .withTime(calendar, clock);
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
