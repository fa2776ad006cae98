package kr.kisgateway.simulator.broker;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.wire.print.Percent;

/** Profits of an account's trades by day and by stock: a sale's amount less its costs and the cost basis of its shares. */
final class PeriodProfits {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final Exchange exchange;
    private final Costs costs = Costs.usual();

    PeriodProfits(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * A realized profit.
     *
     * @param profit in won, net of costs
     * @param basis the cost basis of the sold shares in won
     */
    record Realized(long profit, long basis) {
        String percent() {
            return Percent.of(profit, basis);
        }
    }

    Realized realized(Account<UserOrder> account, LocalDate day) {
        List<Trade> sales = trades(account, trade -> trade.order.day().equals(day) && trade.isSale());
        return new Realized(sum(sales, Trade::profit), sum(sales, trade -> trade.order.basis()));
    }

    /** The trades of an order with their costs. */
    private record Trade(UserOrder order, String name, long fee, long tax) {
        boolean isSale() {
            return order.side() == Side.SELL;
        }

        long profit() {
            return isSale() ? order.filledAmount() - order.basis() - fee - tax : 0;
        }
    }

    private List<Trade> trades(Account<UserOrder> account, Predicate<Trade> which) {
        List<Trade> trades = new ArrayList<>();
        for (UserOrder order : account.orders()) {
            if (order.filledQty() > 0) {
                exchange.find(order.symbol)
                        .map(stock -> new Trade(
                                order,
                                stock.instrument().name(),
                                costs.commission(order.filledAmount()),
                                order.side() == Side.SELL
                                        ? costs.sellTax(
                                                stock.instrument().board(),
                                                stock.instrument().product(),
                                                order.filledAmount(),
                                                order.day())
                                        : 0))
                        .filter(which)
                        .ifPresent(trades::add);
            }
        }
        return trades;
    }

    private List<Trade> requestedTrades(CatalogRequest request, Account<UserOrder> account) {
        Optional<LocalDate> from = DailyOrders.Query.day(request.param("INQR_STRT_DT"));
        Optional<LocalDate> to = DailyOrders.Query.day(request.param("INQR_END_DT"));
        Optional<Symbol> symbol = Symbol.parse(request.param("PDNO"));
        return trades(
                account,
                trade -> from.filter(trade.order.day()::isBefore).isEmpty()
                        && to.filter(trade.order.day()::isAfter).isEmpty()
                        && symbol.filter(requested -> !requested.equals(trade.order.symbol))
                                .isEmpty());
    }

    /** TTTC8708R: a row a day. */
    KnownFields profitByDay(CatalogRequest request, Account<UserOrder> account) {
        List<Trade> trades = requestedTrades(request, account);
        List<Map<String, String>> rows = grouped(request, trades, trade -> trade.order.day()).stream()
                .map(day -> {
                    Map<String, String> row = row(day);
                    row.put("buy_qty1", row.getOrDefault("buy_qty", ""));
                    row.put("sll_qty1", row.getOrDefault("sll_qty", ""));
                    return row;
                })
                .toList();
        Map<String, String> sums = sums(trades);
        sums.put("buy_qty_smtl", sums.getOrDefault("buyqty_smtl", ""));
        return new BlockRows().list("output1", rows).object("output2", sums);
    }

    private record DayAndStock(LocalDate day, Symbol symbol) {}

    /** TTTC8715R: a row for each stock that was traded on a day. */
    KnownFields profitByStock(CatalogRequest request, Account<UserOrder> account) {
        List<Trade> trades = requestedTrades(request, account);
        List<Map<String, String>> rows =
                grouped(request, trades, trade -> new DayAndStock(trade.order.day(), trade.order.symbol)).stream()
                        .map(group -> {
                            UserOrder any = group.getFirst().order;
                            Map<String, String> row = row(group);
                            List<Trade> sales = sales(group);
                            long sold = sum(sales, trade -> trade.order.filledQty());
                            row.put("pdno", any.symbol.code());
                            row.put("prdt_name", group.getFirst().name);
                            row.put("trad_dvsn_name", "현금");
                            row.put("loan_dt", "");
                            row.put(
                                    "hldg_qty",
                                    Optional.ofNullable(account.positions().get(any.symbol))
                                            .map(position -> Long.toString(position.qty()))
                                            .orElse("0"));
                            row.put(
                                    "pchs_unpr",
                                    AnswerBodies.decimal(sum(sales, trade -> trade.order.basis()), sold, 4));
                            row.put(
                                    "sll_pric",
                                    AnswerBodies.decimal(sum(sales, trade -> trade.order.filledAmount()), sold, 4));
                            return row;
                        })
                        .toList();
        Map<String, String> sums = sums(trades);
        List<Trade> sales = sales(trades);
        sums.put("tot_pftrt", Percent.of(sum(sales, Trade::profit), sum(sales, trade -> trade.order.basis())));
        return new BlockRows().list("output1", rows).object("output2", sums);
    }

    /** Newest first, unless SORT_DVSN requests the oldest first. */
    private static <K> List<List<Trade>> grouped(CatalogRequest request, List<Trade> trades, Function<Trade, K> by) {
        Comparator<List<Trade>> byDay =
                Comparator.comparing(group -> group.getFirst().order.day());
        boolean oldestFirst = request.param("SORT_DVSN").equals("01");
        return trades.stream().collect(Collectors.groupingBy(by)).values().stream()
                .sorted((oldestFirst ? byDay : byDay.reversed()).thenComparing(group -> group.getFirst().order.symbol))
                .toList();
    }

    private static Map<String, String> row(List<Trade> trades) {
        List<Trade> sales = sales(trades);
        List<Trade> buys = buys(trades);
        long profit = sum(sales, Trade::profit);
        Map<String, String> row = new HashMap<>();
        row.put("trad_dt", DAY.format(trades.getFirst().order.day()));
        row.put("buy_qty", text(sum(buys, trade -> trade.order.filledQty())));
        row.put("buy_amt", text(sum(buys, trade -> trade.order.filledAmount())));
        row.put("sll_qty", text(sum(sales, trade -> trade.order.filledQty())));
        row.put("sll_amt", text(sum(sales, trade -> trade.order.filledAmount())));
        row.put("rlzt_pfls", text(profit));
        row.put("pfls_rt", Percent.of(profit, sum(sales, trade -> trade.order.basis())));
        row.put("fee", text(sum(trades, Trade::fee)));
        row.put("tl_tax", text(sum(trades, Trade::tax)));
        row.put("loan_int", "0");
        return row;
    }

    private static Map<String, String> sums(List<Trade> trades) {
        List<Trade> sales = sales(trades);
        List<Trade> buys = buys(trades);
        long sold = sum(sales, trade -> trade.order.filledAmount());
        long bought = sum(buys, trade -> trade.order.filledAmount());
        long received = sold - sum(sales, Trade::fee) - sum(sales, Trade::tax);
        long paid = bought + sum(buys, Trade::fee);
        Map<String, String> sums = new HashMap<>();
        sums.put("sll_qty_smtl", text(sum(sales, trade -> trade.order.filledQty())));
        sums.put("sll_tr_amt_smtl", text(sold));
        sums.put("sll_fee_smtl", text(sum(sales, Trade::fee)));
        sums.put("sll_tltx_smtl", text(sum(sales, Trade::tax)));
        sums.put("sll_excc_amt_smtl", text(received));
        sums.put("buyqty_smtl", text(sum(buys, trade -> trade.order.filledQty())));
        sums.put("buy_tr_amt_smtl", text(bought));
        sums.put("buy_fee_smtl", text(sum(buys, Trade::fee)));
        sums.put("buy_tax_smtl", "0");
        sums.put("buy_excc_amt_smtl", text(paid));
        sums.put("tot_qty", text(sum(trades, trade -> trade.order.filledQty())));
        sums.put("tot_tr_amt", text(sold + bought));
        sums.put("tot_fee", text(sum(trades, Trade::fee)));
        sums.put("tot_tltx", text(sum(trades, Trade::tax)));
        sums.put("tot_excc_amt", text(received - paid));
        sums.put("tot_rlzt_pfls", text(sum(sales, Trade::profit)));
        sums.put("loan_int", "0");
        return sums;
    }

    private static List<Trade> sales(List<Trade> trades) {
        return trades.stream().filter(Trade::isSale).toList();
    }

    private static List<Trade> buys(List<Trade> trades) {
        return trades.stream().filter(trade -> !trade.isSale()).toList();
    }

    private static long sum(List<Trade> trades, ToLongFunction<Trade> what) {
        return trades.stream().mapToLong(what).sum();
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
