package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Minutes;

/**
 * The past of Korean stocks on both venues. A day with trades is a bar, whatever the calendar defines: with a market that is
 * always open also a Saturday.
 */
public final class KoreanDailyHistory extends DailyHistory<Instrument> {
    /** The most recent dates whose minutes are stored for a stock and venue; those of other days are drawn. */
    public static final int MINUTE_DAYS = 10;

    private record PackedDay(LocalDate date, byte[] bars) {}

    private record Slot(Symbol symbol, Venue venue, int number) {}

    private final Map<Slot, PackedDay> recordedMinutes = new HashMap<>();
    private final Set<LocalDate> recordedDays = new HashSet<>();
    private Optional<NxtListing> nxtListing = Optional.empty();

    /**
     * @param firstDay the first business date of the simulator
     * @param unattended whether stocks trade unattended: days on which they were not caught up are drawn then
     * @param calendar of the real exchange; requested at the first query, as reading it takes time
     */
    public KoreanDailyHistory(long seed, LocalDate firstDay, boolean unattended, Supplier<Sessions> calendar) {
        super(seed, unattended, calendar);
        begin(firstDay);
    }

    @Override
    public void add(MarketSymbol symbol, String venue, DailyBar bar) {
        super.add(symbol, venue, bar);
        recordedDays.add(bar.date());
    }

    /** Adds the minutes of such a day, in place of an expired day. */
    public void add(Symbol symbol, Venue venue, LocalDate day, List<Minutes.Bar> bars) {
        recordedMinutes.put(slot(symbol, venue, day), new PackedDay(day, MinuteCodec.pack(bars)));
    }

    private static Slot slot(Symbol symbol, Venue venue, LocalDate day) {
        return new Slot(symbol, venue, Math.floorMod(day.toEpochDay(), MINUTE_DAYS));
    }

    /** The recorded minutes of a day; empty when they are not stored, or are of only one of two venues. */
    private Optional<List<Minutes.Bar>> minutes(Symbol symbol, Set<Venue> venues, LocalDate day) {
        List<Venue> traded = venues.stream()
                .filter(venue -> recorded(symbol, venue.name()).containsKey(day))
                .toList();
        return traded.size() != 1
                ? Optional.empty()
                : Optional.ofNullable(recordedMinutes.get(slot(symbol, traded.getFirst(), day)))
                        .filter(packed -> packed.date().equals(day))
                        .map(packed -> MinuteCodec.unpack(packed.bars()));
    }

    /** Whether {@code date} is a trading day of the Korea Exchange, before today or after it. */
    public boolean isExchangeDay(LocalDate date) {
        return sessions().isTradingDay(date);
    }

    @Override
    public boolean wasTradingDay(LocalDate date) {
        return super.wasTradingDay(date) || recordedDays.contains(date);
    }

    /**
     * The days of a stock before today.
     *
     * @param venues one, or both for their combined trades
     * @param base today's base price, which the last day's close is
     */
    public History of(Instrument instrument, Set<Venue> venues, long base, LocalDate today) {
        return of(instrument, venues, base, today, GeneratedHistory::of);
    }

    /** The days of a stock before today for a year and a week at least: a small part of the work of twenty years. */
    public History lastYear(Instrument instrument, Set<Venue> venues, long base, LocalDate today) {
        return of(instrument, venues, base, today, GeneratedHistory::lastYear);
    }

    private History of(
            Instrument instrument,
            Set<Venue> venues,
            long base,
            LocalDate today,
            BiFunction<GeneratedHistory, HistoryProduct, DailyBars> past) {
        LocalDate firstDay = firstDay(today);
        long firstBase = firstBase(instrument, firstDay, base);
        HistoryProduct product = product(instrument, firstBase);
        return history(
                product,
                past.apply(past(today), product),
                daysSince(firstDay, firstBase, today, days(instrument, venues, product)),
                day -> minutes(instrument.symbol(), venues, day));
    }

