package kr.kisgateway.wire.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.Golden;

/** Records the output of a parser. */
public final class RecordedFrames implements FrameListener {
    public final List<Trade> trades = new ArrayList<>();
    public final List<OrderBook> books = new ArrayList<>();
    public final List<ExecutionNotice> notices = new ArrayList<>();
    public final List<UntypedFrame> frames = new ArrayList<>();
    public final List<BadFrame> bad = new ArrayList<>();

    /** The frames that a fresh parser with the key of the golden acknowledgement reads from {@code messages}. */
    public static RecordedFrames from(CharSequence... messages) {
        RecordedFrames recorded = new RecordedFrames();
        FrameParser parser = new FrameParser(recorded, trId -> Optional.of(Golden.KEY));
        for (CharSequence message : messages) {
            parser.parse(message);
        }
        return recorded;
    }

    public int good() {
        return trades.size() + books.size() + notices.size() + frames.size();
    }

    @Override
    public void trade(Trade trade) {
        trades.add(trade);
    }

    @Override
    public void book(OrderBook book) {
        books.add(book);
    }

    @Override
    public void notice(ExecutionNotice notice) {
        notices.add(notice);
    }

    @Override
    public void rows(UntypedFrame frame) {
        frames.add(frame);
    }

    @Override
    public void bad(BadFrame frame) {
        bad.add(frame);
    }
}
