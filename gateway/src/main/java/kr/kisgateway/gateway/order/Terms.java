package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import kr.kisgateway.gateway.venue.Routing;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * The terms of an order as requested.
 *
 * @param accountId alias of the account
 * @param qty shares, positive
 * @param price limit price in units of the currency of the market; absent for a kind without one
 * @param stopPrice won of the last price that triggers a stop limit; absent for all others
 * @param strategyId the caller's label
 * @param dispatchBy deadline for sending the request to KIS; past it the order ends EXPIRED {@code NOT_SENT}
 * @param credit the loan that a buy takes out or a sale repays; absent for an order in cash
 * @param pricing how the gateway chooses its price; absent where the caller does
 * @param routing why the gateway chose its venue; absent where the caller did
 */
public record Terms(
        String accountId,
        MarketSymbol symbol,
        Side side,
        long qty,
        OrderKind kind,
        OptionalLong price,
        OptionalLong stopPrice,
        Venue venue,
        Optional<String> strategyId,
        Instant dispatchBy,
        Optional<Credit> credit,
        Optional<PricePolicy> pricing,
        Optional<Routing> routing) {

    public Terms {
        accountId = accountId.intern(); // one text for all orders in memory
    }

    /** The terms of an order whose price and venue the caller chooses. */
    public Terms(
            String accountId,
            MarketSymbol symbol,
            Side side,
            long qty,
            OrderKind kind,
            OptionalLong price,
            OptionalLong stopPrice,
            Venue venue,
            Optional<String> strategyId,
            Instant dispatchBy,
            Optional<Credit> credit) {
        this(
                accountId,
                symbol,
                side,
                qty,
                kind,
                price,
                stopPrice,
                venue,
                strategyId,
                dispatchBy,
                credit,
                Optional.empty(),
                Optional.empty());
    }

    /** The terms of an order in cash. */
    public Terms(
            String accountId,
            MarketSymbol symbol,
            Side side,
            long qty,
            OrderKind kind,
            OptionalLong price,
            OptionalLong stopPrice,
            Venue venue,
            Optional<String> strategyId,
            Instant dispatchBy) {
        this(accountId, symbol, side, qty, kind, price, stopPrice, venue, strategyId, dispatchBy, Optional.empty());
    }

    /** The terms of an order in cash without a stop price. */
    public Terms(
            String accountId,
            MarketSymbol symbol,
            Side side,
            long qty,
            OrderKind kind,
            OptionalLong price,
            Venue venue,
            Optional<String> strategyId,
            Instant dispatchBy) {
        this(accountId, symbol, side, qty, kind, price, OptionalLong.empty(), venue, strategyId, dispatchBy);
    }

    /** Whether it is a market order, which is sent before the others. */
    public boolean isMarket() {
        return kind.type() == OrderType.MARKET;
    }

    /** The same terms at another price. */
    public Terms withPrice(OptionalLong newPrice) {
        return with(draft -> draft.price = newPrice);
    }

    /** The same terms with another deadline for being sent. */
    public Terms withDispatchBy(Instant newDispatchBy) {
        return with(draft -> draft.dispatchBy = newDispatchBy);
    }

    /** The same terms with a price that the gateway chooses. */
    public Terms withPricing(PricePolicy policy, OptionalLong first) {
        return with(draft -> {
            draft.pricing = Optional.of(policy);
            draft.price = first;
        });
    }

    /** The same terms on another venue. */
    public Terms withVenue(Venue other) {
        return with(draft -> draft.venue = other);
    }

    /** The same terms on the venue that the gateway chose. */
    public Terms routed(Venue chosen, Routing why) {
        return with(draft -> {
            draft.venue = chosen;
            draft.routing = Optional.of(why);
        });
    }

    /** The same terms with a label. */
    Terms withStrategy(String strategy) {
        return with(draft -> draft.strategyId = Optional.of(strategy));
    }

    /** The same terms for another number of shares. */
    public Terms withQty(long newQty) {
        return with(draft -> draft.qty = newQty);
    }

    /** The same terms of an order that is placed on {@code day}: the loan of a buy is of that day. */
    public Terms placedOn(LocalDate day) {
        return with(draft -> draft.credit = credit.map(it -> it.placedOn(day)));
    }

    /** Equal terms that reference this symbol and this kind, which are equal to their own. */
    Terms withShared(MarketSymbol sharedSymbol, OrderKind sharedKind) {
        return with(draft -> {
            draft.symbol = sharedSymbol;
            draft.kind = sharedKind;
        });
    }

    private Terms with(Consumer<Draft> change) {
        var draft = new Draft();
        change.accept(draft);
        return new Terms(
                accountId,
                draft.symbol,
                side,
                draft.qty,
                draft.kind,
                draft.price,
                stopPrice,
                draft.venue,
                draft.strategyId,
                draft.dispatchBy,
                draft.credit,
                draft.pricing,
                draft.routing);
    }

    /** The terms that may be changed. */
    private final class Draft {
        private MarketSymbol symbol = Terms.this.symbol;
        private long qty = Terms.this.qty;
        private OrderKind kind = Terms.this.kind;
        private OptionalLong price = Terms.this.price;
        private Venue venue = Terms.this.venue;
        private Optional<String> strategyId = Terms.this.strategyId;
        private Instant dispatchBy = Terms.this.dispatchBy;
        private Optional<Credit> credit = Terms.this.credit;
        private Optional<PricePolicy> pricing = Terms.this.pricing;
        private Optional<Routing> routing = Terms.this.routing;
    }

    /** The date of its loan; empty for an order in cash. */
    Optional<LocalDate> loanDate() {
        return credit.map(Credit::loanDate);
    }

    /** The fields by which a report of the broker can surely be told from that of another request; KIS has no client order id. */
    public Fingerprint fingerprint() {
        return new Fingerprint(accountId, symbol, side, qty, price.orElse(0), reportedType());
    }

    /** The type as reports have it. Those of US orders have none: a LOC equals a limit order of its price, an MOO an MOC. */
    private OrderType reportedType() {
        if (!symbol.market().equals(Market.US)) {
            return kind.type();
        }
        return price.isPresent() ? OrderType.LIMIT : OrderType.MARKET;
    }

    /**
     * The fields that every report of KIS has. At most one request of a fingerprint may be in flight or in doubt, so that a
     * match among the gateway's own orders is never ambiguous. Venue, session, time in force and loan are not among them: a routed
     * order may be listed under the venue that it went to, and not every report has the others.
     */
    public record Fingerprint(String accountId, MarketSymbol symbol, Side side, long qty, long price, OrderType type) {}
}
