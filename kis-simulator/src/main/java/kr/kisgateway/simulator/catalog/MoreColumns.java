package kr.kisgateway.simulator.catalog;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;
import kr.kisgateway.wire.RestCall.Column;

/** Columns that KIS sends and the catalog's source leaves out: programs in use read them and fail without. */
final class MoreColumns {
    private static final Map<String, List<Column>> OF = Map.of(
            "domestic_stock_search_info output",
                    List.of(
                            new Column("prdt_name", "상품명"),
                            new Column("prdt_name120", "상품명120"),
                            new Column("prdt_abrv_name", "상품약어명"),
                            new Column("prdt_eng_name", "상품영문명"),
                            new Column("prdt_eng_name120", "상품영문명120"),
                            new Column("prdt_eng_abrv_name", "상품영문약어명")),
            "overseas_stock_inquire_balance output1", List.of(new Column("ovrs_item_name", "해외종목명")),
            "overseas_stock_inquire_nccs output",
                    List.of(new Column("prdt_name", "상품명"), new Column("rjct_rson_name", "거부사유명")),
            "overseas_stock_inquire_present_balance output1", List.of(new Column("prdt_name", "상품명")),
            "overseas_stock_inquire_asking_price output2", levels());

    private MoreColumns() {}

    /** The columns of a block: the catalog's, and behind them those that it leaves out. */
    static List<Column> of(RestCall call, Block block) {
        return Stream.concat(
                        block.columns().stream(), OF.getOrDefault(call.id() + ' ' + block.name(), List.of()).stream())
                .toList();
    }

    /** The book has ten levels, of which the source shows the first. */
    private static List<Column> levels() {
        return IntStream.rangeClosed(2, 10)
                .boxed()
                .flatMap(level -> Stream.of(
                        new Column("pbid" + level, "매수호가가격" + level),
                        new Column("pask" + level, "매도호가가격" + level),
                        new Column("vbid" + level, "매수호가잔량" + level),
                        new Column("vask" + level, "매도호가잔량" + level),
                        new Column("dbid" + level, "매수호가대비" + level),
                        new Column("dask" + level, "매도호가대비" + level)))
                .toList();
    }
}
