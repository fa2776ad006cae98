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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
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
    /** More than the gateway accepts, so that its refusal has the id of the request. */
    static final int LINE_BYTES_MAX = 1 << 20;

    private static final int CALLS_MAX = 64;
    /** Of all messages that are being answered: parsed they have many times their length, and the process has 128 MB. */
    private static final int CHARACTERS_MAX = 4 * LINE_BYTES_MAX;

    private static final int INVALID_REQUEST = -32_600;
    private static final int INTERNAL = -32_603;
    /** Names of tools that change nothing. */
    private static final Pattern READING = Pattern.compile("(?:get|list|search|explain|preview)_.*|call_kis_api");

    private static final String DOUBT =
            " The call may have been done. Do not repeat it with another confirmation: look at list_orders and list_parent_orders first, and leave the decision to a"
                    + " person. Repeated with the same confirmation it is done once.";

    private final GatewayConnection gateway;
    private final PrintStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final Semaphore calls = new Semaphore(CALLS_MAX);
    private final Semaphore characters = new Semaphore(CHARACTERS_MAX);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Optional<String> session = Optional.empty();

    McpRelay(GatewayConnection gateway, PrintStream out) {
        this.gateway = gateway;
        this.out = out;
    }

    /** Passes a line on; waits while too many messages, or too long ones, are being answered. */
    void accept(BoundedLines.Line line) {
        switch (line) {
            case BoundedLines.Line.Text(String text) -> accept(text);
            case BoundedLines.Line.TooLong _ ->
                // Which request it was is in the part that is not retained.
                write(error(
                        JsonNodeFactory.instance.nullNode(),
                        INVALID_REQUEST,
                        "A message has more than " + LINE_BYTES_MAX + " bytes. It was not passed on.",
                        Optional.empty()));
        }
    }

    private void accept(String line) {
        if (line.isBlank()) {
            return;
        }
        calls.acquireUninterruptibly();
        characters.acquireUninterruptibly(line.length());
        threads.execute(() -> {
            try {
                passOn(line);
            } finally {
                characters.release(line.length());
                calls.release();
            }
        });
    }

    /**
     * What is needed of a message after it was parsed.
     *
     * @param id missing where no answer is expected
     * @param tool that is called; empty for any other message
     */
    private record Message(JsonNode id, Optional<String> tool, Map<String, String> headers) {
        /** Whether the call may have had an effect. A tool that is not known here may have had one. */
        private boolean mayChange() {
            return tool.filter(name -> !isReading(name)).isPresent();
        }

        private boolean isAnsweredBy(JsonNode answer) {
            return !answer.has("method") && answer.path("id").equals(id);
        }
    }

    /** Whether the tool of this name changes nothing. */
    static boolean isReading(String tool) {
        return READING.matcher(tool).matches();
    }

    private Message message(JsonNode message) {
        boolean isRequest = message.has("id") && message.has("method");
        boolean isCall = message.path("method").asString("").equals("tools/call");
        return new Message(
                isRequest ? message.path("id") : JsonNodeFactory.instance.missingNode(),
                isCall ? Optional.of(message.path("params").path("name").asString("")) : Optional.empty(),
                headers(message));
    }

    private void passOn(String line) {
        var message = message(parsed(line));
        var text = new StringBuilder();
        var isAnswered = new AtomicBoolean();
        var response = gateway.lines("POST", PATH, Optional.of(line), message.headers(), answered -> {
            if (answered.startsWith(DATA)) {
                var event = answered.substring(DATA.length());
                if (message.isAnsweredBy(parsed(event))) {
                    isAnswered.set(true);
                }
                write(event);
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
                } else if (!isAnswered.get()) {
                    unanswered(message, "The answer ended too early (HTTP " + received.status() + ").", true);
                }
            }
            case Response.NoAnswer<Received>(String reason, boolean mayHaveArrived) -> {
                if (!isAnswered.get()) {
                    unanswered(
                            message,
                            "No answer of the gateway: " + reason
                                    + ". Is it running (./kis run), and is this its address (GATEWAY_URL)?",
                            mayHaveArrived);
                }
            }
            case Response.Refused<Received> refused ->
                fail(message, refused.error().message(), Optional.empty());
        }
    }

    /** Reports a request without an answer, and whether it may have been done nevertheless. */
    private void unanswered(Message message, String reason, boolean mayHaveArrived) {
        if (!mayHaveArrived || !message.mayChange()) {
            fail(message, reason, Optional.empty());
            return;
        }
        fail(
                message,
                reason + DOUBT,
                Optional.of(JsonNodeFactory.instance.objectNode().put("retry_safe", false)));
    }

    /** An answer of the protocol as it is; a refusal of the gateway, as of a key, as an error of the protocol. */
    private void answer(Message message, String text) {
        var answer = parsed(text);
        if (answer.has("jsonrpc")) {
            write(text);
        } else {
            fail(message, answer.path("message").asString("The gateway refuses it."), Optional.of(answer));
        }
    }

    private void fail(Message message, String reason, Optional<JsonNode> data) {
        if (!message.id().isMissingNode()) {
            write(error(message.id(), INTERNAL, reason, data));
        }
    }

    private static String error(JsonNode id, int code, String reason, Optional<JsonNode> data) {
        var answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        answer.set("id", id);
        var error = answer.putObject("error").put("code", code).put("message", reason);
        data.ifPresent(it -> error.set("data", it));
        return answer.toString();
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
