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
        List<String> wrong = new ArrayList<>();
        for (long seed = 1;
                seed <= DAYS && wrong.stream().noneMatch(sentence -> sentence.contains(sign(bug)));
                seed++) {
            wrong.addAll(days.run(seed, Timeline.silent(), Set.of(bug)).wrong());
        }
        assertThat(wrong).as("what the judge says of %s", bug).anyMatch(sentence -> sentence.contains(sign(bug)));
    }

    private static String sign(Bug bug) {
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
            case FORGETS_KEYS_AT_RESTART -> "accepted before and refused now";
            case TAKES_A_CRASH_FOR_NOT_SENT -> "times and at the broker";
            case IGNORES_THE_LIMITS -> "are allowed";
            case KILLS_ONLY_WHAT_COMES_LATER -> "left while the kill switch was on";
            case REPEATS_A_PARTIAL_CANCEL -> "left before the journal on disk said so";
            case TELLS_NO_OPERATOR -> "no operator knows";
            case FORGETS_THE_KEYS_OF_BATCHES -> "one key, two orders";
            case SWEEPS_AGAIN -> "one key, two cancels of everything";
            case FORGETS_THE_KILL_SWITCH -> "left while the kill switch was on";
            case IGNORES_THE_OPERATOR -> "decided by an operator and otherwise now";
            case KEEPS_ORDERS_OVER_NIGHT -> "left on the day after";
        };
    }
}
