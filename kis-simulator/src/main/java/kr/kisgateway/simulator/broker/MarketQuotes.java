package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Listed;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/** The simulated market as the table of answers sees it. */
record MarketQuotes(Exchange exchange, TradingCalendar calendar, Supplier<LocalDate> today) implements MarketView {
    @Override
    public LocalDate day() {
        return today.get();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date);
    }

    @Override
    public Optional<Listed> find(String code) {
        return Symbol.parse(code).flatMap(exchange::find).map(Shown::new);
    }

    private record Shown(Stock stock) implements Listed {
        @Override
        public String isin() {
            return stock.instrument().isin().orElse("");
        }

        @Override
        public String name() {
            return stock.instrument().name();
        }

        @Override
        public String market() {
            return stock.instrument().market().name();
        }

        @Override
        public long last() {
            return stock.tape().last();
        }

        @Override
        public long base() {
            return stock.tape().base();
        }

        @Override
        public long open() {
            return stock.tape().figures().open();
        }

        @Override
        public long high() {
            return stock.tape().figures().high();
        }

        @Override
        public long low() {
            return stock.tape().figures().low();
        }

        @Override
        public long upper() {
            return stock.upper();
        }

        @Override
        public long lower() {
            return stock.lower();
        }

        @Override
        public long volume() {
            return stock.tape().figures().volume();
        }

        @Override
        public long turnover() {
            return stock.tape().figures().turnover();
        }

        @Override
        public long listedShares() {
            return stock.instrument().listedShares();
        }

        @Override
        public long tick(long price) {
            return stock.tick(price);
        }

        @Override
        public long ask(int level) {
            return stock.book().visible()[level - 1];
        }

        @Override
        public long askQty(int level) {
            return stock.book().visible()[2 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bid(int level) {
            return stock.book().visible()[OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bidQty(int level) {
            return stock.book().visible()[3 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long totalAskQty() {
            return stock.book().total(Side.SELL);
        }

        @Override
        public long totalBidQty() {
            return stock.book().total(Side.BUY);
        }
    }
}
