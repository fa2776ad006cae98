package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.LoanKey;
import kr.kisgateway.simulator.account.Refusal;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.catalog.Fundamentals;
import kr.kisgateway.simulator.catalog.Json;
import kr.kisgateway.simulator.catalog.Reply;
import kr.kisgateway.simulator.entity.Credit;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.exchange.Stock;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.wire.print.Percent;

/** The bodies of the answers in the form of recorded ones: every value a string, ledger messages padded with spaces. */
final class AnswerBodies {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMddHHmmss");

    private AnswerBodies() {}

    static HttpAnswer error(int status, String code, String message) {
        return HttpAnswer.of(status, envelope(Json.object(), "1", code, message).text());
    }

    static HttpAnswer ledgerError(String rtCd, String code, String message) {
        return HttpAnswer.of(
                200, envelope(Json.object(), rtCd, code, Reply.padded(message)).text());
    }

    static HttpAnswer refused(Refusal why, Face face) {
        return ledgerError(face == Face.LIVE ? "7" : "1", why.code(face), why.text(face));
    }

    /** The refusal in an answer; empty when it is none. */
    static Optional<Refusal> refusal(HttpAnswer answer, Face face) {
        return Arrays.stream(Refusal.values())
                .filter(why -> refused(why, face).body().equals(answer.body()))
                .findFirst();
    }

    /** The ledger's error about a field that is absent or misspelt. */
    static HttpAnswer missingField(String field) {
        return ledgerError("2", "OPSQ2002", "ERROR : INPUT FIELD_LENGTH [" + field + "]");
    }

    static String accepted(Face face, UserOrder order) {
        Json json = face == Face.LIVE
                ? ledger(Json.object(), "APBK0013", "주문 전송 완료 되었습니다.")
                : switch (order.kind()) {
                    case NEW ->
                        order.side() == Side.SELL
                                ? ledger(Json.object(), "40590000", "모의투자 매도주문이 완료 되었습니다.")
                                : ledger(Json.object(), "40600000", "모의투자 매수주문이 완료 되었습니다.");
                    case MODIFY -> ledger(Json.object(), "40630000", "모의투자 정정주문이 완료 되었습니다");
                    case CANCEL -> ledger(Json.object(), "40640000", "모의투자 취소주문이 완료 되었습니다.");
                };
        json.startObject("output")
                .field("KRX_FWDG_ORD_ORGNO", face.orgNo())
                .field("ODNO", Frames.padded(order.odno(), 10))
                .field("ORD_TMD", Frames.padded(order.time(), 6))
                .end();
        return json.text();
    }

    /** The answer for an unknown symbol: prices and sums are "0", further fields are absent. */
    static String unknownPrice(String code) {
        Json json = Json.object();
        json.startObject("output");
        for (String name : List.of(
                "stck_prpr",
                "prdy_vrss",
                "acml_tr_pbmn",
                "acml_vol",
                "stck_oprc",
                "stck_hgpr",
                "stck_lwpr",
                "stck_mxpr",
                "stck_llam",
                "stck_sdpr",
                "aspr_unit",
                "hts_avls",
                "lstn_stcn")) {
            json.field(name, "0");
        }
        json.field("prdy_vrss_sign", "3")
                .field("prdy_ctrt", "0.00")
                .field("stck_shrn_iscd", code)
                .end();
        return envelope(json, "0", "MCA00000", "정상처리 되었습니다.").text();
    }

