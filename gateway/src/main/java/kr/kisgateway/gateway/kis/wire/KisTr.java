package kr.kisgateway.gateway.kis.wire;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.client.QuoteBoard;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.RealtimeKey;

/** The realtime TRs that the gateway registers. */
public final class KisTr {
    public static final String TRADES = "H0STCNT0";
    public static final String BOOKS = "H0STASP0";
    /** Of KRX, as trades and books are. KIS's samples of the TR for both venues lack its first column. */
    public static final String STATUS = "H0STMKO0";

    public static final String NXT_TRADES = "H0NXCNT0";
    public static final String NXT_BOOKS = "H0NXASP0";
    public static final String UNIFIED_TRADES = "H0UNCNT0";
    public static final String UNIFIED_BOOKS = "H0UNASP0";

    public static final String US_TRADES = "HDFSCNT0";
    public static final String US_BOOKS = "HDFSASP0";
    public static final String NOTICES = "H0STCNI0";
    public static final String PAPER_NOTICES = "H0STCNI9";
    public static final String US_NOTICES = "H0GSCNI0";
    public static final String US_PAPER_NOTICES = "H0GSCNI9";

    /** Stands for the login id in a demand of notices, which callers see. */
    private static final String OWN = "own";

    /** Letter and exchange before the ticker, as in {@code DNASAAPL}. */
    private static final int US_PREFIX = 4;

    private KisTr() {}

    /** Where prices of Korean stocks of {@code series} are requested. */
    public static QuoteBoard board(PriceSeries series) {
        return switch (series) {
            case MAIN, DAY_MARKET -> QuoteBoard.KRX;
            case NXT -> QuoteBoard.NXT;
            case UNIFIED -> QuoteBoard.UNIFIED;
        };
    }

    /** @param feed current feed of US values */
    public static RealtimeKey key(Demand demand, PushFeed feed) {
        return switch (demand) {
            case SymbolDemand of -> key(of, feed);
            case RawDemand raw -> new RealtimeKey(raw.feed(), raw.key());
        };
    }

    private static RealtimeKey key(SymbolDemand demand, PushFeed feed) {
        return switch (demand.symbol()) {
            case Symbol korean -> new RealtimeKey(koreanTrId(demand.kind()), korean.code());
            case VenueSymbol(Symbol korean, PriceSeries series) ->
                new RealtimeKey(venueTrId(demand.kind(), series), korean.code());
            case UsSymbol us -> new RealtimeKey(usTrId(demand.kind()), key(toOverseasSymbol(us), feed));
            default -> throw unsupported(demand.symbol());
        };
    }

    /** A defect: this adapter was asked for a symbol of a market or a kind of data that it does not serve. */
    public static IllegalArgumentException unsupported(MarketSymbol symbol) {
        return new IllegalArgumentException("KIS serves no such data of " + symbol.code());
    }

    private static String koreanTrId(Kind kind) {
        return switch (kind) {
            case TRADES -> TRADES;
            case BOOKS -> BOOKS;
            case STATUS -> STATUS;
        };
    }

    private static String venueTrId(Kind kind, PriceSeries series) {
        boolean nxt = series == PriceSeries.NXT;
        return switch (kind) {
            case TRADES -> nxt ? NXT_TRADES : UNIFIED_TRADES;
            case BOOKS -> nxt ? NXT_BOOKS : UNIFIED_BOOKS;
            case STATUS -> throw new IllegalArgumentException("the status of a stock is registered of KRX");
        };
    }

    private static String usTrId(Kind kind) {
        return switch (kind) {
            case TRADES -> US_TRADES;
            case BOOKS -> US_BOOKS;
            case STATUS -> throw new IllegalArgumentException("KIS pushes no status of US stocks");
        };
    }

    private static String key(OverseasSymbol symbol, PushFeed feed) {
        return switch (feed) {
            case DOMESTIC, NXT, UNIFIED -> throw new IllegalArgumentException("no feed of overseas stocks");
            case FREE -> symbol.realtimeKey();
            case PAID -> "R" + symbol.realtimeKey().substring(1);
            case DAY_MARKET -> symbol.dayMarketKey().orElseThrow();
        };
    }

    /** What {@code key} registers, for people; the login id of notices is left out. */
    public static String displayName(RealtimeKey key) {
        return switch (key.trId()) {
            case NOTICES, PAPER_NOTICES -> "execution notices";
            case US_NOTICES, US_PAPER_NOTICES -> "execution notices of US orders";
            default ->
                demand(key)
                        .map(it -> it.kindName() + " of " + it.symbol().code())
                        .orElse(key.trId());
        };
    }

