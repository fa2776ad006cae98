package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.catalog.KrxListedStock;
import kr.kisgateway.simulator.catalog.ListedStock;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.exchange.MatchingBook;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsStock;

/** The US market for the table of answers, on New York's days; domestic stocks come from the other market. */
record UsQuotes(UsMarket market, MarketView domestic) implements MarketView {
    @Override
    public LocalDate day() {
        return market.date();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return market.hours().isTradingDay(date);
    }

    @Override
    public boolean isOpenDay(LocalDate date) {
        return market.hours().isTradingDay(date);
    }

    @Override
    public boolean wasTradingDay(LocalDate date) {
        return market.dailyHistory().wasTradingDay(date);
    }

    @Override
    public int minute() {
        return domestic.minute();
    }

    @Override
    public int second() {
        return domestic.second();
    }

    @Override
    public boolean isAuction(int minute) {
        return domestic.isAuction(minute);
    }

    @Override
    public int lastMinute() {
        return domestic.lastMinute();
    }

    @Override
    public List<Instrument> listing() {
        return domestic.listing();
    }

    @Override
    public MarketView forDivision(String division) {
        return this;
    }

    @Override
    public Optional<KrxListedStock> find(String code) {
        return domestic.find(code);
    }

    @Override
    public Optional<ListedStock> findUs(String ticker) {
        return Stream.of(UsExchange.values())
                .flatMap(exchange -> UsSymbol.of(exchange, ticker).flatMap(market::find).stream())
                .findFirst()
                .map(UsStockView::new);
    }

    private record UsStockView(UsStock stock) implements ListedStock {
        private MatchingBook book() {
            return stock.stockBook().book();
        }

        @Override
        public String isin() {
            return "";
        }

        @Override
        public String name() {
            return stock.instrument().name();
        }

        @Override
        public String market() {
            return UsKeys.koreanName(stock.symbol().exchange());
        }

        @Override
        public boolean halted() {
            return false;
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

        /** No price limits. */
        @Override
        public long upper() {
            return 0;
        }

        @Override
        public long lower() {
            return 0;
        }

        @Override
        public long volume() {
            return stock.tape().figures().volume();
        }

        /** In whole dollars. */
        @Override
        public long turnover() {
            return stock.tape().figures().turnover() / 10_000;
        }

        @Override
        public long listedShares() {
            return stock.instrument().listedShares();
        }

        @Override
        public long tick(long price) {
            return UsTicks.tick(price);
        }

        @Override
        public long ask(int level) {
            long price = book().visible()[level - 1];
            return price == 0 ? stock.dormantPrice(Side.SELL, level) : price;
        }

        @Override
        public long askQty(int level) {
            long shares = book().quantityAt(Side.SELL, ask(level));
            return shares == 0 ? stock.dormantQuantity(Side.SELL, level) : shares;
        }

        @Override
        public long bid(int level) {
            long price = book().visible()[10 + level - 1];
            return price == 0 ? stock.dormantPrice(Side.BUY, level) : price;
        }

        @Override
        public long bidQty(int level) {
            long shares = book().quantityAt(Side.BUY, bid(level));
            return shares == 0 ? stock.dormantQuantity(Side.BUY, level) : shares;
        }

        @Override
        public long totalAskQty() {
            return book().total(Side.SELL);
        }

        @Override
        public long totalBidQty() {
            return book().total(Side.BUY);
        }
    }
}
