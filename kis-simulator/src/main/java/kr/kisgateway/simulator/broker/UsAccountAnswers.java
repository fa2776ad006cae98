package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.us.UsLedger;
import kr.kisgateway.simulator.us.UsMarket;
import kr.kisgateway.simulator.us.UsOrder;
import kr.kisgateway.simulator.us.UsRules;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.wire.print.Percent;

/**
 * The US ledger of an account in the columns of KIS's answers. Amounts in dollars have four decimals, amounts in won none.
 */
final class UsAccountAnswers {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final int LONGEST_HOLIDAY = 15;

    private final UsMarket market;
    private final UsLedger ledger;
    private final UsRules rules;
    private final Faults faults;
    private final Face face;

    UsAccountAnswers(UsMarket market, UsLedger ledger, UsRules rules, Faults faults, Face face) {
        this.market = market;
        this.ledger = ledger;
        this.rules = rules;
        this.faults = faults;
        this.face = face;
    }

    // ---- orders --------------------------------------------------------------------------------------------------

    /** inquire-nccs: open orders. */
    KnownFields openOrders(CatalogRequest request, Account<UsOrder> account, Instant now) {
        List<Map<String, String>> rows = orders(request, account, now).stream()
                .filter(order -> order.remaining() > 0)
                .filter(of(exchange(request)))
                .map(this::row)
                .toList();
        return new BlockRows().list("output", rows);
    }

    /** inquire-ccnl: orders of New York's days with their state. */
    KnownFields orders(CatalogRequest request, Account<UsOrder> account, LocalDate from, LocalDate to, Instant now) {
        String code = request.param("PDNO");
        String side = request.param("SLL_BUY_DVSN");
        String filled = request.param("CCLD_NCCS_DVSN");
        List<Map<String, String>> rows = orders(request, account, now).stream()
                .filter(order -> {
                    LocalDate date = order.acceptedAt().toLocalDate();
                    return !date.isBefore(from) && !date.isAfter(to);
                })
                .filter(order -> code.isEmpty()
                        || code.equals("%")
                        || order.symbol().ticker().equals(code))
                .filter(order -> !side.equals("01") || order.side() == Side.SELL)
                .filter(order -> !side.equals("02") || order.side() == Side.BUY)
                .filter(order -> !filled.equals("01") || order.filledQty() > 0)
                .filter(order -> !filled.equals("02") || order.remaining() > 0)
                .filter(of(exchange(request)))
                .map(this::row)
                .toList();
        return new BlockRows().list("output", rows);
    }

    /** Orders in the requested order: DS, newest first [assumed], or the other way round. */
    private List<UsOrder> orders(CatalogRequest request, Account<UsOrder> account, Instant now) {
        boolean oldestFirst = face == Face.LIVE && request.param("SORT_SQN").equals("AS");
        List<UsOrder> visible =
                account.orders().stream().filter(order -> !isHidden(order, now)).toList();
        return oldestFirst ? visible : visible.reversed();
    }

    /** Whether the list does not show the order yet: real lists show a new order with a delay. */
    private boolean isHidden(UsOrder order, Instant now) {
        long seconds = faults.hiddenSeconds(UsBroker.target(order), order.odno());
        return order.acceptedAtMillis() > now.minusSeconds(seconds).toEpochMilli();
    }

    /** The exchange of a request. In lists NASD is all of the USA, as are blank and %. */
    private static Optional<UsExchange> exchange(CatalogRequest request) {
        return UsKeys.ofOrders(request.param("OVRS_EXCG_CD")).filter(it -> it != UsExchange.NASD);
    }

    private static Predicate<UsOrder> of(Optional<UsExchange> exchange) {
        return order -> exchange.isEmpty() || order.symbol().exchange() == exchange.get();
    }

