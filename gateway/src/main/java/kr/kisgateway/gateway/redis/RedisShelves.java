package kr.kisgateway.gateway.redis;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.history.ChartShelves;
import kr.kisgateway.gateway.history.ChartShelves.DaysQuestion;
import kr.kisgateway.gateway.history.ChartShelves.UsQuestion;
import kr.kisgateway.gateway.marketwide.MarketShelves;
import kr.kisgateway.gateway.marketwide.RankingKind;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.orderbook.UsBookService;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.quote.IssueFacts;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.redis.RedisShelf.Kind;
import kr.kisgateway.gateway.settings.Masked;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;

/** Every kind of answer that gateways of one environment share through Redis; each kind has its codec, key and subject here. */
public final class RedisShelves {
    private final RedisLink redis;
    private final String environment;
    private final Supplier<String> nonce;
    private final List<Shelf<?, ?>> made = new CopyOnWriteArrayList<>();

    /**
     * @param environment sim, mock or live: answers of one are none of another
     * @param nonce texts of which no two are alike, without {@code |}
     */
    public RedisShelves(RedisLink redis, String environment, Supplier<String> nonce) {
        this.redis = redis;
        this.environment = environment;
        this.nonce = nonce;
    }

    /** Korean prices. */
    public Shelf<Symbol, RestQuote> quotes(Duration life) {
        return shelf(Kind.of("quote", Symbol::code, new QuoteCodecs.Korean()), life);
    }

    /** American prices; the day market's have a key of their own. */
    public Shelf<UsQuotes.Asked, UsFigures> usQuotes(Duration life) {
        return shelf(
                new Kind<>(
                        "quote",
                        asked -> market(asked.symbol(), asked.dayMarket()),
                        asked -> asked.symbol().code(),
                        new QuoteCodecs.American()),
                life);
    }

    /** Korean order books. */
    public Shelf<Symbol, BookSource.Asked> books(Duration life) {
        return shelf(Kind.of("book", Symbol::code, new BookCodecs.Korean()), life);
    }

    /** American order books; the day market's have a key of their own. */
    public Shelf<UsBookService.Asked, UsBook> usBooks(Duration life) {
        return shelf(
                new Kind<>(
                        "book",
                        asked -> market(asked.symbol(), asked.dayMarket()),
                        asked -> asked.symbol().code(),
                        new BookCodecs.American()),
                life);
    }

    /** Charts; all of a stock are dropped together. */
    public ChartShelves charts(Duration life) {
        Function<DaysQuestion, String> days = asked ->
                chart(asked.symbol().code(), asked.period(), asked.adjusted()) + ":" + asked.from() + ":" + asked.to();
        Function<UsQuestion, String> american =
                asked -> chart(asked.symbol().code(), asked.period(), asked.adjusted()) + ":" + asked.last();
        return new ChartShelves(
                shelf(new Kind<>("chart", days, asked -> asked.symbol().code(), new BarCodecs.Days()), life),
                shelf(
                        new Kind<>(
                                "minutes",
                                asked -> asked.symbol().code() + ":" + asked.day(),
                                asked -> asked.symbol().code(),
                                new BarCodecs.Minutes()),
                        life),
                shelf(new Kind<>("chart", american, asked -> asked.symbol().code(), new BarCodecs.American()), life));
    }

    /** Figures of the whole market: repeated questions. */
    public MarketShelves market() {
        return new MarketShelves(
                shelf(Kind.of("ranking", RankingKind::word, new MarketCodecs.Ranking()), Shelf.REPEATED),
                shelf(Kind.of("index", code -> code, new MarketCodecs.Index()), Shelf.REPEATED),
                shelf(Kind.of("investors", Symbol::code, new MarketCodecs.Investors()), Shelf.REPEATED),
                shelf(Kind.of("nav", Symbol::code, new MarketCodecs.Nav()), Shelf.REPEATED));
    }

    /** Limits and standing of Korean issues. */
    public Shelf<Symbol, IssueFacts> issues(Duration life) {
        return shelf(Kind.of("instrument", Symbol::code, new QuoteCodecs.Issue()), life);
    }

    /** Previous closes of Korean issues, in won. */
    public Shelf<Symbol, Long> previousCloses(Duration life) {
        return shelf(Kind.of("previous-close", Symbol::code, new QuoteCodecs.PreviousClose()), life);
    }

    /**
     * What accounts hold, encrypted.
     *
     * @param appSecret what every gateway that may read it has
     * @param name of an account by its alias: no two accounts alike, and none tells its number
     */
    public Shelf<String, Holdings> balances(
            Duration life, Masked appSecret, Function<String, String> name, SecureRandom random) {
        return shelf(
                Kind.of("balance", name, new SealedCodec<>(new HoldingsCodec(), appSecret, "shared balances", random)),
                life);
    }

    /** Of all that were made. */
    public Shelf.Figures figures() {
        return made.stream().map(Shelf::figures).reduce(new Shelf.Figures(0, 0, redis.failures()), Shelf.Figures::and);
    }

    private <K, V> Shelf<K, V> shelf(Kind<K, V> kind, Duration life) {
        var shelf = new RedisShelf<>(redis, environment, kind, life, nonce);
        made.add(shelf);
        return shelf;
    }

    private static String market(UsSymbol symbol, boolean dayMarket) {
        return symbol.code() + (dayMarket ? ":day-market" : "");
    }

    private static String chart(String symbol, BarPeriod period, boolean adjusted) {
        return symbol + ":" + period.name() + (adjusted ? ":adjusted" : ":plain");
    }
}
