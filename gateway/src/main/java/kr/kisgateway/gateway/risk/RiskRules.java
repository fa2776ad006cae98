package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Shares;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.risk.RiskPolicy.Bound;
import kr.kisgateway.gateway.risk.RiskPolicy.Layer;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;

/**
 * The checks of an order or modification, in the order that the API promises: kill switch, live guards and credit, daily count,
 * quantity, notional, instrument, price, trading window, position, cash, rates. The first that fails is the answer. Pure:
 * every fact it evaluates is passed in.
 *
 * <p>Limits of quantity, notional, position and loss apply to BUY only: selling out must stay possible. A modification is
 * evaluated as the resulting order; what the order reserves already is not reserved a second time.
 */
public final class RiskRules {
    /** Maximum age of the broker's account answer for an evaluation. */
    public static final Duration ACCOUNT_AGE_MAX = Duration.ofMinutes(1);

    /** The source of balances is queried again within that time. */
    private static final Duration UNKNOWN_RETRY = Duration.ofSeconds(1);

    private static final BigDecimal HUNDRED_PERCENT = BigDecimal.valueOf(10_000);

    private final InstrumentChecks instruments;
    private final List<Function<RiskInput, Optional<Refusal>>> checks = List.of(
            RiskRules::killSwitch,
            RiskRules::live,
            RiskRules::credit,
            RiskRules::dailyCount,
            RiskRules::quantity,
            this::notional,
            this::instrument,
            RiskRules::symbolLists,
            RiskRules::designation,
            RiskRules::priceLimits,
            this::tick,
            RiskRules::collar,
            RiskRules::selfCross,
            RiskRules::window,
            RiskRules::dailyNotional,
            RiskRules::position,
            RiskRules::positionLimit,
            RiskRules::cash,
            RiskRules::dailyLoss,
            RiskRules::rate);
    private final List<Function<RiskInput, Optional<Refusal>>> limitsOfOne =
            List.of(RiskRules::quantity, this::notional, RiskRules::symbolLists, RiskRules::designation);
    private final List<Function<RiskInput, Optional<Refusal>>> limitsOfAll =
            List.of(RiskRules::dailyNotional, RiskRules::positionLimit, RiskRules::cash, RiskRules::dailyLoss);

    /** One order with every fact of its evaluation. */
    private record RiskInput(RiskFacts facts, Exposure exposure, RiskPolicy policy, List<Layer> layers) {
        RiskScope scope() {
            return facts.scope();
        }

        RiskFacts.RequestedOrder requested() {
            return facts.requested();
        }

        boolean isBuy() {
            return facts.requested().side() == Side.BUY;
        }

        Currency currency() {
            return facts.requested().symbol().market().currency();
        }

        /** The limit of an amount in the currency of the order. */
        Optional<Bound> strictestAmount(AmountLimit limit) {
            return limit.of(currency()).flatMap(this::strictest);
        }

        Optional<Bound> strictest(RiskLimit limit) {
            return policy.strictest(limit, layers);
        }

        Optional<String> enablingLayer(RiskGuard guard) {
            return policy.enablingLayer(guard, layers);
        }

        /** The order to modify, in its current state. */
        Optional<OpenExposure> replacedOrder() {
            return requested().replaces().flatMap(exposure::findOpen);
        }
    }

    public RiskRules(InstrumentChecks instruments) {
        this.instruments = instruments;
    }

    /** The refusal of an order with these facts, or empty when every check passes. */
    public Optional<Refusal> check(RiskFacts facts, Exposure exposure, RiskPolicy policy) {
        return first(checks, new RiskInput(facts, exposure, policy, policy.applicableLayers(facts.scope())));
    }

    /**
     * The refusal by those limits of the API key alone that each order has to pass, of one that another key places later. It is not
     * counted as an order of this one, and prices and the state of trading are those of the time at which it is placed.
     */
    public Optional<Refusal> checkKeyLimits(RiskFacts facts, Exposure exposure, RiskPolicy policy) {
        return firstOfKey(limitsOfOne, facts, exposure, policy);
    }

    /** The same by the limits that orders have to pass together, of one that stands for them all. */
    public Optional<Refusal> checkKeySums(RiskFacts facts, Exposure exposure, RiskPolicy policy) {
        return firstOfKey(limitsOfAll, facts, exposure, policy);
    }

