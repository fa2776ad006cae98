package kr.kisgateway.gateway.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The simulator's control calls. A call blocks for at most 15 seconds and throws {@link RefusedException} when it fails. */
final class ControlCalls implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    /** A simulator that has just started makes its past days first. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Enough for the names of all faults. */
    private static final int MESSAGE_MAX = 4_000;

    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();

    /** @param base address of the simulator */
    ControlCalls(URI base) {
        this.base = base;
    }

    JsonNode get(String path) {
        return send(request(path).build());
    }

    void post(String path, String body) {
        send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    @Override
    public void close() {
        client.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
    }

    private JsonNode send(HttpRequest request) {
        HttpResponse<String> response;
        try {
            response = client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw unreachable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable();
        }
        var answer = parsed(response.body());
        if (response.statusCode() == 200 && answer.isPresent()) {
            return answer.get();
        }
        String message = answer.map(it -> it.path("error").asString("")).orElse("");
        throw new RefusedException(Refusal.of(
                ErrorCode.INVALID_FIELD,
                "The simulator refuses it: "
                        + (message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) : message)));
    }

    private static Optional<JsonNode> parsed(String body) {
        try {
            return Optional.of(ApiJson.tree(body));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static RefusedException unreachable() {
        return new RefusedException(Refusal.of(
                ErrorCode.SIMULATOR_UNAVAILABLE, "The simulator does not answer; its process may have ended."));
    }
}
