package kr.kisgateway.requirement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The clauses of each row: one line for the row, {@code G-05} or {@code G-05 finished}, and an indented line for each
 * clause with its name and requirement.
 */
final class Clauses {
    private static final Pattern ROW = Pattern.compile("([A-Z]-[0-9]{2})( finished)?");
    private static final Pattern CLAUSE = Pattern.compile("  ([a-z0-9-]+)\\s+(\\S.*)");

    private Clauses() {}

    /** The clauses of one row, by name, and whether the row is marked finished. */
    record Row(String id, boolean finished, SequencedMap<String, String> clauses) {}

    /** The rows of the file, and problems of unreadable lines. */
    record Table(SequencedMap<String, Row> rows, List<String> problems) {}

    static Table read(Path file) throws IOException {
        var rows = new LinkedHashMap<String, Row>();
        var problems = new ArrayList<String>();
        String current = "";
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            Matcher row = ROW.matcher(line);
            Matcher clause = CLAUSE.matcher(line);
            String place = file.getFileName() + ":" + number + ": ";
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (row.matches()) {
                current = row.group(1);
                if (rows.putIfAbsent(current, new Row(current, row.group(2) != null, new LinkedHashMap<>())) != null) {
                    problems.add(place + "row " + current + " stands there twice");
                }
            } else if (clause.matches() && rows.get(current) instanceof Row owner) {
                if (owner.clauses().putIfAbsent(clause.group(1), clause.group(2)) != null) {
                    problems.add(place + "clause " + clause.group(1) + " of " + current + " stands there twice");
                }
            } else {
                problems.add(place + "neither a row nor a clause of one: " + line);
            }
        }
        return new Table(rows, problems);
    }
}
