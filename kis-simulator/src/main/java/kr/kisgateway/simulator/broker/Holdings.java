package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.simulator.catalog.Known;

/** The rows and the sums of inquire-balance-rlz-pl, as inquire-balance has them; realised profit is not kept. */
record Holdings(Account account, List<Bodies.BalanceRow> all) implements Known {
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
        if (!block.equals("output1")) {
            long value = all.stream().mapToLong(Bodies.BalanceRow::value).sum();
            return Map.of(
                    "dnca_tot_amt", Long.toString(account.settled),
                    "nxdy_excc_amt", Long.toString(account.cashD1()),
                    "prvs_rcdl_excc_amt", Long.toString(account.cashD2()),
                    "scts_evlu_amt", Long.toString(value),
                    "tot_evlu_amt", Long.toString(value + account.cashD2()),
                    "nass_amt", Long.toString(value + account.cashD2()),
                    "rlzt_pfls", "0",
                    "rlzt_erng_rt", "0.00");
        }
        Bodies.BalanceRow held = all.get(row);
        return Map.of(
                "hldg_qty", Long.toString(held.position().qty),
                "ord_psbl_qty", Long.toString(held.position().sellable()),
                "pchs_avg_pric", Bodies.decimal(held.position().cost, held.position().qty, 4),
                "pchs_amt", Long.toString(held.position().cost),
                "prpr", Long.toString(held.price()),
                "evlu_amt", Long.toString(held.value()),
                "evlu_pfls_amt", Long.toString(held.value() - held.position().cost));
    }
}
