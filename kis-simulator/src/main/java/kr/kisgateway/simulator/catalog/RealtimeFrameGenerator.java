package kr.kisgateway.simulator.catalog;

import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Layout;

/**
 * One frame of every realtime TR of the catalog, simulated or not. Its values follow from seed, TR, key and second; prices of
 * listed stocks are the market's.
 */
public final class RealtimeFrameGenerator {
    private static final FramePrinter PRINTER = new FramePrinter(Layout.CURRENT);

    /** TRs of paper's socket beside those with a paper id in the catalog. */
    private static final List<String> ALSO_IN_PAPER = List.of("HDFSCNT0");

    /** Columns appended on 2026-09-14 that the catalog does not contain yet. */
    private static final Map<String, String> NEWEST_COLUMN = Map.of("H0NXCNT0", "2", "H0UNCNT0", "2", "H0UNASP0", "1");

    private static final Pattern OVERSEAS_KEY = Pattern.compile("[DR][A-Z]{3}.+");
    private static final Pattern KEY_FORM =
            Pattern.compile("[!-~&&[^\\^|\"\\\\]]([ -~&&[^\\^|\"\\\\]]{0,30}[!-~&&[^\\^|\"\\\\]])?");

    /** The values of notices for a fill of ten pieces bought. */
    private static final Map<String, String> NOTICE_VALUES = Map.ofEntries(
            Map.entry("acnt_no", "0000000000"),
            Map.entry("acct_no", "0000000000"),
            Map.entry("ooder_no", ""),
            Map.entry("orgn_odno", ""),
            Map.entry("seln_byov_cls", "02"),
            Map.entry("rctf_cls", "0"),
            Map.entry("rfus_yn", "0"),
            Map.entry("cntg_yn", "2"),
            Map.entry("acpt_yn", "2"),
            Map.entry("cntg_qty", "0000000010"),
            Map.entry("oder_qty", "000000010"));

    private final long seed;
    private final Face face;
    private final Catalog catalog;
    private final MarketView market;
    private final Quotes quotes;
    private final Map<RealtimeTr, ColumnSpec.RowSpec> rows = new IdentityHashMap<>();

    public RealtimeFrameGenerator(long seed, Face face, Catalog catalog, MarketView market) {
        this.seed = seed;
        this.face = face;
        this.catalog = catalog;
        this.market = market;
        this.quotes = new Quotes(seed);
    }

    /** The TR that this face serves under {@code trId}. */
    public Optional<RealtimeTr> find(String trId) {
        return catalog.realtime(trId)
                .filter(tr -> face == Face.LIVE
                        ? tr.trId().equals(trId)
                        : tr.paperTrId().filter(trId::equals).isPresent() || ALSO_IN_PAPER.contains(trId));
    }

    /** Whether the TR's key is the customer's HTS id, which must be the key's own. */
    public static boolean isNotice(RealtimeTr tr) {
        return tr.keyKind().contains("HTS id");
    }

    /** Whether {@code key} may be registered: printable, without column separators. */
    public static boolean isKey(String key) {
        return KEY_FORM.matcher(key).matches();
    }

    /** The frame for the second of {@code now}: one record, encrypted where KIS encrypts. */
    public String frame(RealtimeTr tr, String trId, String key, Instant now, NoticeKey secret) {
        List<String> values = new ArrayList<>();
        boolean notice = isNotice(tr);
        LocalTime time = now.atZone(TradingCalendar.SEOUL).toLocalTime().truncatedTo(ChronoUnit.SECONDS);
        String code =
                OVERSEAS_KEY.matcher(key).matches() && tr.category().equals("overseas_stock") ? key.substring(4) : key;
        boolean live = market.find(code).isPresent();
        ColumnSpec.RowSpec cells = rows.computeIfAbsent(tr, of -> ColumnSpec.RowSpec.of(of.columns(), of.category()));
        RowValues.RowContext context = new RowValues.RowContext(
                tr.category(),
                cells.main(),
                key.startsWith("D") || key.startsWith("R") ? key.substring(1, Math.min(4, key.length())) : "NAS",
                notice ? Optional.empty() : Optional.of(code),
                market.day(),
                time,
                0,
                live ? 0 : 24 * 3_600 - time.toSecondOfDay());
        SeededDraw draw = SeededDraw.of(seed).with(tr.trId()).with(key).with(now.getEpochSecond());
        RowValues row = new RowValues(quotes, market, face, context, draw);
        boolean first = true;
        for (ColumnSpec column : cells.cells()) {
            boolean isKey = first && !notice && column.meaning() != Meaning.YES_NO;
            first = false;
            values.add((isKey ? key : value(column, key, notice, row))
                    .replace('^', ' ')
                    .replace('|', ' '));
        }
        Optional.ofNullable(NEWEST_COLUMN.get(tr.trId())).ifPresent(values::add);
        String frame = PRINTER.frame(trId, List.of(values));
        if (!tr.encrypted()) {
            return frame;
        }
        int payload = frame.lastIndexOf('|') + 1;
        return "1" + frame.substring(1, payload) + secret.encrypt(frame.substring(payload));
    }

    private static String value(ColumnSpec column, String key, boolean notice, RowValues row) {
        if (!notice) {
            return row.of(column);
        }
        boolean customer = column.key().equals("cust_id") || column.key().equals("user_id");
        return customer ? key : NOTICE_VALUES.getOrDefault(column.key(), row.of(column));
    }
}
