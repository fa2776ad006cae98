package kr.kisgateway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds in a source file what the house style forbids, and names the replacement.
 *
 * <p>It reads text, not classes: most of this never reaches the byte code. Code is searched without comments and string
 * literals, comments on their own, so a sentence about {@code System.out} is no finding.
 */
final class SourceStyle {
    /** A finding: what is wrong, where, and the replacement. */
    record Finding(String file, int line, String found, String instead) {
        @Override
        public String toString() {
            return file + ":" + line + ": '" + found + "' → " + instead;
        }
    }

    private record Ban(Pattern pattern, Predicate<String> where, boolean inComments, String instead) {}

    private static final Predicate<String> ANYWHERE = file -> true;
    private static final Predicate<String> IN_MAIN = file -> file.contains("src/main/");
    private static final Predicate<String> IN_TESTS = file -> file.contains("src/test/");
    /** The page of requirements is written by a program of its own. */
    private static final Predicate<String> IN_MAIN_BUT_NO_MAIN_CLASS =
            IN_MAIN.and(file -> !file.endsWith("Main.java") && !file.endsWith("/RequirementsPage.java"));

    private static final Predicate<String> IN_MAIN_BUT_BENCH =
            IN_MAIN_BUT_NO_MAIN_CLASS.and(file -> !file.startsWith("bench/"));

    /** In identifiers of either case; {@code retold} and {@code heardless} are other words. */
    private static final String OLD_WORDS =
            "(?<![A-Za-z])(?:told|tells?|heard|said|anew|whoever|nobody|somebody)(?![a-z])"
                    + "|(?:Told|Tells?|Heard|Said|Anew|Whoever|Nobody|Somebody)(?![a-z])"
                    + "|(?<![A-Z])(?:TOLD|TELLS?|HEARD|SAID|ANEW|WHOEVER|SOMEBODY)(?![A-Z])"
                    + "|\\b(?:letGo|atHand)\\b";

    private static final List<Ban> BANS = List.of(
            comment("\\b(TODO|FIXME|XXX|HACK)\\b", "do it now, or write the open end into an issue and CHANGELOG"),
            code("\\bSystem\\.(out|err)\\b", IN_MAIN_BUT_BENCH, "an event of a logger; only a Main class prints"),
            code(
                    "\\bSystem\\.exit\\b",
                    IN_MAIN_BUT_NO_MAIN_CLASS,
                    "an outcome as a value; only a Main class ends the JVM"),
            code("\\.printStackTrace\\(", ANYWHERE, "an event of a logger with the exception as its cause"),
            code("\\blombok\\b", ANYWHERE, "a record"),
            code("\\bjavax\\.annotation\\b", ANYWHERE, "org.jspecify.annotations"),
            code("\\bjava\\.util\\.(Date|Calendar|TimeZone)\\b|\\bSimpleDateFormat\\b", ANYWHERE, "java.time"),
            code("\\bThread\\.sleep\\b", ANYWHERE, "a given clock, or a wait for the condition itself with a limit"),
            code(
                    OLD_WORDS,
                    ANYWHERE,
                    "the term of the field: publish, report, receive, request, cache, caller (docs/GLOSSARY.md)"),
            code("@Disabled\\b", IN_TESTS, "a test that runs, or none"),
            code("\\borg\\.(mockito|easymock|powermock)\\b", IN_TESTS, "the simulator, or a small hand-written fake"),
            code(
                    "\\bcatch\\s*\\([^)]*\\)\\s*\\{\\s*\\}",
                    ANYWHERE,
                    "a value, a counter, or a comment with the reason why nothing is lost"),
            code("\\.to(Upper|Lower)Case\\(\\s*\\)", ANYWHERE, "Locale.ROOT as the argument: Turkish has another i"),
            code(
                    "\\bnew Linked(Blocking(Queue|Deque)|TransferQueue)(<[^>]*>)?\\(\\s*\\)",
                    IN_MAIN,
                    "a bound, and a written answer to full"),
            code("\\bnewCachedThreadPool\\b", IN_MAIN, "virtual threads behind a bound"),
            code(
                    "@(Test|Property)\\b[^;{}]{0,200}?\\bvoid\\s+[a-z][A-Za-z0-9]*\\(",
                    IN_TESTS,
                    "a sentence about behaviour as the name: an_order_is_…"));

    private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
            "(?<comment>//[^\\n]*|/\\*.*?\\*/)"
                    + "|\"\"\".*?(?<!\\\\)\"\"\""
                    + "|\"(?:\\\\.|[^\"\\\\\\n])*\""
                    + "|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);

    private SourceStyle() {}

    /** The findings in {@code text}, the content of {@code file}. */
    static List<Finding> check(String file, String text) {
        // Both keep every line break, so an offset in either gives the line in the file. A comment in an otherwise
        // empty block must remain: it is the reason that the ban on empty catch blocks requires.
        var code = COMMENT_OR_LITERAL
                .matcher(text)
                .replaceAll(m -> isComment(m) ? "@c" + lineBreaks(m) : "\"" + lineBreaks(m) + "\"");
        var comments = onlyComments(text);
        var findings = new ArrayList<Finding>();
        for (var ban : BANS) {
            if (!ban.where.test(file)) continue;
            var searched = ban.inComments ? comments : code;
            for (var match = ban.pattern.matcher(searched); match.find(); ) {
                var line = 1 + lineBreaks(searched.substring(0, match.start())).length();
                findings.add(new Finding(file, line, match.group().strip(), ban.instead));
            }
        }
        return List.copyOf(findings);
    }

    private static String onlyComments(String text) {
        var comments = new StringBuilder();
        int from = 0;
        for (var match = COMMENT_OR_LITERAL.matcher(text); match.find(); from = match.end()) {
            comments.append(lineBreaks(text.substring(from, match.start())));
            comments.append(isComment(match) ? match.group() : lineBreaks(match.group()));
        }
        return comments.append(lineBreaks(text.substring(from))).toString();
    }

    private static boolean isComment(MatchResult match) {
        return match.group().startsWith("//") || match.group().startsWith("/*");
    }

    private static String lineBreaks(MatchResult match) {
        return lineBreaks(match.group());
    }

    private static String lineBreaks(String text) {
        return text.replaceAll("[^\\n]", "");
    }

    private static Ban code(String pattern, Predicate<String> where, String instead) {
        return new Ban(Pattern.compile(pattern), where, false, instead);
    }

    private static Ban comment(String pattern, String instead) {
        return new Ban(Pattern.compile(pattern), ANYWHERE, true, instead);
    }
}
