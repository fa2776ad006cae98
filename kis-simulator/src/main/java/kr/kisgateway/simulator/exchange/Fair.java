package kr.kisgateway.simulator.exchange;

/** What a stock is worth to the agents of all venues, which keeps its prices together. */
final class Fair {
    long price;
}
