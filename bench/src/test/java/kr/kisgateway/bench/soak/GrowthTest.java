package kr.kisgateway.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {
    /** A Tuesday in Korea. */
    private static final Instant TUESDAY = Instant.parse("2026-11-16T15:00:00Z");

    private static final Instant WEDNESDAY = TUESDAY.plus(Duration.ofDays(1));

    /** What the orders of a day keep, from nine to eight in the evening, until the day ends. */
    private static double kept(double hour) {
        return Math.clamp(hour % 24 - 9, 0, 11);
    }

    private static List<Growth.Point> hours(int days, long seed, double noise, DoubleUnaryOperator value) {
        var random = new Random(seed);
        var points = new ArrayList<Growth.Point>();
        for (int hour = 0; hour < 24 * days; hour++) {
            points.add(new Growth.Point(
                    TUESDAY.plus(Duration.ofMinutes(60 * hour + 59)),
                    value.applyAsDouble(hour) + noise * random.nextGaussian()));
        }
        return points;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void what_rises_and_falls_each_day_does_not_grow(long seed) {
        var growth = Growth.of(hours(3, seed, 0.5, hour -> 60 + 8 * kept(hour)), WEDNESDAY);

        assertThat(growth.isKnown()).isTrue();
        assertThat(growth.certain()).isLessThan(0.3);
        assertThat(growth.noise()).isLessThan(0.8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_leak_is_found_beside_what_rises_and_falls_each_day(long seed) {
        var growth = Growth.of(hours(3, seed, 0.5, hour -> 60 + 8 * kept(hour) + 3 * hour / 24), WEDNESDAY);

        assertThat(growth.perDay()).isCloseTo(3, within(0.6));
        assertThat(growth.certain()).isGreaterThan(1.5);
    }

    @Test
    void the_first_day_does_not_count() {
        var growth = Growth.of(hours(3, 1, 0, hour -> hour < 24 ? 0 : 50), WEDNESDAY);

        assertThat(growth.perDay()).isZero();
        assertThat(growth.pairs()).isEqualTo(24);
    }

    @Test
    void days_without_a_market_do_not_count() {
        // Wednesday to Friday, Monday and Tuesday are alike; Saturday and Sunday have nothing.
        var growth = Growth.of(hours(8, 1, 0, hour -> hour >= 96 && hour < 144 ? 0 : 50), WEDNESDAY);

        assertThat(growth.perDay()).isZero();
        assertThat(growth.pairs()).isEqualTo(24 * 10);
    }

    @Test
    void a_weeks_small_leak_is_more_certain_than_a_days() {
        var days = Growth.of(hours(3, 5, 1.5, hour -> 60 + hour / 24), WEDNESDAY);
        var week = Growth.of(hours(9, 5, 1.5, hour -> 60 + hour / 24), WEDNESDAY);

        assertThat(week.noise()).isLessThan(days.noise() / 2);
        assertThat(week.certain()).isGreaterThan(0.7);
    }

    @Test
    void two_days_cannot_be_judged_when_the_first_warms_up() {
        var growth = Growth.of(hours(2, 1, 0, hour -> 50), WEDNESDAY);

        assertThat(growth.isKnown()).isFalse();
        assertThat(growth.pairs()).isZero();
    }
}
