package kr.kisgateway.requirement.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of mutations: a row of the scores for each core, which a run writes, and for each core the mutants that no test needs to
 * notice, which people write.
 */
final class MutationPage {
    private static final String BEGIN = "<!-- scores: written by ./kis mutate -->";
    private static final String END = "<!-- end of the scores -->";
    /** {@code | `Bars.merge` | negated conditional | 2 | the reason |}. */
    private static final Pattern EXPLANATION = Pattern.compile("\\| `([^`]+)` \\| (.+?) \\| (\\d+) \\| (\\S.*) \\|");

    private final Path file;
    private final String text;

    private MutationPage(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static MutationPage read(Path file) throws IOException {
        return new MutationPage(file, Files.readString(file));
    }

    /** Writes the core's row of the scores, in place of an earlier one. */
    void write(String core, MutationRun run, String commit, String day) throws IOException {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(
                    file.getFileName() + " has no place for the scores: \"" + BEGIN + "\" … \"" + END + "\"");
        }
        List<String> rows = new ArrayList<>(text.substring(begin + BEGIN.length(), end)
                .lines()
                .filter(Predicate.not(String::isBlank))
                .toList());
        String row = row(core, run, commit, day);
        int known = indexOf(rows, core);
        if (known < 0) {
            rows.add(row);
        } else {
            rows.set(known, row);
        }
        Files.writeString(
                file,
                text.substring(0, begin) + BEGIN + "\n\n" + String.join("\n", rows) + "\n\n" + text.substring(end));
    }

    private static int indexOf(List<String> rows, String core) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).startsWith("| `" + core + "` |")) {
                return i;
            }
        }
        return -1;
    }

    private static String row(String core, MutationRun run, String commit, String day) {
        return String.format(
                Locale.ROOT,
                "| `%s` | %,d | %,d | %,d | %,d | %.1f %% | %s | %s |",
                core,
                run.mutants().size(),
                run.detected(),
                run.survived(),
                run.uncovered(),
                run.score(),
                commit,
                day);
    }

    /** What is wrong with the explanations of a core: mutants without one, and explanations of none. */
    List<String> problems(String core, MutationRun run) {
        Map<Mutant.Place, Integer> explained = explanations(core);
        List<String> problems = new ArrayList<>();
        run.unnoticed().forEach((place, lines) -> {
            int known = explained.getOrDefault(place, 0);
            if (lines.size() > known) {
                problems.add("no test notices: " + place.method() + ": " + place.change() + ", line "
                        + String.join(", ", lines.stream().map(String::valueOf).toList())
                        + (known == 0 ? "" : "; explained are " + known));
            }
        });
        explained.forEach((place, count) -> {
            if (run.unnoticed().getOrDefault(place, List.of()).size() < count) {
                problems.add("a test notices what is explained: " + place.method() + ": " + place.change());
            }
        });
        return problems;
    }

    private Map<Mutant.Place, Integer> explanations(String core) {
        Map<Mutant.Place, Integer> explained = new HashMap<>();
        boolean inCore = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("## ")) {
                inCore = line.equals("## " + core);
            }
            Matcher row = EXPLANATION.matcher(line);
            if (inCore && row.matches()) {
                explained.merge(
                        new Mutant.Place(row.group(1), row.group(2)), Integer.parseInt(row.group(3)), Integer::sum);
            }
        }
        return explained;
    }
}
