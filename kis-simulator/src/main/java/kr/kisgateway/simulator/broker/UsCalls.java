package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.ReplyGenerator;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.us.UsLedger;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsOrder;
import kr.kisgateway.simulator.us.UsRules;
import kr.kisgateway.simulator.us.UsStock;

/** Answers calls about US stocks and US accounts. Requests about other countries go to the table of answers. */
final class UsCalls {
    private static final Set<String> BUYS = Set.of("TTTT1002U", "JTTT1002U", "VTTT1002U", "TTTS6036U");
    private static final Set<String> SALES = Set.of("TTTT1006U", "JTTT1006U", "VTTT1001U", "TTTS6037U");
    private static final Set<String> REVISIONS = Set.of("TTTT1004U", "JTTT1004U", "VTTT1004U", "TTTS6038U");

    private static final Set<String> ORDERS = Set.of(
            "overseas_stock_order",
            "overseas_stock_order_rvsecncl",
            "overseas_stock_daytime_order",
            "overseas_stock_daytime_order_rvsecncl");

    private static final Set<String> LISTS = Set.of(
            "overseas_stock_inquire_balance",
            "overseas_stock_inquire_ccnl",
            "overseas_stock_inquire_nccs",
            "overseas_stock_inquire_period_profit",
            "overseas_stock_inquire_period_trans",
            "overseas_stock_inquire_psamount");

    /** Calls about all countries; only one has holdings. */
    private static final Set<String> ALL_COUNTRIES = Set.of(
            "overseas_stock_foreign_margin",
            "overseas_stock_inquire_paymt_stdr_balance",
            "overseas_stock_inquire_present_balance");

    private final BrokerRules rules;
    private final Faults faults;
    private final UsMarket market;
    private final UsLedger ledger;
    private final UsMarket.Listener marketListener;
    private final ReplyGenerator replies;
    private final UsAccountAnswers accounts;
    private final UsQuoteAnswers quotes;
    private final UsCharts charts;

    /** @param domestic the domestic market, which the table of answers may use too */
    UsCalls(
            BrokerRules rules,
            UsRules usRules,
            Faults faults,
            UsMarket market,
            UsLedger ledger,
            MarketView domestic,
            UsMarket.Listener marketListener) {
        this.rules = rules;
        this.faults = faults;
        this.market = market;
        this.ledger = ledger;
        this.marketListener = marketListener;
        this.replies = new ReplyGenerator(rules.seed(), rules.face(), new UsQuotes(market, domestic));
        this.accounts = new UsAccountAnswers(market, ledger, usRules, faults, rules.face());
        this.quotes = new UsQuoteAnswers(market, usRules, rules.seed());
        this.charts = new UsCharts(market);
    }

    /** @param holder the account whose ledger is queried; empty for calls without one */
    Optional<HttpAnswer> answer(CatalogRequest request, Optional<AccountId> holder, Instant now) {
        return holder.isPresent() ? answerAccountCall(request, holder.get(), now) : answerMarketCall(request, now);
    }

    /** The account's US assets; it is opened as by any other request. */
    UsAssets assets(AccountId holder) {
        return accounts.assets(ledger.findOrOpenAccount(holder));
    }

    // ---- accounts ------------------------------------------------------------------------------------------------

    private Optional<HttpAnswer> answerAccountCall(CatalogRequest request, AccountId holder, Instant now) {
        String id = request.call().id();
        Optional<UsExchange> exchange = UsKeys.ofOrders(request.param("OVRS_EXCG_CD"));
        if (ORDERS.contains(id)) {
            boolean usOrder = BUYS.contains(request.trId())
                    || SALES.contains(request.trId())
                    || REVISIONS.contains(request.trId());
            if (usOrder != exchange.isPresent()) {
                return Optional.of(refused(Refusal.UNKNOWN_VENUE));
            }
            return exchange.map(of -> order(request, holder, of, now));
        }
        boolean anyExchange = Set.of("", "%", "NAS").contains(request.param("OVRS_EXCG_CD"));
        boolean applicable = !isAboutAnotherCountry(request)
                && (ALL_COUNTRIES.contains(id) || LISTS.contains(id) && (exchange.isPresent() || anyExchange));
        if (!applicable) {
            return Optional.empty();
        }
        Account<UsOrder> account = ledger.findOrOpenAccount(holder);
        return Optional.of(
                switch (id) {
                    case "overseas_stock_inquire_nccs" ->
                        ledgerReply(request, accounts.openOrders(request, account, now));
                    case "overseas_stock_inquire_ccnl" ->
                        forPeriod(request, "ORD", (from, to) -> accounts.orders(request, account, from, to, now));
                    case "overseas_stock_inquire_balance" -> ledgerReply(request, accounts.balance(request, account));
                    case "overseas_stock_inquire_psamount" ->
                        units(request.param("OVRS_ORD_UNPR"))
                                .map(price -> ledgerReply(request, accounts.buyingPower(account, price)))
                                .orElseGet(() -> refused(Refusal.OFF_TICK));
                    case "overseas_stock_foreign_margin" -> ledgerReply(request, accounts.margin(account));
                    case "overseas_stock_inquire_period_trans" ->
                        forPeriod(request, "ERLM", (from, to) -> accounts.transactions(request, account, from, to));
                    case "overseas_stock_inquire_period_profit" ->
                        forPeriod(request, "INQR", (from, to) -> accounts.profit(request, account, from, to));
                    default -> ledgerReply(request, accounts.presentBalance(request, account));
                });
    }

