package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Listing.Complete;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The list is read away from the core's thread, beside what was believed then. */
class ListReadingTest {
    /** The question that is asked now. */
    private static OrderEffect.AskBroker question(OrderDay day) {
        while (day.effects.stream().noneMatch(OrderEffect.AskBroker.class::isInstance)) {
            day.pass(Duration.ofSeconds(1));
        }
        return day.next(OrderEffect.AskBroker.class).orElseThrow();
    }

    private static ListReading read(OrderEffect.AskBroker question, OrderDay day, Complete listing) {
        return ListReading.of(
                question, listing, List.copyOf(day.rebuilt().values()), OrderDay.CALENDAR.endOf(question.day()));
    }

    /** An order whose answer is awaited. */
    private static OrderId sending(OrderDay day) {
        OrderId id = day.buy("k2");
        day.grant();
        day.must(OrderEffect.SendPlace.class);
        return id;
    }

    @Test
    @Requirement("A-24")
    void an_order_that_rests_as_listed_is_not_compared_again() {
        var day = OrderDay.open();
        day.sent("k1", 1);
        var listing = new Complete(day.now, List.of(OrderDay.row(1, 100000, 0, 0, 0)));
        var reading = read(question(day), day, listing);
        assertThat(reading.toCompare()).isEmpty();
        assertThat(reading.unsettled()).isEmpty();
    }

    @Test
    @Requirement(value = "A-24", clause = "quantities")
    void an_order_that_the_list_knows_better_is_compared() {
        var day = OrderDay.open();
        OrderId id = day.sent("k1", 1);
        Listed row = OrderDay.row(1, 100000, 4, 280_000, 0);
        var question = question(day);
        var listing = new Complete(day.now, List.of(row));
        var reading = read(question, day, listing);
        assertThat(reading.toCompare()).containsExactly(id);
        assertThat(reading.unsettled()).containsExactly(row);

        day.on(new OrderInput.ListArrived(question.day(), listing, Optional.of(reading)));
        assertThat(day.order(id).filled()).isEqualTo(4);
    }

    @Test
    @Requirement("A-24")
    void what_changed_while_the_list_was_on_its_way_is_compared_as_it_stands() {
        var day = OrderDay.open();
        day.sent("k1", 1);
        OrderId id = sending(day);
        var question = question(day);
        var listing = new Complete(
                day.now.plusSeconds(1), List.of(OrderDay.row(1, 100000, 0, 0, 0), OrderDay.row(2, 100001, 0, 0, 0)));
        var reading = read(question, day, listing); // it is being sent: its answer will tell
        assertThat(reading.toCompare()).isEmpty();

        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.UNKNOWN);
        day.on(new OrderInput.ListArrived(question.day(), listing, Optional.of(reading)));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).placing().odno()).hasValue(2);
    }

    @Test
    @Requirement("A-24")
    void a_reading_of_before_a_restart_is_not_believed() {
        var day = OrderDay.open();
        day.sent("k1", 1);
        OrderId id = sending(day);
        var question = question(day);
        var listing =
                new Complete(day.now, List.of(OrderDay.row(1, 100000, 0, 0, 0), OrderDay.row(2, 100000, 0, 0, 0)));
        var reading = read(question, day, listing);
        day.pass(Duration.ofMillis(1));
        day.crash(); // what was being sent is in doubt from here on
        day.on(new OrderInput.ListArrived(question.day(), listing, Optional.of(reading)));
        assertThat(day.order(id).status()).isEqualTo(OrderStatus.SENT);
    }
}
