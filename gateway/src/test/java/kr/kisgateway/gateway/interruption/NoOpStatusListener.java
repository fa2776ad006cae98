package kr.kisgateway.gateway.interruption;

import kr.kisgateway.market.Symbol;

/** For tests about everything else. */
public final class NoOpStatusListener implements StatusListener {
    @Override
    public void observed(StockStatus status) {}

    @Override
    public void released(Symbol symbol) {}

    @Override
    public void missed(Symbol symbol) {}
}
