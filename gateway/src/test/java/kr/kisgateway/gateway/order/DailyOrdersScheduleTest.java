package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;
import org.junit.jupiter.api.Test;

/** When the list of which day is requested, for each of two accounts by itself. */
class DailyOrdersScheduleTest {
    private static final Instant NOW = TradingDayFixture.MORNING;
    private static final TradingDay TODAY = TradingDay.korean(LocalDate.of(2026, 11, 20));
    private static final AccountDay FIRST = new AccountDay("A1", TODAY);
    private static final AccountDay SECOND = new AccountDay("B1", TODAY);

    private final DailyOrdersSchedule schedule = new DailyOrdersSchedule(List.of("A1", "B1"), Duration.ofSeconds(5));

    private static Instant after(long millis) {
        return NOW.plusMillis(millis);
    }

    @Test
    void an_account_starts_once_its_own_first_list_is_read() {
        assertThat(schedule.started(Market.KOREA)).as("before the start").isEmpty();
        schedule.start(List.of(FIRST, SECOND));
        assertThat(schedule.started(Market.KOREA)).isEmpty();
        assertThat(schedule.startRequests(NOW)).containsExactly(FIRST, SECOND);
        schedule.recordArrival(SECOND, NOW);
        assertThat(schedule.started(Market.KOREA)).containsExactly("B1");
        assertThat(schedule.isStarted("A1", Market.KOREA)).isFalse();
    }

    @Test
    void a_list_that_arrives_after_a_failed_one_ends_the_failure_once() {
        schedule.requestNow(FIRST, NOW);
        assertThat(schedule.startRequests(NOW)).containsExactly(FIRST);
        schedule.failed(FIRST, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(1_000));
        assertThat(schedule.startRequests(after(999))).isEmpty();
        assertThat(schedule.startRequests(after(1_000))).containsExactly(FIRST);
        assertThat(schedule.nextRequestAt()).as("the request is in flight").isEmpty();
        assertThat(schedule.recordArrival(FIRST, after(1_000))).isTrue();
        assertThat(schedule.recordArrival(FIRST, after(1_000))).isFalse();
    }

    @Test
    void the_pauses_after_failed_lists_double_and_restart_from_the_shortest() {
        schedule.failed(FIRST, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(1_000));
        schedule.failed(FIRST, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(2_000));
        schedule.failed(FIRST, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(4_000));
        schedule.resetPause();
        schedule.failed(FIRST, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(1_000));
    }

    @Test
    void the_next_request_is_the_earlier_one_of_both_accounts() {
        assertThat(schedule.nextRequestAt()).isEmpty();
        schedule.failed(FIRST, NOW);
        schedule.failed(FIRST, NOW);
        schedule.requestSoon(SECOND, NOW);
        assertThat(schedule.nextRequestAt()).contains(after(1_000));
        assertThat(schedule.startRequests(after(1_000))).containsExactly(SECOND);
        assertThat(schedule.nextRequestAt()).contains(after(2_000));
        assertThat(schedule.startRequests(after(2_000))).containsExactly(FIRST);
    }

    @Test
    void an_account_that_is_not_configured_is_named() {
        assertThatNullPointerException()
                .isThrownBy(() -> schedule.requestNow(new AccountDay("C1", TODAY), NOW))
                .withMessage("no account C1");
    }
}
