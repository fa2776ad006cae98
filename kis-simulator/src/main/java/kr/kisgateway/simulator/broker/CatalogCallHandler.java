package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.catalog.RealtimeFrameGenerator;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.ReplyGenerator;
import kr.kisgateway.simulator.catalog.RequestValidator;
import kr.kisgateway.simulator.catalog.Routes;
import kr.kisgateway.simulator.catalog.UnknownProduct;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.wire.Catalog;

/**
 * Answers the catalog's calls that the ledger does not answer: fields of the simulated market are filled in, the rest is
 * made up. Orders of a kind that is not simulated get a number and are not booked.
 *
 * <p>The catalog is read at the first such call, so a broker that serves domestic stocks alone never reads it.
 */
final class CatalogCallHandler {
    private final Face face;
    private final Exchange exchange;
    private final KoreanLedger ledger;
    private final AccountQueries accounts;
    private final MarketView market;
    private final Routes routes;
    private final ReplyGenerator replies;

    CatalogCallHandler(
            BrokerRules rules,
            Catalog catalog,
            MarketView market,
            Exchange exchange,
            KoreanLedger ledger,
            Balances balances) {
        this.face = rules.face();
        this.exchange = exchange;
        this.ledger = ledger;
        this.accounts = new AccountQueries(face, exchange, ledger, balances);
        this.market = market;
        this.routes = new Routes(catalog, face);
        this.replies = new ReplyGenerator(rules.seed(), face, market);
    }

    static RealtimeFrameGenerator realtime(BrokerRules rules, Catalog catalog, MarketView market) {
        return new RealtimeFrameGenerator(rules.seed(), rules.face(), catalog, market);
    }

    boolean hasPath(String path) {
        return routes.hasPath(path);
    }

    /** Whether this TR id belongs to no current call: it is an earlier one, or does not exist. */
    boolean isLegacyTrId(String trId) {
        return routes.isLegacyTrId(trId);
    }

    /** The path of the account query that a TR id belongs to. */
    Optional<String> accountQuery(String trId) {
        return routes.accountQuery(trId);
    }

    /** Whether a query with this TR id belongs to the path. */
    boolean serves(String path, String trId) {
        return routes.find("GET", path, trId) instanceof Routes.Route.Found;
    }

    Routes.Route find(String method, String path, String trId) {
        return routes.find(method, path, trId);
    }

    /** The stock of a request, so that it can be woken. */
    Optional<Symbol> stock(CatalogRequest request) {
        return request.call().isLedger() ? Optional.empty() : request.code().flatMap(Symbol::parse);
    }

    Optional<HttpAnswer> validate(CatalogRequest request) {
        return RequestValidator.validate(request, face).map(CatalogCallHandler::answer);
    }

    /**
     * The answer to a request that passed {@link #validate}.
     *
     * @param account the account whose ledger is queried; empty for calls without one
     * @param usAssets the account's US assets
     */
    HttpAnswer answer(
            CatalogRequest request, Optional<Account<UserOrder>> account, Supplier<UsAssets> usAssets, Instant now) {
        if (request.call().isOrder()) {
            return answer(replies.answer(request, accepted(now)));
        }
        if (account.isPresent()) {
            return answer(replies.ledgerAnswer(request, accounts.fields(request, account.get(), usAssets)));
        }
        return answer(
                switch (request.call().id()) {
                    case "domestic_stock_inquire_asking_price_exp_ccn" -> book(request, now);
                    case "domestic_stock_inquire_vi_status" -> status(request);
                    default -> replies.answer(request);
                });
    }

    private Reply book(CatalogRequest request, Instant now) {
        VenueScope scope = VenueScope.of(request.param("FID_COND_MRKT_DIV_CODE"));
        return stock(request)
                .flatMap(symbol -> MarketSnapshot.of(exchange, symbol, scope)
                        .map(snapshot -> new ExpectedMatch(snapshot, bookTime(symbol, snapshot, scope, now))))
                .map(fields -> replies.answer(request, fields))
                .orElseGet(() -> replies.answer(request, new UnknownProduct(request.call())));
    }

    /** The time of the order book; of both venues together, the later one. */
    private Instant bookTime(Symbol symbol, MarketSnapshot snapshot, VenueScope scope, Instant now) {
        Instant own = snapshot.stock().bookTime(now);
        Optional<Instant> nxt = scope == VenueScope.BOTH
                ? exchange.find(symbol, Venue.NXT).map(it -> it.bookTime(now))
                : Optional.empty();
        return nxt.filter(own::isBefore).orElse(own);
    }

    /**
     * Where no interruption can happen the rows are made up, as those of other lists are. Interruptions of dormant stocks
     * exist once the stocks are caught up to now.
     */
    private Reply status(CatalogRequest request) {
        if (!exchange.timed() && exchange.tradesByItself()) {
            market.listing().forEach(each -> exchange.find(each.symbol()));
        }
        return exchange.timed()
                        || exchange.tradesByItself()
                        || !exchange.interruptions().isEmpty()
                ? replies.answer(request, Interruptions.query(request, exchange, ledger.day()))
                : replies.answer(request);
    }

    private static HttpAnswer answer(Reply reply) {
        return new HttpAnswer(reply.status(), "", reply.trCont(), reply.body());
    }

    /** Accepts an order of a kind that is not simulated: it gets the next number and is not booked. */
    private KnownFields accepted(Instant now) {
        String number = Frames.padded(ledger.nextNumber(), 10);
        String time = Frames.padded(KoreanLedger.koreanTime(now), 6);
        String day = DateTimeFormatter.BASIC_ISO_DATE.format(ledger.day());
        Map<String, String> capitals = Map.of(
                "ODNO", number,
                "OVRS_RSVN_ODNO", number,
                "RSVN_ORD_SEQ", number.replaceFirst("^0+", ""),
                "NRML_PRCS_YN", "Y",
                "KRX_FWDG_ORD_ORGNO", face.orgNo(),
                "ORD_GNO_BRNO", face.orgNo(),
                "ORD_TMD", time,
                "ORD_DT", day,
                "RSVN_ORD_RCIT_DT", day);
        Map<String, String> values = new HashMap<>(capitals);
        // Some answers have their columns in lower case.
        capitals.forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), value));
        return new KnownFields() {
            @Override
            public Map<String, String> values(String block, int row) {
                return values;
            }
        };
    }
}
