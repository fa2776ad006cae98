package kr.kisgateway.gateway.bar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Bars equal a naive aggregation of the whole tape, in whatever order it arrives. */
@Requirement("P-13")
class BarSeriesTest {
    private static final Set<BarPeriod> ALL = EnumSet.range(BarPeriod.M1, BarPeriod.M60);
    private static final int FRIDAY = 20261120;
    private static final int MONDAY = 20261123;

    private final BarSeries series = new BarSeries();
    /** The last published form of each bar, and how often it was first published as final. */
    private final Map<String, LiveBar> published = new TreeMap<>();

    private final Map<String, Integer> finals = new TreeMap<>();

    private void collect(LiveBar bar) {
        published.put(key(bar.period(), bar.minute()), bar);
        if (bar.closed() && !bar.corrected()) {
            finals.merge(key(bar.period(), bar.minute()), 1, Integer::sum);
        }
    }

    @Property(tries = 300)
    void bars_equal_the_naive_aggregation_of_late_repeated_and_unordered_trades(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int count) {
        var series = new BarSeries();
        var collector = new BarSeriesTest();
        var chance = new Random(seed);
        var tape = tape(chance, count);
        var arrived = disordered(tape, chance);
        arrived.forEach(trade -> series.addTrade(trade, ALL, collector::collect));
        series.over(minute(MONDAY, 2359), ALL, collector::collect);

        var expected = naive(tape);
        assertThat(collector.published.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, bar) -> {
            var got = collector.published.get(key);
            assertThat(got).isNotNull();
            assertThat(List.of(got.open(), got.high(), got.low(), got.close(), got.volume(), got.turnover()))
                    .as(key)
                    .isEqualTo(bar);
            assertThat(got.complete()).as(key).isTrue();
            assertThat(got.closed()).as(key).isTrue();
        });
        assertThat(collector.finals.values()).allMatch(times -> times == 1);
    }

    @Property(tries = 300)
    void a_bar_with_a_lost_trade_is_incomplete_and_minutes_from_another_source_complete_it(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 200) int count) {
        var series = new BarSeries();
        var collector = new BarSeriesTest();
        var chance = new Random(seed);
        var tape = tape(chance, count).stream()
                .filter(trade -> trade.day() == FRIDAY)
                .toList();
        var lost = tape.get(chance.nextInt(tape.size()));
        tape.stream().filter(trade -> trade != lost).forEach(trade -> series.addTrade(trade, ALL, collector::collect));
        var after = tape.getLast() == lost;
        series.over(minute(FRIDAY, 2359), ALL, collector::collect);

        var expected = naive(tape);
        collector.published.forEach((key, bar) -> {
            var matchesTape = List.of(bar.open(), bar.high(), bar.low(), bar.close(), bar.volume(), bar.turnover())
                    .equals(expected.get(key));
            // The loss of the last trade cannot be detected.
            assertThat(bar.complete() && !matchesTape && !after).as(key).isFalse();
        });
        if (after) {
            return;
        }
        var minutes = new ArrayList<MinuteSource.Minute>();
        expected.forEach((key, bar) -> {
            if (key.startsWith("M1 ")) {
                minutes.add(new MinuteSource.Minute(
                        Long.parseLong(key.substring(3)),
                        bar.get(0),
                        bar.get(1),
                        bar.get(2),
                        bar.get(3),
                        bar.get(4),
                        bar.get(5)));
            }
        });
        series.missingRange(BarPeriod.M60).ifPresent(range -> series.restore(range, minutes, ALL, collector::collect));
        assertThat(series.missingRange(BarPeriod.M60)).isEmpty();
        collector.published.forEach((key, bar) -> {
            if (bar.complete()) {
                assertThat(List.of(bar.open(), bar.high(), bar.low(), bar.close(), bar.volume(), bar.turnover()))
                        .as(key)
                        .isEqualTo(expected.get(key));
            }
        });
        var lostIn = key(BarPeriod.M1, minute(FRIDAY, lost.timeOfDay() / 100));
        assertThat(collector.published.get(lostIn))
                .isNotNull()
                .satisfies(bar -> assertThat(bar.complete()).isTrue());
    }

    @Test
    @Requirement("P-13")
    void the_first_received_bar_is_incomplete_unless_it_begins_the_day() {
        series.addTrade(trade(FRIDAY, 100_030, 100, 5, 1_000), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 1_000).complete()).isFalse();
        assertThat(at(BarPeriod.M60, 1_000).complete()).isFalse();
        series.addTrade(trade(FRIDAY, 100_110, 101, 5, 1_005), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 1_000).closed()).isTrue();
        assertThat(at(BarPeriod.M1, 1_001).complete()).isTrue();
        assertThat(at(BarPeriod.M60, 1_000).complete()).isFalse();

        var other = new BarSeriesTest();
        other.series.addTrade(trade(FRIDAY, 90_000, 100, 5, 5), ALL, other::collect);
        assertThat(other.at(BarPeriod.M60, 900).complete()).isTrue();
    }

    @Test
    @Requirement("P-13")
    void the_clock_closes_a_bar_once_and_a_late_trade_corrects_it() {
        series.addTrade(trade(FRIDAY, 90_010, 100, 10, 10), ALL, this::collect);
        series.over(minute(FRIDAY, 901), ALL, this::collect);
        series.over(minute(FRIDAY, 902), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 900).closed()).isTrue();
        assertThat(finals).containsEntry(key(BarPeriod.M1, minute(FRIDAY, 900)), 1);
        assertThat(at(BarPeriod.M3, 900).closed()).isFalse();

        series.addTrade(trade(FRIDAY, 90_059, 120, 5, 15), ALL, this::collect);
        var corrected = at(BarPeriod.M1, 900);
        assertThat(corrected.corrected()).isTrue();
        assertThat(corrected.high()).isEqualTo(120);
        assertThat(corrected.volume()).isEqualTo(15);
        assertThat(at(BarPeriod.M3, 900).corrected()).isFalse();
    }

    @Test
    @Requirement("P-13")
    void an_evening_bar_never_extends_into_the_next_day() {
        series.addTrade(trade(FRIDAY, 153_000, 100, 10, 10), ALL, this::collect);
        series.addTrade(trade(MONDAY, 90_000, 105, 7, 7), ALL, this::collect);

        for (var period : ALL) {
            assertThat(published
                            .get(key(period, LiveBar.begin(period, minute(FRIDAY, 1530))))
                            .closed())
                    .isTrue();
            var monday = published.get(key(period, minute(MONDAY, 900)));
            assertThat(monday.volume()).isEqualTo(7);
            assertThat(monday.complete()).isTrue();
        }
    }

    @Test
    @Requirement("P-13")
    void a_count_restarted_in_a_later_minute_continues_and_the_minutes_between_are_missing() {
        series.addTrade(trade(FRIDAY, 92_930, 100, 500, 500), ALL, this::collect);
        // The regular session, counted from its own beginning, of which 30 shares were not received.
        series.addTrade(trade(FRIDAY, 93_010, 110, 20, 50), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 93_020, 105, 10, 60), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 930).volume()).isEqualTo(30);
        assertThat(at(BarPeriod.M1, 930).complete()).isFalse();
        assertThat(at(BarPeriod.M60, 900).volume()).isEqualTo(530);

        series.over(minute(FRIDAY, 931), ALL, this::collect);
        var missing = series.missingRange(BarPeriod.M60).orElseThrow();
        assertThat(missing).isEqualTo(new BarSeries.Range(minute(FRIDAY, 929), minute(FRIDAY, 930)));
        var matchesTape = List.of(
                new MinuteSource.Minute(minute(FRIDAY, 929), 100, 100, 100, 100, 500, 50_000),
                new MinuteSource.Minute(minute(FRIDAY, 930), 108, 110, 105, 105, 60, 6_400));
        assertThat(series.restore(missing, matchesTape, ALL, this::collect)).isTrue();
        assertThat(at(BarPeriod.M1, 930).complete()).isTrue();
        assertThat(at(BarPeriod.M1, 930).open()).isEqualTo(108);
        assertThat(at(BarPeriod.M60, 900).volume()).isEqualTo(560);
    }

    @Test
    @Requirement("P-13")
    void a_minute_with_a_restarted_count_is_incomplete_even_with_its_first_trade() {
        series.addTrade(trade(FRIDAY, 92_930, 100, 500, 500), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 93_010, 110, 20, 20), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 930).volume()).isEqualTo(20);
        assertThat(at(BarPeriod.M1, 930).complete()).isFalse();
        series.addTrade(trade(FRIDAY, 93_110, 111, 5, 25), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 931).complete()).isTrue();
        series.over(minute(FRIDAY, 932), ALL, this::collect);
        assertThat(series.missingRange(BarPeriod.M1).orElseThrow())
                .isEqualTo(new BarSeries.Range(minute(FRIDAY, 929), minute(FRIDAY, 930)));
    }

    @Test
    @Requirement("P-13")
    void a_count_restarted_within_a_minute_leaves_it_incomplete_and_omits_no_trade() {
        series.addTrade(trade(FRIDAY, 90_001, 100, 500, 500), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 90_010, 110, 20, 20), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 90_020, 112, 5, 25), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 900).volume()).isEqualTo(525);
        assertThat(at(BarPeriod.M1, 900).complete()).isFalse();
        // A repeated first trade of the day does not restart the count.
        series.addTrade(trade(FRIDAY, 90_010, 110, 20, 20), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 900).volume()).isEqualTo(525);
    }

    @Test
    @Requirement("P-13")
    void a_trade_that_starts_inside_the_count_and_ends_beyond_it_belongs_to_a_new_count() {
        series.addTrade(trade(FRIDAY, 90_001, 100, 10, 10), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 90_010, 110, 40, 45), ALL, this::collect);
        assertThat(at(BarPeriod.M1, 900).volume()).isEqualTo(50);
        assertThat(at(BarPeriod.M1, 900).complete()).isFalse();
    }

    @Test
    @Requirement("P-13")
    void minutes_that_miss_received_trades_are_rejected() {
        series.addTrade(trade(FRIDAY, 90_010, 100, 10, 10), ALL, this::collect);
        series.addTrade(trade(FRIDAY, 90_020, 101, 10, 50), ALL, this::collect);
        series.over(minute(FRIDAY, 901), ALL, this::collect);
        var missing = series.missingRange(BarPeriod.M60).orElseThrow();

        for (var behind : List.of(
                List.<MinuteSource.Minute>of(),
                List.of(new MinuteSource.Minute(minute(FRIDAY, 900), 100, 100, 100, 100, 10, 1_000)))) {
            assertThat(series.restore(missing, behind, ALL, this::collect)).isFalse();
            assertThat(at(BarPeriod.M1, 900).complete()).isFalse();
            assertThat(at(BarPeriod.M1, 900).volume()).isEqualTo(20);
            assertThat(series.missingRange(BarPeriod.M60)).contains(missing);
        }
    }

    private LiveBar at(BarPeriod period, int hhmm) {
        var bar = published.get(key(period, LiveBar.begin(period, minute(FRIDAY, hhmm))));
        assertThat(bar).isNotNull();
        return bar;
    }

    private static String key(BarPeriod period, long minute) {
        return period + " " + minute;
    }

    private static long minute(int day, int hhmm) {
        return LiveBar.minute(LocalDateTime.of(day / 10_000, day / 100 % 100, day % 100, hhmm / 100, hhmm % 100));
    }

    private static BarTrade trade(int day, int time, long price, long qty, long volume) {
        return new BarTrade(day, time, price, qty, volume);
    }

    /** Two hours of trading at most, some of it on the next trading day. */
    private static List<BarTrade> tape(Random chance, int count) {
        var tape = new ArrayList<BarTrade>();
        var second = 9 * 3_600;
        var day = FRIDAY;
        var volume = 0L;
        for (var i = 0; i < count; i++) {
            second += chance.nextInt(chance.nextInt(10) == 0 ? 120 : 3);
            if (second > 11 * 3_600 && day == FRIDAY) {
                day = MONDAY;
                second = 9 * 3_600;
                volume = 0;
            }
            second = Math.min(second, 11 * 3_600 - 1);
            var qty = 1 + chance.nextInt(50);
            volume += qty;
            tape.add(trade(
                    day,
                    second / 3_600 * 10_000 + second / 60 % 60 * 100 + second % 60,
                    1_000 + chance.nextInt(100),
                    qty,
                    volume));
        }
        return tape;
    }

    /** Some trades arrive twice, some a few places late; a day's first trade comes first and none comes after its day. */
    private static List<BarTrade> disordered(List<BarTrade> tape, Random chance) {
        var arrived = new ArrayList<>(tape);
        for (var i = 1; i + 1 < arrived.size(); i++) {
            var other = Math.min(arrived.size() - 1, i + chance.nextInt(4));
            if (chance.nextInt(5) == 0
                    && arrived.subList(i - 1, other + 1).stream()
                            .allMatch(trade -> trade.day() == arrived.getFirst().day())) {
                Collections.swap(arrived, i, other);
            }
        }
        for (var i = 0; i < arrived.size(); i++) {
            if (chance.nextInt(10) == 0) {
                arrived.add(i + 1, arrived.get(i));
                i++;
            }
        }
        return arrived;
    }

    private static Map<String, List<Long>> naive(List<BarTrade> tape) {
        var bars = new TreeMap<String, List<Long>>();
        for (var period : ALL) {
            for (var trade : tape) {
                var minute = minute(trade.day(), trade.timeOfDay() / 100);
                bars.merge(
                        key(period, LiveBar.begin(period, minute)),
                        List.of(
                                trade.price(),
                                trade.price(),
                                trade.price(),
                                trade.price(),
                                trade.qty(),
                                trade.price() * trade.qty()),
                        (before, one) -> List.of(
                                before.get(0),
                                Math.max(before.get(1), one.get(1)),
                                Math.min(before.get(2), one.get(2)),
                                one.get(3),
                                before.get(4) + one.get(4),
                                before.get(5) + one.get(5)));
            }
        }
        return bars;
    }
}
