package kr.kisgateway.gateway.broker;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.feed.FeedGap;
import kr.kisgateway.gateway.feed.FeedListener;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarSource;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.marketwide.MarketSource;
import kr.kisgateway.gateway.marketwide.RankingKind;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.ExecutionFeed.ExecutionListener;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.PollSource;
import kr.kisgateway.gateway.pool.Sockets;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.gateway.quote.Feed;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.MultiPriceSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;

/**
 * A second broker, in memory: a listed stock has one price, market orders and crossing limits fill at it, others rest. It
 * pushes execution notices, and prices when a test has it do so. Instruments of other markets than Korea have pages of bars.
 */
public final class MemoryBroker implements BrokerAdapter, Broker, PortfolioSource, BrokerSession, Sockets, PollSource {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final String OFFICE = "1";
    private static final long CASH = 100_000_000;

    private final Accounts<String> accounts = Accounts.of("memory");
    private final Map<MarketSymbol, Long> prices;
    private final InstantSource clock;
    private final Map<Long, BrokerOrder> book = new TreeMap<>();
    private final List<Demand> registered = new ArrayList<>();
    private Optional<ExecutionListener> executions = Optional.empty();
    private Optional<FeedListener> feed = Optional.empty();
    private boolean answersLost;
    private long lastNumber;

    /** @param prices of the listed stocks, in units of their currency */
    public MemoryBroker(Map<? extends MarketSymbol, Long> prices, InstantSource clock) {
        this.prices = Map.copyOf(prices);
        this.clock = clock;
    }

    /** From now on orders are accepted, and neither answers nor notices arrive. */
    public synchronized void loseAnswers(boolean lost) {
        answersLost = lost;
    }

    /** Pushes a trade that {@code store} has received. */
    public void push(LastTick trade) {
        feed.orElseThrow().trade(trade);
    }

    /** Orders that it accepted. */
    public synchronized long orders() {
        return book.values().stream()
                .filter(row -> row.kind() == BrokerOrder.Kind.ORDER)
                .count();
    }

    // ---- orders ----

