package kr.kisgateway.requirement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** The rows of the founding documents, verbatim. */
final class FoundingRequirements {
    private static final Pattern CELL_BORDER = Pattern.compile(" \\| ");
    private static final Pattern ID = Pattern.compile("[A-Z]-[0-9]{2}");

    private FoundingRequirements() {}

    /** One row: the requirement and the commitment. */
    record Row(String id, String requirement, String commitment) {}

    static SequencedMap<String, Row> read(Path file) throws IOException {
        var rows = new LinkedHashMap<String, Row>();
        for (String line : Files.readAllLines(file)) {
            if (!line.startsWith("| ") || !line.endsWith(" |")) {
                continue;
            }
            String[] cells = CELL_BORDER.split(line.substring(2, line.length() - 2), -1);
            if (cells.length == 3 && ID.matcher(cells[0]).matches()) {
                rows.put(cells[0], new Row(cells[0], cells[1], cells[2]));
            }
        }
        return rows;
    }
}
