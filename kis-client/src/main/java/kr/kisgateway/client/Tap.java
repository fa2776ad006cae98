package kr.kisgateway.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.client.core.RestOutcome;
import kr.kisgateway.client.core.RestRequest;
import kr.kisgateway.wire.spi.Traffic;

/** Where one client's calls can be listened to; costs nothing while nobody does. */
final class Tap {
    private final Optional<Traffic> traffic;
    private final AtomicLong calls = new AtomicLong();

    Tap(Optional<Traffic> traffic) {
        this.traffic = traffic;
    }

    static Tap closed() {
        return new Tap(Optional.empty());
    }

    /** A call that will soon leave. */
    long next() {
        return traffic.isPresent() ? calls.incrementAndGet() : 0;
    }

    /** The call's first byte is about to leave. */
    void leaves(long call, RestRequest request) {
        traffic.ifPresent(hearing -> {
            Map<String, String> headers = new LinkedHashMap<>(request.headers());
            request.secretHeaders().forEach((name, value) -> headers.put(name, value.reveal()));
            hearing.called(
                    call,
                    request.method(),
                    request.path(),
                    headers,
                    request.query().reveal(),
                    request.body().map(Secret::reveal).orElse(""));
        });
    }

    /** What became of it. */
    void ended(long call, RestRequest request, RestOutcome outcome) {
        traffic.ifPresent(hearing -> {
            switch (outcome) {
                case RestOutcome.Answered(int status, String trCont, String body) ->
                    hearing.answered(call, status, request.headers().getOrDefault("tr_id", ""), trCont, body);
                case RestOutcome.Lost _ -> hearing.broken(call);
                case RestOutcome.NotSent _ -> {}
            }
        });
    }
}
