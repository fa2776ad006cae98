package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.history.BarSource.Result;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Symbol;

/** Asks the exchange for everything that one of its lists has of a day. Blocks; nothing is asked twice by itself. */
public interface DailyListSource {
    /** The first day that the exchange's Open API has (reported). */
    LocalDate FIRST_DAY = LocalDate.of(2010, 1, 4);

    /** Whether there is a key to ask with. */
    boolean hasKey();

    /**
     * Every row of {@code list} of {@code day}, prices as they traded; none when the exchange was closed or has not published
     * them yet. The refusal's code is {@code QUOTA_EXCEEDED} when the day's calls are used up, {@code UPSTREAM_TIMEOUT} or
     * {@code BARS_UNAVAILABLE} for trouble that may pass, {@code CREDENTIALS_MISSING} or {@code CREDENTIALS_REFUSED} for the key.
     */
    Result<List<Row>> requestDay(DailyList list, LocalDate day);

    /** Calls sent today, and how many are allowed. */
    Calls calls();

    /** @param bar empty on a day without a trade */
    record Row(Symbol symbol, Optional<Bar> bar) {}

    record Calls(int used, int allowed) {}
}
