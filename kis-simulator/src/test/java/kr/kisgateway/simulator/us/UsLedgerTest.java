package kr.kisgateway.simulator.us;

import static kr.kisgateway.simulator.us.UsTestMarket.ALICE;
import static kr.kisgateway.simulator.us.UsTestMarket.APPLE;
import static kr.kisgateway.simulator.us.UsTestMarket.BOB;
import static kr.kisgateway.simulator.us.UsTestMarket.dollars;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The booking of US stocks, every figure computed by hand. */
class UsLedgerTest {
    /** A Friday in winter, New York's regular session. */
    private static final String REGULAR = "2026-11-20T23:30:00";

    private static Refusal refused(UsLedger.Answer answer) {
        return ((UsLedger.Answer.Refused) answer).why();
    }

    @Test
    void a_trade_moves_dollars_and_shares_with_a_quarter_percent_cut_to_cents() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        UsOrder sale = books.limit(BOB, Side.SELL, 10, 310);

        UsOrder first = books.limit(ALICE, Side.BUY, 4, 310.05);

        // 4 × 310.00 = 1,240.00 at the resting price; the commission is 3.10.
        assertThat(first.filledAmount()).isEqualTo(dollars(1_240));
        assertThat(first.costs()).isEqualTo(dollars(3.10));
        assertThat(books.account(ALICE).settled()).isEqualTo(dollars(1_000_000));
        assertThat(books.account(ALICE).cash()).isEqualTo(dollars(998_756.90));
        assertThat(books.account(BOB).cash()).isEqualTo(dollars(1_001_236.90));
        assertThat(books.account(BOB).positions().get(APPLE).qty()).isEqualTo(96);
        assertThat(books.account(BOB).positions().get(APPLE).cost()).isEqualTo(dollars(28_800));
        assertThat(books.account(BOB).positions().get(APPLE).sellable()).isEqualTo(90);
        assertThat(sale.basis()).isEqualTo(dollars(1_200));

        UsOrder second = books.limit(ALICE, Side.BUY, 3, 310);

