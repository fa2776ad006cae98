package kr.kisgateway.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Telegram's Bot API on this machine, as far as the gateway uses it: messages wait until they are confirmed by a later offset. */
public final class TelegramBot implements AutoCloseable {
    public static final String TOKEN = "12345:abcdefghij";

    /** A text that the bot sent to a chat. */
    public record Sent(String chat, String text) {}

    private final JsonMapper mapper = new JsonMapper();
    private final HttpServer server;
    private final List<ObjectNode> updates = new ArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final AtomicInteger polls = new AtomicInteger();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicBoolean forgetsOffsets = new AtomicBoolean();
    private int lastUpdate = 700;
    private boolean closed;

    public TelegramBot() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/bot" + TOKEN + "/getUpdates", this::getUpdates);
        server.createContext("/bot" + TOKEN + "/sendMessage", this::sendMessage);
        server.start();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A message to the bot, at {@code epochSecond} of Telegram's clock. */
    public synchronized void message(long chat, long user, String text, long epochSecond) {
        var update = mapper.createObjectNode().put("update_id", ++lastUpdate);
        var message = update.putObject("message")
                .put("message_id", lastUpdate)
                .put("date", epochSecond)
                .put("text", text);
        message.putObject("chat").put("id", chat);
        message.putObject("from").put("id", user).put("is_bot", false);
        updates.add(update);
        notifyAll();
    }

    /** From here on getUpdates is answered by this status. */
    public void answer(int code) {
        status.set(code);
    }

    /** Whether updates are returned again although a later offset has confirmed them. */
    public void forgetOffsets(boolean forgets) {
        forgetsOffsets.set(forgets);
    }

    /** What the bot sent, oldest first. */
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    public int polls() {
        return polls.get();
    }

    private void getUpdates(HttpExchange exchange) throws IOException {
        JsonNode request = mapper.readTree(exchange.getRequestBody().readAllBytes());
        polls.incrementAndGet();
        int code = status.get();
        ArrayNode result = mapper.createArrayNode();
        if (code == 200) {
            await(request.path("offset").asLong(0)).forEach(result::add);
        }
        answer(exchange, code, mapper.createObjectNode().put("ok", code == 200).set("result", result));
    }

    /** Waits as the API does, but for a second only. */
    private synchronized List<ObjectNode> await(long offset) {
        if (!forgetsOffsets.get()) {
            updates.removeIf(it -> it.path("update_id").asLong() < offset);
        }
        if (updates.isEmpty() && !closed) {
            try {
                wait(1_000);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        return List.copyOf(updates);
    }

    private void sendMessage(HttpExchange exchange) throws IOException {
        JsonNode request = mapper.readTree(exchange.getRequestBody().readAllBytes());
        sent.add(new Sent(
                request.path("chat_id").asString(), request.path("text").asString()));
        answer(exchange, 200, mapper.createObjectNode().put("ok", true));
    }

    private static void answer(HttpExchange exchange, int code, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
    }
}
