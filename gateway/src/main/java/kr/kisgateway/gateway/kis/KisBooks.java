package kr.kisgateway.gateway.kis;

import java.util.Optional;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.cache.CallResult;
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
    public CallResult<RestBook> fetch(Symbol symbol, String tenant) {
        var options = CallOptions.standard().withTenant(tenant).withTimeout(AnswerCache.CALL_LIMIT);
        return switch (kis.domestic().book(symbol, options)) {
            case KisReply.Ok<BookAnswer>(BookAnswer answer) ->
                new CallResult.Success<>(new RestBook(answer.book(), expected(answer), isInterrupted(answer)));
            case KisReply.Failed<BookAnswer>(KisFailure failure) ->
                new CallResult.Failure<>(KisRefusals.marketData(failure));
        };
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
