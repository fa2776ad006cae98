package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kr.kisgateway.bench.TickBench.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TickBenchTest {
    private static final String KIS =
            " kr.kisgateway.client.session.RealtimeSession kr.kisgateway.client.ws.TextSocket";
    private static final String CLIENT =
            " kr.kisgateway.gateway.stream.StreamClient java.lang.VirtualThread jdk.internal.vm.Continuation";

    @ParameterizedTest
    @CsvSource({
        "sun.nio.ch.SocketDispatcher kr.kisgateway.client.ws.FrameInput, READ",
        "kr.kisgateway.client.ws.FrameInput, READ",
        "java.lang.String kr.kisgateway.wire.parse.FrameParser, DECODE",
        "kr.kisgateway.client.session.Frames, DECODE",
        "kr.kisgateway.gateway.stream.Mailbox kr.kisgateway.gateway.stream.Topic kr.kisgateway.wire.parse.FrameParser, PUBLISH",
        "kr.kisgateway.client.session.Delivery$Relay kr.kisgateway.wire.parse.FrameParser, PUBLISH",
        "kr.kisgateway.market.Trade kr.kisgateway.wire.parse.FrameParser, DECODE",
        "kr.kisgateway.market.Symbol kr.kisgateway.gateway.quote.QuoteStore kr.kisgateway.wire.parse.FrameParser, PUBLISH",
        "jdk.internal.vm.Continuation kr.kisgateway.gateway.stream.Mailbox, WAKE",
        "jdk.internal.misc.Unsafe java.util.concurrent.locks.LockSupport kr.kisgateway.gateway.stream.Mailbox, WAKE",
        "jdk.internal.misc.Unsafe java.lang.String kr.kisgateway.wire.parse.FrameParser, DECODE",
    })
    void a_sample_of_the_thread_that_reads_kis_is_of_the_stage_of_its_newest_code(String frames, Stage stage) {
        assertThat(stage(frames + KIS)).isEqualTo(stage);
    }

    @ParameterizedTest
    @CsvSource({
        "kr.kisgateway.gateway.stream.JsonFrame, COLLECT",
        "java.util.ArrayDeque kr.kisgateway.gateway.stream.Mailbox, COLLECT",
        "org.eclipse.jetty.util.BufferUtil kr.kisgateway.gateway.http.HttpEdge$JettyConnection, SEND",
        "sun.nio.ch.SocketDispatcher org.eclipse.jetty.io.Flusher kr.kisgateway.gateway.http.HttpEdge$JettyConnection, WRITE",
        "java.lang.VirtualThread kr.kisgateway.gateway.stream.Mailbox, WAKE",
    })
    void a_sample_of_a_clients_thread_is_of_the_stage_of_its_newest_code(String frames, Stage stage) {
        assertThat(stage(frames + CLIENT)).isEqualTo(stage);
    }

    @Test
    void a_sample_of_another_thread_is_no_part_of_a_trades_way() {
        assertThat(stage("org.sqlite.core.NativeDB kr.kisgateway.gateway.audit.AuditStore"))
                .isEqualTo(Stage.REST);
        assertThat(stage("java.util.concurrent.ForkJoinPool$WorkQueue")).isEqualTo(Stage.WAKE);
        assertThat(TickBench.stage(List.of())).isEqualTo(Stage.REST);
    }

    private static Stage stage(String frames) {
        return TickBench.stage(List.of(frames.split(" ")));
    }
}
