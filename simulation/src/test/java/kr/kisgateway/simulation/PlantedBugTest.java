package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A judge that never finds anything is worth nothing: defects that are known in trading software, planted one by one. */
class PlantedBugTest {
    /** In so many days a defect must show; most show on the first. */
    private static final int DAYS = 60;

    private final SimulatedDay days = new SimulatedDay();

    @ParameterizedTest
    @EnumSource
    void each_planted_defect_is_caught(Bug bug) {
        List<String> findings = new ArrayList<>();
        for (long seed = 1;
                seed <= DAYS && findings.stream().noneMatch(sentence -> sentence.contains(expectedFinding(bug)));
                seed++) {
            findings.addAll(days.run(seed, Timeline.silent(), Set.of(bug)).findings());
        }
        assertThat(findings)
                .as("what the judge says of %s", bug)
                .anyMatch(sentence -> sentence.contains(expectedFinding(bug)));
    }

    private static String expectedFinding(Bug bug) {
        return switch (bug) {
            case RESENDS_ON_TIMEOUT -> "left before the journal on disk said so";
            case ANSWERS_BEFORE_DURABLE -> "acknowledged before it was on disk";
            case SENDS_BEFORE_DURABLE -> "left before the journal on disk said so";
            case IGNORES_LOST_NOTICES -> "filled otherwise";
            case CLOSES_ON_ABSENCE -> "refused and alive again";
            case IGNORES_THE_DEADLINE -> "left after its deadline";
            case IGNORES_THE_BUDGET -> "in a second";
            case COUNTS_A_NOTICE_TWICE -> "filled otherwise";
            case HAS_NO_FINGERPRINT_RULE -> "the gateway does not know";
            case LOSES_KEYS_AT_RESTART -> "accepted before and refused now";
            case TREATS_A_CRASH_AS_NOT_SENT -> "times and at the broker";
            case IGNORES_THE_LIMITS -> "are allowed";
            case KILL_SWITCH_SPARES_QUEUED_ORDERS -> "left while the kill switch was on";
            case REPEATS_A_PARTIAL_CANCEL -> "left before the journal on disk said so";
            case RAISES_NO_ALERT -> "no operator knows";
            case LOSES_BATCH_KEYS -> "one key, two orders";
            case REPEATS_CANCEL_ALL -> "one key, two cancels of everything";
            case LOSES_THE_KILL_SWITCH_AT_RESTART -> "left while the kill switch was on";
            case IGNORES_THE_OPERATOR -> "decided by an operator and otherwise now";
            case CARRIES_ORDERS_OVERNIGHT -> "left on the day after";
        };
    }
}
