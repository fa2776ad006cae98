package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Interruption;
import kr.kisgateway.wire.print.Percent;

/** The rows of inquire-vi-status: today's interruptions on KRX, the newest first. */
record Interruptions(List<Interruption> rows, List<String> names, LocalDate day) implements KnownFields {
    /** @param today the only day whose interruptions are recorded */
    static Interruptions query(CatalogRequest request, Exchange exchange, LocalDate today) {
        String requestedDate = request.param("FID_INPUT_DATE_1");
        boolean ofToday =
                requestedDate.isBlank() || requestedDate.equals(DateTimeFormatter.BASIC_ISO_DATE.format(today));
        List<Interruption> rows = exchange.interruptions().reversed().stream()
                .filter(each -> ofToday && each.venue() == Venue.KRX && matches(request, exchange, each))
                .toList();
        return new Interruptions(
                rows, rows.stream().map(each -> name(exchange, each)).toList(), today);
    }

    private static boolean matches(CatalogRequest request, Exchange exchange, Interruption each) {
        String code = request.param("FID_INPUT_ISCD").strip();
        boolean up = each.price() >= each.dynamicReference();
        Board market = exchange.find(each.symbol()).orElseThrow().instrument().board();
        return (code.isEmpty() || code.equals(each.symbol().code()))
                && switch (request.param("FID_DIV_CLS_CODE")) {
                    case "1" -> up;
                    case "2" -> !up;
                    default -> true;
                }
                && switch (request.param("FID_MRKT_CLS_CODE")) {
                    case "K" -> market == Board.KOSPI;
                    case "Q" -> market == Board.KOSDAQ;
                    default -> true;
                }
                && switch (request.param("FID_RANK_SORT_CLS_CODE")) {
                    case "1" -> each.kind() == Interruption.Kind.STATIC;
                    case "2" -> each.kind() == Interruption.Kind.DYNAMIC;
                    case "3" -> each.kind() == Interruption.Kind.BOTH;
                    default -> true;
                };
    }

    private static String name(Exchange exchange, Interruption each) {
        return exchange.find(each.symbol()).orElseThrow().instrument().name();
    }

    @Override
    public Optional<Integer> rows(String block) {
        return Optional.of(rows.size());
    }

    @Override
    public Optional<String> code(String block, int row) {
        return Optional.of(rows.get(row).symbol().code());
    }

    @Override
    public Map<String, String> values(String block, int row) {
        Interruption each = rows.get(row);
        return Map.ofEntries(
                Map.entry("hts_kor_isnm", names.get(row)),
                Map.entry("mksc_shrn_iscd", each.symbol().code()),
                Map.entry("vi_cls_code", each.ended().isEmpty() ? "Y" : "N"),
                Map.entry("bsop_date", DateTimeFormatter.BASIC_ISO_DATE.format(day)),
                Map.entry("cntg_vi_hour", time(each.at())),
                Map.entry("vi_cncl_hour", each.ended().map(Interruptions::time).orElse("000000")),
                Map.entry(
                        "vi_kind_code",
                        switch (each.kind()) {
                            case STATIC -> "1";
                            case DYNAMIC -> "2";
                            case BOTH -> "3";
                        }),
                Map.entry("vi_prc", Long.toString(each.price())),
                Map.entry("vi_stnd_prc", Long.toString(each.staticReference())),
                Map.entry("vi_dprt", Percent.of(each.price() - each.staticReference(), each.staticReference())),
                Map.entry("vi_dmc_stnd_prc", Long.toString(each.dynamicReference())),
                Map.entry("vi_dmc_dprt", Percent.of(each.price() - each.dynamicReference(), each.dynamicReference())),
                Map.entry("vi_count", Integer.toString(each.count())));
    }

    private static String time(Instant at) {
        return Frames.padded(KoreanLedger.koreanTime(at), 6);
    }
}
