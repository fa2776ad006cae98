package kr.kisgateway.api.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A message of the stream is read as the kind that it is. */
final class StreamMessagesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    StreamHello     | {"op":"hello","epoch":7}
                    StreamAck       | {"op":"ack","id":"1","mode":"push","cursors":{"A1":12}}
                    StreamError     | {"op":"error","id":null,"error":{"code":"FORBIDDEN"}}
                    StreamMode      | {"op":"mode","ch":"quotes","s":"005930","mode":"poll","interval_ms":1000}
                    StreamResumed   | {"op":"resumed","id":"2","account_id":"A1","to_seq":12}
                    StreamQuote     | {"ch":"quotes","s":"005930","p":71000,"bid":null,"seq":1,"snapshot":true}
                    StreamUsQuote   | {"ch":"quotes","s":"AAPL.NASD","p":187.34,"seq":1}
                    StreamTrade     | {"ch":"trades","s":"005930","p":71000,"q":2,"seq":1}
                    StreamUsTrade   | {"ch":"trades","s":"AAPL.NASD","p":187.34,"q":2,"seq":1}
                    StreamBook      | {"ch":"books","s":"005930","asks":[[71000,2]],"bids":[],"seq":1}
                    StreamUsBook    | {"ch":"books","s":"AAPL.NASD","asks":[[187.34,2]],"bids":[],"seq":1}
                    StreamBar       | {"ch":"bars:1m","s":"005930","open":71000,"final":true,"seq":1}
                    StreamUsBar     | {"ch":"bars:60m","s":"AAPL.NASD","open":187.34,"final":false,"seq":1}
                    StreamGap       | {"ch":"trades","s":"005930","gap":{"from":1,"to":2,"cause":"SILENCE"},"seq":2}
                    StreamOrder     | {"ch":"orders","s":"005930","order_id":"o-1","status":"SENT","fills":[],"seq":3}
                    StreamExecution | {"ch":"executions","s":"005930","seq":3,"order_id":"o-1","price":71000.5}
                    StreamSession   | {"ch":"session","state":"ACTIVE","connected":true,"last_error":null,"seq":1}
                    StreamAlert     | {"ch":"alerts","level":"P1","event":"request_in_doubt","seq":1}
                    """)
    void each_kind_of_message_is_read_as_its_record(String kind, String json) {
        var message = StreamCalls.read(ApiJson.tree(json)).orElseThrow();
        assertThat(message.getClass().getSimpleName()).isEqualTo(kind);
        var written = ApiJson.tree(ApiJson.text(message));
        ApiJson.tree(json)
                .forEachEntry((name, value) ->
                        assertThat(covers(written.path(name), value)).as(name).isTrue());
    }

    /** The other fields of a nested record are empty. */
    private static boolean covers(JsonNode read, JsonNode sent) {
        return sent.isObject()
                ? sent.properties().stream().allMatch(one -> covers(read.path(one.getKey()), one.getValue()))
                : read.equals(sent);
    }

    @Test
    void the_kinds_that_are_read_are_all_there_are() throws NoSuchMethodException {
        var cases = StreamMessagesTest.class
                .getDeclaredMethod("each_kind_of_message_is_read_as_its_record", String.class, String.class)
                .getAnnotation(CsvSource.class)
                .textBlock()
                .lines()
                .map(line -> line.substring(0, line.indexOf('|')).strip())
                .toList();
        assertThat(cases)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(StreamMessage.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
    }

    @Test
    void a_message_of_a_later_version_is_none_of_them() {
        assertThat(StreamCalls.read(ApiJson.tree("{\"ch\":\"later\",\"s\":\"005930\"}")))
                .isEqualTo(Optional.empty());
        assertThat(StreamCalls.read(ApiJson.tree("{\"op\":\"later\"}"))).isEqualTo(Optional.empty());
    }

    @Test
    void the_events_of_a_channel_without_symbols_name_none() {
        assertThat(StreamCalls.events(List.of("orders", "alerts"), List.of()))
                .isEqualTo("/v1/events?channels=orders%2Calerts");
        assertThat(StreamCalls.events(List.of("bars:1m"), List.of("005930")))
                .isEqualTo("/v1/events?channels=bars%3A1m&symbols=005930");
    }
}
