package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KoreanHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** The activity of a watched stock. */
class ActivityTest {
    private static final Instruments LISTING = Instruments.load();
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final List<String> BUSY = List.of("005930", "000660", "035720", "247540");

    private final Map<String, Integer> trades = new HashMap<>();
    private long bought;
    private long sold;

    private final Exchange.Listener watchingListener = new Exchange.Listener() {
        @Override
        public void filled(Stock stock, long orderId, long price, long qty, Instant at) {}

        @Override
        public void traded(Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            trades.merge(stock.symbol().code(), 1, Integer::sum);
            aggressor.ifPresent(side -> {
                bought += side == Side.BUY ? 1 : 0;
                sold += side == Side.SELL ? 1 : 0;
            });
        }

        @Override
        public boolean isWatched(Stock stock) {
            return true;
        }

        @Override
        public void phaseChanged(Stock stock, Phase before, Phase after, Instant at) {}

        @Override
        public void stopTriggered(Stock stock, long orderId, Instant at) {}
    };

    @Test
    void with_real_turnover_a_watched_stock_trades_about_its_real_share_of_the_day() {
        Exchange exchange = exchange(MarketRules.defaults().withRealTurnover());
        KoreanTimetable krx = new KoreanTimetable(new KoreanHours(new KrxCalendar()), Venue.KRX, DAY.toEpochDay());
        watch(exchange, "10:00:00", BUSY);
        Map<String, Long> before = new HashMap<>();
        BUSY.forEach(
                code -> before.put(code, find(exchange, code).tape().figures().volume()));
        play(exchange, "10:00:00", "10:30:00");

        long share = 0;
        for (int minute = 600; minute < 630; minute++) {
            share += krx.share(krx.first() + minute);
        }
        for (String code : BUSY) {
            Stock stock = find(exchange, code);
            long traded = stock.tape().figures().volume() - before.getOrDefault(code, 0L);
            long real = stock.instrument().volume() * share / 1_000_000;
            assertThat(traded).as(code).isBetween(real * 85 / 100, real * 115 / 100);
            // However often they act, the price moves no further.
            Tape.Figures day = stock.tape().figures();
            assertThat(day.high() - day.low()).as(code).isLessThan(day.base() * 12 / 100);
        }
    }

    @Test
    void with_real_turnover_the_busiest_trade_tens_of_times_a_second_and_the_quietest_about_once_a_minute() {
        List<String> leastTradedCodes = LISTING.all().stream()
                .filter(stock -> stock.turnover() > 0 && stock.turnover() < 2_000_000 && stock.volume() > 390)
                .map(stock -> stock.symbol().code())
                .limit(5)
                .toList();
        Exchange exchange = exchange(MarketRules.defaults().withRealTurnover());
        watch(exchange, "13:00:00", BUSY);
        watch(exchange, "13:00:00", leastTradedCodes);
        play(exchange, "13:00:00", "13:10:00");

        assertThat(trades.getOrDefault("005930", 0)).isBetween(10 * 600, 60 * 600);
        assertThat(leastTradedCodes).isNotEmpty();
        for (String code : leastTradedCodes) {
            assertThat(trades.getOrDefault(code, 0)).as(code).isBetween(1, 30);
        }
    }

    @Test
    void by_default_every_watched_stock_trades_about_four_times_a_second() {
        Exchange exchange = exchange(MarketRules.defaults());
        List<String> codes = List.of("005930", "000020");
        watch(exchange, "13:00:00", codes);
        play(exchange, "13:00:00", "13:05:00");
        for (String code : codes) {
            assertThat(trades.getOrDefault(code, 0)).as(code).isBetween(3 * 300, 6 * 300);
        }
    }

    @Test
    void with_real_turnover_the_opening_auction_has_its_share_too() {
        Exchange exchange = exchange(MarketRules.defaults().withRealTurnover());
        watch(exchange, "08:40:00", BUSY);
        play(exchange, "08:40:00", "09:00:00");
        play(exchange, "09:00:00", "09:00:31");
        for (String code : BUSY) {
            Stock stock = find(exchange, code);
            long opening = stock.tape().minutes().bar(0).volume();
            assertThat(opening).as(code).isGreaterThan(stock.instrument().volume() * 30 / 1_000);
            assertThat(opening).as(code).isLessThan(stock.instrument().volume() * 60 / 1_000);
        }
    }

    @Test
    void trend_following_agents_buy_rising_stocks_and_sell_falling_ones() {
        assertThat(buyersIn(true)).isGreaterThan(55);
        assertThat(buyersIn(false)).isLessThan(45);
    }

    private long buyersIn(boolean rising) {
        bought = 0;
        sold = 0;
        Exchange exchange = exchange(MarketRules.defaults());
        watch(exchange, "13:00:00", List.of("005930"));
        Stock stock = find(exchange, "005930");
        long price = stock.stockBook.fairPrice();
        for (int second = 0; second < 300; second++) {
            price = second % 5 > 0 ? price : rising ? stock.stockBook.up(price) : stock.stockBook.down(price);
            stock.stockBook.setFairPrice(price);
            exchange.advance(exchange.now().plusSeconds(1), watchingListener);
        }
        return 100 * bought / (bought + sold);
    }

    private void watch(Exchange exchange, String time, List<String> codes) {
        exchange.advance(kst(time), watchingListener);
        codes.forEach(code -> exchange.wake(find(exchange, code), kst(time), watchingListener));
    }

    private void play(Exchange exchange, String from, String until) {
        for (Instant at = kst(from); !at.isAfter(kst(until)); at = at.plusSeconds(1)) {
            exchange.advance(at, watchingListener);
        }
    }

    private static Exchange exchange(MarketRules rules) {
        return new Exchange(LISTING::find, new KoreanHours(new KrxCalendar()), rules, DAY, kst("07:00:00"), 7, 4);
    }

    private static Stock find(Exchange exchange, String code) {
        return exchange.find(Symbol.parse(code).orElseThrow()).orElseThrow();
    }

    private static Instant kst(String time) {
        return DAY.atTime(LocalTime.parse(time)).atZone(TradingCalendar.SEOUL).toInstant();
    }
}
