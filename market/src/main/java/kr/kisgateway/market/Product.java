package kr.kisgateway.market;

/** Kind of instrument; tick sizes, limits and taxes depend on it. */
public enum Product {
    STOCK,
    ETF,
    ETN
}
