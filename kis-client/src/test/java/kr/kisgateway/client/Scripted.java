package kr.kisgateway.client;

import java.io.IOException;
import java.nio.file.Path;

/** A server that answers as its script says, and a client of each face that asks it. */
record Scripted(RawServer server, KisClient live, KisClient paper) implements AutoCloseable {
    static Scripted open(Path folder) {
        var server = new RawServer();
        return new Scripted(
                server,
                OpenFace.client(Environment.LIVE_FACE, server.address(), Fixtures.nobody("ws"), folder),
                OpenFace.client(Environment.PAPER_FACE, server.address(), Fixtures.nobody("ws"), folder));
    }

    @Override
    public void close() throws IOException {
        live.close();
        paper.close();
        server.close();
    }
}