    private Map<String, String> row(UsOrder order) {
        Map<String, String> row = new HashMap<>();
        row.put("ord_dt", DAY.format(order.acceptedAt()));
        row.put("dmst_ord_dt", DAY.format(order.day()));
        row.put("ord_gno_brno", face.orgNo());
        row.put("odno", number(order.odno()));
        row.put("orgn_odno", order.originalOdno() == 0 ? "" : number(order.originalOdno()));
        row.put("sll_buy_dvsn_cd", order.side() == Side.SELL ? "01" : "02");
        row.put("sll_buy_dvsn_cd_name", sideName(order));
        row.put("rvse_cncl_dvsn", request(order));
        row.put("rvse_cncl_dvsn_cd", request(order));
        row.put("rvse_cncl_dvsn_name", requestName(order));
        row.put("rvse_cncl_dvsn_cd_name", requestName(order));
        row.put("pdno", order.symbol().ticker());
        row.put("prdt_name", name(order.symbol()));
        row.put("ft_ord_qty", Long.toString(order.qty()));
        row.put("ft_ord_unpr3", dollars(order.price()));
        row.put("ft_ccld_qty", Long.toString(order.filledQty()));
        row.put("ft_ccld_unpr3", averagePrice(order.filledAmount(), order.filledQty()));
        row.put("ft_ccld_amt3", dollars(order.filledAmount()));
        row.put("nccs_qty", Long.toString(order.remaining()));
        row.put("prcs_stat_name", state(order));
        row.put("rjct_rson", order.rejectedQty() > 0 ? "99" : "");
        row.put("rjct_rson_name", order.rejectedQty() > 0 ? "거래소거부" : "");
        row.put("ord_tmd", TIME.format(order.acceptedAt()));
        row.put("thco_ord_tmd", Frames.padded(order.time(), 6));
        row.put("tr_mket_name", UsKeys.koreanName(order.symbol().exchange()));
        row.put("tr_crcy_cd", "USD");
        row.put("tr_natn", "840");
        row.put("natn_cd", "840");
        row.put("tr_natn_name", "미국");
        row.put("natn_kor_name", "미국");
        row.put("ovrs_excg_cd", order.symbol().exchange().name());
        row.put("loan_type_cd", "");
        row.put("loan_dt", "");
        row.put("mdia_dvsn_name", "OpenAPI");
        row.put("usa_amk_exts_rqst_yn", "N");
        row.put("splt_buy_attr_name", "");
        return row;
    }

    /** The order number. Paper omits leading zeros here. */
    private String number(long odno) {
        return face == Face.LIVE ? Frames.padded(odno, 10) : Long.toString(odno);
    }

    private static String request(UsOrder order) {
        return switch (order.kind()) {
            case NEW -> "00";
            case MODIFY -> "01";
            case CANCEL -> "02";
        };
    }

    private static String requestName(UsOrder order) {
        return switch (order.kind()) {
            case NEW -> "";
            case MODIFY -> "정정";
            case CANCEL -> "취소";
        };
    }

    private static String sideName(UsOrder order) {
        return (order.side() == Side.SELL ? "매도" : "매수") + requestName(order);
    }

    private static String state(UsOrder order) {
        if (order.rejectedQty() > 0) {
            return "거부";
        }
        if (order.kind() == OrderKind.CANCEL || order.filledQty() == order.qty() || order.remaining() > 0) {
            return order.remaining() > 0 ? "접수" : "완료";
        }
        return order.cancelledQty() > 0 ? "완료" : "만료";
    }

    // ---- holdings ------------------------------------------------------------------------------------------------

    private record HoldingRow(UsStock stock, Account.Position position) {
        long price() {
            return stock.tape().last();
        }

        long value() {
            return Math.multiplyExact(position.qty(), price());
        }

        long profit() {
            return value() - position.cost();
        }
    }

    private List<HoldingRow> holdings(Account<UsOrder> account) {
        List<HoldingRow> all = new ArrayList<>();
        account.positions()
                .forEach((symbol, position) ->
                        market.find((UsSymbol) symbol).ifPresent(stock -> all.add(new HoldingRow(stock, position))));
        return all.stream().filter(each -> each.position().qty() > 0).toList();
    }

    /** The account's US assets, for calls about all assets. */
    UsAssets assets(Account<UsOrder> account) {
        List<HoldingRow> holdings = holdings(account);
        return new UsAssets(
                holdings.stream().mapToLong(each -> each.position().cost()).sum(),
                holdings.stream().mapToLong(HoldingRow::value).sum(),
                account.cash(),
                account.reserved(),
                Math.max(0, account.spendable()),
                rules.wonPerDollar());
    }

