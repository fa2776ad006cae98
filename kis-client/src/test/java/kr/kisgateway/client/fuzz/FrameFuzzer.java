package kr.kisgateway.client.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.parse.BadFrame;
import kr.kisgateway.wire.parse.ControlMessage;
import kr.kisgateway.wire.parse.FrameListener;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.parse.SubscribeRequest;
import kr.kisgateway.wire.parse.UntypedFrame;

/** Any text of a socket is delivered completely or is bad, once, and never throws. */
public final class FrameFuzzer {
    private static final Optional<NoticeKey> KEY = NoticeKey.of("abcdefghijklmnopqrstuvwxyz012345", "0123456789abcdef");

    private FrameFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ControlMessage.parse(text);
        SubscribeRequest.parse(text);
        var listener = new CountingListener();
        new FrameParser(listener, _ -> KEY).parse(text);
        if (listener.good == 0 ? listener.bad != 1 : listener.bad != 0) {
            throw new IllegalStateException("good " + listener.good + ", bad " + listener.bad);
        }
    }

    private static final class CountingListener implements FrameListener {
        private int good;
        private int bad;

        @Override
        public void trade(Trade trade) {
            good++;
        }

        @Override
        public void book(OrderBook book) {
            good++;
        }

        @Override
        public void notice(ExecutionNotice notice) {
            good++;
        }

        @Override
        public void rows(UntypedFrame frame) {
            good++;
        }

        @Override
        public void bad(BadFrame frame) {
            bad++;
        }
    }
}
