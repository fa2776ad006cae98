package kr.kisgateway.client.krx;

import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalInt;
import kr.kisgateway.client.fetch.ResourceTable;
import kr.kisgateway.market.TradingCalendar;

/**
 * Counts the calls of a day. The count is this client's own: it does not include the calls of other programs with the same
 * key, nor those of this one before a restart.
 */
final class QuotaCounter {
    /** The calls allowed from a date on; a new rule is a new row at the end of {@code quota.tsv}. */
    private record Rule(LocalDate from, int calls) {}

    private final InstantSource clock;
    private final OptionalInt configuredLimit;
    private final List<Rule> rules;
    private LocalDate day;
    private int used;

    QuotaCounter(OptionalInt configuredLimit, InstantSource clock) {
        this.configuredLimit = configuredLimit;
        this.clock = clock;
        this.rules = ResourceTable.read(QuotaCounter.class, "quota.tsv").stream()
                .map(cells -> new Rule(LocalDate.parse(cells.get(0)), Integer.parseInt(cells.get(1))))
                .toList();
        this.day = today();
    }

    /** Takes one call, unless none is left. */
    synchronized boolean tryConsume() {
        if (current().left() == 0) {
            return false;
        }
        used++;
        return true;
    }

    synchronized KrxQuota current() {
        LocalDate today = today();
        // A clock that was set back starts no new day: the calls were spent all the same.
        if (today.isAfter(day)) {
            day = today;
            used = 0;
        }
        return new KrxQuota(day, used, configuredLimit.orElseGet(() -> allowed(day)));
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private int allowed(LocalDate on) {
        int calls = 0;
        for (Rule rule : rules) {
            calls = on.isBefore(rule.from()) ? calls : rule.calls();
        }
        return calls;
    }
}
