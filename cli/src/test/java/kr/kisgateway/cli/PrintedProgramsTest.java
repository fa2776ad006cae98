package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java program on the pages and in the READMEs compiles as it is printed, imports included. */
@Tag("slow")
class PrintedProgramsTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?class (\\w+)");

    @TempDir
    Path folder;

    /** @param place page and number, as {@code docs/CLIENT.md 3} */
    record Printed(String place, String program) {
        @Override
        public String toString() {
            return place;
        }
    }

    static List<Printed> programs() throws IOException {
        var programs = new ArrayList<Printed>();
        for (Path page : pages()) {
            var found = PROGRAM.matcher(Files.readString(page));
            for (int n = 1; found.find(); n++) {
                programs.add(new Printed(PROJECT.relativize(page) + " " + n, found.group(1)));
            }
        }
        return programs;
    }

    /** The pages, and the READMEs of the project and of its modules. */
    private static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(PROJECT.resolve("docs"));
                Stream<Path> readmes = Files.walk(PROJECT, 2)) {
            return Stream.concat(
                            docs.filter(page -> page.toString().endsWith(".md")),
                            readmes.filter(page -> page.getFileName().toString().matches("README.*\\.md")))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void a_program_compiles_as_printed(Printed printed) throws IOException {
        var named = CLASS.matcher(printed.program());
        PrintedProgram.compile(folder, named.find() ? named.group(1) : "Printed", printed.program());
    }

    @Test
    void the_programs_of_all_pages_are_found() throws IOException {
        assertThat(programs())
                .extracting(Printed::place)
                .contains("README.md 1", "docs/CLIENT.md 12", "docs/SIMULATOR.md 3", "gateway-client/README.md 1");
    }
}
