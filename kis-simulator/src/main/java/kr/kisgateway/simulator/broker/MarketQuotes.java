package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.KrxListedStock;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.KoreanDailyHistory;

/** The simulated market as the table of answers sees it. */
record MarketQuotes(
        Exchange exchange,
        TradingCalendar calendar,
        KoreanDailyHistory dailyHistory,
        Supplier<List<Instrument>> instruments,
        Supplier<LocalDate> today,
        VenueScope scope)
        implements MarketView {
    private static final int CLOSE = 15 * 60 + 30;
    private static final int LAST = 24 * 60 - 1;

    @Override
    public MarketQuotes forDivision(String division) {
        return VenueScope.of(division) == scope
                ? this
                : new MarketQuotes(exchange, calendar, dailyHistory, instruments, today, VenueScope.of(division));
    }

    @Override
    public LocalDate day() {
        return today.get();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date);
    }

    /** A clock that is always open opens today alone: tomorrow may be Christmas. */
    @Override
    public boolean isOpenDay(LocalDate date) {
        return exchange.timed() || date.equals(day()) ? calendar.isTradingDay(date) : dailyHistory.isExchangeDay(date);
    }

    @Override
    public boolean wasTradingDay(LocalDate date) {
        return dailyHistory.wasTradingDay(date);
    }

    @Override
    public int minute() {
        return exchange.now().atZone(TradingCalendar.SEOUL).toLocalTime().toSecondOfDay() / 60;
    }

    @Override
    public int second() {
        return exchange.now().atZone(TradingCalendar.SEOUL).getSecond();
    }

    @Override
    public boolean isAuction(int minute) {
        return exchange.isAuction(
                scope == VenueScope.NXT ? Venue.NXT : Venue.KRX,
                day().atStartOfDay(TradingCalendar.SEOUL).plusMinutes(minute).toInstant());
    }

    @Override
    public int lastMinute() {
        return exchange.timed() ? CLOSE : LAST;
    }

    @Override
    public List<Instrument> listing() {
        return instruments.get();
    }

    @Override
    public Optional<KrxListedStock> find(String code) {
        return Symbol.parse(code)
                .flatMap(symbol -> MarketSnapshot.of(exchange, symbol, scope))
                .map(snapshot -> new StockView(snapshot, this));
    }

    /** The days before today, on the venues of the snapshot's scope. */
    History history(MarketSnapshot snapshot) {
        return dailyHistory.of(
                snapshot.stock().instrument(), venues(), snapshot.figures().base(), day());
    }

    /** The days of the last year before today, on the venues of the snapshot's scope. */
    History lastYear(MarketSnapshot snapshot) {
        return dailyHistory.lastYear(
                snapshot.stock().instrument(), venues(), snapshot.figures().base(), day());
    }

    private Set<Venue> venues() {
        return switch (scope) {
            case KRX -> Set.of(Venue.KRX);
            case NXT -> Set.of(Venue.NXT);
            case BOTH -> Set.of(Venue.KRX, Venue.NXT);
        };
    }

    private record StockView(MarketSnapshot snapshot, MarketQuotes quotes) implements KrxListedStock {
        @Override
        public boolean onNxt() {
            return quotes.exchange.isOnNxt(stock().symbol());
        }

        @Override
        public History history() {
            return quotes.history(snapshot);
        }

        @Override
        public History lastYear() {
            return quotes.lastYear(snapshot);
        }

        @Override
        public List<Minutes.Bar> minutes() {
            List<Minutes.Bar> own = stock().tape().minutes().bars();
            return quotes.scope == VenueScope.BOTH
                    ? quotes.exchange
                            .find(stock().symbol(), Venue.NXT)
                            .map(nxt -> merge(own, nxt.tape().minutes().bars()))
                            .orElse(own)
                    : own;
        }

        /** Merges minutes of both venues. Which of them traded first and last is not recorded: KRX opens, NXT closes a minute. */
        private static List<Minutes.Bar> merge(List<Minutes.Bar> krx, List<Minutes.Bar> nxt) {
            NavigableMap<Integer, Minutes.Bar> all = new TreeMap<>();
            krx.forEach(bar -> all.put(bar.minute(), bar));
            nxt.forEach(bar -> all.merge(bar.minute(), bar, Minutes.Bar::mergedWith));
            return List.copyOf(all.values());
        }

        @Override
        public List<Tape.RecentTrade> recentTrades() {
            return quotes.scope == VenueScope.BOTH && onNxt()
                    ? List.of()
                    : stock().tape().recentTrades();
        }

        @Override
        public long buyVolume(Minutes.Bar minute) {
            return stock().bought(minute);
        }

        @Override
        public Instrument instrument() {
            return stock().instrument();
        }

        private Stock stock() {
            return snapshot.stock();
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
            return stock().instrument().board().name();
        }

        @Override
        public boolean halted() {
            return stock().phase() == Phase.HALTED;
        }

        @Override
        public long last() {
            return snapshot.figures().last();
        }

        @Override
        public long base() {
            return snapshot.figures().base();
        }

        @Override
        public long open() {
            return snapshot.figures().open();
        }

        @Override
        public long high() {
            return snapshot.figures().high();
        }

        @Override
        public long low() {
            return snapshot.figures().low();
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
            return snapshot.figures().volume();
        }

        @Override
        public long turnover() {
            return snapshot.figures().turnover();
        }

        @Override
        public long listedShares() {
            return stock().instrument().listedShares();
        }

        @Override
        public long buyVolume() {
            return snapshot.figures().buyVolume();
        }

        @Override
        public long sellVolume() {
            return snapshot.figures().sellVolume();
        }

        @Override
        public long buyCount() {
            return snapshot.figures().buyCount();
        }

        @Override
        public long sellCount() {
            return snapshot.figures().sellCount();
        }

        @Override
        public long closingPrice() {
            return snapshot.figures().close();
        }

        @Override
        public long expectedPrice() {
            return snapshot.expected().price();
        }

        @Override
        public long expectedQty() {
            return snapshot.expected().qty();
        }

        @Override
        public long tick(long price) {
            return stock().tick(price);
        }

        @Override
        public long ask(int level) {
            return snapshot.visible()[level - 1];
        }

        @Override
        public long askQty(int level) {
            return snapshot.visible()[2 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bid(int level) {
            return snapshot.visible()[OrderBook.LEVELS + level - 1];
        }

        @Override
        public long bidQty(int level) {
            return snapshot.visible()[3 * OrderBook.LEVELS + level - 1];
        }

        @Override
        public long totalAskQty() {
            return snapshot.totalAsk();
        }

        @Override
        public long totalBidQty() {
            return snapshot.totalBid();
        }
    }
}
