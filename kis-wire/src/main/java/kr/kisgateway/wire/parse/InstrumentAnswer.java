package kr.kisgateway.wire.parse;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;

/**
 * The answer of {@code search-stock-info} (주식기본조회, CTPF1002R): listing data of an instrument.
 *
 * @param symbol the instrument ({@code pdno})
 * @param isin 표준코드 ({@code std_pdno}); empty when absent
 * @param name short Korean name ({@code prdt_abrv_name}), or the long one where there is no short one
 * @param nameEn short English name ({@code prdt_eng_abrv_name}); empty when absent
 * @param marketCode 시장ID ({@code mket_id_cd}) as KIS wrote it, such as {@code STK}; {@link #market} reads it
 * @param groupCode 증권그룹ID ({@code scty_grp_id_cd}) as KIS wrote it, such as {@code ST}; {@link #product} reads it
 * @param listedShares shares outstanding ({@code lstg_stqt}); empty when absent
 * @param faceValue par value ({@code papr}) in the share's currency; empty or 0 where there is none
 * @param listedOn its listing date on its current market; empty when absent
 * @param delistedOn its delisting date ({@code lstg_abol_dt}); empty while it is listed
 * @param halted trading is suspended ({@code tr_stop_yn})
 * @param underAdministration 관리종목 ({@code admn_item_yn})
 * @param close today's close ({@code thdt_clpr}), whole won; empty when absent
 * @param previousClose the close before ({@code bfdy_clpr}), whole won; empty when absent
 * @param industry the standard industry's Korean name ({@code std_idst_clsf_cd_name}); empty when absent
 * @param onNxt NXT trades it ({@code cptt_trad_tr_psbl_yn})
 * @param haltedOnNxt NXT suspends it ({@code nxt_tr_stop_yn})
 */
public record InstrumentAnswer(
        Symbol symbol,
        String isin,
        String name,
        String nameEn,
        String marketCode,
        String groupCode,
        OptionalLong listedShares,
        Optional<BigDecimal> faceValue,
        Optional<LocalDate> listedOn,
        Optional<LocalDate> delistedOn,
        boolean halted,
        boolean underAdministration,
        OptionalLong close,
        OptionalLong previousClose,
        String industry,
        boolean onNxt,
        boolean haltedOnNxt) {

    /** The board; empty for an unsupported code. */
    public Optional<Board> market() {
        return switch (marketCode) {
            case "STK" -> Optional.of(Board.KOSPI);
            case "KSQ" -> Optional.of(Board.KOSDAQ);
            case "KNX" -> Optional.of(Board.KONEX);
            default -> Optional.empty();
        };
    }

    /** The kind of product for tick sizes and taxes; empty for an unsupported code. */
    public Optional<Product> product() {
        return switch (groupCode) {
            case "ST", "FS", "DR", "KN", "RT", "MF", "IF", "SC" -> Optional.of(Product.STOCK);
            case "EF", "FE" -> Optional.of(Product.ETF);
            case "EN" -> Optional.of(Product.ETN);
            default -> Optional.empty();
        };
    }

    /** Reads the block {@code output}. */
    public static ParseResult<InstrumentAnswer> parse(RestReply reply) {
        return ParseResult.of(() -> parse(reply.row("output").orElseThrow(() -> BadFieldException.missing("output"))));
    }

    private static InstrumentAnswer parse(Row row) {
        return new InstrumentAnswer(
                row.symbol("pdno"),
                row.textOr("std_pdno", ""),
                row.textOr("prdt_abrv_name", row.textOr("prdt_name", "")),
                row.textOr("prdt_eng_abrv_name", row.textOr("prdt_eng_name", "")),
                row.textOr("mket_id_cd", ""),
                row.textOr("scty_grp_id_cd", ""),
                row.wonIfAny("lstg_stqt"),
                row.decimalIfAny("papr"),
                listedOn(row),
                row.dateIfAny("lstg_abol_dt"),
                row.flag("tr_stop_yn"),
                row.flag("admn_item_yn"),
                row.wonIfAny("thdt_clpr"),
                row.wonIfAny("bfdy_clpr"),
                row.textOr("std_idst_clsf_cd_name", ""),
                row.flag("cptt_trad_tr_psbl_yn"),
                row.flag("nxt_tr_stop_yn"));
    }

    /** A stock that changed its market has a date for each. */
    private static Optional<LocalDate> listedOn(Row row) {
        Optional<LocalDate> kospi = row.dateIfAny("scts_mket_lstg_dt");
        Optional<LocalDate> kosdaq = row.dateIfAny("kosdaq_mket_lstg_dt");
        return row.textOr("mket_id_cd", "").equals("KSQ") ? kosdaq.or(() -> kospi) : kospi.or(() -> kosdaq);
    }
}
