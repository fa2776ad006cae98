package kr.kisgateway.gateway.profit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import kr.kisgateway.gateway.profit.ProfitLedger.Grouping;
import kr.kisgateway.gateway.profit.ProfitLedger.RowKey;
import kr.kisgateway.gateway.profit.ProfitLedger.Sums;
import kr.kisgateway.gateway.profit.ProfitLedger.Trade;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProfitLedgerTest {
    private static final MarketSymbol SAMSUNG = new Symbol("005930");
    private static final MarketSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private static Trade buy(LocalDate day, String strategy, long qty, long amount, long commission) {
        return new Trade(day, SAMSUNG, label(strategy), Side.BUY, qty, amount, commission, OptionalLong.of(0));
    }

    private static Trade sell(LocalDate day, String strategy, long qty, long amount, long commission, long tax) {
        return new Trade(day, SAMSUNG, label(strategy), Side.SELL, qty, amount, commission, OptionalLong.of(tax));
    }

    private static Optional<String> label(String strategy) {
        return Optional.of(strategy).filter(it -> !it.isEmpty());
    }

    private static ProfitLedger ledger(LotMethod method, Grouping grouping) {
        return new ProfitLedger(method, grouping, Optional.empty());
    }

    private static Sums only(ProfitLedger ledger) {
        assertThat(ledger.rows()).hasSize(1);
        return ledger.rows().values().iterator().next();
    }

    @Test
    void fifo_sells_the_shares_bought_first_and_average_some_of_all() {
        for (var method : LotMethod.values()) {
            var ledger = ledger(method, Grouping.SYMBOL);
            ledger.add(buy(DAY, "", 10, 1_000_000, 140));
            ledger.add(buy(DAY, "", 10, 1_200_000, 168));
            ledger.add(sell(DAY, "", 15, 1_800_000, 252, 3_600));
            Sums sums = only(ledger);
            boolean fifo = method == LotMethod.FIFO;
            assertThat(sums.cost()).isEqualTo(fifo ? 1_000_000 + 600_000 : 1_650_000);
            assertThat(sums.gross()).isEqualTo(fifo ? 200_000 : 150_000);
            assertThat(sums.commission()).isEqualTo(252 + (fifo ? 140 + 84 : 231));
            assertThat(sums.net()).isEqualTo(sums.gross() - sums.commission() - 3_600);
            assertThat(ledger.held().get(SAMSUNG)).isEqualTo(new Lots.Lot(5, fifo ? 600_000 : 550_000, fifo ? 84 : 77));
        }
    }

    @Test
    void shares_without_a_known_purchase_are_no_profit() {
        var ledger = ledger(LotMethod.FIFO, Grouping.DAY);
        ledger.add(buy(DAY, "", 4, 400, 4));
        ledger.add(sell(DAY, "", 10, 2_000, 20, 30));
        Sums sums = only(ledger);
        assertThat(sums.uncoveredQty()).isEqualTo(6);
        assertThat(sums.uncoveredAmount()).isEqualTo(1_200);
        assertThat(sums.gross()).isEqualTo(800 - 400);
        assertThat(sums.commission()).isEqualTo(8 + 4);
        assertThat(sums.tax()).isEqualTo(12);
        assertThat(ledger.held()).isEmpty();
    }

    @Test
    void a_purchase_before_the_period_is_matched_and_not_counted() {
        var ledger = new ProfitLedger(LotMethod.FIFO, Grouping.DAY, Optional.of(DAY));
        ledger.add(buy(DAY.minusDays(30), "", 10, 1_000, 10));
        ledger.add(sell(DAY.minusDays(1), "", 5, 900, 9, 1));
        ledger.add(sell(DAY, "", 5, 700, 7, 1));
        Sums sums = only(ledger);
        assertThat(sums.boughtQty()).isZero();
        assertThat(sums.soldQty()).isEqualTo(5);
        assertThat(sums.gross()).isEqualTo(200);
        assertThat(ledger.firstDay()).contains(DAY.minusDays(30));
    }

    @Test
    void a_strategy_sells_its_own_shares_where_rows_are_about_strategies() {
        var byStrategy = ledger(LotMethod.FIFO, Grouping.STRATEGY);
        var bySymbol = ledger(LotMethod.FIFO, Grouping.SYMBOL);
        for (var ledger : new ProfitLedger[] {byStrategy, bySymbol}) {
            ledger.add(buy(DAY, "a", 10, 1_000, 0));
            ledger.add(buy(DAY, "b", 10, 2_000, 0));
            ledger.add(sell(DAY, "b", 10, 2_500, 0, 0));
        }
        assertThat(byStrategy.rows().get(new RowKey(Currency.KRW, "b")).gross()).isEqualTo(500);
        assertThat(only(bySymbol).gross()).isEqualTo(1_500);
    }

    @Test
    void currencies_are_never_added_and_an_unknown_tax_is_reported() {
        var ledger = ledger(LotMethod.FIFO, Grouping.DAY);
        ledger.add(buy(DAY, "", 1, 100, 0));
        ledger.add(new Trade(DAY, APPLE, Optional.empty(), Side.BUY, 1, 1_000, 3, OptionalLong.of(0)));
        ledger.add(new Trade(DAY, APPLE, Optional.empty(), Side.SELL, 1, 1_500, 4, OptionalLong.empty()));
        assertThat(ledger.rows().keySet()).extracting(RowKey::currency).containsExactly(Currency.KRW, Currency.USD);
        Sums dollars = ledger.rows().get(new RowKey(Currency.USD, DAY.toString()));
        assertThat(dollars.hasTax()).isFalse();
        assertThat(dollars.net()).isEqualTo(500 - 7);
        assertThat(ledger.rows().get(new RowKey(Currency.KRW, DAY.toString())).hasTax())
                .isTrue();
    }

    /** Every won and share of random trades is in the rows or still held, and FIFO equals a book that knows each share. */
    @Property(tries = 300)
    void nothing_is_lost_and_fifo_equals_a_book_of_single_shares(@ForAll long seed) {
        var random = new Random(seed);
        for (var method : LotMethod.values()) {
            var ledger = ledger(method, Grouping.SYMBOL);
            Deque<Long> shares = new ArrayDeque<>();
            long paid = 0;
            long commissions = 0;
            long costOfShares = 0;
            long bought = 0;
            long covered = 0;
            for (int i = 0; i < 60; i++) {
                long qty = 1 + random.nextInt(20);
                long price = 1 + random.nextInt(1_000);
                long commission = random.nextInt(50);
                if (random.nextInt(5) < 3) {
                    ledger.add(buy(DAY, "", qty, qty * price, commission));
                    paid += qty * price;
                    commissions += commission;
                    bought += qty;
                    for (int share = 0; share < qty; share++) {
                        shares.add(price);
                    }
                } else {
                    ledger.add(sell(DAY, "", qty, qty * price, 0, 0));
                    for (int share = 0; share < qty && !shares.isEmpty(); share++) {
                        costOfShares += shares.remove();
                        covered++;
                    }
                }
            }
            Map<RowKey, Sums> rows = new HashMap<>(ledger.rows());
            Sums sums = rows.values().stream().reduce(Sums.NONE, Sums::plus);
            Lots.Lot held = ledger.held().getOrDefault(SAMSUNG, Lots.Lot.NONE);
            assertThat(sums.boughtQty()).isEqualTo(bought);
            assertThat(sums.soldQty() - sums.uncoveredQty()).isEqualTo(covered);
            assertThat(held.qty()).isEqualTo(shares.size());
            assertThat(sums.cost() + held.cost()).isEqualTo(paid);
            assertThat(sums.commission() + held.commission()).isEqualTo(commissions);
            if (method == LotMethod.FIFO) {
                assertThat(sums.cost()).isEqualTo(costOfShares);
            }
        }
    }
}
