package kr.kisgateway.client.master;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Symbol;

/**
 * One security of the KOSPI, KOSDAQ or KONEX file. Whether NXT trades it too is not in these files.
 *
 * @param market the section it is listed in
 * @param code short code (단축코드): six characters, seven for an ETN ({@code Q500001}), up to nine for funds and rights
 * @param isin the 12-character international code (표준코드)
 * @param name Korean name
 * @param group the kind of security
 * @param basePrice won, base of today's limits (기준가); empty where the file has none
 * @param lot lot size of the regular session, in shares (매매수량단위)
 * @param halted trading is suspended (거래정지)
 * @param liquidation liquidation trading before delisting (정리매매)
 * @param managed an issue under administration (관리종목)
 * @param warning the level of the exchange's warning
 * @param warningAhead the exchange has announced a possible higher warning (위험예고)
 * @param listedThousandShares shares outstanding in thousands; the file has no more digits
 * @param listedOn day of listing
 * @param row every other field by the broker's name
 */
public record StockListing(
        Board market,
        String code,
        String isin,
        String name,
        Coded<SecurityGroup> group,
        OptionalLong basePrice,
        OptionalLong lot,
        boolean halted,
        boolean liquidation,
        boolean managed,
        Coded<MarketWarning> warning,
        boolean warningAhead,
        OptionalLong listedThousandShares,
        Optional<LocalDate> listedOn,
        MasterRow row) {
    static StockListing of(Board market, MasterRow row) {
        return new StockListing(
                market,
                row.text("mksc_shrn_iscd"),
                row.text("stnd_iscd"),
                row.text("hts_kor_isnm"),
                SecurityGroup.of(row.text("scrt_grp_cls_code")),
                row.number("stck_sdpr"),
                row.number("frml_mrkt_deal_qty_unit"),
                row.flag("trht_yn"),
                row.flag("sltr_yn"),
                row.flag("mang_issu_yn"),
                MarketWarning.of(row.text("mrkt_alrm_cls_code")),
                row.flag("mrkt_alrm_risk_adnt_yn"),
                row.number("lstn_stcn"),
                row.date("stck_lstn_date"),
                row);
    }

    /** The code as a symbol that can be quoted and ordered; empty for funds and rights, whose codes are longer. */
    public Optional<Symbol> symbol() {
        return Symbol.parse(code);
    }

    /** Whether it is an ETF, Korean or foreign. */
    public boolean isEtf() {
        return group.is(SecurityGroup.ETF) || group.is(SecurityGroup.FOREIGN_ETF);
    }

    /** Whether it is an ETN. */
    public boolean isEtn() {
        return group.is(SecurityGroup.ETN);
    }

    /** Whether it is an equity-linked warrant. */
    public boolean isElw() {
        return group.is(SecurityGroup.ELW);
    }
}
