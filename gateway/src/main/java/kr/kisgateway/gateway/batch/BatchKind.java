package kr.kisgateway.gateway.batch;

import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Symbol;

/**
 * What one batch asks about each of its symbols, for one caller.
 *
 * @param <V> what is told of a symbol
 */
public interface BatchKind<V> {
    /** What is known of {@code text}, which need not be a symbol, without a call to KIS. */
    Look<V> look(String text);

    /** Symbols of one question. */
    int most();

    /** Calls to KIS that a question about {@code group} takes at least. */
    int calls(List<Instrument> group);

    /** Calls to KIS that can be made each second while nobody else asks. */
    int callsPerSecond();

    /** Asks about {@code group}; blocks until each of it has its answer or its refusal, for a minute at most. */
    Map<Symbol, Told<V>> ask(List<Instrument> group);

    /** What is known of a symbol without a call. */
    sealed interface Look<V> {
        record AtHand<V>(Told<V> told) implements Look<V> {}

        record ToAsk<V>(Instrument instrument) implements Look<V> {}
    }

    /** What is told of a symbol. */
    sealed interface Told<V> {
        record Known<V>(V value) implements Told<V> {}

        record Refused<V>(Refusal refusal) implements Told<V> {}
    }
}
