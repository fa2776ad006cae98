package kr.kisgateway.gateway.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.face.KisUpstream;
import kr.kisgateway.gateway.feed.MarketFeed;
import kr.kisgateway.gateway.history.BarPageSource;
import kr.kisgateway.gateway.history.BarSource;
import kr.kisgateway.gateway.instrument.NxtEligibilitySource;
import kr.kisgateway.gateway.marketwide.MarketSource;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.ExecutionFeed;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.pool.PollSource;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.Sockets;
import kr.kisgateway.gateway.portfolio.PortfolioSource;
import kr.kisgateway.gateway.quote.MultiPriceSource;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.market.PerMarket;

/** A broker's ports. Nothing is connected before its {@link Connection} is started. */
public interface BrokerAdapter {
    Trading trading();

    MarketData marketData();

    Realtime realtime();

    /** Queries of other programs in the broker's own protocol; empty where the gateway offers no such port. */
    default Optional<KisUpstream> upstream() {
        return Optional.empty();
    }

    /** Adds an observer, before anything is connected; without effect at a broker that reports nothing. */
    default void attach(BrokerObserver observer) {
        // reports nothing
    }

    /** The connection that trades the first account. The order desk starts it once the journal is read. */
    Connection primaryConnection();

    /** Further connections, for prices, registrations, and the accounts that trade with them. */
    List<Connection> furtherConnections();

    /** A connection with its sockets and calls; closing it stops both. */
    interface Connection extends AutoCloseable {
        void start();

        @Override
        void close();
    }

    /**
     * Orders and the account.
     *
     * @param form the kinds of orders that the broker has
     * @param appKeys by alias the app key that trades an account
     * @param ordersPerSecond placings that the budget of an app key can send each second when nothing else is urgent
     * @param usNotices the registration by which {@code executions} has those of US orders, too
     * @param portfolios of each market that takes orders
     * @param owner whose balances gateways may share
     */
    record Trading(
            Broker orders,
            OrderForm form,
            Map<String, String> appKeys,
            double ordersPerSecond,
            ExecutionFeed executions,
            Optional<RawDemand> usNotices,
            PerMarket<PortfolioSource> portfolios,
            AccountOwner owner) {}

    /**
     * Identifies accounts to other gateways of the same owner, without revealing a number.
     *
     * @param ids unique and irreversible, by alias
     * @param numbers of the account's number alone, the same under another app key; by alias, never stored or shared
     * @param secret common to all gateways of the owner; encrypts what they share
     */
    record AccountOwner(Map<String, String> ids, Map<String, String> numbers, Secret secret) {}

    /**
     * Prices, books and bars on request. {@code …InBackground} asks behind all other requests and may take longer.
     *
     * @param bars of Korean instruments
     * @param barPages of instruments of the other markets
     * @param minutes complete minutes of Korean instruments
     * @param nxt whether NXT trades a stock today
     * @param callsPerSecond calls for prices per second, without other traffic
     * @param historyPerSecond calls for bars per second, without other traffic
     */
    record MarketData(
            QuoteSource quotes,
            QuoteSource quotesInBackground,
            MultiPriceSource multiPrices,
            BookSource books,
            MarketSource marketWide,
            BarSource bars,
            BarPageSource barPages,
            MinuteSource minutes,
            NxtEligibilitySource nxt,
            IntSupplier callsPerSecond,
            IntSupplier historyPerSecond) {}

    /**
     * Pushed market data, and its registrations.
     *
     * @param polls prices of what no socket takes
     */
    record Realtime(MarketFeed feed, BrokerSession session, Sockets sockets, PollSource polls) {}
}