    private static Optional<Refusal> firstOfKey(
            List<Function<RiskInput, Optional<Refusal>>> checks,
            RiskFacts facts,
            Exposure exposure,
            RiskPolicy policy) {
        return policy.keyLayer(facts.scope())
                .flatMap(layer -> first(checks, new RiskInput(facts, exposure, policy, List.of(layer))));
    }

    private static Optional<Refusal> first(List<Function<RiskInput, Optional<Refusal>>> checks, RiskInput input) {
        for (var check : checks) {
            Optional<Refusal> refusal = check.apply(input);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a refusal for {@code code} may pass with a newer broker answer: an older one does not include what was bought
     * or released since.
     */
    public static boolean mayPassAfterRefresh(ErrorCode code) {
        return switch (code) {
            case INSUFFICIENT_POSITION_QTY,
                    INSUFFICIENT_CASH,
                    POSITION_LIMIT_EXCEEDED,
                    DAILY_LOSS_LIMIT,
                    POSITION_PROVIDER_UNAVAILABLE -> true;
            default -> false;
        };
    }

    // ---- kill switch and live guards ----

    private static Optional<Refusal> killSwitch(RiskInput input) {
        return input.facts()
                .control()
                .killSwitch()
                .map(reason -> killSwitchRefusal(
                        reason,
                        "an operator turns it off with ./kis kill-switch off; one set by"
                                + " GATEWAY_KILL_SWITCH ends with that setting"));
    }

    /** The refusal while the kill switch is on. */
    public static Refusal killSwitchRefusal(String reason, String addition) {
        return Refusal.of(
                        ErrorCode.KILL_SWITCH,
                        "the kill switch is on (" + reason + "): no order is accepted, only cancels; " + addition)
                .with("reason", reason);
    }

    private static Optional<Refusal> live(RiskInput input) {
        LiveGuards guards = input.policy().guards();
        if (guards.readOnly()) {
            return refuse(
                    ErrorCode.READ_ONLY,
                    "the gateway is read-only (GATEWAY_READ_ONLY=true): no order is accepted, only cancels");
        }
        if (!guards.live()) {
            return Optional.empty();
        }
        if (!guards.liveTrading()) {
            return refuse(
                    ErrorCode.LIVE_DISABLED,
                    "live orders are off: set KIS_LIVE_TRADING=true and restart to allow them");
        }
        String account = input.scope().account();
        if (!guards.liveAccounts().contains(account)) {
            return Optional.of(Refusal.of(
                            ErrorCode.LIVE_DISABLED,
                            "account " + account + " may not trade live: name it in KIS_LIVE_ACCOUNTS and restart")
                    .with("account_id", account));
        }
        if (!input.facts().control().dryRunDone() && !input.requested().dryRun()) {
            return Optional.of(Refusal.of(
                            ErrorCode.DRY_RUN_REQUIRED,
                            "account " + account
                                    + " has no recorded dry run: send an order with \"dry_run\": true that passes, then"
                                    + " this one again")
                    .with("account_id", account));
        }
        return Optional.empty();
    }

    private static Optional<Refusal> credit(RiskInput input) {
        return input.requested()
                .credit()
                .flatMap(credit -> CreditRules.refusal(
                        input.requested().symbol(),
                        input.requested().side(),
                        credit,
                        input.scope().day().date(),
                        input.policy().guards()));
    }

    // ---- counts and sizes ----

    private static Optional<Refusal> dailyCount(RiskInput input) {
        if (input.requested().replaces().isPresent()) {
            return Optional.empty(); // it was counted when it was accepted
        }
        for (Layer layer : input.layers()) {
            OptionalLong limit = layer.limits().get(RiskLimit.DAILY_ORDERS);
            int used = limit.isEmpty() ? 0 : input.exposure().ordersToday(input.scope(), layer.countScope());
            if (limit.isPresent() && used >= limit.getAsLong()) {
                return Optional.of(limited(
                                ErrorCode.DAILY_LIMIT_EXCEEDED,
                                RiskLimit.DAILY_ORDERS,
                                new Bound(layer.name(), limit.getAsLong()),
                                "all " + limit.getAsLong() + " orders of this trading day are used")
                        .with("used", used));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> quantity(RiskInput input) {
        RiskLimit limit = input.isBuy() ? RiskLimit.MAX_QTY : RiskLimit.SELL_MAX_QTY;
        return input.strictest(limit)
                .filter(bound -> input.requested().qty() > bound.units())
                .map(bound -> limited(
                                ErrorCode.MAX_QTY_EXCEEDED,
                                limit,
                                bound,
                                "a " + (input.isBuy() ? "buy" : "sell") + " may be for " + Shares.of(bound.units())
                                        + " at most")
                        .with("qty", input.requested().qty()));
    }

    private static Optional<Refusal> dailyNotional(RiskInput input) {
        Optional<RiskLimit> limit = input.isBuy() ? AmountLimit.DAILY_NOTIONAL.of(input.currency()) : Optional.empty();
        if (limit.isEmpty() || input.strictest(limit.get()).isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = input.requested().maxPrice();
        if (price.isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "no price of " + input.requested().symbol()
                            + " is known, so what the day's buys may cost cannot be checked; send a LIMIT order or retry");
        }
        for (Layer layer : input.layers()) {
            OptionalLong units = layer.limits().get(limit.get());
            long replaced = input.replacedOrder()
                    .filter(order -> isCountedWith(order.scope(), input.scope(), layer))
                    .map(Exposure::openAmount)
                    .orElse(0L);
            if (units.isEmpty() || !exceeds(input.requested().openQty(), price.getAsLong(), replaced)) {
                continue; // the order to modify counts as much already
            }
            long used = input.exposure().boughtToday(input.scope(), layer.countScope(), input.currency()) - replaced;
            if (used > units.getAsLong()
                    || exceeds(input.requested().openQty(), price.getAsLong(), units.getAsLong() - used)) {
                return Optional.of(limited(
                                ErrorCode.DAILY_LIMIT_EXCEEDED,
                                limit.get(),
                                new Bound(layer.name(), units.getAsLong()),
                                "the buys of this trading day may cost "
                                        + Amounts.text(input.currency(), units.getAsLong())
                                        + " at most, and cost or may cost "
                                        + Amounts.text(input.currency(), used) + " already")
                        .with("used", Amounts.figure(input.currency(), used))
                        .with("price", Amounts.figure(input.currency(), price.getAsLong())));
            }
        }
        return Optional.empty();
    }

    /** Whether the sums of {@code layer} for {@code other} include orders of {@code order}; a caller's key does not count an order of another key. */
    private static boolean isCountedWith(RiskScope order, RiskScope other, Layer layer) {
        return order.nameWithin(layer.countScope()).equals(other.nameWithin(layer.countScope()));
    }

    private Optional<Refusal> notional(RiskInput input) {
        Optional<Bound> bound = input.isBuy() ? input.strictestAmount(AmountLimit.NOTIONAL) : Optional.empty();
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = input.requested().maxPrice();
        if (price.isEmpty()) {
            // An unlisted symbol has no price because it does not exist; the refusal must state that.
            return instrument(input)
                    .or(() -> refuse(
                            ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                            "no price of " + input.requested().symbol()
                                    + " is known, so the amount cannot be checked; send a LIMIT order"));
        }
        return exceeds(input.requested().qty(), price.getAsLong(), bound.get().units())
                ? Optional.of(limited(
                                ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                                AmountLimit.NOTIONAL.of(input.currency()).orElseThrow(),
                                bound.get(),
                                "a buy may cost "
                                        + Amounts.text(
                                                input.currency(), bound.get().units())
                                        + " at most"
                                        + (input.currency() == Currency.KRW
                                                ? ", a market order counted at its upper price limit"
                                                : ""))
                        .with("price", Amounts.figure(input.currency(), price.getAsLong())))
                : Optional.empty();
    }

    // ---- instrument ----

    private Optional<Refusal> instrument(RiskInput input) {
        var requested = input.requested();
        return instruments
                .check(requested.symbol(), OptionalLong.empty())
                .or(() -> instruments.checkVenue(requested.symbol(), requested.kind(), requested.venue()));
    }

    private static Optional<Refusal> symbolLists(RiskInput input) {
        MarketSymbol symbol = input.requested().symbol();
        for (Layer layer : input.layers()) {
            if (layer.limits().deny().contains(symbol)) {
                return Optional.of(restricted(symbol, "it is on the deny list of " + layer.name(), "deny")
                        .with("layer", layer.name()));
            }
            if (layer.limits().allow().isPresent()
                    && !layer.limits().allow().get().contains(symbol)) {
                return Optional.of(restricted(symbol, "it is not on the allow list of " + layer.name(), "allow")
                        .with("layer", layer.name()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> designation(RiskInput input) {
        Designation designation = input.facts().market().designation();
        MarketSymbol symbol = input.requested().symbol();
        return switch (designation) {
            case UNKNOWN, OUTDATED, NORMAL -> Optional.empty();
            case HALTED -> Optional.of(restricted(symbol, "its trading is suspended", "halted"));
            case NOT_TRADED ->
                Optional.of(restricted(
                        symbol,
                        input.requested().venue() == Venue.SOR
                                ? "KIS takes no market order by SOR of a stock that NXT does not trade, and NXT does not trade"
                                        + " it today; send venue KRX, or a LIMIT order"
                                : "NXT does not trade it today; send venue KRX, SOR or AUTO",
                        "venue"));
            case MANAGED ->
                afterMarket(input, "it is under administration", "managed")
                        .or(() ->
                                designation(input, RiskGuard.REFUSE_MANAGED, "it is under administration", "managed"));
            case WARNED ->
                afterMarket(input, "the exchange warns of it", "warned")
                        .or(() -> designation(input, RiskGuard.REFUSE_WARNED, "the exchange warns of it", "warned"));
        };
    }

    /** KRX's after-market does not trade stocks with a designation (exchange's rule since 2026-09-14). */
    private static Optional<Refusal> afterMarket(RiskInput input, String why, String restriction) {
        return input.requested().kind().session() == OrderSession.AFTER_MARKET
                ? Optional.of(restricted(
                        input.requested().symbol(),
                        why + ", and KRX's after-market does not trade it; send it in the regular session",
                        restriction))
                : Optional.empty();
    }

    private static Optional<Refusal> designation(RiskInput input, RiskGuard guard, String why, String restriction) {
        return input.isBuy()
                ? input.enablingLayer(guard)
                        .map(layer -> restricted(input.requested().symbol(), why, restriction)
                                .with("layer", layer))
                : Optional.empty();
    }

    private static Refusal restricted(MarketSymbol symbol, String why, String restriction) {
        return Refusal.of(ErrorCode.SYMBOL_RESTRICTED, symbol + " may not be ordered: " + why)
                .with("restriction", restriction);
    }

    // ---- price ----

    /** The limit price and the stop price, where the order has them. */
    private static Stream<Long> prices(RiskFacts.RequestedOrder requested) {
        return Stream.of(requested.limitPrice(), requested.stopPrice())
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong);
    }

    private static Optional<Refusal> priceLimits(RiskInput input) {
        MarketFacts market = input.facts().market();
        boolean outside = prices(input.requested())
                .anyMatch(price -> market.upper().isPresent()
                                && price > market.upper().getAsLong()
                        || market.lower().isPresent() && price < market.lower().getAsLong());
        if (!outside) {
            return Optional.empty(); // the exchange enforces unknown limits: its refusal costs nothing
        }
        Refusal refusal = Refusal.of(
                ErrorCode.PRICE_OUT_OF_LIMITS,
                "the exchange accepts prices of " + input.requested().symbol() + " from "
                        + Amounts.number(input.currency(), market.lower()) + " to "
                        + Amounts.number(input.currency(), market.upper()) + " " + Amounts.name(input.currency())
                        + " today");
        if (market.lower().isPresent()) {
            refusal = refusal.with(
                    "lower", Amounts.figure(input.currency(), market.lower().getAsLong()));
        }
        if (market.upper().isPresent()) {
            refusal = refusal.with(
                    "upper", Amounts.figure(input.currency(), market.upper().getAsLong()));
        }
        return Optional.of(refusal);
    }

    private Optional<Refusal> tick(RiskInput input) {
        return prices(input.requested())
                .flatMap(price -> instruments.check(input.requested().symbol(), OptionalLong.of(price)).stream())
                .findFirst();
    }

    /** Only the side that could lose money is limited: a buy far below the market is harmless. */
    private static Optional<Refusal> collar(RiskInput input) {
        Optional<Bound> bound = input.strictest(RiskLimit.COLLAR_PCT);
        if (bound.isEmpty() || input.requested().limitPrice().isEmpty()) {
            return Optional.empty();
        }
        if (input.facts().market().last().isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "the last price of " + input.requested().symbol()
                            + " is unknown, so its price cannot be checked (collar_pct of "
                            + bound.get().layer() + "); retry");
        }
        long last = input.facts().market().last().getAsLong();
        BigDecimal width =
                BigDecimal.valueOf(last).multiply(BigDecimal.valueOf(bound.get().units()));
        BigDecimal scaledLast = BigDecimal.valueOf(last).multiply(HUNDRED_PERCENT);
        BigDecimal price =
                BigDecimal.valueOf(input.requested().limitPrice().getAsLong()).multiply(HUNDRED_PERCENT);
        boolean outside = input.isBuy()
                ? price.compareTo(scaledLast.add(width)) > 0
                : price.compareTo(scaledLast.subtract(width)) < 0;
        return outside
                ? Optional.of(limited(
                                ErrorCode.PRICE_COLLAR,
                                RiskLimit.COLLAR_PCT,
                                bound.get(),
                                "the price is more than "
                                        + RiskLimit.COLLAR_PCT
                                                .figure(bound.get().units())
                                                .toPlainString() + " % "
                                        + (input.isBuy() ? "above" : "below") + " the last price, "
                                        + Amounts.text(input.currency(), last))
                        .with("last", Amounts.figure(input.currency(), last)))
                : Optional.empty();
    }

    private static Optional<Refusal> selfCross(RiskInput input) {
        Optional<String> layer = input.enablingLayer(RiskGuard.REFUSE_SELF_CROSS);
        if (layer.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong own = input.exposure()
                .findCrossingPrice(
                        input.scope().account(),
                        input.requested().symbol(),
                        input.requested().side(),
                        input.requested().kind().type().isBoundByPrice()
                                ? input.requested().limitPrice()
                                : OptionalLong.empty());
        return own.isPresent()
                ? Optional.of(Refusal.of(
                                ErrorCode.SELF_CROSS,
                                "it could trade with an open order of the same account ("
                                        + (own.getAsLong() == 0
                                                ? "a market order"
                                                : "at " + Amounts.text(input.currency(), own.getAsLong()))
                                        + "); cancel that one first")
                        .with("own_price", Amounts.figure(input.currency(), own.getAsLong()))
                        .with("layer", layer.get()))
                : Optional.empty();
    }

    // ---- trading window ----

    private static Optional<Refusal> window(RiskInput input) {
        var window = input.facts().window();
        return window.isOpen()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                                ErrorCode.OUT_OF_TRADING_WINDOW,
                                input.requested().venue() + " accepts no "
                                        + input.requested().kind() + " order now (" + window.session() + ")")
                        .with("session", window.session())
                        .with("market", input.requested().symbol().market().id()));
    }

    // ---- position and cash ----

    /** The broker's figures and their time, if they are young enough to use. */
    record FreshAccount(AccountFigures figures, Instant requestedAt) {}

    private static Optional<FreshAccount> freshAccount(RiskInput input) {
        return freshAccount(input.facts());
    }

    static Optional<FreshAccount> freshAccount(RiskFacts facts) {
        Optional<FreshAccount> account = switch (facts.account()) {
            case Observation.Current<AccountFigures>(AccountFigures figures, Instant requestedAt) ->
                Optional.of(new FreshAccount(figures, requestedAt));
            case Observation.Stale<AccountFigures>(AccountFigures figures, Instant requestedAt, String _) ->
                Optional.of(new FreshAccount(figures, requestedAt));
            case Observation.Unknown<AccountFigures> _ -> Optional.empty();
        };
        return account.filter(t -> isFresh(t.requestedAt(), facts.now()));
    }

    /** Whether the broker's account answer of {@code requestedAt} is recent enough for an evaluation. */
    public static boolean isFresh(Instant requestedAt, Instant now) {
        return !requestedAt.isBefore(now.minus(ACCOUNT_AGE_MAX));
    }

    private static Optional<Refusal> accountUnknown(RiskInput input, String what) {
        String why = switch (input.facts().account()) {
            case Observation.Unknown<AccountFigures>(String reason) -> reason;
            case Observation.Stale<AccountFigures>(AccountFigures _, Instant requestedAt, String reason) ->
                "last reported at " + requestedAt + "; " + reason;
            case Observation.Current<AccountFigures>(AccountFigures _, Instant requestedAt) ->
                "last reported at " + requestedAt;
        };
        return Optional.of(Refusal.of(
                        ErrorCode.POSITION_PROVIDER_UNAVAILABLE,
                        "the " + what + " of account " + input.scope().account()
                                + " is unknown, and unknown counts as unsafe (" + why + "); retry")
                .with("unknown", what)
                .retryAfter(UNKNOWN_RETRY));
    }

    private static Optional<Refusal> position(RiskInput input) {
        if (input.isBuy()) {
            return Optional.empty();
        }
        long required = input.requested().openQty()
                - input.replacedOrder().map(OpenExposure::remaining).orElse(0L);
        if (required <= 0) {
            return Optional.empty(); // the order to modify reserves these shares already
        }
        Optional<FreshAccount> account = freshAccount(input);
        if (account.isEmpty()) {
            return accountUnknown(input, "position");
        }
        long sellable = account.get().figures().sellable()
                - input.exposure()
                        .unreportedSells(
                                account.get().requestedAt(),
                                input.scope().account(),
                                input.requested().symbol(),
                                input.requested().loanDate());
        return required > sellable
                ? Optional.of(tooFewShares(
                        input, Math.max(0, sellable), account.get().figures().loans()))
                : Optional.empty();
    }

    private static Refusal tooFewShares(RiskInput input, long sellable, List<Holdings.Loan> loans) {
        String message =
                "only " + Shares.of(sellable) + " of " + input.requested().symbol() + " may be sold";
        Refusal refusal = Refusal.of(
                        ErrorCode.INSUFFICIENT_POSITION_QTY,
                        input.requested()
                                .credit()
                                .map(credit -> message + " as " + credit.type() + " of the loan of "
                                        + credit.loanDate() + "; the account has "
                                        + (loans.isEmpty()
                                                ? "no loan of it"
                                                : "loans of "
                                                        + loans.stream()
                                                                .map(it -> it.date() + " " + it.repaidBy())
                                                                .collect(Collectors.joining(", "))))
                                .orElse(
                                        loans.isEmpty()
                                                ? message
                                                : message + " in cash; shares bought on credit are sold with credit,"
                                                        + " which repays their loan"))
                .with("sellable", sellable);
        return loans.isEmpty()
                ? refusal
                : refusal.with(
                        "loan_dates",
                        loans.stream()
                                .map(it -> it.date().toString())
                                .distinct()
                                .toList());
    }

    private static Optional<Refusal> positionLimit(RiskInput input) {
        Optional<Bound> shares = input.isBuy() ? input.strictest(RiskLimit.MAX_POSITION) : Optional.empty();
        Optional<Bound> value = input.isBuy() ? input.strictestAmount(AmountLimit.POSITION_VALUE) : Optional.empty();
        if (shares.isEmpty() && value.isEmpty()) {
            return Optional.empty();
        }
        Optional<FreshAccount> account = freshAccount(input);
        if (account.isEmpty()) {
            return accountUnknown(input, "position");
        }
        long currentQty = account.get().figures().holdingQty()
                + input.exposure()
                        .unreportedBuys(
                                account.get().requestedAt(),
                                input.scope().account(),
                                input.requested().symbol())
                - input.replacedOrder().map(OpenExposure::remaining).orElse(0L);
        long resultingQty = currentQty + input.requested().openQty();
        if (shares.isPresent() && resultingQty > shares.get().units()) {
            return Optional.of(limited(
                            ErrorCode.POSITION_LIMIT_EXCEEDED,
                            RiskLimit.MAX_POSITION,
                            shares.get(),
                            "the account may hold "
                                    + Shares.of(shares.get().units()) + " of "
                                    + input.requested().symbol() + " and holds or has ordered " + currentQty)
                    .with("used", currentQty));
        }
        if (value.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = input.requested().maxPrice();
        if (price.isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "no price of " + input.requested().symbol()
                            + " is known, so the position's value cannot be checked (max_position_value of "
                            + value.get().layer() + "); retry");
        }
        return exceeds(resultingQty, price.getAsLong(), value.get().units())
                ? Optional.of(limited(
                                ErrorCode.POSITION_LIMIT_EXCEEDED,
                                AmountLimit.POSITION_VALUE.of(input.currency()).orElseThrow(),
                                value.get(),
                                "the position may be worth "
                                        + Amounts.text(
                                                input.currency(), value.get().units())
                                        + ", and the account holds or has ordered "
                                        + Shares.of(currentQty))
                        .with("used", currentQty)
                        .with("price", Amounts.figure(input.currency(), price.getAsLong())))
                : Optional.empty();
    }

    private static Optional<Refusal> cash(RiskInput input) {
        Optional<String> layer = input.isBuy() ? input.enablingLayer(RiskGuard.CHECK_CASH) : Optional.empty();
        if (layer.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong price = input.requested().maxPrice();
        if (price.isEmpty()) {
            return refuse(
                    ErrorCode.QUOTE_UNAVAILABLE,
                    "no price of " + input.requested().symbol()
                            + " is known, so the cash it needs cannot be checked; send a LIMIT order or retry");
        }
        long required = Exposure.cost(costs(input), input.requested().openQty(), price.getAsLong()) - costOf(input);
        if (required <= 0) {
            return Optional.empty(); // the order to modify reserves this cash already
        }
        if (input.requested().isCreditBuy()) {
            return creditPower(input, required, layer.get());
        }
        Optional<FreshAccount> account = freshAccount(input);
        OptionalLong available = account.isEmpty()
                ? OptionalLong.empty()
                : input.exposure()
                        .availableCash(
                                account.get().figures().cash(),
                                account.get().requestedAt(),
                                input.scope().account(),
                                input.currency());
        if (available.isEmpty()) {
            return accountUnknown(input, "cash");
        }
        long free = available.getAsLong();
        return required > free
                ? Optional.of(Refusal.of(
                                ErrorCode.INSUFFICIENT_CASH,
                                "it needs " + Amounts.text(input.currency(), required) + " and "
                                        + Amounts.number(input.currency(), OptionalLong.of(Math.max(0, free)))
                                        + " are free, after open orders; buy less or cancel an order")
                        .with("needed", Amounts.figure(input.currency(), required))
                        .with("free", Amounts.figure(input.currency(), Math.max(0, free)))
                        .with(
                                "used",
                                Amounts.figure(
                                        input.currency(),
                                        account.orElseThrow().figures().cash() - free))
                        .with("layer", layer.get()))
                : Optional.empty();
    }

    /** The broker knows the margin rate of the stock, so that its figure counts, less what it had not accepted when requested. */
    private static Optional<Refusal> creditPower(RiskInput input, long required, String layer) {
        OptionalLong known = creditAvailable(input.facts(), input.exposure());
        if (known.isEmpty()) {
            return accountUnknown(input, "buying power on credit");
        }
        long free = Math.max(0, known.getAsLong());
        long qty = input.facts().creditPower().orElseThrow().qty();
        long requiredQty = input.requested().openQty()
                - input.replacedOrder().map(OpenExposure::remaining).orElse(0L);
        return required > free || requiredQty > qty
                ? Optional.of(Refusal.of(
                                ErrorCode.INSUFFICIENT_CASH,
                                "it costs " + Amounts.text(input.currency(), required) + " and on credit "
                                        + Shares.of(qty) + " of it for "
                                        + Amounts.text(input.currency(), free)
                                        + " may be bought, after open orders; buy less or cancel an order")
                        .with("needed", Amounts.figure(input.currency(), required))
                        .with("free", Amounts.figure(input.currency(), free))
                        .with("qty", qty)
                        .with("layer", layer))
                : Optional.empty();
    }

    /** What a further buy on credit may cost; below zero when more is committed. Empty while it is unknown. */
    static OptionalLong creditAvailable(RiskFacts facts, Exposure exposure) {
        Optional<RiskFacts.CreditPower> power =
                facts.creditPower().filter(it -> isFresh(it.requestedAt(), facts.now()));
        if (power.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong committed = exposure.unreportedBuyingPower(
                power.get().requestedAt(),
                facts.scope().account(),
                facts.requested().symbol().market().currency());
        return committed.isPresent()
                ? OptionalLong.of(power.get().amount() - committed.getAsLong())
                : OptionalLong.empty();
    }

    private static Costs costs(RiskInput input) {
        return input.exposure().commissions().highest(input.currency());
    }

    /** What the order to modify reserves. */
    private static long costOf(RiskInput input) {
        return input.replacedOrder()
                .filter(replaced -> replaced.maxPrice().isPresent())
                .map(replaced -> Exposure.cost(
                        costs(input), replaced.remaining(), replaced.maxPrice().orElseThrow()))
                .orElse(0L);
    }

    private static Optional<Refusal> dailyLoss(RiskInput input) {
        Optional<Bound> bound = input.isBuy() ? input.strictest(RiskLimit.DAILY_LOSS) : Optional.empty();
        if (bound.isEmpty()) {
            return Optional.empty();
        }
        if (input.currency() != Currency.KRW) {
            return refuse(
                    ErrorCode.UNSUPPORTED_BY_SOURCE,
                    "daily_loss of " + bound.get().layer() + " cannot be checked for "
                            + input.requested().symbol() + ": KIS reports no change since the last close in "
                            + Amounts.name(input.currency()) + "; place no US order under this limit, or remove it");
        }
        OptionalLong result =
                freshAccount(input).map(t -> t.figures().dayResult()).orElseGet(OptionalLong::empty);
        if (result.isEmpty()) {
            return accountUnknown(input, "day's result");
        }
        return -result.getAsLong() >= bound.get().units()
                ? Optional.of(limited(
                                ErrorCode.DAILY_LOSS_LIMIT,
                                RiskLimit.DAILY_LOSS,
                                bound.get(),
                                "the account is worth " + -result.getAsLong()
                                        + " won less than at the last close; only sells are accepted")
                        .with("used", -result.getAsLong()))
                : Optional.empty();
    }

    // ---- rates ----

    private static Optional<Refusal> rate(RiskInput input) {
        for (Layer layer : input.layers()) {
            OptionalLong limit = layer.limits().get(RiskLimit.ORDERS_PER_SECOND);
            if (limit.isPresent()) {
                Instant now = input.facts().now();
                int used = input.exposure().ordersInLastSecond(input.scope(), layer.countScope(), now);
                if (used >= limit.getAsLong()) {
                    Instant free = input.exposure().rateFreesAt(input.scope(), layer.countScope(), now);
                    return Optional.of(limited(
                                    ErrorCode.ORDER_RATE_LIMIT,
                                    RiskLimit.ORDERS_PER_SECOND,
                                    new Bound(layer.name(), limit.getAsLong()),
                                    used + " orders were accepted in the last second, and " + limit.getAsLong()
                                            + " are allowed; resend it a moment later")
                            .with("used", used)
                            .retryAfter(Duration.ofMillis(
                                    Duration.between(now, free).toMillis() + 1)));
                }
            }
        }
        return Optional.empty();
    }

    // ---- forms ----

    private static Refusal limited(ErrorCode code, RiskLimit limit, Bound bound, String what) {
        return Refusal.of(code, what + " (" + limit.jsonName() + " of " + bound.layer() + ")")
                .with("limit", limit.figure(bound.units()))
                .with("limit_name", limit.jsonName())
                .with("layer", bound.layer());
    }

    private static boolean exceeds(long qty, long price, long limit) {
        try {
            return Math.multiplyExact(qty, price) > limit;
        } catch (ArithmeticException _) {
            return true; // more than fits a long exceed any limit
        }
    }

    private static Optional<Refusal> refuse(ErrorCode code, String message) {
        return Optional.of(Refusal.of(code, message));
    }
}
