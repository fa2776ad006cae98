package kr.kisgateway.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Orders in cycles of six requests: the first one rests, four fill at once, and the last one cancels a resting order. For one
 * thread.
 */
public final class OrderTraffic {
    /** The last request of each cycle cancels the first one, which rests. */
    public static final int CYCLE = 6;

    private static final Pattern ID = Pattern.compile("\"order_id\":\"(ord_\\w+)\"");

    private final int port;
    private final OrderMix rest;
    private final OrderMix fill;
    private final Deque<String> resting = new ArrayDeque<>();
    private int placed;

    /**
     * @param port of the gateway
     * @param run part of every idempotency key, different for each run
     * @param today whose price limits hold
     */
    public OrderTraffic(int port, String run, LocalDate today) {
        this.port = port;
        this.rest = OrderMix.resting(port, "rest-" + run, today);
        this.fill = OrderMix.filling(port, "fill-" + run, today);
    }

    /** The n-th request as bytes; n counts on from 0, or from a multiple of {@link #CYCLE}. */
    public byte[] request(int n) {
        if (n % CYCLE == CYCLE - 1 && !resting.isEmpty()) {
            return ("POST /v1/orders/" + resting.remove() + "/cancel HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }
        return (n % CYCLE == 0 ? rest : fill).request(placed++);
    }

    /** Takes the answer to the n-th request. */
    public void answered(int n, String answer) {
        if (n % CYCLE != 0) return;
        var id = ID.matcher(answer);
        if (id.find()) resting.add(id.group(1));
    }

    /** Ids of the orders that rest and of which the cancel was not sent. */
    public List<String> resting() {
        return List.copyOf(resting);
    }

    /** How many orders were sent. */
    public int placed() {
        return placed;
    }
}
