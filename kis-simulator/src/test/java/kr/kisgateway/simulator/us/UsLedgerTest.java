package kr.kisgateway.simulator.us;

import static kr.kisgateway.simulator.us.Books.ALICE;
import static kr.kisgateway.simulator.us.Books.APPLE;
import static kr.kisgateway.simulator.us.Books.BOB;
import static kr.kisgateway.simulator.us.Books.dollars;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The book-keeping of US stocks, every figure worked out by hand. */
class UsLedgerTest {
    /** A Friday in winter, New York's regular session. */
    private static final String REGULAR = "2026-11-20T23:30:00";

    private static UsRefusal refused(UsLedger.Answer answer) {
        return ((UsLedger.Answer.Refused) answer).why();
    }

    @Test
    void a_trade_moves_dollars_and_shares_with_a_quarter_percent_cut_to_cents() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 100, 300);
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
    void an_open_buy_holds_back_its_amount_with_the_commission_and_a_sale_its_shares() {
        Books books = Books.at(REGULAR).withShares(ALICE, APPLE, 10, 300);
        UsOrder buy = books.limit(ALICE, Side.BUY, 100, 200);

        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(20_050));
        assertThat(books.account(ALICE).spendable()).isEqualTo(dollars(979_950));
        // 4,887 × 200 = 977,400.00 cost 2,443.50 more, together 979,843.50; one more would be 980,044.00.
        assertThat(books.ledger.buyable(books.account(ALICE), dollars(200))).isEqualTo(4_887);
        assertThat(refused(books.ask(ALICE, Side.BUY, "00", 4_888, 200))).isEqualTo(UsRefusal.NOT_ENOUGH_CASH);
        books.limit(ALICE, Side.SELL, 6, 500);
        assertThat(refused(books.ask(ALICE, Side.SELL, "00", 5, 500))).isEqualTo(UsRefusal.TOO_MANY_SHARES);
        assertThat(refused(books.ask(BOB, Side.SELL, "00", 1, 500))).isEqualTo(UsRefusal.NOTHING_HELD);

        Books.taken(books.revise(buy, true, 0, 0));
        assertThat(books.account(ALICE).reserved()).isZero();
        assertThat(buy.cancelledQty()).isEqualTo(100);
    }

    @Test
    void commission_that_slices_cut_off_stays_held_back_for_the_rest_of_the_order() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 2, 300);
        // One share of it costs no commission, both together a cent.
        UsOrder buy = books.limit(ALICE, Side.BUY, 2, 2);
        Books.taken(books.ledger.place(
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
        assertThat(refused(books.ask(ALICE, Side.BUY, "00", 1, 0.01))).isEqualTo(UsRefusal.NOT_ENOUGH_CASH);
        books.limit(BOB, Side.SELL, 1, 2);
        assertThat(books.account(ALICE).spendable()).isZero();
    }

    @Test
    void what_was_traded_settles_on_the_next_trading_day_of_new_york() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 100, 300);
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
    void a_day_that_was_traded_through_is_in_the_past_and_the_past_before_it_never_moves() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        books.ledger.asked();
        UsStock apple = books.market.find(APPLE).orElseThrow();
        var before = books.market.chronicle().of(apple, books.market.date());
        books.limit(BOB, Side.SELL, 4, 310);
        books.limit(ALICE, Side.BUY, 4, 310);

        books.until("2026-11-24T12:00:00");
        for (Books each : new Books[] {books, books.reopened("2026-11-24T12:00:00")}) {
            var after = each.market.chronicle().of(each.market.find(APPLE).orElseThrow(), each.market.date());
            // Friday was traded through, on Monday nobody looked.
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
    void a_modify_is_a_new_order_that_pays_with_what_the_old_one_held_back() {
        Books books = Books.at(REGULAR);
        UsOrder original = books.limit(ALICE, Side.BUY, 4_000, 249);

        UsOrder row = Books.taken(books.revise(original, false, 0, 249.30));

        // 4,000 × 249.30 = 997,200.00 and 2,493.00; the old order's 998,490.00 are free for it.
        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(999_693));
        assertThat(original.isOpen()).isFalse();
        assertThat(row.originalOdno()).isEqualTo(original.odno());
        assertThat(row.remaining()).isEqualTo(4_000);
        assertThat(refused(books.revise(row, false, 0, 249.40))).isEqualTo(UsRefusal.NOT_ENOUGH_CASH);
        assertThat(refused(books.revise(original, true, 1, 0))).isEqualTo(UsRefusal.NOTHING_LEFT);
        assertThat(refused(books.revise(row, true, 4_001, 0))).isEqualTo(UsRefusal.TOO_MUCH);
        UsOrder part = Books.taken(books.revise(row, true, 1_000, 0));
        assertThat(part.cancelledQty()).isEqualTo(1_000);
        assertThat(row.remaining()).isEqualTo(3_000);
        // 747,900.00 and 1,869.75
        assertThat(books.account(ALICE).reserved()).isEqualTo(dollars(749_769.75));
        assertThat(books.notices)
                .extracting(UsNotice::kind)
                .containsExactly(Kind.RECEIPT, Kind.CONFIRMED, Kind.CONFIRMED);
    }

    @Test
    void of_two_orders_at_a_price_the_older_trades_first_and_a_modified_one_is_young() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        UsOrder older = books.limit(ALICE, Side.BUY, 1, 300);
        UsOrder younger = books.limit(ALICE, Side.BUY, 1, 300);
        UsOrder again = Books.taken(books.revise(older, false, 0, 300));

        books.limit(BOB, Side.SELL, 1, 300);

        assertThat(younger.filledQty()).isEqualTo(1);
        assertThat(again.filledQty()).isZero();
    }

    @Test
    void what_the_exchange_refuses_frees_what_it_held_back() {
        Books books = Books.at(REGULAR);
        books.refused.add(1L);
        UsOrder order = books.limit(ALICE, Side.BUY, 100, 200);
        assertThat(order.rejectedQty()).isEqualTo(100);
        assertThat(books.account(ALICE).reserved()).isZero();
        UsOrder resting = books.limit(ALICE, Side.BUY, 100, 200);
        books.refused.add(3L);
        UsOrder revision = Books.taken(books.revise(resting, true, 0, 0));
        assertThat(revision.rejectedQty()).isEqualTo(100);
        assertThat(resting.remaining()).isEqualTo(100);
        assertThat(books.notices)
                .extracting(UsNotice::kind)
                .containsExactly(Kind.RECEIPT, Kind.REJECTED, Kind.RECEIPT, Kind.REJECTED);
    }

    @Test
    void an_order_lives_from_the_pre_market_to_the_end_of_the_after_market_and_ends_without_a_notice() {
        Books books = Books.at("2026-11-20T18:00:00");
        UsOrder order = books.limit(ALICE, Side.BUY, 1, 200);
        books.until("2026-11-21T06:59:59");
        assertThat(order.isOpen()).isTrue();
        books.until("2026-11-21T07:00:00");
        assertThat(order.isOpen()).isFalse();
        assertThat(books.account(ALICE).reserved()).isZero();
        assertThat(books.notices).extracting(UsNotice::kind).containsExactly(Kind.RECEIPT);
        assertThat(books.market.find(APPLE).orElseThrow().pit().book().total(Side.BUY))
                .isZero();
    }

    @Test
    void an_order_of_the_day_market_lives_no_longer_than_that_and_others_are_not_taken_there() {
        Books books = Books.at("2026-11-20T10:00:00");
        assertThat(refused(books.ask(ALICE, Side.BUY, "00", 1, 200))).isEqualTo(UsRefusal.NOT_NOW);
        UsOrder order = Books.taken(books.ledger.place(
                new UsLedger.Request(ALICE, APPLE, Side.BUY, "00", true, 1, Optional.of(dollars(200))), books.now));
        assertThat(books.market.date()).isEqualTo(LocalDate.of(2026, 11, 20));
        assertThat(order.acceptedAt()).hasToString("2026-11-19T20:00");
        books.until("2026-11-20T18:00:00");
        assertThat(order.isOpen()).isFalse();
    }

    @Test
    void orders_for_the_open_and_the_close_trade_at_that_instant_and_the_rest_is_cancelled() {
        Books books = Books.at("2026-11-20T22:00:00").withShares(BOB, APPLE, 100, 300);
        UsOrder atOpen = books.order(ALICE, Side.BUY, "32", 5, 310);
        UsOrder atClose = books.order(BOB, Side.SELL, "33", 7, 0);
        books.limit(BOB, Side.SELL, 3, 309);
        assertThat(atOpen.filledQty()).isZero();

        books.until(REGULAR);
        // Three at the resting 309.00, two find nobody.
        assertThat(atOpen.filledAmount()).isEqualTo(dollars(927));
        assertThat(atOpen.cancelledQty()).isEqualTo(2);
        assertThat(refused(books.ask(ALICE, Side.BUY, "32", 5, 310))).isEqualTo(UsRefusal.NOT_NOW);

        books.limit(ALICE, Side.BUY, 4, 305);
        books.until("2026-11-21T05:59:59");
        assertThat(atClose.filledQty()).isZero();
        books.until("2026-11-21T06:00:00");
        assertThat(atClose.filledAmount()).isEqualTo(dollars(1_220));
        assertThat(atClose.cancelledQty()).isEqualTo(3);
        assertThat(books.market.find(APPLE).orElseThrow().tape().closed()).isEqualTo(dollars(305));
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
        "BUY,00,1000000.01,TOO_HIGH",
        "BUY,01,310,UNKNOWN_DIVISION",
        "BUY,31,0,UNKNOWN_DIVISION",
        "BUY,33,0,UNKNOWN_DIVISION",
        "SELL,33,310,PRICE_OF_MARKET_ORDER",
        "BUY,35,310,UNKNOWN_DIVISION"
    })
    void what_kis_does_not_take_is_refused(Side side, String division, String price, UsRefusal why) {
        Books books = Books.at(REGULAR).withShares(ALICE, APPLE, 10, 300);
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
        Books books = Books.at(REGULAR);
        UsSymbol elsewhere = new UsSymbol(UsExchange.NYSE, "AAPL");
        assertThat(refused(books.ledger.place(
                        new UsLedger.Request(ALICE, elsewhere, Side.BUY, "00", false, 1, Optional.of(dollars(300))),
                        books.now)))
                .isEqualTo(UsRefusal.UNKNOWN_SYMBOL);
        UsOrder order = books.limit(ALICE, Side.BUY, 1, 200);
        assertThat(refused(books.ledger.revise(
                        new UsLedger.Revision(BOB, APPLE, order.odno(), true, false, 0, Optional.of(0L)), books.now)))
                .isEqualTo(UsRefusal.UNKNOWN_ORIGINAL);
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
    void the_practice_system_takes_orders_in_the_regular_session_alone(String at, UsRefusal why) {
        Books books = new Books(at, 0, UsRules.usual().inRegularSessionOnly());
        assertThat(refused(books.ask(ALICE, Side.BUY, "00", 1, 200))).isEqualTo(why);
        for (String open : new String[] {"2026-11-20T23:30:00", "2026-10-30T22:30:00"}) {
            Books.taken(new Books(open, 0, UsRules.usual().inRegularSessionOnly()).ask(ALICE, Side.BUY, "00", 1, 200));
        }
    }

    @Test
    void after_a_restart_orders_rest_in_their_places_and_what_is_over_has_expired() {
        Books books = Books.at(REGULAR).withShares(BOB, APPLE, 100, 300);
        UsOrder older = books.limit(ALICE, Side.BUY, 10, 300);
        books.limit(ALICE, Side.BUY, 10, 300);
        books.limit(BOB, Side.SELL, 4, 300);
        long cash = books.account(ALICE).cash();
        long reserved = books.account(ALICE).reserved();

        Books again = books.reopened("2026-11-21T00:30:00");
        assertThat(again.account(ALICE).cash()).isEqualTo(cash);
        assertThat(again.account(ALICE).reserved()).isEqualTo(reserved);
        again.limit(BOB, Side.SELL, 6, 300);
        assertThat(again.account(ALICE).orders().getFirst().odno()).isEqualTo(older.odno());
        assertThat(again.account(ALICE).orders().getFirst().filledQty()).isEqualTo(10);
        assertThat(again.account(ALICE).orders().getLast().filledQty()).isZero();

        Books monday = again.reopened("2026-11-23T12:00:00");
        assertThat(monday.account(ALICE).reserved()).isZero();
        assertThat(monday.account(ALICE).orders()).noneMatch(UsOrder::isOpen);
        assertThat(monday.account(ALICE).settled())
                .isEqualTo(again.account(ALICE).cash());
        assertThat(monday.market.find(APPLE).orElseThrow().tape().base()).isEqualTo(dollars(300));
    }

    @Test
    void agents_trade_in_every_open_session_and_rest_when_it_is_closed() {
        Books books = new Books("2026-11-20T09:59:00", 4, UsRules.usual());
        UsStock apple = books.market.find(APPLE).orElseThrow();
        books.market.wake(apple, books.now, books);
        books.pass(Duration.ofSeconds(30));
        assertThat(apple.tape().figures().volume()).isZero();
        for (String open :
                new String[] {"2026-11-20T10:00:10", "2026-11-20T18:00:10", "2026-11-20T23:30:10", "2026-11-21T06:00:10"
                }) {
            books.until(open);
            long before = apple.tape().figures().volume();
            books.market.wake(apple, books.now, books);
            for (int i = 0; i < 40; i++) {
                books.pass(Duration.ofSeconds(1));
            }
            assertThat(apple.tape().figures().volume()).as(open).isGreaterThan(before);
        }
        books.until("2026-11-21T07:00:00");
        assertThat(apple.pit().book().total(Side.BUY) + apple.pit().book().total(Side.SELL))
                .isZero();
    }

    @Test
    void the_same_input_twice_has_the_same_trades() {
        assertThat(aDay()).isEqualTo(aDay()).isNotEmpty();
    }

    private static String aDay() {
        Books books = new Books(REGULAR, 10, UsRules.usual());
        for (int i = 0; i < 30; i++) {
            books.limit(ALICE, Side.BUY, 5 + i, 309 + i * 0.02);
            books.pass(Duration.ofMillis(700));
        }
        return books.fills.toString()
                + books.market.find(APPLE).orElseThrow().tape().figures();
    }
}
