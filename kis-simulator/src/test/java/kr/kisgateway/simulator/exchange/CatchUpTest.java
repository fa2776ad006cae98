package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.ContinuousHours;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KoreanHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Dormant stocks trade unattended, and the past is the same whenever it is requested. */
class CatchUpTest {
    private static final Instruments LISTING = Instruments.load();
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final VenueHours SESSIONS = new KoreanHours(new KrxCalendar());
    private static final VenueHours ALWAYS = new ContinuousHours(new OpenCalendar());
    private static final List<String> CODES =
            List.of("005930", "000660", "035720", "069500", "000040", "247540", "900110");

    private final Watchers watchers = new Watchers();

    // ---- the same past ---------------------------------------------------------------------------------------------

    @Property(tries = 40)
    void minutes_do_not_depend_on_when_they_are_requested(
            @ForAll @IntRange(max = 6) int which,
            @ForAll boolean nxt,
            @ForAll boolean timed,
            @ForAll long seed,
            @ForAll @Size(min = 1, max = 25) List<@IntRange(min = 1, max = 4_000) Integer> seconds) {
        Venue venue = nxt ? Venue.NXT : Venue.KRX;
        Exchange often = exchange(timed, seed, kst("07:59:30"));
        Exchange once = exchange(timed, seed, kst("07:59:30"));
        Instant at = kst("07:59:30");
        long volume = 0;
        List<Minutes.Bar> queried = List.of();
        for (int gap : seconds) {
            at = at.plusSeconds(gap);
            if (!at.isBefore(kst("23:59:00"))) {
                break;
            }
            often.advance(at, watchers);
            Optional<Stock> found = often.find(symbol(which), venue);
            if (found.isEmpty()) {
                return;
            }
            Stock stock = found.get();
            assertSound(stock);
            List<Minutes.Bar> bars = stock.tape().minutes().bars();
            int over = queried.isEmpty() ? 0 : queried.size() - 1;
            assertThat(bars.subList(0, over)).isEqualTo(queried.subList(0, over));
            assertThat(stock.tape().figures().volume()).isGreaterThanOrEqualTo(volume);
            volume = stock.tape().figures().volume();
            queried = bars;
        }
        once.advance(at, watchers);
        often.advance(at, watchers);
        assertThat(figures(once, which, venue)).isEqualTo(figures(often, which, venue));
        assertThat(bars(once, which, venue)).isEqualTo(bars(often, which, venue));
    }

    @Test
    void a_stock_queried_while_it_trades_has_only_the_published_trades() {
        Exchange exchange = exchange(false, 7, kst("10:00:00"));
        exchange.advance(kst("10:00:10"), watchers);
        Stock samsung = exchange.find(symbol(0)).orElseThrow();
        watchers.watched = Optional.of(samsung);
        exchange.wake(samsung, kst("10:00:10"), watchers);
        long before = samsung.tape().figures().volume() - watchers.traded;
        watchers.onTrade = () -> exchange.find(symbol(0));
        exchange.advance(kst("10:05:00"), watchers);

        assertThat(watchers.traded).isPositive();
        assertThat(samsung.tape().figures().volume()).isEqualTo(before + watchers.traded);
    }

    @Test
    void a_stock_first_requested_during_the_morning_has_already_traded_that_morning() {
        Exchange exchange = exchange(true, 7, kst("07:00:00"));
        exchange.advance(kst("10:30:20"), watchers);
        Stock samsung = exchange.find(symbol(0)).orElseThrow();
        Tape.Figures day = samsung.tape().figures();
        List<Minutes.Bar> bars = samsung.tape().minutes().bars();

        assertThat(bars).hasSize(90);
        assertThat(bars.getFirst().start()).hasToString("09:00");
        assertThat(bars.getLast().start()).hasToString("10:29");
        assertThat(day.openAt()).isBetween(90_000, 90_030);
        assertThat(day.high()).isGreaterThan(day.low());
        // The first ninety minutes of six and a half hours have more than their share.
        assertThat(day.volume())
                .isBetween(
                        samsung.instrument().volume() * 25 / 100,
                        samsung.instrument().volume() * 60 / 100);
    }

