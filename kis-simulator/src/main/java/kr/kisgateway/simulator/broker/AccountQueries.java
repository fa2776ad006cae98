package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.wire.print.Percent;

/**
 * The ledger's figures for account queries that the catalog shapes. All of them use the same cash, shares and orders as the
 * balance, so they agree with it. What the ledger does not book (bonds, futures, separate pension accounts, reserved orders,
 * other countries) is empty in every account.
 */
final class AccountQueries {
    /** The kinds of assets of CTRP6548R, in the order of its rows. */
    private static final int STOCKS = 0;

    private static final int US_STOCKS = 8;
    private static final int FOREIGN_CASH = 16;
    private static final int CASH = 17;
    private static final int TOTAL = 19;
    private static final int KINDS = 20;

    /** RGHT_TYPE_CD of a dividend, as KIS has it for overseas rights; that it is the same here is assumed. */
    private static final String DIVIDEND = "03";

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final Face face;
    private final Exchange exchange;
    private final KoreanLedger ledger;
    private final Balances balances;
    private final PeriodProfits profits;

    AccountQueries(Face face, Exchange exchange, KoreanLedger ledger, Balances balances) {
        this.face = face;
        this.exchange = exchange;
        this.ledger = ledger;
        this.balances = balances;
        this.profits = new PeriodProfits(exchange);
    }

    /**
     * The fields that the ledger fills; none for what it does not book.
     *
     * @param usAssetsLoader the account's US assets, computed only for queries that need them
     */
    KnownFields fields(CatalogRequest request, Account<UserOrder> account, Supplier<UsAssets> usAssetsLoader) {
        return switch (request.call().id()) {
            case "domestic_stock_inquire_psbl_rvsecncl", "domestic_stock_pension_inquire_daily_ccld" ->
                openOrders(request, account);
            case "domestic_stock_inquire_psbl_sell" -> sellableQuantity(request, account);
            case "domestic_stock_inquire_balance_rlz_pl" ->
                new Holdings(account, balances.rows(account), profits.realized(account, ledger.day()));
            case "domestic_stock_pension_inquire_balance" ->
                holdings(account, "output1").object("output2", Holdings.sums(account, balances.rows(account)));
            case "domestic_stock_pension_inquire_present_balance" -> {
                List<AnswerBodies.BalanceRow> rows = balances.rows(account);
                yield holdings(account, "output1").object("output2", Holdings.sums(account, rows));
            }
            case "domestic_stock_pension_inquire_deposit" ->
                new BlockRows()
                        .object(
                                "output",
                                Map.of(
                                        "dnca_tota", text(account.settled()),
                                        "nxdy_excc_amt", text(account.cashD1()),
                                        "nxdy_sttl_amt", text(account.dueTomorrow()),
                                        "nx2_day_sttl_amt", text(account.dueAfterTomorrow())));
            case "domestic_stock_inquire_account_balance" -> assets(account, usAssetsLoader.get());
            case "domestic_stock_intgr_margin" -> margin(account, usAssetsLoader.get());
            case "domestic_stock_inquire_period_profit" -> profits.profitByDay(request, account);
            case "domestic_stock_inquire_period_trade_profit" -> profits.profitByStock(request, account);
            case "domestic_stock_period_rights" -> dividends(request, account);
            case "domestic_stock_inquire_credit_psamount" ->
                buyingPower(
                        ledger.creditBuyingPower(
                                account,
                                request.param("PDNO"),
                                request.param("ORD_DVSN"),
                                request.param("CRDT_TYPE"),
                                price(request)),
                        account);
            case "domestic_stock_pension_inquire_psbl_order" ->
                buyingPower(
                        ledger.buyingPower(account, request.param("PDNO"), request.param("ORD_DVSN"), price(request)),
                        account);
            case "domestic_bond_inquire_psbl_order" -> bondBuyingPower(request, account);
            case "domestic_futureoption_inquire_balance",
                    "domestic_futureoption_inquire_balance_valuation_pl",
                    "domestic_futureoption_inquire_ngt_balance",
                    "domestic_futureoption_inquire_balance_settlement_pl" ->
                new BlockRows().list("output1", List.of()).object("output2", deposit(account));
            case "domestic_futureoption_inquire_deposit" -> new BlockRows().object("output", deposit(account));
            case "domestic_futureoption_ngt_margin_detail" -> new BlockRows().object("output3", deposit(account));
            default -> KnownFields.NONE;
        };
    }

    private static String text(long won) {
        return Long.toString(won);
    }

    /** CTRGA011R: rights by their record date. Those of the simulator are dividends, paid on that day. */
    private KnownFields dividends(CatalogRequest request, Account<UserOrder> account) {
        String from = request.param("INQR_STRT_DT");
        String to = request.param("INQR_END_DT");
        return new BlockRows()
                .list(
                        "output",
                        account.dividends().stream()
                                .filter(paid -> DAY.format(paid.recordDate()).compareTo(from) >= 0
                                        && DAY.format(paid.recordDate()).compareTo(to) <= 0)
                                .map(this::dividend)
                                .toList());
    }