    /** inquire-balance. */
    KnownFields balance(CatalogRequest request, Account<UsOrder> account) {
        Optional<UsExchange> exchange = exchange(request);
        List<HoldingRow> holdings = holdings(account).stream()
                .filter(each -> exchange.isEmpty() || each.stock().symbol().exchange() == exchange.get())
                .toList();
        List<Map<String, String>> rows = holdings.stream()
                .map(each -> {
                    UsSymbol symbol = each.stock().symbol();
                    Map<String, String> row = new HashMap<>();
                    row.put("cano", account(account).substring(0, 8));
                    row.put("acnt_prdt_cd", account(account).substring(8));
                    row.put("prdt_type_cd", UsKeys.productType(symbol.exchange()));
                    row.put("ovrs_pdno", symbol.ticker());
                    row.put("ovrs_item_name", name(symbol));
                    row.put("frcr_evlu_pfls_amt", dollars(each.profit()));
                    row.put(
                            "evlu_pfls_rt",
                            Percent.of(each.profit(), each.position().cost()));
                    row.put(
                            "pchs_avg_pric",
                            averagePrice(each.position().cost(), each.position().qty()));
                    row.put("ovrs_cblc_qty", Long.toString(each.position().qty()));
                    row.put("ord_psbl_qty", Long.toString(each.position().sellable()));
                    row.put("frcr_pchs_amt1", dollars(each.position().cost()));
                    row.put("ovrs_stck_evlu_amt", dollars(each.value()));
                    row.put("now_pric2", dollars(each.price()));
                    row.put("tr_crcy_cd", "USD");
                    row.put("ovrs_excg_cd", symbol.exchange().name());
                    row.put("loan_type_cd", "00");
                    row.put("loan_dt", "");
                    row.put("expd_dt", "");
                    return row;
                })
                .toList();
        long cost = holdings.stream().mapToLong(each -> each.position().cost()).sum();
        long profit = holdings.stream().mapToLong(HoldingRow::profit).sum();
        List<UsOrder> sales = account.orders().stream()
                .filter(order -> order.date().equals(market.date()) && order.side() == Side.SELL)
                .toList();
        long basis = sales.stream().mapToLong(UsOrder::basis).sum();
        long realized = sales.stream().mapToLong(UsOrder::realized).sum();
        return new BlockRows()
                .list("output1", rows)
                .object(
                        "output2",
                        Map.of(
                                "frcr_pchs_amt1", dollars(cost),
                                "ovrs_rlzt_pfls_amt", dollars(realized),
                                "ovrs_tot_pfls", dollars(realized + profit),
                                "rlzt_erng_rt", Percent.of(realized, basis),
                                "tot_evlu_pfls_amt", dollars(profit),
                                "tot_pftrt", Percent.of(profit, cost),
                                "frcr_buy_amt_smtl1", dollars(account.boughtToday()),
                                "ovrs_rlzt_pfls_amt2", dollars(realized),
                                "frcr_buy_amt_smtl2", dollars(account.boughtToday())));
    }

    /** inquire-present-balance and inquire-paymt-stdr-balance: the latter has other names for its sums. */
    KnownFields presentBalance(CatalogRequest request, Account<UsOrder> account) {
        boolean inWon = request.param("WCRC_FRCR_DVSN_CD").equals("01");
        List<HoldingRow> holdings = holdings(account);
        List<Map<String, String>> rows = holdings.stream()
                .map(each -> {
                    UsSymbol symbol = each.stock().symbol();
                    Account.Position position = each.position();
                    Map<String, String> row = new HashMap<>();
                    row.put("pdno", symbol.ticker());
                    row.put("std_pdno", symbol.ticker());
                    row.put("prdt_name", name(symbol));
                    row.put("scts_dvsn_name", "현금");
                    row.put("cblc_qty13", Long.toString(position.qty()));
                    row.put("thdt_buy_ccld_qty1", Long.toString(position.boughtToday()));
                    row.put("thdt_sll_ccld_qty1", Long.toString(position.soldToday()));
                    row.put("ccld_qty_smtl1", Long.toString(position.qty()));
                    row.put("ord_psbl_qty1", Long.toString(position.sellable()));
                    row.put("frcr_pchs_amt", amount(position.cost(), inWon));
                    row.put("frcr_evlu_amt2", amount(each.value(), inWon));
                    row.put("evlu_pfls_amt2", amount(each.profit(), inWon));
                    row.put("evlu_pfls_rt1", Percent.of(each.profit(), position.cost()));
                    row.put("bass_exrt", rate());
                    row.put("buy_crcy_cd", "USD");
                    row.put("ovrs_now_pric1", dollars(each.price()));
                    row.put("avg_unpr3", averagePrice(position.cost(), position.qty()));
                    row.put("tr_mket_name", UsKeys.koreanName(symbol.exchange()));
                    row.put("natn_kor_name", "미국");
                    row.put("pchs_rmnd_wcrc_amt", won(position.cost()));
                    row.put("thdt_buy_ccld_frcr_amt", dollars(position.boughtAmountToday()));
                    row.put("thdt_sll_ccld_frcr_amt", dollars(position.soldAmountToday()));
                    row.put("unit_amt", "1");
                    row.put("prdt_type_cd", UsKeys.productType(symbol.exchange()));
                    row.put("loan_rmnd", "0");
                    row.put("loan_dt", "");
                    row.put("loan_expd_dt", "");
                    row.put("mgge_qty", "0");
                    row.put("ldng_cblc_qty", "0");
                    row.put("ovrs_excg_cd", symbol.exchange().name());
                    row.put("item_lnkg_excg_cd", "");
                    return row;
                })
                .toList();
        long cost = holdings.stream().mapToLong(each -> each.position().cost()).sum();
        long value = holdings.stream().mapToLong(HoldingRow::value).sum();
        return new BlockRows()
                .list("output1", rows)
                .list("output2", List.of(cash(account)))
                .object("output3", sums(account, cost, value));
    }

