package kr.kisgateway.wire.parse;

import kr.kisgateway.market.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link Symbol} of a field without creating one for every tick.
 *
 * <p>A code of up to seven ASCII characters is packed into a long, which also selects its place. Where four neighbours
 * are taken the new symbol displaces the first: memory is bounded, whatever the wire sends, and symbols that share a place
 * are merely created again. The table has room for all listed instruments twice over.
 */
final class SymbolTable {
    private static final int BITS = 13;
    private static final int MASK = (1 << BITS) - 1;
    private static final int NEIGHBOURS = 4;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final long[] keys = new long[1 << BITS];
    private final @Nullable Symbol[] symbols = new Symbol[1 << BITS];

    /** The symbol of the characters from {@code from} to {@code to}, or null when they form none. */
    @Nullable
    Symbol find(char[] chars, int from, int to) {
        int length = to - from;
        if (length < 6 || length > 7) {
            return null;
        }
        long key = 0;
        int all = 0;
        for (int i = from; i < to; i++) {
            key = key << 8 | chars[i];
            all |= chars[i];
        }
        if (all > 127) {
            return null;
        }
        int home = (int) (key * SPREAD >>> (64 - BITS));
        for (int i = 0; i < NEIGHBOURS; i++) {
            int slot = home + i & MASK;
            Symbol cached = symbols[slot];
            if (cached == null) {
                return create(new String(chars, from, length), key, slot);
            }
            if (keys[slot] == key) {
                return cached;
            }
        }
        return create(new String(chars, from, length), key, home);
    }

    private @Nullable Symbol create(String code, long key, int slot) {
        Symbol symbol = Symbol.parse(code).orElse(null);
        if (symbol != null) {
            keys[slot] = key;
            symbols[slot] = symbol;
        }
        return symbol;
    }
}
