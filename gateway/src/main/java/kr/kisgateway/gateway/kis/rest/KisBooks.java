package kr.kisgateway.gateway.kis.rest;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.cache.AnswerCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.kis.wire.KisStatus;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.kis.wire.KisUsTicks;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.parse.BookAnswer;
import kr.kisgateway.wire.parse.OverseasBookAnswer;

/**
 * Korean books from inquire-asking-price-exp-ccn (주식현재가 호가/예상체결), US ones from overseas inquire-asking-price (해외주식 현재가
 * 호가), which paper lacks.
 */
public final class KisBooks implements BookSource {
    private final Supplier<KisClient> kis;

    /** @param kis resolved at each call */
    public KisBooks(Supplier<KisClient> kis) {
        this.kis = kis;
    }

    @Override
    public Result<RestBook> fetch(MarketSymbol symbol, PriceSeries series, String tenant) {
        if (series.isOfVenues() && kis.get().environment() == Environment.PAPER_FACE) {
            return Result.refused(
                    Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "paper trading has the books of KRX only; omit venue"));
        }
        var options =
                CallOptions.standard().withLane(Lane.QUOTE).withTenant(tenant).withTimeout(AnswerCache.CALL_LIMIT);
        return KisRefusals.marketData(book(symbol, series, options), book -> book);
    }

    /** The book in KIS's answer. */
    KisReply<RestBook> book(MarketSymbol symbol, PriceSeries series, CallOptions options) {
        return switch (symbol) {
            case Symbol korean ->
                kis.get()
                        .domestic()
                        .on(KisTr.board(series))
                        .book(korean, options)
                        .map(KisBooks::korean);
            case UsSymbol us -> {
                var code = KisTr.toOverseasSymbol(us);
                var calls = kis.get().overseas();
                var reply = switch (series) {
                    case MAIN -> calls.book(code, options);
                    case DAY_MARKET -> calls.dayBook(code, options);
                    case NXT, UNIFIED -> throw new IllegalArgumentException(series + " has no US stock");
                };
                yield reply.map(answer -> RestBook.of(book(us, answer)));
            }
            default -> throw KisTr.unsupported(symbol);
        };
    }

    private static RestBook korean(BookAnswer answer) {
        var match = answer.expected();
        return new RestBook(
                answer.book(),
                match.price() > 0
                        ? Optional.of(new Expected(match.price(), match.qty(), match.change(), match.changePct()))
                        : Optional.empty(),
                KisStatus.isOn(match.viCode()));
    }

    private static OrderBook book(UsSymbol symbol, OverseasBookAnswer answer) {
        return OrderBook.of(
                symbol,
                answer.at()
                        .map(LocalDateTime::toLocalTime)
                        .map(KisUsTicks::digits)
                        .orElse(0),
                levels(answer.asks()),
                levels(answer.bids()),
                answer.totalAskQty(),
                answer.totalBidQty());
    }

    private static List<OrderBook.Level> levels(List<OverseasBookAnswer.Level> side) {
        return side.stream()
                .map(level -> new OrderBook.Level(Dollars.roundedUnits(level.price()), level.qty()))
                .toList();
    }
}