    @Test
    void a_full_day_has_about_the_real_volume_and_a_close() {
        Exchange exchange = exchange(true, 7, kst("07:00:00"));
        exchange.advance(kst("20:30:00"), watchers);
        long real = 0;
        long simulated = 0;
        long nxt = 0;
        for (Stock stock : exchange.findAll(LISTING.all().subList(0, 400))) {
            assertSound(stock);
            if (stock.venue() == Venue.KRX) {
                real += stock.instrument().volume();
                simulated += stock.tape().figures().volume();
                if (stock.instrument().volume() > 1_000) {
                    assertThat(stock.tape().closingPrice())
                            .as(stock.symbol().code())
                            .isPositive();
                    assertThat(stock.closePrice()).isEqualTo(stock.tape().closingPrice());
                }
            } else {
                nxt += stock.tape().figures().volume();
            }
        }
        assertThat(simulated).isBetween(real * 95 / 100, real * 105 / 100);
        assertThat(nxt).isBetween(real * 8 / 100, real * 30 / 100);
    }

    @Test
    void an_always_open_market_has_already_traded_its_day_at_the_first_second() {
        Exchange exchange = exchange(false, 7, kst("10:00:00"));
        exchange.advance(kst("10:00:01"), watchers);
        for (int which = 0; which < 4; which++) {
            Stock stock = exchange.find(symbol(which)).orElseThrow();
            assertSound(stock);
            assertThat(stock.tape().minutes().bars().getFirst().start()).hasToString("00:01");
            assertThat(stock.tape().minutes().bars().getLast().start()).hasToString("09:59");
            assertThat(stock.tape().figures().volume())
                    .isBetween(
                            stock.instrument().volume() * 40 / 100,
                            stock.instrument().volume() * 60 / 100);
        }
    }

    @Test
    void the_start_of_an_always_open_market_does_not_change_its_day() {
        Exchange early = exchange(false, 7, kst("00:05:00"));
        Exchange late = exchange(false, 7, kst("17:00:00"));
        early.advance(kst("17:00:00"), watchers);
        late.advance(kst("17:00:00"), watchers);
        for (int which = 0; which < CODES.size(); which++) {
            assertThat(figures(late, which, Venue.KRX)).isEqualTo(figures(early, which, Venue.KRX));
            assertThat(bars(late, which, Venue.KRX)).isEqualTo(bars(early, which, Venue.KRX));
        }
    }

    @Test
    void figures_alone_create_no_minutes_and_minutes_created_later_sum_to_them() {
        Exchange queried = exchange(false, 7, kst("00:05:00"));
        Exchange ranked = exchange(false, 7, kst("00:05:00"));
        for (int minute = 10; minute < 600; minute += 7) {
            Instant at = kst("00:00:00").plusSeconds(60L * minute);
            queried.advance(at, watchers);
            ranked.advance(at, watchers);
            for (int which = 0; which < CODES.size(); which++) {
                bars(queried, which, Venue.KRX);
                figures(ranked, which, Venue.KRX);
            }
        }
        for (int which = 0; which < CODES.size(); which++) {
            Stock stock = ranked.find(symbol(which)).orElseThrow();
            assertThat(stock.tape().deferred()).isNotNull();
            assertSound(stock);
            assertThat(bars(ranked, which, Venue.KRX)).isEqualTo(bars(queried, which, Venue.KRX));
        }
    }