    private static boolean isAboutAnotherCountry(CatalogRequest request) {
        return !Set.of("", "%", "000", "840").contains(request.param("NATN_CD"))
                || !Set.of("", "%", "USD").contains(request.param("TR_CRCY_CD"))
                || !Set.of("", "%", "USD").contains(request.param("CRCY_CD"));
    }

    /** Answers a query about a period, whose fields begin with a prefix. */
    private HttpAnswer forPeriod(
            CatalogRequest request, String prefix, BiFunction<LocalDate, LocalDate, KnownFields> query) {
        String start = prefix + "_STRT_DT";
        String end = prefix + "_END_DT";
        Optional<LocalDate> from = DailyOrders.Query.day(request.param(start));
        Optional<LocalDate> to = DailyOrders.Query.day(request.param(end));
        return from.isEmpty() || to.isEmpty()
                ? AnswerBodies.missingField(from.isEmpty() ? start : end)
                : ledgerReply(request, query.apply(from.get(), to.get()));
    }

    private HttpAnswer order(CatalogRequest request, AccountId holder, UsExchange exchange, Instant now) {
        Optional<UsSymbol> symbol = UsSymbol.of(exchange, request.param("PDNO"));
        Optional<Long> qty = shares(request.param("ORD_QTY"));
        if (symbol.isEmpty()) {
            return refused(Refusal.UNKNOWN_SYMBOL);
        }
        if (qty.isEmpty()) {
            return AnswerBodies.missingField("ORD_QTY");
        }
        boolean dayMarket = request.call().id().startsWith("overseas_stock_daytime");
        boolean revision = REVISIONS.contains(request.trId());
        Optional<Long> price = units(request.param("OVRS_ORD_UNPR"));
        UsLedger.Answer answer;
        if (revision) {
            String original = request.param("ORGN_ODNO");
            if (!original.matches("[0-9]{1,12}")) {
                return AnswerBodies.error(500, "IGW00022", "원주문번호 오류입니다.");
            }
            String kind = request.param("RVSE_CNCL_DVSN_CD");
            if (!kind.equals("01") && !kind.equals("02")) {
                return AnswerBodies.missingField("RVSE_CNCL_DVSN_CD");
            }
            answer = ledger.revise(
                    new UsLedger.Revision(
                            holder,
                            symbol.get(),
                            Long.parseLong(original),
                            kind.equals("02"),
                            dayMarket,
                            qty.get(),
                            price),
                    now);
        } else {
            if (qty.get() == 0) {
                return AnswerBodies.missingField("ORD_QTY");
            }
            answer = ledger.place(
                    new UsLedger.Request(
                            holder,
                            symbol.get(),
                            SALES.contains(request.trId()) ? Side.SELL : Side.BUY,
                            request.param("ORD_DVSN"),
                            dayMarket,
                            qty.get(),
                            price),
                    now);
        }
        return switch (answer) {
            case UsLedger.Answer.Refused(Refusal why) -> refused(why);
            case UsLedger.Answer.Accepted(UsOrder order) -> reply(request, accepted(order));
        };
    }

