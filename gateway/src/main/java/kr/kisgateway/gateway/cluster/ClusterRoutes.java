package kr.kisgateway.gateway.cluster;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.session.ClusterStatus;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.lease.LeaseHolder;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.lease.LeaseView;
import kr.kisgateway.gateway.lease.SeenNode;

/** {@code GET /v1/cluster}. */
public final class ClusterRoutes {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LeaseNode node;
    private final Optional<Supplier<LeaseView>> view;
    private final InstantSource clock;

    /** @param view of the database that gateways share; empty for one with files of its own */
    public ClusterRoutes(LeaseNode node, Optional<Supplier<LeaseView>> view, InstantSource clock) {
        this.node = node;
        this.view = view;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/cluster", this::status);
    }

    private void status(Call call) {
        call.answer(view.map(this::cluster).orElseGet(this::single));
    }

    private ClusterStatus single() {
        return new ClusterStatus(
                "single",
                node.name(),
                Optional.empty(),
                List.of(new ClusterStatus.Node(
                        node.name(), node.address(), "owner", node.version(), ApiValues.time(clock.instant()))));
    }

    private ClusterStatus cluster(Supplier<LeaseView> source) {
        LeaseView seen;
        try {
            seen = source.get();
        } catch (DatabaseException e) {
            throw new RefusedException(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, String.valueOf(e.getMessage()))
                    .retryAfter(RETRY));
        }
        return new ClusterStatus(
                "cluster",
                node.name(),
                seen.holder()
                        .map(holder -> new ClusterStatus.Lease(
                                holder.node(),
                                holder.epoch(),
                                ApiValues.time(holder.since()),
                                ApiValues.time(holder.expires()))),
                seen.nodes().stream().map(it -> answer(it, seen.holder())).toList());
    }

    private static ClusterStatus.Node answer(SeenNode seen, Optional<LeaseHolder> holder) {
        boolean owns = holder.filter(
                        it -> !it.expired() && it.id().equals(seen.node().id()))
                .isPresent();
        return new ClusterStatus.Node(
                seen.node().name(),
                seen.node().address(),
                owns ? "owner" : seen.silent() ? "silent" : seen.node().candidate() ? "standby" : "edge",
                seen.node().version(),
                ApiValues.time(seen.seen()));
    }
}
