package kr.kisgateway.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.catalog.Face;

/**
 * How a simulator behaves. Start from {@link #defaults} and change what differs.
 *
 * @param port loopback port; 0 = any free one
 * @param dataFile the SQLite file; its folder is made when missing
 * @param seed of the agents; the same seed gives the same market
 * @param calendar when the market is open
 * @param clock what time it is
 * @param callsPerSecond REST calls a second for each app key before EGW00201
 * @param ledgerPerSecond account and order calls a second for each account before EGW00215
 * @param registrations realtime registrations of a session before OPSP0008
 * @param ticksPerSecond about how many trades a second agents make in each live stock; 0 = only users trade
 * @param pingPeriod between two PINGPONGs; also how long a client may take to answer one
 * @param bookSpacing the least time between two order books of one stock
 * @param custTypeRequired whether a call without {@code custtype} is refused
 * @param synchronous SQLite's {@code synchronous}: FULL, or NORMAL and OFF for load tests
 * @param scenario faults that happen by themselves
 * @param face which of KIS's two brokers it is
 */
public record SimulatorConfig(
        int port,
        Path dataFile,
        long seed,
        TradingCalendar calendar,
        InstantSource clock,
        double callsPerSecond,
        double ledgerPerSecond,
        int registrations,
        double ticksPerSecond,
        Duration pingPeriod,
        Duration bookSpacing,
        boolean custTypeRequired,
        String synchronous,
        Scenario scenario,
        Face face) {
    public SimulatorConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port lies in 0..65535, not " + port);
        }
        if (!synchronous.matches("FULL|NORMAL|OFF")) {
            throw new IllegalArgumentException("synchronous is FULL, NORMAL or OFF, not " + synchronous);
        }
    }

    /** KIS's live face of today on any free port, always open, on the system's clock. */
    public static SimulatorConfig defaults(Path dataFile) {
        return new SimulatorConfig(
                0,
                dataFile,
                1,
                new OpenCalendar(),
                InstantSource.system(),
                18,
                10,
                41,
                4,
                Duration.ofSeconds(100),
                Duration.ofMillis(100),
                false,
                "FULL",
                Scenario.none(),
                Face.LIVE);
    }

    public SimulatorConfig withPort(int newPort) {
        return new SimulatorConfig(
                newPort,
                dataFile,
                seed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    public SimulatorConfig withSeed(long newSeed) {
        return new SimulatorConfig(
                port,
                dataFile,
                newSeed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    public SimulatorConfig withTime(TradingCalendar newCalendar, InstantSource newClock) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                newCalendar,
                newClock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    /** Other call limits, as load profiles set them. */
    public SimulatorConfig withRates(double newCallsPerSecond, double newLedgerPerSecond) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                newCallsPerSecond,
                newLedgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    public SimulatorConfig withTicksPerSecond(double newTicksPerSecond) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                newTicksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    public SimulatorConfig withPingPeriod(Duration newPingPeriod) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                newPingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                face);
    }

    /** Faults that happen by themselves; see {@link ScenarioFile}. */
    public SimulatorConfig withScenario(Scenario newScenario) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                newScenario,
                face);
    }

    /**
     * The other of KIS's two brokers, with the call limits that it has on the day of the clock: set other limits after
     * this.
     */
    public SimulatorConfig withFace(Face newFace) {
        LocalDate today = calendar.tradingDay(clock.instant());
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                newFace.callsPerSecond(today),
                newFace.ledgerPerSecond(today),
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                synchronous,
                scenario,
                newFace);
    }

    public SimulatorConfig withSynchronous(String newSynchronous) {
        return new SimulatorConfig(
                port,
                dataFile,
                seed,
                calendar,
                clock,
                callsPerSecond,
                ledgerPerSecond,
                registrations,
                ticksPerSecond,
                pingPeriod,
                bookSpacing,
                custTypeRequired,
                newSynchronous,
                scenario,
                face);
    }
}
