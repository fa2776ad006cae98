package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.UsWindow;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.EmptyLedgerFields;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.ReplyGenerator;
import kr.kisgateway.simulator.us.AccountHolder;
import kr.kisgateway.simulator.us.UsAccount;
import kr.kisgateway.simulator.us.UsLedger;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsNotice;
import kr.kisgateway.simulator.us.UsOrder;
import kr.kisgateway.simulator.us.UsRecord;
import kr.kisgateway.simulator.us.UsRefusal;
import kr.kisgateway.simulator.us.UsRequest;
import kr.kisgateway.simulator.us.UsRules;
import kr.kisgateway.simulator.us.UsStock;

/**
 * The broker's US part: answers calls about US stocks, sends their notices and quotes, and runs their trading day. Requests
 * about other countries go to the table of answers.
 */
final class UsBroker {
    /** As for Korean stocks: trades of agents alone save the figures to disk at this interval. */
    private static final long PRICE_SAVE_SECONDS = 1;

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
    private final Sockets sockets;
    private final LongSupplier numbers;
    private final Supplier<LocalDate> day;
    private final UsMarket market;
    private final UsLedger ledger;
    private final UsFeed feed;
    private final ReplyGenerator replies;
    private final UsAccountAnswers accounts;
    private final UsQuoteAnswers quotes;
    private final UsCharts charts;
    private final MarketListener marketListener = new MarketListener();
    private final Map<UsSymbol, UsStock> unsavedPrices = new TreeMap<>();
    private boolean started;
    private Instant pricesSavedAt = Instant.MIN;
    private StepOutput out = new StepOutput();

    /**
     * @param domestic the domestic market, which the table of answers may use too
     * @param numbers the broker's next order number
     * @param day the business date in Korea
     */
    UsBroker(
            BrokerRules rules,
            UsHours hours,
            Faults faults,
            Sockets sockets,
            MarketView domestic,
            LongSupplier numbers,
            Supplier<LocalDate> day,
            Instant now) {
        this.rules = rules;
        this.faults = faults;
        this.sockets = sockets;
        this.numbers = numbers;
        this.day = day;
        UsRules defaults = UsRules.defaults();
        UsRules applicable = rules.face() == Face.PAPER ? defaults.inRegularSessionOnly() : defaults;
        this.market = new UsMarket(hours, rules.seed(), rules.actionsPerSecond(), rules.market(), now);
        this.ledger = new UsLedger(market, applicable, new LedgerEnvironment(), marketListener);
        this.feed = new UsFeed(market, sockets, faults, rules);
        this.replies = new ReplyGenerator(rules.seed(), rules.face(), new UsQuotes(market, domestic));
        this.accounts = new UsAccountAnswers(market, ledger, applicable, faults, rules.face());
        this.quotes = new UsQuoteAnswers(market, applicable, rules.seed());
        this.charts = new UsCharts(market);
    }

