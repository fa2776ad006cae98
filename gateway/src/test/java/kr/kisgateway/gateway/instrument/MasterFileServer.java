package kr.kisgateway.gateway.instrument;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A web server on this machine with the broker's master files in its own form, with the lines that a test sets. */
public final class MasterFileServer implements AutoCloseable {
    private static final Charset CP949 = Charset.forName("MS949");
    private static final Path SAMPLES = Path.of("..", "kis-client", "src", "test", "resources", "master");

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile Optional<CountDownLatch> answerGate = Optional.empty();
    public final AtomicInteger requests = new AtomicInteger();

    public MasterFileServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The samples of {@code names}, unchanged. */
    public MasterFileServer serving(String... names) {
        for (var name : names) {
            serve(name, lines -> lines);
        }
        return this;
    }

    /** The sample of {@code name} with its lines transformed; each byte is a character of them. */
    public void serve(String name, UnaryOperator<List<String>> change) {
        try {
            var lines = Files.readString(SAMPLES.resolve(name), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            serveLines(name, change.apply(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of these lines. */
    public void serveLines(String name, List<String> lines) {
        var text = lines.stream().collect(Collectors.joining("\n", "", "\n"));
        files.put("/master/" + name + ".zip", zip(name, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** {@code line} with {@code from} replaced by {@code to}, which must be as long in the file's own bytes. */
    public static String renamed(String line, String from, String to) {
        var old = new String(from.getBytes(CP949), StandardCharsets.ISO_8859_1);
        var fresh = new String(to.getBytes(CP949), StandardCharsets.ISO_8859_1);
        if (old.length() != fresh.length() || !line.contains(old)) {
            throw new IllegalArgumentException(from + " cannot become " + to);
        }
        return line.replace(old, fresh);
    }

    public void remove(String name) {
        files.remove("/master/" + name + ".zip");
    }

    /** From now on no request is answered until {@link #release}, or until the server is closed. */
    public void stall() {
        answerGate = Optional.of(released);
    }

    /** Answers the waiting requests and all later ones. */
    public void release() {
        released.countDown();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/master/");
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            if (answerGate.isPresent()) {
                answerGate.get().await();
            }
            var file = files.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
            if (file != null) {
                exchange.getResponseBody().write(file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] zip(String name, byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
