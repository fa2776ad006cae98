package kr.kisgateway.bench.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import kr.kisgateway.bench.result.BenchException;
import org.jspecify.annotations.Nullable;

/** A client of the stream that reports when each execution arrived. */
public final class ExecutionReader implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("\"kis_order_no\":\"(\\d+)\"");
    private static final long TIMEOUT_SECONDS = 10;

    private final HttpClient http;
    private final WebSocket socket;

    /** Receives each execution, on a thread of the HTTP client. */
    @FunctionalInterface
    public interface Watcher {
        void executed(long odno, long nanos);
    }

    private ExecutionReader(HttpClient http, WebSocket socket) {
        this.http = http;
        this.socket = socket;
    }

    /** Subscribes to the executions of the gateway on {@code port}; returns when the subscription is acknowledged. */
    public static ExecutionReader open(int port, LongSupplier nanos, Watcher watcher) throws InterruptedException {
        var http = HttpClient.newHttpClient();
        var acked = new CompletableFuture<String>();
        var listener = new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                long now = nanos.getAsLong();
                text.append(data);
                if (last) {
                    if (text.indexOf("\"op\":\"ack\"") >= 0 || text.indexOf("\"op\":\"error\"") >= 0) {
                        acked.complete(text.toString());
                    } else if (text.indexOf("\"exec_id\"") >= 0) {
                        var number = NUMBER.matcher(text);
                        while (number.find()) watcher.executed(Long.parseLong(number.group(1)), now);
                    }
                    text.setLength(0);
                }
                from.request(1);
                return null;
            }
        };
        try {
            var socket = http.newWebSocketBuilder()
                    .subprotocols("kis-gateway.v1")
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/stream"), listener)
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            socket.sendText("{\"op\":\"subscribe\",\"channels\":[\"executions\"],\"id\":\"1\"}", true)
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            var answer = acked.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!answer.contains("\"ack\"")) throw new BenchException("The stream did not accept it: " + answer);
            return new ExecutionReader(http, socket);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new BenchException("The stream does not answer: " + e, e);
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
