package kr.kisgateway.gateway.kis;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.broker.BrokerObserver;
import kr.kisgateway.gateway.face.KisUpstream;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.kis.rest.KisAccount;
import kr.kisgateway.gateway.kis.rest.KisBarPages;
import kr.kisgateway.gateway.kis.rest.KisBars;
import kr.kisgateway.gateway.kis.rest.KisBooks;
import kr.kisgateway.gateway.kis.rest.KisBroker;
import kr.kisgateway.gateway.kis.rest.KisForward;
import kr.kisgateway.gateway.kis.rest.KisMarket;
import kr.kisgateway.gateway.kis.rest.KisMinuteSource;
import kr.kisgateway.gateway.kis.rest.KisMultiPrices;
import kr.kisgateway.gateway.kis.rest.KisNxtEligibility;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.kis.rest.KisPollSource;
import kr.kisgateway.gateway.kis.rest.KisPortfolio;
import kr.kisgateway.gateway.kis.rest.KisQuotes;
import kr.kisgateway.gateway.kis.rest.KisUsPortfolio;
import kr.kisgateway.gateway.kis.stream.KisFeed;
import kr.kisgateway.gateway.kis.stream.KisObservers;
import kr.kisgateway.gateway.kis.stream.KisSession;
import kr.kisgateway.gateway.kis.stream.KisSockets;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.order.ExecutionFeed.ExecutionListener;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.OrderDivisions;
import kr.kisgateway.wire.parse.OverseasNotice;

/** KIS behind the ports of a broker: its clients, one for each app key, and their feed. */
public final class KisAdapter implements BrokerAdapter {
    private final KisAppKeys keys;
    private final Trading trading;
    private final MarketData marketData;
    private final Realtime realtime;
    private final KisUpstream upstream;
    private final KisObservers observers;

    /**
     * @param keys the trading key first
     * @param owner of the trading key's account
     * @param accounts by alias; that of the trading key first
     * @param htsId login id of the trading key's owner
     * @param calendars of the markets
     * @param usFeed whether US prices are pushed in real time
     * @param observers of the clients
     */
    public KisAdapter(
            KisAppKeys keys,
            KisFeed feed,
            AccountOwner owner,
            Accounts<KisAccount> accounts,
            Optional<String> htsId,
            PerMarket<MarketCalendar> calendars,
            PushFeed usFeed,
            KisObservers observers,
            InstantSource clock) {
        this.keys = keys;
        this.observers = observers;
        var primary = keys.primary();
        var broker = new KisBroker(accounts, calendars.of(Market.US), clock);
        accounts.toMap(KisAccount::client)
                .values()
                .forEach(client -> client.budget().expectOrders());
        this.trading = new Trading(
                broker,
                new KisOrderForm(OrderDivisions.load(), primary.environment() == Environment.PAPER_FACE),
                accounts.toMap(KisAccount::appKey),
                primary.budget().ordersPerSecond(),
                listener -> feed.attach(new AccountNotices(broker, listener)),
                htsId.map(_ -> KisTr.usNotices(primary.environment() == Environment.PAPER_FACE)),
                portfolios(accounts, clock),
                owner);
        var minutes = new KisMinuteSource(primary);
        this.marketData = new MarketData(
                new KisQuotes(keys::leastLoaded),
                KisQuotes.background(keys::leastLoaded),
                new KisMultiPrices(keys::leastLoaded, clock),
                new KisBooks(() -> primary),
                new KisMarket(primary),
                new KisBars(primary),
                new KisBarPages(primary),
                (symbol, from, to) ->
                        symbol instanceof Symbol korean ? minutes.minutes(korean, from, to) : Optional.empty(),
                new KisNxtEligibility(keys::leastLoaded),
                keys::callsPerSecond,
                primary.budget()::historyPerSecond);
        this.upstream = new KisForward(primary, keys::leastLoaded, accounts, feed::attach, feed::registered, usFeed);
        this.realtime = new Realtime(
                feed,
                new KisSession(keys, feed, clock),
                new KisSockets(keys, htsId, feed, calendars, usFeed, clock),
                new KisPollSource(keys, calendars, clock));
    }

    private static PerMarket<PortfolioSource> portfolios(Accounts<KisAccount> accounts, InstantSource clock) {
        var sources = new LinkedHashMap<Market, PortfolioSource>();
        sources.put(Market.KOREA, new KisPortfolio(accounts, clock));
        sources.put(Market.US, new KisUsPortfolio(accounts, clock));
        return new PerMarket<>(sources);
    }

    /** Execution notices of the gateway's accounts: a login may have others, too. */
    private record AccountNotices(KisBroker broker, ExecutionListener listener) implements KisFeed.NoticeListener {
        @Override
        public void received(String appKey, ExecutionNotice notice) {
            broker.noticeOfAccount(appKey, notice).ifPresent(listener::received);
        }

        @Override
        public void received(String appKey, OverseasNotice notice) {
            broker.noticeOfAccount(appKey, notice).ifPresent(listener::received);
        }

        @Override
        public void missed() {
            listener.missed();
        }
    }

    private record ClientConnection(KisClient client) implements Connection {
        @Override
        public void start() {
            client.start();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Override
    public Trading trading() {
        return trading;
    }

    @Override
    public MarketData marketData() {
        return marketData;
    }

    @Override
    public Realtime realtime() {
        return realtime;
    }

    @Override
    public Optional<KisUpstream> upstream() {
        return Optional.of(upstream);
    }

    @Override
    public void attach(BrokerObserver observer) {
        observers.attach(observer);
    }

    @Override
    public Connection primaryConnection() {
        return new ClientConnection(keys.primary());
    }

    @Override
    public List<Connection> furtherConnections() {
        return keys.all().stream()
                .skip(1)
                .<Connection>map(key -> new ClientConnection(key.client()))
                .toList();
    }
}
