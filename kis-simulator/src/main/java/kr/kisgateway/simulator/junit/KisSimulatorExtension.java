package kr.kisgateway.simulator.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.ScenarioFile;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.SimulatorFaults;
import kr.kisgateway.simulator.SteppedClock;
import kr.kisgateway.simulator.broker.Verdict;
import kr.kisgateway.simulator.broker.Violation;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A KIS for tests.
 *
 * <pre>{@code
 * @RegisterExtension
 * static KisSimulatorExtension sim = KisSimulatorExtension.live()
 *         .with(config -> config.withSeed(7).withRates(100, 100))
 *         .failingUnlessClean();
 *
 * @Test
 * void an_order_whose_answer_is_lost_is_not_sent_again() {
 *     sim.faults().next("lose_answers", 1);
 *     new MyClient(sim.restBase(), sim.wsBase()).buy("005930", 1, 190_000);
 * }
 * }</pre>
 *
 * <p>Each test gets a new one, with empty accounts and on a port of its own; {@link #onePerClass} shares one in the class. A
 * parameter of type {@link KisSimulator} is filled in. Tests of one class must not run at the same time.
 */
public final class KisSimulatorExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final UnaryOperator<SimulatorConfig> settings;
    private final boolean onePerClass;
    private final Optional<SteppedClock> clock;
    private final Optional<List<Violation>> allowed;

    private Optional<KisSimulator> running = Optional.empty();
    private Optional<Path> folder = Optional.empty();

    private KisSimulatorExtension(
            UnaryOperator<SimulatorConfig> settings,
            boolean onePerClass,
            Optional<SteppedClock> clock,
            Optional<List<Violation>> allowed) {
        this.settings = settings;
        this.onePerClass = onePerClass;
        this.clock = clock;
        this.allowed = allowed;
    }

    /** KIS's live face (실전투자), always open, as fast as the disk allows. */
    public static KisSimulatorExtension live() {
        return new KisSimulatorExtension(
                config -> config.withSynchronous("OFF"), false, Optional.empty(), Optional.empty());
    }

    /** Its paper face (모의투자), with the limits that it has today. */
    public static KisSimulatorExtension paper() {
        return live().with(config -> config.withFace(Face.PAPER));
    }

    /** Changes the configuration; the last change is applied last. */
    public KisSimulatorExtension with(UnaryOperator<SimulatorConfig> more) {
        return new KisSimulatorExtension(config -> more.apply(settings.apply(config)), onePerClass, clock, allowed);
    }

    /** Plays a scenario from the start of each simulator: a ready one, or a file. */
    public KisSimulatorExtension playing(String scenario) {
        return with(config -> config.withScenario(ScenarioFile.find(scenario)));
    }

    /** Stops time at {@code start} until {@link #clock} advances it. */
    public KisSimulatorExtension steppedFrom(Instant start) {
        SteppedClock stepped = new SteppedClock(start);
        return new KisSimulatorExtension(
                config -> settings.apply(config).withTime(new OpenCalendar(), stepped),
                onePerClass,
                Optional.of(stepped),
                allowed);
    }

    /** Starts one simulator for all tests of the class, which then see each other's orders. */
    public KisSimulatorExtension onePerClass() {
        return new KisSimulatorExtension(settings, true, clock, allowed);
    }

    /** Fails each test in which a client has a violation other than these. */
    public KisSimulatorExtension failingUnlessClean(Violation... except) {
        return new KisSimulatorExtension(settings, onePerClass, clock, Optional.of(List.of(except)));
    }

    // ---- in a test -----------------------------------------------------------------------------------------------

    /** The running simulator. */
    public KisSimulator simulator() {
        return running.orElseThrow(() -> new IllegalStateException(
                "no simulator runs now; is the extension's field registered with @RegisterExtension?"));
    }

    public URI restBase() {
        return simulator().restBase();
    }

    public URI wsBase() {
        return simulator().wsBase();
    }

    public SimulatorFaults faults() {
        return simulator().faults();
    }

    public Verdict verdict() {
        return simulator().verdict();
    }

    /** The clock of {@link #steppedFrom}. It continues from test to test. */
    public SteppedClock clock() {
        return clock.orElseThrow(
                () -> new IllegalStateException("call steppedFrom(…) to have a clock that stands still"));
    }

    // ---- lifecycle -----------------------------------------------------------------------------------------------

    @Override
    public void beforeAll(ExtensionContext context) {
        if (onePerClass) {
            begin();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (running.isEmpty()) {
            begin();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            verifyVerdict();
        } finally {
            if (!onePerClass) {
                end();
            }
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end();
    }

    void begin() {
        try {
            Path directory = Files.createTempDirectory("kis-simulator");
            folder = Optional.of(directory);
            running = Optional.of(
                    KisSimulator.start(settings.apply(SimulatorConfig.defaults(directory.resolve("simulator.db")))));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder could be created for the simulator", e);
        }
    }

    void verifyVerdict() {
        if (allowed.isEmpty() || running.isEmpty()) {
            return;
        }
        Verdict verdict = simulator().verdictAndReset();
        if (!verdict.isCleanExcept(allowed.get().toArray(Violation[]::new))) {
            throw new AssertionError("the client has violations:\n" + verdict);
        }
    }

    void end() {
        running.ifPresent(KisSimulator::close);
        running = Optional.empty();
        folder.ifPresent(KisSimulatorExtension::remove);
        folder = Optional.empty();
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator's folder " + folder + " could not be removed", e);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KisSimulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return simulator();
    }
}
