package kr.kisgateway.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.PriceRules;

/**
 * Distinct limit buys, because orders that KIS cannot distinguish are sent one at a time: over several stocks so cheap
 * that the account's billion won lasts, every valid price of a range, and a few quantities. Those far below the market
 * rest, so the same market can be used for hours; those above it fill at once, in the stocks most traded: the book of a
 * stock that did not trade has one share a level and is soon empty.
 */
public final class OrderMix {
    private static final int STOCKS = 40;
    private static final int QUANTITIES = 10;
    private static final long CLOSE_MIN = 500;
    private static final long CLOSE_MAX = 999;

    /** Price range, in percent of yesterday's close, within the day's limits. */
    private enum Range {
        RESTING(0, 85),
        FILLING(115, 200);

        final int from;
        final int to;

        Range(int from, int to) {
            this.from = from;
            this.to = to;
        }
    }

    /** The terms that distinguish an order from all others, at KIS as in the request. */
    public record Terms(String symbol, int qty, long price) {}

    private final List<Terms> terms = new ArrayList<>();
    private final String head;
    private final String run;

    /**
     * Orders that rest.
     *
     * @param port of the gateway, for the Host header
     * @param run prefix of every idempotency key, different for each run
     */
    public static OrderMix resting(int port, String run, LocalDate today) {
        return new OrderMix(port, run, today, Range.RESTING);
    }

    /** Orders that fill at once. */
    public static OrderMix filling(int port, String run, LocalDate today) {
        return new OrderMix(port, run, today, Range.FILLING);
    }

    private OrderMix(int port, String run, LocalDate today, Range range) {
        this.run = run;
        this.head = "POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nContent-Type: application/json\r\nIdempotency-Key: ";
        var stocks = Instruments.load().all().stream()
                .filter(stock -> stock.close() >= CLOSE_MIN && stock.close() <= CLOSE_MAX)
                .filter(stock -> stock.symbol().code().matches("\\d{6}"))
                .sorted(Comparator.comparingLong(Instrument::volume).reversed())
                .limit(STOCKS)
                .toList();
        var prices = stocks.stream().map(stock -> prices(stock, today, range)).toList();
        int maxPrices = prices.stream().mapToInt(List::size).max().orElse(0);
        for (int qty = 1; qty <= QUANTITIES; qty++) {
            for (int step = 0; step < maxPrices; step++) {
                for (int i = 0; i < stocks.size(); i++) {
                    if (step >= prices.get(i).size()) continue;
                    terms.add(new Terms(
                            stocks.get(i).symbol().code(), qty, prices.get(i).get(step)));
                }
            }
        }
    }

    /** Number of orders before one equals an earlier one. */
    public int distinctCount() {
        return terms.size();
    }

    /** Terms of the n-th order. */
    public Terms terms(long n) {
        return terms.get((int) (n % terms.size()));
    }

    /** The n-th order as a complete HTTP request. */
    public byte[] request(long n) {
        var order = terms(n);
        var body = "{\"account_id\":\"A1\",\"symbol\":\"" + order.symbol() + "\",\"side\":\"BUY\",\"qty\":"
                + order.qty() + ",\"order_type\":\"LIMIT\",\"price\":" + order.price() + "}";
        return (head + run + "-" + n + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Long> prices(Instrument stock, LocalDate today, Range range) {
        var prices = new ArrayList<Long>();
        var limits = PriceRules.limits(stock, today);
        long lowest = Math.max(limits.lower(), stock.close() * range.from / 100);
        long highest = Math.min(limits.upper(), stock.close() * range.to / 100);
        for (long price = PriceRules.snapUp(stock.product(), lowest, today);
                price <= highest;
                price = PriceRules.nextUp(stock.product(), price, today)) {
            prices.add(price);
        }
        // The highest first: in the afternoon a stock may have risen above the lower ones.
        return range == Range.FILLING ? prices.reversed() : prices;
    }
}
