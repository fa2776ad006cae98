package kr.kisgateway.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class StreamLoadTest {
    private static final long SENT = 1_790_000_000_000L;

    @Test
    void ticks_are_counted_one_by_one_however_they_are_joined_and_timed_by_their_stamp() throws IOException {
        var tick = "{\"ch\":\"trades\",\"s\":\"005930\",\"p\":71000,\"ts_ms\":" + SENT + ",\"seq\":1}";
        var joined = "[" + tick + ",".concat(tick).repeat(999) + "]"; // long enough for the wide length field
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            // Its thread keeps a finished program alive for five seconds.
            config.startup.startupWatcherEnabled = false;
            config.routes.ws(
                    "/v1/stream",
                    socket -> socket.onMessage(context -> {
                        context.send("{\"op\":\"hello\",\"epoch\":1}");
                        context.send(tick);
                        context.send(joined);
                    }));
        });
        server.start("127.0.0.1", 0);
        try (var load = StreamLoad.connect(
                server.port(),
                2,
                "{\"op\":\"subscribe\"}",
                System::nanoTime,
                // Half a millisecond is the part of its stamp that is truncated.
                InstantSource.fixed(Instant.ofEpochMilli(SENT + 40).plusNanos(500_000)))) {
            var outcome = load.run(0, 1);

            assertThat(outcome.latency().count()).isEqualTo(2 * 1_001);
            assertThat(outcome.ticksAFrame()).isEqualTo(1_001 / 2.0);
            assertThat(outcome.latency().ms(50)).isBetween(39.9, 40.1);
            assertThat(outcome.latency().ms(100)).isBetween(39.9, 40.1);
        } finally {
            server.stop();
        }
    }

    @Test
    void of_kis_only_data_frames_count() throws IOException {
        var messages = new LinkedBlockingQueue<String>();
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.startupWatcherEnabled = false;
            config.routes.ws(
                    "/tryitout",
                    socket -> socket.onMessage(context -> {
                        messages.add(context.message());
                        if (messages.size() < 2) return;
                        context.send("{\"header\":{\"tr_id\":\"H0STCNT0\"},\"body\":{\"rt_cd\":\"0\"}}");
                        context.send("{\"header\":{\"tr_id\":\"PINGPONG\"}}");
                        for (int i = 0; i < 5; i++) context.send("0|H0STCNT0|001|005930^" + "1".repeat(300));
                    }));
        });
        server.start("127.0.0.1", 0);
        try (var load = StreamLoad.connectKis(server.port(), List.of(List.of("first", "second")), System::nanoTime)) {
            var outcome = load.run(0, 1);

            assertThat(messages).containsExactly("first", "second");
            assertThat(Math.round(outcome.ticks())).isEqualTo(5);
        } finally {
            server.stop();
        }
    }

    @Test
    void a_client_frame_is_masked_and_has_its_length() {
        assertThat(StreamLoad.frame(1, "ab".getBytes(StandardCharsets.US_ASCII)))
                .containsExactly(0x81, 0x82, 0, 0, 0, 0, 'a', 'b');
        assertThat(StreamLoad.frame(1, new byte[300]))
                .startsWith(0x81, 0xFE, 1, 0x2C)
                .hasSize(308);
    }
}