        // 930.00 cost 2.325, cut to 2.32. The sale's 2,170.00 cost 5.425, cut to 5.42, of which 3.10 were booked.
        assertThat(second.costs()).isEqualTo(dollars(2.32));
        assertThat(sale.costs()).isEqualTo(dollars(5.42));
        assertThat(books.account(ALICE).cash()).isEqualTo(dollars(997_824.58));
        assertThat(books.account(BOB).cash()).isEqualTo(dollars(1_002_164.58));
        assertThat(sale.remaining()).isEqualTo(3);
        assertThat(books.notices)
                .extracting(UsNotice::kind)
                .containsExactly(Kind.RECEIPT, Kind.RECEIPT, Kind.FILL, Kind.FILL, Kind.RECEIPT, Kind.FILL, Kind.FILL);
    }

    @Test
    void an_open_buy_reserves_its_amount_with_commission_and_an_open_sell_its_shares() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(ALICE, APPLE, 10, 300);
        UsOrder buy = books.limit(ALICE, Side.BUY, 100, 200);

        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(20_050));
        assertThat(books.account(ALICE).spendable()).isEqualTo(dollars(979_950));
        // 4,887 × 200 = 977,400.00 cost 2,443.50 more, together 979,843.50; one more would be 980,044.00.
        assertThat(books.ledger.buyableQuantity(books.account(ALICE), dollars(200)))
                .isEqualTo(4_887);
        assertThat(refused(books.place(ALICE, Side.BUY, "00", 4_888, 200))).isEqualTo(Refusal.NOT_ENOUGH_CASH);
        books.limit(ALICE, Side.SELL, 6, 500);
        assertThat(refused(books.place(ALICE, Side.SELL, "00", 5, 500))).isEqualTo(Refusal.TOO_MANY_SHARES);
        assertThat(refused(books.place(BOB, Side.SELL, "00", 1, 500))).isEqualTo(Refusal.NO_HOLDING);

        UsTestMarket.accepted(books.revise(buy, true, 0, 0));
        assertThat(books.account(ALICE).reserved()).isZero();
        assertThat(buy.cancelledQty()).isEqualTo(100);
    }

    @Test
    void commission_rounded_off_partial_fills_stays_reserved_for_the_rest_of_the_order() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 2, 300);
        // One share of it costs no commission, both together a cent.
        UsOrder buy = books.limit(ALICE, Side.BUY, 2, 2);
        UsTestMarket.accepted(books.ledger.place(
                new UsLedger.Request(
                        ALICE,
                        new UsSymbol(UsExchange.NASD, "MSFT"),
                        Side.BUY,
                        "00",
                        false,
                        1,
                        Optional.of(dollars(997_502.24))),
                books.now));
        assertThat(books.account(ALICE).spendable()).isZero();

        books.limit(BOB, Side.SELL, 1, 2);
        assertThat(buy.remaining()).isEqualTo(1);
        assertThat(books.account(ALICE).spendable()).isZero();
        assertThat(refused(books.place(ALICE, Side.BUY, "00", 1, 0.01))).isEqualTo(Refusal.NOT_ENOUGH_CASH);
        books.limit(BOB, Side.SELL, 1, 2);
        assertThat(books.account(ALICE).spendable()).isZero();
    }

    @Test
    void trades_settle_on_the_next_trading_day_of_new_york() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        books.limit(BOB, Side.SELL, 4, 310);
        books.limit(ALICE, Side.BUY, 4, 310);

        books.until("2026-11-22T12:00:00"); // Sunday
        assertThat(books.account(ALICE).settled()).isEqualTo(dollars(1_000_000));
        assertThat(books.account(ALICE).boughtToday()).isEqualTo(dollars(1_240));
        books.until("2026-11-23T07:00:00"); // Monday's date begins
        assertThat(books.account(ALICE).settled()).isEqualTo(dollars(998_756.90));
        assertThat(books.account(ALICE).boughtToday()).isZero();
        assertThat(books.account(BOB).settled()).isEqualTo(dollars(1_001_236.90));
        assertThat(books.market.date()).isEqualTo(LocalDate.of(2026, 11, 23));
        assertThat(books.market.find(APPLE).orElseThrow().tape().base()).isEqualTo(dollars(310));
    }

    @Test
    void a_traded_day_joins_the_history_and_earlier_days_never_change() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        books.ledger.saveFirstDay();
        UsStock apple = books.market.find(APPLE).orElseThrow();
        var before = books.market.dailyHistory().of(apple.instrument(), books.market.date());
        books.limit(BOB, Side.SELL, 4, 310);
        books.limit(ALICE, Side.BUY, 4, 310);

        books.until("2026-11-24T12:00:00");
        for (UsTestMarket each : new UsTestMarket[] {books, books.reopened("2026-11-24T12:00:00")}) {
            var after = each.market
                    .dailyHistory()
                    .of(each.market.find(APPLE).orElseThrow().instrument(), each.market.date());
            // On Friday it traded, on Monday it was not requested.
            assertThat(after.size()).isEqualTo(before.size() + 2);
            assertThat(after.bar(before.size() - 1)).isEqualTo(before.bar(before.size() - 1));
            assertThat(after.bar(before.size()))
                    .isEqualTo(new DailyBar(
                            LocalDate.of(2026, 11, 20),
                            dollars(309.35),
                            dollars(310),
                            dollars(310),
                            dollars(310),
                            dollars(310),
                            4,
                            dollars(1_240)));
            assertThat(after.bar(before.size() + 1).volume()).isZero();
            assertThat(after.bar(before.size() + 1).close()).isEqualTo(dollars(310));
        }
    }

    @Test
    void a_modify_is_a_new_order_that_uses_the_reservation_of_the_old_one() {
        UsTestMarket books = UsTestMarket.at(REGULAR);
        UsOrder original = books.limit(ALICE, Side.BUY, 4_000, 249);

        UsOrder row = UsTestMarket.accepted(books.revise(original, false, 0, 249.30));

        // 4,000 × 249.30 = 997,200.00 and 2,493.00; the old order's 998,490.00 are free for it.
        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(999_693));
        assertThat(original.isOpen()).isFalse();
        assertThat(row.originalOdno()).isEqualTo(original.odno());
        assertThat(row.remaining()).isEqualTo(4_000);
        assertThat(refused(books.revise(row, false, 0, 249.40))).isEqualTo(Refusal.NOT_ENOUGH_CASH);
        assertThat(refused(books.revise(original, true, 1, 0))).isEqualTo(Refusal.NOTHING_LEFT);
        assertThat(refused(books.revise(row, true, 4_001, 0))).isEqualTo(Refusal.MORE_THAN_OPEN);
        UsOrder part = UsTestMarket.accepted(books.revise(row, true, 1_000, 0));
        assertThat(part.cancelledQty()).isEqualTo(1_000);
        assertThat(row.remaining()).isEqualTo(3_000);
        // 747,900.00 and 1,869.75
        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(749_769.75));
        assertThat(books.notices)
                .extracting(UsNotice::kind)
                .containsExactly(Kind.RECEIPT, Kind.CONFIRMED, Kind.CONFIRMED);
    }

    @Test
    void the_older_of_two_orders_at_a_price_trades_first_and_a_modified_one_loses_its_priority() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        UsOrder older = books.limit(ALICE, Side.BUY, 1, 300);
        UsOrder younger = books.limit(ALICE, Side.BUY, 1, 300);
        UsOrder revised = UsTestMarket.accepted(books.revise(older, false, 0, 300));

        books.limit(BOB, Side.SELL, 1, 300);

        assertThat(younger.filledQty()).isEqualTo(1);
        assertThat(revised.filledQty()).isZero();
    }

    @Test
    void an_order_refused_by_the_exchange_releases_its_reservation() {
        UsTestMarket books = UsTestMarket.at(REGULAR);
        books.refused.add(1L);
        UsOrder order = books.limit(ALICE, Side.BUY, 100, 200);
        assertThat(order.rejectedQty()).isEqualTo(100);
        assertThat(books.account(ALICE).reserved()).isZero();
        UsOrder resting = books.limit(ALICE, Side.BUY, 100, 200);
        books.refused.add(3L);
        UsOrder revision = UsTestMarket.accepted(books.revise(resting, true, 0, 0));
        assertThat(revision.rejectedQty()).isEqualTo(100);
        assertThat(resting.remaining()).isEqualTo(100);
        assertThat(books.notices)
                .extracting(UsNotice::kind)
                .containsExactly(Kind.RECEIPT, Kind.REJECTED, Kind.RECEIPT, Kind.REJECTED);
    }

    @Test
    void an_order_lives_from_the_pre_market_to_the_end_of_the_after_market_and_ends_without_a_notice() {
        UsTestMarket books = UsTestMarket.at("2026-11-20T18:00:00");
        UsOrder order = books.limit(ALICE, Side.BUY, 1, 200);
        books.until("2026-11-21T06:59:59");
        assertThat(order.isOpen()).isTrue();
        books.until("2026-11-21T07:00:00");
        assertThat(order.isOpen()).isFalse();
        assertThat(books.account(ALICE).reserved()).isZero();
        assertThat(books.notices).extracting(UsNotice::kind).containsExactly(Kind.RECEIPT);
        assertThat(books.market.find(APPLE).orElseThrow().stockBook().book().total(Side.BUY))
                .isZero();
    }

    @Test
    void a_day_market_order_expires_with_that_session_and_other_orders_are_refused_in_it() {
        UsTestMarket books = UsTestMarket.at("2026-11-20T10:00:00");
        assertThat(refused(books.place(ALICE, Side.BUY, "00", 1, 200))).isEqualTo(Refusal.US_SESSION_CLOSED);
        UsOrder order = UsTestMarket.accepted(books.ledger.place(
                new UsLedger.Request(ALICE, APPLE, Side.BUY, "00", true, 1, Optional.of(dollars(200))), books.now));
        assertThat(books.market.date()).isEqualTo(LocalDate.of(2026, 11, 20));
        assertThat(order.acceptedAt()).hasToString("2026-11-19T20:00");
        books.until("2026-11-20T18:00:00");
        assertThat(order.isOpen()).isFalse();
    }

    @Test
    void orders_for_the_open_and_the_close_trade_at_that_instant_and_the_rest_is_cancelled() {
        UsTestMarket books = UsTestMarket.at("2026-11-20T22:00:00").withShares(BOB, APPLE, 100, 300);
        UsOrder atOpen = books.order(ALICE, Side.BUY, "32", 5, 310);
        UsOrder atClose = books.order(BOB, Side.SELL, "33", 7, 0);
        books.limit(BOB, Side.SELL, 3, 309);
        assertThat(atOpen.filledQty()).isZero();

        books.until(REGULAR);
        // Three at the resting 309.00, two without a counterparty.
        assertThat(atOpen.filledAmount()).isEqualTo(dollars(927));
        assertThat(atOpen.cancelledQty()).isEqualTo(2);
        assertThat(refused(books.place(ALICE, Side.BUY, "32", 5, 310))).isEqualTo(Refusal.US_SESSION_CLOSED);

        books.limit(ALICE, Side.BUY, 4, 305);
        books.until("2026-11-21T05:59:59");
        assertThat(atClose.filledQty()).isZero();
        books.until("2026-11-21T06:00:00");
        assertThat(atClose.filledAmount()).isEqualTo(dollars(1_220));
        assertThat(atClose.cancelledQty()).isEqualTo(3);
        assertThat(books.market.find(APPLE).orElseThrow().tape().closingPrice()).isEqualTo(dollars(305));
        assertThat(books.account(BOB).positions().get(APPLE).sellable()).isEqualTo(93);
        assertThat(books.notices)
                .filteredOn(it -> it.kind() == Kind.REST_CANCELLED)
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "BUY,00,0,NO_PRICE",
        "BUY,00,310.005,OFF_TICK",
        "BUY,00,0.12345,OFF_TICK",
        "BUY,00,1000000.01,OUTSIDE_LIMITS",
        "BUY,01,310,UNKNOWN_DIVISION",
        "BUY,31,0,UNKNOWN_DIVISION",
        "BUY,33,0,UNKNOWN_DIVISION",
        "SELL,33,310,PRICE_OF_MARKET_ORDER",
        "BUY,35,310,UNKNOWN_DIVISION"
    })
    void an_invalid_us_order_is_refused_with_its_reason(Side side, String division, String price, Refusal why) {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(ALICE, APPLE, 10, 300);
        Optional<Long> units = Optional.of(new java.math.BigDecimal(price).movePointRight(4))
                .filter(it -> it.stripTrailingZeros().scale() <= 0)
                .map(java.math.BigDecimal::longValueExact);
        assertThat(refused(books.ledger.place(
                        new UsLedger.Request(ALICE, APPLE, side, division, false, 1, units), books.now)))
                .isEqualTo(why);
        assertThat(books.account(ALICE).orders()).isEmpty();
    }

    @Test
    void an_unknown_stock_and_an_unknown_original_are_refused() {
        UsTestMarket books = UsTestMarket.at(REGULAR);
        UsSymbol elsewhere = new UsSymbol(UsExchange.NYSE, "AAPL");
        assertThat(refused(books.ledger.place(
                        new UsLedger.Request(ALICE, elsewhere, Side.BUY, "00", false, 1, Optional.of(dollars(300))),
                        books.now)))
                .isEqualTo(Refusal.UNKNOWN_SYMBOL);
        UsOrder order = books.limit(ALICE, Side.BUY, 1, 200);
        assertThat(refused(books.ledger.revise(
                        new UsLedger.Revision(BOB, APPLE, order.odno(), true, false, 0, Optional.of(0L)), books.now)))
                .isEqualTo(Refusal.UNKNOWN_ORIGINAL);
        assertThat(order.remaining()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T22:30:00,TOO_EARLY",
        "2026-10-30T22:29:59,TOO_EARLY",
        "2026-10-31T05:00:00,TOO_LATE",
        "2026-11-26T23:30:00,CLOSED_DAY",
        "2026-11-20T12:00:00,TOO_EARLY"
    })
    void the_practice_system_takes_orders_in_the_regular_session_alone(String at, Refusal why) {
        UsTestMarket books = new UsTestMarket(at, 0, UsRules.defaults().inRegularSessionOnly());
        assertThat(refused(books.place(ALICE, Side.BUY, "00", 1, 200))).isEqualTo(why);
        for (String open : new String[] {"2026-11-20T23:30:00", "2026-10-30T22:30:00"}) {
            UsTestMarket.accepted(new UsTestMarket(open, 0, UsRules.defaults().inRegularSessionOnly())
                    .place(ALICE, Side.BUY, "00", 1, 200));
        }
    }

    @Test
    void after_a_restart_orders_rest_in_their_queue_positions_and_ended_ones_have_expired() {
        UsTestMarket books = UsTestMarket.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        UsOrder older = books.limit(ALICE, Side.BUY, 10, 300);
        books.limit(ALICE, Side.BUY, 10, 300);
        books.limit(BOB, Side.SELL, 4, 300);
        long cash = books.account(ALICE).cash();
        long reserved = books.account(ALICE).reserved();

        UsTestMarket revised = books.reopened("2026-11-21T00:30:00");
        assertThat(revised.account(ALICE).cash()).isEqualTo(cash);
        assertThat(revised.account(ALICE).reserved()).isEqualTo(reserved);
        revised.limit(BOB, Side.SELL, 6, 300);
        assertThat(revised.account(ALICE).orders().getFirst().odno()).isEqualTo(older.odno());
        assertThat(revised.account(ALICE).orders().getFirst().filledQty()).isEqualTo(10);
        assertThat(revised.account(ALICE).orders().getLast().filledQty()).isZero();

        UsTestMarket monday = revised.reopened("2026-11-23T12:00:00");
        assertThat(monday.account(ALICE).reserved()).isZero();
        assertThat(monday.account(ALICE).orders()).noneMatch(UsOrder::isOpen);
        assertThat(monday.account(ALICE).settled())
                .isEqualTo(revised.account(ALICE).cash());
        assertThat(monday.market.find(APPLE).orElseThrow().tape().base()).isEqualTo(dollars(300));
    }

    @Test
    void agents_trade_in_every_open_session_and_rest_when_it_is_closed() {
        UsTestMarket books = new UsTestMarket("2026-11-20T09:59:00", 4, UsRules.defaults());
        UsStock apple = books.market.find(APPLE).orElseThrow();
        books.market.wake(apple, books.now, books);
        books.advanceBy(Duration.ofSeconds(30));
        assertThat(apple.tape().figures().volume()).isZero();
        for (String open :
                new String[] {"2026-11-20T10:00:10", "2026-11-20T18:00:10", "2026-11-20T23:30:10", "2026-11-21T06:00:10"
                }) {
            books.until(open);
            long before = apple.tape().figures().volume();
            books.market.wake(apple, books.now, books);
            for (int i = 0; i < 40; i++) {
                books.advanceBy(Duration.ofSeconds(1));
            }
            assertThat(apple.tape().figures().volume()).as(open).isGreaterThan(before);
        }
        books.until("2026-11-21T07:00:00");
        assertThat(apple.stockBook().book().total(Side.BUY)
                        + apple.stockBook().book().total(Side.SELL))
                .isZero();
    }

    @Test
    void the_same_input_twice_has_the_same_trades() {
        assertThat(tradeDay()).isEqualTo(tradeDay()).isNotEmpty();
    }

    private static String tradeDay() {
        UsTestMarket books = new UsTestMarket(REGULAR, 10, UsRules.defaults());
        for (int i = 0; i < 30; i++) {
            books.limit(ALICE, Side.BUY, 5 + i, 309 + i * 0.02);
            books.advanceBy(Duration.ofMillis(700));
        }
        return books.fills.toString()
                + books.market.find(APPLE).orElseThrow().tape().figures();
    }
}
