package kr.kisgateway.gateway.portfolio;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.portfolio.Balance;
import kr.kisgateway.api.portfolio.Position;
import kr.kisgateway.api.portfolio.PositionLoan;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.PerMarket;

/**
 * {@code /v1/balances} and {@code /v1/positions}. While KIS fails the last answer is returned as {@code STALE} with its age,
 * also in the header {@code X-Data-State}, since an empty list has no other place for it; without one the call is refused.
 */
public final class PortfolioRoutes {
    private static final String ALL = "all";
    private static final String KNOWN = "KNOWN";
    private static final String STALE = "STALE";

    private final PerMarket<Portfolio> portfolios;
    private final AvailableCash availableCash;
    private final PerMarket<MarketCalendar> calendars;
    private final InstantSource clock;

    /** @param calendars of the markets, for the days of settlement */
    public PortfolioRoutes(
            PerMarket<Portfolio> portfolios,
            AvailableCash availableCash,
            PerMarket<MarketCalendar> calendars,
            InstantSource clock) {
        this.calendars = calendars;
        this.availableCash = availableCash;
        this.portfolios = portfolios;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.TRADE, "/v1/balances", List.of("account_id", "market"), this::balances);
        table.get(Role.TRADE, "/v1/positions", List.of("account_id", "market"), this::positions);
    }

    private record HoldingsResult(Holdings holdings, String state, long ageMillis) {
        Currency currency() {
            return holdings.market().currency();
        }

        BigDecimal amount(long units) {
            return ApiValues.amount(currency(), units);
        }

        Optional<BigDecimal> amount(OptionalLong units) {
            return units.isPresent() ? Optional.of(amount(units.getAsLong())) : Optional.empty();
        }
    }

    private void balances(Call call) {
        var account = call.requiredQuery("account_id");
        call.answer(loadHoldings(call, account).stream()
                .map(result -> balance(account, result))
                .toList());
    }

    private Balance balance(String account, HoldingsResult result) {
        var cash = result.holdings().cash();
        var calendar = calendars.of(result.holdings().market());
        var today = calendar.tradingDay(result.holdings().requestedAt());
        return new Balance(
                account,
                result.currency().name(),
                result.amount(availableCash.of(account, result.holdings())),
                result.amount(cash.deposit()),
                result.amount(cash.nextDay()),
                result.amount(cash.settled()),
                calendar.tradingDayAfter(today, 1),
                calendar.settlementDay(today),
                result.amount(cash.total()),
                result.amount(cash.changeToday()),
                result.holdings().requestedAt().toEpochMilli(),
                result.state(),
                result.ageMillis());
    }

    private void positions(Call call) {
        var account = call.requiredQuery("account_id");
        call.answer(loadHoldings(call, account).stream()
                .flatMap(result -> result.holdings().positions().stream()
                        .filter(position ->
                                call.caller().mayReadSymbol(position.symbol().code()))
                        .map(position -> answer(position, account, result)))
                .toList());
    }

    /** Korea alone unless the call names another market: each market is a call to KIS, and some accounts have no other. */
    private List<Market> markets(Call call) {
        var known = List.copyOf(portfolios.markets());
        var ids = Stream.concat(known.stream().map(Market::id), Stream.of(ALL)).toList();
        String asked = call.query("market").orElse(Market.KOREA.id());
        if (!ids.contains(asked)) {
            throw Call.notOneOf("market", asked, ids);
        }
        return known.stream()
                .filter(market -> asked.equals(ALL) || market.id().equals(asked))
                .toList();
    }

    private static Position answer(Holdings.Position position, String account, HoldingsResult result) {
        return new Position(
                account,
                position.symbol().code(),
                position.name(),
                position.qty(),
                position.sellableQty(),
                position.avgPrice(),
                result.amount(position.cost()),
                result.amount(position.price()),
                result.amount(position.value()),
                result.amount(position.pnl()),
                result.currency().name(),
                position.loan()
                        .map(loan -> new PositionLoan(
                                loan.date(),
                                result.amount(loan.amount()),
                                loan.repaidBy().stream()
                                        .sorted()
                                        .map(Enum::name)
                                        .toList())),
                result.holdings().requestedAt().toEpochMilli(),
                result.state(),
                result.ageMillis());
    }

    /** The holdings in the markets of the call. */
    private List<HoldingsResult> loadHoldings(Call call, String account) {
        call.caller().requireAccount(account);
        var results = markets(call).stream()
                .map(market -> loadHoldings(account, market))
                .toList();
        call.answerHeader(
                "X-Data-State",
                results.stream().anyMatch(result -> result.state().equals(STALE)) ? STALE : KNOWN);
        return results;
    }

    private HoldingsResult loadHoldings(String account, Market market) {
        var view = portfolios.of(market).currentHoldings(account);
        return switch (view.holdings()) {
            case Observation.Current<Holdings>(Holdings holdings, Instant requestedAt) ->
                new HoldingsResult(holdings, KNOWN, age(requestedAt));
            case Observation.Stale<Holdings>(Holdings holdings, Instant requestedAt, String _) ->
                new HoldingsResult(holdings, STALE, age(requestedAt));
            case Observation.Unknown<Holdings> _ ->
                throw new RefusedException(view.refusal().orElseThrow());
        };
    }

    private long age(Instant requestedAt) {
        return Math.max(0, Duration.between(requestedAt, clock.instant()).toMillis());
    }
}
