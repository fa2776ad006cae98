package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.ContinuousHours;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final Instruments LISTING = Instruments.load();
    private static final Instant NOW = Instant.parse("2026-03-10T01:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 3, 10);
    private static final Exchange.Listener NO_WATCHERS = new Exchange.Listener() {
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
    };

    private final Exchange exchange = new Exchange(
            LISTING::find, new ContinuousHours(new OpenCalendar()), MarketRules.defaults(), DAY, NOW, 7, 0.001);
    private final Stock stock = live("005930");

    @Test
    void many_small_buys_do_not_lift_the_market() {
        long before = stock.book().best(Side.SELL);
        for (int order = 1; order <= 300; order++) {
            assertThat(buy(order, stock.upper(), 1)).isZero();
            Agents.quote(stock.stockBook, exchange.agentActions(stock, NOW, NO_WATCHERS));
        }
        assertThat(stock.book().best(Side.SELL)).isEqualTo(before);
    }

    @Test
    void a_buy_that_walks_through_a_level_moves_the_market_there() {
        long best = stock.book().best(Side.SELL);
        long three = stock.book().available(Side.BUY, stock.stockBook.up(stock.stockBook.up(best)), Long.MAX_VALUE);
        assertThat(buy(1, stock.upper(), three)).isZero();
        Agents.quote(stock.stockBook, exchange.agentActions(stock, NOW, NO_WATCHERS));
        assertThat(stock.book().best(Side.SELL)).isEqualTo(stock.stockBook.up(stock.stockBook.up(best)));
    }

    @Test
    void a_sale_that_walks_through_a_level_moves_the_market_there() {
        long best = stock.book().best(Side.BUY);
        long two = stock.book().available(Side.SELL, stock.stockBook.down(best), Long.MAX_VALUE);
        assertThat(exchange.matching().take(stock, 1, Side.SELL, stock.lower(), two, NOW, NO_WATCHERS))
                .isZero();
        Agents.quote(stock.stockBook, exchange.agentActions(stock, NOW, NO_WATCHERS));
        assertThat(stock.book().best(Side.BUY)).isEqualTo(stock.stockBook.down(best));
    }

    private long buy(long id, long limit, long qty) {
        return exchange.matching().take(stock, id, Side.BUY, limit, qty, NOW, NO_WATCHERS);
    }

    private Stock live(String code) {
        var found = exchange.find(Symbol.parse(code).orElseThrow()).orElseThrow();
        exchange.wake(found, NOW, NO_WATCHERS);
        return found;
    }
}