    private Map<String, String> cash(Account<UsOrder> account) {
        Map<String, String> row = new HashMap<>();
        row.put("crcy_cd", "USD");
        row.put("crcy_cd_name", "미국 달러");
        row.put("frcr_buy_amt_smtl", dollars(account.boughtToday()));
        row.put("frcr_sll_amt_smtl", dollars(account.soldToday()));
        row.put("frcr_dncl_amt_2", dollars(account.settled()));
        row.put("frst_bltn_exrt", rate());
        row.put("frcr_buy_mgn_amt", dollars(account.reserved()));
        row.put("frcr_etc_mgna", "0.0000");
        // Unsettled cash may not be withdrawn.
        row.put(
                "frcr_drwg_psbl_amt_1",
                dollars(Math.max(0, Math.min(account.settled(), account.cash()) - account.reserved())));
        row.put("frcr_evlu_amt2", won(account.settled()));
        row.put("acpl_cstd_crcy_yn", "Y");
        row.put("nxdy_frcr_drwg_psbl_amt", dollars(Math.max(0, account.spendable())));
        return row;
    }

    private Map<String, String> sums(Account<UsOrder> account, long cost, long value) {
        Map<String, String> row = new HashMap<>();
        long assets = value + account.cash();
        row.put("pchs_amt_smtl", won(cost));
        row.put("evlu_amt_smtl", won(value));
        row.put("evlu_pfls_amt_smtl", won(value - cost));
        row.put("dncl_amt", "0");
        row.put("cma_evlu_amt", "0");
        row.put("tot_dncl_amt", won(account.settled()));
        row.put("etc_mgna", "0");
        row.put(
                "wdrw_psbl_tot_amt",
                won(Math.max(0, Math.min(account.settled(), account.cash()) - account.reserved())));
        row.put("frcr_evlu_tota", won(account.settled()));
        row.put("evlu_erng_rt1", Percent.of(value - cost, cost));
        row.put("pchs_amt_smtl_amt", won(cost));
        row.put("evlu_amt_smtl_amt", won(value));
        row.put("tot_evlu_pfls_amt", won(value - cost));
        row.put("tot_asst_amt", won(assets));
        row.put("tot_asst_amt2", won(assets));
        row.put("buy_mgn_amt", won(account.reserved()));
        row.put("mgna_tota", won(account.reserved()));
        row.put("frcr_use_psbl_amt", won(Math.max(0, account.spendable())));
        row.put("ustl_sll_amt_smtl", won(account.soldToday()));
        row.put("ustl_buy_amt_smtl", won(account.boughtToday()));
        row.put("tot_frcr_cblc_smtl", won(account.cash()));
        row.put("wcrc_evlu_amt_smtl", won(value));
        row.put("frcr_cblc_wcrc_evlu_amt_smtl", won(account.cash()));
        row.put("tot_loan_amt", "0");
        row.put("tot_ldng_evlu_amt", "0");
        return row;
    }

