package kr.kisgateway.bench.floor;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;

/** {@code BareRouteMain BYTES}: the server library alone, answering a constant of that many bytes on each of its routes. */
public final class BareRouteMain {
    private BareRouteMain() {}

    public static void main(String[] args) {
        var body = "{\"filler\":\"" + "x".repeat(Math.max(0, Integer.parseInt(args[0]) - 13)) + "\"}";
        var bytes = body.getBytes(StandardCharsets.US_ASCII);
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            Handler constant =
                    context -> context.contentType("application/json").result(bytes);
            config.routes.get("/v1/quotes/{symbol}", constant);
            config.routes.get("/v1/bars/{symbol}", constant);
            config.routes.post("/v1/orders/preview", constant);
            config.routes.post("/v1/parents", constant);
        });
        server.start("127.0.0.1", 0);
        System.out.println("{\"gateway_port\":" + server.port() + "}");
    }
}