    /** The base price of the first day, from which the later days continue. */
    private long firstBase(Instrument instrument, LocalDate firstDay, long base) {
        NavigableMap<LocalDate, DailyBar> onKrx = recorded(instrument.symbol(), Venue.KRX.name());
        if (!onKrx.isEmpty() && (!unattended || onKrx.firstKey().equals(firstDay))) {
            return onKrx.firstEntry().getValue().base();
        }
        return unattended ? instrument.close() : base;
    }

    @Override
    protected Day days(Instrument instrument, HistoryProduct product) {
        return days(instrument, Set.of(Venue.KRX), product);
    }

    private Day days(Instrument instrument, Set<Venue> venues, HistoryProduct product) {
        NavigableMap<LocalDate, DailyBar> onKrx = recorded(instrument.symbol(), Venue.KRX.name());
        NavigableMap<LocalDate, DailyBar> onNxt = recorded(instrument.symbol(), Venue.NXT.name());
        boolean includesNxt = venues.contains(Venue.NXT);
        return (day, close) -> {
            boolean listed = instrument.listedOn().filter(day::isBefore).isEmpty();
            Optional<DailyBar> krx = Optional.ofNullable(onKrx.get(day));
            Optional<DailyBar> nxt = includesNxt ? Optional.ofNullable(onNxt.get(day)) : Optional.empty();
            if (listed && krx.isEmpty() && isOver(day)) {
                krx = Optional.of(
                        instrument.volume() > 0 ? missed(product, day, close) : DailyBar.withoutTrades(day, close));
            }
            if (nxt.isEmpty() && includesNxt && unattended && isOnNxt(instrument)) {
                nxt = krx.map(UnattendedDays::onNxt);
            }
            return venues.contains(Venue.KRX) ? both(krx, nxt) : nxtAlone(nxt, krx, close);
        };
    }

    private static Optional<DailyBar> both(Optional<DailyBar> krx, Optional<DailyBar> nxt) {
        return krx.isPresent() && nxt.isPresent() ? Optional.of(merge(krx.get(), nxt.get())) : krx.or(() -> nxt);
    }

    /** NXT's bar of a day: without trades of its own it still has one where KRX has one. */
    private static Optional<DailyBar> nxtAlone(Optional<DailyBar> nxt, Optional<DailyBar> krx, long close) {
        return nxt.or(() -> krx.map(bar -> DailyBar.withoutTrades(bar.date(), close)));
    }

    private boolean isOnNxt(Instrument instrument) {
        NxtListing loaded = nxtListing.orElseGet(NxtListing::load);
        nxtListing = Optional.of(loaded);
        return loaded.contains(instrument.symbol());
    }

    private boolean isOver(LocalDate day) {
        return unattended ? wasTradingDay(day) : isExchangeDay(day);
    }

    /** Merges both venues. The closes are KRX's: the next day's base is. */
    private static DailyBar merge(DailyBar krx, DailyBar nxt) {
        return new DailyBar(
                krx.date(),
                krx.base(),
                krx.open(),
                Math.max(krx.high(), nxt.high()),
                Math.min(krx.low(), nxt.low()),
                krx.close(),
                krx.volume() + nxt.volume(),
                krx.turnover() + nxt.turnover());
    }

    @Override
    protected HistoryProduct product(Instrument instrument, long close) {
        // A stock that was suspended on the listing's date has no volume there.
        long volume = instrument.volume() > 0 ? instrument.volume() : instrument.listedShares() / 2_000;
        return new HistoryProduct(
                instrument.symbol().code(),
                close,
                instrument.listedOn(),
                Math.max(GeneratedHistory.MIN_VOLUME, volume),
                volatility(instrument),
                new KrxGrid(instrument));
    }

    /** The daily volatility by the board, as no source has it for a stock. */
    private static double volatility(Instrument instrument) {
        if (instrument.product() != Product.STOCK) {
            return 0.012;
        }
        return instrument.board() == Board.KOSPI ? 0.02 : 0.028;
    }
}
