package kr.kisgateway.gateway.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.alert.AlertEvaluator.Window;
import org.junit.jupiter.api.Test;

/** Alerts about counters: shares and numbers within a time, and what lasts. */
class AlertEvaluatorTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Window FAILURES =
            new Window(RuleFigure.ORDER_FAILURES_WINDOW, RuleFigure.ORDER_FAILURES_LEAST);

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong all = new AtomicLong();
    private final List<String> published = new ArrayList<>();
    private final AlertLog log = new AlertLog(
            alert -> published.add((alert.settledAt().isPresent() ? "settled " : "raised ") + alert.message()));
    private final AlertEvaluator evaluator = new AlertEvaluator(log, now::get);

    private AlertSource source(AlertEvent event) {
        return new AlertSource(log, event, now::get);
    }

    private void addFailures() {
        evaluator.add(AlertEvaluator.share(
                source(AlertEvent.ORDER_FAILURES),
                "orders",
                failed::get,
                all::get,
                RuleFigure.ORDER_FAILURES_PERCENT,
                FAILURES,
                (count, total, window) -> count + " of " + total + " in " + window.toSeconds()));
    }

    /** Checks once a second. */
    private void run(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now.set(now.get().plusSeconds(1));
            evaluator.check();
        }
    }

    @Test
    void a_share_is_reported_once_when_it_is_more_than_the_figure_and_settles_a_minute_after_it_is_not() {
        addFailures();
        all.set(20);
        failed.set(2);
        run(1);
        assertThat(published).as("a tenth is not more than a tenth").isEmpty();
        failed.set(3);
        all.set(21);
        run(60);
        assertThat(published).containsExactly("raised 3 of 21 in 300");
        run(240); // the window has left the failures
        assertThat(published).hasSize(1);
        run(58);
        assertThat(published).hasSize(1);
        run(2);
        assertThat(published).containsExactly("raised 3 of 21 in 300", "settled 3 of 21 in 300");
    }

    @Test
    void too_few_orders_make_no_share_and_the_figures_are_those_of_the_present_policy() {
        addFailures();
        all.set(9);
        failed.set(9);
        run(1);
        assertThat(published).isEmpty();
        log.use(new AlertPolicy(
                Set.of(),
                Map.of(AlertEvent.ORDER_FAILURES, "P1"),
                Map.of(),
                Map.of(RuleFigure.ORDER_FAILURES_LEAST, 5L, RuleFigure.ORDER_FAILURES_WINDOW, 60L)));
        run(1);
        assertThat(published).containsExactly("raised 9 of 9 in 60");
        assertThat(log.newest(1).getFirst().level()).isEqualTo("P1");
    }

    @Test
    void a_kind_that_is_switched_off_settles_and_one_that_is_switched_on_again_is_raised() {
        addFailures();
        all.set(10);
        failed.set(10);
        run(1);
        log.use(new AlertPolicy(Set.of(AlertEvent.ORDER_FAILURES), Map.of(), Map.of(), Map.of()));
        run(1);
        assertThat(published).containsExactly("raised 10 of 10 in 300", "settled 10 of 10 in 300");
        log.use(AlertPolicy.standard());
        run(1);
        assertThat(published).hasSize(3);
    }

    @Test
    void a_number_counts_within_its_time_only() {
        evaluator.add(AlertEvaluator.count(
                source(AlertEvent.BUDGET_WAITS),
                "calls",
                all::get,
                new Window(RuleFigure.BUDGET_WAITS_WINDOW, RuleFigure.BUDGET_WAITS_LEAST),
                (count, window) -> count + " in " + window.toSeconds()));
        for (int i = 0; i < 100; i++) {
            all.addAndGet(1);
            run(7);
        }
        assertThat(published).as("nine within a minute").isEmpty();
        for (int i = 0; i < 20; i++) {
            all.addAndGet(1);
            run(5);
        }
        assertThat(published).containsExactly("raised 10 in 60");
    }

    @Test
    void what_lasts_is_reported_after_its_time_and_settles_at_once() {
        var number = new AtomicLong();
        evaluator.add(AlertEvaluator.lasting(
                source(AlertEvent.REGISTRATIONS_FULL),
                "registrations",
                number::get,
                RuleFigure.REGISTRATIONS_FULL_LEAST,
                RuleFigure.REGISTRATIONS_FULL_AFTER,
                count -> count + " polled"));
        number.set(4);
        run(60);
        number.set(0);
        run(1);
        number.set(5);
        run(60);
        assertThat(published).as("a minute with a gap").isEmpty();
        run(1);
        assertThat(published).containsExactly("raised 5 polled");
        number.set(0);
        run(1);
        assertThat(published).containsExactly("raised 5 polled", "settled 5 polled");
    }

    @Test
    void a_rule_with_a_defect_does_not_stop_the_others() {
        evaluator.add(AlertEvaluator.count(
                source(AlertEvent.ORDERS_ADOPTED),
                "orders",
                () -> {
                    throw new IllegalStateException("a defect");
                },
                new Window(RuleFigure.ORDERS_ADOPTED_WINDOW, RuleFigure.ORDERS_ADOPTED_LEAST),
                (count, window) -> ""));
        addFailures();
        all.set(10);
        failed.set(10);
        run(1);
        assertThat(published).hasSize(1);
    }

    @Test
    void a_window_keeps_no_more_samples_than_it_needs() {
        var window = new CounterWindow();
        for (int i = 0; i < 10_000; i++) {
            window.sample(i, START.plusSeconds(i));
        }
        assertThat(window.growth(Duration.ofHours(1))).isEqualTo(3_600);
        assertThat(window.growth(Duration.ofSeconds(10))).isEqualTo(10);
        for (int i = 0; i < 10_000; i++) {
            window.sample(10_000, START.plusSeconds(10_000));
        }
        assertThat(window.size()).isLessThanOrEqualTo(3_602);
    }

    @Test
    void open_conditions_are_bounded() {
        var condition = new Condition(source(AlertEvent.LOGIN_FAILURES), Duration.ZERO);
        for (int i = 0; i < Condition.OPEN_MAX + 5; i++) {
            String subject = "address " + i;
            condition.update(subject, true, START, () -> subject);
        }
        assertThat(published).hasSize(Condition.OPEN_MAX);
        condition.end();
        assertThat(published).hasSize(2 * Condition.OPEN_MAX);
    }
}
