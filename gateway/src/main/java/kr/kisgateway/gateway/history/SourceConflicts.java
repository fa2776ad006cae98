package kr.kisgateway.gateway.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.history.HistoryStore.Conflict;
import kr.kisgateway.gateway.history.HistoryStore.MergeResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes about days with different figures of two sources. */
final class SourceConflicts {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** Conflicts listed in a unit's note. */
    private static final int LISTED_MAX = 5;

    private SourceConflicts() {}

    /** @param files the units by their staged files */
    static Map<String, String> notes(MergeResult merged, Map<Path, String> files) {
        var byUnit = new HashMap<String, List<String>>();
        for (Conflict conflict : merged.conflicts()) {
            String text = conflict.symbol() + " on " + conflict.day() + " (" + conflict.staged() + "; "
                    + conflict.written() + "; " + conflict.chosenSource() + "'s figures are used)";
            String unit = files.get(conflict.file());
            if (unit != null) {
                byUnit.computeIfAbsent(unit, _ -> new ArrayList<>()).add(text);
            }
            LOG.warn("history_conflict_found {}", text);
        }
        if (merged.uncollected() > 0) {
            LOG.warn("history_conflicts_omitted count={}", merged.uncollected());
        }
        var notes = new HashMap<String, String>();
        byUnit.forEach((unit, texts) -> notes.put(
                unit,
                "the sources differ in " + texts.size() + (texts.size() == 1 ? " bar: " : " bars: ")
                        + String.join(", ", texts.subList(0, Math.min(LISTED_MAX, texts.size())))
                        + (texts.size() > LISTED_MAX ? ", …" : "")));
        return notes;
    }
}
