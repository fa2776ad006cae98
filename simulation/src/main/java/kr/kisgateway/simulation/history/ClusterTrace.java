package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened between the gateways of a cluster, their database and the broker.
 *
 * @param takeovers each change of the owner, when it was durable in the database
 * @param commits each commit of the journal, when it was durable
 * @param sends each request for an order, when its first byte left
 * @param waits leases that stayed free although a gateway could take them, one sentence each
 */
public record ClusterTrace(List<Takeover> takeovers, List<Commit> commits, List<Send> sends, List<String> waits) {
    /** @param epoch of the new owner */
    public record Takeover(Instant at, long epoch, String node) {}

    /**
     * @param epoch of the writer
     * @param current epoch of the owner in the database at that moment
     * @param first its first event
     */
    public record Commit(Instant at, long epoch, long current, String first) {}

    /**
     * @param epoch under which its sender owned the accounts
     * @param at of the write
     * @param compared when it was last compared with the clock; between that and the write nothing can prevent that it leaves after
     *     a takeover
     */
    public record Send(Instant at, String node, long epoch, String order, Instant compared) {}

    /** When an owner after that of {@code epoch} began. */
    public Optional<Instant> endOf(long epoch) {
        return takeovers.stream()
                .filter(takeover -> takeover.epoch() > epoch)
                .map(Takeover::at)
                .min(Instant::compareTo);
    }

    /** Whether a request left after a takeover and was compared before, because its machine stood still in between. */
    private boolean isLateWrite(Send send) {
        return endOf(send.epoch())
                .filter(end -> end.isBefore(send.at()) && send.compared().isBefore(end))
                .isPresent();
    }

    /** How many requests left after a takeover that nothing could prevent. */
    public int lateWrites() {
        return (int) sends.stream().filter(this::isLateWrite).count();
    }
}
