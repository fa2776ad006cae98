package kr.kisgateway.simulator.exchange;

import kr.kisgateway.market.Side;

/** What {@link Agents} do to a market: the orders of one {@link StockBook} at one instant. Ids of agents lie below 0. */
public interface AgentActions {
    /** Lets an order take what rests against it up to {@code limit}; the quantity that found nobody. */
    long take(long id, Side side, long limit, long qty);

    void rest(long id, Side side, long price, long qty);

    /** While orders collect: ahead of every price. */
    void restAtMarket(long id, Side side, long qty);

    void cancel(long id);
}
