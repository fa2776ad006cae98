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
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.DailyHistory;
import kr.kisgateway.simulator.history.KrxSessions;
import kr.kisgateway.simulator.history.MinuteCodec;

/** The days that the exchange has lived through: read from the file at the start, kept as each ends. */
final class RecordedDays {
    private final DailyHistory dailyHistory;
    private final boolean unattended;
    private Optional<LocalDate> unsavedFirstDay;

    /**
     * @param today the first day where the file knows none: it then begins its past anew, on the prices of now
     * @param unattended whether stocks trade that no program looks at
     */
    RecordedDays(long seed, TradingCalendar calendar, StoredChanges stored, LocalDate today, boolean unattended) {
        this.unattended = unattended;
        Optional<LocalDate> first = stored.changes().stream()
                .filter(Change.FirstDay.class::isInstance)
                .map(change -> ((Change.FirstDay) change).day())
                .findFirst();
        unsavedFirstDay = first.isEmpty() ? Optional.of(today) : Optional.empty();
        dailyHistory = new DailyHistory(
                seed,
                first.orElse(today),
                unattended,
                () -> new KrxSessions(calendar instanceof KrxCalendar krx ? krx : new KrxCalendar()));
        for (Change change : stored.changes()) {
            if (change instanceof Change.Traded(var symbol, var venue, var bar)) {
                dailyHistory.add(symbol, venue, bar);
            } else if (change instanceof Change.TradedMinutes(var symbol, var venue, var date, var bars)) {
                dailyHistory.add(symbol, venue, date, bars);
            }
        }
    }

    DailyHistory dailyHistory() {
        return dailyHistory;
    }

    /** The first day goes into the file once. */
    void saveFirstDay(StepOutput out) {
        unsavedFirstDay.ifPresent(first -> out.save(new Change.FirstDay(first)));
        unsavedFirstDay = Optional.empty();
    }

    /** A trading day is over. */
    void saveDay(LocalDate date, Exchange exchange, StepOutput out) {
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
                dailyHistory.add(stock.symbol(), stock.venue(), bar);
                out.save(new Change.Traded(stock.symbol(), stock.venue(), bar));
                saveMinutes(stock, bar, out);
            }
        }
    }

    /** Of stocks that somebody looked at, and whose minutes are all there: those of before a restart are not. */
    private void saveMinutes(Stock stock, DailyBar day, StepOutput out) {
        Instant dayStart = day.date().atStartOfDay(TradingCalendar.SEOUL).toInstant();
        if (!stock.wasOfInterest(dayStart)) {
            return;
        }
        List<Minutes.Bar> bars = MinuteCodec.withPrices(stock.tape().minutes().bars(), day.base());
        if (bars.stream().mapToLong(Minutes.Bar::volume).sum() == day.volume()) {
            dailyHistory.add(stock.symbol(), stock.venue(), day.date(), bars);
            out.save(new Change.TradedMinutes(stock.symbol(), stock.venue(), day.date(), bars));
        }
    }
}
