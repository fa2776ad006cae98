package kr.kisgateway.simulator.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** The agents in a market that is not Korea's: ten-thousandths of a dollar, ticks of a cent, no limits of the day. */
class StockBookTest {
    private static final long DOLLAR = 10_000;
    private static final StockBook.Ticks CENTS = new StockBook.Ticks() {
        @Override
        public long tick(long price) {
            return price < DOLLAR ? 1 : 100;
        }

        @Override
        public long up(long price) {
            return price + tick(price);
        }

        @Override
        public long down(long price) {
            return price - tick(price - 1);
        }

        @Override
        public long snapDown(long price) {
            return price - price % tick(price);
        }
    };

    private final StockBook stockBook = new StockBook(CENTS, new Tape(200 * DOLLAR, 200 * DOLLAR), 20_000 * DOLLAR, 7);
    private int second;
    private final AgentActions actions = new AgentActions() {
        @Override
        public long take(long id, Side side, long limit, long qty) {
            return stockBook
                    .book()
                    .take(
                            side,
                            limit,
                            qty,
                            (maker, price, done) -> stockBook
                                    .tape()
                                    .add(
                                            price,
                                            done,
                                            Optional.of(side),
                                            second / 3_600 * 10_000 + second / 60 % 60 * 100 + second % 60));
        }

        @Override
        public void rest(long id, Side side, long price, long qty) {
            stockBook.book().rest(id, side, price, qty);
        }

        @Override
        public void restAtMarket(long id, Side side, long qty) {
            stockBook.book().restAtMarket(id, side, qty);
        }

        @Override
        public void cancel(long id) {
            stockBook.book().cancel(id);
        }
    };

    @Test
    void agents_trade_a_stock_of_another_currency_on_its_own_ticks() {
        stockBook.setFairPrice(200 * DOLLAR);
        for (second = 0; second < 7_200; second++) {
            Agents.act(stockBook, actions, true);
            assertThat(stockBook.book().collects()).isFalse();
        }

        assertThat(stockBook.tape().minutes().count()).isEqualTo(120);
        assertThat(stockBook.tape().minutes().bars()).allSatisfy(bar -> {
            assertThat(bar.high() % 100).isZero();
            assertThat(bar.low() % 100).isZero();
            assertThat(bar.low()).isBetween(190 * DOLLAR, 210 * DOLLAR);
        });
        assertThat(stockBook.tape().figures().high())
                .isGreaterThan(stockBook.tape().figures().low() + 100);
        assertThat(stockBook.levelShares(200 * DOLLAR)).isEqualTo(100);
    }

    @Test
    void a_stock_on_two_venues_has_one_fair_price() {
        StockBook twin = new StockBook(stockBook, new Tape(200 * DOLLAR, 200 * DOLLAR), 8);
        stockBook.setFairPrice(201 * DOLLAR);
        assertThat(twin.fairPrice()).isEqualTo(201 * DOLLAR);
        twin.setFairPrice(202 * DOLLAR);
        assertThat(stockBook.fairPrice()).isEqualTo(202 * DOLLAR);
    }

    @Test
    void actions_are_scheduled_at_the_requested_rate() {
        Instant start = Instant.parse("2026-11-20T14:30:00Z");
        Instant at = start;
        for (int i = 0; i < 1_000; i++) {
            stockBook.schedule(at, 4);
            assertThat(stockBook.isScheduled()).isTrue();
            assertThat(stockBook.next()).isAfter(at);
            at = stockBook.next();
        }
        assertThat(Duration.between(start, at)).isBetween(Duration.ofSeconds(240), Duration.ofSeconds(260));
    }
}