    @Test
    void a_stock_that_becomes_watched_continues_from_its_morning_without_a_price_jump() {
        for (int which = 0; which < CODES.size(); which++) {
            Exchange exchange = new Exchange(
                    LISTING::find, ALWAYS, MarketRules.defaults().withRealTurnover(), DAY, kst("10:00:00"), 7, 4);
            exchange.advance(kst("10:00:10"), watchers);
            Stock stock = exchange.find(symbol(which)).orElseThrow();
            long morning = stock.tape().last();
            watchers.watched = Optional.of(stock);
            exchange.wake(stock, kst("10:00:10"), watchers);
            assertThat(stock.book().best(Side.BUY)).isBetween(ticks(stock, morning, -1), morning);
            for (int second = 11; second < 310; second++) {
                Instant at = kst("10:00:00").plusSeconds(second);
                exchange.advance(at, watchers);
                long away = Math.abs(stock.tape().last() - morning);
                assertThat(away)
                        .as(stock.symbol() + " after " + second + " s")
                        .isLessThanOrEqualTo(Math.max(3 * stock.tick(morning), morning * 15 / 1_000));
            }
        }
    }

    @Test
    void the_same_seed_has_the_same_day_and_another_has_another() {
        assertThat(digest(7)).isEqualTo(digest(7)).isNotEqualTo(digest(8));
    }

    // ---- the twin --------------------------------------------------------------------------------------------------

    @Test
    void the_stock_on_nxt_follows_the_price_of_krx() {
        Exchange exchange = exchange(true, 7, kst("07:00:00"));
        exchange.advance(kst("15:00:00"), watchers);
        Stock krx = exchange.find(symbol(0)).orElseThrow();
        Stock nxt = exchange.find(symbol(0), Venue.NXT).orElseThrow();

        assertThat(nxt.tape().last()).isEqualTo(krx.tape().last());
        assertThat(nxt.tape().minutes().bars().getFirst().start()).hasToString("08:00");
        assertThat(nxt.tape().minutes().bars())
                .extracting(bar -> bar.start().toString())
                .contains("08:49", "09:01")
                .doesNotContain("08:50", "09:00");
    }

    // ---- waking, sleeping ------------------------------------------------------------------------------------------

    private static long ticks(Stock stock, long price, int count) {
        long current = price;
        for (int i = 0; i < Math.abs(count); i++) {
            current = count > 0 ? stock.stockBook.up(current) : stock.stockBook.down(current);
        }
        return current;
    }