    private Map<String, String> dividend(Change.Dividend paid) {
        String day = DAY.format(paid.recordDate());
        var row = new HashMap<String, String>();
        row.put("acno10", paid.account().digits());
        row.put("rght_type_cd", DIVIDEND);
        row.put("bass_dt", day);
        row.put("pdno", paid.symbol().code());
        row.put("shtn_pdno", paid.symbol().code());
        row.put("prdt_name", name(paid.symbol()));
        row.put("cblc_qty", text(paid.qty()));
        row.put("last_alct_amt", text(paid.amount()));
        row.put("tax_amt", text(paid.tax()));
        row.put("cash_dfrm_dt", day);
        return row;
    }

    // ---- orders and shares ---------------------------------------------------------------------------------------

    private OpenOrders openOrders(CatalogRequest request, Account<UserOrder> account) {
        String side = request.call().id().startsWith("domestic_stock_pension")
                ? request.param("SLL_BUY_DVSN_CD").replaceFirst("^0", "")
                : request.param("INQR_DVSN_2");
        List<UserOrder> orders = ledger.open(account).stream()
                .filter(order -> switch (side) {
                    case "1" -> order.side() == Side.SELL;
                    case "2" -> order.side() == Side.BUY;
                    default -> true;
                })
                .toList();
        List<String> names = orders.stream().map(order -> name(order.symbol)).toList();
        return new OpenOrders(face, orders, names);
    }

    private String name(Symbol symbol) {
        return exchange.find(symbol).map(stock -> stock.instrument().name()).orElse("");
    }

    private KnownFields sellableQuantity(CatalogRequest request, Account<UserOrder> account) {
        Optional<AnswerBodies.BalanceRow> balanceRows = balances.rows(account).stream()
                .filter(row ->
                        row.symbol().equals(request.param("PDNO")) && row.loan().isEmpty())
                .findFirst();
        Map<String, String> values = new HashMap<>(Map.of("pdno", request.param("PDNO")));
        Symbol.parse(request.param("PDNO")).ifPresent(symbol -> values.put("prdt_name", name(symbol)));
        balanceRows.ifPresent(row -> {
            values.putAll(Holdings.row(row));
            values.put("buy_qty", text(row.position().boughtToday()));
            values.put("sll_qty", text(row.position().soldToday()));
            values.put("cblc_qty", text(row.position().qty()));
            values.put("now_pric", text(row.price()));
        });
        return new BlockRows().object("output", values);
    }

    private BlockRows holdings(Account<UserOrder> account, String block) {
        return new BlockRows()
                .list(block, balances.rows(account).stream().map(Holdings::row).toList());
    }

    // ---- buying power ---------------------------------------------------------------------------------------------

    private static long price(CatalogRequest request) {
        String price = request.param("ORD_UNPR");
        return price.matches("[0-9]{1,12}") ? Long.parseLong(price) : 0;
    }

    private static KnownFields buyingPower(Optional<KoreanLedger.BuyingPower> found, Account<UserOrder> account) {
        return found.<KnownFields>map(power -> new BlockRows()
                        .object(
                                "output",
                                Map.of(
                                        "ord_psbl_cash", text(Math.max(0, account.spendable())),
                                        "psbl_qty_calc_unpr", text(power.unit()),
                                        "nrcvb_buy_amt", text(power.cash()),
                                        "nrcvb_buy_qty", text(power.qty()),
                                        "max_buy_amt", text(power.cash()),
                                        "max_buy_qty", text(power.qty()))))
                .orElse(KnownFields.NONE);
    }

    /** Quantities of bonds count in thousand won of face value, prices in won for ten thousand of it. */
    private static KnownFields bondBuyingPower(CatalogRequest request, Account<UserOrder> account) {
        long cash = Math.max(0, account.spendable());
        String price = request.param("BOND_ORD_UNPR");
        boolean priced = price.matches("[0-9]{1,9}(\\.[0-9]{1,4})?") && new BigDecimal(price).signum() > 0;
        return new BlockRows()
                .object(
                        "output",
                        Map.of(
                                "ord_psbl_cash",
                                text(cash),
                                "bond_ord_unpr2",
                                priced ? price : "0",
                                "buy_psbl_amt",
                                text(cash),
                                "buy_psbl_qty",
                                priced
                                        ? BigDecimal.valueOf(cash)
                                                .multiply(BigDecimal.TEN)
                                                .divide(new BigDecimal(price), 0, RoundingMode.DOWN)
                                                .toPlainString()
                                        : "0"));
    }

