package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.ContinuousHours;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulator's days, compared with those that the exchange itself published for 2024-01-04 and 05. */
class RealDaysTest {
    private static final Instruments LISTING = Instruments.load();
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    /** A stock's day in percent of the close before. */
    private record Day(double range, double change) {}

    private final Exchange exchange = new Exchange(
            LISTING::find,
            new ContinuousHours(new OpenCalendar()),
            MarketRules.defaults().withRealTurnover(),
            DAY,
            kst("23:59:00"),
            7,
            4);

    /**
     * Of all shares and funds that traded on those two days: (high - low) and |close - base| in percent of the base, at the
     * quantiles 0.10, 0.25, 0.50, 0.75 and 0.90.
     */
    @ParameterizedTest
    @CsvSource({
        "KOSPI,  STOCK, 1.10, 1.57, 2.30, 3.58, 5.65, 0.87, 3.13",
        "KOSDAQ, STOCK, 1.35, 2.05, 3.20, 5.10, 8.02, 1.14, 4.45",
        "KOSPI,  ETF,   0.11, 0.40, 0.83, 1.44, 2.36, 0.54, 1.68"
    })
    void daily_ranges_and_changes_have_the_distribution_of_real_days(
            Board market,
            Product product,
            double tenth,
            double quarter,
            double median,
            double threeQuarters,
            double ninth,
            double change,
            double largeChange) {
        List<Day> days = simulated(each -> each.board() == market && each.product() == product && each.volume() > 0);
        assertThat(days).hasSizeGreaterThan(700);
        assertThat(quantile(days, Day::range, 0.1)).as("tenth").isBetween(tenth * 0.7, tenth * 1.3 + 0.15);
        assertThat(quantile(days, Day::range, 0.25)).as("quarter").isBetween(quarter * 0.75, quarter * 1.25);
        assertThat(quantile(days, Day::range, 0.5)).as("median").isBetween(median * 0.8, median * 1.2);
        assertThat(quantile(days, Day::range, 0.75))
                .as("three quarters")
                .isBetween(threeQuarters * 0.8, threeQuarters * 1.2);
        assertThat(quantile(days, Day::range, 0.9)).as("nine tenths").isBetween(ninth * 0.75, ninth * 1.25);
        assertThat(quantile(days, Day::change, 0.5)).as("change").isBetween(change * 0.7, change * 1.4);
        assertThat(quantile(days, Day::change, 0.9)).as("large change").isBetween(largeChange * 0.7, largeChange * 1.4);
    }

    @Test
    void a_minute_of_four_per_cent_is_rare_in_a_large_stock() {
        exchange.advance(kst("23:59:00"), new NoWatchers());
        List<Instrument> large = LISTING.all().stream()
                .filter(each -> each.board() == Board.KOSPI && each.product() == Product.STOCK)
                .sorted((a, b) -> Long.compare(b.close() * b.listedShares(), a.close() * a.listedShares()))
                .limit(100)
                .toList();
        long minutes = 0;
        long wide = 0;
        long four = 0;
        for (Instrument each : large) {
            for (Minutes.Bar bar :
                    exchange.find(each.symbol()).orElseThrow().tape().minutes().bars()) {
                double range = 100.0 * (bar.high() - bar.low()) / bar.low();
                minutes++;
                wide += range >= 1 ? 1 : 0;
                four += range >= 4 ? 1 : 0;
            }
        }
        assertThat(minutes).isGreaterThan(100_000);
        assertThat(four).isLessThanOrEqualTo(minutes / 50_000);
        assertThat(wide).isLessThan(minutes / 200);
    }

    @Test
    void an_always_open_day_has_the_real_volume_and_its_share_at_each_hour() {
        double before = 0;
        for (String hour : List.of("00:05:00", "03:00:00", "09:00:00", "15:00:00", "23:59:00")) {
            Exchange then = new Exchange(
                    LISTING::find,
                    new ContinuousHours(new OpenCalendar()),
                    MarketRules.defaults().withRealTurnover(),
                    DAY,
                    kst(hour),
                    7,
                    4);
            then.advance(kst(hour), new NoWatchers());
            long real = 0;
            long simulated = 0;
            for (Instrument each : LISTING.all().subList(0, 500)) {
                real += each.volume();
                simulated +=
                        then.find(each.symbol()).orElseThrow().tape().figures().volume();
            }
            double part = (double) simulated / real;
            assertThat(part).as(hour).isGreaterThan(before + 0.02);
            before = part;
        }
        assertThat(before).isBetween(0.95, 1.05);
    }

    private List<Day> simulated(Predicate<Instrument> filter) {
        exchange.advance(kst("23:59:00"), new NoWatchers());
        List<Day> days = new ArrayList<>();
        for (Instrument each : LISTING.all()) {
            if (filter.test(each)) {
                Tape.Figures day =
                        exchange.find(each.symbol()).orElseThrow().tape().figures();
                if (day.volume() > 0) {
                    days.add(new Day(
                            100.0 * (day.high() - day.low()) / day.base(),
                            Math.abs(100.0 * (day.last() - day.base()) / day.base())));
                }
            }
        }
        return days;
    }

    private static double quantile(List<Day> days, ToDoubleFunction<Day> of, double part) {
        double[] sorted = days.stream().mapToDouble(of).sorted().toArray();
        return sorted[(int) (part * (sorted.length - 1))];
    }

    private static Instant kst(String time) {
        return DAY.atTime(LocalTime.parse(time)).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static final class NoWatchers implements Exchange.Listener {
        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {}

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {}

        @Override
        public boolean isWatched(Stock stock) {
            return false;
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {}

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {}
    }
}
