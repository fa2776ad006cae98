package kr.kisgateway.gateway.profit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.portfolio.ProfitAndLoss;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.SymbolRefusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.profit.ProfitLedger.Grouping;
import kr.kisgateway.gateway.profit.ProfitLedger.RowKey;
import kr.kisgateway.gateway.profit.ProfitLedger.Sums;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;

/**
 * {@code GET /v1/pnl}: profit and loss of an account. The fills of the journal are read from its beginning, because a sale is
 * matched with the purchases before it; only those of the period are counted. Commission and tax of each fill are estimated.
 */
public final class ProfitRoutes {
    private static final int PRICE_DECIMALS = 4;

    private final OrderDesk desk;
    private final PerMarket<Portfolio> portfolios;
    private final RealisedProfit realised;
    private final Set<String> accounts;

    /** A reason for which the result is not complete. */
    private enum Missing {
        UNCOVERED_SALES,
        POSITION_DIFFERS,
        TAX_UNKNOWN,
        HOLDINGS_UNKNOWN
    }

    /**
     * @param selected the fills of all days up to {@code to}
     * @param isWhole whether these are all fills of the account, so that they must add up to its holdings
     */
    private record Request(
            String account,
            Optional<LocalDate> from,
            Optional<LocalDate> to,
            LotMethod method,
            Grouping grouping,
            OrderStore.FillFilter selected,
            boolean isWhole) {}

    /** What KIS holds of the instruments of one account; empty for a market that did not answer. */
    private record BrokerHoldings(Map<Market, Map<MarketSymbol, List<Holdings.Position>>> byMarket) {
        /** Its shares paid in cash, and those of each loan. */
        List<Holdings.Position> positions(MarketSymbol symbol) {
            return byMarket.getOrDefault(symbol.market(), Map.of()).getOrDefault(symbol, List.of());
        }

        /** Shares of {@code symbol}; empty when KIS did not answer. */
        OptionalLong qty(MarketSymbol symbol) {
            return byMarket.containsKey(symbol.market())
                    ? OptionalLong.of(positions(symbol).stream()
                            .mapToLong(Holdings.Position::qty)
                            .sum())
                    : OptionalLong.empty();
        }
    }

    /**
     * @param realised reads the fills
     * @param accounts aliases of the accounts
     */
    public ProfitRoutes(
            OrderDesk desk, PerMarket<Portfolio> portfolios, RealisedProfit realised, Set<String> accounts) {
        this.accounts = Set.copyOf(accounts);
        this.desk = desk;
        this.portfolios = portfolios;
        this.realised = realised;
    }

    /** Adds the call. */
    public void addTo(RouteTable routes) {
        routes.get(
                Role.TRADE,
                "/v1/pnl",
                List.of("account_id", "from", "to", "symbol", "strategy_id", "method", "group_by"),
                this::answer);
    }

    private void answer(Call call) {
        var request = request(call);
        call.answerPage(() -> report(request));
    }

