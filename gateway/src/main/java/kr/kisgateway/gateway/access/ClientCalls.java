package kr.kisgateway.gateway.access;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.operations.ClientUsage;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.CallRecorder;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.gateway.json.ApiValues;

/**
 * {@code GET /v1/ops/clients}: what each caller used since the start. One entry per name, so the number of keys bounds it.
 */
public final class ClientCalls implements CallRecorder {
    /** Name of calls without a caller: files of the page, health, and refused log-ins. */
    private static final String NO_CALLER = "";

    private static final class Counts {
        private final LongAdder calls = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder kisCalls = new LongAdder();
        private final AtomicLong lastMillis = new AtomicLong();
    }

    private final ConcurrentHashMap<String, Counts> counts = new ConcurrentHashMap<>();
    private final Supplier<Map<String, Integer>> subscriptions;
    private final InstantSource clock;
    private final Instant since;

    /** @param subscriptions those of open streams, by the name of the caller */
    public ClientCalls(Supplier<Map<String, Integer>> subscriptions, InstantSource clock) {
        this.subscriptions = subscriptions;
        this.clock = clock;
        this.since = clock.instant();
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, "/v1/ops/clients", this::usage);
    }

    @Override
    public RouteRecorder of(Route route) {
        return new RouteRecorder() {
            @Override
            public Optional<Refusal> refusal() {
                return Optional.empty();
            }

            @Override
            public void answered(AnsweredCall call) {
                count(call);
            }
        };
    }

    private void count(AnsweredCall call) {
        var name = call.caller().map(Caller::name).orElse(NO_CALLER);
        var client = counts.computeIfAbsent(name, _ -> new Counts());
        client.calls.increment();
        if (call.status() >= 400) {
            client.refused.increment();
        }
        client.kisCalls.add(call.cost().calls());
        client.lastMillis.setOpaque(clock.millis());
    }

    private void usage(Call call) {
        call.caller().requireUnrestricted("The list of clients is about");
        var open = subscriptions.get();
        call.answer(new ClientUsage(
                ApiValues.timeMillis(since),
                new TreeMap<>(counts)
                        .entrySet().stream()
                                .map(entry -> new ClientUsage.Client(
                                        entry.getKey(),
                                        entry.getValue().calls.sum(),
                                        entry.getValue().refused.sum(),
                                        entry.getValue().kisCalls.sum(),
                                        ApiValues.timeMillis(Instant.ofEpochMilli(
                                                entry.getValue().lastMillis.getOpaque())),
                                        open.getOrDefault(entry.getKey(), 0)))
                                .toList()));
    }
}
