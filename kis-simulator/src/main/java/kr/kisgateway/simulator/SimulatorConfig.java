package kr.kisgateway.simulator;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.ConformanceLimits;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.MarketRules;

/**
 * The configuration of a simulator. Start from {@link #defaults} and change what differs.
 *
 * @param port loopback port; 0 = any free one
 * @param socketPort one for WebSockets alone, as KIS has it; empty = {@code port} serves both
 * @param dataFile the SQLite file; its folder is created when missing
 * @param seed of the agents; the same seed gives the same market
 * @param calendar when the market is open
 * @param clock the current time
 * @param callsPerSecond REST calls a second for each app key before EGW00201
 * @param ledgerPerSecond account and order calls a second for each account before EGW00215
 * @param registrations realtime registrations of a session before OPSP0008
 * @param clockSpeed how many times as fast as real time the clock runs
 * @param ticksPerSecond about how many trades a second agents make in each live stock; 0 = only users trade
 * @param pingPeriod between two PINGPONGs; also the longest time for a client to answer one
 * @param bookSpacing the least time between two order books of one stock
 * @param custTypeRequired whether a call without {@code custtype} is refused
 * @param synchronous SQLite's {@code synchronous}: FULL, or NORMAL and OFF for load tests
 * @param scenario scheduled faults
 * @param face which of KIS's two brokers this is
 * @param customers the identities that may call, and the limits of their behaviour
 * @param recordTo a new file for the traffic, without secrets and identities; empty = nothing is recorded
 * @param market the exchange's rules beside matching
 */