    private KnownFields accepted(UsOrder order) {
        Map<String, String> capitals = Map.of(
                "KRX_FWDG_ORD_ORGNO", rules.face().orgNo(),
                "ODNO", Frames.padded(order.odno(), 10),
                "ORD_TMD", Frames.padded(order.time(), 6));
        Map<String, String> values = new HashMap<>(capitals);
        capitals.forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), value));
        return new BlockRows().object("output", values);
    }

    private HttpAnswer refused(Refusal why) {
        return AnswerBodies.refused(why, rules.face());
    }

    // ---- quotes --------------------------------------------------------------------------------------------------

    private Optional<HttpAnswer> answerMarketCall(CatalogRequest request, Instant now) {
        String id = request.call().id();
        if (id.equals("overseas_stock_search_info")) {
            return exchangeOfType(request.param("PRDT_TYPE_CD"))
                    .map(exchange -> stock(exchange, request.param("PDNO"), now)
                            .map(stock -> reply(request, quotes.information(stock)))
                            .orElseGet(() -> reply(request, UsQuoteAnswers.unknown(request.call()))));
        }
        if (id.equals("overseas_stock_inquire_daily_chartprice")) {
            return listed(request.param("FID_INPUT_ISCD")).map(stock -> reply(request, charts.chart(request, stock)));
        }
        Optional<UsExchange> exchange = UsKeys.ofQuotes(request.param("EXCD"));
        if (exchange.isEmpty()) {
            return Optional.empty();
        }
        if (request.call().path().contains("/ranking/") || id.equals("overseas_stock_inquire_search")) {
            return Optional.of(reply(request, quotes.ranking(request, exchange.get())));
        }
        String ticker = request.param("SYMB");
        if (ticker.isEmpty()) {
            return Optional.of(reply(request, KnownFields.NONE));
        }
        Optional<UsStock> found = stock(exchange.get(), ticker, now);
        if (found.isEmpty()) {
            return Optional.of(reply(request, UsQuoteAnswers.unknown(request.call())));
        }
        UsStock stock = found.get();
        return Optional.of(reply(
                request,
                switch (id) {
                    case "overseas_stock_price" -> quotes.price(request, stock);
                    case "overseas_stock_price_detail" -> quotes.detail(request, stock);
                    case "overseas_stock_inquire_asking_price" ->
                        quotes.askingPrice(request, stock, faults.brokerTime(now));
                    case "overseas_stock_quot_inquire_ccnl" ->
                        request.param("TDAY").equals("0") ? KnownFields.NONE : quotes.trades(stock);
                    case "overseas_stock_dailyprice" -> charts.daily(request, stock);
                    case "overseas_stock_inquire_time_itemchartprice" -> charts.minutes(request, stock);
                    default -> KnownFields.NONE;
                }));
    }

    private Optional<UsStock> stock(UsExchange exchange, String ticker, Instant now) {
        Optional<UsStock> found = UsSymbol.of(exchange, ticker).flatMap(market::find);
        found.ifPresent(stock -> market.wake(stock, now, marketListener));
        return found;
    }

    /** The stock with a ticker, on any exchange. */
    private Optional<UsStock> listed(String ticker) {
        return Stream.of(UsExchange.values())
                .flatMap(exchange -> UsSymbol.of(exchange, ticker).flatMap(market::find).stream())
                .findFirst();
    }

    private static Optional<UsExchange> exchangeOfType(String productType) {
        for (UsExchange exchange : UsExchange.values()) {
            if (UsKeys.productType(exchange).equals(productType)) {
                return Optional.of(exchange);
            }
        }
        return Optional.empty();
    }

    /** A reply with the ledger's fields; without any it is empty. */
    private HttpAnswer ledgerReply(CatalogRequest request, KnownFields fields) {
        return httpAnswer(replies.ledgerAnswer(request, fields));
    }

    private HttpAnswer reply(CatalogRequest request, KnownFields fields) {
        return httpAnswer(replies.answer(request, fields));
    }

    private static HttpAnswer httpAnswer(Reply reply) {
        return new HttpAnswer(reply.status(), "", reply.trCont(), reply.body());
    }

    /** Whole shares; empty for any other text. */
    private static Optional<Long> shares(String text) {
        return text.matches("[0-9]{1,12}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /** Ten-thousandths of a dollar; empty for more than four decimals, or no number. */
    private static Optional<Long> units(String text) {
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,8})?")) {
            return Optional.empty();
        }
        BigDecimal units = new BigDecimal(text).movePointRight(4).stripTrailingZeros();
        return units.scale() > 0 ? Optional.empty() : Optional.of(units.longValueExact());
    }
}
