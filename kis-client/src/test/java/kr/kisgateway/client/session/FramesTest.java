package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final String PINGPONG = "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"20261120093000\"}}";

    private final List<String> unreadable = new ArrayList<>();
    private final Frames frames = new Frames(7, new NoOpListener(), unreadable::add, Catalog.load());

    @Test
    void a_pingpong_is_echoed_by_the_session_unless_it_is_too_long() {
        assertThat(frames.read(PINGPONG)).contains(new SessionCore.Input.PingPong(7, PINGPONG));
        assertThat(unreadable).isEmpty();

        assertThat(frames.read(PINGPONG.replace("2026", "2".repeat(200_000)))).isEmpty();
        assertThat(unreadable).singleElement().asString().startsWith("a PINGPONG of 2000");
    }

    private static final class NoOpListener implements FrameListener {
        @Override
        public void trade(Trade trade) {}

        @Override
        public void book(OrderBook book) {}

        @Override
        public void notice(ExecutionNotice notice) {}

        @Override
        public void rows(UntypedFrame frame) {}

        @Override
        public void bad(BadFrame bad) {}
    }
}
