package kr.kisgateway.client;

import java.io.IOException;
import java.nio.file.Path;

/** A server with a script of answers, and a client of each environment. */
record ScriptedBroker(RawServer server, KisClient live, KisClient paper) implements AutoCloseable {
    static ScriptedBroker open(Path folder) {
        var server = new RawServer();
        return new ScriptedBroker(
                server,
                SimulatedBroker.client(Environment.LIVE_FACE, server.address(), Fixtures.unreachable("ws"), folder),
                SimulatedBroker.client(Environment.PAPER_FACE, server.address(), Fixtures.unreachable("ws"), folder));
    }

    @Override
    public void close() throws IOException {
        live.close();
        paper.close();
        server.close();
    }
}
