package kr.kisgateway.gateway.batch;

import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.MarketSymbol;

/**
 * The data that one batch requests about each of its symbols, for one caller.
 *
 * @param <V> result for a symbol
 */
public interface BatchKind<V> {
    /** Resolves {@code text}, which need not be a symbol, without a call to KIS. */
    Resolution<V> resolve(String text);

    /** Maximum symbols of the market of {@code listed} in one group; a group is of one market. */
    int groupSizeMax(Listed listed);

    /** Minimum calls to KIS for {@code group}. */
    int calls(List<Listed> group);

    /** Calls to KIS per second, without other traffic. */
    int callsPerSecond();

    /** Requests {@code group}; blocks until each symbol has its answer or its refusal, for a minute at most. */
    Map<MarketSymbol, Result<V>> request(List<Listed> group);

    /** Result for a symbol without a call. */
    sealed interface Resolution<V> {
        record Immediate<V>(Result<V> result) implements Resolution<V> {}

        record CallNeeded<V>(Listed listed) implements Resolution<V> {}
    }
}
