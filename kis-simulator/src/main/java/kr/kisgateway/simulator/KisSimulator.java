package kr.kisgateway.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Verdict;
import kr.kisgateway.simulator.server.ReadyScenarios;
import kr.kisgateway.simulator.server.RunningSimulator;

/** A running KIS on a loopback port. Close it to stop gracefully; its file then contains everything it ever confirmed. */
public final class KisSimulator implements AutoCloseable {
    private final RunningSimulator running;

    private KisSimulator(RunningSimulator running) {
        this.running = running;
    }

    /**
     * Starts a simulator; it accepts calls when this returns.
     *
     * @throws IllegalArgumentException when a figure of {@code config} is out of range, in one sentence
     * @throws RuntimeException when the file cannot be opened or the port is taken
     */
    public static KisSimulator start(SimulatorConfig config) {
        BrokerRules rules = new BrokerRules(
                config.seed(),
                config.callsPerSecond(),
                config.ledgerPerSecond(),
                config.registrations(),
                config.ticksPerSecond(),
                config.pingPeriod(),
                config.bookSpacing(),
                config.custTypeRequired(),
                config.face(),
                config.market());
        Path folder = config.dataFile().toAbsolutePath().getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator's folder " + folder + " cannot be created", e);
        }
        return new KisSimulator(RunningSimulator.start(
                rules,
                config.customers(),
                config.scenario(),
                config.calendar(),
                config.clock(),
                config.clockSpeed(),
                config.dataFile(),
                config.synchronous(),
                config.port(),
                config.socketPort(),
                config.recordTo(),
                new ReadyScenarios(ScenarioFile.names(), ScenarioFile::named)));
    }

    public int port() {
        return running.port();
    }

    /** The base address of REST calls. */
    public URI restBase() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The base address of WebSockets; any path under it is served. */
    public URI wsBase() {
        return URI.create("ws://127.0.0.1:" + running.socketPort());
    }

    /** The faults, switched by this program. */
    public SimulatorFaults faults() {
        return new SimulatorFaults(running);
    }

    /** The verdict on the clients so far. */
    public Verdict verdict() {
        return VerdictReader.read(
                running.request(id -> new Input.ReadVerdict(id, false)).body());
    }

    /** The verdict on the clients so far; clears it. */
    public Verdict verdictAndReset() {
        return VerdictReader.read(
                running.request(id -> new Input.ReadVerdict(id, true)).body());
    }

    @Override
    public void close() {
        running.close();
    }
}
