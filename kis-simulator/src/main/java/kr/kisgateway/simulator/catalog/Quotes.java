package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.KrxGrid;

/**
 * Prices of all products for any day: those of listed stocks are the market's and its history's, all others are drawn from
 * the seed, so that two calls about the same product and day agree.
 */
final class Quotes {
    /** How far a close may lie from the product's typical price, as a fraction. */
    private static final double DAILY_RANGE = 0.03;

    /** How far a price of the day may lie from its close, as a fraction. */
    private static final double INTRADAY_RANGE = 0.004;

    private static final long SECONDS = 86_400;

    private final long seed;
    private final SeededDraw draw;
    private final Indices indices = new Indices();

    Quotes(long seed) {
        this.seed = seed;
        this.draw = SeededDraw.of(seed).with("quotes");
    }

    /**
     * @param stepsBack 0 for the last price of {@code date}, above for earlier ones of the same day
     */
    Quote quoteAt(PriceKind kind, String code, LocalDate date, int stepsBack, MarketView market) {
        if (kind == PriceKind.INDEX && Indices.isIndex(code)) {
            return indices.quote(code, date, market);
        }
        SeededDraw ownDraw = draw.with(kind.name()).with(code);
        Optional<KrxListedStock> domestic = kind == PriceKind.STOCK ? market.find(code) : Optional.empty();
        if (kind == PriceKind.STOCK && domestic.isEmpty()) {
            return Quote.NONE;
        }
        if (domestic.isPresent() && date.isBefore(market.day())) {
            return historicalQuote(ownDraw, domestic.get(), date, stepsBack);
        }
        Optional<ListedStock> usStock =
                kind == PriceKind.FOREIGN && !date.isBefore(market.day()) ? market.findUs(code) : Optional.empty();
        Optional<ListedStock> listed = domestic.<ListedStock>map(it -> it).or(() -> usStock);
        LocalDate before = market.tradingDayBefore(date);
        boolean live = listed.isPresent();
        long previous = live ? listed.get().base() : close(kind, ownDraw, before);
        long close = live ? listed.get().last() : close(kind, ownDraw, date);
        long open = live && listed.get().open() > 0
                ? listed.get().open()
                : live
                        ? close
                        : snapToTick(
                                kind,
                                previous
                                        * (1
                                                + DAILY_RANGE
                                                        / 3
                                                        * day(ownDraw, date)
                                                                .with("open")
                                                                .signed()));
        long high = live && listed.get().high() > 0 ? listed.get().high() : Math.max(open, close);
        long low = live && listed.get().low() > 0 ? listed.get().low() : Math.min(open, close);
        if (!live) {
            high = snapToTick(
                    kind,
                    high
                            * (1
                                    + INTRADAY_RANGE
                                            * Math.abs(day(ownDraw, date)
                                                    .with("high")
                                                    .signed())));
            low = snapToTick(
                    kind,
                    low
                            * (1
                                    - INTRADAY_RANGE
                                            * Math.abs(day(ownDraw, date)
                                                    .with("low")
                                                    .signed())));
        }
        high = Math.max(high, Math.max(open, close));
        low = Math.min(low, Math.min(open, close));
        long last = stepsBack == 0
                ? close
                : Math.clamp(
                        snapToTick(
                                kind,
                                close
                                        * (1
                                                + INTRADAY_RANGE
                                                        * day(ownDraw, date)
                                                                .with(stepsBack)
                                                                .signed())),
                        low,
                        high);
        long day =
                live ? listed.get().volume() : day(ownDraw, date).with("volume").between(10_000, 5_000_000);
        long volume = day - day * Math.min(stepsBack, SECONDS) / (2 * SECONDS);
        long turnover = live && stepsBack == 0
                ? listed.get().turnover()
                : Math.multiplyExact(volume, last) / Math.max(1, (long) Math.pow(10, kind.scale));
        long upper = live ? listed.get().upper() : snapToTick(kind, previous * 1.3);
        long lower = live ? listed.get().lower() : snapToTick(kind, previous * 0.7);
        long tick = listed.isPresent() ? listed.get().tick(last) : kind.tick(last);
        return new Quote(
                kind,
                last,
                previous,
                open,
                Math.max(high, last),
                Math.min(low, last),
                upper,
                lower,
                tick,
                volume,
                turnover);
    }

    /** The draw of one product, the same in every answer. */
    SeededDraw drawFor(PriceKind kind, String code) {
        return draw.with(kind.name()).with(code);
    }

    /** The figures of a listed share that are no market's. */
    Fundamentals fundamentals(Instrument instrument) {
        return Fundamentals.of(seed, instrument);
    }

    Indices indices() {
        return indices;
    }

    /** A day of a stock from its history; without one, the last day before; none before its listing. */
    private static Quote historicalQuote(SeededDraw ownDraw, KrxListedStock stock, LocalDate date, int stepsBack) {
        History lastYear = stock.lastYear();
        History history = lastYear.upTo(date) > 0 ? lastYear : stock.history();
        int count = history.upTo(date);
        if (count == 0) {
            return Quote.NONE;
        }
        DailyBar bar = history.bar(count - 1);
        KrxGrid grid = new KrxGrid(stock.instrument());
        double ripple = bar.close()
                * (1 + INTRADAY_RANGE * day(ownDraw, date).with(stepsBack).signed());
        long last = stepsBack == 0
                ? bar.close()
                : Math.clamp(grid.down(Math.max(1, Math.round(ripple)), date), bar.low(), bar.high());
        long volume = bar.volume() - bar.volume() * Math.min(stepsBack, SECONDS) / (2 * SECONDS);
        return new Quote(
                PriceKind.STOCK,
                last,
                bar.base(),
                bar.open(),
                bar.high(),
                bar.low(),
                grid.highest(bar.base(), date),
                grid.lowest(bar.base(), date),
                stock.tick(last),
                volume,
                stepsBack == 0 ? bar.turnover() : volume * last);
    }

    private static long close(PriceKind kind, SeededDraw ownDraw, LocalDate date) {
        return snapToTick(kind, ownDraw.between(kind.lowest, kind.highest) * swing(ownDraw, date));
    }

    private static double swing(SeededDraw ownDraw, LocalDate date) {
        return 1 + DAILY_RANGE * day(ownDraw, date).signed();
    }

    private static SeededDraw day(SeededDraw ownDraw, LocalDate date) {
        return ownDraw.with(date.toEpochDay());
    }

    private static long snapToTick(PriceKind kind, double units) {
        long rounded = Math.max(1, Math.round(units));
        long tick = kind.tick(rounded);
        return Math.max(tick, rounded / tick * tick);
    }
}
