package kr.kisgateway.bench.floor;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.nio.charset.StandardCharsets;

/** {@code BareRouteMain BYTES}: the server library alone, answering a constant of that many bytes on one route. */
public final class BareRouteMain {
    private BareRouteMain() {}

    public static void main(String[] args) {
        var body = "{\"filler\":\"" + "x".repeat(Math.max(0, Integer.parseInt(args[0]) - 13)) + "\"}";
        var bytes = body.getBytes(StandardCharsets.US_ASCII);
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.routes.get(
                    "/v1/quotes/{symbol}",
                    context -> context.contentType("application/json").result(bytes));
        });
        server.start("127.0.0.1", 0);
        System.out.println("{\"gateway_port\":" + server.port() + "}");
    }
}
