package kr.kisgateway.client.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import kr.kisgateway.client.Secret;

/**
 * GETs one document after another. No redirects (a login page is no document), no cookies, no retries. The JDK's own
 * client, because unlike the one of the KIS calls it has no log of headers that a logging configuration could turn on.
 */
public final class Fetcher implements AutoCloseable {
    private final HttpClient client;
    private final ExecutorService threads;
    private final Duration totalTimeout;
    private final int bytesMax;

    /**
     * @param connect how long to wait for a connection
     * @param totalTimeout how long the complete answer may take: a server that sends a byte now and then ends here too
     * @param bytesMax the largest body
     * @param tls trusted certificates; empty for the JVM's own trust
     */
    public Fetcher(Duration connect, Duration totalTimeout, int bytesMax, Optional<SSLContext> tls) {
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
        this.totalTimeout = totalTimeout;
        this.bytesMax = bytesMax;
    }

    /** Requests {@code address} once. Network and server failures never throw. */
    public FetchResult get(URI address, Map<String, Secret> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).GET().timeout(totalTimeout).header("User-Agent", "kis-client");
        headers.forEach((name, value) -> request.setHeader(name, value.reveal()));
        var answer = client.sendAsync(request.build(), _ -> new Bounded(bytesMax));
        try {
            HttpResponse<byte[]> response = answer.get(totalTimeout.toMillis(), TimeUnit.MILLISECONDS);
            return new FetchResult.Answered(response.statusCode(), response.body());
        } catch (TimeoutException _) {
            answer.cancel(true);
            return timeout();
        } catch (ExecutionException trouble) {
            return failed(trouble);
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new FetchResult.Failed(
                    FetchResult.FailureKind.CONNECTION, "the thread was interrupted while it waited");
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }

    private FetchResult.Failed timeout() {
        return new FetchResult.Failed(
                FetchResult.FailureKind.TIMEOUT,
                "the answer was not complete after " + totalTimeout.toMillis() + " ms");
    }

    /** The class names only: messages of I/O exceptions may quote what was being sent. */
    private FetchResult.Failed failed(ExecutionException trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case TooLarge _ -> {
                    return new FetchResult.Failed(
                            FetchResult.FailureKind.TOO_LARGE, "the answer has more than " + bytesMax + " bytes");
                }
                case SSLException _ -> {
                    return new FetchResult.Failed(
                            FetchResult.FailureKind.TLS,
                            "no trusted TLS connection: " + cause.getClass().getSimpleName());
                }
                case HttpTimeoutException _ -> {
                    return timeout();
                }
                default -> {
                    // The cause may be nested.
                }
            }
        }
        Throwable cause = trouble.getCause() == null ? trouble : trouble.getCause();
        return new FetchResult.Failed(
                FetchResult.FailureKind.CONNECTION,
                "no connection, or it broke: " + cause.getClass().getSimpleName());
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Collects a body and aborts at the first byte too many. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int bytesMax;
        private Optional<Flow.Subscription> subscription = Optional.empty();

        Bounded(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = Optional.of(newSubscription);
            newSubscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (body.isDone()) {
                    return;
                }
                if (bytes.size() + buffer.remaining() > bytesMax) {
                    subscription.ifPresent(Flow.Subscription::cancel);
                    body.completeExceptionally(new TooLarge());
                    return;
                }
                byte[] piece = new byte[buffer.remaining()];
                buffer.get(piece);
                bytes.writeBytes(piece);
            }
        }

        @Override
        public void onError(Throwable trouble) {
            body.completeExceptionally(trouble);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
