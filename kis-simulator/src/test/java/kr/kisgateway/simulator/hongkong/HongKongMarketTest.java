package kr.kisgateway.simulator.hongkong;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.exchange.ActiveMarket;
import kr.kisgateway.simulator.exchange.Minutes;
import org.junit.jupiter.api.Test;

/** A market that the simulator does not have runs on the shared exchange with its policy alone. */
class HongKongMarketTest {
    private static final String TENCENT = "0700";

    private final Watcher watcher = new Watcher();

    @Test
    void an_unattended_day_has_both_sessions_and_no_trade_at_lunch() {
        HongKongMarket market = market();
        market.advance(hkt("16:30"), watcher);
        List<Minutes.Bar> bars = market.find(TENCENT).tape().minutes().bars();

        assertThat(bars).hasSizeGreaterThan(300);
        assertThat(bars.getFirst().start()).isEqualTo(LocalTime.of(9, 30));
        assertThat(bars.getLast().start()).isEqualTo(LocalTime.of(15, 59));
        assertThat(bars).noneMatch(bar -> bar.minute() >= 12 * 60 && bar.minute() < 13 * 60);
    }

    @Test
    void the_past_is_the_same_whenever_it_is_requested() {
        HongKongMarket often = market();
        for (Instant at = hkt("09:00"); at.isBefore(hkt("16:30")); at = at.plusSeconds(437)) {
            often.advance(at, watcher);
            often.find(TENCENT).tape().minutes();
        }
        HongKongMarket once = market();
        often.advance(hkt("16:30"), watcher);
        once.advance(hkt("16:30"), watcher);

        assertThat(once.find(TENCENT).tape().figures())
                .isEqualTo(often.find(TENCENT).tape().figures());
        assertThat(once.find(TENCENT).tape().minutes().bars())
                .isEqualTo(often.find(TENCENT).tape().minutes().bars());
    }

    @Test
    void a_watched_stock_trades_order_by_order_until_lunch_and_again_after_it() {
        HongKongMarket market = market();
        market.advance(hkt("11:59"), watcher);
        HongKongMarket.Stock stock = market.find(TENCENT);
        watcher.watched = Optional.of(stock);
        market.wake(stock, hkt("11:59"), watcher);
        for (Instant at = hkt("11:59"); !at.isAfter(hkt("13:01")); at = at.plus(Duration.ofSeconds(1))) {
            market.advance(at, watcher);
        }

        assertThat(watcher.trades).anyMatch(at -> at.isBefore(hkt("12:00"))).anyMatch(at -> at.isAfter(hkt("13:00")));
        assertThat(watcher.trades).noneMatch(at -> !at.isBefore(hkt("12:00")) && at.isBefore(hkt("13:00")));
    }

    private static HongKongMarket market() {
        return new HongKongMarket(7, hkt("09:00"));
    }

    private static Instant hkt(String time) {
        return LocalDateTime.parse("2026-11-20T" + time)
                .atZone(HongKongMarket.CLOCK.zone())
                .toInstant();
    }

    private static final class Watcher implements ActiveMarket.Listener<HongKongMarket.Stock> {
        private final List<Instant> trades = new ArrayList<>();
        private Optional<HongKongMarket.Stock> watched = Optional.empty();

        @Override
        public void filled(HongKongMarket.Stock stock, long orderId, long price, long qty, Instant at) {
            throw new AssertionError("no user has orders");
        }

        @Override
        public void traded(HongKongMarket.Stock stock, long price, long qty, Optional<Side> aggressor, Instant at) {
            trades.add(at);
        }

        @Override
        public boolean isWatched(HongKongMarket.Stock stock) {
            return watched.filter(stock::equals).isPresent();
        }
    }
}
