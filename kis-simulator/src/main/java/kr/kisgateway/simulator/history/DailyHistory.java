package kr.kisgateway.simulator.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.exchange.Minutes;

/**
 * Every day of the domestic market before today: before the simulator's first day drawn from the seed, from then on as
 * recorded.
 *
 * <p>The first day never moves, or yesterday's answers would show another past than today's. A trading day since then on
 * which no program requested a stock, or the simulator did not run, is drawn ({@link UnattendedDays}) where stocks trade
 * unattended, and has a bar without volume where they do not. A day with trades is a bar, whatever the calendar
 * defines: with a market that is always open also a Saturday. Not thread-safe.
 */
public final class DailyHistory {
    /** The years of the generated past. */
    public static final int YEARS = 20;

    /** The most recent dates whose minutes are stored for a stock and venue; those of other days are drawn. */
    public static final int MINUTE_DAYS = 10;

    private record PackedDay(LocalDate date, byte[] bars) {}

    private final long seed;
    private final LocalDate firstDay;
    private final boolean unattended;
    private final Supplier<Sessions> calendar;
    private final UnattendedDays unattendedDays;
    private Optional<SeededHistory> cachedSeeded = Optional.empty();
    private final Map<Venue, Map<Symbol, NavigableMap<LocalDate, DailyBar>>> recorded = new EnumMap<>(Venue.class);
    private final Map<Venue, Map<Symbol, Map<Integer, PackedDay>>> recordedMinutes = new EnumMap<>(Venue.class);
    private final Set<LocalDate> recordedDays = new HashSet<>();

    private record SeededHistory(Sessions sessions, GeneratedHistory generated, NxtListing nxt) {}

    /**
     * @param firstDay the first business date of the simulator
     * @param unattended whether stocks trade unattended: days on which they were not caught up are drawn then
     * @param calendar of the real exchange; requested at the first query, as reading it takes time
     */
    public DailyHistory(long seed, LocalDate firstDay, boolean unattended, Supplier<Sessions> calendar) {
        this.seed = seed;
        this.firstDay = firstDay;
        this.unattended = unattended;
        this.calendar = calendar;
        this.unattendedDays = new UnattendedDays(seed);
    }

    /** Adds a completed day of a stock on a venue; the last one of the same date counts. */
    public void add(Symbol symbol, Venue venue, DailyBar bar) {
        recorded.computeIfAbsent(venue, v -> new HashMap<>())
                .computeIfAbsent(symbol, s -> new TreeMap<>())
                .put(bar.date(), bar);
        recordedDays.add(bar.date());
    }

    /** Adds the minutes of such a day, in place of an expired day. */
    public void add(Symbol symbol, Venue venue, LocalDate day, List<Minutes.Bar> bars) {
        recordedMinutes
                .computeIfAbsent(venue, v -> new HashMap<>())
                .computeIfAbsent(symbol, s -> new HashMap<>())
                .put(Math.floorMod(day.toEpochDay(), MINUTE_DAYS), new PackedDay(day, MinuteCodec.pack(bars)));
    }

    /** The recorded minutes of a day; empty when they are not stored, or are of only one of two venues. */
    private Optional<List<Minutes.Bar>> minutes(Symbol symbol, Set<Venue> venues, LocalDate day) {
        List<Venue> traded = venues.stream()
                .filter(venue -> recorded(venue, symbol).containsKey(day))
                .toList();
        return traded.size() != 1
                ? Optional.empty()
                : Optional.ofNullable(recordedMinutes
                                .getOrDefault(traded.getFirst(), Map.of())
                                .getOrDefault(symbol, Map.of())
                                .get(Math.floorMod(day.toEpochDay(), MINUTE_DAYS)))
                        .filter(packed -> packed.date().equals(day))
                        .map(packed -> MinuteCodec.unpack(packed.bars()));
    }

    /** Whether {@code date} is a trading day of the Korea Exchange, before today or after it. */
    public boolean isExchangeDay(LocalDate date) {
        return sessions().isTradingDay(date);
    }

    /** Whether there was trading on a day before today. */
    public boolean wasTradingDay(LocalDate date) {
        return sessions().isTradingDay(date) || recordedDays.contains(date);
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
            BiFunction<GeneratedHistory, HistoryProduct, DailyBars> days) {
        NavigableMap<LocalDate, DailyBar> onKrx = recorded(Venue.KRX, instrument.symbol());
        long firstBase = firstBase(instrument, onKrx, base);
        HistoryProduct product = product(instrument, firstBase);
        return new History(
                seed,
                product,
                days.apply(seeded().generated(), product),
                daysSince(instrument, venues, firstBase, firstDay, today),
                day -> minutes(instrument.symbol(), venues, day),
                sessions());
    }

