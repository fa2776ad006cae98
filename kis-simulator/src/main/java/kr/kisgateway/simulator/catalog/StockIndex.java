package kr.kisgateway.simulator.catalog;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Product;

/**
 * An index of the Korea Exchange by its code at KIS (업종코드), and its members as far as the listing shows them: the shares of
 * a board, or those of a rank by capitalisation. The listing has no industries, so each company has one by lot, the same in
 * every request.
 *
 * @param level in hundredths, with the listing's closes [assumed]
 */
record StockIndex(String code, String name, long level, Members members) {
    /** Selects the listed shares of an index. */
    interface Members {
        List<Instrument> of(List<Instrument> shares);
    }

    private static final List<String> KOSPI_INDUSTRIES = List.of(
            "0005 음식료·담배",
            "0006 섬유·의류",
            "0007 종이·목재",
            "0008 화학",
            "0009 제약",
            "0010 비금속",
            "0011 금속",
            "0012 기계·장비",
            "0013 전기·전자",
            "0014 의료·정밀기기",
            "0015 운송장비·부품",
            "0016 유통",
            "0017 전기·가스",
            "0018 건설",
            "0019 운송·창고",
            "0020 통신",
            "0021 금융",
            "0024 증권",
            "0025 보험",
            "0026 일반서비스",
            "0028 부동산",
            "0029 IT 서비스",
            "0030 오락·문화");

    private static final List<String> KOSDAQ_INDUSTRIES = List.of(
            "1006 일반서비스",
            "1010 건설",
            "1011 유통",
            "1013 운송·창고",
            "1014 금융",
            "1015 오락·문화",
            "1019 음식료·담배",
            "1020 섬유·의류",
            "1021 종이·목재",
            "1022 출판·매체복제",
            "1023 화학",
            "1024 제약",
            "1025 비금속",
            "1026 금속",
            "1027 기계·장비",
            "1028 전기·전자",
            "1029 의료·정밀기기",
            "1030 운송장비·부품",
            "1031 기타제조",
            "1032 통신",
            "1033 IT 서비스");

    private static final Map<String, StockIndex> ALL = all();

    static Optional<StockIndex> find(String code) {
        return Optional.ofNullable(ALL.get(code));
    }

    /** The indices of a board: K for KOSPI's, Q for KOSDAQ's, K2 for the KOSPI 200 family; all for any other code. */
    static List<StockIndex> ofBoard(String boardCode) {
        String first = switch (boardCode) {
            case "K" -> "0";
            case "Q" -> "1";
            case "K2" -> "2";
            default -> "";
        };
        return ALL.values().stream().filter(each -> each.code.startsWith(first)).toList();
    }

    /**
     * The index's largest common stocks, largest first.
     *
     * @param shares all of them, as {@link #shares} orders them
     */
    List<Instrument> largest(List<Instrument> shares, int max) {
        return members.of(shares).stream()
                .filter(StockIndex::isCommon)
                .limit(max)
                .toList();
    }

    /** All shares that count among those that rise and fall. */
    List<Instrument> constituents(List<Instrument> shares) {
        return members.of(shares);
    }

    /** The shares of a listing, those of the largest companies first. */
    static List<Instrument> shares(List<Instrument> listing) {
        return listing.stream()
                .filter(each -> each.product() == Product.STOCK)
                .sorted(Comparator.comparingLong((Instrument each) -> each.close() * each.listedShares())
                        .reversed()
                        .thenComparing(Instrument::symbol))
                .toList();
    }

    private static boolean isCommon(Instrument share) {
        return share.symbol().code().endsWith("0");
    }

    private static Map<String, StockIndex> all() {
        Map<String, StockIndex> all = new LinkedHashMap<>();
        put(all, "0001 종합", 500_000, board(Board.KOSPI));
        put(all, "0002 대형주", 480_000, ranks(Board.KOSPI, 0, 100));
        put(all, "0003 중형주", 330_000, ranks(Board.KOSPI, 100, 300));
        put(all, "0004 소형주", 250_000, ranks(Board.KOSPI, 300, Integer.MAX_VALUE));
        industries(all, KOSPI_INDUSTRIES, Board.KOSPI);
        put(all, "1001 종합", 100_000, board(Board.KOSDAQ));
        put(all, "1002 대형주", 210_000, ranks(Board.KOSDAQ, 0, 100));
        put(all, "1003 중형주", 80_000, ranks(Board.KOSDAQ, 100, 400));
        put(all, "1004 소형주", 260_000, ranks(Board.KOSDAQ, 400, Integer.MAX_VALUE));
        industries(all, KOSDAQ_INDUSTRIES, Board.KOSDAQ);
        put(all, "2001 코스피 200", 70_000, ranks(Board.KOSPI, 0, 200));
        put(all, "2007 코스피 100", 520_000, ranks(Board.KOSPI, 0, 100));
        put(all, "2008 코스피 50", 470_000, ranks(Board.KOSPI, 0, 50));
        put(all, "3003 코스닥 150", 160_000, ranks(Board.KOSDAQ, 0, 150));
        put(
                all,
                "4001 KRX 100",
                1_000_000,
                shares -> shares.stream()
                        .filter(each -> each.board() != Board.KONEX && isCommon(each))
                        .limit(100)
                        .toList());
        return Collections.unmodifiableMap(all);
    }

    private static void industries(Map<String, StockIndex> all, List<String> industries, Board market) {
        for (int i = 0; i < industries.size(); i++) {
            int number = i;
            put(
                    all,
                    industries.get(i),
                    80_000 + 10_000L * Math.floorMod(industries.get(i).hashCode(), 40),
                    shares -> of(shares, market)
                            .filter(each -> industryOf(each, industries.size()) == number)
                            .toList());
        }
    }

    /** The industry of a share; a company's shares of every kind are in one industry. */
    private static int industryOf(Instrument share, int industries) {
        long mixed = share.symbol().code().substring(0, 5).hashCode() * 0x9E3779B97F4A7C15L;
        return (int) Long.remainderUnsigned(mixed >>> 16, industries);
    }

    private static Members board(Board market) {
        return shares -> of(shares, market).toList();
    }

    private static Members ranks(Board market, int from, int to) {
        return shares -> of(shares, market)
                .filter(StockIndex::isCommon)
                .skip(from)
                .limit((long) to - from)
                .toList();
    }

    private static Stream<Instrument> of(List<Instrument> shares, Board market) {
        return shares.stream().filter(each -> each.board() == market);
    }

    private static void put(Map<String, StockIndex> all, String codeAndName, long level, Members members) {
        String code = codeAndName.substring(0, 4);
        all.put(code, new StockIndex(code, codeAndName.substring(5), level, members));
    }
}
