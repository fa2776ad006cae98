package kr.kisgateway.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A collector of traces on this machine, which reads what an OTLP exporter sends. It can refuse, and hold its answers back. */
public final class TraceCollector implements AutoCloseable {
    /**
     * A span as it was received.
     *
     * @param parent id of the span above it; empty for a first one
     */
    public record Received(
            String traceId,
            String id,
            String parent,
            String name,
            int kind,
            long startNanos,
            long endNanos,
            boolean failed,
            Map<String, String> attributes) {
        public String attribute(String name) {
            return attributes.getOrDefault(name, "");
        }
    }

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final List<ResourceSpans> resources = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicReference<CountDownLatch> held = new AtomicReference<>(new CountDownLatch(0));

    public TraceCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.incrementAndGet();
        try {
            held.get().await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        int answer = status.get();
        if (answer == 200) {
            headers.add(exchange.getRequestHeaders());
            bodies.add(body);
            for (var resource : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
                resources.add(resource);
                resource.getScopeSpansList().stream()
                        .flatMap(scope -> scope.getSpansList().stream())
                        .map(TraceCollector::received)
                        .forEach(spans::add);
            }
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    private static Received received(io.opentelemetry.proto.trace.v1.Span span) {
        var hex = HexFormat.of();
        return new Received(
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKindValue(),
                span.getStartTimeUnixNano(),
                span.getEndTimeUnixNano(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                span.getAttributesList().stream().collect(Collectors.toMap(KeyValue::getKey, TraceCollector::text)));
    }

    private static String text(KeyValue attribute) {
        var value = attribute.getValue();
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }

    /** Its address, without the path. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From here on every request is answered by this status. */
    public void answer(int code) {
        status.set(code);
    }

    /** Reads requests and does not answer them until {@link #release}. */
    public void hold() {
        held.set(new CountDownLatch(1));
    }

    public void release() {
        held.get().countDown();
    }

    public int requests() {
        return requests.get();
    }

    public List<Received> spans() {
        return List.copyOf(spans);
    }

    /** The spans of a trace, in the order of their start. */
    public List<Received> trace(String traceId) {
        return spans.stream()
                .filter(span -> span.traceId().equals(traceId))
                .sorted(java.util.Comparator.comparingLong(Received::startNanos))
                .toList();
    }

    List<ResourceSpans> resources() {
        return List.copyOf(resources);
    }

    List<Map<String, List<String>>> headers() {
        return List.copyOf(headers);
    }

    /** What was received, byte by byte. */
    String raw() {
        return bodies.stream()
                .map(body -> new String(body, java.nio.charset.StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
