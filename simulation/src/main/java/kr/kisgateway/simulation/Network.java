package kr.kisgateway.simulation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import kr.kisgateway.client.rest.RestOutcome;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.server.ClientMessages;
import kr.kisgateway.wire.NoticeKey;

/**
 * The network between gateway and broker: REST calls and WebSockets, as the texts on the wire. A call arrives once,
 * late or not at all; so does its answer; a socket preserves order and breaks completely.
 */
final class Network implements BrokerProcess.Sessions {
    /** The client's response timeout, as in the product. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Loop loop;
    private final SeededRandom random;
    private final FaultPlan faultPlan;
    private final Timeline timeline;
    private final Map<Long, Link> links = new LinkedHashMap<>();
    private long sessions;

    Network(Loop loop, SeededRandom random, FaultPlan faultPlan, Timeline timeline) {
        this.loop = loop;
        this.random = random;
        this.faultPlan = faultPlan;
        this.timeline = timeline;
    }

    // ---- REST ----

    /** One REST call in flight; its caller receives exactly one outcome. */
    private final class PendingCall {
        private final Consumer<RestOutcome> done;
        private boolean over;

        PendingCall(Consumer<RestOutcome> done) {
            this.done = done;
        }

        void end(Duration after, RestOutcome outcome) {
            loop.in(after, () -> {
                if (!over) {
                    over = true;
                    done.accept(outcome);
                }
            });
        }
    }

    /** The moment at which the first byte would be sent. */
    interface Leaving {
        /** @param leaves receives whether it is sent, once; nothing if the process ends before */
        void decide(Consumer<Boolean> leaves);
    }

    /**
     * Sends {@code request} to {@code broker}.
     *
     * @param reachable whether there is a way to the broker
     * @param leaving decided when the first byte would be sent
     * @param done receives the outcome, once
     */
    void call(
            BrokerProcess broker, RestRequest request, boolean reachable, Leaving leaving, Consumer<RestOutcome> done) {
        FaultPlan.Fate drawn = faultPlan.fate(loop.now(), request.path().endsWith("/tokenP"));
        FaultPlan.Fate fate = reachable ? drawn : FaultPlan.Fate.REQUEST_LOST;
        var call = new PendingCall(done);
        loop.in(random.micros(30, 400), () -> {
            if (fate == FaultPlan.Fate.REFUSED || !broker.isUp()) {
                call.end(random.micros(100, 2_000), new RestOutcome.NotSent("ConnectException", false));
            } else {
                leaving.decide(leaves -> {
                    if (leaves) {
                        deliver(broker, request, fate, call);
                    } else {
                        call.end(Duration.ZERO, new RestOutcome.NotSent("DeadlinePassed", false));
                    }
                });
            }
        });
    }

    /** A call of another client, on a reliable connection. */
    void direct(BrokerProcess broker, RestRequest request, Consumer<RestOutcome> done) {
        broker.call(id -> input(id, request), result -> done.accept(outcome(result)));
    }

    private void deliver(BrokerProcess broker, RestRequest request, FaultPlan.Fate fate, PendingCall call) {
        if (fate != FaultPlan.Fate.DELIVERED) {
            timeline.log(loop.now(), "network", () -> fate + " " + request.path());
        }
        call.end(TIMEOUT, new RestOutcome.Lost("SocketTimeoutException", true));
        Duration toBroker = faultPlan.latency(loop.now());
        switch (fate) {
            case REQUEST_LOST -> {
                // without any notice: the client waits
            }
            case RESET_BEFORE -> call.end(toBroker, new RestOutcome.Lost("SocketException", false));
            case DELIVERED, REFUSED, RESET_AFTER, ANSWER_LATE ->
                loop.in(
                        toBroker,
                        () -> broker.call(id -> input(id, request), result -> {
                            Duration toGateway = faultPlan.latency(loop.now());
                            switch (fate) {
                                case RESET_AFTER -> call.end(toGateway, new RestOutcome.Lost("SocketException", false));
                                case ANSWER_LATE ->
                                    call.end(toGateway.plus(random.millis(1_000, 9_000)), outcome(result));
                                case DELIVERED, REFUSED, REQUEST_LOST, RESET_BEFORE ->
                                    call.end(toGateway, outcome(result));
                            }
                        }));
        }
    }

