package kr.kisgateway.gateway.face;

import java.time.LocalDate;
import java.util.Set;
import kr.kisgateway.gateway.access.FaceRecords;
import kr.kisgateway.wire.RealtimeTr;
import kr.kisgateway.wire.print.Layout;

/** The widths of records that a key expects: KIS widens them, and programs with fixed widths break that day. */
enum FrameLayout {
    /** As before the additions of 2025 and of 2026-09-14: notices of 23 columns, trades of 46, books of 59. */
    CLASSIC(new Layout(46, 59, 23)),
    /** As KIS's official samples name the columns: those of notices were added there, those of 2026-09-14 not. */
    SAMPLES(new Layout(46, 59, 26)),
    /** As since then, without anything that KIS adds later. */
    SINCE_AFTER_MARKET(Layout.CURRENT),
    /** As KIS sends them. */
    CURRENT(Layout.CURRENT);

    /** TRs that had one more column from that day on; the catalog has the columns before. */
    private static final Set<String> WIDENED = Set.of("H0STCNT0", "H0STASP0", "H0NXCNT0", "H0UNCNT0", "H0UNASP0");

    private final Layout layout;

    FrameLayout(Layout layout) {
        this.layout = layout;
    }

    /** @param name {@code classic}, {@code samples}, {@code current}, or a day as {@code 2026-11-22} */
    static FrameLayout of(String name) {
        return switch (name) {
            case "classic" -> CLASSIC;
            case "samples" -> SAMPLES;
            case "current" -> CURRENT;
            default -> LocalDate.parse(name).isBefore(FaceRecords.WIDENED_ON) ? CLASSIC : SINCE_AFTER_MARKET;
        };
    }

    /** The layout of what the gateway prints itself. */
    Layout printed() {
        return layout;
    }

    /** Columns of a record that are passed on, at most. */
    int width(RealtimeTr tr) {
        if (this == CURRENT) {
            return Integer.MAX_VALUE;
        }
        int documented = tr.columns().size() + tr.leading().map(_ -> 1).orElse(0);
        return this == SINCE_AFTER_MARKET && WIDENED.contains(tr.trId()) ? documented + 1 : documented;
    }
}
