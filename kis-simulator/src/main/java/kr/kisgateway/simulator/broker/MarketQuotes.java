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
import kr.kisgateway.simulator.catalog.KrxListed;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.history.Chronicle;
import kr.kisgateway.simulator.history.History;

/** The simulated market as the table of answers sees it. */
record MarketQuotes(
        Exchange exchange,
        TradingCalendar calendar,
        Chronicle chronicle,
        Supplier<List<Instrument>> all,
        Supplier<LocalDate> today,
        Outlook outlook)
        implements MarketView {
    private static final int CLOSE = 15 * 60 + 30;
    private static final int LAST = 24 * 60 - 1;

    @Override
    public MarketQuotes on(String division) {
        return Outlook.of(division) == outlook
                ? this
                : new MarketQuotes(exchange, calendar, chronicle, all, today, Outlook.of(division));
    }

    @Override
    public LocalDate day() {
        return today.get();
    }

    @Override
    public boolean isTradingDay(LocalDate date) {
        return calendar.isTradingDay(date);
    }

    /** A clock that is open at every hour opens today alone: tomorrow may be Christmas. */
    @Override
    public boolean isOpenDay(LocalDate date) {
        return exchange.timed() || date.equals(day()) ? calendar.isTradingDay(date) : chronicle.isExchangeDay(date);
    }

    @Override
    public boolean wasTradingDay(LocalDate date) {
        return chronicle.wasTradingDay(date);
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
                outlook == Outlook.NXT ? Venue.NXT : Venue.KRX,
                day().atStartOfDay(TradingCalendar.SEOUL).plusMinutes(minute).toInstant());
    }

    @Override
    public int lastMinute() {
        return exchange.timed() ? CLOSE : LAST;
    }

    @Override
    public List<Instrument> listing() {
        return all.get();
    }

    @Override
    public Optional<KrxListed> find(String code) {
        return Symbol.parse(code)
                .flatMap(symbol -> Shot.of(exchange, symbol, outlook))
                .map(shot -> new Shown(shot, this));
    }

    /** The days before today, on the venues that are looked at. */
    History history(Shot shot) {
        Set<Venue> venues = switch (outlook) {
            case KRX -> Set.of(Venue.KRX);
            case NXT -> Set.of(Venue.NXT);
            case BOTH -> Set.of(Venue.KRX, Venue.NXT);
        };
        return chronicle.of(shot.stock().instrument(), venues, shot.figures().base(), day());
    }

    private record Shown(Shot shot, MarketQuotes quotes) implements KrxListed {
        @Override
        public boolean onNxt() {
            return quotes.exchange.isOnNxt(stock().symbol());
        }

        @Override
        public History history() {
            return quotes.history(shot);
        }

        @Override
        public List<Minutes.Bar> minutes() {
            List<Minutes.Bar> own = stock().tape().minutes().bars();
            return quotes.outlook == Outlook.BOTH
                    ? quotes.exchange
                            .find(stock().symbol(), Venue.NXT)
                            .map(nxt -> together(own, nxt.tape().minutes().bars()))
                            .orElse(own)
                    : own;
        }

        /** Which of the two traded first and last in a minute nobody has written down: KRX opens, NXT closes it. */
        private static List<Minutes.Bar> together(List<Minutes.Bar> krx, List<Minutes.Bar> nxt) {
            NavigableMap<Integer, Minutes.Bar> all = new TreeMap<>();
            krx.forEach(bar -> all.put(bar.minute(), bar));
            nxt.forEach(bar -> all.merge(
                    bar.minute(),
                    bar,
                    (a, b) -> a.open() == 0
                            ? new Minutes.Bar(
                                    a.minute(),
                                    b.open(),
                                    b.high(),
                                    b.low(),
                                    b.close(),
                                    a.volume() + b.volume(),
                                    a.turnover() + b.turnover())
                            : new Minutes.Bar(
                                    a.minute(),
                                    a.open(),
                                    Math.max(a.high(), b.high()),
                                    b.low() == 0 ? a.low() : Math.min(a.low(), b.low()),
                                    b.close() == 0 ? a.close() : b.close(),
                                    a.volume() + b.volume(),
                                    a.turnover() + b.turnover())));
            return List.copyOf(all.values());
        }

        @Override
        public long bought(Minutes.Bar minute) {
            return stock().bought(minute);
        }

        @Override
        public Instrument instrument() {
            return stock().instrument();
        }

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
        public long bought() {
            return shot.figures().buyVolume();
        }

        @Override
        public long sold() {
            return shot.figures().sellVolume();
        }

        @Override
        public long buys() {
            return shot.figures().buyCount();
        }

        @Override
        public long sells() {
            return shot.figures().sellCount();
        }

        @Override
        public long closed() {
            return shot.figures().close();
        }

        @Override
        public long expectedPrice() {
            return shot.expected().price();
        }

        @Override
        public long expectedQty() {
            return shot.expected().qty();
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