    /** @param pastExtremes the extremes of the days before {@code day} */
    static String price(
            MarketSnapshot snapshot, LocalDate day, YearExtremes.PastExtremes pastExtremes, Fundamentals fundamentals) {
        Stock stock = snapshot.stock();
        Tape.Figures f = snapshot.figures();
        long change = f.last() - f.base();
        YearExtremes.HighLow weeks52 = pastExtremes.weeks52().including(f, day);
        YearExtremes.HighLow days250 = pastExtremes.days250().including(f, day);
        YearExtremes.HighLow year = pastExtremes.year().including(f, day);
        long volumeBefore = pastExtremes.volume() > 0
                ? pastExtremes.volume()
                : stock.instrument().volume();
        Json json = Json.object();
        json.startObject("output")
                .field("iscd_stat_cls_code", "55")
                .field("marg_rate", "40.00")
                .field("rprs_mrkt_kor_name", stock.instrument().board().name())
                .field("new_hgpr_lwpr_cls_code", "")
                .field("bstp_kor_isnm", stock.instrument().industry().orElse(""))
                .field("temp_stop_yn", stock.phase() == Phase.HALTED ? "Y" : "N")
                .field("oprc_rang_cont_yn", "N")
                .field("clpr_rang_cont_yn", "N")
                .field("crdt_able_yn", "Y")
                .field("grmn_rate_cls_code", "40")
                .field("elw_pblc_yn", "N")
                .field("stck_prpr", f.last())
                .field("prdy_vrss", change)
                .field(
                        "prdy_vrss_sign",
                        Character.toString(Frames.sign(f.last(), f.base(), stock.upper(), stock.lower())))
                .field("prdy_ctrt", Percent.of(change, f.base()))
                .field("acml_tr_pbmn", f.turnover())
                .field("acml_vol", f.volume())
                .field("prdy_vrss_vol_rate", Percent.of(f.volume(), volumeBefore))
                .field("stck_oprc", f.open())
                .field("stck_hgpr", f.high())
                .field("stck_lwpr", f.low())
                .field("stck_mxpr", stock.upper())
                .field("stck_llam", stock.lower())
                .field("stck_sdpr", f.base())
                .field("wghn_avrg_stck_prc", decimal(f.volume() == 0 ? 0 : f.turnover(), f.volume(), 2))
                .field("rstc_wdth_prc", stock.upper() - f.base())
                .field("stck_fcam", stock.instrument().faceValue().orElse(0))
                .field("stck_sspr", stock.tick(f.base()) * (f.base() * 8 / 10 / stock.tick(f.base())))
                .field("aspr_unit", stock.tick(f.last()))
                .field("hts_deal_qty_unit_val", "1")
                .field("lstn_stcn", stock.instrument().listedShares())
                // In units of 100 million won (억).
                .field(
                        "hts_avls",
                        BigDecimal.valueOf(f.last())
                                .multiply(BigDecimal.valueOf(stock.instrument().listedShares()))
                                .divide(BigDecimal.valueOf(100_000_000), 0, RoundingMode.DOWN)
                                .toPlainString())
                .field("per", fundamentals.per(f.last()))
                .field("pbr", fundamentals.pbr(f.last()))
                .field("eps", Fundamentals.perShare(fundamentals.eps()))
                .field("bps", Fundamentals.perShare(fundamentals.bps()))
                .field("vol_tnrt", Percent.of(f.volume(), stock.instrument().listedShares()))
                .field("w52_hgpr", weeks52.high())
                .field("w52_hgpr_vrss_prpr_ctrt", Percent.of(f.last() - weeks52.high(), weeks52.high()))
                .field("w52_hgpr_date", DAY.format(weeks52.highOn()))
                .field("w52_lwpr", weeks52.low())
                .field("w52_lwpr_vrss_prpr_ctrt", Percent.of(f.last() - weeks52.low(), weeks52.low()))
                .field("w52_lwpr_date", DAY.format(weeks52.lowOn()))
                .field("d250_hgpr", days250.high())
                .field("d250_hgpr_date", DAY.format(days250.highOn()))
                .field("d250_hgpr_vrss_prpr_rate", Percent.of(f.last() - days250.high(), days250.high()))
                .field("d250_lwpr", days250.low())
                .field("d250_lwpr_date", DAY.format(days250.lowOn()))
                .field("d250_lwpr_vrss_prpr_rate", Percent.of(f.last() - days250.low(), days250.low()))
                .field("stck_dryy_hgpr", year.high())
                .field("dryy_hgpr_vrss_prpr_rate", Percent.of(f.last() - year.high(), year.high()))
                .field("dryy_hgpr_date", DAY.format(year.highOn()))
                .field("stck_dryy_lwpr", year.low())
                .field("dryy_lwpr_vrss_prpr_rate", Percent.of(f.last() - year.low(), year.low()))
                .field("dryy_lwpr_date", DAY.format(year.lowOn()))
                .field("hts_frgn_ehrt", fundamentals.foreignPercent())
                // Net purchases, lending and pivot points are not simulated.
                .field("frgn_ntby_qty", "0")
                .field("pgtr_ntby_qty", "0")
                .field("frgn_hldn_qty", fundamentals.foreignShares())
                .field("whol_loan_rmnd_rate", "0.00")
                .field("apprch_rate", "0.00")
                .field("pvt_scnd_dmrs_prc", f.base())
                .field("pvt_frst_dmrs_prc", f.base())
                .field("pvt_pont_val", f.base())
                .field("pvt_frst_dmsp_prc", f.base())
                .field("pvt_scnd_dmsp_prc", f.base())
                .field("dmrs_val", f.base())
                .field("dmsp_val", f.base())
                .field("cpfn", fundamentals.capital())
                .field("stac_month", "12")
                .field("ssts_yn", "N")
                .field("stck_shrn_iscd", stock.symbol().code())
                .field("fcam_cnnm", "")
                .field("cpfn_cnnm", fundamentals.capitalText())
                .field("vi_cls_code", stock.phase() == Phase.INTERRUPTED ? "Y" : "N")
                .field("ovtm_vi_cls_code", "N")
                .field("last_ssts_cntg_qty", "0")
                .field("invt_caful_yn", "N")
                .field("mrkt_warn_cls_code", "00")
                .field("short_over_yn", "N")
                .field("sltr_yn", "N")
                .field("mang_issu_cls_code", "N")
                .end();
        return envelope(json, "0", "MCA00000", "정상처리 되었습니다.").text();
    }