    /** The base price of the first day, from which the later days continue. */
    private long firstBase(Instrument instrument, NavigableMap<LocalDate, DailyBar> onKrx, long base) {
        if (!onKrx.isEmpty() && (!unattended || onKrx.firstKey().equals(firstDay))) {
            return onKrx.firstEntry().getValue().base();
        }
        return unattended ? instrument.close() : base;
    }

    /**
     * The base price of {@code today} that follows from a close over the trading days in between.
     *
     * @param from the first day after that close; of a stock that was never active any day up to the first one
     */
    public long base(Instrument instrument, LocalDate from, long close, LocalDate today) {
        long base = close;
        for (DailyBar bar :
                daysSince(instrument, Set.of(Venue.KRX), close, from.isAfter(firstDay) ? from : firstDay, today)) {
            base = bar.close();
        }
        return base;
    }

    /** The days since {@code from}, the first of which begins at {@code base}. */
    private List<DailyBar> daysSince(
            Instrument instrument, Set<Venue> venues, long base, LocalDate from, LocalDate today) {
        NavigableMap<LocalDate, DailyBar> onKrx = recorded(Venue.KRX, instrument.symbol());
        NavigableMap<LocalDate, DailyBar> onNxt = recorded(Venue.NXT, instrument.symbol());
        boolean includesNxt = venues.contains(Venue.NXT);
        HistoryProduct product = product(instrument, base);
        List<DailyBar> days = new ArrayList<>();
        long close = base;
        for (LocalDate day = from; day.isBefore(today); day = day.plusDays(1)) {
            boolean listed = instrument.listedOn().filter(day::isBefore).isEmpty();
            Optional<DailyBar> krx = Optional.ofNullable(onKrx.get(day));
            Optional<DailyBar> nxt = includesNxt ? Optional.ofNullable(onNxt.get(day)) : Optional.empty();
            if (listed && krx.isEmpty() && isOver(day)) {
                krx = Optional.of(unattended(instrument, product, day, close));
            }
            if (nxt.isEmpty() && includesNxt && unattended && isOnNxt(instrument)) {
                nxt = krx.map(UnattendedDays::onNxt);
            }
            Optional<DailyBar> bar = venues.contains(Venue.KRX) ? both(krx, nxt) : nxtAlone(nxt, krx, close);
            if (bar.isPresent()) {
                days.add(bar.get().withBase(close));
                close = bar.get().close();
            }
        }
        return days;
    }

    private static Optional<DailyBar> both(Optional<DailyBar> krx, Optional<DailyBar> nxt) {
        return krx.isPresent() && nxt.isPresent() ? Optional.of(merge(krx.get(), nxt.get())) : krx.or(() -> nxt);
    }

    /** NXT's bar of a day: without trades of its own it still has one where KRX has one. */
    private static Optional<DailyBar> nxtAlone(Optional<DailyBar> nxt, Optional<DailyBar> krx, long close) {
        return nxt.or(() -> krx.map(bar -> DailyBar.withoutTrades(bar.date(), close)));
    }

    private boolean isOnNxt(Instrument instrument) {
        return seeded().nxt().contains(instrument.symbol());
    }

    private boolean isOver(LocalDate day) {
        return unattended ? wasTradingDay(day) : sessions().isTradingDay(day);
    }

    private DailyBar unattended(Instrument instrument, HistoryProduct product, LocalDate day, long base) {
        return unattended && instrument.volume() > 0
                ? unattendedDays.bar(product, day, base)
                : DailyBar.withoutTrades(day, base);
    }

    private Sessions sessions() {
        return seeded().sessions();
    }

    private SeededHistory seeded() {
        if (cachedSeeded.isEmpty()) {
            Sessions sessions = calendar.get();
            cachedSeeded = Optional.of(new SeededHistory(
                    sessions, new GeneratedHistory(seed, sessions, firstDay, YEARS), NxtListing.load()));
        }
        return cachedSeeded.get();
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

    private NavigableMap<LocalDate, DailyBar> recorded(Venue venue, Symbol symbol) {
        return recorded.getOrDefault(venue, Map.of()).getOrDefault(symbol, Collections.emptyNavigableMap());
    }

    private static HistoryProduct product(Instrument instrument, long close) {
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