    /** The fault target of a request. */
    static String target(UsOrder order) {
        return order.request() == UsRequest.NEW ? Faults.ORDERS : Faults.REVISIONS;
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    void restore(Change change) {
        if (change instanceof Change.Us(UsRecord record)) {
            ledger.restore(record);
        }
    }

    void advance(Instant now, StepOutput step) {
        withOutput(step, () -> {
            if (!started) {
                started = true;
                ledger.resumeAfterRestart(now);
            }
            market.advance(now, marketListener);
        });
    }

    Optional<Instant> nextAction() {
        return market.nextAction();
    }

    /** Wakes the stocks whose keys were registered in this step. */
    void publishBooks(List<String> keys, Instant now, StepOutput step) {
        withOutput(
                step,
                () -> keys.stream()
                        .flatMap(key -> UsKeys.symbol(key).flatMap(market::find).stream())
                        .forEach(stock -> {
                            market.wake(stock, now, marketListener);
                            stock.requestBookPublication();
                        }));
    }

    void flush(Instant now, StepOutput step) {
        feed.flush(now, step);
        if (!unsavedPrices.isEmpty()
                && !pricesSavedAt.plusSeconds(PRICE_SAVE_SECONDS).isAfter(now)) {
            pricesSavedAt = now;
            savePrices(step);
        }
    }

    private void savePrices(StepOutput step) {
        unsavedPrices
                .values()
                .forEach(stock -> step.save(new Change.Us(
                        new UsRecord.Price(stock.symbol(), stock.tape().figures()))));
        unsavedPrices.clear();
    }

    private void withOutput(StepOutput step, Runnable what) {
        out = step;
        what.run();
    }

    /** Receives the market's events: fills go to the ledger, trades to the subscribers. */
    private final class MarketListener implements UsMarket.Listener {
        @Override
        public void filled(UsStock stock, long orderId, long price, long qty, Instant at) {
            faults.setClock(at);
            ledger.filled(stock, orderId, price, qty, at);
        }

        @Override
        public void traded(UsStock stock, long price, long qty, Side aggressor, Instant at) {
            feed.traded(stock, price, qty, at, out);
            unsavedPrices.put(stock.symbol(), stock);
        }

        @Override
        public boolean isWatched(UsStock stock) {
            return ledger.hasOpenOrders(stock.symbol()) || feed.isWatched(stock);
        }

        @Override
        public void windowEnding(UsWindow window, Instant at) {
            faults.setClock(at);
            ledger.windowEnding(window, at);
        }

        @Override
        public void windowBegun(UsWindow before, UsWindow window, boolean rolled, Instant at) {
            faults.setClock(at);
            ledger.windowBegun(before, window, at);
            if (rolled) {
                ledger.dayRolled();
            }
            market.all().forEach(stock -> unsavedPrices.put(stock.symbol(), stock));
        }
    }

    /** Receives the ledger's events. */
    private final class LedgerEnvironment implements UsLedger.Environment {
        @Override
        public void save(UsRecord record) {
            out.save(new Change.Us(record));
        }

        @Override
        public void publishNotice(UsNotice notice) {
            String name = market.listing()
                    .find(notice.order().symbol())
                    .map(it -> it.name())
                    .orElse("");
            sockets.publishNotice(
                    rules.face().overseasNoticeTr(),
                    AccountId.ofDigits(notice.order().holder().digits()),
                    notice.kind(),
                    (htsId, key) -> UsFrames.notice(rules.face(), htsId, notice, name, key),
                    out);
        }

        @Override
        public boolean refusedByExchange(UsOrder order) {
            return faults.hits("reject_by_exchange", target(order));
        }

        @Override
        public long nextNumber() {
            return numbers.getAsLong();
        }

        @Override
        public LocalDate day() {
            return day.get();
        }

        @Override
        public Instant brokerTime(Instant at) {
            return faults.brokerTime(at);
        }
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /** @param account whose ledger is queried; empty for calls without one */
    Optional<HttpAnswer> answer(CatalogRequest request, Optional<AccountId> account, Instant now, StepOutput step) {
        if (!request.call().category().equals("overseas_stock")) {
            return Optional.empty();
        }
        List<HttpAnswer> answers = new ArrayList<>();
        withOutput(step, () -> {
            ledger.saveFirstDay();
            Optional<HttpAnswer> answer = account.isPresent()
                    ? answerAccountCall(request, new AccountHolder(account.get().digits()), now)
                    : answerMarketCall(request, now);
            answer.ifPresent(answers::add);
            // Published prices must be in the file.
            savePrices(step);
        });
        return answers.stream().findFirst();
    }

    private Optional<HttpAnswer> answerAccountCall(CatalogRequest request, AccountHolder holder, Instant now) {
        String id = request.call().id();
        Optional<UsExchange> exchange = UsKeys.ofOrders(request.param("OVRS_EXCG_CD"));
        if (ORDERS.contains(id)) {
            boolean usOrder = BUYS.contains(request.trId())
                    || SALES.contains(request.trId())
                    || REVISIONS.contains(request.trId());
            if (usOrder != exchange.isPresent()) {
                return Optional.of(Refusal.UNKNOWN_VENUE.answer(rules.face()));
            }
            return exchange.map(of -> order(request, holder, of, now));
        }
        boolean anyExchange = Set.of("", "%", "NAS").contains(request.param("OVRS_EXCG_CD"));
        boolean applicable = !isAboutAnotherCountry(request)
                && (ALL_COUNTRIES.contains(id) || LISTS.contains(id) && (exchange.isPresent() || anyExchange));
        if (!applicable) {
            return Optional.empty();
        }
        UsAccount account = ledger.findOrOpenAccount(holder);
        return Optional.of(
                switch (id) {
                    case "overseas_stock_inquire_nccs" ->
                        ledgerReply(request, accounts.openOrders(request, account, now));
                    case "overseas_stock_inquire_ccnl" -> {
                        Optional<LocalDate> from = day(request, "ORD_STRT_DT");
                        Optional<LocalDate> to = day(request, "ORD_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? fieldError(from.isEmpty() ? "ORD_STRT_DT" : "ORD_END_DT")
                                : ledgerReply(request, accounts.orders(request, account, from.get(), to.get(), now));
                    }
                    case "overseas_stock_inquire_balance" -> ledgerReply(request, accounts.balance(request, account));
                    case "overseas_stock_inquire_psamount" ->
                        units(request.param("OVRS_ORD_UNPR"))
                                .map(price -> ledgerReply(request, accounts.buyingPower(account, price)))
                                .orElseGet(() -> Refusal.OFF_TICK.answer(rules.face()));
                    case "overseas_stock_foreign_margin" -> ledgerReply(request, accounts.margin(account));
                    case "overseas_stock_inquire_period_trans" -> {
                        Optional<LocalDate> from = day(request, "ERLM_STRT_DT");
                        Optional<LocalDate> to = day(request, "ERLM_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? fieldError(from.isEmpty() ? "ERLM_STRT_DT" : "ERLM_END_DT")
                                : ledgerReply(request, accounts.transactions(request, account, from.get(), to.get()));
                    }
                    case "overseas_stock_inquire_period_profit" -> {
                        Optional<LocalDate> from = day(request, "INQR_STRT_DT");
                        Optional<LocalDate> to = day(request, "INQR_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? fieldError(from.isEmpty() ? "INQR_STRT_DT" : "INQR_END_DT")
                                : ledgerReply(request, accounts.profit(request, account, from.get(), to.get()));
                    }
                    default -> ledgerReply(request, accounts.presentBalance(request, account));
                });
    }

    private static boolean isAboutAnotherCountry(CatalogRequest request) {
        return !Set.of("", "%", "000", "840").contains(request.param("NATN_CD"))
                || !Set.of("", "%", "USD").contains(request.param("TR_CRCY_CD"))
                || !Set.of("", "%", "USD").contains(request.param("CRCY_CD"));
    }

    /** The account's US assets; it is opened as by any other request. */
    UsAssets assets(AccountId account, StepOutput step) {
        List<UsAssets> all = new ArrayList<>();
        withOutput(step, () -> all.add(accounts.assets(ledger.findOrOpenAccount(new AccountHolder(account.digits())))));
        return all.getFirst();
    }

    private static Optional<LocalDate> day(CatalogRequest request, String name) {
        return DailyOrders.Query.day(request.param(name));
    }

    private static HttpAnswer fieldError(String field) {
        return AnswerBodies.ledgerError("2", "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + field + "]");
    }

    private HttpAnswer order(CatalogRequest request, AccountHolder holder, UsExchange exchange, Instant now) {
        Optional<UsSymbol> symbol = UsSymbol.of(exchange, request.param("PDNO"));
        Optional<Long> qty = shares(request.param("ORD_QTY"));
        if (symbol.isEmpty()) {
            return Refusal.UNKNOWN_SYMBOL.answer(rules.face());
        }
        if (qty.isEmpty()) {
            return fieldError("ORD_QTY");
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
                return fieldError("RVSE_CNCL_DVSN_CD");
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
                return fieldError("ORD_QTY");
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
            case UsLedger.Answer.Refused(UsRefusal why) -> refusal(why).answer(rules.face());
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

    private static Refusal refusal(UsRefusal why) {
        return switch (why) {
            case UNKNOWN_SYMBOL -> Refusal.UNKNOWN_SYMBOL;
            case UNKNOWN_DIVISION -> Refusal.UNKNOWN_DIVISION;
            case SESSION_CLOSED -> Refusal.US_SESSION_CLOSED;
            case TOO_EARLY -> Refusal.TOO_EARLY;
            case TOO_LATE -> Refusal.TOO_LATE;
            case CLOSED_DAY -> Refusal.CLOSED_DAY;
            case NO_PRICE -> Refusal.NO_PRICE;
            case PRICE_OF_MARKET_ORDER -> Refusal.PRICE_OF_MARKET_ORDER;
            case OFF_TICK -> Refusal.OFF_TICK;
            case TOO_HIGH -> Refusal.OUTSIDE_LIMITS;
            case NO_HOLDING -> Refusal.NO_HOLDING;
            case TOO_MANY_SHARES -> Refusal.TOO_MANY_SHARES;
            case NOT_ENOUGH_CASH -> Refusal.NOT_ENOUGH_CASH;
            case UNKNOWN_ORIGINAL -> Refusal.UNKNOWN_ORIGINAL;
            case NOTHING_LEFT -> Refusal.NOTHING_LEFT;
            case MORE_THAN_OPEN -> Refusal.MORE_THAN_OPEN;
        };
    }

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
        return reply(request, new EmptyLedgerFields(request.call(), fields));
    }

    private HttpAnswer reply(CatalogRequest request, KnownFields fields) {
        Reply reply = replies.answer(request, fields);
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
