package kr.kisgateway.gateway.face;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.face.FaceClient;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.pool.DemandAnswers;

/** {@code /v1/face/clients}: what the programs at the KIS-compatible port do, and what it costs. */
public final class FaceRoutes {
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int LIMIT_MAX = 10_000;

    private final Optional<FaceClients> clients;
    private final Supplier<OptionalInt> port;
    private final DemandAnswers demands;
    private final InstantSource clock;

    /**
     * @param clients empty where the face is off
     * @param port of the face; empty where it could not be bound
     */
    public FaceRoutes(
            Optional<FaceClients> clients, Supplier<OptionalInt> port, DemandAnswers demands, InstantSource clock) {
        this.clients = clients;
        this.port = port;
        this.demands = demands;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, "/v1/face/clients", List.of("limit"), this::list);
        table.get(Role.OPERATOR, "/v1/face/clients/{key}", this::trace);
    }

    private void list(Call call) {
        call.caller().requireUnrestricted("The programs serve");
        int limit = call.limit(DEFAULT_LIMIT, LIMIT_MAX);
        call.answerPage(() -> clients.<Object>map(it -> it.all(port.get(), limit, demands.feeds()))
                .orElseGet(this::none));
    }

    private kr.kisgateway.api.face.FaceClients none() {
        return new kr.kisgateway.api.face.FaceClients(
                OptionalLong.empty(),
                ApiValues.timeMillis(clock.instant()),
                new kr.kisgateway.api.face.FaceClients.Totals(0, new FaceClient.Served(0, 0, 0, 0, 0), 0, 0, 0, 0, 0),
                0,
                List.of());
    }

    private void trace(Call call) {
        call.caller().requireUnrestricted("The programs serve");
        String name = call.pathParameter("key");
        call.answer(
                clients.flatMap(it -> it.trace(name, demands.feeds()))
                        .orElseThrow(
                                () -> new RefusedException(
                                        Refusal.of(
                                                ErrorCode.KEY_NOT_FOUND,
                                                clients.isEmpty()
                                                        ? "The KIS-compatible port is off (KIS_FACE), so no key uses it."
                                                        : "No valid key of that name has a virtual app key; ./kis trace lists those that do."))));
    }
}
