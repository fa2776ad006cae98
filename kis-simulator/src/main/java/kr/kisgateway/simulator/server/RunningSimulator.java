package kr.kisgateway.simulator.server;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongFunction;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;

/** The parts of one simulator, put together: file, desk, sockets, listener. */
public final class RunningSimulator implements AutoCloseable {
    private final Desk desk;
    private final SimulatorServer server;

    private RunningSimulator(Desk desk, SimulatorServer server) {
        this.desk = desk;
        this.server = server;
    }

    /** Starts everything; the port is bound when it returns. */
    public static RunningSimulator start(
            BrokerRules rules,
            Customers customers,
            Scenario scenario,
            TradingCalendar calendar,
            InstantSource clock,
            Path file,
            String synchronous,
            int port) {
        Instruments instruments = Instruments.load();
        SocketHub hub = new SocketHub();
        Desk desk = new Desk(
                () -> Store.open(file, synchronous),
                (kept, now) -> new BrokerCore(rules, customers, calendar, instruments::find, kept, now),
                scenario,
                clock,
                hub);
        desk.start();
        SimulatorServer server = new SimulatorServer(desk, hub, port, new SecureRandom());
        try {
            server.start();
        } catch (RuntimeException e) {
            desk.close();
            throw e;
        }
        return new RunningSimulator(desk, server);
    }

    /** What the broker answers to a question or a switch of its own program. */
    public HttpAnswer ask(LongFunction<Input> input) {
        return desk.ask(input.apply(desk.nextCallId()));
    }

    public int port() {
        return server.port();
    }

    /** Stops taking calls, drops the sockets, works off what waits and closes the file. */
    @Override
    public void close() {
        server.close();
        desk.close();
    }
}