    /**
     * One row of the balance with its current value.
     *
     * @param loan of shares bought on credit; empty for those paid in cash
     */
    record BalanceRow(
            String symbol, String name, Account.Position position, long price, long base, Optional<LoanKey> loan) {
        /** Sorts the rows, and names one for the next page. */
        String key() {
            return symbol
                    + loan.map(it -> ' ' + loanDate() + (it.ksfc() ? " K" : "")).orElse("");
        }

        String tradeName() {
            return loan.map(LoanKey::name).orElse("현금");
        }

        /** LOAN_DT, empty for shares paid in cash. */
        String loanDate() {
            return loan.map(it -> DAY.format(it.date())).orElse("");
        }

        long value() {
            return position.qty() * price;
        }
    }

    static HttpAnswer balance(
            Face face, Account<UserOrder> account, List<BalanceRow> page, List<BalanceRow> all, Page more) {
        Json json = more.appendPageKeys(Json.object());
        json.startArray("output1");
        for (BalanceRow row : page) {
            Account.Position p = row.position();
            json.startRow()
                    .field("pdno", row.symbol())
                    .field("prdt_name", row.name())
                    .field("trad_dvsn_name", row.tradeName())
                    .field("bfdy_buy_qty", p.boughtYesterday())
                    .field("bfdy_sll_qty", p.soldYesterday())
                    .field("thdt_buyqty", p.boughtToday())
                    .field("thdt_sll_qty", p.soldToday())
                    .field("hldg_qty", p.qty())
                    .field("ord_psbl_qty", p.sellable())
                    .field("pchs_avg_pric", decimal(p.cost(), p.qty(), 4))
                    .field("pchs_amt", p.cost())
                    .field("prpr", row.price())
                    .field("evlu_amt", row.value())
                    .field("evlu_pfls_amt", row.value() - p.cost())
                    .field("evlu_pfls_rt", Percent.of(row.value() - p.cost(), p.cost()))
                    .field("evlu_erng_rt", "0.00000000")
                    .field("loan_dt", row.loanDate())
                    .field("loan_amt", p.lent())
                    .field("stln_slng_chgs", "0")
                    .field("expd_dt", "")
                    .field("fltt_rt", decimal((row.price() - row.base()) * 100, row.base(), 8))
                    .field("bfdy_cprs_icdc", row.price() - row.base())
                    .field("item_mgna_rt_name", "")
                    .field("grta_rt_name", "")
                    .field("sbst_pric", "0")
                    .field("stck_loan_unpr", "0.0000")
                    .end();
        }
        long value = all.stream().mapToLong(BalanceRow::value).sum();
        long cost = all.stream().mapToLong(row -> row.position().cost()).sum();
        long assets = value + account.cash();
        long netAssets = assets - account.lent();
        json.endArray()
                .startArray("output2")
                .startRow()
                .field("dnca_tot_amt", account.settled())
                .field("nxdy_excc_amt", account.cashD1())
                .field("prvs_rcdl_excc_amt", account.cash())
                .field("cma_evlu_amt", "0")
                .field("bfdy_buy_amt", account.boughtYesterday())
                .field("thdt_buy_amt", account.boughtToday())
                .field("nxdy_auto_rdpt_amt", "0")
                .field("bfdy_sll_amt", account.soldYesterday())
                .field("thdt_sll_amt", account.soldToday())
                .field("d2_auto_rdpt_amt", "0")
                .field("bfdy_tlex_amt", account.costsYesterday())
                .field("thdt_tlex_amt", account.costsToday())
                .field("tot_loan_amt", account.lent())
                .field("scts_evlu_amt", value)
                .field("tot_evlu_amt", assets)
                .field("nass_amt", netAssets)
                .field("fncg_gld_auto_rdpt_yn", "")
                .field("pchs_amt_smtl_amt", cost)
                .field("evlu_amt_smtl_amt", value)
                .field("evlu_pfls_smtl_amt", value - cost)
                .field("tot_stln_slng_chgs", "0")
                .field("bfdy_tot_asst_evlu_amt", account.assetsYesterday())
                .field("asst_icdc_amt", netAssets - account.assetsYesterday())
                .field("asst_icdc_erng_rt", "0.00000000")
                .end()
                .endArray();
        return more.answer(json, face, all.isEmpty());
    }

