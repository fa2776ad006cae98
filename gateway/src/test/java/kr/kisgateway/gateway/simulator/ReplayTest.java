package kr.kisgateway.gateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.TradingCalendar;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The position in a past day, and the prices that are due. */
class ReplayTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 25);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Bar minute(String time, long open, long high, long low, long close) {
        return Bar.of(
                LocalDateTime.of(DAY, LocalTime.parse(time)),
                TradingCalendar.SEOUL,
                open,
                high,
                low,
                close,
                10,
                OptionalLong.empty());
    }

    private static Replay of(Map<String, List<Bar>> minutes) {
        return new Replay(
                DAY, List.copyOf(minutes.keySet()), DayTape.of(minutes, Bar.midnight(DAY, TradingCalendar.SEOUL)));
    }

    /** Two minutes of one stock, the first rising and the second falling, and one of another. */
    private static Replay day() {
        var minutes = new LinkedHashMap<String, List<Bar>>();
        minutes.put("005930", List.of(minute("09:00", 100, 120, 90, 110), minute("09:01", 110, 115, 80, 85)));
        minutes.put("000660", List.of(minute("09:01", 500, 500, 500, 500)));
        return of(minutes);
    }

    @Test
    void a_rising_minute_is_low_first_and_a_falling_one_high_first() {
        var replay = day();
        var prices = new ArrayList<Long>();
        for (int quarter = 0; quarter < 8; quarter++) {
            prices.add(replay.advance(quarter == 0 ? Duration.ofMillis(1) : Duration.ofSeconds(15))
                    .getOrDefault("005930", -1L));
        }
        assertThat(prices).containsExactly(100L, 90L, 120L, 110L, 110L, 115L, 80L, 85L);
        assertThat(replay.answer().state()).isEqualTo("PLAYING");
        assertThat(replay.advance(Duration.ofSeconds(15))).isEmpty();
        assertThat(replay.answer().state()).isEqualTo("ENDED");
        assertThat(replay.answer().at()).isEqualTo("09:02:00");
    }

    @Test
    void a_paused_day_stands_and_the_speed_multiplies_the_time() {
        var replay = day();
        replay.setPlaying(false);
        assertThat(replay.advance(Duration.ofHours(1))).isEmpty();
        assertThat(replay.answer().at()).isEqualTo("09:00:00");
        replay.setSpeed(60);
        replay.setPlaying(true);
        assertThat(replay.advance(SECOND)).containsEntry("005930", 110L);
        assertThat(replay.answer().at()).isEqualTo("09:00:59");
    }

    @Test
    void a_jump_has_the_prices_of_its_moment_forwards_and_backwards_and_stays_within_the_day() {
        var replay = day();
        assertThat(replay.jump(LocalTime.of(9, 1, 20)))
                .containsEntry("005930", 115L)
                .containsEntry("000660", 500L);
        assertThat(replay.jump(LocalTime.of(9, 0, 31))).containsExactly(Map.entry("005930", 120L));
        assertThat(replay.jump(LocalTime.of(3, 0))).containsExactly(Map.entry("005930", 100L));
        assertThat(replay.jump(LocalTime.of(20, 0))).containsEntry("005930", 85L);
        assertThat(replay.answer().state()).isEqualTo("ENDED");
        replay.setPlaying(true);
        assertThat(replay.answer().at()).as("it begins again").isEqualTo("09:00:00");
        assertThat(replay.isPlaying()).isTrue();
    }

    @Test
    void a_pause_by_the_gateway_has_its_reason_until_it_goes_on() {
        var replay = day();
        replay.pauseFor("The simulator does not answer.");
        assertThat(replay.answer().state()).isEqualTo("PAUSED");
        assertThat(replay.answer().problem()).contains("The simulator does not answer.");
        replay.setPlaying(true);
        assertThat(replay.answer().problem()).isEmpty();
    }

    @Property(tries = 200)
    void at_any_speed_and_in_any_steps_each_stock_ends_at_its_last_close(@ForAll long seed) {
        var random = new Random(seed);
        var minutes = new LinkedHashMap<String, List<Bar>>();
        for (int stock = 0; stock < 3; stock++) {
            var bars = new ArrayList<Bar>();
            for (int minute = 0; minute < 30; minute++) {
                if (minute == 0 || random.nextInt(4) > 0) {
                    bars.add(minute(
                            "09:%02d".formatted(minute),
                            1_000 + random.nextInt(100),
                            1_100,
                            1_000,
                            1_000 + random.nextInt(100)));
                }
            }
            minutes.put("00000" + stock, bars);
        }
        var replay = of(minutes);
        replay.setSpeed(1 + random.nextInt(Replay.SPEED_MAX));
        var last = new LinkedHashMap<String, Long>();
        for (int step = 0; step < 100_000 && replay.isPlaying(); step++) {
            last.putAll(replay.advance(Duration.ofMillis(1 + random.nextInt(2_000))));
        }
        assertThat(replay.answer().state()).isEqualTo("ENDED");
        minutes.forEach((symbol, bars) ->
                assertThat(last).containsEntry(symbol, bars.getLast().close()));
    }
}
