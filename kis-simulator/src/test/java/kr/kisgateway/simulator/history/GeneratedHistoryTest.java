package kr.kisgateway.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.history.History.Period;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Tag("slow")
@Tag("slow")
class GeneratedHistoryTest {
    private static final Instruments LISTING = Instruments.load();
    private static final LocalDate FIRST_DAY = LocalDate.of(2026, 11, 20);
    private static final Sessions KRX = new KrxSessions(new KrxCalendar());

    @Provide
    Arbitrary<Instrument> instruments() {
        return Arbitraries.of(LISTING.all());
    }

    private static KoreanDailyHistory dailyHistory(long seed) {
        return new KoreanDailyHistory(seed, FIRST_DAY, false, () -> KRX);
    }

    private static History history(long seed, Instrument instrument) {
        return dailyHistory(seed).of(instrument, Set.of(Venue.KRX), instrument.close(), FIRST_DAY);
    }

    private static Instrument instrument(String code) {
        return LISTING.find(new Symbol(code)).orElseThrow();
    }

    // ---- days ----------------------------------------------------------------------------------------------------

    @Property(tries = 40)
    void every_day_begins_at_the_previous_close_within_its_price_limits_and_ticks(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(max = 1_000) int seed) {
        assertDaysAreContinuous(instrument, seed);
    }

    @Property(tries = 150)
    @Tag("long")
    void each_of_150_histories_is_continuous_within_its_price_limits_and_ticks(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(max = 1_000) int seed) {
        assertDaysAreContinuous(instrument, seed);
    }

    private static void assertDaysAreContinuous(Instrument instrument, int seed) {
        History days = history(seed, instrument);
        PriceGrid grid = new KrxGrid(instrument);
        for (int i = 0; i < days.size(); i++) {
            DailyBar bar = days.bar(i);
            if (i > 0) {
                assertThat(bar.base()).isEqualTo(days.bar(i - 1).close());
                assertThat(bar.date()).isAfter(days.bar(i - 1).date());
            }
            assertThat(bar.low()).isPositive().isLessThanOrEqualTo(Math.min(bar.open(), bar.close()));
            assertThat(bar.high()).isGreaterThanOrEqualTo(Math.max(bar.open(), bar.close()));
            assertThat(bar.high()).as("%s", bar).isLessThanOrEqualTo(grid.highest(bar.base(), bar.date()));
            assertThat(bar.low()).as("%s", bar).isGreaterThanOrEqualTo(grid.lowest(bar.base(), bar.date()));
            assertThat(Math.abs(bar.change()) * 1_000).isLessThanOrEqualTo(Math.max(300 * bar.base(), 5_000));
            assertThat(bar.turnover()).isBetween(bar.volume() * bar.low(), bar.volume() * bar.high());
            boolean last = i == days.size() - 1;
            for (long price : new long[] {bar.open(), last ? bar.open() : bar.close()}) {
                assertThat(grid.down(price, bar.date())).as("%s", bar).isEqualTo(price);
            }
        }
    }

    @Property(tries = 40)
    void a_generated_history_ends_at_the_first_base_price_and_begins_with_the_listing_or_twenty_years_ago(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(max = 1_000) int seed) {
        assertHistoryIsComplete(instrument, seed);
    }

    @Property(tries = 200)
    @Tag("long")
    void each_of_200_histories_ends_at_the_first_base_price_and_begins_with_the_listing_or_twenty_years_ago(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(max = 1_000) int seed) {
        assertHistoryIsComplete(instrument, seed);
    }

    private static void assertHistoryIsComplete(Instrument instrument, int seed) {
        History days = history(seed, instrument);

        assertThat(days.bar(days.size() - 1).close()).isEqualTo(instrument.close());
        assertThat(days.bar(days.size() - 1).date()).isEqualTo(LocalDate.of(2026, 11, 19));
        LocalDate first =
                instrument.listedOn().filter(FIRST_DAY.minusYears(20)::isBefore).orElse(FIRST_DAY.minusYears(20));
        assertThat(days.bar(0).date()).isBetween(first, first.plusDays(10));
        LocalDate day = days.bar(0).date();
        int count = 0;
        for (; day.isBefore(FIRST_DAY); day = day.plusDays(1)) {
            count += KRX.isTradingDay(day) ? 1 : 0;
        }
        assertThat(days.size()).isEqualTo(count);
    }

