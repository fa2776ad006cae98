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
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Known;
import kr.kisgateway.simulator.catalog.MarketView;
import kr.kisgateway.simulator.catalog.NoEntries;
import kr.kisgateway.simulator.catalog.Question;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.catalog.ReplyTable;
import kr.kisgateway.simulator.us.Holder;
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
 * US stocks as the broker offers them: answers the calls about them, sends their notices and quotes, and keeps their time.
 * Whatever is asked about another country it leaves to the table of answers.
 */
final class UsDesk {
    /** As for Korean stocks: agents' trades alone bring the figures to disk this often. */
    private static final long PRICE_SECONDS = 1;

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

    /** Calls about all countries; there are holdings in one only. */
    private static final Set<String> EVERYWHERE = Set.of(
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
    private final ReplyTable table;
    private final UsAccountAnswers accounts;
    private final UsQuoteAnswers quotes;
    private final UsCharts charts;
    private final Ears ears = new Ears();
    private final Map<UsSymbol, UsStock> unkept = new TreeMap<>();
    private boolean started;
    private Instant pricesKept = Instant.MIN;
    private Out out = new Out();

    /**
     * @param domestic the other market, which the answers' table may look at too
     * @param numbers the broker's next order number
     * @param day the business date in Korea
     */
    UsDesk(
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
        UsRules usual = UsRules.usual();
        UsRules mine = rules.face() == Face.PAPER ? usual.inRegularSessionOnly() : usual;
        this.market = new UsMarket(hours, rules.seed(), rules.actionsPerSecond(), rules.market(), now);
        this.ledger = new UsLedger(market, mine, new Teller(), ears);
        this.feed = new UsFeed(market, sockets, faults, rules);
        this.table = new ReplyTable(rules.seed(), rules.face(), new UsQuotes(market, domestic));
        this.accounts = new UsAccountAnswers(market, ledger, mine, faults, rules.face());
        this.quotes = new UsQuoteAnswers(market, mine);
        this.charts = new UsCharts(market);
    }

    /** What the faults call a request. */
    static String target(UsOrder order) {
        return order.request() == UsRequest.NEW ? Faults.ORDERS : Faults.REVISIONS;
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    void restore(Change change) {
        if (change instanceof Change.Us(UsRecord record)) {
            ledger.restore(record);
        }
    }

    void advance(Instant now, Out step) {
        in(step, () -> {
            if (!started) {
                started = true;
                ledger.goOn(now);
            }
            market.advance(now, ears);
        });
    }

    Optional<Instant> nextAction() {
        return market.nextAction();
    }

    /** Wakes the stocks whose keys were registered in this step. */
    void listen(List<String> keys, Instant now, Out step) {
        in(
                step,
                () -> keys.stream()
                        .flatMap(key -> UsKeys.symbol(key).flatMap(market::find).stream())
                        .forEach(stock -> {
                            market.wake(stock, now, ears);
                            stock.tellBook();
                        }));
    }

    void flush(Instant now, Out step) {
        feed.flush(now, step);
        if (!unkept.isEmpty() && !pricesKept.plusSeconds(PRICE_SECONDS).isAfter(now)) {
            pricesKept = now;
            keepPrices(step);
        }
    }

    private void keepPrices(Out step) {
        unkept.values()
                .forEach(stock -> step.keep(new Change.Us(
                        new UsRecord.Price(stock.symbol(), stock.tape().figures()))));
        unkept.clear();
    }

    private void in(Out step, Runnable what) {
        out = step;
        what.run();
    }

    /** What the market tells: fills go to the ledger, trades to the watchers. */
    private final class Ears implements UsMarket.Listener {
        @Override
        public void filled(UsStock stock, long orderId, long price, long qty, Instant at) {
            faults.clock(at);
            ledger.filled(stock, orderId, price, qty, at);
        }

        @Override
        public void traded(UsStock stock, long price, long qty, Side aggressor, Instant at) {
            feed.traded(stock, price, qty, at, out);
            unkept.put(stock.symbol(), stock);
        }

        @Override
        public boolean watched(UsStock stock) {
            return ledger.holdsAwake(stock.symbol()) || feed.watched(stock);
        }

        @Override
        public void ending(UsWindow window, Instant at) {
            faults.clock(at);
            ledger.ending(window, at);
        }

        @Override
        public void begun(UsWindow before, UsWindow window, boolean rolled, Instant at) {
            faults.clock(at);
            ledger.begun(before, window, at);
            if (rolled) {
                ledger.rolled();
            }
            market.all().forEach(stock -> unkept.put(stock.symbol(), stock));
        }
    }

    /** What the ledger tells. */
    private final class Teller implements UsLedger.Told {
        @Override
        public void keep(UsRecord record) {
            out.keep(new Change.Us(record));
        }

        @Override
        public void notice(UsNotice notice) {
            String name = market.listing()
                    .find(notice.order().symbol())
                    .map(it -> it.name())
                    .orElse("");
            sockets.notice(
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
        public Instant shown(Instant at) {
            return faults.shown(at);
        }
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /** @param account whose ledger is asked; empty for calls that name none */
    Optional<HttpAnswer> answer(Question question, Optional<AccountId> account, Instant now, Out step) {
        if (!question.call().category().equals("overseas_stock")) {
            return Optional.empty();
        }
        List<HttpAnswer> answers = new ArrayList<>();
        in(step, () -> {
            ledger.asked();
            Optional<HttpAnswer> answer = account.isPresent()
                    ? ofAccount(question, new Holder(account.get().digits()), now)
                    : ofMarket(question, now);
            answer.ifPresent(answers::add);
            // What is told of prices must be in the file.
            keepPrices(step);
        });
        return answers.stream().findFirst();
    }

    private Optional<HttpAnswer> ofAccount(Question question, Holder holder, Instant now) {
        String id = question.call().id();
        Optional<UsExchange> exchange = UsKeys.ofOrders(question.param("OVRS_EXCG_CD"));
        if (ORDERS.contains(id)) {
            boolean ofTheUs = BUYS.contains(question.trId())
                    || SALES.contains(question.trId())
                    || REVISIONS.contains(question.trId());
            if (ofTheUs != exchange.isPresent()) {
                return Optional.of(Refusal.UNKNOWN_VENUE.answer(rules.face()));
            }
            return exchange.map(of -> order(question, holder, of, now));
        }
        boolean anywhere = Set.of("", "%", "NAS").contains(question.param("OVRS_EXCG_CD"));
        boolean mine = !isAboutAnotherCountry(question)
                && (EVERYWHERE.contains(id) || LISTS.contains(id) && (exchange.isPresent() || anywhere));
        if (!mine) {
            return Optional.empty();
        }
        UsAccount account = ledger.use(holder);
        return Optional.of(
                switch (id) {
                    case "overseas_stock_inquire_nccs" -> ofLedger(question, accounts.open(question, account, now));
                    case "overseas_stock_inquire_ccnl" -> {
                        Optional<LocalDate> from = day(question, "ORD_STRT_DT");
                        Optional<LocalDate> to = day(question, "ORD_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? wrong(from.isEmpty() ? "ORD_STRT_DT" : "ORD_END_DT")
                                : ofLedger(question, accounts.orders(question, account, from.get(), to.get(), now));
                    }
                    case "overseas_stock_inquire_balance" -> ofLedger(question, accounts.balance(question, account));
                    case "overseas_stock_inquire_psamount" ->
                        units(question.param("OVRS_ORD_UNPR"))
                                .map(price -> ofLedger(question, accounts.buyable(account, price)))
                                .orElseGet(() -> Refusal.OFF_TICK.answer(rules.face()));
                    case "overseas_stock_foreign_margin" -> ofLedger(question, accounts.margin(account));
                    case "overseas_stock_inquire_period_trans" -> {
                        Optional<LocalDate> from = day(question, "ERLM_STRT_DT");
                        Optional<LocalDate> to = day(question, "ERLM_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? wrong(from.isEmpty() ? "ERLM_STRT_DT" : "ERLM_END_DT")
                                : ofLedger(question, accounts.transactions(question, account, from.get(), to.get()));
                    }
                    case "overseas_stock_inquire_period_profit" -> {
                        Optional<LocalDate> from = day(question, "INQR_STRT_DT");
                        Optional<LocalDate> to = day(question, "INQR_END_DT");
                        yield from.isEmpty() || to.isEmpty()
                                ? wrong(from.isEmpty() ? "INQR_STRT_DT" : "INQR_END_DT")
                                : ofLedger(question, accounts.profit(question, account, from.get(), to.get()));
                    }
                    default -> ofLedger(question, accounts.presentBalance(question, account));
                });
    }

    private static boolean isAboutAnotherCountry(Question question) {
        return !Set.of("", "%", "000", "840").contains(question.param("NATN_CD"))
                || !Set.of("", "%", "USD").contains(question.param("TR_CRCY_CD"))
                || !Set.of("", "%", "USD").contains(question.param("CRCY_CD"));
    }

    /** What an account has in America; it opens there as at any other question. */
    UsWealth wealth(AccountId account, Out step) {
        List<UsWealth> all = new ArrayList<>();
        in(step, () -> all.add(accounts.wealth(ledger.use(new Holder(account.digits())))));
        return all.getFirst();
    }

    private static Optional<LocalDate> day(Question question, String name) {
        return DailyOrders.Query.day(question.param(name));
    }

    private static HttpAnswer wrong(String field) {
        return Bodies.ledgerError("2", "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + field + "]");
    }

    private HttpAnswer order(Question question, Holder holder, UsExchange exchange, Instant now) {
        Optional<UsSymbol> symbol = UsSymbol.of(exchange, question.param("PDNO"));
        Optional<Long> qty = shares(question.param("ORD_QTY"));
        if (symbol.isEmpty()) {
            return Refusal.UNKNOWN_SYMBOL.answer(rules.face());
        }
        if (qty.isEmpty()) {
            return wrong("ORD_QTY");
        }
        boolean dayMarket = question.call().id().startsWith("overseas_stock_daytime");
        boolean revision = REVISIONS.contains(question.trId());
        Optional<Long> price = units(question.param("OVRS_ORD_UNPR"));
        UsLedger.Answer answer;
        if (revision) {
            String original = question.param("ORGN_ODNO");
            if (!original.matches("[0-9]{1,12}")) {
                return Bodies.error(500, "IGW00022", "원주문번호 오류입니다.");
            }
            String kind = question.param("RVSE_CNCL_DVSN_CD");
            if (!kind.equals("01") && !kind.equals("02")) {
                return wrong("RVSE_CNCL_DVSN_CD");
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
                return wrong("ORD_QTY");
            }
            answer = ledger.place(
                    new UsLedger.Request(
                            holder,
                            symbol.get(),
                            SALES.contains(question.trId()) ? Side.SELL : Side.BUY,
                            question.param("ORD_DVSN"),
                            dayMarket,
                            qty.get(),
                            price),
                    now);
        }
        return switch (answer) {
            case UsLedger.Answer.Refused(UsRefusal why) -> refusal(why).answer(rules.face());
            case UsLedger.Answer.Accepted(UsOrder order) -> told(question, accepted(order));
        };
    }

    private Known accepted(UsOrder order) {
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
            case NOT_NOW -> Refusal.ABROAD_NOT_NOW;
            case TOO_EARLY -> Refusal.TOO_EARLY;
            case TOO_LATE -> Refusal.TOO_LATE;
            case CLOSED_DAY -> Refusal.CLOSED_DAY;
            case NO_PRICE -> Refusal.NO_PRICE;
            case PRICE_OF_MARKET_ORDER -> Refusal.PRICE_OF_MARKET_ORDER;
            case OFF_TICK -> Refusal.OFF_TICK;
            case TOO_HIGH -> Refusal.OUTSIDE_LIMITS;
            case NOTHING_HELD -> Refusal.NOTHING_HELD;
            case TOO_MANY_SHARES -> Refusal.TOO_MANY_SHARES;
            case NOT_ENOUGH_CASH -> Refusal.NOT_ENOUGH_CASH;
            case UNKNOWN_ORIGINAL -> Refusal.UNKNOWN_ORIGINAL;
            case NOTHING_LEFT -> Refusal.NOTHING_LEFT;
            case TOO_MUCH -> Refusal.TOO_MUCH;
        };
    }

    private Optional<HttpAnswer> ofMarket(Question question, Instant now) {
        String id = question.call().id();
        if (id.equals("overseas_stock_search_info")) {
            return exchangeOfType(question.param("PRDT_TYPE_CD"))
                    .map(exchange -> stock(exchange, question.param("PDNO"), now)
                            .map(stock -> told(question, quotes.information(stock)))
                            .orElseGet(() -> told(question, UsQuoteAnswers.unknown(question.call()))));
        }
        if (id.equals("overseas_stock_inquire_daily_chartprice")) {
            return listed(question.param("FID_INPUT_ISCD")).map(stock -> told(question, charts.chart(question, stock)));
        }
        Optional<UsExchange> exchange = UsKeys.ofQuotes(question.param("EXCD"));
        if (exchange.isEmpty()) {
            return Optional.empty();
        }
        if (question.call().path().contains("/ranking/") || id.equals("overseas_stock_inquire_search")) {
            return Optional.of(told(question, quotes.ranking(question, exchange.get())));
        }
        String ticker = question.param("SYMB");
        if (ticker.isEmpty()) {
            return Optional.of(told(question, Known.NOTHING));
        }
        Optional<UsStock> found = stock(exchange.get(), ticker, now);
        if (found.isEmpty()) {
            return Optional.of(told(question, UsQuoteAnswers.unknown(question.call())));
        }
        UsStock stock = found.get();
        return Optional.of(told(
                question,
                switch (id) {
                    case "overseas_stock_price" -> quotes.price(question, stock);
                    case "overseas_stock_price_detail" -> quotes.detail(question, stock);
                    case "overseas_stock_inquire_asking_price" ->
                        quotes.askingPrice(question, stock, faults.shown(now));
                    case "overseas_stock_quot_inquire_ccnl" ->
                        question.param("TDAY").equals("0") ? Known.NOTHING : quotes.trades(stock);
                    case "overseas_stock_dailyprice" -> charts.daily(question, stock);
                    case "overseas_stock_inquire_time_itemchartprice" -> charts.minutes(question, stock);
                    default -> Known.NOTHING;
                }));
    }

    private Optional<UsStock> stock(UsExchange exchange, String ticker, Instant now) {
        Optional<UsStock> found = UsSymbol.of(exchange, ticker).flatMap(market::find);
        found.ifPresent(stock -> market.wake(stock, now, ears));
        return found;
    }

    /** The stock with a ticker, wherever it is listed. */
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

    /** What the ledger does not know of an account is nothing. */
    private HttpAnswer ofLedger(Question question, Known known) {
        return told(question, new NoEntries(question.call(), known));
    }

    private HttpAnswer told(Question question, Known known) {
        Reply reply = table.answer(question, known);
        return new HttpAnswer(reply.status(), "", reply.trCont(), reply.body());
    }

    /** Whole shares; empty for anything else. */
    private static Optional<Long> shares(String text) {
        return text.matches("[0-9]{1,12}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /** Ten-thousandths of a dollar; empty when there are more decimals than that, or no number. */
    private static Optional<Long> units(String text) {
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,8})?")) {
            return Optional.empty();
        }
        BigDecimal units = new BigDecimal(text).movePointRight(4).stripTrailingZeros();
        return units.scale() > 0 ? Optional.empty() : Optional.of(units.longValueExact());
    }
}
