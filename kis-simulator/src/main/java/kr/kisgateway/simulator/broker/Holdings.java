package kr.kisgateway.simulator.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.wire.print.Percent;

/** The rows and sums of inquire-balance-rlz-pl, equal to those of inquire-balance, with the day's realized profit. */
record Holdings(Account<UserOrder> account, List<AnswerBodies.BalanceRow> all, PeriodProfits.Realized today)
        implements KnownFields {
    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(block.equals("output1") ? all.size() : 1);
    }

    @Override
    public Optional<String> code(String block, int row) {
        return block.equals("output1") ? Optional.of(all.get(row).symbol()) : Optional.empty();
    }

    @Override
    public Map<String, String> values(String block, int row) {
        if (block.equals("output1")) {
            return row(all.get(row));
        }
        Map<String, String> sums = sums(account, all);
        sums.put("rlzt_pfls", text(today.profit()));
        sums.put("rlzt_erng_rt", today.percent());
        return sums;
    }

    /** One holding by the column names of account queries. */
    static Map<String, String> row(AnswerBodies.BalanceRow holding) {
        Account.Position position = holding.position();
        long profit = holding.value() - position.cost();
        Map<String, String> row = new HashMap<>();
        row.put("pdno", holding.symbol());
        row.put("prdt_name", holding.name());
        row.put("trad_dvsn_name", holding.tradeName());
        row.put("cblc_dvsn_name", holding.tradeName());
        row.put("item_dvsn_name", "주식");
        row.put("bfdy_buy_qty", text(position.boughtYesterday()));
        row.put("bfdy_sll_qty", text(position.soldYesterday()));
        row.put("thdt_buyqty", text(position.boughtToday()));
        row.put("thdt_sll_qty", text(position.soldToday()));
        row.put("hldg_qty", text(position.qty()));
        row.put("ord_psbl_qty", text(position.sellable()));
        row.put("slpsb_qty", text(position.sellable()));
        row.put("pchs_avg_pric", AnswerBodies.decimal(position.cost(), position.qty(), 4));
        row.put("pchs_amt", text(position.cost()));
        row.put("prpr", text(holding.price()));
        row.put("evlu_amt", text(holding.value()));
        row.put("evlu_pfls_amt", text(profit));
        row.put("evlu_pfls_rt", Percent.of(profit, position.cost()));
        row.put("evlu_erng_rt", "0.00000000");
        row.put("fltt_rt", AnswerBodies.decimal((holding.price() - holding.base()) * 100, holding.base(), 8));
        row.put("bfdy_cprs_icdc", text(holding.price() - holding.base()));
        if (holding.loan().isPresent()) {
            row.put("loan_dt", holding.loanDate());
            row.put("loan_amt", text(position.lent()));
        }
        row.put("stck_loan_unpr", "0.0000");
        return row;
    }

    /** The sums over all holdings and the cash, by the column names of account queries. */
    static Map<String, String> sums(Account<UserOrder> account, List<AnswerBodies.BalanceRow> all) {
        long value = all.stream().mapToLong(AnswerBodies.BalanceRow::value).sum();
        long cost = all.stream().mapToLong(row -> row.position().cost()).sum();
        long assets = value + account.cash();
        Map<String, String> sums = new HashMap<>();
        sums.put("dnca_tot_amt", text(account.settled()));
        sums.put("nxdy_excc_amt", text(account.cashD1()));
        sums.put("prvs_rcdl_excc_amt", text(account.cash()));
        sums.put("bfdy_buy_amt", text(account.boughtYesterday()));
        sums.put("thdt_buy_amt", text(account.boughtToday()));
        sums.put("bfdy_sll_amt", text(account.soldYesterday()));
        sums.put("thdt_sll_amt", text(account.soldToday()));
        sums.put("bfdy_tlex_amt", text(account.costsYesterday()));
        sums.put("thdt_tlex_amt", text(account.costsToday()));
        sums.put("scts_evlu_amt", text(value));
        sums.put("tot_evlu_amt", text(assets));
        sums.put("nass_amt", text(assets - account.lent()));
        sums.put("fncg_gld_auto_rdpt_yn", "");
        sums.put("pchs_amt_smtl_amt", text(cost));
        sums.put("evlu_amt_smtl_amt", text(value));
        sums.put("evlu_pfls_smtl_amt", text(value - cost));
        sums.put("real_evlu_pfls", text(value - cost));
        sums.put("real_evlu_pfls_erng_rt", Percent.of(value - cost, cost));
        sums.put("pftrt", Percent.of(value - cost, cost));
        sums.put("bfdy_tot_asst_evlu_amt", text(account.assetsYesterday()));
        sums.put("asst_icdc_amt", text(assets - account.lent() - account.assetsYesterday()));
        sums.put("asst_icdc_erng_rt", "0.00000000");
        return sums;
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}