    @Property(tries = 20)
    void a_day_requested_alone_equals_the_same_day_in_a_series(
            @ForAll("instruments") Instrument instrument,
            @ForAll @IntRange(max = 1_000) int seed,
            @ForAll @IntRange(max = 7_300) int daysBack) {
        History inARow = history(seed, instrument);
        List<DailyBar> all =
                IntStream.range(0, inARow.size()).mapToObj(inARow::bar).toList();
        KoreanDailyHistory other = dailyHistory(seed);
        other.of(instrument, Set.of(Venue.KRX), instrument.close(), FIRST_DAY);
        // Others evict it from the cache; recently listed ones have short histories.
        LISTING.all().stream()
                .filter(each -> !each.equals(instrument))
                .sorted(Comparator.comparing(each -> each.listedOn().orElse(LocalDate.MIN), Comparator.reverseOrder()))
                .limit(GeneratedHistory.CACHE_SIZE)
                .forEach(each -> other.of(each, Set.of(Venue.KRX), each.close(), FIRST_DAY));
        LocalDate date = FIRST_DAY.minusDays(daysBack + 1);
        History alone = other.of(instrument, Set.of(Venue.KRX), instrument.close(), FIRST_DAY);
        int count = alone.upTo(date);

        assertThat(count).isEqualTo((int)
                all.stream().filter(bar -> !bar.date().isAfter(date)).count());
        if (count > 0) {
            assertThat(alone.bar(count - 1)).isEqualTo(all.get(count - 1));
        }
    }

    @Property(tries = 40)
    void the_last_year_alone_equals_the_last_year_of_the_series(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(max = 1_000) int seed) {
        History all = history(seed, instrument);
        History year = dailyHistory(seed).lastYear(instrument, Set.of(Venue.KRX), instrument.close(), FIRST_DAY);

        assertThat(year.size()).isEqualTo(Math.min(all.size(), GeneratedHistory.DAYS_OF_A_YEAR));
        for (int daysBack = 1; daysBack <= year.size(); daysBack++) {
            assertThat(year.bar(year.size() - daysBack)).isEqualTo(all.bar(all.size() - daysBack));
        }
        assertThat(all.size() == year.size() || year.bar(0).date().isBefore(FIRST_DAY.minusWeeks(53)))
                .isTrue();
    }

    @Test
    void another_seed_or_another_stock_has_a_different_history() {
        DailyBar bar = history(1, instrument("005930")).bar(4_000);

        assertThat(history(1, instrument("005930")).bar(4_000)).isEqualTo(bar);
        assertThat(history(2, instrument("005930")).bar(4_000)).isNotEqualTo(bar);
        assertThat(history(1, instrument("000660")).bar(4_000).close()).isNotEqualTo(bar.close());
    }

    @Test
    void prices_move_about_as_much_as_those_of_a_real_stock() {
        History days = history(7, instrument("005930"));
        double squares = 0;
        int higher = 0;
        for (int i = 0; i < days.size(); i++) {
            DailyBar bar = days.bar(i);
            double change = (double) bar.change() / bar.base();
            squares += change * change;
            higher += bar.change() > 0 ? 1 : 0;
        }

        assertThat(Math.sqrt(squares / days.size())).isBetween(0.012, 0.035);
        assertThat((double) higher / days.size()).isBetween(0.42, 0.58);
        assertThat(days.bar(0).close())
                .isBetween(
                        instrument("005930").close() / 20, instrument("005930").close() * 3);
    }

    // ---- weeks, months, years ------------------------------------------------------------------------------------

