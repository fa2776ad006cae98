package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.BuyingPowerAnswer;
import kr.kisgateway.wire.parse.OpenOrder;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.SellableAnswer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Typed orders and account queries, over sockets, in both environments. */
@Tag("slow")
class DomesticAccountTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol HYNIX = new Symbol("000660");

    @TempDir
    private Path folder;

    private SimulatedBroker open;

    @AfterEach
    void stop() {
        open.close();
    }

    private DomesticCalls open(Environment face) {
        open = face == Environment.LIVE_FACE ? SimulatedBroker.live(folder) : SimulatedBroker.paper(folder);
        return open.kis().domestic();
    }

    private DomesticCalls openBusy(Environment face) {
        open = SimulatedBroker.withMovingMarket(face, folder);
        return open.kis().domestic();
    }

    @Requirement(value = "A-18", clause = "pages")
    @ParameterizedTest
    @EnumSource(Environment.class)
    void open_orders_are_the_resting_ones_of_all_pages_in_both_environments(Environment face) {
        DomesticCalls calls = open(face);
        long lowerLimit = value(calls.price(SAMSUNG)).lowerLimit();
        List<Long> resting = new ArrayList<>();
        for (int i = 0; i < 33; i++) { // three pages in paper
            resting.add(accepted(calls.place(limit(SAMSUNG, i + 1, lowerLimit))).odno());
        }
        Placement.Accepted cancelled = accepted(calls.place(limit(SAMSUNG, 5, lowerLimit)));
        accepted(calls.cancel(new CancelOrder(cancelled.orgNo(), cancelled.odno(), SAMSUNG, Venue.KRX, "00", 5, true)));
        Placement.Accepted reduced = accepted(calls.place(limit(SAMSUNG, 7, lowerLimit)));
        accepted(calls.cancel(new CancelOrder(reduced.orgNo(), reduced.odno(), SAMSUNG, Venue.KRX, "00", 3, false)));
        Placement.Accepted before = accepted(calls.place(limit(SAMSUNG, 9, lowerLimit)));
        long higher = lowerLimit + value(calls.price(SAMSUNG)).tick();
        Placement.Accepted after = accepted(
                calls.modify(new ModifyOrder(before.orgNo(), before.odno(), SAMSUNG, Venue.KRX, "00", higher)));

        List<OpenOrder> orders = value(calls.openOrders());
        assertThat(orders).extracting(OpenOrder::odno).doesNotHaveDuplicates().containsAll(resting);
        assertThat(orders).hasSize(35);
        OpenOrder first = orders.stream()
                .filter(order -> order.odno() == resting.getFirst())
                .findFirst()
                .orElseThrow();
        assertThat(first.side()).isEqualTo(Side.BUY);
        assertThat(first.symbol()).isEqualTo(SAMSUNG);
        assertThat(first.name()).isEqualTo("삼성전자");
        assertThat(first.price()).isEqualTo(lowerLimit);
        assertThat(first.openQty()).isEqualTo(1);
        assertThat(first.filledQty()).isZero();
        assertThat(first.orgNo()).isEqualTo(cancelled.orgNo());
        assertThat(orders)
                .filteredOn(order -> order.odno() == reduced.odno())
                .singleElement()
                .satisfies(order -> assertThat(order.openQty()).isEqualTo(4));
        assertThat(orders)
                .filteredOn(order -> order.odno() == after.odno())
                .singleElement()
                .satisfies(order -> {
                    assertThat(order.price()).isEqualTo(higher);
                    assertThat(order.originalOdno()).isEqualTo(before.odno());
                    assertThat(order.openQty()).isEqualTo(9);
                });
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void buying_power_falls_by_what_an_order_ties_up(Environment face) {
        DomesticCalls calls = open(face);
        PriceAnswer price = value(calls.price(SAMSUNG));
        BuyingPowerAnswer before = value(calls.buyingPower(SAMSUNG, price.lowerLimit()));
        assertThat(before.unitPrice()).isEqualTo(price.lowerLimit());
        assertThat(before.qty()).isBetween(1L, before.amount() / price.lowerLimit());
        BuyingPowerAnswer atMarket = value(calls.buyingPower(SAMSUNG));
        assertThat(atMarket.unitPrice()).isEqualTo(price.upperLimit());
        assertThat(atMarket.qty()).isLessThan(before.qty());
        accepted(calls.place(limit(SAMSUNG, 10, price.lowerLimit())));
        long tied = before.amount()
                - value(calls.buyingPower(SAMSUNG, price.lowerLimit())).amount();
        assertThat(tied).isBetween(10 * price.lowerLimit(), 10 * price.lowerLimit() * 101 / 100);
        assertThat(failure(calls.buyingPower(SAMSUNG, 70_050)).remedy()).contains("70000", "70100");
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void the_sellable_quantity_is_the_holding_less_open_sell_orders(Environment face) {
        DomesticCalls calls = openBusy(face);
        SellableAnswer nothing = value(calls.sellable(SAMSUNG));
        assertThat(nothing.heldQty()).isZero();
        assertThat(nothing.sellableQty()).isZero();
        accepted(calls.place(new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 3, 0, Venue.KRX)));
        new Recorder()
                .await("three shares", () -> value(calls.sellable(SAMSUNG)).heldQty() == 3);
        assertThat(value(calls.sellable(SAMSUNG)).sellableQty()).isEqualTo(3);
        long ceiling = value(calls.price(SAMSUNG)).upperLimit();
        accepted(calls.place(new PlaceOrder(SAMSUNG, Side.SELL, OrderType.LIMIT, 2, ceiling, Venue.KRX)));
        SellableAnswer reduced = value(calls.sellable(SAMSUNG));
        assertThat(reduced.heldQty()).isEqualTo(3);
        assertThat(reduced.sellableQty()).isEqualTo(1);
        assertThat(reduced.symbol()).isEqualTo(SAMSUNG);
        assertThat(value(calls.openOrders())).singleElement().satisfies(order -> {
            assertThat(order.side()).isEqualTo(Side.SELL);
            assertThat(order.openQty()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void an_order_that_kis_would_refuse_is_not_sent(Environment face) {
        DomesticCalls calls = open(face);
        assertThat(calls.place(limit(SAMSUNG, 1, 150_050)))
                .isEqualTo(new Placement.NotSent(
                        "INVALID_REQUEST",
                        "150050 won lies between two ticks (호가단위)",
                        "the nearest prices are 150000 and 150100"));
        // A code without a listing may be an ETF's.
        assertThat(calls.place(limit(new Symbol("0ZZZZ0"), 1, 150_052))).isInstanceOf(Placement.NotSent.class);
        assertThat(calls.place(limit(new Symbol("0ZZZZ0"), 1, 150_050))).isInstanceOf(Placement.Refused.class);
        assertThat(calls.place(limit(new Symbol("Q500001"), 1, 10_003))).isInstanceOf(Placement.NotSent.class);
        assertThat(calls.modify(new ModifyOrder("06010", 1, SAMSUNG, Venue.KRX, "00", 150_050)))
                .isInstanceOf(Placement.NotSent.class);
        assertThat(calls.place(new PlaceOrder(SAMSUNG, Side.BUY, OrderType.MARKET, 1, 0, Venue.NXT)))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class,
                        it -> assertThat(it.code())
                                .isEqualTo(face == Environment.PAPER_FACE ? "UNSUPPORTED" : "INVALID_REQUEST"));
        assertThat(value(calls.orders(today()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Environment.class)
    void an_order_is_listed_and_the_balance_shows_the_deposit(Environment face) {
        DomesticCalls calls = open(face);
        BalanceAnswer balance = value(calls.balance());
        assertThat(balance.holdings()).isEmpty();
        assertThat(balance.cash().deposit()).isPositive();
        long lowerLimit = value(calls.price(HYNIX)).lowerLimit();
        long odno = accepted(calls.place(limit(HYNIX, 2, lowerLimit))).odno();
        assertThat(value(calls.orders(today()))).singleElement().satisfies(order -> {
            assertThat(order.odno()).isEqualTo(odno);
            assertThat(order.symbol()).isEqualTo(HYNIX);
            assertThat(order.ordUnpr()).isEqualTo(lowerLimit);
        });
    }

    private static PlaceOrder onCredit(Side side, long qty, Credit credit) {
        return new PlaceOrder(SAMSUNG, side, "01", qty, 0, 0, Venue.KRX, Optional.of(credit));
    }

    @Test
    void a_loan_is_taken_out_listed_and_repaid() {
        DomesticCalls calls = openBusy(Environment.LIVE_FACE);
        var loan = new Credit(CreditType.KSFC_LOAN_OPEN, today());
        BuyingPowerAnswer inCash = value(calls.buyingPower(SAMSUNG));
        BuyingPowerAnswer onCredit =
                value(calls.creditBuyingPower(SAMSUNG, loan.type(), OptionalLong.empty(), CallOptions.standard()));
        assertThat(onCredit.qty()).isGreaterThan(inCash.qty() * 2);
        accepted(calls.place(onCredit(Side.BUY, 3, loan)));
        new Recorder()
                .await(
                        "three shares",
                        () -> value(calls.balance()).holdings().stream().anyMatch(it -> it.qty() == 3));
        BalanceAnswer.Holding holding = value(calls.balance()).holdings().getFirst();
        assertThat(holding.qty()).isEqualTo(3);
        assertThat(holding.loanDate()).contains(today());
        assertThat(holding.tradeName()).isEqualTo("유통융자");
        assertThat(holding.loan()).isEqualTo(holding.cost() - Math.ceilDiv(holding.cost() * 40, 100));
        assertThat(value(calls.orders(today())).getFirst().loanDate()).contains(today());

        assertThat(calls.place(onCredit(Side.SELL, 3, loan))).isInstanceOf(Placement.NotSent.class);
        assertThat(calls.place(onCredit(Side.BUY, 1, new Credit(loan.type(), today().minusDays(1)))))
                .isInstanceOf(Placement.NotSent.class);
        var repayment = new Credit(CreditType.KSFC_LOAN_REPAY, today());
        assertThat(calls.place(onCredit(Side.SELL, 4, repayment))).isInstanceOf(Placement.Refused.class);
        accepted(calls.place(onCredit(Side.SELL, 3, repayment)));
    }

    @Test
    void paper_is_sent_no_order_on_credit() {
        DomesticCalls calls = open(Environment.PAPER_FACE);
        assertThat(calls.place(onCredit(Side.BUY, 1, new Credit(CreditType.SELF_LOAN_OPEN, today()))))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.message()).contains("paper"));
    }

    private static PlaceOrder limit(Symbol symbol, long qty, long price) {
        return new PlaceOrder(symbol, Side.BUY, OrderType.LIMIT, qty, price, Venue.KRX);
    }

    private static LocalDate today() {
        return LocalDate.ofInstant(Instant.now(), TradingCalendar.SEOUL);
    }

    private static Placement.Accepted accepted(Placement placement) {
        assertThat(placement).isInstanceOf(Placement.Accepted.class);
        return (Placement.Accepted) placement;
    }
}
