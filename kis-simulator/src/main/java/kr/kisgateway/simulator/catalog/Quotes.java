package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.util.Optional;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.simulator.history.KrxGrid;

/**
 * Prices of everything, for any day: those of listed stocks are the market's and its history's, all others are drawn from
 * the seed, so that two calls about the same thing and day agree.
 */
final class Quotes {
    /** How far a close may lie from the usual price of the thing. */
    private static final double SWING = 0.03;

    /** How far a price of the day may lie from its close. */
    private static final double RIPPLE = 0.004;

    private static final long SECONDS = 86_400;

    private final Draw draw;
    private final Indices indices = new Indices();

    Quotes(long seed) {
        this.draw = Draw.of(seed).with("quotes");
    }

    /**
     * @param back 0 for the last price of {@code date}, above for earlier ones of the same day
     */
    Quote at(Kind kind, String code, LocalDate date, int back, MarketView market) {
        if (kind == Kind.INDEX && Indices.knows(code)) {
            return indices.quote(code, date, market);
        }
        Draw mine = draw.with(kind.name()).with(code);
        Optional<KrxListed> domestic = kind == Kind.STOCK ? market.find(code) : Optional.empty();
        if (kind == Kind.STOCK && domestic.isEmpty()) {
            return Quote.OF_NOTHING;
        }
        if (domestic.isPresent() && date.isBefore(market.day())) {
            return past(mine, domestic.get(), date, back);
        }
        Optional<Listed> abroad =
                kind == Kind.FOREIGN && !date.isBefore(market.day()) ? market.abroad(code) : Optional.empty();
        Optional<Listed> listed = domestic.<Listed>map(it -> it).or(() -> abroad);
        LocalDate before = market.before(date);
        boolean live = listed.isPresent();
        long previous = live ? listed.get().base() : close(kind, mine, before);
        long close = live ? listed.get().last() : close(kind, mine, date);
        long open = live && listed.get().open() > 0
                ? listed.get().open()
                : live
                        ? close
                        : snapped(
                                kind,
                                previous
                                        * (1
                                                + SWING
                                                        / 3
                                                        * day(mine, date)
                                                                .with("open")
                                                                .signed()));
        long high = live && listed.get().high() > 0 ? listed.get().high() : Math.max(open, close);
        long low = live && listed.get().low() > 0 ? listed.get().low() : Math.min(open, close);
        if (!live) {
            high = snapped(
                    kind,
                    high * (1 + RIPPLE * Math.abs(day(mine, date).with("high").signed())));
            low = snapped(
                    kind,
                    low * (1 - RIPPLE * Math.abs(day(mine, date).with("low").signed())));
        }
        high = Math.max(high, Math.max(open, close));
        low = Math.min(low, Math.min(open, close));
        long last = back == 0
                ? close
                : Math.clamp(
                        snapped(
                                kind,
                                close * (1 + RIPPLE * day(mine, date).with(back).signed())),
                        low,
                        high);
        long day = live ? listed.get().volume() : day(mine, date).with("volume").between(10_000, 5_000_000);
        long volume = day - day * Math.min(back, SECONDS) / (2 * SECONDS);
        long turnover = live && back == 0
                ? listed.get().turnover()
                : Math.multiplyExact(volume, last) / Math.max(1, (long) Math.pow(10, kind.scale));
        long upper = live ? listed.get().upper() : snapped(kind, previous * 1.3);
        long lower = live ? listed.get().lower() : snapped(kind, previous * 0.7);
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

    /** Chance of one thing, the same in every answer. */
    Draw of(Kind kind, String code) {
        return draw.with(kind.name()).with(code);
    }

    Indices indices() {
        return indices;
    }

    /** A day of a stock as its history has it; the last one before where it has none, and nothing before its listing. */
    private static Quote past(Draw mine, KrxListed stock, LocalDate date, int back) {
        History history = stock.history();
        int count = history.upTo(date);
        if (count == 0) {
            return Quote.OF_NOTHING;
        }
        DailyBar bar = history.bar(count - 1);
        KrxGrid grid = new KrxGrid(stock.instrument());
        double ripple = bar.close() * (1 + RIPPLE * day(mine, date).with(back).signed());
        long last = back == 0
                ? bar.close()
                : Math.clamp(grid.down(Math.max(1, Math.round(ripple)), date), bar.low(), bar.high());
        long volume = bar.volume() - bar.volume() * Math.min(back, SECONDS) / (2 * SECONDS);
        return new Quote(
                Kind.STOCK,
                last,
                bar.base(),
                bar.open(),
                bar.high(),
                bar.low(),
                grid.highest(bar.base(), date),
                grid.lowest(bar.base(), date),
                stock.tick(last),
                volume,
                back == 0 ? bar.turnover() : volume * last);
    }

    private static long close(Kind kind, Draw mine, LocalDate date) {
        return snapped(kind, mine.between(kind.lowest, kind.highest) * swing(mine, date));
    }

    private static double swing(Draw mine, LocalDate date) {
        return 1 + SWING * day(mine, date).signed();
    }

    private static Draw day(Draw mine, LocalDate date) {
        return mine.with(date.toEpochDay());
    }

    private static long snapped(Kind kind, double units) {
        long rounded = Math.max(1, Math.round(units));
        long tick = kind.tick(rounded);
        return Math.max(tick, rounded / tick * tick);
    }
}