    private Request request(Call call) {
        String account = call.requiredQuery("account_id");
        call.caller().requireAccount(account);
        if (!accounts.contains(account)) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.ACCOUNT_NOT_FOUND, "There is no account \"" + account + "\"."));
        }
        Optional<String> symbol =
                call.query("symbol").map(text -> SymbolRefusal.require(text).code());
        symbol.ifPresent(call.caller()::requireSymbol);
        Optional<LocalDate> from = call.query("from").map(text -> OrderRoutes.date("from", text));
        Optional<LocalDate> to = call.query("to").map(text -> OrderRoutes.date("to", text));
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw Call.invalid("from", "must not be after to");
        }
        Optional<Set<String>> symbols =
                symbol.map(Set::of).or(() -> call.caller().symbols());
        Optional<String> strategy = call.query("strategy_id");
        Optional<String> principal =
                call.caller().ownOrdersOnly() ? Optional.of(call.caller().name()) : Optional.empty();
        return new Request(
                account,
                from,
                to,
                word(call, "method", LotMethod.class, LotMethod.FIFO),
                word(call, "group_by", Grouping.class, Grouping.DAY),
                new OrderStore.FillFilter(
                        new OrderStore.Filter(
                                Optional.of(Set.of(account)),
                                Optional.empty(),
                                symbols,
                                strategy,
                                Optional.empty(),
                                principal),
                        Optional.empty(),
                        to,
                        Optional.empty(),
                        Optional.empty()),
                strategy.isEmpty() && principal.isEmpty());
    }

    private static <E extends Enum<E>> E word(Call call, String name, Class<E> type, E usual) {
        Optional<String> text = call.query(name);
        return text.isEmpty()
                ? usual
                : Stream.of(type.getEnumConstants())
                        .filter(it -> it.name().equals(text.get().toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> Call.notOneOf(
                                name,
                                text.get(),
                                Stream.of(type.getEnumConstants())
                                        .map(Enum::name)
                                        .toList()));
    }

    private ProfitAndLoss report(Request request) {
        var ledger = realised.ledger(request.method(), request.grouping(), request.from(), request.selected());
        var missing = new TreeSet<Missing>();
        Map<Currency, Sums> totals = new TreeMap<>();
        ledger.rows().forEach((key, sums) -> totals.merge(key.currency(), sums, Sums::plus));
        totals.values().forEach(sums -> {
            if (sums.uncoveredQty() > 0) {
                missing.add(Missing.UNCOVERED_SALES);
            }
            if (!sums.hasTax()) {
                missing.add(Missing.TAX_UNKNOWN);
            }
        });
        Optional<List<ProfitAndLoss.Unrealised>> unrealised =
                isUntilToday(request) ? Optional.of(unrealised(request, ledger, missing)) : Optional.empty();
        return new ProfitAndLoss(
                request.account(),
                request.from(),
                request.to(),
                request.method().name(),
                request.grouping().name(),
                ledger.firstDay(),
                missing.isEmpty(),
                missing.stream().map(Missing::name).toList(),
                totals.entrySet().stream()
                        .map(it -> realised(
                                it.getKey(), it.getValue(), Optional.empty(), Optional.empty(), Optional.empty()))
                        .toList(),
                ledger.rows().entrySet().stream()
                        .map(it -> row(request.grouping(), it.getKey(), it.getValue()))
                        .toList(),
                unrealised);
    }

    private boolean isUntilToday(Request request) {
        return request.to().isEmpty()
                || portfolios.markets().stream()
                        .noneMatch(market ->
                                request.to().get().isBefore(desk.today(market).date()));
    }

    private static ProfitAndLoss.Realised row(Grouping grouping, RowKey key, Sums sums) {
        Optional<String> name = Optional.of(key.name()).filter(it -> !it.isEmpty());
        return realised(
                key.currency(),
                sums,
                name.filter(_ -> grouping == Grouping.DAY).map(LocalDate::parse),
                name.filter(_ -> grouping == Grouping.SYMBOL),
                name.filter(_ -> grouping == Grouping.STRATEGY));
    }

    private static ProfitAndLoss.Realised realised(
            Currency currency, Sums sums, Optional<LocalDate> day, Optional<String> symbol, Optional<String> strategy) {
        return new ProfitAndLoss.Realised(
                currency.name(),
                day,
                symbol,
                strategy,
                sums.boughtQty(),
                ApiValues.amount(currency, sums.boughtAmount()),
                sums.soldQty(),
                ApiValues.amount(currency, sums.soldAmount()),
                ApiValues.amount(currency, sums.cost()),
                ApiValues.amount(currency, sums.gross()),
                ApiValues.amount(currency, sums.commission()),
                sums.hasTax() ? Optional.of(ApiValues.amount(currency, sums.tax())) : Optional.empty(),
                ApiValues.amount(currency, sums.net()),
                sums.uncoveredQty(),
                ApiValues.amount(currency, sums.uncoveredAmount()));
    }

    // ---- what is held ----

    private List<ProfitAndLoss.Unrealised> unrealised(Request request, ProfitLedger ledger, Set<Missing> missing) {
        Map<MarketSymbol, Lots.Lot> held = ledger.held();
        // Also where the fills leave none: what KIS holds then was bought before them, and sold first.
        Set<MarketSymbol> compared = request.isWhole() ? ledger.traded() : held.keySet();
        var holdings = holdings(request.account(), compared.stream().map(MarketSymbol::market));
        List<ProfitAndLoss.Unrealised> rows = new ArrayList<>();
        for (MarketSymbol symbol : compared.stream()
                .sorted(Comparator.comparing(MarketSymbol::code))
                .toList()) {
            Lots.Lot lot = held.getOrDefault(symbol, Lots.Lot.NONE);
            OptionalLong brokerQty = holdings.qty(symbol);
            if (brokerQty.isEmpty()) {
                missing.add(Missing.HOLDINGS_UNKNOWN);
            } else if (request.isWhole() && brokerQty.getAsLong() != lot.qty()) {
                missing.add(Missing.POSITION_DIFFERS);
            }
            if (lot.qty() > 0) {
                rows.add(unrealised(
                        symbol,
                        lot,
                        holdings.positions(symbol).stream().findFirst().map(Holdings.Position::price),
                        brokerQty));
            }
        }
        return rows;
    }

    private static ProfitAndLoss.Unrealised unrealised(
            MarketSymbol symbol, Lots.Lot lot, Optional<Long> price, OptionalLong brokerQty) {
        Currency currency = symbol.market().currency();
        Optional<Long> value = price.map(it -> Math.multiplyExact(it, lot.qty()));
        return new ProfitAndLoss.Unrealised(
                symbol.code(),
                currency.name(),
                lot.qty(),
                ApiValues.amount(currency, lot.cost()),
                BigDecimal.valueOf(lot.cost(), currency.decimals())
                        .divide(BigDecimal.valueOf(lot.qty()), PRICE_DECIMALS, RoundingMode.HALF_UP)
                        .stripTrailingZeros(),
                price.map(it -> ApiValues.amount(currency, it)),
                value.map(it -> ApiValues.amount(currency, it)),
                value.map(it -> ApiValues.amount(currency, it - lot.cost())),
                brokerQty);
    }

    private BrokerHoldings holdings(String account, Stream<Market> markets) {
        Map<Market, Map<MarketSymbol, List<Holdings.Position>>> byMarket = new HashMap<>();
        markets.distinct().forEach(market -> {
            var view = portfolios.of(market).currentHoldings(account).holdings();
            if (view instanceof Observation.Current<Holdings>(Holdings holdings, var _)) {
                byMarket.put(
                        market,
                        holdings.positions().stream().collect(Collectors.groupingBy(Holdings.Position::symbol)));
            }
        });
        return new BrokerHoldings(byMarket);
    }
}
