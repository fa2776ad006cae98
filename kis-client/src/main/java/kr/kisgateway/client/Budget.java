package kr.kisgateway.client;

/** The one queue in which every call to KIS waits for its slot. Safe for any number of threads. */
public interface Budget {
    /** A snapshot of slots, limits and waiters. */
    BudgetState state();

    /** Sets the number of turns of {@code tenant} for each turn of others. */
    void setWeight(String tenant, int weight);

    /**
     * Reserves two slots of each second for cancels from now on, which the first order does by itself: for programs that start
     * with resting orders.
     */
    void expectOrders();

    /** Orders that can be placed each second while nothing else is urgent, at the current limits. */
    int ordersPerSecond();

    /** Queries in lane HISTORY that can be sent each second while no other lane waits, at the current limits. */
    int historyPerSecond();
}
