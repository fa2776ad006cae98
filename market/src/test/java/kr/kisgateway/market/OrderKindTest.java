package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderKindTest {
    @Test
    void an_order_is_of_the_regular_session_and_valid_for_the_day_unless_it_trades_at_the_close() {
        assertThat(OrderKind.regular(OrderType.CONDITIONAL))
                .isEqualTo(new OrderKind(OrderType.CONDITIONAL, OrderSession.REGULAR, TimeInForce.DAY));
        assertThat(OrderKind.regular(OrderType.CLOSE_PRICE))
                .isEqualTo(new OrderKind(OrderType.CLOSE_PRICE, OrderSession.AFTER_HOURS, TimeInForce.DAY));
    }

    @Test
    void a_kind_is_written_without_what_is_usual() {
        assertThat(OrderKind.LIMIT).hasToString("LIMIT");
        assertThat(new OrderKind(OrderType.BEST, OrderSession.REGULAR, TimeInForce.IOC))
                .hasToString("BEST IOC");
        assertThat(new OrderKind(OrderType.LIMIT, OrderSession.AFTER_MARKET, TimeInForce.DAY))
                .hasToString("LIMIT of AFTER_MARKET");
        assertThat(new OrderKind(OrderType.LIMIT, OrderSession.NXT_AFTER, TimeInForce.FOK))
                .hasToString("LIMIT FOK of NXT_AFTER");
    }

    @Test
    void five_types_name_a_limit_price() {
        assertThat(Arrays.stream(OrderType.values()).filter(OrderType::isPriced))
                .containsExactly(
                        OrderType.LIMIT, OrderType.CONDITIONAL, OrderType.STOP_LIMIT, OrderType.LOO, OrderType.LOC);
    }

    @Test
    void a_conditional_order_may_cost_more_than_its_price_in_the_closing_auction() {
        assertThat(Arrays.stream(OrderType.values()).filter(OrderType::isBoundByPrice))
                .containsExactly(OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LOO, OrderType.LOC);
    }

    @Test
    void kinds_are_equal_when_all_three_parts_are() {
        List<OrderKind> kinds = all();
        List<OrderKind> again = all();
        for (int i = 0; i < kinds.size(); i++) {
            for (int j = 0; j < again.size(); j++) {
                assertThat(kinds.get(i).equals(again.get(j))).isEqualTo(i == j);
            }
            assertThat(kinds.get(i)).hasSameHashCodeAs(again.get(i)).isNotEqualTo("LIMIT");
        }
        assertThat(kinds.stream().map(OrderKind::hashCode).distinct().count()).isGreaterThan(kinds.size() / 2);
    }

    private static List<OrderKind> all() {
        return Arrays.stream(OrderType.values())
                .flatMap(type -> Arrays.stream(OrderSession.values())
                        .flatMap(session -> Arrays.stream(TimeInForce.values())
                                .map(timeInForce -> new OrderKind(type, session, timeInForce))))
                .toList();
    }
}
