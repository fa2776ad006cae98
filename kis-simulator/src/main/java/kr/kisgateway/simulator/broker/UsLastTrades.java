package kr.kisgateway.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.market.UsTicks;
import kr.kisgateway.simulator.catalog.Executions;
import kr.kisgateway.simulator.catalog.Executions.Execution;
import kr.kisgateway.simulator.catalog.SeededDraw;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.simulator.us.UsTrade;

/**
 * The last trades of a US stock on its trading date: those that were made order by order as they were, and within the other
 * minutes trades that add up to the minute ({@link Executions}). The day's volume after each trade decides which is which.
 */
final class UsLastTrades {
    private static final int SECONDS = 60;

    private final UsMarket market;
    private final SeededDraw draw;

    UsLastTrades(UsMarket market, long seed) {
        this.market = market;
        this.draw = SeededDraw.of(seed).with("executions");
    }

    /** At most {@link UsStock#MAX_TRADES}, newest first. */
    List<UsTrade> of(UsStock stock) {
        List<UsTrade> recorded = stock.recentTrades();
        List<UsTrade> trades = new ArrayList<>();
        int next = 0;
        long end = stock.tape().figures().volume();
        for (Minutes.Bar bar : stock.tape().minutes().bars().reversed()) {
            if (trades.size() >= UsStock.MAX_TRADES) {
                break;
            }
            long start = end - bar.volume();
            Remainder left = new Remainder(bar, end, bar.close(), market.now());
            for (; next < recorded.size() && recorded.get(next).volume() > start; next++) {
                UsTrade trade = recorded.get(next);
                if (trade.volume() == left.volume()) {
                    trades.add(trade);
                    left = new Remainder(bar, left.volume() - trade.qty(), trade.price(), trade.at());
                }
            }
            trades.addAll(drawn(stock, left, left.volume() - start));
            end = start;
        }
        return trades.subList(0, Math.min(trades.size(), UsStock.MAX_TRADES));
    }

    /**
     * The part of a minute before its recorded trades.
     *
     * @param volume of the day at its end
     * @param close the last price of the part
     * @param until the instant at which it ends at the latest
     */
    private record Remainder(Minutes.Bar bar, long volume, long close, Instant until) {
        Minutes.Bar of(long shares) {
            return shares == bar.volume()
                    ? bar
                    : new Minutes.Bar(bar.minute(), bar.open(), bar.high(), bar.low(), close, shares, (long)
                            ((double) bar.turnover() * shares / bar.volume()));
        }
    }

    private List<UsTrade> drawn(UsStock stock, Remainder part, long shares) {
        if (shares <= 0) {
            return List.of();
        }
        Minutes.Bar bar = part.of(shares);
        Instant minute = market.startOfMinute(bar.minute());
        int passed = (int) Math.clamp(Duration.between(minute, part.until()).toSeconds() + 1, 1, SECONDS);
        List<UsTrade> trades = new ArrayList<>();
        long volume = part.volume();
        for (Execution each : Executions.of(
                        draw.with(stock.symbol().toString()).with(minute.getEpochSecond()),
                        bar,
                        passed,
                        false,
                        UsTicks::tick,
                        UsStock.TRADE_VALUE)
                .reversed()) {
            Instant at = minute.plusSeconds(each.second() - bar.minute() * SECONDS);
            trades.add(new UsTrade(
                    at,
                    market.hours().at(at).session(),
                    each.price(),
                    each.qty(),
                    volume,
                    each.bought() ? UsTicks.nextDown(each.price()) : each.price(),
                    each.bought() ? each.price() : UsTicks.nextUp(each.price())));
            volume -= each.qty();
        }
        return trades;
    }
}
