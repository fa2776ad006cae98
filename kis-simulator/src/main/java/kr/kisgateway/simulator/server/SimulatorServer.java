package kr.kisgateway.simulator.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.ObjLongConsumer;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.edge.OriginRule;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.replay.RecordingWriter;
import kr.kisgateway.wire.NoticeKey;

/** A listener of the simulator: REST on every path, a WebSocket on every path, and the control calls under {@code /simulator}. */
public final class SimulatorServer implements AutoCloseable, AnyPathListener.Calls, AnyPathListener.Sockets {
    private static final int MAX_BODY_BYTES = 64 * 1024;
    /** Jetty's 30 s would close kept-alive connections of a quiet client during its next order. */
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

    private static final int CONNECTIONS_MAX = 10_000;
    private static final int MAX_FRAME_BYTES = 64 * 1024;
    private static final String JSON = "application/json; charset=utf-8";

    /** The only address that is bound. */
    private static final String BIND = "127.0.0.1";

    /** The traffic of a listener: KIS has a port for each kind, and one for both is handier. All serve control calls. */
    enum ServedTraffic {
        BOTH,
        REST,
        SOCKETS
    }

    private final ServedTraffic servedTraffic;
    private final CoreRunner runner;
    private final SocketHub hub;
    private final Optional<RecordingWriter> recording;
    private final SecureRandom random;
    private final ReadyScenarios scenarios;
    /** The list of scenarios, written when it is asked for the first time: they are files that are parsed. */
    private volatile Optional<String> listedScenarios = Optional.empty();

    private final AnyPathListener listener;

    SimulatorServer(
            ServedTraffic servedTraffic,
            CoreRunner runner,
            SocketHub hub,
            Optional<RecordingWriter> recording,
            int port,
            SecureRandom random,
            ReadyScenarios scenarios) {
        this.recording = recording;
        this.servedTraffic = servedTraffic;
        this.runner = runner;
        this.hub = hub;
        this.random = random;
        this.scenarios = scenarios;
        this.listener = new AnyPathListener(
                new AnyPathListener.Options(
                        BIND,
                        port,
                        OriginRule.open(BIND),
                        Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"),
                        MAX_BODY_BYTES,
                        MAX_FRAME_BYTES,
                        KEEP_ALIVE,
                        CONNECTIONS_MAX,
                        AnyPathListener.Connections.plain()),
                this,
                servedTraffic == ServedTraffic.REST ? AnyPathListener.Sockets.none() : this);
    }

    void start() {
        listener.start();
    }

    public int port() {
        return listener.port();
    }

    @Override
    public OptionalInt refusal(String address) {
        return hub.isFull() ? OptionalInt.of(503) : OptionalInt.empty();
    }

    @Override
    public AnyPathListener.Socket open(String address) {
        return hub.endpoint(runner, NoticeKey.random(random));
    }