    @Override
    public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
        return new SlotAnswer.Granted(() -> {});
    }

    @Override
    public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
        return Optional.of(() -> {});
    }

    @Override
    public synchronized Outcome place(Slot slot, Terms terms) {
        var price = Optional.ofNullable(prices.get(terms.symbol()));
        if (price.isEmpty()) {
            return new Outcome.Refused("UNKNOWN", "this broker does not trade " + terms.symbol());
        }
        long limit = terms.price().orElse(price.get());
        boolean crosses = terms.side() == Side.BUY ? limit >= price.get() : limit <= price.get();
        boolean market = terms.isMarket();
        long filled = market || crosses ? terms.qty() : 0;
        var row = row(BrokerOrder.Kind.ORDER, 0, terms, market ? 0 : limit, filled, filled * price.get());
        notify(row, Notice.Kind.RECEIVED, row.qty(), limit);
        if (filled > 0) {
            notify(row, Notice.Kind.FILLED, filled, price.get());
        }
        return outcome(row);
    }

    @Override
    public synchronized Outcome modify(Slot slot, Terms terms, String orgNo, long odno, long openQty, long price) {
        var old = end(odno, Long.MAX_VALUE);
        if (old.isEmpty()) {
            return new Outcome.Refused("GONE", "no such order rests");
        }
        var rest = old.get();
        var row = put(new BrokerOrder(
                BrokerOrder.Kind.MODIFY,
                ++lastNumber,
                odno,
                OFFICE,
                rest.symbol(),
                rest.side(),
                rest.remaining(),
                price,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                time(),
                0,
                0,
                0,
                rest.remaining(),
                0));
        notify(row, Notice.Kind.MODIFY_CONFIRMED, row.qty(), price);
        return outcome(row);
    }

    @Override
    public synchronized Outcome cancel(Slot slot, Terms terms, String orgNo, long odno, long qty, boolean all) {
        var old = end(odno, all ? Long.MAX_VALUE : qty);
        if (old.isEmpty()) {
            return new Outcome.Refused("GONE", "no such order rests");
        }
        var rest = old.get();
        var row = put(new BrokerOrder(
                BrokerOrder.Kind.CANCEL,
                ++lastNumber,
                odno,
                OFFICE,
                rest.symbol(),
                rest.side(),
                Math.min(rest.remaining(), qty),
                0,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                time(),
                0,
                0,
                0,
                0,
                0));
        notify(row, Notice.Kind.CANCEL_CONFIRMED, row.qty(), 0);
        return outcome(row);
    }

    @Override
    public synchronized DailyOrders requestDailyOrders(AccountDay day) {
        return new DailyOrders.Complete(clock.instant(), List.copyOf(book.values()));
    }

    private Outcome outcome(BrokerOrder row) {
        return answersLost
                ? new Outcome.InDoubt("LOST", "no answer")
                : new Outcome.Taken(OFFICE, row.odno(), String.format("%06d", row.time()));
    }

    private BrokerOrder row(BrokerOrder.Kind kind, long original, Terms terms, long price, long filled, long value) {
        return put(new BrokerOrder(
                kind,
                ++lastNumber,
                original,
                OFFICE,
                terms.symbol(),
                terms.side(),
                terms.qty(),
                price,
                Optional.of(terms.isMarket() ? OrderKind.MARKET : OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                time(),
                filled,
                value,
                0,
                terms.qty() - filled,
                0));
    }

    private BrokerOrder put(BrokerOrder row) {
        book.put(row.odno(), row);
        return row;
    }

    /** Takes up to {@code qty} shares out of the rest of an order; empty when none rests. */
    private Optional<BrokerOrder> end(long odno, long qty) {
        var rest = Optional.ofNullable(book.get(odno)).filter(row -> row.remaining() > 0);
        rest.ifPresent(row -> put(new BrokerOrder(
                row.kind(),
                row.odno(),
                row.original(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.qty(),
                row.price(),
                row.orderKind(),
                row.venue(),
                row.time(),
                row.filled(),
                row.value(),
                row.canceled() + Math.min(qty, row.remaining()),
                row.remaining() - Math.min(qty, row.remaining()),
                row.rejected())));
        return rest;
    }

    private void notify(BrokerOrder row, Notice.Kind kind, long qty, long price) {
        if (!answersLost) {
            executions.ifPresent(listener -> listener.received(new Notice(
                    "A1",
                    kind,
                    row.odno(),
                    row.original(),
                    row.symbol(),
                    row.side(),
                    qty,
                    price,
                    row.time(),
                    OFFICE,
                    Optional.empty(),
                    Optional.empty())));
        }
    }

    private int time() {
        return Integer.parseInt(
                DateTimeFormatter.ofPattern("HHmmss").withZone(SEOUL).format(clock.instant()));
    }

    // ---- the account ----

    @Override
    public boolean hasAccount(String accountId) {
        return accounts.find(accountId).isPresent();
    }

    @Override
    public Result<BrokerBuyingPower> fetchBuyingPower(
            String accountId,
            MarketSymbol symbol,
            Optional<CreditType> credit,
            OptionalLong price,
            String tenant,
            Instant deadline) {
        return fetch(accountId, deadline).map(holdings -> {
            long cash = holdings.cash().settled();
            long unit = price.orElseGet(() -> prices.getOrDefault(symbol, 1L));
            return new BrokerBuyingPower(cash, unit, cash, cash / unit, cash, cash / unit, holdings.requestedAt());
        });
    }

    @Override
    public synchronized Result<Holdings> fetch(String accountId, Instant deadline) {
        long spent = book.values().stream()
                .mapToLong(row -> row.side() == Side.BUY ? row.value() : -row.value())
                .sum();
        var positions = Symbol.among(prices.keySet()).stream()
                .flatMap(symbol -> position(symbol).stream())
                .toList();
        var cash = new Holdings.Cash(CASH - spent, CASH - spent, CASH - spent, CASH, OptionalLong.empty());
        return Result.success(new Holdings(Market.KOREA, cash, positions, clock.instant()));
    }

    private Optional<Holdings.Position> position(Symbol symbol) {
        var rows = book.values().stream()
                .filter(row -> row.symbol().equals(symbol))
                .toList();
        long qty = rows.stream()
                .mapToLong(row -> row.side() == Side.BUY ? row.filled() : -row.filled())
                .sum();
        long price = prices.getOrDefault(symbol, 0L);
        return qty <= 0
                ? Optional.empty()
                : Optional.of(new Holdings.Position(
                        symbol,
                        symbol.code(),
                        qty,
                        qty,
                        BigDecimal.valueOf(price),
                        qty * price,
                        price,
                        qty * price,
                        0));
    }

    // ---- prices ----

    private <V> Result<V> priced(MarketSymbol symbol, Supplier<V> value) {
        return prices.containsKey(symbol)
                ? Result.success(value.get())
                : Result.refused(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "This broker has no " + symbol.code() + "."));
    }

    private RestQuote quote(MarketSymbol symbol) {
        long price = prices.getOrDefault(symbol, 0L);
        return new RestQuote(
                price,
                0,
                BigDecimal.ZERO,
                price,
                price,
                price,
                1_000,
                1_000 * price,
                OptionalLong.empty(),
                OptionalLong.of(price * 7 / 10),
                OptionalLong.of(price * 13 / 10),
                Designation.NORMAL);
    }

    private Result<RestQuote> fetch(MarketSymbol symbol, PriceSeries series, String tenant, Instant deadline) {
        return priced(symbol, () -> quote(symbol));
    }

    private RestBook book(MarketSymbol symbol) {
        long price = prices.getOrDefault(symbol, 0L);
        var levels = new long[4 * OrderBook.LEVELS];
        levels[0] = price + 100;
        levels[OrderBook.LEVELS] = price;
        levels[2 * OrderBook.LEVELS] = 10;
        levels[3 * OrderBook.LEVELS] = 20;
        return new RestBook(new OrderBook(symbol, time(), levels, 10, 20), Optional.empty(), false);
    }

    private static <V> Result<V> unsupported() {
        return Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "This broker does not have it."));
    }

    private record NoBars() implements BarSource {
        @Override
        public Result<Page> requestDays(
                MarketSymbol symbol,
                BarPeriod period,
                LocalDate from,
                LocalDate to,
                boolean adjusted,
                RequestContext context) {
            return unsupported();
        }

        @Override
        public Result<List<Minute>> requestMinutes(
                MarketSymbol symbol, LocalDateTime from, LocalDateTime to, RequestContext context) {
            return unsupported();
        }

        @Override
        public LocalDate minutesAvailableSince(LocalDate today) {
            return today;
        }
    }

    /** Three days of the stock's price, of other periods nothing. */
    private final class Pages implements BarPageSource {
        @Override
        public Result<Page> requestPage(
                MarketSymbol symbol,
                BarPeriod period,
                LocalDateTime last,
                boolean adjusted,
                BarSource.RequestContext context) {
            var newest = clock.instant().atZone(symbol.market().zone()).toLocalDate();
            return priced(symbol, () -> {
                var bars = new ArrayList<Bar>();
                for (int ago = 2; ago >= 0; ago--) {
                    var day = newest.minusDays(ago).atStartOfDay();
                    if (period == BarPeriod.DAY && !day.isAfter(last)) {
                        bars.add(bar(symbol, day));
                    }
                }
                return new Page(
                        bars,
                        bars.isEmpty()
                                ? Optional.empty()
                                : Optional.of(newest.minusDays(2).atStartOfDay()));
            });
        }

        private Bar bar(MarketSymbol symbol, LocalDateTime day) {
            long price = prices.getOrDefault(symbol, 0L);
            return Bar.of(day, symbol.market().zone(), price, price, price, price, 1_000, OptionalLong.empty());
        }

        @Override
        public LocalDate minutesAvailableSince(LocalDate today) {
            return today;
        }
    }

    private record NoRankings() implements MarketSource {
        @Override
        public Result<List<Ranked>> ranking(RankingKind kind, String tenant) {
            return unsupported();
        }

        @Override
        public Result<IndexValue> index(String code, String tenant) {
            return unsupported();
        }

        @Override
        public Result<List<InvestorsOfDay>> investors(Symbol symbol, String tenant) {
            return unsupported();
        }

        @Override
        public Result<NetAssetValue> nav(Symbol etf, String tenant) {
            return unsupported();
        }
    }

    private final class Prices implements MultiPriceSource {
        @Override
        public int groupSizeMax() {
            return 2;
        }

        @Override
        public Result<Map<Symbol, Price>> requestPrices(List<Symbol> symbols, String tenant, Instant deadline) {
            return Result.success(symbols.stream()
                    .filter(prices::containsKey)
                    .collect(Collectors.toMap(symbol -> symbol, symbol -> new Price(quote(symbol), 0, 0))));
        }
    }

    // ---- registrations: it takes them and pushes nothing ----

    @Override
    public synchronized Placement register(Demand demand) {
        registered.add(demand);
        return Placement.REQUESTED;
    }

    @Override
    public synchronized void release(Demand demand) {
        registered.remove(demand);
    }

    @Override
    public Capacity room(Market market) {
        return new Capacity(10, 1, Optional.empty());
    }

    @Override
    public List<Demand> refreshKeys() {
        return List.of();
    }

    @Override
    public synchronized Optional<String> appKeyOf(Demand demand) {
        return registered.contains(demand) ? Optional.of("memory") : Optional.empty();
    }

    @Override
    public PollResult requestPrices(List<MarketSymbol> symbols) {
        return new PollResult.Prices(List.of());
    }

    @Override
    public PollResult requestBook(MarketSymbol symbol) {
        return new PollResult.Failed(true, "unsupported");
    }

    @Override
    public boolean hasWaitingCallers() {
        return false;
    }

    @Override
    public Duration spacing() {
        return Duration.ofSeconds(1);
    }

    @Override
    public int batchMax() {
        return 30;
    }

    // ---- the session ----

    @Override
    public boolean isLive(MarketSymbol symbol) {
        return false;
    }

    @Override
    public boolean isBookLive(MarketSymbol symbol) {
        return false;
    }

    @Override
    public Feed.Status feedStatus() {
        return new Feed.Status(true, Optional.empty(), 0, Optional.of(clock.instant()), Optional.of(clock.instant()));
    }

    @Override
    public List<FeedGap> gaps() {
        return List.of();
    }

    @Override
    public SessionView.Status status() {
        return new SessionView.Status(
                "ACTIVE",
                "OPEN",
                true,
                false,
                Optional.empty(),
                Optional.of(clock.instant().plus(Duration.ofHours(1))),
                registered.size(),
                10,
                new Budget(0, 100, 0, 100, 0, 0, 0));
    }

    @Override
    public List<AppKey> appKeys() {
        return List.of(new AppKey("memory", status()));
    }

    @Override
    public Duration reconnect() {
        return Duration.ZERO;
    }

    // ---- the adapter ----

    @Override
    public Trading trading() {
        return new Trading(
                this,
                new KisOrderForm(OrderDivisions.load(), false),
                Map.of("A1", "K1"),
                100,
                listener -> executions = Optional.of(listener),
                Optional.empty(),
                new PerMarket<>(Map.of(Market.KOREA, this)),
                new AccountOwner(Map.of("A1", "memory"), Map.of("A1", "memory"), Secret.of("shared")));
    }

    @Override
    public MarketData marketData() {
        return new MarketData(
                this::fetch,
                this::fetch,
                new Prices(),
                (symbol, _, _) -> priced(symbol, () -> book(symbol)),
                new NoRankings(),
                new NoBars(),
                new Pages(),
                (_, _, _) -> Optional.of(List.of()),
                (_, _) -> Result.refused(Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "it has no NXT")),
                () -> 100,
                () -> 100);
    }

    @Override
    public Realtime realtime() {
        return new Realtime(listener -> feed = Optional.of(listener), this, this, this);
    }

    @Override
    public Connection primaryConnection() {
        return new Connection() {
            @Override
            public void start() {
                executions.ifPresent(ExecutionListener::missed);
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    @Override
    public List<Connection> furtherConnections() {
        return List.of();
    }
}
