package kr.kisgateway.gateway.feed;

/** Market data as a broker pushes it. It exists before its listener and before its sockets are opened. */
public interface MarketFeed {
    /** Sets the one listener; to be called once, before the sockets are opened. */
    void attach(FeedListener listener);
}
