package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import kr.kisgateway.api.json.ApiJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages of the stream in lines for people. */
class StreamTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"op":"hello","epoch":1795150800000}                                    | Connected to the gateway, which started 2026-11-20 14:00:00.
            {"op":"ack","id":null,"mode":"push"}                                    | Subscribed; KIS pushes the values.
            {"op":"ack","id":null,"mode":"poll","interval_ms":2500,"polled":[{"s":"005930","ch":"quotes","interval_ms":2500}]} | Subscribed; polled: quotes 005930 every 2.5 s.
            {"op":"mode","ch":"trades","s":"005930","mode":"push"}                  | trades 005930  pushed from now on
            {"op":"mode","ch":"books","s":"005930","mode":"poll","interval_ms":3000} | books 005930  polled every 3 s from now on
            {"op":"resumed","id":null,"account_id":"A1","to_seq":7}                 | Account A1: missed events are complete.
            {"ch":"trades","s":"005930","gap":{"from":3,"to":5,"cause":"RECONNECT"},"seq":5} | trades 005930  3 missing: RECONNECT
            {"ch":"trades","s":"005930","p":199400,"q":12,"v":1234567,"side":"B","time":"140000","ts_ms":1795150800123,"seq":1} | 14:00:00.123  trades  005930    199,400 x 12      BUY   volume 1,234,567
            {"ch":"trades","s":"005930","venue":"NXT","p":900,"q":1200,"v":7,"side":"S","time":"140000","ts_ms":1795150800123,"seq":1} | 14:00:00.123  trades  005930        900 x 1,200   SELL  volume 7  NXT
            {"ch":"trades","s":"AAPL.NASD","p":187.3,"q":5,"v":10,"time":"000000","feed":"free","ts_ms":1795150800123,"seq":1} | 14:00:00.123  trades  AAPL.NASD    $187.30 x 5       -     volume 10
            {"ch":"later","s":"005930","x":1}                                       | {"ch":"later","s":"005930","x":1}
            {"ch":"trades","s":"005930","p":"?"}                                    | {"ch":"trades","s":"005930","p":"?"}
            """)
    void a_message_is_a_line(String message, String line) {
        assertThat(StreamText.line(ApiJson.tree(message))).isEqualTo(line);
    }

    @Test
    void a_quote_has_its_change_with_two_decimals_and_whether_it_is_halted() {
        assertThat(StreamText.line(ApiJson.tree("""
                                        {"ch":"quotes","s":"005930","p":71500,"change":-200,"change_pct":-0.3,"open":1,"high":1,
                                        "low":1,"v":10,"turnover":1,"bid":71400,"ask":null,"halted":true,"ts_ms":1795150800123,"seq":1}""")))
                .startsWith("14:00:00.123  quotes  005930     71,500   -0.30 %  bid    71,400  ask ")
                .endsWith("volume 10  halted");
    }
}
