package kr.kisgateway.requirement;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@code docs/REQUIREMENTS.md}: every requirement, its clauses, and the tests that verify them. Its problems are claims
 * of rows or clauses that do not exist, rows without clauses, and rows marked finished that are not.
 */
public final class RequirementsPage {
    private final List<Entry> entries;
    private final List<String> problems;

    private RequirementsPage(List<Entry> entries, List<String> problems) {
        this.entries = entries;
        this.problems = problems;
    }

    /** How much of a row is verified by tests. */
    private enum State {
        SHOWN("shown"),
        PARTLY("partly"),
        NOT_YET("not yet");

        private final String label;

        State(String label) {
            this.label = label;
        }
    }

    private record Entry(FoundingRequirements.Row row, Map<String, String> clauses, List<Claims.Claim> claims) {
        List<Claims.Claim> of(String clause) {
            return claims.stream().filter(c -> c.clause().equals(clause)).toList();
        }

        /** The clauses that no regularly run test claims. */
        List<String> missing() {
            return clauses.keySet().stream()
                    .filter(c -> of(c).stream().allMatch(Claims.Claim::longOnly))
                    .toList();
        }

        State state() {
            List<String> missing = missing();
            if (missing.isEmpty() && !clauses.isEmpty()) {
                return State.SHOWN;
            }
            return missing.size() == clauses.size() ? State.NOT_YET : State.PARTLY;
        }
    }

    /** Reads the founding documents, the clauses and the sources of all tests of the project in this folder. */
    public static RequirementsPage read(Path project) throws IOException {
        var founding = FoundingRequirements.read(project.resolve("docs/founding/REQUIREMENTS.md"));
        Clauses.Table table = Clauses.read(project.resolve("docs/founding/clauses.txt"));
        Claims.Found found = Claims.read(project);
        var problems = new ArrayList<>(table.problems());
        problems.addAll(found.problems());
        for (String id : table.rows().keySet()) {
            if (!founding.containsKey(id)) {
                problems.add("clauses.txt has a row " + id + ", which was not asked for");
            }
        }
        var entries = new ArrayList<Entry>();
        var noClauses = new Clauses.Row("", false, new java.util.LinkedHashMap<>());
        for (FoundingRequirements.Row row : founding.values()) {
            Clauses.Row clauses = table.rows().getOrDefault(row.id(), noClauses);
            if (clauses.clauses().isEmpty()) {
                problems.add(row.id() + " has no clauses in clauses.txt");
            }
            List<Claims.Claim> claims = found.claims().stream()
                    .filter(c -> c.row().equals(row.id()))
                    .sorted(Comparator.comparing(Claims.Claim::place))
                    .toList();
            var entry = new Entry(row, clauses.clauses(), claims);
            for (Claims.Claim claim : claims) {
                if (!claim.clause().isEmpty() && !clauses.clauses().containsKey(claim.clause())) {
                    problems.add(
                            claim.place() + " claims the clause " + claim.clause() + " of " + row.id() + ", which has "
                                    + String.join(", ", clauses.clauses().keySet()));
                }
            }
            if (clauses.finished() && entry.state() != State.SHOWN) {
                problems.add(row.id() + " is marked finished, and no test shows " + String.join(", ", entry.missing()));
            }
            entries.add(entry);
        }
        for (Claims.Claim claim : found.claims()) {
            if (!founding.containsKey(claim.row())) {
                problems.add(claim.place() + " claims " + claim.row() + ", which was not asked for");
            }
        }
        return new RequirementsPage(entries, problems);
    }

    /** Problems of the claims, one sentence each; empty when there are none. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** The expected page. */
    public String text() {
        var page = new StringBuilder("""
                # Requirements and the tests that show them

                Written by `./kis requirements` from the annotations of the tests (`@Requirement(value = "G-05", clause = "sim")`), the texts of
                [founding/REQUIREMENTS.md](founding/REQUIREMENTS.md) and the clauses of [founding/clauses.txt](founding/clauses.txt); not edited
                by hand. A row is *shown* when a test claims each of its clauses, *partly* when some are claimed; a test that runs only with
                `./kis test --long` shows none. `./kis test` fails when a test claims what does not exist, when a claim stands where no test runs,
                when a row that is marked finished is not shown, and when this page is not what the tests say.

                """);
        Map<State, Long> count = entries.stream().collect(Collectors.groupingBy(Entry::state, Collectors.counting()));
        page.append(entries.size()).append(" rows: ");
        page.append(java.util.Arrays.stream(State.values())
                .map(s -> count.getOrDefault(s, 0L) + " " + s.label)
                .collect(Collectors.joining(", ")));
        page.append(".\n\n| row | asked for | state | clauses without a test |\n|---|---|---|---|\n");
        for (Entry entry : entries) {
            String id = entry.row().id();
            page.append("| [%s](#%s) | %s | %s | %s |\n"
                    .formatted(
                            id,
                            id.toLowerCase(java.util.Locale.ROOT),
                            entry.row().requirement(),
                            entry.state().label,
                            String.join(", ", entry.missing())));
        }
        for (Entry entry : entries) {
            append(page, entry);
        }
        return page.toString();
    }

    private static void append(StringBuilder page, Entry entry) {
        page.append("\n## %s\n\n%s\n\nOurs: %s\n\nState: %s\n\n"
                .formatted(
                        entry.row().id(), entry.row().requirement(), entry.row().commitment(), entry.state().label));
        entry.clauses().forEach((clause, text) -> {
            List<Claims.Claim> claims = entry.of(clause);
            page.append("- **%s**: %s%s\n".formatted(clause, text, claims.isEmpty() ? ": no test" : ""));
            claims.forEach(c -> page.append("  - ").append(c.place()).append('\n'));
        });
        List<Claims.Claim> beside = entry.of("");
        if (!beside.isEmpty()) {
            page.append("- about the row, without a clause of it\n");
            beside.forEach(c -> page.append("  - ").append(c.place()).append('\n'));
        }
    }
}
