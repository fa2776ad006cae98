package kr.kisgateway.gatewayclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GatewayStreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration AT_ONCE = Duration.ZERO;

    private final GatewayStream stream = new GatewayStream();

    @Test
    void joined_messages_come_apart_in_their_order() {
        stream.take("[{\"seq\":1},{\"seq\":2}]");
        stream.take("{\"seq\":3}");
        assertThat(stream.unclaimed()).extracting(m -> m.path("seq").intValue()).containsExactly(1, 2, 3);
    }

    @Test
    void a_message_that_came_before_it_was_waited_for_is_found_and_handed_out_once() {
        stream.take("{\"ch\":\"orders\"}");
        stream.take("{\"ch\":\"executions\"}");
        assertThat(stream.await("an execution", channel("executions"), AT_ONCE)
                        .path("ch")
                        .asString())
                .isEqualTo("executions");
        assertThat(stream.await("an order", channel("orders"), AT_ONCE)
                        .path("ch")
                        .asString())
                .isEqualTo("orders");
        assertThatThrownBy(() -> stream.await("a second order", channel("orders"), AT_ONCE))
                .isInstanceOf(GatewayException.class);
    }

    @Test
    void whichever_message_is_taken_out_of_the_middle_is_the_one_handed_out() {
        for (int n = 0; n < 100; n++) stream.take("{\"n\":" + n + "}");
        for (int n : new int[] {50, 31, 63, 0, 99, 15, 47, 48, 49, 51}) {
            assertThat(stream.await("message " + n, m -> m.path("n").intValue() == n, AT_ONCE)
                            .path("n")
                            .intValue())
                    .isEqualTo(n);
        }
    }

    @Test
    void a_waiting_reader_gets_the_message_when_it_comes() throws InterruptedException {
        var sender = Thread.ofVirtual().start(() -> stream.take("{\"ch\":\"quotes\"}"));
        assertThat(stream.await("a quote", channel("quotes"), LIMIT)).isNotNull();
        sender.join();
    }

    @Test
    void a_wait_in_vain_lists_what_came_instead() {
        stream.take("{\"op\":\"error\",\"error\":{\"code\":\"REGISTRATIONS_FULL\"}}");
        assertThatThrownBy(() -> stream.await("the ack of 1", channel("ack"), AT_ONCE))
                .hasMessageContaining("the ack of 1")
                .hasMessageContaining("REGISTRATIONS_FULL");
    }

    @Test
    void a_closed_stream_ends_a_wait_at_once_and_says_how_it_closed() {
        stream.ended(4008, "SLOW_CONSUMER");
        stream.ended(1006, "a later error changes nothing");
        assertThatThrownBy(() -> stream.await("anything", m -> true, LIMIT)).hasMessageContaining("SLOW_CONSUMER");
        assertThat(stream.awaitClosed(AT_ONCE)).isEqualTo(new GatewayStream.Closed(4008, "SLOW_CONSUMER"));
    }

    @Test
    void messages_that_nobody_takes_are_dropped_oldest_first_and_counted() {
        for (int n = 0; n < GatewayStream.KEPT + 3; n++) stream.take("{\"n\":" + n + "}");
        assertThat(stream.dropped()).isEqualTo(3);
        assertThat(stream.arrived()).isEqualTo(GatewayStream.KEPT + 3);
        assertThat(stream.unclaimed().getFirst().path("n").intValue()).isEqualTo(3);
    }

    private static Predicate<JsonNode> channel(String name) {
        return message -> message.path("ch").asString("").equals(name);
    }
}
