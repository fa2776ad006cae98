package kr.kisgateway.gateway;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.order.OrderContextSource;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderInput;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.portfolio.BrokerBuyingPower;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.AccountRefresh;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskFacts.CreditPower;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;

/** Loads the quotes, portfolio and session state of an order; queries only what an active limit needs. */
final class OrderContextLoader implements OrderContextSource {
    private final Supplier<RiskPolicy> policy;
    private final Function<Symbol, Optional<Instrument>> listing;
    private final QuoteFacts facts;
    private final Function<MarketSymbol, OptionalLong> lastPrices;
    private final PerMarket<Portfolio> portfolios;
    private final AccountRefresh accountRefresh;
    private final Supplier<List<String>> blockers;

    /**
     * @param facts of Korean instruments
     * @param lastPrices of instruments of other markets, which have no limits of a day
     * @param blockers reasons why the broker session does not accept orders
     */
    OrderContextLoader(
            Supplier<RiskPolicy> policy,
            Function<Symbol, Optional<Instrument>> listing,
            QuoteFacts facts,
            Function<MarketSymbol, OptionalLong> lastPrices,
            PerMarket<Portfolio> portfolios,
            Supplier<List<String>> blockers) {
        this.policy = policy;
        this.listing = listing;
        this.facts = facts;
        this.lastPrices = lastPrices;
        this.portfolios = portfolios;
        this.accountRefresh = new AccountRefresh(portfolios);
        this.blockers = blockers;
    }

    @Override
    public OrderInput.OrderContext load(String principal, Terms terms) {
        return contextWith(
                principal,
                terms,
                requiresAccount(principal, terms)
                        ? AccountFigures.of(
                                portfolios
                                        .of(terms.symbol())
                                        .holdingsForOrder(terms.accountId())
                                        .holdings(),
                                terms.symbol(),
                                terms.credit())
                        : notRequested(),
                creditPower(principal, terms));
    }

    @Override
    public Answer evaluate(String principal, Terms terms, Function<OrderInput.OrderContext, Answer> evaluation) {
        if (!requiresAccount(principal, terms)) {
            return evaluation.apply(contextWith(principal, terms, notRequested(), Optional.empty()));
        }
        Optional<CreditPower> creditPower = creditPower(principal, terms);
        return accountRefresh.evaluate(
                terms.accountId(),
                terms.symbol(),
                terms.credit(),
                figures -> evaluation.apply(contextWith(principal, terms, figures, creditPower)),
                answer -> answer.reason().map(Refusal::code));
    }

    /** The broker's buying power of a buy on credit, where a limit needs it. */
    private Optional<CreditPower> creditPower(String principal, Terms terms) {
        Optional<CreditType> borrowed = terms.credit()
                .map(Credit::type)
                .filter(CreditType::opensLoan)
                .filter(_ -> policy.get().checksCash(scope(principal, terms)));
        if (borrowed.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = terms.kind().type().isBoundByPrice() ? terms.price() : OptionalLong.empty();
        Result<BrokerBuyingPower> answer = portfolios
                .of(terms.symbol())
                .buyingPower(terms.accountId(), terms.symbol(), borrowed, price, principal);
        return switch (answer) {
            case Result.Success<BrokerBuyingPower>(BrokerBuyingPower power) ->
                Optional.of(new CreditPower(power.amount(), power.qty(), power.requestedAt()));
            case Result.Refused<BrokerBuyingPower> _ -> Optional.empty(); // unknown, and the check says so
        };
    }

    private OrderInput.OrderContext contextWith(
            String principal, Terms terms, Observation<AccountFigures> account, Optional<CreditPower> creditPower) {
        boolean unboundBuy = !terms.kind().type().isBoundByPrice() && terms.side() == Side.BUY;
        boolean lastPrice = terms.price().isPresent() && policy.get().requiresLastPrice(scope(principal, terms));
        MarketFacts market = terms.symbol() instanceof Symbol korean
                ? listing.apply(korean)
                        .map(instrument -> facts.of(instrument, restrictedVenue(terms), lastPrice, unboundBuy))
                        .orElseGet(MarketFacts::none)
                : MarketFacts.ofLast(lastPrice ? lastPrices.apply(terms.symbol()) : OptionalLong.empty());
        // The broker margins a buy that no price bounds at the day's upper price limit, so that is its maximum cost.
        return new OrderInput.OrderContext(
                market, account, unboundBuy ? market.upper() : OptionalLong.empty(), blockers.get(), creditPower);
    }

    /** The venue whose restrictions apply: by SOR KIS takes market orders of stocks that NXT trades, too, and others of all stocks. */
    private static Venue restrictedVenue(Terms terms) {
        return terms.venue() == Venue.SOR && terms.kind().type() != OrderType.MARKET ? Venue.KRX : terms.venue();
    }

    private boolean requiresAccount(String principal, Terms terms) {
        return policy.get()
                .requiresAccount(terms.side(), terms.symbol().market().currency(), scope(principal, terms));
    }

    /** The layers that apply do not depend on the day. */
    static RiskScope scope(String principal, Terms terms) {
        return new RiskScope(
                terms.accountId(),
                new TradingDay(terms.symbol().market(), LocalDate.EPOCH),
                principal,
                terms.strategyId());
    }

    private static Observation<AccountFigures> notRequested() {
        return new Observation.Unknown<>("no limit needs it");
    }
}