    /** inquire-psamount: buying power at a price; won are not converted into dollars for it. */
    KnownFields buyingPower(Account<UsOrder> account, long price) {
        long cash = Math.max(0, account.spendable());
        String qty = Long.toString(ledger.buyableQuantity(account, price));
        return new BlockRows()
                .object(
                        "output",
                        Map.ofEntries(
                                Map.entry("tr_crcy_cd", "USD"),
                                Map.entry("ord_psbl_frcr_amt", dollars(cash)),
                                Map.entry("sll_ruse_psbl_amt", dollars(Math.clamp(account.soldToday(), 0, cash))),
                                Map.entry("ovrs_ord_psbl_amt", dollars(cash)),
                                Map.entry("max_ord_psbl_qty", qty),
                                Map.entry("echm_af_ord_psbl_amt", dollars(cash)),
                                Map.entry("echm_af_ord_psbl_qty", qty),
                                Map.entry("ord_psbl_qty", qty),
                                Map.entry("exrt", rate()),
                                Map.entry("frcr_ord_psbl_amt1", dollars(cash)),
                                Map.entry("ovrs_max_ord_psbl_qty", qty)));
    }

    /** foreign-margin: one row, for dollars. */
    KnownFields margin(Account<UsOrder> account) {
        String spendable = dollars(Math.max(0, account.spendable()));
        Map<String, String> row = new HashMap<>();
        row.put("natn_name", "미국");
        row.put("crcy_cd", "USD");
        row.put("frcr_dncl_amt1", dollars(account.settled()));
        row.put("ustl_buy_amt", dollars(account.boughtToday()));
        row.put("ustl_sll_amt", dollars(account.soldToday()));
        row.put("frcr_rcvb_amt", "0.0000");
        row.put("frcr_mgn_amt", dollars(account.reserved()));
        row.put("frcr_gnrl_ord_psbl_amt", spendable);
        row.put("frcr_ord_psbl_amt1", spendable);
        row.put("itgr_ord_psbl_amt", spendable);
        row.put("bass_exrt", rate());
        return new BlockRows().list("output", List.of(row));
    }

    // ---- traded ---------------------------------------------------------------------------------------------------

    private List<UsOrder> traded(CatalogRequest request, Account<UsOrder> account, LocalDate from, LocalDate to) {
        String code = request.param("PDNO");
        return account.orders().reversed().stream()
                .filter(order -> order.filledQty() > 0
                        && !order.date().isBefore(from)
                        && !order.date().isAfter(to))
                .filter(order -> code.isEmpty() || order.symbol().ticker().equals(code))
                .filter(of(exchange(request)))
                .toList();
    }

    /** inquire-period-trans: a row for each order that traded. */
    KnownFields transactions(CatalogRequest request, Account<UsOrder> account, LocalDate from, LocalDate to) {
        String side = request.param("SLL_BUY_DVSN_CD");
        List<UsOrder> traded = traded(request, account, from, to).stream()
                .filter(order -> !side.equals("01") || order.side() == Side.SELL)
                .filter(order -> !side.equals("02") || order.side() == Side.BUY)
                .toList();
        List<Map<String, String>> rows = traded.stream()
                .map(order -> {
                    long paid = order.side() == Side.BUY
                            ? order.filledAmount() + order.costs()
                            : order.filledAmount() - order.costs();
                    Map<String, String> row = new HashMap<>();
                    row.put("trad_dt", DAY.format(order.date()));
                    row.put("sttl_dt", DAY.format(nextTradingDay(order.date())));
                    row.put("sll_buy_dvsn_cd", order.side() == Side.SELL ? "01" : "02");
                    row.put("sll_buy_dvsn_name", order.side() == Side.SELL ? "매도" : "매수");
                    row.put("pdno", order.symbol().ticker());
                    row.put("std_pdno", order.symbol().ticker());
                    row.put("ovrs_item_name", name(order.symbol()));
                    row.put("ccld_qty", Long.toString(order.filledQty()));
                    row.put("amt_unit_ccld_qty", Long.toString(order.filledQty()));
                    row.put("ft_ccld_unpr2", averagePrice(order.filledAmount(), order.filledQty()));
                    row.put("ovrs_stck_ccld_unpr", averagePrice(order.filledAmount(), order.filledQty()));
                    row.put("tr_frcr_amt2", dollars(order.filledAmount()));
                    row.put("tr_amt", dollars(order.filledAmount()));
                    row.put("frcr_excc_amt_1", dollars(paid));
                    row.put("wcrc_excc_amt", won(paid));
                    row.put("dmst_frcr_fee1", dollars(order.costs()));
                    row.put("frcr_fee1", "0.0000");
                    row.put("dmst_wcrc_fee", won(order.costs()));
                    row.put("ovrs_wcrc_fee", "0");
                    row.put("crcy_cd", "USD");
                    row.put("erlm_exrt", rate());
                    row.put("loan_dvsn_cd", "");
                    row.put("loan_dvsn_name", "");
                    return row;
                })
                .toList();
        return new BlockRows()
                .list("output1", rows)
                .object(
                        "output2",
                        Map.of(
                                "frcr_buy_amt_smtl", dollars(amount(traded, Side.BUY)),
                                "frcr_sll_amt_smtl", dollars(amount(traded, Side.SELL)),
                                "dmst_fee_smtl",
                                        dollars(traded.stream()
                                                .mapToLong(UsOrder::costs)
                                                .sum()),
                                "ovrs_fee_smtl", "0.0000"));
    }

