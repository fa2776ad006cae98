package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class HistoryMaintenanceTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T14:59:00Z"));
    private final List<String> completed = new ArrayList<>();

    @Test
    @Requirement("P-13")
    void each_maintenance_task_runs_once_a_day_in_seoul_and_a_failing_one_delays_no_other() {
        var upkeep = new HistoryMaintenance(
                List.of(
                        new HistoryMaintenance.MaintenanceTask("broken", true, _ -> {
                            throw new IllegalStateException("no room");
                        }),
                        new HistoryMaintenance.MaintenanceTask("delete", true, today -> runTask("delete", today)),
                        new HistoryMaintenance.MaintenanceTask("compact", false, today -> runTask("compact", today))),
                now::get);

        upkeep.runIfDue();
        upkeep.runIfDue();
        now.set(Instant.parse("2026-11-20T15:00:00Z")); // midnight in Seoul
        upkeep.runIfDue();
        now.set(Instant.parse("2026-11-20T14:00:00Z")); // the clock was set back
        upkeep.runIfDue();

        assertThat(completed)
                .containsExactly("delete 2026-11-20", "compact 2026-11-20", "delete 2026-11-21", "compact 2026-11-21");
        assertThat(BoundMeters.of(upkeep::bindTo).value("history.days.deleted")).isEqualTo(4);
        assertThat(BoundMeters.of(upkeep::bindTo).value("history.maintenance.failures"))
                .isEqualTo(2);
    }

    private int runTask(String what, LocalDate today) {
        completed.add(what + " " + today);
        return 2;
    }
}
