package kr.kisgateway.simulator.catalog;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;

/**
 * One request to a call of the catalog.
 *
 * @param trId as sent
 * @param params by their names in capitals
 * @param isContinuation whether the header {@code tr_cont} requests the page after
 */
public record CatalogRequest(RestCall call, String trId, Map<String, String> params, boolean isContinuation) {
    private static final Pattern DAY = Pattern.compile("[0-9]{8}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]");
    private static final Pattern EVERYTHING = Pattern.compile("0*|%*|ALL");

    /** The parameters that carry the code of the requested product. */
    private static final List<String> CODES = List.of(
            "FID_INPUT_ISCD",
            "PDNO",
            "SYMB",
            "SRS_CD",
            "SHTN_PDNO",
            "OVRS_FUTR_FX_PDNO",
            "MKSC_SHRN_ISCD",
            "SHT_CD",
            "ITEM_CD",
            "FID_INPUT_ISCD_1",
            "PROD_ISCD",
            "UPJONG",
            "ICOD");

    private static final List<String> STARTS = List.of(
            "INQR_STRT_DT",
            "F_DT",
            "STRT_DT",
            "START_DATE",
            "START_DATE_TIME",
            "ORD_STRT_DT",
            "STRT_ORD_DT",
            "INQR_STRT_DAY",
            "INQR_TERM_FROM_DT",
            "ERLM_STRT_DT",
            "ST_YMD");

    private static final List<String> ENDS = List.of(
            "FID_INPUT_DATE_2",
            "INQR_END_DT",
            "T_DT",
            "END_DT",
            "END_DATE",
            "CLOSE_DATE_TIME",
            "ORD_END_DT",
            "END_ORD_DT",
            "INQR_END_DAY",
            "INQR_TERM_TO_DT",
            "ERLM_END_DT",
            "ED_YMD");

    private static final List<String> SINGLE_DAYS =
            List.of("FID_INPUT_DATE_1", "BASS_DT", "INQR_DT", "BYMD", "TRAD_DT", "BSOP_DATE", "ORD_DT");

    /** Earlier days are raised to this one: rows reach back from there, and no year before the first can be printed. */
    private static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);

    /** Later days are lowered to this one: holidays are listed onwards, and years have four digits. */
    private static final LocalDate LATEST = LocalDate.of(9900, 1, 1);

    /** This request with the defaults of its blank and absent parameters. */
    public CatalogRequest withDefaults() {
        Map<String, String> filled = new TreeMap<>(params);
        for (RestCall.Param param : call.params()) {
            String name = param.name().toUpperCase(Locale.ROOT);
            param.standard()
                    .filter(standard -> filled.getOrDefault(name, "").isBlank())
                    .ifPresent(standard -> filled.put(name, standard));
        }
        return new CatalogRequest(call, trId, filled, isContinuation);
    }

    /** The parameters with names in capitals, however the query or body spells them. */
    public static Map<String, String> upperCaseNames(Map<String, String> params) {
        Map<String, String> capitals = new TreeMap<>();
        params.forEach((name, value) -> capitals.put(name.toUpperCase(Locale.ROOT), value));
        return capitals;
    }

    /** A parameter, without spaces around it; empty when it is absent. */
    public String param(String name) {
        return params.getOrDefault(name, "").strip();
    }

    /** The code of the requested product; empty when the request is about all. */
    public Optional<String> code() {
        return CODES.stream()
                .map(this::param)
                .filter(code -> !EVERYTHING.matcher(code).matches())
                .findFirst();
    }

    /** The last day that the answer may contain. */
    LocalDate end(LocalDate today) {
        return firstDay(ENDS)
                .or(() -> firstDay(SINGLE_DAYS))
                .filter(day -> day.isBefore(today))
                .orElse(today);
    }

    /** The first requested day; empty when only an end is given. */
    Optional<LocalDate> start() {
        Optional<LocalDate> end = firstDay(ENDS);
        return end.isEmpty()
                ? Optional.empty()
                : firstDay(STARTS).or(() -> day(param("FID_INPUT_DATE_1"))).filter(day -> !day.isAfter(end.get()));
    }

    private Optional<LocalDate> firstDay(List<String> names) {
        return names.stream()
                .map(name -> day(param(name)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The requested number of rows, where it can be determined. */
    Optional<Integer> rows() {
        return List.of("QRY_CNT", "NREC").stream()
                .map(this::param)
                .filter(Pattern.compile("[1-9][0-9]{0,2}").asMatchPredicate())
                .map(Integer::valueOf)
                .findFirst();
    }

    /** A draw from everything that the answer depends on: all parameters except those that select the page. */
    SeededDraw draw(long seed) {
        SeededDraw draw = SeededDraw.of(seed).with(call.id());
        Predicate<String> aboutPages = name -> name.startsWith("CTX_AREA_")
                || call.paging()
                        .filter(paging -> paging.keys().stream().anyMatch(name::equalsIgnoreCase)
                                || paging.next().containsKey(name))
                        .isPresent();
        for (Map.Entry<String, String> param : new TreeMap<>(params).entrySet()) {
            if (!aboutPages.test(param.getKey())) {
                draw = draw.with(param.getKey()).with(param.getValue().strip());
            }
        }
        return draw;
    }

    /** A time of day written HHmmss; empty for any other text. */
    static Optional<LocalTime> time(String text) {
        return TIME.matcher(text).matches()
                ? Optional.of(LocalTime.of(
                        Integer.parseInt(text, 0, 2, 10),
                        Integer.parseInt(text, 2, 4, 10),
                        Integer.parseInt(text, 4, 6, 10)))
                : Optional.empty();
    }

    static Optional<LocalDate> day(String text) {
        if (!DAY.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.of(
                    Integer.parseInt(text.substring(0, 4)),
                    Integer.parseInt(text.substring(4, 6)),
                    Integer.parseInt(text.substring(6)));
            return Optional.of(day.isBefore(EARLIEST) ? EARLIEST : day.isAfter(LATEST) ? LATEST : day);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Without the values: they contain account numbers. */
    @Override
    public String toString() {
        return "Question[" + call.id() + ' ' + trId + ' ' + params.keySet() + "]";
    }
}
