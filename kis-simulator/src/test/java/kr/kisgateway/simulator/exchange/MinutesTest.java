package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MinutesTest {
    private final Tape tape = new Tape(1_000, 1_000);

    @Test
    void trades_of_a_minute_make_one_bar_and_a_minute_without_any_makes_none() {
        trade(1_010, 5, 90_000);
        trade(1_030, 1, 90_017);
        trade(990, 2, 90_059);
        trade(1_000, 4, 90_200);

        assertThat(tape.minutes().bars())
                .containsExactly(
                        new Minutes.Bar(540, 1_010, 1_030, 990, 990, 8, 1_010 * 5 + 1_030 + 990 * 2),
                        new Minutes.Bar(542, 1_000, 1_000, 1_000, 1_000, 4, 4_000));
        assertThat(tape.minutes().bar(1).start()).hasToString("09:02");
    }

    @Test
    void trades_at_the_closing_price_count_and_are_no_price_of_their_minute() {
        tape.addVolume(1_000, 7, 83_000);
        tape.addVolume(1_000, 3, 90_000);
        trade(1_020, 1, 90_001);

        assertThat(tape.minutes().bars())
                .containsExactly(
                        new Minutes.Bar(510, 0, 0, 0, 0, 7, 7_000),
                        new Minutes.Bar(540, 1_020, 1_020, 1_020, 1_020, 4, 4_020));
    }

    @Test
    void a_new_day_begins_without_bars() {
        trade(1_010, 5, 90_000);
        tape.roll();
        assertThat(tape.minutes().count()).isZero();
        trade(1_020, 5, 90_000);
        assertThat(tape.minutes().bars()).hasSize(1);
    }

    @Test
    void a_day_stores_one_bar_per_minute_and_drops_the_oldest_beyond_that() {
        for (int minute = 0; minute < Minutes.MAX_BARS + 10; minute++) {
            int ofDay = minute % Minutes.MAX_BARS;
            trade(1_000 + minute, 1, ofDay / 60 * 10_000 + ofDay % 60 * 100);
        }
        assertThat(tape.minutes().count()).isEqualTo(Minutes.MAX_BARS);
        assertThat(tape.minutes().bar(0).open()).isEqualTo(1_010);
        assertThat(tape.minutes().bar(Minutes.MAX_BARS - 1).close()).isEqualTo(1_000 + Minutes.MAX_BARS + 9);
    }

    @Property(tries = 300)
    void the_figures_of_a_day_are_the_sum_of_its_minutes(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 99_999) Integer> trades) {
        // One day a try: the instance is the same for all.
        Tape tape = new Tape(1_000, 1_000);
        int second = 8 * 3_600;
        for (int each : trades) {
            second += each % 70;
            int time = second / 3_600 * 10_000 + second / 60 % 60 * 100 + second % 60;
            long price = 900 + each / 70 % 200;
            if (each % 11 == 0) {
                tape.addVolume(price, 1 + each % 40, time);
            } else {
                tape.add(price, 1 + each % 40, Optional.of(Side.BUY), time);
            }
        }

        Tape.Figures day = tape.figures();
        List<Minutes.Bar> bars = tape.minutes().bars();
        List<Minutes.Bar> priced = bars.stream().filter(bar -> bar.open() > 0).toList();
        assertThat(bars).extracting(Minutes.Bar::minute).isSorted().doesNotHaveDuplicates();
        assertThat(bars.stream().mapToLong(Minutes.Bar::volume).sum()).isEqualTo(day.volume());
        assertThat(bars.stream().mapToLong(Minutes.Bar::turnover).sum()).isEqualTo(day.turnover());
        assertThat(priced.stream().mapToLong(Minutes.Bar::high).max().orElse(0)).isEqualTo(day.high());
        assertThat(priced.stream().mapToLong(Minutes.Bar::low).min().orElse(0)).isEqualTo(day.low());
        if (!priced.isEmpty()) {
            assertThat(priced.getFirst().open()).isEqualTo(day.open());
            assertThat(priced.getLast().close()).isEqualTo(day.last());
        }
    }

    private void trade(long price, long qty, int time) {
        tape.add(price, qty, Optional.of(Side.BUY), time);
    }
}
