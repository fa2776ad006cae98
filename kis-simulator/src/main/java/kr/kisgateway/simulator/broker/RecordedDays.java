package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.KoreanDailyHistory;
import kr.kisgateway.simulator.history.KrxSessions;
import kr.kisgateway.simulator.history.MinuteCodec;

/** The completed days of the exchange: read from the file at the start, stored as each ends. */
final class RecordedDays {
    private final KoreanDailyHistory dailyHistory;
    private Optional<LocalDate> unsavedFirstDay;

    /**
     * @param today the first day where the file has none: its past then starts from the current prices
     * @param unattended whether stocks trade that no program has requested
     */
    RecordedDays(long seed, TradingCalendar calendar, StoredChanges stored, LocalDate today, boolean unattended) {
        Optional<LocalDate> first = stored.changes().stream()
                .flatMap(change ->
                        change instanceof Change.FirstDay(Market market, LocalDate day) && market.equals(Market.KOREA)
                                ? Stream.of(day)
                                : Stream.empty())
                .findFirst();
        unsavedFirstDay = first.isEmpty() ? Optional.of(today) : Optional.empty();
        dailyHistory = new KoreanDailyHistory(
                seed,
                first.orElse(today),
                unattended,
                () -> new KrxSessions(calendar instanceof KrxCalendar krx ? krx : new KrxCalendar()));
        for (Change change : stored.changes()) {
            if (change instanceof Change.Traded(Symbol symbol, String venue, DailyBar bar)) {
                dailyHistory.add(symbol, venue, bar);
            } else if (change instanceof Change.TradedMinutes(var symbol, var venue, var date, var bars)) {
                dailyHistory.add(symbol, venue, date, bars);
            }
        }
    }

    KoreanDailyHistory dailyHistory() {
        return dailyHistory;
    }

    /** Stores the first day once. */
    void saveFirstDay(StepOutput out) {
        unsavedFirstDay.ifPresent(first -> out.save(new Change.FirstDay(Market.KOREA, first)));
        unsavedFirstDay = Optional.empty();
    }

    /** Stores a trading day that is over. */
    void saveDay(LocalDate date, Exchange exchange, StepOutput out) {
        for (Stock stock : exchange.all()) {
            dailyHistory
                    .end(stock.symbol(), stock.venue().name(), date, stock.tape())
                    .ifPresent(bar -> {
                        out.save(new Change.Traded(stock.symbol(), stock.venue(), bar));
                        saveMinutes(stock, bar, out);
                    });
        }
    }

    /** Stores minutes of requested stocks if they are complete: after a restart those before it are missing. */
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
