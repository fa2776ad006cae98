package kr.kisgateway.requirement.mutation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The end of {@code ./kis mutate CORE}: what the run found, and its row on the page. */
public final class Main {
    private Main() {}

    /**
     * Writes the score of a core and prints what no test notices; returns 1 when there is some without an explanation.
     *
     * @param arguments page, core, report of PIT, commit
     */
    public static void main(String[] arguments) throws IOException {
        String core = arguments[1];
        MutationRun run = MutationRun.read(Path.of(arguments[2]));
        if (run.mutants().isEmpty()) {
            System.err.println(core + ": nothing was changed; does the core still have these classes?");
            System.exit(1);
        }
        MutationPage page = MutationPage.read(Path.of(arguments[0]));
        List<String> problems = page.problems(core, run);
        page.write(core, run, arguments[3], LocalDate.now(ZoneOffset.UTC).toString());
        problems.forEach(System.err::println);
        System.out.printf(
                Locale.ROOT,
                "%s: %,d changes, %,d noticed by a test (%.1f %%), %,d survived, %,d where no test comes; %,d not explained in %s%n",
                core,
                run.mutants().size(),
                run.detected(),
                run.score(),
                run.survived(),
                run.uncovered(),
                problems.size(),
                Path.of(arguments[0]).getFileName());
        if (!problems.isEmpty()) {
            System.exit(1);
        }
    }
}
