package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.PreparedQuery;
import kr.kisgateway.client.RawAnswer;
import kr.kisgateway.client.RawQuery;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.face.KisUpstream;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.RealtimeKey;

/** Queries of other programs: about an account with its own app key, else with the app key that is least loaded. */
public final class KisForward implements KisUpstream {
    private final KisClient trading;
    private final Supplier<KisClient> leastLoaded;
    private final Accounts<KisAccount> accounts;
    private final Map<String, Identity> identities;
    private final Consumer<Consumer<CharSequence>> frames;
    private final Function<String, Set<RealtimeKey>> registrations;
    private final PushFeed usFeed;

    /**
     * @param frames takes the receiver of pushed frames
     * @param registrations of a TR that KIS has confirmed
     * @param usFeed of US values outside the day market
     */
    public KisForward(
            KisClient trading,
            Supplier<KisClient> leastLoaded,
            Accounts<KisAccount> accounts,
            Consumer<Consumer<CharSequence>> frames,
            Function<String, Set<RealtimeKey>> registrations,
            PushFeed usFeed) {
        this.trading = trading;
        this.leastLoaded = leastLoaded;
        this.registrations = registrations;
        this.usFeed = usFeed;
        this.frames = frames;
        this.accounts = accounts;
        this.identities = accounts.toMap(account -> new Identity(
                account.client().account().cano(),
                account.client().account().productCode(),
                account.client().htsId()));
    }

    @Override
    public boolean isPaper() {
        return trading.environment() == Environment.PAPER_FACE;
    }

    @Override
    public Map<String, Identity> identities() {
        return identities;
    }

    @Override
    public Optional<MarketSymbol> symbol(RealtimeKey key) {
        return key.trId().startsWith("HD")
                ? KisTr.usSymbol(key.trKey()).map(symbol -> symbol)
                : Symbol.parse(key.trKey()).map(symbol -> symbol);
    }

    @Override
    public Optional<MarketSymbol> served(RealtimeKey key) {
        return KisTr.demand(key)
                .filter(demand -> demand.kind() != Demand.Kind.STATUS)
                .filter(demand -> KisTr.key(demand, usFeed).equals(key))
                .map(SymbolDemand::symbol);
    }

    @Override
    public RawDemand raw(RealtimeKey key) {
        return KisTr.raw(key);
    }

    @Override
    public RealtimeKey tradesKey(MarketSymbol symbol) {
        return KisTr.key(new SymbolDemand(Demand.Kind.TRADES, symbol), usFeed);
    }

    @Override
    public RealtimeKey booksKey(MarketSymbol symbol) {
        return KisTr.key(new SymbolDemand(Demand.Kind.BOOKS, symbol), usFeed);
    }

    @Override
    public Set<RealtimeKey> registered(String trId) {
        return registrations.apply(trId);
    }

    @Override
    public void attach(Consumer<CharSequence> receiver) {
        frames.accept(receiver);
    }

    @Override
    public Prepared prepare(String account, String name, Map<String, String> parameters) {
        var kis = accounts.find(account).map(KisAccount::client).orElse(trading);
        return switch (kis.prepare(name, parameters)) {
            case KisReply.Ok<PreparedQuery>(PreparedQuery query) ->
                new Prepared.Ready(query.call(), query.trId(), query.parameters());
            case KisReply.Failed<PreparedQuery>(KisFailure failure) ->
                new Prepared.Refused(failure.msg1(), failure.remedy());
        };
    }

    @Override
    public Outcome forward(String account, Query query, String tenant, Duration timeout) {
        var kis = accounts.find(account)
                .filter(_ -> query.isLedger())
                .map(KisAccount::client)
                .orElseGet(leastLoaded);
        return switch (kis.forward(
                new RawQuery(query.path(), query.trId(), query.parameters(), query.isContinuation(), query.isLedger()),
                CallOptions.standard().withTenant(tenant).withTimeout(timeout))) {
            case KisReply.Ok<RawAnswer>(RawAnswer(int status, String continuation, String body, Duration queued)) ->
                new Outcome.Answered(status, continuation, body, queued);
            case KisReply.Failed<RawAnswer>(KisFailure failure) ->
                switch (failure.kind()) {
                    case QUEUE_TIMEOUT, RATE_LIMITED, BREAKER_OPEN -> new Outcome.NoSlot();
                    default -> new Outcome.NoAnswer();
                };
        };
    }
}
