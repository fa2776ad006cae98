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

/** What somebody should know when two sources tell different figures of a day. */
final class SourceConflicts {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** Conflicts of a unit that its note names. */
    private static final int LISTED_MAX = 5;

    private SourceConflicts() {}

    /** @param files the units by the files that their bars were staged in */
    static Map<String, String> notes(MergeResult merged, Map<Path, String> files) {
        var byUnit = new HashMap<String, List<String>>();
        for (Conflict conflict : merged.conflicts()) {
            String text = conflict.symbol() + " on " + conflict.day() + " (" + conflict.staged() + "; "
                    + conflict.written() + "; " + conflict.chosenSource() + "'s figures hold)";
            String unit = files.get(conflict.file());
            if (unit != null) {
                byUnit.computeIfAbsent(unit, _ -> new ArrayList<>()).add(text);
            }
            LOG.warn("history_differs {}", text);
        }
        if (merged.uncollected() > 0) {
            LOG.warn("history_differs more={}", merged.uncollected());
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