    @Property(tries = 40)
    void weeks_months_and_years_aggregate_their_days(
            @ForAll("instruments") Instrument instrument,
            @ForAll Period period,
            @ForAll @IntRange(max = 7_300) int daysBack) {
        History days = history(3, instrument);
        LocalDate until = FIRST_DAY.minusDays(daysBack + 1);

        List<DailyBar> bars = days.newest(period, LocalDate.MIN, until, List.of(), 100);

        for (int i = 0; i < bars.size(); i++) {
            DailyBar bar = bars.get(i);
            LocalDate end = switch (period) {
                case DAY -> bar.date();
                case WEEK -> bar.date().with(DayOfWeek.SUNDAY);
                case MONTH -> bar.date().withDayOfMonth(bar.date().lengthOfMonth());
                case YEAR -> LocalDate.of(bar.date().getYear(), 12, 31);
            };
            List<DailyBar> of = IntStream.range(days.upTo(bar.date().minusDays(1)), days.upTo(end))
                    .mapToObj(days::bar)
                    .toList();
            assertThat(bar.date()).isEqualTo(of.getFirst().date()).isBeforeOrEqualTo(until);
            assertThat(bar.open()).isEqualTo(of.getFirst().open());
            assertThat(bar.base()).isEqualTo(of.getFirst().base());
            assertThat(bar.close()).isEqualTo(of.getLast().close());
            assertThat(bar.high())
                    .isEqualTo(of.stream().mapToLong(DailyBar::high).max().orElseThrow());
            assertThat(bar.low())
                    .isEqualTo(of.stream().mapToLong(DailyBar::low).min().orElseThrow());
            assertThat(bar.volume())
                    .isEqualTo(of.stream().mapToLong(DailyBar::volume).sum());
            assertThat(bar.turnover())
                    .isEqualTo(of.stream().mapToLong(DailyBar::turnover).sum());
            if (i > 0) {
                assertThat(bars.get(i - 1).base()).isEqualTo(bar.close());
            }
        }
    }

    // ---- minutes -------------------------------------------------------------------------------------------------

    @Property(tries = 80)
    void minutes_sum_to_their_day(
            @ForAll("instruments") Instrument instrument,
            @ForAll @IntRange(max = 1_000) int seed,
            @ForAll @IntRange(min = 1, max = 250) int daysBack) {
        assertMinutesSumToTheirDay(instrument, seed, daysBack);
    }

    @Property(tries = 400)
    @Tag("long")
    void the_minutes_of_400_days_sum_to_them(
            @ForAll("instruments") Instrument instrument,
            @ForAll @IntRange(max = 1_000) int seed,
            @ForAll @IntRange(min = 1, max = 250) int daysBack) {
        assertMinutesSumToTheirDay(instrument, seed, daysBack);
    }

    private static void assertMinutesSumToTheirDay(Instrument instrument, int seed, int daysBack) {
        History days = history(seed, instrument);
        if (days.size() < daysBack) {
            return;
        }
        DailyBar day = days.bar(days.size() - daysBack);

        assertSumsTo(day, days.minutes(day), new KrxGrid(instrument), daysBack == 1);
    }

    @Property(tries = 400)
    void minutes_sum_to_any_possible_day(
            @ForAll @IntRange(min = 1, max = 5_000) int volume,
            @ForAll @IntRange(max = 60) int down,
            @ForAll @IntRange(max = 60) int up,
            @ForAll @IntRange(max = 1_000) int part) {
        PriceGrid grid = new KrxGrid(instrument("005930"));
        long low = 60_000 - 100L * down;
        long high = 60_000 + 100L * up;
        long turnover = volume * low + Math.floorDiv(volume * (high - low) * part, 1_000L);
        DailyBar day = new DailyBar(LocalDate.of(2026, 3, 4), 60_000, 60_000, high, low, low, volume, turnover);

        assertSumsTo(day, MinutePath.of(5, "005930", day, KRX.minutes(day.date()), grid), grid, false);
    }

