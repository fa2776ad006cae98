package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceStyleTest {
    private static final Path PROJECT = project();

    @Test
    void no_source_contains_a_banned_construct() throws IOException {
        var findings = new ArrayList<SourceStyle.Finding>();
        for (var source : sources()) findings.addAll(SourceStyle.check(name(source), Files.readString(source)));
        assertThat(findings).isEmpty();
    }

    @Test
    void every_package_documents_its_content_and_is_null_marked() throws IOException {
        Set<String> undocumented = new TreeSet<>();
        for (var source : sources()) {
            if (!name(source).contains("src/main/") || source.endsWith("module-info.java")) continue;
            var info = source.resolveSibling("package-info.java");
            var text = Files.exists(info) ? Files.readString(info) : "";
            if (!text.startsWith("/**") || !text.contains("@NullMarked")) undocumented.add(name(info));
        }
        assertThat(undocumented)
                .as("packages without a package-info that opens with prose and declares @NullMarked")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gateway/src/main/java/Orders.java   | class A { // TODO later                          | issue
            gateway/src/test/java/ATest.java    | class A { /* FIXME */ }                          | issue
            gateway/src/main/java/Orders.java   | void a() { System.out.println(1); }              | logger
            gateway/src/main/java/Orders.java   | void a() { System.exit(1); }                     | Main class
            gateway/src/main/java/Orders.java   | e.printStackTrace();                             | logger
            gateway/src/main/java/Orders.java   | import lombok.Data;                              | record
            gateway/src/main/java/Orders.java   | import javax.annotation.Nullable;                | jspecify
            gateway/src/main/java/Orders.java   | import java.util.Date;                           | java.time
            gateway/src/test/java/ATest.java    | Thread.sleep(10);                                | condition
            gateway/src/test/java/ATest.java    | @Disabled class A {}                             | runs
            gateway/src/test/java/ATest.java    | import org.mockito.Mockito;                      | simulator
            gateway/src/main/java/Orders.java   | try { a(); } catch (IOException e) { }           | why
            gateway/src/main/java/Orders.java   | side.toUpperCase()                               | Locale.ROOT
            gateway/src/main/java/Orders.java   | var q = new LinkedBlockingQueue<String>();       | bound
            gateway/src/main/java/Orders.java   | Executors.newCachedThreadPool()                  | bound
            gateway/src/test/java/ATest.java    | @Test void itWorks() {}                          | sentence
            gateway/src/main/java/Orders.java   | void tellStream() {}                             | publish
            gateway/src/main/java/Orders.java   | var lastTold = 1;                                | publish
            gateway/src/test/java/ATest.java    | @Test void a_fill_is_heard_once() {}             | receive
            gateway/src/main/java/Orders.java   | static final int TOLD_MAX = 1;                   | publish
            gateway/src/main/java/Orders.java   | queue.letGo(order);                              | term of the field
            """)
    void each_banned_text_is_reported_with_its_replacement(String file, String text, String instead) {
        assertThat(SourceStyle.check(file, text))
                .singleElement()
                .satisfies(f -> assertThat(f.instead()).contains(instead));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// System.out is for Main classes\nint a;",
                "var s = \"TODO Thread.sleep( import lombok\";",
                "var s = \"\"\"\n  TODO \"quoted\" lombok\n  \"\"\";",
                "try { a(); } catch (IOException e) { /* the socket is closed already: nothing to lose */ }",
                "try { a(); } catch (IOException closed) { // nothing to lose\n }",
                "side.toUpperCase(Locale.ROOT); new LinkedBlockingQueue<String>(100); char c = '\"'; int TODO;",
                "@Test void an_order_is_sent_once() { helper(); } void helper() {}"
            })
    void text_that_only_resembles_a_banned_one_is_accepted(String text) {
        assertThat(SourceStyle.check("gateway/src/test/java/ATest.java", text)).isEmpty();
    }

    @Test
    void a_finding_names_the_line_even_behind_comments_and_text_blocks() {
        var text = "/* one\n two */\nvar s = \"\"\"\n x\n \"\"\";\nThread.sleep(1);\n// TODO\n";
        assertThat(SourceStyle.check("a/src/main/java/A.java", text))
                .extracting(SourceStyle.Finding::line)
                .containsExactlyInAnyOrder(6, 7);
    }

    @Test
    void a_main_class_and_the_bench_may_print() {
        assertThat(SourceStyle.check("gateway/src/main/java/Main.java", "System.out.println(1);"))
                .isEmpty();
        assertThat(SourceStyle.check("bench/src/main/java/Table.java", "System.out.println(1);"))
                .isEmpty();
    }

    private static List<Path> sources() throws IOException {
        var found = new ArrayList<Path>();
        try (var modules = Files.newDirectoryStream(PROJECT)) {
            for (var module : modules) {
                if (!Files.isDirectory(module.resolve("src"))) continue;
                try (var files = Files.walk(module.resolve("src"))) {
                    files.filter(f -> f.toString().endsWith(".java")).forEach(found::add);
                }
            }
        }
        assertThat(found).as("Java sources below %s", PROJECT).hasSizeGreaterThan(20);
        return found;
    }

    private static String name(Path file) {
        return PROJECT.relativize(file).toString().replace('\\', '/');
    }

    private static Path project() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("jvm.flags"))) {
            directory = directory.getParent();
            if (directory == null)
                throw new AssertionError("run this inside the project: no folder above has jvm.flags");
        }
        return directory;
    }
}
