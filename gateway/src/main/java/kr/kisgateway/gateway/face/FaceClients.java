package kr.kisgateway.gateway.face;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import kr.kisgateway.api.face.FaceClient;
import kr.kisgateway.api.face.FaceClientTrace;
import kr.kisgateway.gateway.access.ApiKey;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.DemandAnswers.Feed;

/** The programs at the face with their figures of the day, in the form of the API. */
public final class FaceClients {
    private static final String OWN_RECORD =
            "The gateway's own record of the key's orders is the source of its execution notices.";
    private static final String NO_DEMAND = "Nothing serves it at this moment.";

    private final KeyRing keys;
    private final FaceMeter meter;
    private final FaceStreams streams;
    private final InstantSource clock;

    /** Today's figures of a key. */
    private record Client(ApiKey key, FaceMeter.Figures figures) {}

    FaceClients(KeyRing keys, FaceMeter meter, FaceStreams streams, InstantSource clock) {
        this.keys = keys;
        this.meter = meter;
        this.streams = streams;
        this.clock = clock;
    }

    /** Registrations of programs that a demand of the pool serves. */
    public int registrations(Demand demand) {
        return streams.registrations(demand);
    }

    /**
     * All programs, the one with the most calls first.
     *
     * @param port of the face; empty where it could not be bound
     * @param feeds how the pool serves a demand
     */
    kr.kisgateway.api.face.FaceClients all(OptionalInt port, int limit, Function<Demand, Optional<Feed>> feeds) {
        var clients = clients();
        var all = meter.all();
        return new kr.kisgateway.api.face.FaceClients(
                port.isPresent() ? OptionalLong.of(port.getAsInt()) : OptionalLong.empty(),
                ApiValues.timeMillis(meter.since()),
                new kr.kisgateway.api.face.FaceClients.Totals(
                        all.calls(),
                        served(all),
                        all.unidentified(),
                        all.refusals(),
                        all.queued().toMillis(),
                        streams.sockets(),
                        streams.registrations()),
                clients.size(),
                clients.stream()
                        .limit(limit)
                        .map(client -> answer(client, feeds))
                        .toList());
    }

    /** One program and its last calls; empty when no valid key with a virtual app key has the name, nor did one today. */
    Optional<FaceClientTrace> trace(String name, Function<Demand, Optional<Feed>> feeds) {
        return clients().stream()
                .filter(client -> client.key().name().equals(name))
                .findFirst()
                .map(client -> new FaceClientTrace(
                        ApiValues.timeMillis(meter.since()),
                        answer(client, feeds),
                        meter.recent(name).stream().map(FaceClients::answer).toList()));
    }

    private List<Client> clients() {
        Instant now = clock.instant();
        return keys.withFace().stream()
                .map(key -> new Client(key, meter.of(key.name()).orElseGet(FaceMeter.Figures::none)))
                .filter(client -> client.key().state(now) == ApiKey.State.VALID
                        || client.figures().calls() > 0)
                .sorted(Comparator.comparingLong(
                                (Client client) -> client.figures().calls())
                        .reversed()
                        .thenComparing(client -> client.key().name()))
                .toList();
    }

    private FaceClient answer(Client client, Function<Demand, Optional<Feed>> feeds) {
        var figures = client.figures();
        var connected = streams.connected(client.key().id());
        return new FaceClient(
                client.key().name(),
                client.key().state(clock.instant()).name(),
                connected.map(it -> new FaceClient.Socket(ApiValues.timeMillis(it.since()), it.address())),
                figures.calls(),
                served(figures),
                figures.queued().toMillis(),
                figures.refusals(),
                figures.refused().stream()
                        .map(it -> new FaceClient.Refusals(
                                it.code(), it.count(), it.reason(), ApiValues.timeMillis(it.at())))
                        .toList(),
                new FaceClient.Orders(figures.ordersAccepted(), figures.ordersRefused(), figures.ordersInDoubt()),
                connected.map(FaceSession.Connected::registrations).orElse(List.of()).stream()
                        .map(registration -> answer(registration, feeds))
                        .toList());
    }

    private static FaceClient.Served served(FaceMeter.Figures figures) {
        return new FaceClient.Served(
                figures.served(FaceSource.HELD),
                figures.served(FaceSource.CACHE),
                figures.served(FaceSource.COALESCED),
                figures.served(FaceSource.KIS),
                figures.served(FaceSource.GATEWAY));
    }

    private FaceClient.Registration answer(
            FaceSession.Registration registration, Function<Demand, Optional<Feed>> feeds) {
        var key = registration.key();
        var demand = streams.demand(key);
        var feed = demand.flatMap(feeds)
                .orElseGet(() -> demand.isPresent()
                        ? new Feed("none", OptionalLong.empty(), "NONE", NO_DEMAND)
                        : new Feed("gateway", OptionalLong.empty(), "OWN_RECORD", OWN_RECORD));
        return new FaceClient.Registration(
                key.trId(),
                key.trKey(),
                feed.mode(),
                feed.intervalMs(),
                feed.reason(),
                feed.why(),
                registration.lastFrameAt().map(ApiValues::timeMillis));
    }

    private static FaceClientTrace.RecentCall answer(FaceMeter.RecentCall call) {
        return new FaceClientTrace.RecentCall(
                ApiValues.timeMillis(call.at()),
                call.trId(),
                call.name(),
                call.source().wireName(),
                ApiValues.thousandths(call.micros()),
                Optional.of(call.code()).filter(code -> !code.isEmpty()),
                Optional.of(call.reason()).filter(reason -> !reason.isEmpty()));
    }
}