    private static void assertSumsTo(DailyBar day, List<Minutes.Bar> minutes, PriceGrid grid, boolean offTick) {
        assertThat(minutes).isNotEmpty();
        assertThat(minutes.getFirst().open()).isEqualTo(day.open());
        assertThat(minutes.getLast().close()).isEqualTo(day.close());
        assertThat(minutes.stream().mapToLong(Minutes.Bar::high).max()).hasValue(day.high());
        assertThat(minutes.stream().mapToLong(Minutes.Bar::low).min()).hasValue(day.low());
        assertThat(minutes.stream().mapToLong(Minutes.Bar::volume).sum()).isEqualTo(day.volume());
        assertThat(minutes.stream().mapToLong(Minutes.Bar::turnover).sum()).isEqualTo(day.turnover());
        List<Integer> times = new ArrayList<>();
        for (Minutes.Bar bar : minutes) {
            times.add(bar.minute());
            assertThat(bar.volume()).isPositive();
            assertThat(bar.low()).isLessThanOrEqualTo(Math.min(bar.open(), bar.close()));
            assertThat(bar.high()).isGreaterThanOrEqualTo(Math.max(bar.open(), bar.close()));
            assertThat(bar.turnover()).isBetween(bar.volume() * bar.low(), bar.volume() * bar.high());
            if (!offTick) {
                assertThat(grid.down(bar.close(), day.date())).isEqualTo(bar.close());
                assertThat(grid.down(bar.open(), day.date())).isEqualTo(bar.open());
            }
        }
        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(KRX.minutes(day.date()))
                .contains(times.stream().mapToInt(Integer::intValue).toArray());
    }

    @Property(tries = 40)
    void minutes_are_read_as_they_were_written(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(min = 1, max = 250) int daysBack) {
        assertMinutesAreReadAsTheyWereWritten(instrument, daysBack);
    }

    @Property(tries = 200)
    @Tag("long")
    void the_minutes_of_200_days_are_read_as_they_were_written(
            @ForAll("instruments") Instrument instrument, @ForAll @IntRange(min = 1, max = 250) int daysBack) {
        assertMinutesAreReadAsTheyWereWritten(instrument, daysBack);
    }

    private static void assertMinutesAreReadAsTheyWereWritten(Instrument instrument, int daysBack) {
        History days = history(11, instrument);
        List<Minutes.Bar> minutes = days.size() < daysBack ? List.of() : days.minutes(days.bar(days.size() - daysBack));
        List<Minutes.Bar> odd = List.of(
                new Minutes.Bar(1_439, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, 1, 7, 1, 7),
                new Minutes.Bar(0, 0, 0, 0, 0, 9, 90));

        assertThat(MinuteCodec.unpack(MinuteCodec.pack(minutes))).isEqualTo(minutes);
        assertThat(MinuteCodec.unpack(MinuteCodec.pack(odd))).isEqualTo(odd);
        assertThat(MinuteCodec.pack(minutes).length).isLessThanOrEqualTo(24 * minutes.size());
    }

    @Test
    void a_typical_day_of_a_large_stock_trades_in_every_minute_with_peaks_at_both_ends() {
        History days = history(7, instrument("005930"));
        DailyBar day = days.bar(days.size() - 20);

        List<Minutes.Bar> minutes = days.minutes(day);

        assertThat(minutes).hasSize(381);
        assertThat(minutes.getFirst().minute()).isEqualTo(540);
        assertThat(minutes.getLast().minute()).isEqualTo(930);
        assertThat(volume(minutes.subList(0, 60))).isGreaterThan(volume(minutes.subList(160, 220)));
        assertThat(minutes.stream().map(Minutes.Bar::close).distinct().count()).isGreaterThan(5);
    }

    private static long volume(List<Minutes.Bar> minutes) {
        return minutes.stream().mapToLong(Minutes.Bar::volume).sum();
    }

    @Test
    void a_day_that_opened_at_ten_has_no_earlier_minutes() {
        History days = history(7, instrument("005930"));
        DailyBar exam = days.bar(days.upTo(LocalDate.of(2026, 11, 19)) - 1);

        assertThat(exam.date()).isEqualTo(LocalDate.of(2026, 11, 19));
        assertThat(days.minutes(exam).getFirst().minute()).isEqualTo(600);
        assertThat(days.minutes(exam).getLast().minute()).isEqualTo(990);
    }

    // ---- recorded days -------------------------------------------------------------------------------------------

