package kr.kisgateway.simulator.exchange;

import kr.kisgateway.market.Side;

/** The orders of {@link Agents} in one {@link StockBook} at one instant. Ids of agents lie below 0. */
public interface AgentActions {
    /** Executes an order against resting ones up to {@code limit}; returns the quantity left. */
    long take(long id, Side side, long limit, long qty);

    void rest(long id, Side side, long price, long qty);

    /** Queues a market order for the auction, ahead of every price. */
    void restAtMarket(long id, Side side, long qty);

    void cancel(long id);
}
