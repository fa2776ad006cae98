package kr.kisgateway.gateway.kis;

import java.util.Optional;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BookAnswer;

/** Books from inquire-asking-price-exp-ccn (주식현재가 호가/예상체결). */
public final class KisBooks implements BookSource {
    private final KisClient kis;

    public KisBooks(KisClient kis) {
        this.kis = kis;
    }

    @Override
    public Result<RestBook> fetch(Symbol symbol, String tenant) {
        var options = CallOptions.standard().withTenant(tenant).withTimeout(AnswerCache.CALL_LIMIT);
        return KisRefusals.marketData(
                kis.domestic().book(symbol, options),
                answer -> new RestBook(answer.book(), expected(answer), isInterrupted(answer)));
    }

    private static Optional<Expected> expected(BookAnswer answer) {
        var match = answer.expected();
        return match.price() > 0
                ? Optional.of(new Expected(match.price(), match.qty(), match.change(), match.changePct()))
                : Optional.empty();
    }

    private static boolean isInterrupted(BookAnswer answer) {
        return KisStatus.isOn(answer.expected().viCode());
    }
}
