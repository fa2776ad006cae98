package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.Chronicle;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.KrxSessions;
import kr.kisgateway.simulator.history.MinuteCode;

/** The days that the exchange has lived through: read from the file at the start, kept as each ends. */
final class LivedDays {
    private final Chronicle chronicle;
    private final boolean unattended;
    private Optional<LocalDate> untoldFirst;

    /**
     * @param today the first day where the file knows none: it then begins its past anew, on the prices of now
     * @param unattended whether stocks trade that no program looks at
     */
    LivedDays(long seed, TradingCalendar calendar, Kept kept, LocalDate today, boolean unattended) {
        this.unattended = unattended;
        Optional<LocalDate> first = kept.changes().stream()
                .filter(Change.FirstDay.class::isInstance)
                .map(change -> ((Change.FirstDay) change).day())
                .findFirst();
        untoldFirst = first.isEmpty() ? Optional.of(today) : Optional.empty();
        chronicle = new Chronicle(
                seed,
                first.orElse(today),
                unattended,
                () -> new KrxSessions(calendar instanceof KrxCalendar krx ? krx : new KrxCalendar()));
        for (Change change : kept.changes()) {
            if (change instanceof Change.Traded(var symbol, var venue, var bar)) {
                chronicle.add(symbol, venue, bar);
            } else if (change instanceof Change.TradedMinutes(var symbol, var venue, var date, var bars)) {
                chronicle.add(symbol, venue, date, bars);
            }
        }
    }

    Chronicle chronicle() {
        return chronicle;
    }

    /** The first day goes into the file once. */
    void keepFirst(Out out) {
        untoldFirst.ifPresent(first -> out.keep(new Change.FirstDay(first)));
        untoldFirst = Optional.empty();
    }

    /** A trading day is over. */
    void keep(LocalDate date, Exchange exchange, Out out) {
        for (Stock stock : exchange.all()) {
            Tape.Figures day = stock.tape().figures();
            // Of a stock that was looked at and did not trade the day must not be drawn later.
            if (day.volume() > 0 || unattended) {
                // Trades at the closing price alone are volume and no prices.
                boolean priced = day.open() > 0;
                DailyBar bar = new DailyBar(
                        date,
                        day.base(),
                        priced ? day.open() : day.base(),
                        priced ? day.high() : day.base(),
                        priced ? day.low() : day.base(),
                        stock.tape().regularLast(),
                        day.volume(),
                        day.turnover());
                chronicle.add(stock.symbol(), stock.venue(), bar);
                out.keep(new Change.Traded(stock.symbol(), stock.venue(), bar));
                keepMinutes(stock, bar, out);
            }
        }
    }

    /** Of stocks that somebody looked at, and whose minutes are all there: those of before a restart are not. */
    private void keepMinutes(Stock stock, DailyBar day, Out out) {
        Instant began = day.date().atStartOfDay(TradingCalendar.SEOUL).toInstant();
        if (!stock.wasWanted(began)) {
            return;
        }
        List<Minutes.Bar> bars = MinuteCode.priced(stock.tape().minutes().bars(), day.base());
        if (bars.stream().mapToLong(Minutes.Bar::volume).sum() == day.volume()) {
            chronicle.add(stock.symbol(), stock.venue(), day.date(), bars);
            out.keep(new Change.TradedMinutes(stock.symbol(), stock.venue(), day.date(), bars));
        }
    }
}
