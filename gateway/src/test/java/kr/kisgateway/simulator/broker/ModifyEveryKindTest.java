package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.ME;
import static kr.kisgateway.simulator.broker.TwoTraders.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CancelOrder;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.ModifyOrder;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.client.rest.RestRequest;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of Korean order that rests, on each of its venues, on a day before and one since the after-market: changed and cancelled,
 * all of it and in part, with the bodies that the client sends.
 */
@Tag("slow")
class ModifyEveryKindTest {
    private static final String ACCEPTED = "APBK0013";

    /** What is left of five shares where one was there to be bought. */
    private static final long QTY = 5;

    @TestFactory
    Stream<DynamicTest> each_change_has_a_number_of_its_own_and_the_number_before_is_gone() {
        return everyKind(walk -> {
            long rest = walk.rest() - 2 * walk.boughtByAChange();
            String second = walk.changed(walk.odno, walk.price(1));
            String third = walk.changed(second, walk.price(2));
            assertThat(code(walk.cancelled(walk.odno, rest, true)))
                    .as("the first number")
                    .isNotEqualTo(ACCEPTED);
            assertThat(code(walk.cancelled(second, rest, true)))
                    .as("the second")
                    .isNotEqualTo(ACCEPTED);
            assertThat(walk.broker.row(ME, third)).satisfies(row -> {
                assertThat(row.original()).isEqualTo(second);
                assertThat(row.left()).isEqualTo(rest);
                if (walk.it.kind().type().isPriced()) {
                    assertThat(row.price()).isEqualTo(walk.price(2));
                }
            });
            assertThat(code(walk.cancelled(third, rest, true))).isEqualTo(ACCEPTED);
            assertThat(walk.broker.row(ME, third).left()).isZero();
            assertThat(code(walk.cancelled(third, rest, true)))
                    .as("cancelled already")
                    .isNotEqualTo(ACCEPTED);
            assertThat(walk.spent()).as("cash that is still reserved").isEqualTo(walk.bought());
        });
    }

    @TestFactory
    Stream<DynamicTest> a_part_is_cancelled_and_the_other_stays_under_its_number() {
        return everyKind(walk -> {
            long rest = walk.rest();
            assertThat(code(walk.cancelled(walk.odno, rest + 1, false)))
                    .as("more than is open")
                    .isNotEqualTo(ACCEPTED);
            assertThat(code(walk.cancelled(walk.odno, 2, false))).isEqualTo(ACCEPTED);
            assertThat(walk.broker.row(ME, walk.odno).left()).isEqualTo(rest - 2);
            assertThat(code(walk.cancelled(walk.odno, rest - 2, true))).isEqualTo(ACCEPTED);
            assertThat(walk.broker.row(ME, walk.odno).left()).isZero();
            assertThat(walk.spent()).isEqualTo(walk.bought());
        });
    }

    @TestFactory
    Stream<DynamicTest> price_and_quantity_together_split_an_order_in_two() {
        return everyKind(walk -> {
            long rest = walk.rest();
            var fields = new HashMap<>(Map.of(
                    "RVSE_CNCL_DVSN_CD",
                    "01",
                    "QTY_ALL_ORD_YN",
                    "N",
                    "ORD_QTY",
                    "2",
                    "ORD_UNPR",
                    Long.toString(walk.price(3))));
            if (walk.it.kind().type() == OrderType.STOP_LIMIT) {
                fields.put("CNDT_PRIC", Long.toString(walk.stop()));
            }
            walk.offer();
            String part = TwoTraders.odno(KoreanOrders.revise(walk.broker, walk.it, walk.odno, fields));
            assertThat(walk.broker.row(ME, walk.odno).left()).isEqualTo(rest - 2);
            assertThat(walk.broker.row(ME, part).left()).isEqualTo(2 - walk.boughtByAChange());
            assertThat(code(walk.cancelled(part, 2, true))).isEqualTo(ACCEPTED);
            assertThat(code(walk.cancelled(walk.odno, rest - 2, true))).isEqualTo(ACCEPTED);
            assertThat(walk.spent()).isEqualTo(walk.bought());
            fields.put("ORD_QTY", Long.toString(rest + 1));
            assertThat(code(KoreanOrders.revise(walk.broker, walk.it, walk.odno, fields)))
                    .as("KIS makes no order larger")
                    .isNotEqualTo(ACCEPTED);
        });
    }

    @TestFactory
    Stream<DynamicTest> a_change_that_names_another_venue_leaves_the_order_as_it_was() {
        return everyKind(walk -> {
            long rest = walk.rest();
            for (Venue other : new Venue[] {Venue.KRX, Venue.NXT, Venue.SOR}) {
                if (other != walk.it.venue()) {
                    var elsewhere = Map.of("RVSE_CNCL_DVSN_CD", "02", "EXCG_ID_DVSN_CD", other.name());
                    assertThat(code(KoreanOrders.revise(walk.broker, walk.it, walk.odno, elsewhere)))
                            .as("as an order of %s", other)
                            .isNotEqualTo(ACCEPTED);
                }
            }
            assertThat(walk.broker.row(ME, walk.odno).left()).isEqualTo(rest);
        });
    }

