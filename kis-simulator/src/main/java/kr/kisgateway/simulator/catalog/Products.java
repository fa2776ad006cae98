package kr.kisgateway.simulator.catalog;

import java.util.List;

/** Products to fill lists with, each kind in the spelling of its codes. */
final class Products {
    /** Heavily traded stocks; their names and prices are the market's. */
    static final List<String> STOCKS = List.of(
            "005930", "000660", "047040", "001510", "005935", "034020", "009830", "032820", "475150", "000250",
            "005380", "036930", "402340", "012450", "277810", "000270", "263750", "417200", "100090", "050890",
            "055550", "009150", "000720", "006360", "006910", "086790", "187660", "178320", "046120", "316140",
            "064350", "278470", "105840", "007660", "044490", "006800", "042700", "375500", "353200", "079550");

    private static final List<String> FOREIGN = List.of(
            "NVDA", "AAPL", "MSFT", "AMZN", "GOOGL", "META", "AVGO", "TSLA", "JPM", "LLY", "V", "WMT", "XOM", "MA",
            "JNJ", "AMD", "MU");

    private static final List<String> INDICES = List.of("0001", "0002", "1001", "1002", "2001", "2007");

    private static final List<String> FUTURES = List.of("101W09", "101W12", "105W09", "106W09", "111W09", "112W09");
    private static final List<String> OPTIONS = List.of("201W09350", "201W09355", "301W09350", "301W09345");
    private static final List<String> FOREIGN_FUTURES = List.of("ESU26", "NQU26", "CLU26", "GCU26", "6EU26");
    private static final List<String> BONDS = List.of("KR103502GA34", "KR2033022D33", "KR6095572D81", "KR103501GC99");
    private static final List<String> WARRANTS = List.of("57LA24", "58J297", "52K577", "50L101");

    static final List<String> INDUSTRIES = List.of("전기·전자", "금융", "운송장비·부품", "화학", "제약", "건설", "유통", "IT 서비스");

    static final List<String> HEADLINES = List.of("단일판매·공급계약 체결", "분기 실적 발표", "신규 시설투자 결정", "자기주식 취득 결정", "주주총회 소집 결의");

    private Products() {}

    static List<String> codes(PriceKind kind) {
        return switch (kind) {
            case STOCK -> STOCKS;
            case INDEX -> INDICES;
            case BOND, YIELD -> BONDS;
            case ELW -> WARRANTS;
            case FUTURE -> FUTURES;
            case OPTION -> OPTIONS;
            case FOREIGN -> FOREIGN;
            case FOREIGN_FUTURE -> FOREIGN_FUTURES;
        };
    }

    static String oneOf(List<String> options, SeededDraw draw) {
        return options.get((int) draw.below(options.size()));
    }

    /** A name for a product without a listing; an unlisted stock has none. */
    static String name(PriceKind kind, String code) {
        return switch (kind) {
            case STOCK -> "";
            case INDEX -> StockIndex.find(code).map(StockIndex::name).orElse("업종 " + code);
            case BOND, YIELD -> "국고채 " + code.substring(Math.max(0, code.length() - 4));
            case ELW -> "한국 " + code;
            case FUTURE -> "F " + code;
            case OPTION -> "C " + code;
            case FOREIGN, FOREIGN_FUTURE -> code;
        };
    }
}