    private static RestOutcome outcome(BrokerProcess.CallResult result) {
        return switch (result) {
            case BrokerProcess.CallResult.Answer(var answer) ->
                new RestOutcome.Answered(answer.status(), answer.trCont().strip(), answer.body());
            case BrokerProcess.CallResult.Reset() -> new RestOutcome.Lost("SocketException", false);
        };
    }

    /** The request as the simulator's server reads it. */
    private Input input(long id, RestRequest request) {
        var headers = new HashMap<String, String>();
        headers.put("content-type", "application/json; charset=UTF-8");
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        request.secretHeaders().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value.reveal()));
        var query = new HashMap<String, String>();
        for (String pair : request.query().reveal().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        String body = request.body().map(it -> it.reveal()).orElse("");
        return new Input.Rest(
                id, request.method(), request.path(), headers, query, ClientMessages.body(body), random.letters(64));
    }

    // ---- sockets ----

    /** Events at the gateway's end of a socket. */
    interface LinkEnd {
        void opened();

        void refused(String cause);

        void text(String text);

        void lost(String cause);
    }

    /** One WebSocket. */
    final class Link {
        private final BrokerProcess broker;
        private final LinkEnd end;
        private final long session = ++sessions;
        private Instant down = Instant.MIN;
        private Instant upward = Instant.MIN;
        private boolean open = true;

        private Link(BrokerProcess broker, LinkEnd end) {
            this.broker = broker;
            this.end = end;
        }

        /** Delivers a text from the gateway. */
        void send(String text) {
            upward = after(upward);
            loop.at(upward, () -> {
                if (open) {
                    broker.deliver(new Input.SocketText(session, text, ClientMessages.socket(text)));
                }
            });
        }

        /** The gateway closes it, or has died. */
        void close() {
            if (open) {
                open = false;
                links.remove(session);
                loop.in(faultPlan.latency(loop.now()), () -> broker.deliver(new Input.SocketClosed(session)));
            }
        }

        /** It breaks: both ends are notified, and frames in flight are lost. */
        void breakDown(String cause) {
            if (open) {
                close();
                loop.in(faultPlan.latency(loop.now()), () -> end.lost(cause));
            }
        }

        private void push(String text) {
            down = after(down);
            loop.at(down, () -> {
                if (open) {
                    end.text(text);
                }
            });
        }

        private Instant after(Instant last) {
            Instant at = loop.now().plus(faultPlan.latency(loop.now()));
            return at.isAfter(last) ? at : last.plusNanos(1);
        }
    }

    /** Opens a WebSocket to {@code broker}, if there is a way to it. */
    Link open(BrokerProcess broker, boolean reachable, LinkEnd end) {
        var link = new Link(broker, end);
        loop.in(faultPlan.latency(loop.now()), () -> {
            if (!broker.isUp() || !link.open || !reachable) {
                link.open = false;
                end.refused("cannot connect: ConnectException");
                return;
            }
            links.put(link.session, link);
            broker.deliver(new Input.SocketOpened(link.session, new NoticeKey(random.letters(32), random.letters(16))));
            end.opened();
        });
        return link;
    }

    /** Breaks every socket. */
    void breakSockets(String cause) {
        List.copyOf(links.values()).forEach(link -> link.breakDown(cause));
    }

    @Override
    public void push(long session, String text) {
        Link link = links.get(session);
        if (link != null) {
            link.push(text);
        }
    }

    @Override
    public void closed(long session) {
        Link link = links.get(session);
        if (link != null) {
            link.breakDown("closed by KIS");
        }
    }
}