    @TestFactory
    Stream<DynamicTest> after_its_end_an_order_is_neither_changed_nor_cancelled_and_its_cash_is_back() {
        return everyKind(walk -> {
            walk.broker.until(walk.it.endOf(walk.placed).plusSeconds(31).toString());
            assertThat(code(walk.change(walk.odno, walk.price(1)))).isNotEqualTo(ACCEPTED);
            assertThat(code(walk.cancelled(walk.odno, 1, false))).isNotEqualTo(ACCEPTED);
            assertThat(walk.spent()).isEqualTo(walk.bought());
        });
    }

    private static String code(TestBroker.Answer answer) {
        return answer.text("msg_cd");
    }

    private static Stream<DynamicTest> everyKind(Consumer<Walk> check) {
        return Stream.of(KoreanOrderKind.BEFORE, KoreanOrderKind.SINCE)
                .flatMap(day -> KoreanOrderKind.on(day).stream()
                        .filter(it -> it.kind().timeInForce() == TimeInForce.DAY)
                        .map(it -> DynamicTest.dynamicTest(day + " " + it, () -> check.accept(new Walk(day, it)))));
    }

    /** One order, placed in the first minute of its hours. */
    private static final class Walk {
        private static final JsonMapper JSON = new JsonMapper();
        private static final RestCalls CALLS = new RestCalls(
                Environment.LIVE_FACE,
                new Credentials(
                        Secret.of(TestBroker.KEY),
                        Secret.of(TestBroker.SECRET),
                        new AccountNumber(ME, "01"),
                        Optional.empty()));

        private static final TokenCore.Token TOKEN =
                new TokenCore.Token(Secret.of("token"), TestBroker.NINE, TestBroker.NINE.plusSeconds(86_400));
        private static final Symbol STOCK = new Symbol(TwoTraders.SAMSUNG);

        private final KoreanOrderKind it;
        private final LocalTime placed;
        private final TestBroker broker;
        private final long before;
        private final String odno;
        private long highest = TwoTraders.BASE + 4 * TICK;

        Walk(LocalDate day, KoreanOrderKind it) {
            this.it = it;
            this.placed = it.taken().getFirst().from().plusSeconds(45);
            this.broker = TwoTraders.at(day + "T" + placed);
            KoreanOrders.quote(broker, it);
            this.before = broker.spendable(ME);
            this.odno = TwoTraders.odno(KoreanOrders.place(broker, it, QTY));
        }

        long rest() {
            return broker.row(ME, odno).left();
        }

        /** A changed order at the best price of the other side takes that price again: one share, which {@link #offer} sells. */
        long boughtByAChange() {
            return it.kind().type() == OrderType.BEST ? 1 : 0;
        }

        /** Sells what such a change buys, at a price above all before. */
        void offer() {
            if (boughtByAChange() == 1) {
                highest += TICK;
                KoreanOrders.ask(broker, it, highest);
            }
        }

        /** A price some ticks below the first; 0 where the exchange sets it. */
        long price(int ticks) {
            return it.kind().type().isPriced() ? KoreanOrders.LOW - ticks * TICK : 0;
        }

        /** The price that triggers a stop limit, which KIS asks for again. */
        long stop() {
            return it.kind().type() == OrderType.STOP_LIMIT ? TwoTraders.BASE + TICK : 0;
        }

        TestBroker.Answer change(String number, long price) {
            return sent(CALLS.modify(
                    TOKEN,
                    new ModifyOrder("06010", Long.parseLong(number), STOCK, it.venue(), it.code(), price, stop())));
        }

        String changed(String number, long price) {
            offer();
            String next = TwoTraders.odno(change(number, price));
            assertThat(next).isNotEqualTo(number);
            return next;
        }

        TestBroker.Answer cancelled(String number, long qty, boolean all) {
            return sent(CALLS.cancel(
                    TOKEN, new CancelOrder("06010", Long.parseLong(number), STOCK, it.venue(), it.code(), qty, all)));
        }

        private TestBroker.Answer sent(RestRequest request) {
            Map<String, String> body = new HashMap<>();
            JSON.readTree(request.body().orElseThrow().reveal())
                    .forEachEntry((name, value) -> body.put(name, value.stringValue()));
            return broker.call(
                    request.method(),
                    request.path(),
                    Map.of("tr_id", request.headers().get("tr_id")),
                    body);
        }

        /** Cash that is gone or reserved because of the order. */
        long spent() {
            return before - broker.spendable(ME);
        }

        /** Cash that its fills cost. */
        long bought() {
            return broker.fills(ME).stream()
                    .mapToLong(fill -> fill.qty() * fill.price())
                    .map(amount -> amount + Costs.usual().commission(amount))
                    .sum();
        }
    }
}