    @Override
    public Answer answer(AnyPathListener.Request request) throws InterruptedException {
        String path = request.path().replaceFirst("^/_sim/", "/simulator/");
        if (servedTraffic == ServedTraffic.SOCKETS && !path.startsWith("/simulator/")) {
            return refuse(404);
        }
        if (path.equals("/simulator/scenarios") && request.method().equals("GET")) {
            String listed = listedScenarios.orElseGet(scenarios::json);
            listedScenarios = Optional.of(listed);
            return new Answer.Text(200, JSON, Map.of(), listed);
        }
        Optional<Input> input;
        try {
            input = input(request, path);
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
        if (input.isEmpty()) {
            return error(404, "no such control call");
        }
        if (request.method().equals("POST")
                && input.get() instanceof Input.SwitchFaults(long id, Map<String, Object> values)
                && values.isEmpty()) {
            return error(400, "send a JSON object of fault names with numbers or booleans");
        }
        OptionalLong recorded = record(request, input.get());
        Optional<CompletableFuture<CoreRunner.Outcome>> outcome = runner.submit(input.get());
        if (outcome.isEmpty()) {
            recordEvent(recorded, (r, id) -> r.responseLost(id));
            return new Answer.Text(
                    500,
                    JSON,
                    Map.of(),
                    "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00300\",\"msg1\":\"Gateway 라우팅 오류가 발생했습니다.\"}");
        }
        return await(request, outcome.get(), recorded);
    }

    private static Answer error(int status, String message) {
        return new Answer.Text(
                status,
                "application/json",
                Map.of(),
                Json.object().field("error", message).text());
    }

    /** Records the call, unless it is a control call; returns its number in the recording. */
    private OptionalLong record(AnyPathListener.Request request, Input input) {
        if (recording.isEmpty() || !(input instanceof Input.Rest call)) {
            return OptionalLong.empty();
        }
        recording
                .get()
                .requestSent(
                        call.id(), call.method(), call.path(), call.headers(), request.queryText(), request.body());
        return OptionalLong.of(call.id());
    }

    private void recordEvent(OptionalLong call, ObjLongConsumer<RecordingWriter> what) {
        call.ifPresent(id -> recording.ifPresent(r -> what.accept(r, id)));
    }

    private Optional<Input> input(AnyPathListener.Request request, String path) {
        long id = runner.nextCallId();
        String method = request.method();
        if (!path.startsWith("/simulator/")) {
            return Optional.of(new Input.Rest(
                    id,
                    method,
                    path,
                    request.headers(),
                    request.query(),
                    ClientMessages.body(request.body()),
                    hex(32)));
        }
        if (path.equals("/simulator/faults") && method.equals("GET")) {
            return Optional.of(new Input.SwitchFaults(id, Map.of()));
        }
        if (path.equals("/simulator/faults") && method.equals("POST")) {
            return Optional.of(new Input.SwitchFaults(id, ClientMessages.faults(request.body())));
        }
        if (path.equals("/simulator/verdict") && method.equals("GET")) {
            return Optional.of(new Input.ReadVerdict(id, false));
        }
        if (path.equals("/simulator/verdict") && method.equals("POST")) {
            return ClientMessages.faults(request.body()).equals(Map.of("clear", true))
                    ? Optional.of(new Input.ReadVerdict(id, true))
                    : Optional.empty();
        }
        if (path.equals("/simulator/market") && method.equals("POST")) {
            return Optional.of(new Input.OperateMarket(id, ClientMessages.faults(request.body())));
        }
        if (path.equals("/simulator/scenario") && method.equals("POST")) {
            return Optional.of(new Input.PlayNow(id, scenario(ClientMessages.faults(request.body()))));
        }
        return path.equals("/simulator/state") && method.equals("GET")
                ? Optional.of(new Input.ReadState(
                        id,
                        Map.of(
                                "queue_overflows", hub.overflows(),
                                "frames_sent", hub.framesSent(),
                                "desk_waiting", runner.queuedInputs())))
                : Optional.empty();
    }

    /** A ready scenario by its {@code name}, or the content of one. */
    private Scenario scenario(Map<String, Object> body) {
        return body.size() == 1 && body.get("name") instanceof String name
                ? scenarios.named().apply(name)
                : Scenario.parse(body);
    }

    private Answer await(
            AnyPathListener.Request request, CompletableFuture<CoreRunner.Outcome> pending, OptionalLong recorded)
            throws InterruptedException {
        try {
            return switch (pending.get()) {
                case CoreRunner.Outcome.Answered(HttpAnswer answer) -> {
                    recordEvent(
                            recorded,
                            (r, id) -> r.responseReceived(
                                    id, answer.status(), answer.trId(), answer.trCont(), answer.body()));
                    yield text(request, answer);
                }
                case CoreRunner.Outcome.Reset reset -> {
                    recordEvent(recorded, (r, id) -> r.responseLost(id));
                    yield new Answer.Reset();
                }
            };
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outcome is never a failure", e);
        }
    }

    /** Header names in lower case: the official samples look for exactly these. */
    private static Answer text(AnyPathListener.Request request, HttpAnswer answer) {
        Map<String, String> headers = answer.trId().isEmpty()
                ? Map.of()
                : Map.of(
                        "tr_id",
                        answer.trId(),
                        "tr_cont",
                        answer.trCont(),
                        "gt_uid",
                        request.headers().getOrDefault("gt_uid", ""));
        return new Answer.Text(
                answer.status(),
                answer.body().startsWith("<") ? "text/html; charset=utf-8" : JSON,
                headers,
                answer.body());
    }

    private String hex(int bytes) {
        byte[] randomBytes = new byte[bytes];
        random.nextBytes(randomBytes);
        return HexFormat.of().formatHex(randomBytes);
    }

    @Override
    public void close() {
        listener.close();
    }
}
