package kr.kisgateway.gateway;

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
import kr.kisgateway.wire.spi.Traffic;

/** Starts the simulator inside this process. The only class that knows it; in live it is loaded for recording only. */
final class SimulatorWiring {
    private SimulatorWiring() {}

    /** Writes down what passes between KIS and the gateway, in the format that the simulator plays. */
    static Traffic recorder(Path file, DiskGuard disk, InstantSource clock, Parts parts) {
        Path folder = file.toAbsolutePath().resolveSibling("");
        try {
            return parts.add(RecordingWriter.open(file, clock, () -> DiskGuard.usable(folder) >= disk.historyFloor()));
        } catch (IllegalArgumentException e) {
            throw new StartException("KIS_RECORD_TO: " + e.getMessage());
        }
    }

    /** @param seed of the market when the user set none */
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
            // Its own thread could not open the file; the cause says so in a sentence.
            var cause = e.getCause();
            throw new StartException(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
        }
    }
}
