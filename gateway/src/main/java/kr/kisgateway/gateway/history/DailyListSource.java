package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.Symbol;

/** Requests one of the exchange's lists of a day. Blocks; nothing is retried. */
public interface DailyListSource {
    /** The first day that the exchange's Open API has (reported). */
    LocalDate FIRST_DAY = LocalDate.of(2010, 1, 4);

    /** Whether a key is configured. */
    boolean hasKey();

    /**
     * Every row of {@code list} of {@code day}, prices as they traded; none when the exchange was closed or has not published
     * them yet. The refusal's code is {@code QUOTA_EXCEEDED} when the day's calls are used up, {@code UPSTREAM_TIMEOUT} or
     * {@code BARS_UNAVAILABLE} for a temporary failure, {@code CREDENTIALS_MISSING} or {@code CREDENTIALS_REFUSED} for the
     * key.
     */
    Result<List<Row>> requestDay(DailyList list, LocalDate day);

    /** @param bar empty on a day without a trade */
    record Row(Symbol symbol, Optional<Bar> bar) {}
}
