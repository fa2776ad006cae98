package kr.kisgateway.gateway.profit;

/** Which of the shares that were bought at different prices a sale sells. */
enum LotMethod {
    /** The ones bought first (선입선출). */
    FIFO,
    /** Some of all alike, at their average cost (이동평균). */
    AVERAGE
}