    static HttpAnswer dailyOrders(
            Face face,
            List<UserOrder> page,
            boolean loanDates,
            DailyOrders.Totals totals,
            Map<UserOrder, String> names,
            Page more) {
        Json json = more.appendPageKeys(Json.object());
        json.startArray("output1");
        for (UserOrder o : page) {
            json.startRow()
                    .field("ord_dt", DAY.format(o.day()))
                    .field("ord_gno_brno", face.orgNo())
                    .field("odno", Frames.padded(o.odno(), 10))
                    .field("orgn_odno", o.originalOdno() == 0 ? "" : Frames.padded(o.originalOdno(), 10))
                    .field("ord_dvsn_name", o.division.koreanName())
                    .field("sll_buy_dvsn_cd", o.side() == Side.SELL ? "01" : "02")
                    .field("sll_buy_dvsn_cd_name", sideName(o))
                    .field("pdno", o.symbol.code())
                    .field("prdt_name", names.getOrDefault(o, ""))
                    .field("ord_qty", o.qty())
                    .field("ord_unpr", o.price())
                    .field("ord_tmd", Frames.padded(o.time(), 6))
                    .field("tot_ccld_qty", o.filledQty())
                    .field("avg_prvs", o.averagePrice(4))
                    .field("cncl_yn", o.kind() == OrderKind.CANCEL || o.cancelledQty() > 0 ? "Y" : "")
                    .field("tot_ccld_amt", o.filledAmount())
                    .field(
                            "loan_dt",
                            o.credit
                                    .filter(_ -> loanDates)
                                    .map(it -> DAY.format(it.date()))
                                    .orElse(""))
                    .field("ordr_empno", "OpnAPI")
                    .field("ord_dvsn_cd", o.divisionCode())
                    .field("cnc_cfrm_qty", o.cancelledQty())
                    .field("rmn_qty", o.outstanding())
                    .field("rjct_qty", o.rejectedQty())
                    .field("ccld_cndt_name", condition(o.division))
                    .field("inqr_ip_addr", "")
                    .field("cpbc_ordp_ord_rcit_dvsn_cd", "")
                    .field("cpbc_ordp_infm_mthd_dvsn_cd", "")
                    .field("infm_tmd", "")
                    .field("ctac_tlno", "")
                    .field("prdt_type_cd", "300")
                    .field("excg_dvsn_cd", "02")
                    .field("cpbc_ordp_mtrl_dvsn_cd", "")
                    .field("ord_orgno", "00000")
                    .field("rsvn_ord_end_dt", "")
                    .field("excg_id_dvsn_Cd", o.exchange)
                    .field("stpm_cndt_pric", o.conditionPrice)
                    .field("stpm_efct_occr_dtmd", triggered(o))
                    .end();
        }
        json.endArray()
                .startObject("output2")
                .field("tot_ord_qty", totals.ordered())
                .field("tot_ccld_qty", totals.filled())
                .field("tot_ccld_amt", totals.amount())
                .field("prsm_tlex_smtl", "0")
                .field("pchs_avg_pric", decimal(totals.amount(), totals.filled(), 4))
                .end();
        return more.answer(json, face, totals.isEmpty());
    }