    @Property(tries = 30)
    void figures_stay_consistent_when_a_stock_is_activated_and_deactivated(
            @ForAll @IntRange(max = 6) int which,
            @ForAll long seed,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 2_000) Integer> seconds) {
        assertFiguresStayConsistent(which, seed, seconds);
    }

    @Test
    void figures_stay_consistent_over_an_interruption_and_an_auction_of_a_stock_with_ticks_of_one_won() {
        assertFiguresStayConsistent(
                4, 1_063_112_139_424_141_901L, List.of(507, 600, 949, 1_933, 875, 1_568, 1_176, 589, 347, 1_709, 129));
        assertFiguresStayConsistent(4, -5_101_616_753_490_014_435L, List.of(783, 103, 1_489, 44, 1_609, 390));
    }

    @Test
    void a_stock_that_became_dormant_during_an_interruption_is_quoted_at_its_last_price() {
        for (int seed = 0; seed < 20; seed++) {
            Exchange exchange = exchange(true, seed, kst("09:30:00"));
            Instant at = kst("09:30:00");
            exchange.advance(at, watchers);
            Stock stock = exchange.find(symbol(4)).orElseThrow();
            exchange.wake(stock, at, watchers);
            assertThat(exchange.interrupt(stock, stock.tape().last(), at, watchers))
                    .isTrue();
            long last = stock.tape().last();
            while (!stock.phase().isContinuous()) {
                at = at.plusSeconds(1);
                exchange.advance(at, watchers);
            }
            assertThat(stock.stockBook.isScheduled()).isFalse();
            assertThat(stock.tape().last()).isEqualTo(last);
            exchange.wake(stock, at, watchers);
            assertThat(stock.book().best(Side.BUY)).as("seed " + seed).isEqualTo(last);
        }
    }

    @Test
    void a_watched_stock_is_quoted_from_the_end_of_its_auction_on() {
        Exchange exchange = new Exchange(
                LISTING::find, SESSIONS, MarketRules.defaults().withRealTurnover(), DAY, kst("08:50:00"), 7, 4);
        // About one action a minute.
        Stock stock = exchange.find(symbol(6)).orElseThrow();
        watchers.watched = Optional.of(stock);
        Instant at = kst("08:50:00");
        while (!stock.phase().isContinuous()) {
            at = at.plusSeconds(1);
            exchange.advance(at, watchers);
        }
        assertThat(stock.tape().figures().volume()).isPositive();
        assertThat(stock.book().best(Side.BUY)).isPositive();
        assertThat(stock.book().best(Side.SELL)).isPositive();
    }

    private void assertFiguresStayConsistent(int which, long seed, List<Integer> seconds) {
        Exchange exchange = exchange(true, seed, kst("08:20:00"));
        Instant at = kst("08:20:00");
        long volume = 0;
        for (int gap : seconds) {
            for (int passed = 0; passed < gap; passed++) {
                at = at.plusSeconds(1);
                exchange.advance(at, watchers);
            }
            Stock stock = exchange.find(symbol(which)).orElseThrow();
            long last = stock.tape().last();
            assertThat(stock.tape().figures().volume()).isGreaterThanOrEqualTo(volume);
            exchange.wake(stock, at, watchers);
            assertThat(stock.tape().last()).as("waking alone moves no price").isEqualTo(last);
            if (stock.phase().isContinuous()) {
                // The agents' fair price may have moved since the last trade, by a few ticks.
                assertThat(stock.book().best(Side.BUY)).isBetween(ticks(stock, last, -6), ticks(stock, last, 5));
            }
            assertSound(stock);
            volume = stock.tape().figures().volume();
        }
    }

    @Test
    void a_stock_with_active_agents_is_never_caught_up() {
        Exchange exchange = exchange(true, 7, kst("09:10:00"));
        exchange.advance(kst("09:10:00"), watchers);
        Stock stock = exchange.find(symbol(0)).orElseThrow();
        int before = stock.tape().minutes().count();
        watchers.watched = Optional.of(stock);
        exchange.wake(stock, kst("09:10:00"), watchers);
        exchange.advance(kst("10:10:00"), watchers);
        exchange.find(symbol(0));

        // The clock stood still for an hour: of a stock that is played order by order only the last seconds are played.
        assertThat(stock.tape().minutes().count()).isBetween(before, before + 3);
    }

    @Test
    void a_halted_stock_does_not_trade_while_it_is_unwatched() {
        Exchange exchange = exchange(true, 7, kst("09:10:00"));
        exchange.advance(kst("10:00:00"), watchers);
        Stock stock = exchange.find(symbol(0)).orElseThrow();
        exchange.halt(stock, Instant.MAX, kst("10:00:00"), watchers);
        exchange.advance(kst("11:00:00"), watchers);
        Tape.Figures then = exchange.find(symbol(0)).orElseThrow().tape().figures();
        assertThat(then.volume()).isEqualTo(stock.tape().figures().volume());
        assertThat(stock.tape().minutes().bars().getLast().start()).hasToString("09:59");

        exchange.resume(stock, kst("11:00:00"), watchers);
        exchange.advance(kst("12:00:00"), watchers);
        exchange.find(symbol(0));
        List<String> minutes = stock.tape().minutes().bars().stream()
                .map(bar -> bar.start().toString())
                .toList();
        assertThat(minutes).contains("09:59", "11:59").doesNotContain("10:00", "10:30", "10:59", "11:05");
    }

    @Test
    void no_stock_trades_during_a_market_halt_whether_it_was_requested_before_or_not() {
        Exchange exchange = exchange(true, 7, kst("09:10:00"));
        exchange.advance(kst("10:00:00"), watchers);
        exchange.find(symbol(0));
        exchange.haltAll(kst("10:20:00"), kst("10:00:00"), watchers);
        exchange.advance(kst("10:10:00"), watchers);
        assertThat(minutes(exchange, 1)).contains("09:59").doesNotContain("10:00");
        exchange.advance(kst("11:00:00"), watchers);
        for (int which = 0; which < 4; which++) {
            assertThat(minutes(exchange, which))
                    .contains("09:59", "10:59")
                    .doesNotContain("10:00", "10:10", "10:19", "10:29");
        }
    }

    @Test
    void without_dormant_trading_an_unwatched_stock_does_not_trade() {
        Exchange exchange = new Exchange(
                LISTING::find, SESSIONS, MarketRules.defaults().withoutDormantTrading(), DAY, kst("07:00:00"), 7, 4);
        exchange.advance(kst("20:30:00"), watchers);
        assertThat(exchange.find(symbol(0)).orElseThrow().tape().figures().volume())
                .isZero();
    }

    // ---- days and restarts -----------------------------------------------------------------------------------------

    @Test
    void the_close_of_a_day_is_the_base_of_the_next() {
        Exchange exchange = exchange(true, 7, kst("07:00:00"));
        exchange.advance(kst("10:00:00"), watchers);
        Stock stock = exchange.find(symbol(0)).orElseThrow();
        exchange.advance(kst("23:59:00"), watchers);
        exchange.rollDay(DAY.plusDays(1), exchange.now());

        Exchange queried = exchange(true, 7, kst("07:00:00"));
        queried.advance(kst("21:00:00"), watchers);
        long close = queried.find(symbol(0)).orElseThrow().tape().closingPrice();
        assertThat(stock.tape().base()).isEqualTo(close);
        assertThat(stock.tape().minutes().count()).isZero();
        assertThat(stock.tape().figures().volume()).isZero();
    }

    @Test
    void an_auction_is_not_traded_again_after_a_restart_in_its_minute() {
        Exchange first = exchange(true, 7, kst("07:00:00"));
        Instant stop = kst("09:00:50");
        // The second time finds the auction in the figures already.
        for (Instant at : List.of(kst("09:00:40"), stop)) {
            first.advance(at, watchers);
            CODES.forEach(code -> first.find(Symbol.parse(code).orElseThrow()));
        }
        Exchange second = restarted(first, stop);

        second.advance(kst("09:00:55"), watchers);

        for (int i = 0; i < CODES.size(); i++) {
            Tape.Figures before = figures(first, i, Venue.KRX);
            assertThat(before.volume()).as(CODES.get(i)).isPositive();
            assertThat(figures(second, i, Venue.KRX).volume()).as(CODES.get(i)).isEqualTo(before.volume());
        }
    }

    @Property(tries = 30)
    void figures_from_the_file_continue_as_without_a_restart(
            @ForAll @IntRange(max = 6) int which,
            @ForAll boolean nxt,
            @ForAll @IntRange(min = 8 * 60, max = 19 * 60) int stopped,
            @ForAll @IntRange(min = 1, max = 300) int away) {
        Venue venue = nxt ? Venue.NXT : Venue.KRX;
        // In the minute of an auction the rest of it is lost.
        Instant stop = kst("00:00:00").plusSeconds(60L * stopped + 45);
        Instant end = stop.plusSeconds(60L * away);
        Exchange first = exchange(true, 7, kst("07:00:00"));
        first.advance(stop, watchers);
        Optional<Stock> found = first.find(symbol(which), venue);
        if (found.isEmpty() || List.of(9 * 60, 15 * 60 + 30, 15 * 60 + 40).contains(stopped)) {
            return;
        }
        Exchange second = restarted(first, end);
        second.advance(end, watchers);
        first.advance(end, watchers);
        if (venue == Venue.KRX) {
            assertThat(figures(second, which, venue)).isEqualTo(figures(first, which, venue));
        } else {
            // Its minutes before the restart are not in the file, so those after them differ: sums continue.
            assertThat(figures(second, which, venue).volume())
                    .isEqualTo(figures(first, which, venue).volume());
        }
    }

    // ---- helpers ---------------------------------------------------------------------------------------------------

    /** An exchange that starts at {@code at} with the figures of another. */
    private static Exchange restarted(Exchange before, Instant at) {
        Map<Symbol, Tape.Figures> krx = new HashMap<>();
        Map<Symbol, Tape.Figures> twins = new HashMap<>();
        before.all()
                .forEach(stock -> (stock.venue() == Venue.NXT ? twins : krx)
                        .put(stock.symbol(), stock.tape().figures()));
        return new Exchange(
                LISTING::find,
                SESSIONS,
                MarketRules.defaults(),
                DAY,
                at,
                7,
                4,
                krx,
                twins,
                Exchange.BasePrices.UNCHANGED);
    }

    private static void assertSound(Stock stock) {
        Tape.Figures day = stock.tape().figures();
        List<Minutes.Bar> bars = stock.tape().minutes().bars();
        assertThat(bars).extracting(Minutes.Bar::minute).isSorted().doesNotHaveDuplicates();
        assertThat(bars.stream().mapToLong(Minutes.Bar::volume).sum()).isEqualTo(day.volume());
        assertThat(bars.stream().mapToLong(Minutes.Bar::turnover).sum()).isEqualTo(day.turnover());
        assertThat(bars.stream().mapToLong(Minutes.Bar::high).max().orElse(0)).isEqualTo(day.high());
        assertThat(bars.stream().mapToLong(Minutes.Bar::low).min().orElse(0)).isEqualTo(day.low());
        for (Minutes.Bar bar : bars) {
            assertThat(bar.low()).isBetween(stock.lower(), bar.open()).isLessThanOrEqualTo(bar.close());
            assertThat(bar.high()).isBetween(bar.open(), stock.upper()).isGreaterThanOrEqualTo(bar.close());
            assertThat(bar.turnover()).isBetween(bar.low() * bar.volume(), bar.high() * bar.volume());
            for (long price : new long[] {bar.open(), bar.high(), bar.low(), bar.close()}) {
                assertThat(stock.isOnTick(price))
                        .as(price + " of " + stock.symbol())
                        .isTrue();
            }
        }
        if (!bars.isEmpty()) {
            assertThat(day.open()).isEqualTo(bars.getFirst().open());
            assertThat(day.last()).isEqualTo(bars.getLast().close());
        }
        assertThat(day.buyVolume() + day.sellVolume()).isLessThanOrEqualTo(day.volume());
    }

    private String digest(long seed) {
        Exchange exchange = exchange(true, seed, kst("07:00:00"));
        exchange.advance(kst("20:30:00"), watchers);
        List<String> all = new ArrayList<>();
        exchange.findAll(LISTING.all().subList(0, 50))
                .forEach(stock -> all.add(stock.tape().figures().toString()));
        return all.toString();
    }

    private static Tape.Figures figures(Exchange exchange, int which, Venue venue) {
        return exchange.find(symbol(which), venue).orElseThrow().tape().figures();
    }

    private static List<Minutes.Bar> bars(Exchange exchange, int which, Venue venue) {
        return exchange.find(symbol(which), venue)
                .orElseThrow()
                .tape()
                .minutes()
                .bars();
    }

    private static List<String> minutes(Exchange exchange, int which) {
        return bars(exchange, which, Venue.KRX).stream()
                .map(bar -> bar.start().toString())
                .toList();
    }

    private static Exchange exchange(boolean timed, long seed, Instant now) {
        return new Exchange(LISTING::find, timed ? SESSIONS : ALWAYS, MarketRules.defaults(), DAY, now, seed, 4);
    }

    private static Symbol symbol(int which) {
        return Symbol.parse(CODES.get(which)).orElseThrow();
    }

    private static Instant kst(String time) {
        return DAY.atTime(LocalTime.parse(time)).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static final class Watchers implements Exchange.Listener {
        private Optional<Stock> watched = Optional.empty();
        private Runnable onTrade = () -> {};
        private long traded;

        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {}

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            traded += qty;
            onTrade.run();
        }

        @Override
        public boolean isWatched(Stock stock) {
            return watched.filter(stock::equals).isPresent();
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {}

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {}
    }
}
