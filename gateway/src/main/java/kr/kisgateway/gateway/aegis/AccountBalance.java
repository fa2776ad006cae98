package kr.kisgateway.gateway.aegis;

import java.time.InstantSource;
import java.util.List;
import java.util.function.ToLongFunction;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.aegis.T0424Answer;
import kr.kisgateway.api.order.Execution;
import kr.kisgateway.api.order.ExecutionPage;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.order.ExecutionRoutes;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.quote.Quote;
import kr.kisgateway.market.TradingCalendar;

/**
 * t0424: cash and holdings, requested from KIS by each call, and the fills of the day from the journal. Nothing of it is cached;
 * simultaneous calls share one request.
 */
record AccountBalance(Portfolio portfolio, ExecutionRoutes executions, TradingCalendar calendar, InstantSource clock)
        implements TrCall {
    private static final String ACCOUNT = "account";
    private static final int EXECUTIONS_MAX = 100;

    @Override
    public String name() {
        return "t0424";
    }

    @Override
    public Role role() {
        return Role.TRADE;
    }

    @Override
    public List<String> parameters() {
        return List.of(ACCOUNT);
    }

    @Override
    public T0424Answer answer(TrParameters parameters, Caller caller, AegisVersion version) {
        String account = parameters.required(ACCOUNT);
        caller.requireAccount(account);
        var view = portfolio.requestHoldings(account);
        // After the holdings: a fill in between is then in the executions, and not in the holdings alone.
        return switch (view.holdings()) {
            case Observation.Current<Holdings>(Holdings holdings, var _) ->
                new T0424Answer(AegisCode.OK.text(), AegisCode.OK.message(), data(account, caller, holdings, "KNOWN"));
            case Observation.Stale<Holdings>(Holdings holdings, var _, String reason) ->
                new T0424Answer(
                        AegisCode.DELAYED.text(),
                        "Delayed (지연): the balance is the last known one. " + reason,
                        data(account, caller, holdings, "STALE"));
            case Observation.Unknown<Holdings> _ ->
                throw new RefusedException(view.refusal().orElseThrow());
        };
    }

    private T0424Answer.Data data(String account, Caller caller, Holdings holdings, String state) {
        var positions = holdings.positions().stream()
                .filter(it -> caller.mayReadSymbol(it.symbol().code()))
                .toList();
        ExecutionPage fills = executions.ofDay(caller, account, calendar.tradingDay(clock.instant()), EXECUTIONS_MAX);
        return new T0424Answer.Data(
                account,
                holdings.cash().total(),
                holdings.cash().settled(),
                sum(positions, Holdings.Position::cost),
                sum(positions, Holdings.Position::value),
                sum(positions, Holdings.Position::pnl),
                state,
                holdings.requestedAt().toEpochMilli(),
                positions.stream().map(AccountBalance::holding).toList(),
                fills.executions().stream()
                        .filter(fill -> fill.currency().equals("KRW"))
                        .map(AccountBalance::fill)
                        .toList(),
                fills.nextCursor().isPresent());
    }

    private static long sum(List<Holdings.Position> positions, ToLongFunction<Holdings.Position> amount) {
        return positions.stream().mapToLong(amount).sum();
    }

    private static T0424Answer.Holding holding(Holdings.Position position) {
        return new T0424Answer.Holding(
                position.symbol().code(),
                position.name(),
                position.qty(),
                position.sellableQty(),
                position.avgPrice(),
                position.cost(),
                position.price(),
                position.value(),
                position.pnl(),
                Quote.percent(position.pnl(), position.cost()));
    }

    private static T0424Answer.Fill fill(Execution fill) {
        return new T0424Answer.Fill(
                fill.kisOrderNo(),
                fill.orderId(),
                fill.symbol(),
                fill.side().equals("SELL") ? "1" : "2",
                fill.qty(),
                fill.price(),
                fill.time());
    }
}
