package kr.kisgateway.simulator.catalog;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.catalog.Executions.Execution;
import kr.kisgateway.simulator.exchange.DormantStock;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.MinuteCodec;
import kr.kisgateway.wire.print.Percent;

/**
 * The lists of today's trades (체결), newest first: those that were made order by order as they were, and within the other minutes
 * trades that are drawn ({@link Executions}), each with its best prices; the strength (체결강도) runs through the day to its
 * current value.
 */
final class Trades {
    private static final int ROWS = 30;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final int MINUTE = 60;
    private static final int END_OF_DAY = 24 * 60 * MINUTE - 1;

    private final KrxListedStock stock;
    private final MarketView market;
    private final SeededDraw draw;

    private Trades(KrxListedStock stock, MarketView market, SeededDraw draw) {
        this.stock = stock;
        this.market = market;
        this.draw = draw;
    }

    /** inquire-ccnl: the last thirty trades. */
    static KnownFields latest(CatalogRequest question, MarketView market, long seed) {
        return of(question, market, seed)
                .map(trades -> new ListFields(
                        "output", trades.rows(END_OF_DAY, minute -> true, trades.stock.base()), Map.of()))
                .orElse(new ListFields("output", List.of(), Map.of()));
    }

    /** inquire-time-itemconclusion: the last thirty trades up to a time of day. */
    static KnownFields until(CatalogRequest question, MarketView market, long seed) {
        int last = CatalogRequest.time(question.param("FID_INPUT_HOUR_1"))
                .filter(time -> !time.equals(LocalTime.MIDNIGHT))
                .map(LocalTime::toSecondOfDay)
                .orElse(END_OF_DAY);
        return of(question, market, seed)
                .map(trades -> new ListFields(
                        "output2",
                        trades.rows(last, minute -> true, trades.stock.base()),
                        Charts.summary(trades.stock)))
                .orElse(new ListFields("output2", List.of(), Map.of()));
    }

    /** inquire-time-overtimeconclusion: the last thirty trades after the close of the regular session. */
    static KnownFields afterHours(CatalogRequest question, MarketView market, long seed) {
        return of(question, market, seed)
                .map(trades -> {
                    AfterHours after = AfterHours.behindClose(trades.stock);
                    return new ListFields(
                            "output2",
                            trades.rows(END_OF_DAY, AfterHours::isBehindClose, after.reference()),
                            after.figures(trades.stock));
                })
                .orElse(new ListFields("output2", List.of(), Map.of()));
    }

    private static Optional<Trades> of(CatalogRequest question, MarketView market, long seed) {
        String code = question.param("FID_INPUT_ISCD");
        return market.find(code)
                .map(stock -> new Trades(
                        stock,
                        market,
                        SeededDraw.of(seed)
                                .with("executions")
                                .with(code)
                                .with(question.param("FID_COND_MRKT_DIV_CODE"))
                                .with(market.day().toEpochDay())));
    }

    /**
     * @param last second of the day
     * @param isListed the minutes of the day that are listed, and counted in the volume
     * @param reference the price from which changes are measured
     */
    private List<Map<String, String>> rows(int last, IntPredicate isListed, long reference) {
        if (!market.isTradingDay(market.day())) {
            return List.of();
        }
        List<Minutes.Bar> bars = MinuteCodec.withPrices(stock.minutes(), stock.base());
        long[] volume = new long[bars.size() + 1];
        long[] bought = new long[bars.size() + 1];
        long[] all = new long[bars.size() + 1];
        for (int i = 0; i < bars.size(); i++) {
            Minutes.Bar bar = bars.get(i);
            volume[i + 1] = volume[i] + (isListed.test(bar.minute()) ? bar.volume() : 0);
            all[i + 1] = all[i] + bar.volume();
            bought[i + 1] = bought[i] + stock.buyVolume(bar);
        }
        Strength strength = new Strength(bought[bars.size()], all[bars.size()]);
        List<Tape.RecentTrade> recorded = stock.recentTrades();
        int next = 0;
        List<Map<String, String>> rows = new ArrayList<>();
        for (int i = bars.size() - 1; i >= 0 && rows.size() < ROWS; i--) {
            Minutes.Bar bar = bars.get(i);
            boolean listed = isListed.test(bar.minute()) && bar.minute() * MINUTE <= last;
            Remainder left = new Remainder(bar, bar.volume(), bar.close(), passed(bar));
            for (; next < recorded.size() && recorded.get(next).volume() > all[i]; next++) {
                Tape.RecentTrade trade = recorded.get(next);
                // The day's volume after it decides whether nothing is missing behind it.
                if (trade.volume() == all[i] + left.shares()) {
                    if (listed && second(trade) <= last && rows.size() < ROWS) {
                        rows.add(row(trade, volume[i] + left.shares(), reference));
                    }
                    left = new Remainder(bar, left.shares() - trade.qty(), trade.price(), second(trade) % MINUTE + 1);
                }
            }
            if (!listed) {
                continue;
            }
            long rest = left.shares();
            for (Execution trade : trades(left).reversed()) {
                if (trade.second() <= last && rows.size() < ROWS) {
                    long part = bar.volume() - rest;
                    rows.add(row(
                            trade,
                            volume[i + 1] - part,
                            strength.at(
                                    bought[i + 1] - share(bought[i + 1] - bought[i], part, bar.volume()),
                                    all[i + 1] - part),
                            reference));
                }
                rest -= trade.qty();
            }
        }
        return rows;
    }

