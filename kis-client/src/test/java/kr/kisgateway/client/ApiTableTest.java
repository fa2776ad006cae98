package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.client.settings.Reader;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeTr;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/CLIENT.md}: every API of the catalog, and how it is reached. The calls of a typed method are read
 * from the sources: the Javadoc of a method names its TR ids, and a TR id counts only where code uses it too.
 * {@code -Dkis.docs.write=true} writes the tables.
 */
class ApiTableTest {
    private static final Path GUIDE = Path.of("..", "docs", "CLIENT.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "kr", "kisgateway", "client");
    private static final Catalog CATALOG = Catalog.load();

    private static final Pattern METHOD = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*public (?!static)[\\w<>., ]+? (\\w+)\\(",
            Pattern.DOTALL);
    private static final Pattern TR_ID = Pattern.compile("\\b[A-Z]{2,8}[0-9]{3,8}[A-Z]?\\b");

    @Test
    void the_guide_lists_every_api_and_how_it_is_reached() throws IOException {
        Map<String, Set<String>> typed = typedMethods();
        var rows = new ArrayList<String>(
                List.of("| API | KIS's name | live | paper | reached by |", "|---|---|---|---|---|"));
        CATALOG.restCalls().forEach(call -> rows.add(row(call, typed)));
        assertThat(rows).hasSize(2 + 276);
        compare("<!-- the table below is made by ApiTableTest -->", "<!-- end of the table -->", rows);
    }

    @Test
    void the_guide_lists_every_realtime_tr() throws IOException {
        var rows =
                new ArrayList<String>(List.of("| live | paper | KIS's name | key, for example |", "|---|---|---|---|"));
        for (RealtimeTr tr : CATALOG.realtimeTrs()) {
            rows.add("| %s | %s | %s | %s |"
                    .formatted(
                            code(tr.trId()),
                            tr.paperTrId().map(ApiTableTest::code).orElse("–"),
                            cell(tr.nameKo()),
                            tr.keyExample().map(ApiTableTest::code).orElse("–")));
        }
        assertThat(rows).hasSize(2 + 60);
        compare(
                "<!-- the realtime table below is made by ApiTableTest -->",
                "<!-- end of the realtime table -->",
                rows);
    }

    @Test
    void the_guide_explains_every_kind_of_failure() throws IOException {
        String errors = Files.readString(GUIDE).split("\n## Errors\n")[1].split("\n## ")[0];
        assertThat(errors.lines().filter(line -> line.startsWith("| `")).map(line -> line.split("`")[1]))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(KisFailure.Kind.values()).map(Enum::name).toList());
    }

    @Test
    void the_guide_explains_every_setting() throws IOException {
        String start = Files.readString(GUIDE).split("\n## Quick start\n")[1].split("\n## ")[0];
        assertThat(Setting.values())
                .filteredOn(setting -> setting.readers().contains(Reader.SDK))
                .allSatisfy(setting -> assertThat(start).contains("`" + setting));
    }

    @Test
    void typed_methods_are_found_in_the_sources() throws IOException {
        assertThat(typedMethods())
                .containsEntry(
                        "domestic_stock_inquire_asking_price_exp_ccn",
                        Set.of("domestic().book", "domestic().expectedMatch"))
                .containsKey("domestic_stock_order_cash");
    }

    private static String row(RestCall call, Map<String, Set<String>> typed) {
        return "| %s | %s | %s | %s | %s |"
                .formatted(
                        code(call.id()),
                        cell(call.nameKo()),
                        ids(call, RestCall.TrId::live),
                        CatalogCalls.inPaper(call)
                                ? ids(call, RestCall.TrId::paper)
                                : call.paperRemark()
                                        .map(it -> "– (" + cell(it) + ")")
                                        .orElse("–"),
                        reached(call, typed));
    }

    private static String ids(RestCall call, Function<RestCall.TrId, Optional<String>> face) {
        Set<String> ids = call.trIds().stream()
                .map(face)
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return ids.isEmpty() ? "–" : ids.stream().map(ApiTableTest::code).collect(Collectors.joining(" "));
    }

    private static String reached(RestCall call, Map<String, Set<String>> typed) {
        if (call.category().equals("auth")) {
            return "the client itself";
        }
        Optional<String> methods = Optional.ofNullable(typed.get(call.id()))
                .map(names -> names.stream().map(ApiTableTest::code).collect(Collectors.joining(" ")));
        return methods.orElse(call.isOrder() ? "`send`" : "`call`");
    }

    /** By the catalog's id of their call. */
    private static Map<String, Set<String>> typedMethods() throws IOException {
        var methods = new TreeMap<String, Set<String>>();
        for (Path source : sources(1)) {
            String name = source.getFileName().toString().replace(".java", "");
            if (!name.equals("KisClient") && !name.endsWith("Calls")) {
                continue;
            }
            String text = Files.readString(source);
            Set<String> used = literals();
            Matcher method = METHOD.matcher(text);
            while (method.find()) {
                String shown = owner(name) + method.group(2);
                TR_ID.matcher(method.group(1))
                        .results()
                        .map(MatchResult::group)
                        .filter(used::contains)
                        .flatMap(trId -> CATALOG.restByTrId(trId).stream()
                                .filter(call -> !call.legacyTrIds().contains(trId)))
                        .forEach(call -> methods.computeIfAbsent(call.id(), _ -> new LinkedHashSet<>())
                                .add(shown));
            }
        }
        methods.values().forEach(names -> names.removeAll(List.of("call", "send", "pages")));
        methods.values().removeIf(Set::isEmpty);
        return methods;
    }

    private static String owner(String type) {
        return type.equals("KisClient")
                ? ""
                : Character.toLowerCase(type.charAt(0)) + type.substring(1).replace("Calls", "") + "().";
    }

    /** The TR ids that code uses. */
    private static Set<String> literals() throws IOException {
        var literals = new LinkedHashSet<String>();
        for (Path source : sources(2)) {
            Pattern.compile("\"([^\"\n]*)\"")
                    .matcher(Files.readString(source))
                    .results()
                    .map(it -> it.group(1))
                    .forEach(literals::add);
        }
        return literals;
    }

    private static List<Path> sources(int depth) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES, depth)) {
            return files.filter(it -> it.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static void compare(String begin, String end, List<String> rows) throws IOException {
        String text = Files.readString(GUIDE);
        assertThat(text).contains(begin, end);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end);
        if (Boolean.getBoolean("kis.docs.write")) {
            Files.writeString(
                    GUIDE, text.substring(0, from) + "\n" + String.join("\n", rows) + "\n" + text.substring(to));
            return;
        }
        List<String> shown = text.substring(from, to).strip().lines().toList();
        // Not the complete tables, whose difference would be unreadable.
        assertThat(rows.stream().filter(row -> !shown.contains(row)))
                .as("rows missing in docs/CLIENT.md; -Dkis.docs.write=true writes them")
                .isEmpty();
        assertThat(shown.stream().filter(row -> !rows.contains(row)))
                .as("rows of docs/CLIENT.md that no longer apply; -Dkis.docs.write=true removes them")
                .isEmpty();
        assertThat(shown).hasSameSizeAs(rows);
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").strip();
    }
}