    /** The cash of an account for futures and options, which has no positions. */
    private static Map<String, String> deposit(Account<UserOrder> account) {
        Map<String, String> values = new HashMap<>();
        Stream.of(
                        "dnca_cash",
                        "tot_dncl_amt",
                        "nxdy_dnca",
                        "nxdy_dncl_amt",
                        "prsm_dpast",
                        "prsm_dpast_amt",
                        "dnca_tota",
                        "cash_mntn_amt")
                .forEach(name -> values.put(name, text(account.cash())));
        Stream.of(
                        "wdrw_psbl_tot_amt",
                        "wdrw_psbl_cash_amt",
                        "ord_psbl_cash",
                        "ord_psbl_cash_amt",
                        "ord_psbl_tota",
                        "ord_psbl_tot_amt",
                        "pprt_ord_psbl_cash")
                .forEach(name -> values.put(name, text(Math.max(0, account.spendable()))));
        return values;
    }

    /** intgr-margin: shares are paid in full, so the amount at any margin rate is the cash. [assumed] */
    private static KnownFields margin(Account<UserOrder> account, UsAssets usAssets) {
        String spendable = text(Math.max(0, account.spendable()));
        Map<String, String> values = new HashMap<>();
        values.put("stck_cash_objt_amt", text(account.cash()));
        values.put("stck_cash_use_amt", text(account.reserved()));
        values.put("stck_cash_ord_psbl_amt", spendable);
        for (String rate : List.of("20", "30", "40", "50", "60", "100")) {
            values.put("stck_cash" + rate + "_max_ord_psbl_amt", spendable);
            values.put("stck_itgr_cash" + rate + "_ord_psbl_amt", spendable);
        }
        values.put("stck_rsip100_max_ord_psbl_amt", spendable);
        values.put("stck_itgr_100_ord_psbl_amt", spendable);
        values.put("bond_max_ord_psbl_amt", spendable);
        values.put("bond_itgr_ord_psbl_amt", spendable);
        values.put("acmga_rt", "100");
        values.put("usd_objt_amt", UsFrames.price(usAssets.cash()));
        values.put("usd_use_amt", UsFrames.price(usAssets.reserved()));
        values.put("usd_ord_psbl_amt", UsFrames.price(usAssets.spendable()));
        values.put("usd_gnrl_ord_psbl_amt", UsFrames.price(usAssets.spendable()));
        values.put("usd_itgr_ord_psbl_amt", UsFrames.price(usAssets.spendable()));
        values.put("usd_frst_bltn_exrt", usAssets.wonPerDollar().toPlainString());
        return new BlockRows().object("output", values);
    }

    // ---- all assets of an account ---------------------------------------------------------------------------------

    private KnownFields assets(Account<UserOrder> account, UsAssets usAssets) {
        List<AnswerBodies.BalanceRow> balanceRows = balances.rows(account);
        long value =
                balanceRows.stream().mapToLong(AnswerBodies.BalanceRow::value).sum();
        long cost = balanceRows.stream().mapToLong(row -> row.position().cost()).sum();
        // Each sum is cut to the won by itself; the cash absorbs the difference, so that the parts add up to the total.
        long foreignCash = usAssets.assetsInWon() - usAssets.valueInWon();
        long total = value + account.cash() - account.lent() + usAssets.assetsInWon();
        Map<Integer, Map<String, String>> kinds = Map.of(
                STOCKS, kind(cost, value, total),
                US_STOCKS, kind(usAssets.costInWon(), usAssets.valueInWon(), total),
                FOREIGN_CASH, kind(foreignCash, foreignCash, total),
                CASH, kind(account.cash(), account.cash(), total),
                TOTAL, kind(cost + usAssets.costInWon() + foreignCash + account.cash(), total, total));
        Map<String, String> sums = new HashMap<>();
        sums.put("pchs_amt_smtl", text(cost + usAssets.costInWon()));
        sums.put("evlu_amt_smtl", text(value + usAssets.valueInWon()));
        sums.put("evlu_pfls_amt_smtl", text(value + usAssets.valueInWon() - cost - usAssets.costInWon()));
        sums.put("nass_tot_amt", text(total));
        sums.put("tot_asst_amt", text(total));
        sums.put("dncl_amt", text(account.settled()));
        sums.put("tot_dncl_amt", text(account.cash()));
        sums.put("frcr_evlu_tota", text(foreignCash));
        sums.put("ovrs_stck_evlu_amt1", text(usAssets.valueInWon()));
        return new BlockRows()
                .list(
                        "output1",
                        Stream.iterate(0, i -> i < KINDS, i -> i + 1)
                                .map(i -> kinds.getOrDefault(i, Map.of()))
                                .toList())
                .object("output2", sums);
    }

    private static Map<String, String> kind(long cost, long value, long total) {
        return Map.of(
                "pchs_amt", text(cost),
                "evlu_amt", text(value),
                "evlu_pfls_amt", text(value - cost),
                "real_nass_amt", text(value),
                "whol_weit_rt", Percent.of(value, total));
    }
}
