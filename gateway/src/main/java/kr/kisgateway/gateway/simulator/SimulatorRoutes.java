package kr.kisgateway.gateway.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.simulator.SimulatorState;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code /v1/simulator}: passes the control calls on to the simulator. */
public final class SimulatorRoutes implements AutoCloseable {
    private static final String PATH = "/v1/simulator";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final BodyPublisher CLEAR = BodyPublishers.ofString("{\"clear\":true}");
    private static final int MESSAGE_MAX = 200;

    private final URI base;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /** @param base address of the simulator */
    public SimulatorRoutes(URI base) {
        this.base = base;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, PATH, this::read).post(Role.OPERATOR, PATH, this::change);
    }

    @Override
    public void close() {
        client.close();
    }

    private void read(Call call) {
        call.answer(state());
    }

    private SimulatorState state() {
        return new SimulatorState(get("/simulator/state"), get("/simulator/faults"), get("/simulator/verdict"));
    }

    private void change(Call call) {
        call.caller().requireUnrestricted("The simulator concerns");
        var body = call.body().requireOnly(Set.of("faults", "market", "clear_verdict"));
        var faults = body.optionalObject("faults");
        var market = body.optionalObject("market");
        boolean clear = body.optionalFlag("clear_verdict").orElse(false);
        if (faults.isPresent() && market.isEmpty() && !clear) {
            post("/simulator/faults", faults.get());
        } else if (faults.isEmpty() && market.isPresent() && !clear) {
            post("/simulator/market", market.get());
        } else if (faults.isEmpty() && market.isEmpty() && clear) {
            send(request("/simulator/verdict").POST(CLEAR).build());
        } else {
            throw RequestBody.invalid("body", "must have one of faults, market and clear_verdict");
        }
        call.answer(state());
    }

    private JsonNode get(String path) {
        return send(request(path).build());
    }

    private void post(String path, RequestBody body) {
        send(request(path).POST(BodyPublishers.ofString(body.json())).build());
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