    /**
     * The part of a minute before its recorded trades.
     *
     * @param close the last price of the part
     * @param seconds of the minute in which it ends at the latest
     */
    private record Remainder(Minutes.Bar bar, long shares, long close, int seconds) {
        Minutes.Bar asBar() {
            return shares == bar.volume()
                    ? bar
                    : new Minutes.Bar(bar.minute(), bar.open(), bar.high(), bar.low(), close, shares, (long)
                            ((double) bar.turnover() * shares / bar.volume()));
        }
    }

    private List<Execution> trades(Remainder part) {
        return part.shares() <= 0
                ? List.of()
                : Executions.of(
                        draw.with(part.bar().minute()),
                        part.asBar(),
                        part.seconds(),
                        market.isAuction(part.bar().minute()),
                        price -> stock.tick(price),
                        DormantStock.TRADE_VALUE);
    }

    private int passed(Minutes.Bar bar) {
        return bar.minute() == market.minute() ? market.second() + 1 : MINUTE;
    }

    private static int second(Tape.RecentTrade trade) {
        int time = trade.timeOfDay();
        return (time / 10_000 * 60 + time / 100 % 100) * MINUTE + time % 100;
    }

    private Map<String, String> row(Tape.RecentTrade trade, long volume, long reference) {
        boolean bought = trade.aggressor().equals(Optional.of(Side.BUY));
        return row(
                new Execution(second(trade), trade.price(), trade.qty(), bought),
                volume,
                Percent.of(trade.buyVolume(), trade.sellVolume()),
                reference);
    }

    private static long share(long total, long part, long all) {
        return (long) ((double) total * part / all);
    }

    private Map<String, String> row(Execution trade, long volume, String strength, long reference) {
        long change = trade.price() - reference;
        long below = trade.price() - stock.tick(trade.price() - 1);
        long above = trade.price() + stock.tick(trade.price());
        Map<String, String> row = new HashMap<>();
        row.put("stck_cntg_hour", TIME.format(LocalTime.ofSecondOfDay(trade.second())));
        row.put("stck_prpr", text(trade.price()));
        row.put("stck_pbpr", text(trade.price()));
        row.put("prdy_vrss", text(change));
        row.put("prdy_vrss_sign", sign(trade.price(), change));
        row.put("prdy_ctrt", Percent.of(change, reference));
        row.put("askp", text(trade.bought() ? trade.price() : above > stock.upper() ? 0 : above));
        row.put("bidp", text(!trade.bought() ? trade.price() : below < stock.lower() ? 0 : below));
        row.put("cntg_vol", text(trade.qty()));
        row.put("cnqn", text(trade.qty()));
        row.put("acml_vol", text(volume));
        row.put("tday_rltv", strength);
        return row;
    }

    /** The same as in the frame of the trade. */
    private String sign(long price, long change) {
        if (price == stock.upper()) {
            return "1";
        }
        return price == stock.lower() ? "4" : Quote.sign(change);
    }

    /**
     * Shares bought per hundred shares sold, at any volume of the day: the minutes' ratio, scaled to the day's, auctions
     * excluded.
     */
    private final class Strength {
        private final double ofBought;
        private final double ofSold;

        Strength(long bought, long all) {
            ofBought = bought == 0 ? 0 : (double) stock.buyVolume() / bought;
            ofSold = all == bought ? 0 : (double) stock.sellVolume() / (all - bought);
        }

        String at(long bought, long all) {
            return Percent.of(Math.round(ofBought * bought), Math.round(ofSold * (all - bought)));
        }
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
