package kr.kisgateway.gateway.stream;

import java.util.List;
import java.util.Map;

/** A journal without events. */
public final class EmptyOrderReplay implements OrderReplay {
    @Override
    public Map<String, Long> cursors() {
        return Map.of();
    }

    @Override
    public boolean hasAccount(String accountId) {
        return accountId.equals("A1");
    }

    @Override
    public Page readPage(String accountId, long from, boolean first) {
        return new Page(List.of(), from, true);
    }
}
