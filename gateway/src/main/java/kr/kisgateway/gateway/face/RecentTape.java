package kr.kisgateway.gateway.face;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last pushed trades of one stock and the minutes that consist of them, without a gap: a trade that does not continue the
 * day's volume starts both again.
 *
 * <p>Written by the sockets' threads, read by any.
 */
final class RecentTape {
    /** More than an answer has, so that one can still be compared after some more trades. */
    private static final int TRADES_MAX = 64;
    /** As many as an answer has. */
    private static final int MINUTES_MAX = 30;

    private final Deque<PushedTrade> trades = new ArrayDeque<>();
    private final Deque<Minute> minutes = new ArrayDeque<>();
    private String turnoverBefore = "";
    private long series;

    /**
     * A minute of which every trade was pushed.
     *
     * @param minute of the day
     * @param last the last trade of it, so far
     */
    record Minute(int minute, long open, long high, long low, long qty, PushedTrade last) {
        static Minute of(PushedTrade first) {
            return new Minute(first.minute(), first.price(), first.price(), first.price(), first.qty(), first);
        }

        Minute with(PushedTrade next) {
            return new Minute(
                    minute, open, Math.max(high, next.price()), Math.min(low, next.price()), qty + next.qty(), next);
        }
    }

    /**
     * @param trades newest first
     * @param minutes newest first: consecutive, each with a trade, up to that of the last trade; empty before the first whole one
     * @param turnoverBefore the day's turnover before the oldest of {@code minutes}, as pushed
     * @param series changes when {@code minutes} start again
     */
    record Snapshot(List<PushedTrade> trades, List<Minute> minutes, String turnoverBefore, long series) {
        Optional<PushedTrade> last() {
            return trades.isEmpty() ? Optional.empty() : Optional.of(trades.getFirst());
        }
    }

    /** Adds a pushed trade. */
    synchronized void add(PushedTrade trade) {
        var last = trades.peekFirst();
        if (last == null || !continues(last, trade)) {
            reset();
        } else {
            addToMinute(last, trade);
        }
        if (trades.size() == TRADES_MAX) {
            trades.removeLast();
        }
        trades.addFirst(trade);
    }

    private static boolean continues(PushedTrade last, PushedTrade trade) {
        return trade.volume() - trade.qty() == last.volume()
                && trade.date().equals(last.date())
                && trade.minute() >= last.minute();
    }

    private void addToMinute(PushedTrade last, PushedTrade trade) {
        var current = minutes.peekFirst();
        if (current != null && current.minute() == trade.minute()) {
            minutes.removeFirst();
            minutes.addFirst(current.with(trade));
            return;
        }
        if (trade.minute() == last.minute()) {
            return; // of the minute in which the tape started, which lacks trades
        }
        if (current == null || trade.minute() != current.minute() + 1) {
            // What KIS shows of a minute without trades is not known.
            restartMinutes();
            turnoverBefore = last.column(PushedTrade.TURNOVER);
        } else if (minutes.size() == MINUTES_MAX) {
            turnoverBefore = minutes.removeLast().last().column(PushedTrade.TURNOVER);
        }
        minutes.addFirst(Minute.of(trade));
    }

    /** Forgets everything. */
    synchronized void reset() {
        trades.clear();
        restartMinutes();
    }

    private void restartMinutes() {
        minutes.clear();
        series++;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(List.copyOf(trades), List.copyOf(minutes), turnoverBefore, series);
    }
}
