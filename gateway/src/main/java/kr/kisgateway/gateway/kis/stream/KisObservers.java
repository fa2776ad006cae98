package kr.kisgateway.gateway.kis.stream;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.gateway.broker.BrokerObserver;
import kr.kisgateway.gateway.broker.BrokerObserver.CallResult;

/** Passes what KIS's client reports to the observers of the broker. */
public final class KisObservers implements CallListener {
    private final List<BrokerObserver> observers = new CopyOnWriteArrayList<>();
    /** App keys whose sockets are open: a failed attempt to connect is no disconnect. */
    private final Set<String> open = ConcurrentHashMap.newKeySet();

    /** Adds an observer, before the client is started. */
    public void attach(BrokerObserver observer) {
        observers.add(observer);
    }

    @Override
    public void ended(EndedCall call) {
        var mapped = switch (call.result()) {
            case OK -> CallResult.DONE;
            case REFUSED -> CallResult.REFUSED;
            case RATE_LIMITED -> CallResult.RATE_LIMITED;
            case FAILED -> CallResult.FAILED;
        };
        each(it -> it.callEnded(call.trId(), mapped, call.error(), Duration.ofNanos(call.nanos())));
    }

    /** An event of the session of {@code appKey}. */
    public void event(String appKey, KisEvent event) {
        switch (event) {
            case KisEvent.Connected _ -> {
                open.add(appKey);
                each(it -> it.connected(appKey));
            }
            case KisEvent.Closed(String cause) -> {
                if (open.remove(appKey)) {
                    each(it -> it.disconnected(appKey, cause));
                }
            }
            case KisEvent.BreakerChanged(String calls, String state) ->
                each(it -> it.breakerChanged(appKey, calls, state));
            default -> {
                // the others concern neither a connection nor a breaker
            }
        }
    }

    private void each(Consumer<BrokerObserver> notice) {
        observers.forEach(notice);
    }
}
