package kr.kisgateway.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kr.kisgateway.gateway.bar.MinuteSource.Minute;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Bars on the stream: open, final, corrected. The clock is at 11:00 in Seoul. */
@Requirement("P-13")
class StreamBarsTest {
    private final StreamRig rig = new StreamRig(new StreamSettings(20, 10, 4, 64, 64 * 1024, Duration.ofSeconds(20)));

    @BeforeEach
    void begin() {
        rig.hub.register(new RouteTable(), new ThreadTaskRunner());
    }

    @AfterEach
    void end() {
        rig.hub.close();
    }

    @Test
    void a_bar_follows_the_trades_and_is_final_when_its_period_ends() {
        var client = rig.listening("bars:1m");
        rig.tick(70_000);
        var first = client.next();
        assertThat(first.get("ch").stringValue()).isEqualTo("bars:1m");
        assertThat(first.get("ts").longValue()).isEqualTo(rig.clock.instant().getEpochSecond());
        assertThat(first.get("final").booleanValue()).isFalse();
        assertThat(first.get("complete").booleanValue()).isTrue();
        rig.tick(69_000);
        var second = client.next();
        assertThat(ohlcv(second)).isEqualTo("70000 70000 69000 69000 20");
        assertThat(second.get("seq").longValue()).isEqualTo(first.get("seq").longValue() + 1);

        rig.clock.advance(Duration.ofSeconds(63));
        rig.hub.sessionChanged();
        var last = client.next();
        assertThat(last.get("final").booleanValue()).isTrue();
        assertThat(ohlcv(last)).isEqualTo("70000 70000 69000 69000 20");
    }

    @Test
    void a_later_subscriber_begins_with_the_current_bar() {
        var early = rig.listening("bars:5m");
        rig.tick(70_000);
        early.next();
        var late = rig.listening("bars:5m", "bars:60m");
        var snapshots = List.of(late.next(), late.next());
        assertThat(snapshots).allMatch(bar -> bar.get("snapshot").booleanValue());
        assertThat(snapshots).extracting(bar -> ohlcv(bar)).containsOnly("70000 70000 70000 70000 10");
    }

    @Test
    @Requirement(value = "I-01", clause = "bars")
    void a_bar_with_missing_trades_is_marked_and_corrected_from_minutes_of_kis() {
        var requests = new CopyOnWriteArrayList<String>();
        rig.minutes = (symbol, from, to) -> {
            requests.add(symbol + " " + (to - from));
            return Optional.of(List.of(new Minute(from, 70_000, 71_000, 68_000, 70_500, 80, 5_600_000)));
        };
        var client = rig.listening("bars:1m");
        rig.tick(70_000);
        client.next();
        rig.lose(60);
        rig.tick(70_500);
        var incomplete = client.next();
        assertThat(incomplete.get("complete").booleanValue()).isFalse();
        rig.clock.advance(Duration.ofSeconds(66));
        rig.hub.sessionChanged();
        var last = client.next();
        assertThat(last.get("final").booleanValue()).isTrue();
        assertThat(last.get("complete").booleanValue()).isFalse();

        var corrected = client.next();
        assertThat(corrected.get("corrected").booleanValue()).isTrue();
        assertThat(corrected.get("complete").booleanValue()).isTrue();
        assertThat(corrected.get("ts").longValue()).isEqualTo(last.get("ts").longValue());
        assertThat(ohlcv(corrected)).isEqualTo("70000 71000 68000 70500 80");
        assertThat(requests).containsExactly("005930 0");
    }

    @Test
    void a_slow_reader_receives_the_open_bar_conflated_and_every_final_one_or_a_marked_gap() {
        var client = rig.listening("bars:1m");
        rig.tick(70_000);
        client.next();
        client.stall();
        rig.tick(70_100);
        client.awaitStalled();
        // Ten minutes of ten trades; room for four messages.
        for (var minute = 1; minute <= 10; minute++) {
            rig.time = 110000 + 100 * minute;
            for (var i = 0; i < 10; i++) {
                rig.tick(71_000 + minute);
            }
        }
        client.resume();

        long seq = 1;
        var gaps = 0;
        var finals = 0;
        while (seq < 112) {
            var message = client.next();
            var now = message.get("seq").longValue();
            if (message.has("gap")) {
                assertThat(message.get("gap").get("cause").stringValue()).isEqualTo("SLOW_CONSUMER");
                assertThat(message.get("gap").get("from").longValue()).isEqualTo(seq + 1);
                gaps++;
            } else {
                assertThat(now - seq).isEqualTo(message.path("conflated").asLong(0) + 1);
                finals += message.get("final").booleanValue() ? 1 : 0;
            }
            seq = now;
        }
        assertThat(gaps).isEqualTo(1);
        assertThat(finals).isBetween(1, 5);
    }

    @Test
    void an_idle_socket_receives_no_empty_frames() {
        var client = rig.listening("bars:1m");
        rig.hub.sendHeartbeats();
        rig.tick(70_000);
        assertThat(client.next().get("ch").stringValue()).isEqualTo("bars:1m");
    }

    private static String ohlcv(JsonNode bar) {
        return bar.get("open") + " " + bar.get("high") + " " + bar.get("low") + " " + bar.get("close") + " "
                + bar.get("volume");
    }
}
