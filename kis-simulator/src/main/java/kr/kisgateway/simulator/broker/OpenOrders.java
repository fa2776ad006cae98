package kr.kisgateway.simulator.broker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.entity.OrderKind;

/** The rows of inquire-psbl-rvsecncl: orders of the simulated market that can still be modified or cancelled. */
record OpenOrders(Face face, List<UserOrder> orders, List<String> names) implements KnownFields {
    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(orders.size());
    }

    @Override
    public Map<String, String> values(String block, int row) {
        UserOrder order = orders.get(row);
        return Map.ofEntries(
                Map.entry("ord_gno_brno", face.orgNo()),
                Map.entry("odno", Frames.padded(order.odno(), 10)),
                Map.entry("orgn_odno", order.originalOdno() == 0 ? "" : Frames.padded(order.originalOdno(), 10)),
                Map.entry("ord_dvsn_name", order.division.koreanName()),
                Map.entry("pdno", order.symbol.code()),
                Map.entry("prdt_name", names.get(row)),
                Map.entry("rvse_cncl_dvsn_name", order.kind() == OrderKind.MODIFY ? "정정*" : ""),
                Map.entry("ord_qty", Long.toString(order.qty())),
                Map.entry("ord_unpr", Long.toString(order.price())),
                Map.entry("ord_tmd", Frames.padded(order.time(), 6)),
                Map.entry("tot_ccld_qty", Long.toString(order.filledQty())),
                Map.entry("tot_ccld_amt", Long.toString(order.filledAmount())),
                Map.entry("psbl_qty", Long.toString(order.remaining())),
                Map.entry("nccs_qty", Long.toString(order.remaining())),
                Map.entry("sll_buy_dvsn_cd", order.side() == Side.SELL ? "01" : "02"),
                Map.entry("ord_dvsn_cd", order.divisionCode()),
                Map.entry("mgco_aptm_odno", ""),
                Map.entry("excg_dvsn_cd", "02"),
                Map.entry("excg_id_dvsn_cd", order.exchange),
                Map.entry("excg_id_dvsn_name", order.exchange),
                Map.entry("stpm_cndt_pric", Long.toString(order.conditionPrice)),
                Map.entry("stpm_efct_occr_yn", order.triggeredAtMillis > 0 ? "Y" : "N"));
    }
}
