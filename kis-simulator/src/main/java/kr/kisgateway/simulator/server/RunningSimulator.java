package kr.kisgateway.simulator.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.function.LongFunction;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.server.SimulatorServer.Serves;

/** The parts of one simulator, put together: file, desk, sockets, listener. */
public final class RunningSimulator implements AutoCloseable {
    private final Desk desk;
    private final SocketHub hub;
    private final SimulatorServer server;
    private final SimulatorServer sockets;

    private RunningSimulator(Desk desk, SocketHub hub, SimulatorServer server, SimulatorServer sockets) {
        this.desk = desk;
        this.hub = hub;
        this.server = server;
        this.sockets = sockets;
    }

    /**
     * Starts everything; the ports are bound when it returns.
     *
     * @param socketPort for WebSockets alone, {@code port} then serving REST alone; empty = one port for both
     */
    public static RunningSimulator start(
            BrokerRules rules,
            Customers customers,
            Scenario scenario,
            TradingCalendar calendar,
            InstantSource clock,
            Path file,
            String synchronous,
            int port,
            OptionalInt socketPort) {
        Instruments instruments = Instruments.load();
        SocketHub hub = new SocketHub();
        Desk desk = new Desk(
                () -> Store.open(file, synchronous),
                (kept, now) -> new BrokerCore(rules, customers, calendar, instruments::find, kept, now),
                scenario,
                clock,
                hub);
        desk.start();
        SecureRandom random = new SecureRandom();
        boolean two = socketPort.isPresent();
        SimulatorServer server = new SimulatorServer(two ? Serves.REST : Serves.BOTH, desk, hub, port, random);
        SimulatorServer sockets =
                two ? new SimulatorServer(Serves.SOCKETS, desk, hub, socketPort.getAsInt(), random) : server;
        try {
            server.start();
            if (two) {
                sockets.start();
            }
        } catch (RuntimeException e) {
            server.close();
            desk.close();
            throw e;
        }
        return new RunningSimulator(desk, hub, server, sockets);
    }

    /** What the broker answers to a question or a switch of its own program. */
    public HttpAnswer ask(LongFunction<Input> input) {
        return desk.ask(input.apply(desk.nextCallId()));
    }

    public int port() {
        return server.port();
    }

    /** Where WebSockets are served; the same as {@link #port} when there is one for both. */
    public int socketPort() {
        return sockets.port();
    }

    /** Stops taking calls, drops the sockets, works off what waits and closes the file. */
    @Override
    public void close() {
        hub.dropAll();
        server.close();
        if (sockets != server) {
            sockets.close();
        }
        desk.close();
    }
}
