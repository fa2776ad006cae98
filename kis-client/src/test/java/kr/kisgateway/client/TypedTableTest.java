package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of typed calls in docs/CLIENT.md against the classes and the catalog. */
class TypedTableTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern IDS = Pattern.compile("`([A-Z0-9]+)` (?:`([A-Z0-9]+)`|–)");

    /** One line of a table. */
    private record Line(List<String> methods, String name, String ids, String returns) {}

    @ParameterizedTest
    @ValueSource(classes = {DomesticCalls.class, OverseasCalls.class})
    void the_table_lists_exactly_the_public_methods(Class<?> calls) throws IOException {
        List<String> publicMethods = Arrays.stream(calls.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() != calls)
                .map(Method::getName)
                .distinct()
                .toList();
        assertThat(table(calls).stream().flatMap(line -> line.methods().stream()))
                .containsExactlyInAnyOrderElementsOf(publicMethods);
    }

    @ParameterizedTest
    @ValueSource(classes = {DomesticCalls.class, OverseasCalls.class})
    void the_ids_of_the_table_are_those_of_the_catalog(Class<?> calls) throws IOException {
        for (Line line : table(calls)) {
            List<MatchResult> ids = IDS.matcher(line.ids()).results().toList();
            assertThat(ids).as(line.name()).isNotEmpty();
            for (MatchResult id : ids) {
                RestCall call = Catalog.load().restByTrId(id.group(1)).getFirst();
                RestCall.TrId trId = call.trIds().stream()
                        .filter(it -> it.live().filter(id.group(1)::equals).isPresent())
                        .findFirst()
                        .orElseThrow();
                if (id.group(2) != null) {
                    assertThat(trId.paper()).as(line.name()).contains(id.group(2));
                } else if (!call.id().equals("overseas_stock_inquire_nccs")) { // paper's id is in one source only
                    assertThat(trId.paper()).as(line.name()).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {DomesticCalls.class, OverseasCalls.class})
    void the_table_lists_the_return_type_of_each_method(Class<?> calls) throws IOException {
        for (Line line : table(calls)) {
            String returned = CODE.matcher(line.returns())
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(1);
            assertThat(Arrays.stream(calls.getDeclaredMethods())
                            .filter(method -> Modifier.isPublic(method.getModifiers()))
                            .filter(method ->
                                    method.getName().equals(line.methods().getFirst()))
                            .map(method -> method.getGenericReturnType().getTypeName()))
                    .as(line.name())
                    .allMatch(type -> type.endsWith("." + returned)
                            || type.endsWith("." + returned + ">")
                            || type.endsWith("." + returned + ">>"));
        }
    }

    private static List<Line> table(Class<?> calls) throws IOException {
        String begin = calls == DomesticCalls.class ? "| `kis.domestic()`" : "| `kis.overseas()`";
        var lines = new ArrayList<Line>();
        guide().lines()
                .dropWhile(line -> !line.startsWith(begin))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|"))
                .forEach(cells -> lines.add(new Line(
                        CODE.matcher(cells[1]).results().map(it -> it.group(1)).toList(),
                        cells[2].strip(),
                        cells[3].strip(),
                        cells[4].strip())));
        assertThat(lines).isNotEmpty();
        return lines;
    }

    private static String guide() throws IOException {
        return Files.readString(Stream.of(Path.of("docs/CLIENT.md"), Path.of("../docs/CLIENT.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow());
    }
}
