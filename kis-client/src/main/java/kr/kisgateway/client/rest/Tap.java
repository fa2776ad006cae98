package kr.kisgateway.client.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.client.Secret;
import kr.kisgateway.wire.spi.TrafficListener;

/** The observation point of one client's calls; costs nothing without an observer. */
public final class Tap {
    private final Optional<TrafficListener> traffic;
    private final AtomicLong calls = new AtomicLong();

    public Tap(Optional<TrafficListener> traffic) {
        this.traffic = traffic;
    }

    public static Tap disabled() {
        return new Tap(Optional.empty());
    }

    /** The id of the next call. */
    long nextCallId() {
        return traffic.isPresent() ? calls.incrementAndGet() : 0;
    }

    /** The call's first byte is about to leave. */
    void recordRequest(long call, RestRequest request) {
        traffic.ifPresent(listener -> {
            Map<String, String> headers = new LinkedHashMap<>(request.headers());
            request.secretHeaders().forEach((name, value) -> headers.put(name, value.reveal()));
            listener.requestSent(
                    call,
                    request.method(),
                    request.path(),
                    headers,
                    request.query().reveal(),
                    request.body().map(Secret::reveal).orElse(""));
        });
    }

    /** The outcome of the call. */
    void recordOutcome(long call, RestRequest request, RestOutcome outcome) {
        traffic.ifPresent(listener -> {
            switch (outcome) {
                case RestOutcome.Answered(int status, String trCont, String body) ->
                    listener.responseReceived(call, status, request.headers().getOrDefault("tr_id", ""), trCont, body);
                case RestOutcome.Lost _ -> listener.responseLost(call);
                case RestOutcome.NotSent _ -> {}
            }
        });
    }
}
