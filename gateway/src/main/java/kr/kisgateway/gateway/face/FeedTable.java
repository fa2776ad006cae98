package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RealtimeTr;

/** What serves a registration of each realtime TR of the catalog. */
final class FeedTable {
    static final String TRADES = "H0STCNT0";
    static final String BOOKS = "H0STASP0";
    private static final String NOTICES = "H0STCNI0";
    private static final String PAPER_NOTICES = "H0STCNI9";
    private static final String US_NOTICES = "H0GSCNI0";
    private static final String US_PAPER_NOTICES = "H0GSCNI9";
    private static final String US_BOOKS = "HDFSASP0";

    /** Printable, without the separators of frames and of JSON. */
    private static final Pattern KEY =
            Pattern.compile("[!-~&&[^\\^|\"\\\\]]([ -~&&[^\\^|\"\\\\]]{0,30}[!-~&&[^\\^|\"\\\\]])?");

    private final Catalog catalog = Catalog.load();
    private final KisUpstream upstream;
    private final Predicate<MarketSymbol> listed;

    /** What serves a registration. */
    sealed interface Feed {
        /** The gateway's own record of orders of a market. */
        record Notices(Market market) implements Feed {}

        /** Trades or books that the gateway registers or polls for all its programs. */
        record OfSymbol(List<Channel> channels, MarketSymbol symbol) implements Feed {}

        /** Frames of a registration that are passed on; they cannot be polled. */
        record Raw(RawDemand demand) implements Feed {}

        /** KIS has no such TR here, or the gateway does not serve it. */
        record UnknownTr() implements Feed {}

        /** KIS has no such instrument. */
        record UnknownKey() implements Feed {}
    }

    FeedTable(KisUpstream upstream, Predicate<MarketSymbol> listed) {
        this.upstream = upstream;
        this.listed = listed;
    }

    /** The TR of execution notices of a market's orders in this environment; empty for a market that has none here. */
    Optional<String> noticeTr(Market market) {
        if (market.equals(Market.KOREA)) {
            return Optional.of(upstream.isPaper() ? PAPER_NOTICES : NOTICES);
        }
        return market.equals(Market.US)
                ? Optional.of(upstream.isPaper() ? US_PAPER_NOTICES : US_NOTICES)
                : Optional.empty();
    }

    /** The TR of that id in this environment; empty for those that only the other one has. */
    Optional<RealtimeTr> find(String trId) {
        return catalog.realtime(trId)
                .filter(tr -> upstream.isPaper()
                        ? tr.paperTrId().filter(trId::equals).isPresent()
                        : tr.trId().equals(trId));
    }

    Feed feed(RealtimeKey key) {
        for (Market market : List.of(Market.KOREA, Market.US)) {
            if (noticeTr(market).filter(key.trId()::equals).isPresent()) {
                return new Feed.Notices(market);
            }
        }
        // Notices of other accounts would show orders of other keys.
        if (find(key.trId()).filter(tr -> !tr.isNotice()).isEmpty()) {
            return new Feed.UnknownTr();
        }
        if (!KEY.matcher(key.trKey()).matches()) {
            return new Feed.UnknownKey();
        }
        var symbol = upstream.served(key).filter(listed);
        if (symbol.isPresent()) {
            return new Feed.OfSymbol(channels(key.trId()), symbol.get());
        }
        return key.trId().equals(TRADES) || key.trId().equals(BOOKS)
                ? new Feed.UnknownKey()
                : new Feed.Raw(upstream.raw(key));
    }

    /** Trades need every tick; where KIS cannot push them, the newest price is polled. */
    private static List<Channel> channels(String trId) {
        return switch (trId) {
            case BOOKS, US_BOOKS -> List.of(Channel.BOOKS);
            default -> List.of(Channel.TRADES, Channel.QUOTES);
        };
    }

    /** Whether the caller may receive what a registration pushes; a key restricted to symbols only what names one of them. */
    boolean permits(RealtimeKey key, Caller caller) {
        return caller.symbols().isEmpty()
                || upstream.symbol(key)
                        .filter(symbol -> caller.mayReadSymbol(symbol.code()))
                        .isPresent();
    }

    /** Registrations of a TR that KIS has confirmed, those that are being released included. */
    Set<RealtimeKey> registered(String trId) {
        return upstream.registered(trId);
    }

    /** The registration whose frames have trades of a symbol. */
    RealtimeKey tradesKey(MarketSymbol symbol) {
        return upstream.tradesKey(symbol);
    }

    /** The registration whose frames have books of a symbol. */
    RealtimeKey booksKey(MarketSymbol symbol) {
        return upstream.booksKey(symbol);
    }
}