    /** inquire-period-profit: a row for each sale. */
    KnownFields profit(CatalogRequest request, Account<UsOrder> account, LocalDate from, LocalDate to) {
        List<UsOrder> traded = traded(request, account, from, to);
        List<UsOrder> sales =
                traded.stream().filter(order -> order.side() == Side.SELL).toList();
        List<Map<String, String>> rows = sales.stream()
                .map(order -> {
                    long profit = order.realized();
                    Map<String, String> row = new HashMap<>();
                    row.put("trad_day", DAY.format(order.date()));
                    row.put("ovrs_pdno", order.symbol().ticker());
                    row.put("ovrs_item_name", name(order.symbol()));
                    row.put("slcl_qty", Long.toString(order.filledQty()));
                    row.put("pchs_avg_pric", averagePrice(order.basis(), order.filledQty()));
                    row.put("frcr_pchs_amt1", dollars(order.basis()));
                    row.put("avg_sll_unpr", averagePrice(order.filledAmount(), order.filledQty()));
                    row.put("frcr_sll_amt_smtl1", dollars(order.filledAmount()));
                    row.put("stck_sll_tlex", dollars(order.costs()));
                    row.put("ovrs_rlzt_pfls_amt", dollars(profit));
                    row.put("pftrt", Percent.of(profit, order.basis()));
                    row.put("exrt", rate());
                    row.put("ovrs_excg_cd", order.symbol().exchange().name());
                    row.put("frst_bltn_exrt", rate());
                    return row;
                })
                .toList();
        long basis = sales.stream().mapToLong(UsOrder::basis).sum();
        long costs = traded.stream().mapToLong(UsOrder::costs).sum();
        long profit = sales.stream().mapToLong(UsOrder::realized).sum();
        return new BlockRows()
                .list("output1", rows)
                .object(
                        "output2",
                        Map.of(
                                "stck_sll_amt_smtl", dollars(amount(traded, Side.SELL)),
                                "stck_buy_amt_smtl", dollars(amount(traded, Side.BUY)),
                                "smtl_fee1", dollars(costs),
                                "excc_dfrm_amt", dollars(amount(traded, Side.SELL) - amount(traded, Side.BUY) - costs),
                                "ovrs_rlzt_pfls_tot_amt", dollars(profit),
                                "tot_pftrt", Percent.of(profit, basis),
                                "bass_dt", DAY.format(market.date()),
                                "exrt", rate()));
    }

    private static long amount(List<UsOrder> orders, Side side) {
        return orders.stream()
                .filter(order -> order.side() == side)
                .mapToLong(UsOrder::filledAmount)
                .sum();
    }

    private LocalDate nextTradingDay(LocalDate date) {
        LocalDate day = date.plusDays(1);
        for (int i = 0; i < LONGEST_HOLIDAY && !market.hours().isTradingDay(day); i++) {
            day = day.plusDays(1);
        }
        return day;
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private static String account(Account<UsOrder> account) {
        return account.id().digits();
    }

    private String name(UsSymbol symbol) {
        return market.listing().find(symbol).map(it -> it.name()).orElse("");
    }

    private static String dollars(long units) {
        return UsFrames.price(units);
    }

    private static String averagePrice(long amount, long qty) {
        return qty == 0
                ? "0.0000"
                : BigDecimal.valueOf(amount, 4)
                        .divide(BigDecimal.valueOf(qty), 4, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    private String amount(long units, boolean inWon) {
        return inWon ? won(units) : dollars(units);
    }

    private String won(long units) {
        return Long.toString(inWon(units, rules.wonPerDollar()));
    }

    /** Whole won, rounded down. */
    static long inWon(long units, BigDecimal wonPerDollar) {
        return BigDecimal.valueOf(units, 4)
                .multiply(wonPerDollar)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
    }

    private String rate() {
        return rules.wonPerDollar().setScale(4, RoundingMode.HALF_UP).toPlainString();
    }
}
