package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.catalog.Listed;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/** The simulated market as the table of answers sees it. */
record MarketQuotes(Exchange exchange, TradingCalendar calendar, Supplier<LocalDate> today, Outlook outlook)
        implements MarketView {
    @Override
    public MarketView on(String division) {
        return Outlook.of(division) == outlook
                ? this
                : new MarketQuotes(exchange, calendar, today, Outlook.of(division));
    }

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
        return Symbol.parse(code)
                .flatMap(symbol -> Shot.of(exchange, symbol, outlook))
                .map(shot -> new Shown(shot, exchange.isOnNxt(shot.stock().symbol())));
    }

    private record Shown(Shot shot, boolean onNxt) implements Listed {
        private Stock stock() {
            return shot.stock();
        }

        @Override
        public String isin() {
            return stock().instrument().isin().orElse("");
        }

        @Override
        public String name() {
            return stock().instrument().name();
        }

        @Override
        public String market() {
            return stock().instrument().market().name();
        }

        @Override
        public boolean halted() {
            return stock().phase() == Phase.HALTED;
        }

        @Override
        public long last() {
            return shot.figures().last();
        }

        @Override
        public long base() {
            return shot.figures().base();
        }

        @Override
        public long open() {
            return shot.figures().open();
        }

        @Override
        public long high() {
            return shot.figures().high();
        }

        @Override
        public long low() {
            return shot.figures().low();
        }

        @Override
        public long upper() {
            return stock().upper();
        }

        @Override
        public long lower() {
            return stock().lower();
        }

        @Override
        public long volume() {
            return shot.figures().volume();
        }

        @Override
        public long turnover() {
            return shot.figures().turnover();
        }

        @Override
        public long listedShares() {
            return stock().instrument().listedShares();
        }

        @Override
        public long tick(long price) {
            return stock().tick(price);
        }

        @Override
        public long ask(int level) {
            return shot.visible()[level - 1];
        }

        @Override
        public long askQty(int level) {
            return shot.visible()[2 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bid(int level) {
            return shot.visible()[OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bidQty(int level) {
            return shot.visible()[3 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long totalAskQty() {
            return shot.totalAsk();
        }

        @Override
        public long totalBidQty() {
            return shot.totalBid();
        }
    }
}
