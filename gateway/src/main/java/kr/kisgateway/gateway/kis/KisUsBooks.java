package kr.kisgateway.gateway.kis;

import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Supplier;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.orderbook.UsBookSource;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.parse.OverseasBookAnswer;

/** US books from overseas inquire-asking-price (해외주식 현재가 호가), which paper lacks. */
public final class KisUsBooks implements UsBookSource {
    private final Supplier<KisClient> kis;

    /** @param kis resolved at each call */
    public KisUsBooks(Supplier<KisClient> kis) {
        this.kis = kis;
    }

    @Override
    public Result<UsBook> fetch(UsSymbol symbol, boolean dayMarket, String tenant) {
        var options =
                CallOptions.standard().withLane(Lane.QUOTE).withTenant(tenant).withTimeout(AnswerCache.CALL_LIMIT);
        return KisRefusals.marketData(book(symbol, dayMarket, options), book -> book);
    }

    /** The book in KIS's answer. */
    KisReply<UsBook> book(UsSymbol symbol, boolean dayMarket, CallOptions options) {
        var code = KisTr.toOverseasSymbol(symbol);
        var calls = kis.get().overseas();
        return switch (dayMarket ? calls.dayBook(code, options) : calls.book(code, options)) {
            case KisReply.Ok<OverseasBookAnswer>(OverseasBookAnswer book) ->
                new KisReply.Ok<>(new UsBook(
                        levels(book.bids()),
                        levels(book.asks()),
                        book.totalBidQty(),
                        book.totalAskQty(),
                        book.at().map(LocalDateTime::toLocalTime)));
            case KisReply.Failed<OverseasBookAnswer>(KisFailure failure) -> new KisReply.Failed<>(failure);
        };
    }

    private static List<UsBook.Level> levels(List<OverseasBookAnswer.Level> side) {
        return side.stream()
                .map(level -> new UsBook.Level(level.price(), level.qty()))
                .toList();
    }
}