    @Test
    void recorded_days_follow_the_generated_ones_with_days_without_trades_between() {
        KoreanDailyHistory dailyHistory = dailyHistory(7);
        Instrument samsung = instrument("005930");
        History before = dailyHistory.of(samsung, Set.of(Venue.KRX), samsung.close(), FIRST_DAY);
        DailyBar friday =
                new DailyBar(FIRST_DAY, samsung.close(), 200_000, 201_000, 199_000, 200_500, 900, 180_000_000);
        LocalDate saturday = FIRST_DAY.plusDays(1);
        DailyBar onSaturday = new DailyBar(saturday, 200_500, 200_000, 201_500, 199_500, 201_000, 90, 18_000_000);
        dailyHistory.add(samsung.symbol(), Venue.KRX.name(), friday);
        dailyHistory.add(samsung.symbol(), Venue.KRX.name(), onSaturday);

        History after = dailyHistory.of(samsung, Set.of(Venue.KRX), 201_000, FIRST_DAY.plusDays(4));

        assertThat(after.size()).isEqualTo(before.size() + 3);
        assertThat(after.bar(before.size() - 1)).isEqualTo(before.bar(before.size() - 1));
        assertThat(after.bar(before.size())).isEqualTo(friday);
        assertThat(after.bar(before.size() + 1)).isEqualTo(onSaturday);
        assertThat(after.bar(before.size() + 2)).isEqualTo(DailyBar.withoutTrades(LocalDate.of(2026, 11, 23), 201_000));
        assertThat(dailyHistory.wasTradingDay(saturday)).isTrue();
        assertThat(dailyHistory.wasTradingDay(FIRST_DAY.minusDays(6))).isFalse();
    }

    // ---- other markets -------------------------------------------------------------------------------------------

    @Test
    void a_stock_in_dollars_has_a_generated_history_on_new_york_trading_days() {
        NyseDays nyse = NyseDays.load();
        Sessions newYork = new Sessions() {
            @Override
            public boolean isTradingDay(LocalDate date) {
                return nyse.isTradingDay(date);
            }

            @Override
            public int[] minutes(LocalDate date) {
                return IntStream.range(570, 960).toArray();
            }
        };
        PriceGrid cents = new PriceGrid() {
            @Override
            public long down(long price, LocalDate date) {
                return price < 10_000 ? Math.max(1, price) : price / 100 * 100;
            }

            @Override
            public long next(long price, LocalDate date) {
                return price < 10_000 ? price + 1 : price / 100 * 100 + 100;
            }
        };
        HistoryProduct apple = new HistoryProduct("NAS AAPL", 2_475_300, Optional.empty(), 50_000_000, 0.018, cents);

        DailyBars days = new GeneratedHistory(7, newYork, FIRST_DAY, 20).of(apple);

        assertThat(days.bar(days.size() - 1).close()).isEqualTo(2_475_300);
        assertThat(days.size()).isGreaterThan(5_000);
        for (int i = 1; i < days.size(); i++) {
            assertThat(nyse.isTradingDay(days.bar(i).date())).isTrue();
            assertThat(days.bar(i).close() % 100).isZero();
        }
        DailyBar day = days.bar(5_000);
        List<Minutes.Bar> minutes = MinutePath.of(7, apple.key(), day, newYork.minutes(day.date()), cents);
        assertThat(minutes).hasSize(390);
        assertThat(minutes.stream().mapToLong(Minutes.Bar::turnover).sum()).isEqualTo(day.turnover());
    }

    @Test
    void prices_follow_the_tick_table_of_their_day_also_where_it_changed() {
        // Cheap ETFs have had ticks of one won since December 2023 and had five before.
        Instrument inverse = LISTING.all().stream()
                .filter(each -> each.product() == Product.ETF && each.close() < 2_000)
                .findFirst()
                .orElseThrow();
        for (int seed = 0; seed < 20; seed++) {
            assertTicks(history(seed, inverse), inverse);
            assertTicks(history(seed, instrument("005930")), instrument("005930"));
        }
    }

    private static void assertTicks(History days, Instrument instrument) {
        for (int i = days.upTo(LocalDate.of(2023, 1, 24)); i < days.size(); i++) {
            DailyBar bar = days.bar(i);
            assertThat(PriceRules.isOnTick(instrument.product(), bar.high(), bar.date()))
                    .as("%s", bar)
                    .isTrue();
            assertThat(PriceRules.isOnTick(instrument.product(), bar.low(), bar.date()))
                    .as("%s", bar)
                    .isTrue();
        }
    }
}
