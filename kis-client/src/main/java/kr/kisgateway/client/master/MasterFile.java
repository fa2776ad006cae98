package kr.kisgateway.client.master;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Board;

/** The supported master files. ETFs and ETNs are rows of {@link #KOSPI} with their own group code. */
public enum MasterFile {
    /** KOSPI stocks, ETFs, ETNs and other listings; {@link MasterTable#stocks}. */
    KOSPI("kospi_code.mst", "kospi_code", Kind.STOCKS),
    /** KOSDAQ stocks; {@link MasterTable#stocks}. */
    KOSDAQ("kosdaq_code.mst", "kosdaq_code", Kind.STOCKS),
    /** KONEX stocks; {@link MasterTable#stocks}. */
    KONEX("konex_code.mst", "konex_code", Kind.STOCKS),
    /** Equity-linked warrants (ELW). */
    ELW("elw_code.mst", "elw_code", Kind.ROWS),
    /** Sectors and indices (업종). */
    SECTORS("idxcode.mst", "idxcode", Kind.ROWS),
    /** Themes (테마), one line for each stock of each. */
    THEMES("theme_code.mst", "theme_code", Kind.ROWS),
    /** Members of the exchange (회원사). The only file that is not zipped. */
    MEMBERS("memcode.mst", "memcode", Kind.ROWS),
    /** Index futures and options. */
    INDEX_DERIVATIVES("fo_idx_code_mts.mst", "fo_code_mts", Kind.ROWS),
    /** Stock futures and options. */
    STOCK_DERIVATIVES("fo_stk_code_mts.mst", "fo_code_mts", Kind.ROWS),
    /** Commodity futures and options. */
    COMMODITY_DERIVATIVES("fo_com_code.mst", "fo_com_code", Kind.ROWS),
    /** Bonds listed on the exchange. */
    BONDS("bond_code.mst", "bond_code", Kind.ROWS),
    /** NASDAQ; {@link MasterTable#overseas}. */
    NASDAQ("nasmst.cod", "overseas", Kind.OVERSEAS),
    /** New York. */
    NYSE("nysmst.cod", "overseas", Kind.OVERSEAS),
    /** NYSE American and Arca. */
    AMEX("amsmst.cod", "overseas", Kind.OVERSEAS),
    /** Shanghai. */
    SHANGHAI("shsmst.cod", "overseas", Kind.OVERSEAS),
    /** Indices of Shanghai. */
    SHANGHAI_INDICES("shimst.cod", "overseas", Kind.OVERSEAS),
    /** Shenzhen. */
    SHENZHEN("szsmst.cod", "overseas", Kind.OVERSEAS),
    /** Indices of Shenzhen. */
    SHENZHEN_INDICES("szimst.cod", "overseas", Kind.OVERSEAS),
    /** Tokyo. */
    TOKYO("tsemst.cod", "overseas", Kind.OVERSEAS),
    /** Hong Kong. */
    HONG_KONG("hksmst.cod", "overseas", Kind.OVERSEAS),
    /** Hanoi. */
    HANOI("hnxmst.cod", "overseas", Kind.OVERSEAS),
    /** Ho Chi Minh City. */
    HO_CHI_MINH("hsxmst.cod", "overseas", Kind.OVERSEAS);

    /** The type of the lines of a file. */
    enum Kind {
        STOCKS,
        OVERSEAS,
        ROWS
    }

    private static final Map<String, Layout> LAYOUTS = Layout.readAll();

    private final String fileName;
    private final String layout;
    private final Kind kind;

    MasterFile(String fileName, String layout, Kind kind) {
        this.fileName = fileName;
        this.layout = layout;
        this.kind = kind;
    }

    /** The file's name once unpacked, {@code kospi_code.mst}. */
    public String fileName() {
        return fileName;
    }

    /** Whether it is downloaded as a zip, under its name and {@code .zip}. */
    public boolean isZipped() {
        return this != MEMBERS;
    }

    /** The fields of its lines, in their order. */
    public List<MasterField> fields() {
        return layout().fields();
    }

    /** The market whose stocks it lists; empty for every other file. */
    public Optional<Board> market() {
        return switch (this) {
            case KOSPI -> Optional.of(Board.KOSPI);
            case KOSDAQ -> Optional.of(Board.KOSDAQ);
            case KONEX -> Optional.of(Board.KONEX);
            default -> Optional.empty();
        };
    }

    Kind kind() {
        return kind;
    }

    Layout layout() {
        Layout found = LAYOUTS.get(layout);
        if (found == null) {
            throw new IllegalStateException("layouts.tsv has no layout " + layout);
        }
        return found;
    }
}
