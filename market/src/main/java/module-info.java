/**
 * The rules of the Korean market: instruments, ticks, limits, sessions, holidays, money. No I/O beyond its own
 * resources.
 */
module kr.kisgateway.market {
    requires static transitive org.jspecify;

    exports kr.kisgateway.market;
}
