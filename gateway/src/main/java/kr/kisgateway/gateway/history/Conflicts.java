package kr.kisgateway.gateway.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.history.HistoryStore.Conflict;
import kr.kisgateway.gateway.history.HistoryStore.Merged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What somebody should know when two sources tell different figures of a day. */
final class Conflicts {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");
    /** Conflicts of a unit that its note names. */
    private static final int NAMED = 5;

    private Conflicts() {}

    /** @param files the units by the files that their bars were staged in */
    static Map<String, String> notes(Merged merged, Map<Path, String> files) {
        var byUnit = new HashMap<String, List<String>>();
        for (Conflict conflict : merged.conflicts()) {
            String text = conflict.symbol() + " on " + conflict.day() + " (" + conflict.staged() + "; "
                    + conflict.written() + "; " + conflict.kept() + "'s figures hold)";
            String unit = files.get(conflict.file());
            if (unit != null) {
                byUnit.computeIfAbsent(unit, _ -> new ArrayList<>()).add(text);
            }
            LOG.warn("history_differs {}", text);
        }
        if (merged.more() > 0) {
            LOG.warn("history_differs more={}", merged.more());
        }
        var notes = new HashMap<String, String>();
        byUnit.forEach((unit, texts) -> notes.put(
                unit,
                "the sources differ in " + texts.size() + (texts.size() == 1 ? " bar: " : " bars: ")
                        + String.join(", ", texts.subList(0, Math.min(NAMED, texts.size())))
                        + (texts.size() > NAMED ? ", …" : "")));
        return notes;
    }
}
