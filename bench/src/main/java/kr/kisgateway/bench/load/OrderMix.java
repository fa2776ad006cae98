package kr.kisgateway.bench.load;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.PriceRules;

/**
 * Resting limit buys that differ from each other, because orders that KIS could not tell apart go one at a time: over
 * several cheap stocks, every valid price between the lower limit and 15 % below the base, and a few quantities.
 * They rest: nothing fills, so the same market can be asked for hours.
 */
public final class OrderMix {
    private static final int STOCKS = 20;
    private static final int QUANTITIES = 10;
    private static final long CHEAPEST = 1_000;
    private static final long DEAREST = 1_990;

    private final List<String> terms = new ArrayList<>();
    private final String head;
    private final String run;

    /**
     * @param port of the gateway, for the Host header
     * @param run begins every idempotency key; another run has another
     */
    public OrderMix(int port, String run, LocalDate today) {
        this.run = run;
        this.head = "POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nContent-Type: application/json\r\nIdempotency-Key: ";
        var stocks = Instruments.load().all().stream()
                .filter(stock -> stock.close() >= CHEAPEST && stock.close() <= DEAREST)
                .filter(stock -> stock.symbol().code().matches("\\d{6}"))
                .limit(STOCKS)
                .toList();
        var prices = stocks.stream().map(stock -> prices(stock, today)).toList();
        int most = prices.stream().mapToInt(List::size).max().orElse(0);
        for (int qty = 1; qty <= QUANTITIES; qty++) {
            for (int step = 0; step < most; step++) {
                for (int i = 0; i < stocks.size(); i++) {
                    if (step >= prices.get(i).size()) continue;
                    terms.add("{\"account_id\":\"A1\",\"symbol\":\""
                            + stocks.get(i).symbol() + "\",\"side\":\"BUY\",\"qty\":" + qty
                            + ",\"order_type\":\"LIMIT\",\"price\":"
                            + prices.get(i).get(step) + "}");
                }
            }
        }
    }

    /** How many orders there are before one is like an earlier one. */
    public int different() {
        return terms.size();
    }

    /** The n-th order as a whole HTTP request. */
    public byte[] request(long n) {
        var body = terms.get((int) (n % terms.size()));
        return (head + run + "-" + n + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Long> prices(Instrument stock, LocalDate today) {
        var prices = new ArrayList<Long>();
        long lowest = PriceRules.limits(stock, today).lower();
        long highest = stock.close() * 85 / 100;
        for (long price = PriceRules.snapUp(stock.product(), lowest, today);
                price <= highest;
                price = PriceRules.nextUp(stock.product(), price, today)) {
            prices.add(price);
        }
        return prices;
    }
}
