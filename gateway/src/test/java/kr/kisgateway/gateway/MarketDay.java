package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;

/**
 * A simulator and a gateway at a time in Korea, with the sessions of that day. Both clocks run on from there, and a jump of the gateway's
 * moves both.
 */
final class MarketDay implements AutoCloseable {
    private final KisSimulator simulator;
    private final GatewayFixture gateway;
    private final InstantSource clock;

    private MarketDay(KisSimulator simulator, GatewayFixture gateway, InstantSource clock) {
        this.simulator = simulator;
        this.gateway = gateway;
        this.clock = clock;
    }

    /**
     * Starts both, and waits until the gateway can trade.
     *
     * @param korean as 2026-11-18T10:00:00
     * @param more variables of the gateway
     */
    static MarketDay at(Path folder, String korean, Map<String, String> more) {
        var ahead = new AtomicReference<>(Duration.between(Instant.now(), instant(korean)));
        InstantSource clock = () -> Instant.now().plus(ahead.get());
        var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new KrxCalendar(), clock)
                .withRates(1_000, 1_000)
                .withSynchronous("OFF"));
        var environment = new HashMap<>(Map.of(
                "SIMULATOR_URL", simulator.restBase().toString(),
                "SIMULATOR_CLOCK", "real",
                "SIMULATOR_RATE_LIMIT", "1000",
                "KIS_ENV", "sim"));
        environment.putAll(more);
        var gateway = GatewayFixture.startInTime(folder, simulator.restBase(), ahead, environment);
        gateway.awaitReady();
        return new MarketDay(simulator, gateway, clock);
    }

    static Instant instant(String korean) {
        return LocalDateTime.parse(korean).atZone(TradingCalendar.SEOUL).toInstant();
    }

    GatewayFixture gateway() {
        return gateway;
    }

    /** Moves both to a later time. */
    void jumpTo(String korean) {
        gateway.jump(Duration.between(clock.instant(), instant(korean)));
    }

    @Override
    public void close() {
        gateway.close();
        simulator.close();
    }
}
