package kr.kisgateway.requirement;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program behind {@code ./kis requirements}. */
public final class Main {
    private static final String PAGE = "docs/REQUIREMENTS.md";

    private Main() {}

    /** Writes the page of the project in the folder of the first argument; returns 1 when the claims have problems. */
    public static void main(String[] arguments) throws IOException {
        Path project = Path.of(arguments[0]);
        RequirementsPage page = RequirementsPage.read(project);
        String text = page.text();
        Files.writeString(project.resolve(PAGE), text);
        page.problems().forEach(System.err::println);
        text.lines().filter(line -> line.contains(" rows: ")).forEach(line -> System.err.println(PAGE + ": " + line));
        if (!page.problems().isEmpty()) {
            System.exit(1);
        }
    }
}
