package kr.kisgateway.simulator.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Core;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.replay.Recording;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.simulator.replay.ReplayCore;
import kr.kisgateway.simulator.server.SimulatorServer.ServedTraffic;

/** The running parts of one simulator: file, desk, sockets, listener. */
public final class RunningSimulator implements AutoCloseable {
    private final CoreRunner runner;
    private final SocketHub hub;
    private final SimulatorServer server;
    private final SimulatorServer sockets;
    private final Optional<RecordingWriter> recording;

    private RunningSimulator(
            CoreRunner runner,
            SocketHub hub,
            SimulatorServer server,
            SimulatorServer sockets,
            Optional<RecordingWriter> recording) {
        this.recording = recording;
        this.runner = runner;
        this.hub = hub;
        this.server = server;
        this.sockets = sockets;
    }

    /**
     * Starts everything; the ports are bound when it returns.
     *
     * @param clockSpeed how many times as fast as real time {@code clock} runs
     * @param socketPort for WebSockets alone, {@code port} then serving REST alone; empty = one port for both
     * @param scenarios those that a control call plays by name
     */
    public static RunningSimulator start(
            BrokerRules rules,
            Customers customers,
            Scenario scenario,
            TradingCalendar calendar,
            InstantSource clock,
            int clockSpeed,
            Path file,
            String synchronous,
            int port,
            OptionalInt socketPort,
            Optional<Path> recordTo,
            ReadyScenarios scenarios) {
        Instruments instruments = Instruments.load();
        return start(
                () -> Store.open(file, synchronous),
                (stored, now) -> new BrokerCore(rules, customers, calendar, instruments::find, stored, now),
                scenario,
                clock,
                clockSpeed,
                port,
                socketPort,
                recordTo.map(to -> RecordingWriter.open(to, clock)),
                scenarios);
    }

    /** Starts a recording in the broker's place. */
    public static RunningSimulator replay(Recording recording, double speed, InstantSource clock, int port) {
        return start(
                () -> Store.open(Path.of(":memory:"), "OFF"),
                (stored, now) -> new ReplayCore(recording, speed),
                Scenario.none(),
                clock,
                1,
                port,
                OptionalInt.empty(),
                Optional.empty(),
                ReadyScenarios.none());
    }

    private static RunningSimulator start(
            Supplier<Store> storeFactory,
            BiFunction<StoredChanges, Instant, Core> coreFactory,
            Scenario scenario,
            InstantSource clock,
            int clockSpeed,
            int port,
            OptionalInt socketPort,
            Optional<RecordingWriter> recording,
            ReadyScenarios scenarios) {
        SocketHub hub = new SocketHub(recording);
        CoreRunner runner = new CoreRunner(storeFactory, coreFactory, scenario, clock, clockSpeed, hub);
        runner.start();
        SecureRandom random = new SecureRandom();
        boolean separateSockets = socketPort.isPresent();
        SimulatorServer server = new SimulatorServer(
                separateSockets ? ServedTraffic.REST : ServedTraffic.BOTH,
                runner,
                hub,
                recording,
                port,
                random,
                scenarios);
        SimulatorServer sockets = separateSockets
                ? new SimulatorServer(
                        ServedTraffic.SOCKETS, runner, hub, recording, socketPort.getAsInt(), random, scenarios)
                : server;
        try {
            server.start();
            if (separateSockets) {
                sockets.start();
            }
        } catch (RuntimeException e) {
            server.close();
            runner.close();
            recording.ifPresent(RecordingWriter::close);
            throw e;
        }
        return new RunningSimulator(runner, hub, server, sockets, recording);
    }

    /** The broker's answer to a query or a switch of its own program. */
    public HttpAnswer request(LongFunction<Input> input) {
        return runner.request(input.apply(runner.nextCallId()));
    }

    public int port() {
        return server.port();
    }

    /** The port of WebSockets; the same as {@link #port} when there is one for both. */
    public int socketPort() {
        return sockets.port();
    }

    /** Stops accepting calls, drops the sockets, processes the queued inputs and closes the file. */
    @Override
    public void close() {
        hub.dropAll();
        server.close();
        if (sockets != server) {
            sockets.close();
        }
        runner.close();
        recording.ifPresent(RecordingWriter::close);
    }
}
