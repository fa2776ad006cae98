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
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Known;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.catalog.Question;
import kr.kisgateway.simulator.catalog.RealtimeTable;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.ReplyTable;
import kr.kisgateway.simulator.catalog.Requests;
import kr.kisgateway.simulator.catalog.Routes;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.wire.Catalog;

/**
 * Answers the calls of the catalog that the ledger does not: what the simulated market knows of them is in the answer, the
 * rest is made up. Orders of a kind that is not simulated get a number and are booked nowhere.
 *
 * <p>The catalog is read at the first such call, so a broker that is asked for domestic stocks alone never reads it.
 */
final class CatalogDesk {
    private final Face face;
    private final Exchange exchange;
    private final Ledger ledger;
    private final AccountAnswers accounts;
    private final MarketView market;
    private final Routes routes;
    private final ReplyTable table;

    CatalogDesk(
            BrokerRules rules,
            Catalog catalog,
            MarketView market,
            Exchange exchange,
            Ledger ledger,
            Balances balances) {
        this.face = rules.face();
        this.exchange = exchange;
        this.ledger = ledger;
        this.accounts = new AccountAnswers(face, exchange, ledger, balances);
        this.market = market;
        this.routes = new Routes(catalog, face);
        this.table = new ReplyTable(rules.seed(), face, market);
    }

    static RealtimeTable realtime(BrokerRules rules, Catalog catalog, MarketView market) {
        return new RealtimeTable(rules.seed(), rules.face(), catalog, market);
    }

    boolean knows(String path) {
        return routes.knows(path);
    }

    /** Whether no call of today has this TR id: one of former days, or none at all. */
    boolean isOld(String trId) {
        return routes.isOld(trId);
    }

    /** The path of the account query that a TR id belongs to. */
    Optional<String> accountQuery(String trId) {
        return routes.accountQuery(trId);
    }

    /** Whether a query with this TR id belongs to the path. */
    boolean serves(String path, String trId) {
        return routes.find("GET", path, trId) instanceof Routes.Route.To;
    }

    Routes.Route find(String method, String path, String trId) {
        return routes.find(method, path, trId);
    }

    /** The stock that a question is about, so that it can be woken. */
    Optional<Symbol> stock(Question question) {
        return question.call().ledger() ? Optional.empty() : question.code().flatMap(Symbol::parse);
    }

    Optional<HttpAnswer> wrong(Question question) {
        return Requests.check(question, face).map(CatalogDesk::answer);
    }

    /**
     * The answer to a question that {@link #wrong} let pass.
     *
     * @param account whose ledger is asked; empty for calls that name none
     * @param america what that account has there
     */
    HttpAnswer answer(Question question, Optional<Account> account, Supplier<UsWealth> america, Instant now, Out out) {
        if (question.call().order()) {
            return answer(table.answer(question, accepted(now, out)));
        }
        if (account.isPresent()) {
            return answer(table.answer(question, accounts.answer(question, account.get(), america)));
        }
        return answer(
                switch (question.call().id()) {
                    case "domestic_stock_inquire_asking_price_exp_ccn" -> book(question, now);
                    case "domestic_stock_inquire_vi_status" -> status(question);
                    default -> table.answer(question);
                });
    }

    private Reply book(Question question, Instant now) {
        Outlook outlook = Outlook.of(question.param("FID_COND_MRKT_DIV_CODE"));
        return stock(question)
                .flatMap(symbol -> Shot.of(exchange, symbol, outlook)
                        .map(shot -> new ExpectedMatch(shot, bookAt(symbol, shot, outlook, now))))
                .map(known -> table.answer(question, known))
                .orElseGet(() -> table.answer(question));
    }

    /** Of both venues together the later. */
    private Instant bookAt(Symbol symbol, Shot shot, Outlook outlook, Instant now) {
        Instant own = shot.stock().bookAt(now);
        Optional<Instant> nxt =
                outlook == Outlook.BOTH ? exchange.find(symbol, Venue.NXT).map(it -> it.bookAt(now)) : Optional.empty();
        return nxt.filter(own::isBefore).orElse(own);
    }

    /**
     * Where nothing is ever interrupted the rows are made up, as those of other lists are. Of stocks that trade by themselves
     * interruptions are known once they have been brought up to now.
     */
    private Reply status(Question question) {
        if (!exchange.timed() && exchange.tradesByItself()) {
            market.listing().forEach(each -> exchange.find(each.symbol()));
        }
        return exchange.timed()
                        || exchange.tradesByItself()
                        || !exchange.interruptions().isEmpty()
                ? table.answer(question, Interruptions.asked(question, exchange, ledger.day()))
                : table.answer(question);
    }

    private static HttpAnswer answer(Reply reply) {
        return new HttpAnswer(reply.status(), "", reply.trCont(), reply.body());
    }

    /** An order of a kind that is not simulated: it gets the next number and is booked nowhere. */
    private Known accepted(Instant now, Out out) {
        String number = Frames.padded(ledger.nextNumber(out), 10);
        String time = Frames.padded(Ledger.time(now), 6);
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
        return new Known() {
            @Override
            public Map<String, String> values(String block, int row) {
                return values;
            }
        };
    }
}
