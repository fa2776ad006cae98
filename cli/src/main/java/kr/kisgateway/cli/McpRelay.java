package kr.kisgateway.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gatewayclient.Received;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Passes messages of the Model Context Protocol on to {@code POST /mcp}, each in a call of its own, and writes what is answered, a
 * line for each message. The gateway answers them; here only the headers are made of what a message says.
 */
final class McpRelay implements AutoCloseable {
    private static final String PATH = "/mcp";
    private static final String SESSION = "Mcp-Session-Id";
    private static final String DATA = "data: ";
    private static final String META = "io.modelcontextprotocol/protocolVersion";
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    private static final int CALLS_MAX = 64;
    private static final int INTERNAL = -32_603;

    private final GatewayConnection gateway;
    private final PrintStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Semaphore calls = new Semaphore(CALLS_MAX);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Optional<String> session = Optional.empty();

    McpRelay(GatewayConnection gateway, PrintStream out) {
        this.gateway = gateway;
        this.out = out;
    }

    /** Passes {@code line} on; waits while too many messages are being answered. */
    void accept(String line) {
        calls.acquireUninterruptibly();
        threads.execute(() -> {
            try {
                passOn(line);
            } finally {
                calls.release();
            }
        });
    }

    private void passOn(String line) {
        var message = parsed(line);
        var text = new StringBuilder();
        var response = gateway.lines("POST", PATH, Optional.of(line), headers(message), answered -> {
            if (answered.startsWith(DATA)) {
                write(answered.substring(DATA.length()));
            } else if (answered.startsWith("{")) {
                text.append(answered);
            }
            return true;
        });
        switch (response) {
            case Response.Done<Received>(Received received, Received _, boolean _) -> {
                received.headers().firstValue(SESSION).ifPresent(id -> session = Optional.of(id));
                if (!text.isEmpty()) {
                    answer(message, text.toString());
                }
            }
            case Response.NoAnswer<Received>(String reason, boolean _) ->
                fail(
                        message,
                        "No answer of the gateway: " + reason
                                + ". Is it running (./kis run), and is this its address (GATEWAY_URL)?",
                        Optional.empty());
            case Response.Refused<Received> refused ->
                fail(message, refused.error().message(), Optional.empty());
        }
    }

    /** An answer of the protocol as it is; a refusal of the gateway, as of a key, as an error of the protocol. */
    private void answer(JsonNode message, String text) {
        var answer = parsed(text);
        if (answer.has("jsonrpc")) {
            write(text);
        } else {
            fail(message, answer.path("message").asString("The gateway refuses it."), Optional.of(answer));
        }
    }

    private void fail(JsonNode message, String reason, Optional<JsonNode> data) {
        if (!message.has("id") || !message.has("method")) {
            return;
        }
        var answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", message.get("id"));
        var error = answer.putObject("error").put("code", INTERNAL).put("message", reason);
        data.ifPresent(it -> error.set("data", it));
        write(answer.toString());
    }

    private static JsonNode parsed(String text) {
        try {
            return ApiJson.tree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    private Map<String, String> headers(JsonNode message) {
        var headers = new HashMap<String, String>();
        headers.put("Accept", "application/json, text/event-stream");
        session.ifPresent(id -> headers.put(SESSION, id));
        var parameters = message.path("params");
        var version = parameters.path("_meta").path(META);
        if (version.isString()) {
            headers.put("MCP-Protocol-Version", encoded(version.asString()));
            headers.put("Mcp-Method", encoded(message.path("method").asString("")));
            var name = parameters.path(message.path("method").asString("").equals("resources/read") ? "uri" : "name");
            if (name.isString()) {
                headers.put("Mcp-Name", encoded(name.asString()));
            }
        }
        return headers;
    }

    /** As the protocol writes a value that is no plain ASCII. */
    private static String encoded(String value) {
        return value.chars().allMatch(it -> it > ' ' && it < 0x7F)
                ? value
                : "=?base64?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private void write(String message) {
        writing.lock();
        try {
            out.println(message);
            out.flush();
        } finally {
            writing.unlock();
        }
    }

    /** Waits for the answers that are under way; a person that is being asked can no longer answer. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
