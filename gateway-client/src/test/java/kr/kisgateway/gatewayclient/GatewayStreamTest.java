package kr.kisgateway.gatewayclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Predicate;
import kr.kisgateway.api.stream.StreamHello;
import kr.kisgateway.api.stream.StreamQuote;
import kr.kisgateway.api.stream.StreamUsQuote;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GatewayStreamTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration NO_WAIT = Duration.ZERO;

    private final GatewayStream stream = new GatewayStream();

    @Test
    void an_array_of_messages_is_split_in_order() {
        stream.receive("[{\"seq\":1},{\"seq\":2}]");
        stream.receive("{\"seq\":3}");
        assertThat(stream.unclaimed()).extracting(m -> m.path("seq").intValue()).containsExactly(1, 2, 3);
    }

    @Test
    void a_message_received_before_the_wait_is_returned_once() {
        stream.receive("{\"ch\":\"orders\"}");
        stream.receive("{\"ch\":\"executions\"}");
        assertThat(stream.await("an execution", channel("executions"), NO_WAIT)
                        .path("ch")
                        .asString())
                .isEqualTo("executions");
        assertThat(stream.await("an order", channel("orders"), NO_WAIT)
                        .path("ch")
                        .asString())
                .isEqualTo("orders");
        assertThatThrownBy(() -> stream.await("a second order", channel("orders"), NO_WAIT))
                .isInstanceOf(GatewayException.class);
    }

    @Test
    void a_message_taken_from_the_middle_is_the_one_returned() {
        for (int n = 0; n < 100; n++) stream.receive("{\"n\":" + n + "}");
        for (int n : new int[] {50, 31, 63, 0, 99, 15, 47, 48, 49, 51}) {
            assertThat(stream.await("message " + n, m -> m.path("n").intValue() == n, NO_WAIT)
                            .path("n")
                            .intValue())
                    .isEqualTo(n);
        }
    }

    @Test
    void a_message_is_awaited_as_its_record_and_others_stay() {
        stream.receive("{\"op\":\"hello\",\"epoch\":7}");
        stream.receive("{\"ch\":\"later\"}");
        stream.receive(
                "[{\"ch\":\"quotes\",\"s\":\"AAPL.NASD\",\"p\":187.34},{\"ch\":\"quotes\",\"s\":\"005930\",\"p\":71000}]");
        assertThat(stream.await(StreamQuote.class, quote -> quote.p() > 0, NO_WAIT)
                        .p())
                .isEqualTo(71_000);
        assertThat(stream.await(StreamHello.class, _ -> true, NO_WAIT)).isEqualTo(new StreamHello("hello", 7));
        assertThatThrownBy(() ->
                        stream.await(StreamUsQuote.class, quote -> quote.p().signum() < 0, NO_WAIT))
                .isInstanceOf(GatewayException.class)
                .hasMessageContaining("StreamUsQuote");
        assertThat(stream.unclaimed()).hasSize(2);
    }

    @Test
    void a_waiting_reader_receives_the_message_on_arrival() throws InterruptedException {
        var sender = Thread.ofVirtual().start(() -> stream.receive("{\"ch\":\"quotes\"}"));
        assertThat(stream.await("a quote", channel("quotes"), LIMIT)).isNotNull();
        sender.join();
    }

    @Test
    void a_wait_that_times_out_lists_the_messages_received_instead() {
        stream.receive("{\"op\":\"error\",\"error\":{\"code\":\"REGISTRATIONS_FULL\"}}");
        assertThatThrownBy(() -> stream.await("the ack of 1", channel("ack"), NO_WAIT))
                .hasMessageContaining("the ack of 1")
                .hasMessageContaining("REGISTRATIONS_FULL");
    }

    @Test
    void a_closed_stream_ends_a_wait_at_once_with_its_close_code() {
        stream.recordEnd(4008, "SLOW_CONSUMER");
        stream.recordEnd(1006, "a later error changes nothing");
        assertThatThrownBy(() -> stream.await("anything", m -> true, LIMIT)).hasMessageContaining("SLOW_CONSUMER");
        assertThat(stream.awaitClosed(NO_WAIT)).isEqualTo(new GatewayStream.Closed(4008, "SLOW_CONSUMER"));
    }

    @Test
    void unclaimed_messages_are_dropped_oldest_first_and_counted() {
        for (int n = 0; n < GatewayStream.BUFFERED_MAX + 3; n++) stream.receive("{\"n\":" + n + "}");
        assertThat(stream.dropped()).isEqualTo(3);
        assertThat(stream.arrived()).isEqualTo(GatewayStream.BUFFERED_MAX + 3);
        assertThat(stream.unclaimed().getFirst().path("n").intValue()).isEqualTo(3);
    }

    private static Predicate<JsonNode> channel(String name) {
        return message -> message.path("ch").asString("").equals(name);
    }
}