public record SimulatorConfig(
        int port,
        OptionalInt socketPort,
        Path dataFile,
        long seed,
        TradingCalendar calendar,
        InstantSource clock,
        int clockSpeed,
        double callsPerSecond,
        double ledgerPerSecond,
        int registrations,
        double ticksPerSecond,
        Duration pingPeriod,
        Duration bookSpacing,
        boolean custTypeRequired,
        String synchronous,
        Scenario scenario,
        Face face,
        Customers customers,
        Optional<Path> recordTo,
        MarketRules market) {
    public SimulatorConfig {
        checkPort(port);
        socketPort.ifPresent(SimulatorConfig::checkPort);
        if (!synchronous.matches("FULL|NORMAL|OFF")) {
            throw new IllegalArgumentException("synchronous is FULL, NORMAL or OFF, not " + synchronous);
        }
    }

    private static void checkPort(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port lies in 0..65535, not " + port);
        }
    }

    /** KIS's live face of today on any free port, always open, on the system's clock. */
    public static SimulatorConfig defaults(Path dataFile) {
        return new SimulatorConfig(
                0,
                OptionalInt.empty(),
                dataFile,
                1,
                new OpenCalendar(),
                InstantSource.system(),
                1,
                18,
                10,
                41,
                4,
                Duration.ofSeconds(100),
                Duration.ofMillis(100),
                false,
                "FULL",
                Scenario.none(),
                Face.LIVE,
                Customers.unrestricted(),
                Optional.empty(),
                MarketRules.defaults().withRealTurnover());
    }

    public SimulatorConfig withPort(int newPort) {
        return with(draft -> draft.port = newPort);
    }

    /** Serves WebSockets on a separate port; 0 = any free one. */
    public SimulatorConfig withSocketPort(int newSocketPort) {
        return with(draft -> draft.socketPort = OptionalInt.of(newSocketPort));
    }

    public SimulatorConfig withSeed(long newSeed) {
        return with(draft -> draft.seed = newSeed);
    }

    public SimulatorConfig withTime(TradingCalendar newCalendar, InstantSource newClock) {
        return withTime(newCalendar, newClock, 1);
    }

    /** @param newSpeed how many times as fast as real time the clock runs */
    public SimulatorConfig withTime(TradingCalendar newCalendar, InstantSource newClock, int newSpeed) {
        return with(draft -> {
            draft.calendar = newCalendar;
            draft.clock = newClock;
            draft.clockSpeed = newSpeed;
        });
    }

    /** Sets the call limits, as load profiles do. */
    public SimulatorConfig withRates(double newCallsPerSecond, double newLedgerPerSecond) {
        return with(draft -> {
            draft.callsPerSecond = newCallsPerSecond;
            draft.ledgerPerSecond = newLedgerPerSecond;
        });
    }

    /**
     * Sets the agents' trades per second in each live stock, whatever its turnover is: for tests and for load. 0 =
     * no agents. {@link #withRealTurnover} after it makes the number a measure of the activity of all of them, 4 being
     * typical.
     */
    public SimulatorConfig withTicksPerSecond(double newTicksPerSecond) {
        return with(draft -> {
            draft.ticksPerSecond = newTicksPerSecond;
            draft.market = draft.market.withEvenTurnover();
        });
    }

    public SimulatorConfig withPingPeriod(Duration newPingPeriod) {
        return with(draft -> draft.pingPeriod = newPingPeriod);
    }

    /** Sets scheduled faults; see {@link ScenarioFile}. */
    public SimulatorConfig withScenario(Scenario newScenario) {
        return with(draft -> draft.scenario = newScenario);
    }

    /**
     * Selects one of KIS's two brokers, with the call limits that it has on the day of the clock: set other limits after
     * this.
     */
    public SimulatorConfig withFace(Face newFace) {
        LocalDate today = calendar.tradingDay(clock.instant());
        return with(draft -> {
            draft.face = newFace;
            draft.callsPerSecond = newFace.callsPerSecond(today);
            draft.ledgerPerSecond = newFace.ledgerPerSecond(today);
        });
    }

    /** Sets the identities that may call; see {@link IdentitiesFile}. */
    public SimulatorConfig withCustomers(Customers newCustomers) {
        return with(draft -> draft.customers = newCustomers);
    }

    /** Records the traffic into a new file; see docs/SIMULATOR.md. */
    public SimulatorConfig withRecording(Path file) {
        return with(draft -> draft.recordTo = Optional.of(file));
    }

    /** Sets the limits behind the verdict. */
    public SimulatorConfig withConformanceLimits(ConformanceLimits newLimits) {
        return with(draft -> draft.customers = draft.customers.withConformanceLimits(newLimits));
    }

    /**
     * Makes agents as active in each stock as its listing shows, by the time of day, which is the default: the busiest
     * trade many times a second, the quietest once a minute, and a watched stock's volume, depth and range are about its
     * real ones.
     */
    public SimulatorConfig withRealTurnover() {
        return with(draft -> draft.market = draft.market.withRealTurnover());
    }

    /** Sets the rules of the exchange, such as auctions without a random end. */
    public SimulatorConfig withMarket(MarketRules newMarket) {
        return with(draft -> draft.market = newMarket);
    }

    public SimulatorConfig withSynchronous(String newSynchronous) {
        return with(draft -> draft.synchronous = newSynchronous);
    }

    private SimulatorConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /** A mutable copy of the figures while one of them is changed. */
    private static final class Draft {
        private final SimulatorConfig original;
        private int port;
        private OptionalInt socketPort;
        private long seed;
        private TradingCalendar calendar;
        private InstantSource clock;
        private int clockSpeed;
        private double callsPerSecond;
        private double ledgerPerSecond;
        private double ticksPerSecond;
        private Duration pingPeriod;
        private String synchronous;
        private Scenario scenario;
        private Face face;
        private Customers customers;
        private Optional<Path> recordTo;
        private MarketRules market;

        Draft(SimulatorConfig original) {
            this.original = original;
            port = original.port;
            socketPort = original.socketPort;
            seed = original.seed;
            calendar = original.calendar;
            clock = original.clock;
            clockSpeed = original.clockSpeed;
            callsPerSecond = original.callsPerSecond;
            ledgerPerSecond = original.ledgerPerSecond;
            ticksPerSecond = original.ticksPerSecond;
            pingPeriod = original.pingPeriod;
            synchronous = original.synchronous;
            scenario = original.scenario;
            face = original.face;
            customers = original.customers;
            recordTo = original.recordTo;
            market = original.market;
        }

        SimulatorConfig config() {
            return new SimulatorConfig(
                    port,
                    socketPort,
                    original.dataFile,
                    seed,
                    calendar,
                    clock,
                    clockSpeed,
                    callsPerSecond,
                    ledgerPerSecond,
                    original.registrations,
                    ticksPerSecond,
                    pingPeriod,
                    original.bookSpacing,
                    original.custTypeRequired,
                    synchronous,
                    scenario,
                    face,
                    customers,
                    recordTo,
                    market);
        }
    }
}