    static String buyingPower(KoreanLedger.BuyingPower power) {
        long cash = power.cash();
        long qty = power.qty();
        Json json = ledger(Json.object(), "KIOK0510", "조회가 완료되었습니다");
        json.startObject("output")
                .field("ord_psbl_cash", cash)
                .field("ord_psbl_sbst", "0")
                .field("ruse_psbl_amt", "0")
                .field("fund_rpch_chgs", "0")
                .field("psbl_qty_calc_unpr", power.unit())
                .field("nrcvb_buy_amt", cash)
                .field("nrcvb_buy_qty", qty)
                .field("max_buy_amt", cash)
                .field("max_buy_qty", qty)
                .field("cma_evlu_amt", "0")
                .field("ovrs_re_use_amt_wcrc", "0")
                .field("ord_psbl_frcr_amt_wcrc", "0")
                .end();
        return json.text();
    }

    /**
     * The position of an answer among its pages (§3.4).
     *
     * @param trCont M with more, on the first page too; E the last of several, D the only one
     */
    record Page(String trCont, String filter, String next) {
        private static final int WIDTH = 100;

        static Page of(boolean first, boolean more, String filter, Optional<String> next) {
            String trCont = more ? "M" : first ? "D" : "E";
            return new Page(trCont, filter, more ? next.orElse("") : "");
        }

        Json appendPageKeys(Json json) {
            return json.field("ctx_area_fk100", padToWidth(filter)).field("ctx_area_nk100", padToWidth(next));
        }

        /** @param empty whether the answer has no entry at all, for which paper has a message of its own */
        HttpAnswer answer(Json json, Face face, boolean empty) {
            if (face == Face.PAPER && empty) {
                ledger(json, "70070000", "모의투자 조회할 내역(자료)이 없습니다.");
                return new HttpAnswer(200, "", trCont, json.text());
            }
            boolean more = trCont.equals("M");
            ledger(
                    json,
                    more ? "KIOK0500" : trCont.equals("E") ? "KIOK0460" : "KIOK0510",
                    more ? "조회가 계속됩니다..다음버튼을 Click 하십시오." : trCont.equals("E") ? "조회 되었습니다. (마지막 자료)" : "조회가 완료되었습니다");
            return new HttpAnswer(200, "", trCont, json.text());
        }

        private static String padToWidth(String text) {
            return text.length() >= WIDTH ? text.substring(0, WIDTH) : text + " ".repeat(WIDTH - text.length());
        }
    }

    private static Json ledger(Json json, String code, String message) {
        return envelope(json, "0", code, Reply.padded(message));
    }

    private static Json envelope(Json json, String rtCd, String code, String message) {
        return json.field("rt_cd", rtCd).field("msg_cd", code).field("msg1", message);
    }

    static String decimal(long amount, long qty, int scale) {
        return qty == 0
                ? BigDecimal.ZERO.setScale(scale).toPlainString()
                : BigDecimal.valueOf(amount)
                        .divide(BigDecimal.valueOf(qty), scale, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    private static String condition(OrderDivision division) {
        return switch (division.timeInForce()) {
            case DAY -> "None";
            case IOC -> "IOC";
            case FOK -> "FOK";
        };
    }

    /** When the last price triggered a stop order, {@code yyyyMMddHHmmss}; "" when it did not. */
    private static String triggered(UserOrder o) {
        return o.triggeredAtMillis == 0
                ? ""
                : SECOND.format(Instant.ofEpochMilli(o.triggeredAtMillis).atZone(TradingCalendar.SEOUL));
    }

    private static String sideName(UserOrder o) {
        String side = o.side() == Side.SELL ? "매도" : "매수";
        return switch (o.kind()) {
            case NEW -> o.rejectedQty() > 0 ? (o.side() == Side.SELL ? "SELL REJECT" : "BUY REJECT") : paidBy(o) + side;
            case MODIFY -> side + "정정*";
            case CANCEL -> side + "취소*";
        };
    }

    /** How an order is paid: 현금, 자기융자 or 유통융자. */
    private static String paidBy(UserOrder o) {
        return o.credit.map(Credit::lenderName).orElse("현금");
    }
}
