package kr.kisgateway.gateway.batch;

import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.MarketSymbol;

/**
 * What one batch asks about each of its symbols, for one caller.
 *
 * @param <V> what is told of a symbol
 */
public interface BatchKind<V> {
    /** What is known of {@code text}, which need not be a symbol, without a call to KIS. */
    Resolution<V> resolve(String text);

    /** How many of its country one question about {@code listed} may name; a question is about one country. */
    int groupSizeMax(Listed listed);

    /** Calls to KIS that a question about {@code group} takes at least. */
    int calls(List<Listed> group);

    /** Calls to KIS that can be made each second while nobody else asks. */
    int callsPerSecond();

    /** Asks about {@code group}; blocks until each of it has its answer or its refusal, for a minute at most. */
    Map<MarketSymbol, Result<V>> request(List<Listed> group);

    /** What is known of a symbol without a call. */
    sealed interface Resolution<V> {
        record Immediate<V>(Result<V> result) implements Resolution<V> {}

        record CallNeeded<V>(Listed listed) implements Resolution<V> {}
    }

    /** What is told of a symbol. */
    sealed interface Result<V> {
        record Success<V>(V value) implements Result<V> {}

        record Refused<V>(Refusal refusal) implements Result<V> {}
    }
}
