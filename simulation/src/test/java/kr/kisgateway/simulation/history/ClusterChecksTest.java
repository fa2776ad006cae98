package kr.kisgateway.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.simulation.history.ClusterTrace.Commit;
import kr.kisgateway.simulation.history.ClusterTrace.Send;
import kr.kisgateway.simulation.history.ClusterTrace.Takeover;
import org.junit.jupiter.api.Test;

/** Each defect of several gateways, constructed by hand, must be found. */
class ClusterChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

    private final List<Takeover> takeovers =
            new ArrayList<>(List.of(new Takeover(NOW, 1, "node1"), new Takeover(NOW.plusSeconds(10), 2, "node2")));
    private final List<Commit> commits =
            new ArrayList<>(List.of(new Commit(NOW.plusSeconds(1), 1, 1, "Accepted ord_1")));
    private final List<Send> sends = new ArrayList<>(List.of(send(9, 1, 9), send(11, 2, 11)));
    private final List<String> waits = new ArrayList<>();

    @Test
    void a_change_of_the_owner_without_a_defect_has_no_findings() {
        assertThat(check()).isEmpty();
    }

    @Test
    void a_request_that_a_former_owner_sends_is_found() {
        sends.add(send(11, 1, 11));
        assertThat(check()).singleElement().asString().startsWith("transmitted by a former owner");
    }

    @Test
    void a_request_that_was_compared_after_the_takeover_is_found_however_late_it_is_written() {
        sends.add(send(13, 1, 12));
        assertThat(check()).singleElement().asString().startsWith("transmitted by a former owner");
        assertThat(trace().lateWrites()).isZero();
    }

    @Test
    void a_request_whose_process_was_stopped_before_the_write_is_counted_and_no_finding() {
        sends.add(send(11, 1, 9));
        assertThat(check()).isEmpty();
        assertThat(trace().lateWrites()).isEqualTo(1);
    }

    @Test
    void an_event_that_a_former_owner_writes_is_found() {
        commits.add(new Commit(NOW.plusSeconds(11), 1, 2, "SendStarted ord_1"));
        assertThat(check()).singleElement().asString().startsWith("written by a former owner");
    }

    @Test
    void an_epoch_that_does_not_grow_is_found() {
        takeovers.add(new Takeover(NOW.plusSeconds(20), 2, "node3"));
        assertThat(check()).singleElement().asString().startsWith("an epoch did not grow");
    }

    @Test
    void a_free_lease_that_no_gateway_takes_is_found() {
        waits.add("node2 waits");
        assertThat(check()).containsExactly("the lease was free and not taken: node2 waits");
    }

    private static Send send(int second, long epoch, int compared) {
        return new Send(NOW.plusSeconds(second), "node" + epoch, epoch, "ord_1", NOW.plusSeconds(compared));
    }

    private ClusterTrace trace() {
        return new ClusterTrace(takeovers, commits, sends, waits);
    }

    private List<String> check() {
        return ClusterChecks.check(trace());
    }
}
