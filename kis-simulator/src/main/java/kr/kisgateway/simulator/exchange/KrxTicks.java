package kr.kisgateway.simulator.exchange;

import java.time.LocalDate;
import kr.kisgateway.market.PriceRules;
import kr.kisgateway.market.Product;

/** A product's ticks of the current day. They grow with the price, so between two prices with the same tick there is no other. */
final class KrxTicks implements StockBook.Ticks {
    private final Product product;
    private LocalDate day;
    private long from;
    private long to;
    private long cachedTick;
    private long smallest;

    KrxTicks(Product product, LocalDate day) {
        this.product = product;
        this.day = day;
        begin(day);
    }

    /** Starts another day, whose rules may differ. */
    void begin(LocalDate newDay) {
        day = newDay;
        from = 1;
        to = 0;
        smallest = PriceRules.tick(product, 1, day);
    }

    @Override
    public long tick(long price) {
        if (price < from || price > to) {
            loadTick(price);
        }
        return cachedTick;
    }

    private void loadTick(long price) {
        long tickSize = PriceRules.tick(product, price, day);
        boolean same = tickSize == cachedTick && to > 0;
        from = same ? Math.min(from, price) : price;
        to = same ? Math.max(to, price) : price;
        cachedTick = tickSize;
    }

    @Override
    public long up(long price) {
        return PriceRules.nextUp(product, price, day);
    }

    @Override
    public long down(long price) {
        return price <= 1 ? 0 : PriceRules.nextDown(product, price, day);
    }

    @Override
    public long snapDown(long price) {
        long tick = tick(price);
        return Math.max(price - price % tick, smallest);
    }
}
