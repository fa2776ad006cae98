package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of invariants is that of the checker: no finding without an invariant, and no invariant without a finding. */
class InvariantTest {
    private static final Path SOURCES = Path.of("src/main/java/kr/kisgateway/simulation");
    private static final Pattern ADDED =
            Pattern.compile("(?:findings|found|differences)\\.add\\(\\s*(\".*?)\\);", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

    @Test
    void each_finding_of_the_checker_is_of_an_invariant() throws IOException {
        assertThat(findings())
                .hasSizeGreaterThan(70)
                .allSatisfy(finding -> assertThat(Invariant.values())
                        .as(finding)
                        .anyMatch(invariant -> invariant.isBrokenBy(finding)));
    }

    @ParameterizedTest
    @EnumSource
    void each_sentence_of_an_invariant_is_a_finding_of_the_checker(Invariant invariant) throws IOException {
        var all = findings();
        assertThat(invariant.findings())
                .isNotEmpty()
                .allSatisfy(part -> assertThat(all).as(part).anyMatch(finding -> finding.contains(part)));
    }

    @ParameterizedTest
    @EnumSource
    void each_planted_defect_breaks_an_invariant(Bug bug) {
        assertThat(Arrays.stream(Invariant.values()).filter(it -> it.isBrokenBy(bug.finding())))
                .isNotEmpty();
    }

    /** What the checker may report, with {@code …} for what differs from day to day. */
    private static List<String> findings() throws IOException {
        var all = new ArrayList<String>();
        try (var files = Files.walk(SOURCES)) {
            for (var file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                ADDED.matcher(Files.readString(file))
                        .results()
                        .map(added -> TEXT.matcher(added.group(1))
                                .results()
                                .map(text -> text.group(1))
                                .collect(Collectors.joining("…")))
                        .forEach(all::add);
            }
        }
        return all;
    }
}