    /** What a registration may be for: a symbol, a feed that is passed on, or both. */
    public static List<Demand> demands(RealtimeKey key) {
        return switch (key.trId()) {
            case TRADES, BOOKS -> demand(key).<List<Demand>>map(List::of).orElse(List.of());
            case NOTICES, PAPER_NOTICES -> List.of();
            case US_NOTICES, US_PAPER_NOTICES -> List.of(usNotices(key.trId()));
            default ->
                Stream.<Demand>concat(demand(key).stream(), Stream.of(raw(key))).toList();
        };
    }

    /** The demand of the notices of US orders; the login id is not in it. */
    public static RawDemand usNotices(boolean paper) {
        return usNotices(paper ? US_PAPER_NOTICES : US_NOTICES);
    }

    private static RawDemand usNotices(String trId) {
        return new RawDemand(trId, OWN, Market.US);
    }

    /** Whether it is the demand of {@link #usNotices}. */
    public static boolean isUsNotices(Demand demand) {
        return demand instanceof RawDemand raw
                && (raw.feed().equals(US_NOTICES) || raw.feed().equals(US_PAPER_NOTICES));
    }

    /** The registration of a feed that is only passed on. */
    public static RawDemand raw(RealtimeKey key) {
        var market = switch (SessionPlan.Group.of(key)) {
            case DOMESTIC -> Market.KOREA;
            case OVERSEAS -> Market.US;
        };
        return new RawDemand(key.trId(), key.trKey(), market);
    }

    /** The demand of the registration of a symbol. */
    public static Optional<SymbolDemand> demand(RealtimeKey key) {
        return switch (key.trId()) {
            case TRADES -> Symbol.parse(key.trKey()).map(symbol -> new SymbolDemand(Kind.TRADES, symbol));
            case BOOKS -> Symbol.parse(key.trKey()).map(symbol -> new SymbolDemand(Kind.BOOKS, symbol));
            case STATUS -> Symbol.parse(key.trKey()).map(symbol -> new SymbolDemand(Kind.STATUS, symbol));
            case NXT_TRADES, UNIFIED_TRADES -> venueSymbol(key).map(symbol -> new SymbolDemand(Kind.TRADES, symbol));
            case NXT_BOOKS, UNIFIED_BOOKS -> venueSymbol(key).map(symbol -> new SymbolDemand(Kind.BOOKS, symbol));
            case US_TRADES -> usSymbol(key.trKey()).map(symbol -> new SymbolDemand(Kind.TRADES, symbol));
            case US_BOOKS -> usSymbol(key.trKey()).map(symbol -> new SymbolDemand(Kind.BOOKS, symbol));
            default -> Optional.empty();
        };
    }

    private static Optional<VenueSymbol> venueSymbol(RealtimeKey key) {
        return Symbol.parse(key.trKey()).map(symbol -> new VenueSymbol(symbol, venueSeries(key.trId())));
    }

    /** The series of a TR of trades or books of a venue. */
    static PriceSeries venueSeries(String trId) {
        return switch (trId) {
            case NXT_TRADES, NXT_BOOKS -> PriceSeries.NXT;
            case UNIFIED_TRADES, UNIFIED_BOOKS -> PriceSeries.UNIFIED;
            default -> throw new IllegalArgumentException(trId + " is not of a venue");
        };
    }

    /** The stock of {@code DNASAAPL}, {@code RBAQAAPL}. */
    public static Optional<UsSymbol> usSymbol(String key) {
        if (key.length() <= US_PREFIX) {
            return Optional.empty();
        }
        var exchange = key.substring(1, US_PREFIX);
        return Stream.of(OverseasExchange.values())
                .filter(OverseasExchange::isUs)
                .filter(it -> it.quoteCode().equals(exchange)
                        || it.dayCode().filter(exchange::equals).isPresent())
                .findFirst()
                .flatMap(it -> usSymbol(it, key.substring(US_PREFIX)));
    }

    /** Feed of the values registered under {@code key}. */
    public static PushFeed feed(String key) {
        if (key.startsWith("D")) {
            return PushFeed.FREE;
        }
        return key.startsWith("RB") ? PushFeed.DAY_MARKET : PushFeed.PAID;
    }

    /** Empty for stocks of other countries, and for a code that no US stock has. */
    public static Optional<UsSymbol> toUsSymbol(OverseasSymbol symbol) {
        return symbol.exchange().isUs() ? usSymbol(symbol.exchange(), symbol.code()) : Optional.empty();
    }

    private static Optional<UsSymbol> usSymbol(OverseasExchange exchange, String code) {
        return UsSymbol.of(UsExchange.valueOf(exchange.name()), code);
    }

    /** The symbol in KIS's messages. */
    public static OverseasSymbol toOverseasSymbol(UsSymbol symbol) {
        return new OverseasSymbol(OverseasExchange.valueOf(symbol.exchange().name()), symbol.ticker());
    }
}
