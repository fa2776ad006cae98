package kr.kisgateway.gateway.interruption;

import kr.kisgateway.market.Symbol;

/** A listener that ignores everything, for other tests. */
public final class NoOpStatusListener implements StatusListener {
    @Override
    public void observed(StockStatus status) {}

    @Override
    public void released(Symbol symbol) {}

    @Override
    public void missed(Symbol symbol) {}
}
