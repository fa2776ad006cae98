package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Known defects of trading software, planted one by one, must be found: a checker without findings proves nothing. */
class PlantedBugTest {
    /** A defect must be found within this many days; most are on the first. */
    private static final int DAYS = 60;

    private final SimulatedDay days = new SimulatedDay();

    @ParameterizedTest
    @EnumSource
    void each_planted_defect_is_caught(Bug bug) {
        List<String> findings = new ArrayList<>();
        var seeds = LongStream.concat(LongStream.of(likelySeed(bug)), LongStream.rangeClosed(1, DAYS))
                .iterator();
        while (seeds.hasNext() && findings.stream().noneMatch(sentence -> sentence.contains(expectedFinding(bug)))) {
            long seed = seeds.next();
            SimulatedDay.Verdict day = bug.isOfCluster()
                    ? days.runCluster(seed, Timeline.silent(), Set.of(bug))
                    : days.run(seed, Timeline.silent(), Set.of(bug));
            findings.addAll(day.findings());
        }
        assertThat(findings).as("findings for %s", bug).anyMatch(sentence -> sentence.contains(expectedFinding(bug)));
    }

    /** The first day on which the defect was found when this was written: it is tried first, because a day takes a second. */
    private static long likelySeed(Bug bug) {
        return switch (bug) {
            case REPEATS_CANCEL_ALL -> 2;
            case GIVES_UP_EXITS -> 3;
            case IGNORES_THE_LIMITS -> 3;
            case ACTS_AFTER_A_CANCEL -> 4;
            case CLOSES_ON_ABSENCE -> 5;
            case TREATS_A_CRASH_AS_NOT_SENT -> 5;
            case MISSES_FALLING_PRICES -> 6;
            case REPEATS_A_PARTIAL_CANCEL -> 6;
            case SELLS_WHAT_IS_NOT_HELD -> 6;
            case CARRIES_ORDERS_OVERNIGHT -> 7;
            case IGNORES_THE_OPERATOR -> 9;
            case COUNTS_DOLLARS_AS_WON -> 10;
            case LOSES_BATCH_KEYS -> 10;
            case PLACES_AFTER_AN_ABSENCE -> 11;
            case LOSES_THE_KILL_SWITCH_AT_RESTART -> 14;
            case REPRICES_WITHOUT_END -> 16;
            case CHOOSES_THE_VENUE_AGAIN -> 26;
            case COUNTS_A_NOTICE_TWICE -> 27;
            case FORGETS_SLICES_AT_RESTART -> 27;
            case HAS_NO_FINGERPRINT_RULE -> 37;
            case STOPS_MORE_THAN_IS_LEFT -> 27;
            case COMPARES_ONLY_AT_THE_BEGINNING, COUNTS_FROM_THE_ANSWER, HOLDS_WITHOUT_A_MARGIN -> 4;
            case SENDS_AFTER_THE_RELEASE, SUCCESSOR_SENDS_AGAIN -> 6;
            case CHECKS_NO_EPOCH -> 2;
            default -> 1;
        };
    }

    private static String expectedFinding(Bug bug) {
        return switch (bug) {
            case RESENDS_ON_TIMEOUT -> "transmitted before the journal entry was durable";
            case ANSWERS_BEFORE_DURABLE -> "acknowledged before it was on disk";
            case SENDS_BEFORE_DURABLE -> "transmitted before the journal entry was durable";
            case IGNORES_LOST_NOTICES -> "fills differ";
            case CLOSES_ON_ABSENCE -> "refused and active again";
            case IGNORES_THE_DEADLINE -> "transmitted after its deadline";
            case IGNORES_THE_BUDGET -> "in a second";
            case COUNTS_A_NOTICE_TWICE -> "fills differ";
            case HAS_NO_FINGERPRINT_RULE -> "not in the gateway";
            case LOSES_KEYS_AT_RESTART -> "accepted before and refused now";
            case TREATS_A_CRASH_AS_NOT_SENT -> "times and at the broker";
            case IGNORES_THE_LIMITS -> "are allowed";
            case KILL_SWITCH_SPARES_QUEUED_ORDERS -> "transmitted while the kill switch was on";
            case REPEATS_A_PARTIAL_CANCEL -> "transmitted before the journal entry was durable";
            case RAISES_NO_ALERT -> "in doubt without an alert";
            case LOSES_BATCH_KEYS -> "one key, two orders";
            case REPEATS_CANCEL_ALL -> "one key, two cancel-alls";
            case LOSES_THE_KILL_SWITCH_AT_RESTART -> "transmitted while the kill switch was on";
            case IGNORES_THE_OPERATOR -> "differs from the operator's resolution";
            case CARRIES_ORDERS_OVERNIGHT -> "transmitted on the following day";
            case STOPS_MORE_THAN_IS_LEFT -> "placed differently than its parent order says";
            case LEAVES_THE_OTHER_EXIT -> "two exits at the exchange";
            case FORGETS_SLICES_AT_RESTART -> "of a parent order was placed twice";
            case ACTS_AFTER_A_CANCEL -> "placed after its parent order was cancelled";
            case LOSES_THE_START_OF_A_CHILD -> "an order of 0 parent orders";
            case MISSES_FALLING_PRICES -> "the price was reached and nothing was done";
            case COUNTS_DOLLARS_AS_WON -> "the orders add up to";
            case READS_THE_LIST_OF_ANOTHER_ACCOUNT -> "one broker order, two gateway orders";
            case SENDS_FROM_ANOTHER_ACCOUNT -> "transmitted without a request";
            case REPRICES_WITHOUT_END -> "re-priced more often than requested";
            case GIVES_UP_EXITS -> "an exit was given up although the broker holds";
            case SELLS_WHAT_IS_NOT_HELD -> "exceeds the position";
            case SENDS_TO_ANOTHER_VENUE, SENDS_IOC_AS_DAY, FORGETS_THE_STOP_PRICE -> "transmitted without a request";
            case CHOOSES_THE_VENUE_AGAIN -> "matched with a different order";
            case PLACES_AFTER_AN_ABSENCE -> "placed after an absence without a decision";
            case CHECKS_NO_EPOCH -> "written by a former owner";
            case HOLDS_WITHOUT_A_MARGIN,
                    COUNTS_FROM_THE_ANSWER,
                    COMPARES_ONLY_AT_THE_BEGINNING,
                    SENDS_AFTER_THE_RELEASE -> "transmitted by a former owner";
            case SUCCESSOR_SENDS_AGAIN -> "times and at the broker";
            case SUCCESSOR_FORGETS_KEYS -> "accepted before and refused now";
            case REFUSES_AFTER_A_LOST_ANSWER -> "refused order exists";
        };
    }
}
