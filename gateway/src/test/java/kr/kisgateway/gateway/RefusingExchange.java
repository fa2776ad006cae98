package kr.kisgateway.gateway;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The exchange's Open API on this machine, which refuses every key. */
final class RefusingExchange implements AutoCloseable {
    private static final byte[] REFUSAL =
            "{\"respMsg\":\"Unauthorized Key\",\"respCode\":\"401\"}".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;

    RefusingExchange() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            call.sendResponseHeaders(401, REFUSAL.length);
            call.getResponseBody().write(REFUSAL);
            call.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
