package kr.kisgateway.market;

/** What kind of instrument it is; tick sizes, limits and taxes depend on it. */
public enum Product {
    STOCK,
    ETF,
    ETN
}
