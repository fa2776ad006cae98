package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class UpkeepTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T14:59:00Z"));
    private final List<String> done = new ArrayList<>();

    @Test
    @Requirement("P-13")
    void each_chore_is_done_once_a_day_in_seoul_and_one_that_fails_holds_up_no_other() {
        var upkeep = new Upkeep(
                List.of(
                        new Upkeep.Chore("broken", true, _ -> {
                            throw new IllegalStateException("no room");
                        }),
                        new Upkeep.Chore("delete", true, today -> did("delete", today)),
                        new Upkeep.Chore("compact", false, today -> did("compact", today))),
                now::get);

        upkeep.look();
        upkeep.look();
        now.set(Instant.parse("2026-11-20T15:00:00Z")); // midnight in Seoul
        upkeep.look();
        now.set(Instant.parse("2026-11-20T14:00:00Z")); // a clock that was set back
        upkeep.look();

        assertThat(done)
                .containsExactly("delete 2026-11-20", "compact 2026-11-20", "delete 2026-11-21", "compact 2026-11-21");
        assertThat(upkeep.deleted()).isEqualTo(4);
        assertThat(upkeep.failures()).isEqualTo(2);
    }

    private int did(String what, LocalDate today) {
        done.add(what + " " + today);
        return 2;
    }
}
